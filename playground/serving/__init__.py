"""The site as a whole: its parts put together, its beginning and end, its server, its numbers."""
