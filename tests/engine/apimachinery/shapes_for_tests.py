"""A small published type, with every merge rule once."""

from __future__ import annotations

from cluster_engine.apimachinery.patches.shapes import Shape

_STRING = {"type": "string"}
_STRINGS = {"type": "object", "additionalProperties": _STRING}

DOCUMENTS = {
    "Meta": {
        "type": "object",
        "properties": {
            "name": _STRING,
            "labels": _STRINGS,
            "annotations": _STRINGS,
            "finalizers": {
                "type": "array",
                "items": _STRING,
                "x-kubernetes-list-type": "set",
                "x-kubernetes-patch-strategy": "merge",
            },
        },
    },
    "Port": {
        "type": "object",
        "properties": {
            "name": _STRING,
            "port": {"type": "integer"},
            "protocol": {"type": "string", "default": "TCP"},
        },
    },
    "Container": {
        "type": "object",
        "properties": {
            "name": _STRING,
            "image": _STRING,
            "command": {"type": "array", "items": _STRING, "x-kubernetes-list-type": "atomic"},
            "ports": {
                "type": "array",
                "items": {"$ref": "Port"},
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["port", "protocol"],
                "x-kubernetes-patch-strategy": "merge",
                "x-kubernetes-patch-merge-key": "port",
            },
        },
    },
    "Selector": {
        "type": "object",
        "properties": {"matchLabels": _STRINGS},
        "x-kubernetes-map-type": "atomic",
    },
    "Strategy": {
        "type": "object",
        "properties": {"type": _STRING, "rollingUpdate": _STRINGS},
    },
    "Spec": {
        "type": "object",
        "properties": {
            "replicas": {"type": "integer"},
            "paused": {"type": "boolean"},
            "selector": {"$ref": "Selector"},
            "strategy": {"$ref": "Strategy", "x-kubernetes-patch-strategy": "retainKeys"},
            "containers": {
                "type": "array",
                "items": {"$ref": "Container"},
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["name"],
                "x-kubernetes-patch-strategy": "merge",
                "x-kubernetes-patch-merge-key": "name",
            },
        },
    },
    "Thing": {
        "type": "object",
        "properties": {
            "apiVersion": _STRING,
            "kind": _STRING,
            "metadata": {"$ref": "Meta"},
            "spec": {"$ref": "Spec"},
            "data": _STRINGS,
            "free": {"type": "object"},
        },
    },
}

THING = Shape({"$ref": "Thing"}, DOCUMENTS.__getitem__)
