"""`kubectl set`: the group; see `setting` for its commands."""

from __future__ import annotations

from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.setting.env import ENV
from cluster_engine.kubectl.setting.image import IMAGE
from cluster_engine.kubectl.setting.resources import RESOURCES
from cluster_engine.kubectl.setting.selector import SELECTOR_OF
from cluster_engine.kubectl.setting.service_account import SERVICE_ACCOUNT
from cluster_engine.kubectl.setting.subject import SUBJECT

COMMAND = Command(
    name="set",
    short="Set specific features on objects",
    usage="SUBCOMMAND",
    long="""Configure application resources.

 These commands help you make changes to existing application resources.""",
    flags=(),
    children=(ENV, IMAGE, RESOURCES, SELECTOR_OF, SERVICE_ACCOUNT, SUBJECT),
)
