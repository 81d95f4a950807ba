"""A console for every test, on a cluster of its own."""

import pytest

from tests.engine.kubectl.console import Console, Terminal


@pytest.fixture
def console():
    return Console()


@pytest.fixture
def terminal(console):
    return Terminal(console)


@pytest.fixture
def web(console):
    """A console on a cluster with a deployment of two pods, and a pod beside it."""
    console.write("web.yaml", WEB)
    assert console.run("apply -f web.yaml").code == 0
    assert console.run("run lone --image=busybox --restart=Never -- sleep 3600").code == 0
    console.settle(5)
    return console


WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: c
        image: busybox
        command: [sh, -c, 'echo started; exec sleep 3600']
        ports: [{containerPort: 80, name: http}]
"""
