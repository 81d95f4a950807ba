"""The site as one ASGI application.

`/k8s/…` goes to the Kubernetes gateway, `/static/…` to the file server, everything else to Django
and Channels. Server-neutral: `manage.py serve` runs it under daphne.
"""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings.local")
django.setup()

from playground.serving.application import make_application  # noqa: E402  (needs Django set up)

application = make_application()
