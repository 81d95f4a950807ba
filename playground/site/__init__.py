"""What every page shares: security headers, error pages, origins, addresses, static files, logs."""
