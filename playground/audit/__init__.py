"""The audit log: who decided what, append-only, chained by hashes, verifiable, exportable."""
