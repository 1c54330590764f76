"""What cells read and write outside of the kernel."""
