"""`manage.py cluster`: no site, no database, nothing written; so that it starts at once."""

from __future__ import annotations

SECRET_KEY = "nothing is signed here"
INSTALLED_APPS = ["playground"]
USE_TZ = True
