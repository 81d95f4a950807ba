"""Settings of the findings about manifests."""

from __future__ import annotations

from playground.settings import environment

#: "latest-tag=off,bare-pod=warning": how much rules matter here; the rest stays as it comes.
PODYARD_FINDINGS_SEVERITIES = environment.text("PODYARD_FINDINGS_SEVERITIES", "")
#: A longer text gets no advice: it takes a third of a second to read that much.
PODYARD_ADVICE_BYTES_MAX = environment.number("PODYARD_ADVICE_BYTES_MAX", 256 * 1024)
