"""sed: its script parsed, and the editor that runs it over lines."""
