"""What every page shares: security headers, error pages, health, metrics, static files, logs."""
