"""Words that may come next on a kubectl command line: commands, flags, types, names.

The console's shell asks for them at TAB with `kubectl __complete WORDS…`, as the completion
scripts of the real one do.

Models: github.com/spf13/cobra completions, k8s.io/kubectl/pkg/util/completion (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.finding import find, flags_of
from cluster_engine.kubectl.flags import Flag, Parsed
from cluster_engine.kubectl.session import Memory, Session
from cluster_engine.runtime.system import System

#: What the shell is told beside the words (cobra's bits): files may follow, or not.
FILES, NO_FILES = 0, 4

_METADATA = (
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,"
    "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"
)
_ANY_TYPE = (
    "get describe delete edit label annotate patch wait explain autoscale set-image set-env "
    "set-resources set-selector set-serviceaccount"
).split()
#: Commands that take only some types.
_TYPES: Mapping[str, tuple[str, ...]] = {
    "scale": ("deployment", "replicaset", "replicationcontroller", "statefulset"),
    "autoscale": ("deployment", "replicaset", "replicationcontroller", "statefulset"),
    "expose": ("deployment", "pod", "replicaset", "replicationcontroller", "service"),
    "rollout-status": ("deployment", "daemonset", "statefulset"),
    "rollout-history": ("deployment", "daemonset", "statefulset"),
    "rollout-undo": ("deployment", "daemonset", "statefulset"),
    "rollout-restart": ("deployment", "daemonset", "statefulset"),
    "rollout-pause": ("deployment",),
    "rollout-resume": ("deployment",),
    "taint": ("node",),
}
#: Commands whose first word is a name of that resource.
_NAMES: Mapping[str, str] = {
    "logs": "pods",
    "exec": "pods",
    "attach": "pods",
    "port-forward": "pods",
    "debug": "pods",
    "top-pod": "pods",
    "cordon": "nodes",
    "uncordon": "nodes",
    "drain": "nodes",
    "top-node": "nodes",
    "certificate-approve": "certificatesigningrequests",
    "certificate-deny": "certificatesigningrequests",
}
_FORMATS = (
    "custom-columns",
    "custom-columns-file",
    "go-template",
    "go-template-file",
    "json",
    "jsonpath",
    "jsonpath-as-json",
    "jsonpath-file",
    "kyaml",
    "name",
    "template",
    "templatefile",
    "wide",
    "yaml",
)
_CONTEXT_COMMANDS = ("config-use-context", "config-delete-context", "config-get-contexts")


@dataclass(frozen=True, slots=True)
class Answer:
    """Words (each perhaps with a tab and what it means) and a directive."""

    words: tuple[str, ...] = ()
    directive: int = NO_FILES

    def text(self) -> str:
        """As `__complete` prints it."""
        return "".join(f"{word}\n" for word in self.words) + f":{self.directive}\n"


def complete(words: list[str], system: System, root: Command) -> list[str]:
    """What may stand in place of the last word; the words before it are as they were typed."""
    session = Session(system, "kubectl", Parsed({}), Memory())
    return [word.split("\t")[0] for word in answer(words, session, root).words]


def answer(words: list[str], session: Session, root: Command) -> Answer:
    """The same with meanings and a directive. Never raises: without a server there are none."""
    *before, current = words or [""]
    path, command, rest = find(before, root)
    flags = flags_of(command)
    session.flags = _read(before, flags)
    name = "-".join(path)
    try:
        found = _candidates(session, name, command, flags, before, rest, current)
    except KubectlError:
        return Answer()
    kept = sorted({word for word in found.words if word.startswith(current)})
    return Answer(tuple(kept), found.directive)


def _candidates(
    session: Session,
    name: str,
    command: Command,
    flags: tuple[Flag, ...],
    before: list[str],
    rest: list[str],
    current: str,
) -> Answer:
    awaited = _awaited_flag(before, flags)
    if awaited is not None:
        return _flag_values(session, awaited, rest)
    if current.startswith("-") and "=" not in current:
        return Answer(_flag_words(flags, current))
    plain = _plain_words(rest, flags)
    if command.children and not plain:
        return Answer(tuple(f"{child.name}\t{child.short}" for child in command.children))
    if name in _CONTEXT_COMMANDS:
        return Answer(_context_names(session))
    if name in _NAMES:
        return _resource_names(session, _NAMES[name], plain, current)
    if name in _TYPES:
        return _types_or_names(session, _TYPES[name], plain, current)
    if name in _ANY_TYPE:
        types = tuple(item.qualified for item in session.resources.preferred() if item.verbs)
        return _types_or_names(session, types, plain, current)
    if name in ("cp", "apply", "create", "replace", "diff", "kustomize"):
        return Answer((), FILES)
    return Answer()


def _read(words: list[str], flags: tuple[Flag, ...]) -> Parsed:
    """The values of flags so far; unfinished and unknown ones are skipped."""
    by_word = {f"--{flag.name}": flag for flag in flags}
    by_word.update({f"-{flag.short}": flag for flag in flags if flag.short})
    parsed = Parsed({flag.name: flag.start() for flag in flags})
    for place, word in enumerate(words):
        name, equals, text = word.partition("=")
        flag = by_word.get(name)
        if flag is None:
            continue
        if not equals and flag.bare_value is None:
            text = words[place + 1] if place + 1 < len(words) else ""
        start = flag.start()
        if isinstance(start, bool):
            parsed.values[flag.name] = text != "false"
        elif isinstance(start, str):
            parsed.values[flag.name] = text
        parsed.changed.add(flag.name)
    return parsed


def _awaited_flag(before: list[str], flags: tuple[Flag, ...]) -> Flag | None:
    """The flag whose value comes next."""
    last = before[-1] if before else ""
    for flag in flags:
        if last in (f"--{flag.name}", f"-{flag.short}") and flag.bare_value is None:
            return flag
    return None


def _flag_words(flags: tuple[Flag, ...], current: str) -> tuple[str, ...]:
    found = [f"--{flag.name}\t{flag.help}" for flag in flags if not flag.is_hidden]
    if not current.startswith("--"):
        found += [f"-{flag.short}\t{flag.help}" for flag in flags if flag.short]
    return tuple(found)


def _flag_values(session: Session, flag: Flag, rest: list[str]) -> Answer:
    if flag.name == "namespace":
        return Answer(_listed(session, "namespaces"))
    if flag.name == "context":
        return Answer(_context_names(session))
    if flag.name == "output":
        return Answer(_FORMATS)
    if flag.name == "container":
        return Answer(_containers(session, rest))
    if flag.name == "dry-run":
        return Answer(("client", "none", "server"))
    is_file = flag.name in ("filename", "kustomize", "kubeconfig") or flag.name.endswith("-file")
    return Answer((), FILES if is_file else NO_FILES)


def _plain_words(rest: list[str], flags: tuple[Flag, ...]) -> list[str]:
    """The words that are neither flags nor their values."""
    found: list[str] = []
    skips = False
    by_word = {f"--{flag.name}": flag for flag in flags}
    by_word.update({f"-{flag.short}": flag for flag in flags if flag.short})
    for word in rest:
        if skips:
            skips = False
        elif word.startswith("-") and word != "-":
            flag = by_word.get(word)
            skips = flag is not None and flag.bare_value is None
        else:
            found.append(word)
    return found


def _types_or_names(
    session: Session, types: tuple[str, ...], plain: list[str], current: str
) -> Answer:
    type_, slash, _ = current.partition("/")
    if slash:
        names = _listed(session, type_)
        return Answer(tuple(f"{type_}/{name}" for name in names))
    if not plain:
        return Answer(types)
    if "/" in plain[0]:
        return Answer()
    return Answer(tuple(name for name in _listed(session, plain[0]) if name not in plain[1:]))


def _resource_names(session: Session, type_: str, plain: list[str], current: str) -> Answer:
    prefix, slash, _ = current.partition("/")
    if slash:
        return Answer(tuple(f"{prefix}/{name}" for name in _listed(session, prefix)))
    return Answer() if plain else Answer(_listed(session, type_))


def _listed(session: Session, type_: str) -> tuple[str, ...]:
    """Names of the objects of a type. Raises KubectlError."""
    resource = session.resources.find(type_)
    everywhere = bool(session.flags.values.get("all-namespaces"))
    path = resource.path("" if everywhere else session.namespace)
    items: list[Object] = session.client.call("GET", path, accept=_METADATA).get("items") or []
    return tuple(item["metadata"]["name"] for item in items)


def _context_names(session: Session) -> tuple[str, ...]:
    return tuple(str(entry.get("name", "")) for entry in session.config.data.get("contexts") or ())


def _containers(session: Session, rest: list[str]) -> tuple[str, ...]:
    pods = [word.removeprefix("pod/") for word in rest if not word.startswith("-")]
    if not pods:
        return ()
    path = session.resources.find("pods").path(session.namespace, pods[0])
    spec = session.client.call("GET", path).get("spec") or {}
    fields = ("initContainers", "containers", "ephemeralContainers")
    return tuple(container["name"] for field in fields for container in spec.get(field) or ())
