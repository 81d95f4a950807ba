"""lesson.md to HTML: sections per step, commands to run, manifests to open, objects to show.

Markdown is read without raw HTML, rendered with a few rules of our own, and cleaned: what comes out
may stand in a page with a strict content security policy. The page gives the buttons their life.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_HEADING = re.compile(r"^(?P<title>.*?)\s*\{#(?P<id>[a-z][a-z0-9-]*)\}$")
#: The section after the last step.
CLOSING = "closing"
_COMMAND_LANGUAGES = ("console", "sh", "shell", "bash")
_FILE = re.compile(r"\bfile=([A-Za-z0-9][A-Za-z0-9._-]*)")
#: Links that show an object in the picture: scheme to what the page calls it, and name parts.
_SHOWN: dict[str, tuple[str, int]] = {
    "pod": ("pod", 2),
    "node": ("node", 1),
    "service": ("service", 2),
    "volume": ("volume", 2),
    "deployment": ("workload/Deployment", 2),
    "replicaset": ("workload/ReplicaSet", 2),
    "statefulset": ("workload/StatefulSet", 2),
    "daemonset": ("workload/DaemonSet", 2),
    "job": ("workload/Job", 2),
    "cronjob": ("workload/CronJob", 2),
}
_TAGS = set(
    "a b blockquote br button code div em figure figcaption h3 h4 hr li ol p pre span strong "
    "table tbody td th thead tr ul".split()
)
_ATTRIBUTES = {
    "a": {"href"},
    "button": {"type", "data-run", "data-open", "data-show"},
    "div": {"role", "aria-label"},
    "pre": {"tabindex"},
    "ol": {"start"},
    "th": {"scope"},
}
_CLASSES = {
    "button": {"lesson-run", "lesson-open", "lesson-show"},
    "div": {"lesson-commands", "lesson-output", "lesson-wide"},
    "figure": {"lesson-file"},
    "pre": {"lesson-code"},
    "span": {"lesson-prompt"},
}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of lesson.md: its id ("" before the first heading), its heading, its HTML."""

    id: str
    title: str
    line: int
    html: str
    #: The manifests that can be opened: line, file name, text.
    manifests: tuple[tuple[int, str, str], ...] = ()
    #: What is odd: line and words.
    problems: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class _Notes:
    """What rendering one section finds out."""

    manifests: list[tuple[int, str, str]] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


class _Renderer(RendererHTML):
    """HTML with buttons in the place of commands, manifests and objects."""

    def __init__(self, parser: Any = None) -> None:
        super().__init__(parser)
        self.notes = _Notes()

    def fence(
        self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        """Commands, a manifest, or plain code."""
        token = tokens[idx]
        language = token.info.split()[0] if token.info.strip() else ""
        line = (token.map or [0])[0] + 1
        if language in _COMMAND_LANGUAGES:
            return _commands(token.content)
        if language == "yaml":
            return self._manifest(token, line)
        return f'<pre class="lesson-code" tabindex="0">{escape(token.content)}</pre>'

    def _manifest(self, token: Token, line: int) -> str:
        named = _FILE.search(token.info)
        code = f'<pre class="lesson-code" tabindex="0">{escape(token.content)}</pre>'
        if named is None:
            return code
        name = named[1]
        self.notes.manifests.append((line, name, token.content))
        button = f'<button type="button" class="lesson-open" data-open="{escape(name)}">'
        return (
            f'<figure class="lesson-file"><figcaption><code>{escape(name)}</code>'
            f"{button}Put into the editor</button></figcaption>{code}</figure>"
        )

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        """A place in the picture, a command, or a link."""
        token = tokens[idx]
        scheme, _, rest = str(token.attrs.get("href", "")).partition(":")
        if scheme == "run":
            command = "".join(one.content for one in tokens[idx + 1 : idx + 2])
            return f'<button type="button" class="lesson-run" data-run="{escape(command)}">'
        if scheme in _SHOWN:
            kind, parts = _SHOWN[scheme]
            if len(rest.split("/")) != parts:
                line = env.get("line", 1)
                shape = "<namespace>/<name>" if parts == 2 else "<name>"
                self.notes.problems.append((line, f"link {scheme}:{rest}: give {scheme}:{shape}"))
            shown = f"{kind}/{rest}"
            return f'<button type="button" class="lesson-show" data-show="{escape(shown)}">'
        if scheme not in ("http", "https") and not _is_path(str(token.attrs.get("href", ""))):
            problem = f"link {scheme}:{rest}: give run:, {', '.join(_SHOWN)} or an address"
            self.notes.problems.append((env.get("line", 1), problem))
        return str(self.renderToken(tokens, idx, options, env))

    def link_close(
        self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        """The end of the same."""
        depth = 1
        for token in reversed(tokens[:idx]):
            depth += {"link_close": 1, "link_open": -1}.get(token.type, 0)
            if not depth:
                scheme = str(token.attrs.get("href", "")).partition(":")[0]
                if scheme == "run" or scheme in _SHOWN:
                    return "</button>"
                break
        return str(self.renderToken(tokens, idx, options, env))


def sections(text: str) -> list[Section]:
    """The parts of lesson.md. A second-level heading with an id begins one."""
    parser = _parser()
    tokens = parser.parse(text)
    starts: list[tuple[int, str, str, int]] = [(0, "", "", 1)]
    stray: list[tuple[int, str]] = []
    for number, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        line = (token.map or [0])[0] + 1
        named = _HEADING.match(tokens[number + 1].content)
        if token.tag == "h2" and named is not None:
            starts.append((number, named["id"], named["title"], line))
        elif token.tag in ("h1", "h2"):
            stray.append((line, "only steps have headings of this level: ## Title {#step-id}"))
    found = []
    for place, (begin, id_, title, line) in enumerate(starts):
        end = starts[place + 1][0] if place + 1 < len(starts) else len(tokens)
        body = tokens[begin + 3 if id_ else begin : end]
        found.append(_section(parser, body, id_, title, line))
    if stray:
        first = found[0]
        found[0] = Section("", "", 1, first.html, first.manifests, (*first.problems, *stray))
    return found


def inline(text: str) -> str:
    """One line of Markdown, for hints, answers and the like."""
    return _clean(str(_parser().renderInline(text)))


def block(text: str) -> str:
    """A few paragraphs of Markdown."""
    return _clean(str(_parser().render(text)))


def _section(parser: MarkdownIt, tokens: list[Token], id_: str, title: str, line: int) -> Section:
    renderer = parser.renderer
    assert isinstance(renderer, _Renderer)
    renderer.notes = _Notes()
    html = _clean(str(renderer.render(tokens, parser.options, {"line": line})))
    notes = renderer.notes
    return Section(id_, title, line, html, tuple(notes.manifests), tuple(notes.problems))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")
    parser.validateLink = _accepts  # type: ignore[method-assign]
    return parser


def _accepts(url: str) -> bool:
    """Addresses are looked at when they are rendered."""
    return True


def _commands(text: str) -> str:
    """Lines with a prompt are commands, others are what they print; without any prompt all are
    commands. A line that ends with a backslash goes on."""
    lines = text.rstrip("\n").replace("\\\n", "").split("\n")
    has_prompts = any(line.startswith("$ ") for line in lines)
    pieces = []
    for line in lines:
        if has_prompts and not line.startswith("$ "):
            pieces.append(f'<div class="lesson-output">{escape(line)}</div>')
            continue
        command = line.removeprefix("$ ").strip()
        if command:
            pieces.append(
                f'<button type="button" class="lesson-run" data-run="{escape(command)}">'
                f'<span class="lesson-prompt">$</span><code>{escape(command)}</code></button>'
            )
    return f'<div class="lesson-commands">{"".join(pieces)}</div>'


def _is_path(href: str) -> bool:
    return href.startswith(("/", "#"))


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
    )
