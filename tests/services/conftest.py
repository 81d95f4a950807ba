"""Collected only beside real services, which `make test-services` starts."""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.environ.get("PODYARD_DATABASE_URL") else ["test_*.py"]
