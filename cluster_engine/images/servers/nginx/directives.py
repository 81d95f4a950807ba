"""Which directives nginx has, where they may stand, and how many words they take.

Contexts: m main, e events, h http, u upstream, s server, l location, i if.
"""

from __future__ import annotations

from cluster_engine.images.servers.nginx.syntax import ConfigurationError, Directive

_MANY = 100
#: "contexts: name=least-most" — a `{` after the numbers: with a block; `*`: a free one.
_TABLE = """
m: user=1-2 worker_processes=1 pid=1 daemon=1 master_process=1 worker_rlimit_nofile=1 load_module=1
m: env=1 pcre_jit=1 worker_priority=1 lock_file=1 worker_shutdown_timeout=1 timer_resolution=1
m: events=0{ http=0{ stream=0* mail=0*
mehusli: include=1
mhsl: error_log=1-2
e: worker_connections=1 multi_accept=1 use=1 accept_mutex=1
h: log_format=2- map=2* geo=1-2* split_clients=2* upstream=1{ server_names_hash_bucket_size=1
h: server_names_hash_max_size=1 variables_hash_max_size=1 map_hash_bucket_size=1 map_hash_max_size=1
h: js_import=1- js_path=1 variables_hash_bucket_size=1
hsl: default_type=1 sendfile=1 tcp_nopush=1 tcp_nodelay=1 keepalive_timeout=1-2 charset=1
hsl: keepalive_requests=1 gzip=1 server_tokens=1 types=0* types_hash_max_size=1 send_timeout=1
hsl: resolver=1- resolver_timeout=1 index=1- autoindex=1 autoindex_exact_size=1 allow=1 deny=1
hsl: autoindex_localtime=1 autoindex_format=1 auth_basic=1 auth_basic_user_file=1 etag=1 aio=1
hsl: if_modified_since=1 log_not_found=1 directio=1 output_buffers=2 reset_timedout_connection=1
hsl: chunked_transfer_encoding=1 port_in_redirect=1 absolute_redirect=1 server_name_in_redirect=1
hsl: satisfy=1 underscores_in_headers=1 ignore_invalid_headers=1 merge_slashes=1 msie_padding=1
hsl: sub_filter=2 sub_filter_once=1 sub_filter_types=1- recursive_error_pages=1 open_file_cache=1-
hsl: large_client_header_buffers=2 set_real_ip_from=1 types_hash_bucket_size=1 sendfile_max_chunk=1
hsl: http2=1 mirror=1 keepalive_disable=1- lingering_close=1 reset=1 read_ahead=1 max_ranges=1
hsli: access_log=1- root=1 add_header=2-3 expires=1-2 error_page=2- add_trailer=2-3 limit_rate=1
hsli: limit_rate_after=1 rewrite_log=1
h: server=0{
u: server=1- keepalive=1 least_conn=0 ip_hash=0 zone=1-2 hash=1-2 random=0- keepalive_time=1
s: listen=1- server_name=1-
sl: location=1-2{ try_files=2- stub_status=0-1 if=1-{ limit_except=1-*
sli: return=1-2 rewrite=2-3 set=2 break=0
l: alias=1 internal=0 empty_gif=0 js_content=1
li: proxy_pass=1 fastcgi_pass=1 uwsgi_pass=1 scgi_pass=1 grpc_pass=1 memcached_pass=1
"""
#: Families whose members we take as they come.
_FAMILIES = tuple(
    "proxy_ fastcgi_ uwsgi_ scgi_ grpc_ ssl_ gzip_ open_file_cache_ limit_req limit_conn client_ "
    "real_ip_ http2_ http3 quic_ log_subrequest brotli".split()
)
_CONTEXT_OF = {
    "events": "e",
    "http": "h",
    "upstream": "u",
    "server": "s",
    "location": "l",
    "if": "i",
}


def _read() -> dict[tuple[str, str], tuple[int, int, str]]:
    table: dict[tuple[str, str], tuple[int, int, str]] = {}
    for row in _TABLE.strip().splitlines():
        contexts, _, entries = row.partition(": ")
        for entry in entries.split():
            name, _, spec = entry.partition("=")
            block = spec[-1] if spec[-1] in "{*" else ""
            least, dash, most = spec.rstrip("{*").partition("-")
            for context in contexts:
                top = (int(most) if most else _MANY) if dash else int(least)
                table[context, name] = (int(least), top, block)
    return table


_KNOWN = _read()
_NAMES = {name for _, name in _KNOWN}


def check(directives: list[Directive], context: str = "m") -> None:
    """Refuse what nginx refuses. Raises ConfigurationError."""
    for directive in directives:
        rule = _rule(directive, context)
        if rule is None:
            raise ConfigurationError(_problem(directive))
        least, most, block = rule
        if block and directive.block is None:
            raise ConfigurationError(
                f'directive "{directive.name}" has no opening "{{" in {directive.place}'
            )
        if not block and directive.block is not None:
            raise ConfigurationError(
                f'directive "{directive.name}" is not terminated by ";" in {directive.place}'
            )
        if not least <= len(directive.arguments) <= most:
            raise ConfigurationError(
                f'invalid number of arguments in "{directive.name}" directive in {directive.place}'
            )
        if block == "{" and directive.block is not None:
            check(directive.block, _CONTEXT_OF[directive.name])


def _rule(directive: Directive, context: str) -> tuple[int, int, str] | None:
    name = directive.name
    found = _KNOWN.get((context, name))
    if found is None and context in "hsli" and name not in _NAMES and name.startswith(_FAMILIES):
        return (1, _MANY, "")
    return found


def _problem(directive: Directive) -> str:
    if directive.name in _NAMES:
        return f'"{directive.name}" directive is not allowed here in {directive.place}'
    return f'unknown directive "{directive.name}" in {directive.place}'
