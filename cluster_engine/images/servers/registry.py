"""Every program that images bring beside the shell's commands, by the name executables carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cluster_engine.images.servers import databases, greeters, interpreters, tools, tutorials
from cluster_engine.images.servers.agnhost.registry import agnhost
from cluster_engine.images.servers.apache import Apache, HttpdForeground
from cluster_engine.images.servers.nginx.entrypoint import NginxEntrypoint
from cluster_engine.images.servers.nginx.server import Nginx
from cluster_engine.images.servers.redis.client import RedisClient
from cluster_engine.images.servers.redis.entrypoint import RedisEntrypoint
from cluster_engine.images.servers.redis.server import RedisServer
from cluster_engine.images.servers.waiting import Pause
from cluster_engine.runtime.program import Program

PROGRAMS: Mapping[str, Callable[[list[str]], Program]] = MappingProxyType(
    {
        "agnhost": agnhost,
        "bootcamp-1": greeters.Bootcamp,
        "bootcamp-2": greeters.Bootcamp2,
        "cpu-stress": tutorials.CpuStress,
        "curl-entrypoint": tools.CurlEntrypoint,
        "echoserver": greeters.EchoServer,
        "generic-server": greeters.GenericServer,
        "gosu": tools.Gosu,
        "hello-app-1": greeters.HelloApp,
        "hello-app-2": greeters.HelloApp2,
        "hello-world": tutorials.HelloWorld,
        "hpa-example": tutorials.HpaExample,
        "http-echo": greeters.HttpEcho,
        "httpd": Apache,
        "httpd-foreground": HttpdForeground,
        "liveness": tutorials.Liveness,
        "mariadbd": databases.MariaDb,
        "mariadbd-entrypoint": databases.MariaDbEntrypoint,
        "memcached": databases.Memcached,
        "memcached-entrypoint": databases.MemcachedEntrypoint,
        "mongod": databases.Mongo,
        "mongod-entrypoint": databases.MongoEntrypoint,
        "mysqld": databases.MySql,
        "mysqld-entrypoint": databases.MySqlEntrypoint,
        "nginx": Nginx,
        "nginx-entrypoint": NginxEntrypoint,
        "node": interpreters.Node,
        "node-hello": greeters.NodeHello,
        "pause": Pause,
        "perl": interpreters.Perl,
        "pg_isready": databases.PgIsReady,
        "postgres": databases.Postgres,
        "postgres-entrypoint": databases.PostgresEntrypoint,
        "python3": interpreters.Python,
        "redis-cli": RedisClient,
        "redis-entrypoint": RedisEntrypoint,
        "redis-server": RedisServer,
        "stress": tutorials.Stress,
        "test-webserver": greeters.TestWebServer,
        "whoami": greeters.WhoAmI,
    }
)
