"""Settings of accounts and invitations; docs/settings.md lists them all."""

from __future__ import annotations

from playground.settings.environment import number

PODYARD_INVITATION_HOURS = number("PODYARD_INVITATION_HOURS", 72)
PODYARD_INVITATION_GRANT_HOURS = number("PODYARD_INVITATION_GRANT_HOURS", 72)
