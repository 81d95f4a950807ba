"""Every limit of the engine, in one place, each with its unit. The host may pass other values.

A limit that a user can reach has a test that reaches it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one cluster."""

    request_bytes_max: int = 3 * 1024 * 1024
    object_bytes_max: int = 1_500_000
    objects_max: int = 50_000
    history_changes_max: int = 20_000
    watches_max: int = 2_000
    stream_buffer_bytes_max: int = 4 * 1024 * 1024
    nodes_max: int = 5_000
    yaml_depth_max: int = 100
    yaml_documents_max: int = 1_000
    yaml_aliases_max: int = 100
    yaml_bytes_max: int = 3 * 1024 * 1024
    scheduling_attempts_kept: int = 5
    processes_per_container_max: int = 256
    file_bytes_max: int = 16 * 1024 * 1024
    files_per_container_max: int = 10_000
    #: What all files of a cluster together really store (zeros at their ends cost nothing).
    stored_bytes_max: int = 128 * 1024 * 1024
    log_bytes_per_container_max: int = 1024 * 1024
    steps_per_wake_max: int = 2_000
    #: Writes of people that are kept until the host has read them.
    person_writes_max: int = 500
    person_writes_bytes_max: int = 2 * 1024 * 1024
