"""The servers inside images: programs that listen, answer and log."""
