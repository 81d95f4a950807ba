"""Every image we know by name, and every program that images bring beside the shell's commands."""

from __future__ import annotations

from cluster_engine.images.image import Recipe
from cluster_engine.images.library import (
    agnhost,
    alpine,
    bash,
    bootcamp,
    busybox,
    cpu_stress,
    curl,
    debian,
    echoserver,
    hello_app,
    hello_world,
    hpa_example,
    http_echo,
    httpd,
    liveness,
    mariadb,
    memcached,
    mongo,
    mysql,
    network_tools,
    nginx,
    nginx_slim,
    nginx_unprivileged,
    node,
    node_hello,
    pause,
    perl,
    postgres,
    python,
    redis,
    stress,
    test_webserver,
    ubuntu,
    whoami,
)
from cluster_engine.images.servers.registry import PROGRAMS

RECIPES: tuple[Recipe, ...] = (
    agnhost.RECIPE,
    alpine.RECIPE,
    bash.RECIPE,
    bootcamp.RECIPE,
    busybox.RECIPE,
    cpu_stress.RECIPE,
    curl.RECIPE,
    debian.RECIPE,
    echoserver.RECIPE,
    hello_app.RECIPE,
    hello_world.RECIPE,
    hpa_example.RECIPE,
    http_echo.RECIPE,
    httpd.RECIPE,
    liveness.RECIPE,
    mariadb.RECIPE,
    memcached.RECIPE,
    mongo.RECIPE,
    mysql.RECIPE,
    network_tools.RECIPE,
    nginx.RECIPE,
    nginx_slim.RECIPE,
    nginx_unprivileged.RECIPE,
    node.RECIPE,
    node_hello.RECIPE,
    pause.RECIPE,
    perl.RECIPE,
    postgres.RECIPE,
    python.RECIPE,
    redis.RECIPE,
    stress.RECIPE,
    test_webserver.RECIPE,
    ubuntu.RECIPE,
    whoami.RECIPE,
)

#: Docker Hub's other official names: they exist, we give them a generic application.
OFFICIAL = frozenset(
    (
        "adminer aerospike almalinux amazoncorretto amazonlinux arangodb archlinux backdrop bonita "
        "buildpack-deps caddy cassandra centos chronograf cirros clearlinux clefos clojure "
        "composer consul convertigo couchbase couchdb crate dart docker drupal "
        "eclipse-mosquitto eclipse-temurin elasticsearch elixir emqx erlang fedora flink "
        "fluentd friendica gazebo gcc geonetwork ghost golang gradle groovy haproxy haskell "
        "haxe hitch hylang ibmjava influxdb irssi jetty joomla jruby julia kapacitor kibana "
        "kong lightstreamer liquibase logstash maven mediawiki monica mono nats neo4j "
        "neurodebian nextcloud odoo open-liberty openjdk oraclelinux orientdb percona "
        "photon php phpmyadmin plone postfixadmin pypy r-base rabbitmq rakudo-star "
        "redmine registry rethinkdb rocket.chat rockylinux ros ruby rust sapmachine satosa "
        "scratch sl solr sonarqube spark spiped storm swift swipl telegraf tomcat tomee "
        "traefik unit varnish vault websphere-liberty wordpress xwiki yourls znc zookeeper"
    ).split()
)

__all__ = ["OFFICIAL", "PROGRAMS", "RECIPES"]
