"""Machine: what is measured on, and how busy it is with other work: waits depend on it, processor time hardly does."""

import os
import platform
from importlib.metadata import version

LIBRARIES = ("pandas", "pyarrow", "numpy")


def machine() -> str:
    """Return kind and number of processors, Python and the libraries, and the load."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, {libraries}; {load()}"


def load() -> str:
    """Return how many processes wanted to run in the last minute."""
    return f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"
