"""The system calls, implemented on the kernel: see `runtime/system.py` for what they mean."""
