"""The faults as data: names, words, what they hit. What they do is in effects.py.

To add one: an entry here, its effect there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Target(StrEnum):
    """What a fault hits."""

    CLUSTER = "cluster"
    NODE = "node"
    POD = "pod"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that can be broken."""

    name: str
    #: What one chooses in a menu, and what the timeline says; `{target}` is what is hit.
    title: str
    said: str
    mended: str
    target: Target
    #: What a learner sees of it, for whoever chooses.
    text: str
    #: It happens once: there is nothing to undo.
    is_moment: bool = False


FAULTS: dict[str, Fault] = {
    fault.name: fault
    for fault in (
        Fault(
            "node-down",
            "A node loses its power",
            "Node {target} has no power",
            "Node {target} has power again",
            Target.NODE,
            "Its containers end, its kubelet is silent: NotReady after 50 seconds, its pods are "
            "evicted five minutes later and start elsewhere.",
        ),
        Fault(
            "node-cut",
            "A node loses its network",
            "Node {target} is cut off the network",
            "Node {target} is on the network again",
            Target.NODE,
            "Its containers run on unreachably. To the control plane it looks as if it were down.",
        ),
        Fault(
            "kubelet-down",
            "A kubelet stops",
            "The kubelet of {target} has stopped",
            "The kubelet of {target} runs again",
            Target.NODE,
            "Containers run on and can be reached, but nothing on the node is started, probed or "
            "stopped, and the node becomes NotReady after 50 seconds.",
        ),
        Fault(
            "pod-crash",
            "A container is killed",
            "A container of pod {target} was killed",
            "",
            Target.POD,
            "The first container of a pod gets SIGKILL: exit code 137, and a restart if its policy "
            "says so.",
            is_moment=True,
        ),
        Fault(
            "pod-cut",
            "A pod loses its network",
            "Pod {target} is cut off the network",
            "Pod {target} is on the network again",
            Target.POD,
            "It runs, but nobody reaches it and it reaches nobody: connections time out, probes "
            "fail.",
        ),
        Fault(
            "dns-down",
            "The cluster's DNS stops answering",
            "DNS does not answer",
            "DNS answers again",
            Target.CLUSTER,
            "Names of services are no longer found; addresses still work.",
        ),
        Fault(
            "registry-down",
            "No image registry can be reached",
            "No image registry can be reached",
            "Image registries can be reached again",
            Target.CLUSTER,
            "What a node has already still starts; everything else ends in ErrImagePull and "
            "ImagePullBackOff.",
        ),
        Fault(
            "registry-slow",
            "Pulling images takes ten times as long",
            "Pulling images takes ten times as long",
            "Pulling images is as fast as before",
            Target.CLUSTER,
            "Pods stay in ContainerCreating; rollouts reach their progress deadline.",
        ),
    )
}
