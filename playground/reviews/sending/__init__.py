"""Messages about submissions on their way out: posted or mailed, again until they arrive."""
