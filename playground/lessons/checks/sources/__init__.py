"""Where checks may look: one module per source, listed in `registry`."""
