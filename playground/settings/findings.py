"""Settings of the findings about manifests."""

from __future__ import annotations

from playground.settings import environment

#: "latest-tag=off,bare-pod=warning": how much rules matter here; the rest stays as it comes.
PODYARD_FINDINGS_SEVERITIES = environment.text("PODYARD_FINDINGS_SEVERITIES", "")
