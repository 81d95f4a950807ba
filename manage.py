#!/usr/bin/env python
"""Django's command line for Podyard."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run a management command; a cluster in the foreground needs no site."""
    is_cluster = sys.argv[1:2] == ["cluster"]
    settings = "playground.settings.foreground" if is_cluster else "playground.settings.local"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
