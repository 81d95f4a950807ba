"""nginx: its configuration (`syntax`, `loading`, `site`), its answers, its life (`server`)."""
