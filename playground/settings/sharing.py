"""Settings of links, people, presence and the keyboard; docs/settings.md lists them all."""

from __future__ import annotations

from playground.settings.environment import number

PODYARD_LINKS_PER_SESSION_MAX = number("PODYARD_LINKS_PER_SESSION_MAX", 50)
PODYARD_LINK_MINUTES_MAX = number("PODYARD_LINK_MINUTES_MAX", 30 * 1440)
PODYARD_PEOPLE_PER_SESSION_MAX = number("PODYARD_PEOPLE_PER_SESSION_MAX", 200)
PODYARD_PRESENCE_MS = number("PODYARD_PRESENCE_MS", 100)
PODYARD_MIRROR_BYTES_MAX = number("PODYARD_MIRROR_BYTES_MAX", 32 * 1024)
PODYARD_KEYBOARD_FREE_SECONDS = number("PODYARD_KEYBOARD_FREE_SECONDS", 10)
