"""What programs that fill the screen share: keys as they come in, and drawing no more than changed.

Used by vi, nano, less and top.
"""
