"""The course's two labs, typed into the page's console as they stand there."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import Console, start_cluster
from tests.clients import labs


def write(console: Console, name: str, text: str) -> None:
    """Make a file with a here-document."""
    console.type(f"cat > {name} <<'EOF'")
    for line in text.splitlines():
        console.type(line)
    console.type("EOF")
    console.run("clear; wc -l < " + name, rf"^{len(text.splitlines())}$")


def running(page: Page, name: str) -> None:
    """Wait until the picture shows the pod running."""
    tile = page.locator(f"[data-testid=pod][data-name={name}][data-phase=Running]")
    tile.first.wait_for(state="attached")


def test_emptydir_lab(visitor: Page, site: str) -> None:
    start_cluster(visitor, site)
    console = Console(visitor)
    write(console, "pod-redis.yaml", labs.REDIS_POD)
    console.run("k create -f pod-redis.yaml", r"^pod/redis created")
    console.run("k get pod redis --watch", r"^redis +1/1 +Running +0 ")
    visitor.keyboard.press("Control+c")
    console.expect(r"you@[\w-]+:~\$ $")
    running(visitor, "redis")
    console.run("clear", r"\$ $")
    console.run("k exec -it redis -- /bin/bash", r"root@redis:/data# $")
    console.run("cd /data/redis", r"root@redis:/data/redis# $")
    console.run("echo Hello > test-file", r"test-file\nroot@redis:/data/redis# $")
    console.run("kill 1", r"command terminated with exit code 137")
    console.run("clear", r"\$ $")
    console.run("k get pod redis --watch", r"^redis +1/1 +Running +1 ")
    visitor.keyboard.press("Control+c")
    console.run("clear", r"\$ $")
    console.run("k exec -it redis -- /bin/bash", r"root@redis:/data# $")
    console.run("ls /data/redis", r"^test-file")
    console.run("exit", r"you@[\w-]+:~\$ $")


def test_secrets_lab(visitor: Page, site: str) -> None:
    start_cluster(visitor, site)
    console = Console(visitor)
    write(console, "secrets.yaml", labs.SECRET)
    write(console, "secrets-pod.yaml", labs.SECRET_POD)
    console.run("k create -f secrets.yaml", r"^secret/test-secret created")
    console.run("k create -f secrets-pod.yaml", r"^pod/secret-test-pod created")
    running(visitor, "secret-test-pod")
    console.run("k get pod secret-test-pod", r"^secret-test-pod +1/1 +Running +0 ")
    console.run("k exec -it secret-test-pod -- /bin/bash", r"root@secret-test-pod:/# $")
    console.run("cd /etc/secret-volume/", r"root@secret-test-pod:/etc/secret-volume# $")
    console.run("ls", r"^password +username")


def test_the_shell_is_as_wide_as_the_window(visitor: Page, site: str) -> None:
    start_cluster(visitor, site)
    console = Console(visitor)
    console.run("stty size", r"^\d+ 1\d\d$")


def test_a_reload_loses_nothing(visitor: Page, site: str) -> None:
    start_cluster(visitor, site)
    console = Console(visitor)
    console.run("echo kept-$((40 + 2))", r"^kept-42")
    visitor.reload()
    Console(visitor).expect(r"^kept-42")
