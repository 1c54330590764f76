"""The generators of random numbers in a kernel: read without being advanced, remembered cell by cell, put back in a replay."""
