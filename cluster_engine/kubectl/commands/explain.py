"""`kubectl explain`: documentation of resources and their fields.

Models: k8s.io/kubectl/pkg/cmd/explain (v0.37.2).
"""

from __future__ import annotations

import json

from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.errors import KubectlError, PlainError
from cluster_engine.kubectl.explaining import Explanation
from cluster_engine.kubectl.flags import INT, STRING, Flag, switch
from cluster_engine.kubectl.resources import Resource
from cluster_engine.kubectl.session import Session

_PLAINTEXT = "plaintext"


def run(session: Session) -> int:
    flags = session.flags
    _check(session)
    resource, path = _parse(session, session.arguments[0])
    group, version, kind = resource.group, resource.version, resource.kind
    if flags.text("api-version"):
        group, _, version = flags.text("api-version").rpartition("/")
    where = f"apis/{group}/{version}" if group else f"api/{version}"
    paths = session.client.call("GET", "/openapi/v3").get("paths") or {}
    if where not in paths:
        name = f"{group}/{version}" if group else f"/{version}"
        raise KubectlError(f'couldn\'t find resource for "{name}, Resource={resource.plural}"')
    if flags.text("output") != _PLAINTEXT:
        raise KubectlError(f"unrecognized format: {flags.text('output')}")
    document = json.loads(session.client.text(f"/openapi/v3/{where}"))
    explanation = Explanation(document, flags.is_on("recursive"), flags["max-depth"])
    session.write(explanation.head(group, version, kind))
    session.write(explanation.body(group, version, kind, path))
    return 0


def _check(session: Session) -> None:
    flags = session.flags
    if not session.arguments:
        raise KubectlError(
            "You must specify the type of resource to explain. "
            'Use "kubectl api-resources" for a complete list of supported resources.\n'
        )
    if len(session.arguments) > 1:
        raise KubectlError("We accept only this format: explain RESOURCE\n")
    if flags["max-depth"] > 0 and not flags.is_on("recursive"):
        raise KubectlError("--max-depth requires --recursive")
    if flags["max-depth"] < 0:
        raise KubectlError("--max-depth must be non-negative")


def _parse(session: Session, text: str) -> tuple[Resource, list[str]]:
    """ "deployments.apps.spec" as the resource and ["spec"]. Raises KubectlError."""
    if "[" in text:
        raise KubectlError("invalid jsonpath syntax, all nodes must be field nodes")
    words = text.rstrip(".").split(".")
    for count in range(len(words), 1, -1):
        name = ".".join(words[:count])
        found = session.resources.named(name)
        if found is not None and name.endswith(f".{found.group}"):
            return found, words[count:]
    found = session.resources.named(words[0])
    if found is None:
        raise PlainError(f'the server doesn\'t have a resource type "{words[0]}"')
    return found, words[1:]


COMMAND = Command(
    name="explain",
    short="Get documentation for a resource",
    usage="TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext]",
    long="""Describe fields and structure of various resources.

 This command describes the fields associated with each supported API resource. Fields are \
identified via a simple JSONPath identifier:

        <type>.<fieldName>[.<fieldName>]

 Information about each field is retrieved from the server in OpenAPI format.

Use "kubectl api-resources" for a complete list of supported resources.""",
    examples="""# Get the documentation of the resource and its fields
kubectl explain pods

# Get all the fields in the resource
kubectl explain pods --recursive

# Get the explanation for deployment in supported api versions
kubectl explain deployments --api-version=apps/v1

# Get the documentation of a specific field of a resource
kubectl explain pods.spec.containers""",
    flags=(
        switch(
            "recursive",
            "R",
            "Print the fields of fields. Use --max-depth to cap the recursion depth.",
        ),
        Flag(
            "max-depth",
            "",
            INT,
            0,
            "Maximum recursion depth when printing nested fields with --recursive. 0 means no "
            "limit. Requires --recursive when greater than 0.",
        ),
        Flag(
            "api-version",
            "",
            STRING,
            "",
            "Get different explanations for particular API version (API group/version)",
        ),
        Flag(
            "output", "o", STRING, "plaintext", "Format in which to render the schema (plaintext)."
        ),
    ),
    run=run,
)
