"""Every image we know by name, and every server program they start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cluster_engine.images import known
from cluster_engine.images.image import Recipe
from cluster_engine.images.servers import quiet, web
from cluster_engine.images.servers.redis import RedisServer
from cluster_engine.runtime.program import Program

_GCR = "gcr.io/google-samples/"

RECIPES: tuple[Recipe, ...] = (
    Recipe(("redis", "bitnami/redis", "valkey/valkey"), known.redis, (8, 99)),
    Recipe(("nginx", "nginxinc/nginx-unprivileged", "bitnami/nginx"), known.nginx, (1, 29, 99)),
    Recipe(("httpd",), known.httpd, (2, 4, 99)),
    Recipe(
        ("busybox", "registry.k8s.io/busybox", "gcr.io/google_containers/busybox"),
        known.busybox,
        (1, 37, 99),
        frozenset(("latest", "stable", "glibc", "musl", "uclibc")),
    ),
    Recipe(("alpine",), known.alpine, (3, 23, 99), frozenset(("latest", "edge"))),
    Recipe(
        ("debian",),
        known.debian,
        (13, 99),
        frozenset(("latest", "stable", "bullseye", "bookworm", "trixie", "slim")),
    ),
    Recipe(
        ("ubuntu",),
        known.ubuntu,
        (26, 10),
        frozenset(("latest", "rolling", "devel", "focal", "jammy", "noble")),
    ),
    Recipe(("curlimages/curl", "radial/busyboxplus", "nicolaka/netshoot"), known.curl),
    Recipe(("registry.k8s.io/pause", "gcr.io/google_containers/pause"), known.pause),
    Recipe((f"{_GCR}hello-app", "gcr.io/google-samples/hello-app"), known.hello_app, (2, 0)),
    Recipe(
        ("registry.k8s.io/test-webserver", "gcr.io/google_containers/test-webserver"),
        known.test_webserver,
    ),
    Recipe(
        ("registry.k8s.io/echoserver", "gcr.io/google_containers/echoserver"), known.echo_server
    ),
    Recipe(("mysql", "mariadb"), known.mysql, (12, 99)),
    Recipe(("postgres",), known.postgres, (18, 99)),
    Recipe(("mongo",), known.mongo, (8, 99)),
    Recipe(("memcached",), known.memcached, (1, 6, 99)),
    Recipe(("python", "node", "golang", "ruby", "php", "perl", "openjdk"), known.language),
)

#: Docker Hub's other official names: they exist, we give them a generic application.
OFFICIAL = frozenset(
    (
        "adminer amazonlinux archlinux bash caddy cassandra centos clojure consul couchbase "
        "couchdb docker drupal eclipse-mosquitto eclipse-temurin elasticsearch elixir erlang "
        "fedora ghost gradle grafana groovy haproxy haskell hello-world influxdb jenkins jetty "
        "joomla julia kibana kong logstash maven mediawiki nats neo4j nextcloud odoo "
        "oraclelinux phpmyadmin rabbitmq redmine registry rethinkdb rockylinux rust solr "
        "sonarqube swift telegraf tomcat traefik vault wordpress zookeeper"
    ).split()
)

#: Server programs by the name that executables in images carry.
PROGRAMS: Mapping[str, Callable[[list[str]], Program]] = MappingProxyType(
    {
        "redis-server": RedisServer,
        "nginx": web.Nginx,
        "httpd": web.Apache,
        "hello-app": web.HelloApp,
        "test-webserver": web.TestWebServer,
        "echoserver": web.EchoServer,
        "generic-server": web.GenericServer,
        "pause": quiet.Pause,
        "mysqld": quiet.MySql,
        "postgres": quiet.Postgres,
        "mongod": quiet.Mongo,
        "memcached": quiet.Memcached,
    }
)
