"""INFO: what the server tells about itself, section by section."""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.images.servers.redis.keyspace import Keyspace

#: What an empty server takes.
BASE_BYTES = 1_048_576
_ALL = "server clients memory persistence stats replication cpu modules errorstats cluster keyspace"


@dataclass(slots=True)
class Facts:
    """What INFO is made of beside the keys."""

    version: str
    pid: int
    port: int
    run_id: str
    start_ms: int
    now_ms: int
    config_file: str
    clients: int
    blocked: int
    connections: int
    commands: int
    hits: int
    misses: int
    changes_unsaved: int
    saved_ms: int
    is_append_only: bool
    maxmemory: int
    policy: str
    replication: list[str] = field(default_factory=list)


def info(facts: Facts, keyspace: Keyspace, wanted: list[str]) -> str:
    """The sections wanted, all of them by default."""
    names = _ALL.split()
    if wanted and not {"all", "default", "everything"} & set(wanted):
        names = [name for name in names if name in wanted]
    sections = []
    for name in names:
        title = "Errorstats" if name == "errorstats" else "CPU" if name == "cpu" else name.title()
        sections.append("\r\n".join([f"# {title}", *_lines(name, facts, keyspace)]))
    return "\r\n\r\n".join(sections) + "\r\n"


def memory_bytes(keyspace: Keyspace) -> int:
    """What the server takes in all."""
    return BASE_BYTES + sum(held.size_bytes() for held in keyspace.databases.values())


def _lines(name: str, facts: Facts, keyspace: Keyspace) -> list[str]:
    if name == "server":
        return _server(facts)
    if name == "clients":
        return [
            f"connected_clients:{facts.clients}",
            "cluster_connections:0",
            "maxclients:10000",
            f"blocked_clients:{facts.blocked}",
        ]
    if name == "memory":
        return _memory(facts, keyspace)
    if name == "persistence":
        return [
            "loading:0",
            "async_loading:0",
            f"rdb_changes_since_last_save:{facts.changes_unsaved}",
            "rdb_bgsave_in_progress:0",
            f"rdb_last_save_time:{facts.saved_ms // 1000}",
            "rdb_last_bgsave_status:ok",
            f"aof_enabled:{int(facts.is_append_only)}",
            "aof_rewrite_in_progress:0",
        ]
    if name == "stats":
        return [
            f"total_connections_received:{facts.connections}",
            f"total_commands_processed:{facts.commands}",
            "instantaneous_ops_per_sec:0",
            "rejected_connections:0",
            "expired_keys:0",
            "evicted_keys:0",
            f"keyspace_hits:{facts.hits}",
            f"keyspace_misses:{facts.misses}",
        ]
    if name == "replication":
        return facts.replication
    if name == "cpu":
        return ["used_cpu_sys:0.010000", "used_cpu_user:0.010000"]
    if name == "cluster":
        return ["cluster_enabled:0"]
    return _keyspace(keyspace) if name == "keyspace" else []


def _server(facts: Facts) -> list[str]:
    uptime = (facts.now_ms - facts.start_ms) // 1000
    return [
        f"redis_version:{facts.version}",
        "redis_git_sha1:00000000",
        "redis_git_dirty:0",
        "redis_mode:standalone",
        "os:Linux 6.12.41 x86_64",
        "arch_bits:64",
        "multiplexing_api:epoll",
        "gcc_version:12.2.0",
        f"process_id:{facts.pid}",
        "process_supervised:no",
        f"run_id:{facts.run_id}",
        f"tcp_port:{facts.port}",
        f"server_time_usec:{facts.now_ms * 1000}",
        f"uptime_in_seconds:{uptime}",
        f"uptime_in_days:{uptime // 86400}",
        "hz:10",
        "executable:/data/redis-server",
        f"config_file:{facts.config_file}",
        "io_threads_active:0",
    ]


def _memory(facts: Facts, keyspace: Keyspace) -> list[str]:
    used = memory_bytes(keyspace)
    return [
        f"used_memory:{used}",
        f"used_memory_human:{human(used)}",
        f"used_memory_rss:{used * 8}",
        f"used_memory_rss_human:{human(used * 8)}",
        f"used_memory_peak:{used}",
        f"used_memory_peak_human:{human(used)}",
        f"maxmemory:{facts.maxmemory}",
        f"maxmemory_human:{human(facts.maxmemory)}",
        f"maxmemory_policy:{facts.policy}",
        "mem_fragmentation_ratio:8.00",
        "mem_allocator:jemalloc-5.3.0",
    ]


def _keyspace(keyspace: Keyspace) -> list[str]:
    lines = []
    for number in sorted(keyspace.databases):
        database = keyspace.database(number)
        keys = len(database.live_keys())
        if keys:
            left = [due_ms - database.now_ms for due_ms in database.expires_ms.values()]
            average = sum(left) // len(left) if left else 0
            lines.append(f"db{number}:keys={keys},expires={len(left)},avg_ttl={average}")
    return lines


def human(size: int) -> str:
    """As INFO shortens sizes."""
    if size < 1024:
        return f"{size}B"
    for unit in "KMG":
        size_in = size / 1024 ** ("KMG".index(unit) + 1)
        if size_in < 1024:
            return f"{size_in:.2f}{unit}"
    return f"{size / 1024**4:.2f}T"
