"""`kubectl proxy`: a way into the API that this console does not offer."""

from __future__ import annotations

from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.flags import INT, Flag
from cluster_engine.kubectl.session import Session


def run(session: Session) -> int:
    raise KubectlError(
        "this console has no proxy to the API server. Use 'kubectl get --raw PATH' for a single "
        "request, or the kubeconfig file of this cluster with your own kubectl, which has one"
    )


COMMAND = Command(
    name="proxy",
    short="Run a proxy to the Kubernetes API server",
    usage="[--port=PORT]",
    long="""Creates a proxy server or application-level gateway between localhost and the \
Kubernetes API server. This console has none; 'kubectl get --raw PATH' asks the API server \
directly.""",
    flags=(
        Flag(
            "port",
            "p",
            INT,
            8001,
            "The port on which to run the proxy. Set to 0 to pick a random port.",
        ),
    ),
    run=run,
)
