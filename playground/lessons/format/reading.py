"""A folder to a lesson: lesson.yaml, lesson.md, start/, files/, solution/.

`read` never raises for what an author wrote: it gives the lesson, as far as there is one, and
everything that is wrong with it. lessons/README.md is the authors' guide.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from html import escape
from pathlib import Path

from cluster_engine.apimachinery.manifests import ManifestError, load_manifests
from cluster_engine.faults.catalogue import FAULTS
from playground.hosting.host import parse_speed
from playground.lessons.format import text
from playground.lessons.format.fields import Fields, Source
from playground.lessons.format.lesson import FORMAT, Broken, Lesson, Start, Step
from playground.lessons.format.problems import Problem, Report
from playground.lessons.format.solutions import read_solutions
from playground.lessons.format.steps import read_step
from playground.lessons.format.text import CLOSING, Section

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}")
_STEPS_MAX = 40
_MINUTES_MAX = 240
_NODES_MAX = 50
_SETTLE_MAX = 86_400
_BYTES_MAX = 256 * 1024


def read(folder: Path) -> tuple[Lesson | None, list[Problem]]:
    """The lesson in a folder, None when there is none to speak of, and its problems, sorted."""
    report = Report()
    if not _SLUG.fullmatch(folder.name):
        report.add(str(folder), 1, "", f"name {folder.name!r}: use lower case letters and dashes")
    head = _read_text(folder / "lesson.yaml", report)
    body = _read_text(folder / "lesson.md", report)
    lesson = None
    if head is not None and body is not None:
        lesson = _lesson(folder, head, body, report)
    return lesson, sorted(set(report.problems))


def _lesson(folder: Path, head: str, body: str, report: Report) -> Lesson | None:
    file = str(folder / "lesson.yaml")
    try:
        manifests = load_manifests(head)
    except ManifestError as error:
        report.add(file, error.line, "", error.message)
        return None
    if len(manifests) != 1:
        report.add(file, 1, "", f"has {len(manifests)} documents: give one")
        return None
    for problem in manifests[0].problems:
        report.add(file, problem.line, "", problem.message)
    fields = Fields(Source(file, manifests[0], report), manifests[0].object)
    version = fields.whole("format", 1, FORMAT)
    if version is None:
        return None
    sections = _sections(folder / "lesson.md", body, report)
    steps = _steps(fields, sections, str(folder / "lesson.md"), report)
    lesson = Lesson(
        slug=folder.name,
        title=fields.text("title", most=60),
        summary=fields.text("summary", most=300),
        minutes=fields.whole("minutes", 1, _MINUTES_MAX) or 1,
        order=fields.whole("order", 0, 100_000) or 0,
        learn=fields.texts("learn"),
        requires=fields.texts("requires"),
        start=_start(folder, fields.child("cluster"), sections, report),
        steps=steps,
        intro=sections[""].html,
        closing=_closing(sections),
    )
    fields.done()
    solutions = read_solutions(folder / "solution", lesson, report)
    return replace(lesson, solutions=solutions, version=_version(folder))


def _closing(sections: dict[str, Section]) -> str:
    section = sections.get(CLOSING)
    return f"<h4>{escape(section.title)}</h4>{section.html}" if section is not None else ""


def _steps(
    fields: Fields, sections: dict[str, Section], file: str, report: Report
) -> tuple[Step, ...]:
    found: list[Step] = []
    for inner in fields.children("steps"):
        step = read_step(inner, sections)
        if any(step.id == other.id for other in found):
            inner.wrong("id", f"{step.id!r} is there already: every step needs its own")
        found.append(step)
    if not 0 < len(found) <= _STEPS_MAX:
        fields.wrong("steps", f"has {len(found)} steps: give 1 to {_STEPS_MAX}")
    ids = [step.id for step in found]
    written = [section for section in sections.values() if section.id not in ("", CLOSING)]
    for section in written:
        if section.id not in ids:
            known = ", ".join(ids)
            report.add(file, section.line, "", f"no step {section.id!r}; steps: {known}")
    order = [section.id for section in written if section.id in ids]
    if order != [step_id for step_id in ids if step_id in order]:
        report.add(file, 1, "", f"the sections stand in another order than the steps: {ids}")
    return tuple(found)


def _sections(path: Path, body: str, report: Report) -> dict[str, Section]:
    found: dict[str, Section] = {}
    for section in text.sections(body):
        for line, message in section.problems:
            report.add(str(path), line, "", message)
        for line, name, manifest in section.manifests:
            _check_manifest(f"{path} ({name})", line, manifest, report)
        if section.id in found:
            report.add(str(path), section.line, "", f"section {section.id!r} is there already")
        found[section.id] = section
    return found


def _start(folder: Path, fields: Fields, sections: dict[str, Section], report: Report) -> Start:
    speed = str(fields.raw("speed", default=""))
    if speed:
        try:
            parse_speed(speed)
        except ValueError as error:
            fields.wrong("speed", str(error))
            speed = ""
    start = Start(
        nodes=fields.whole("nodes", 1, _NODES_MAX, is_needed=False),
        speed=speed,
        seed=fields.whole("seed", 0, 2**31 - 1, is_needed=False),
        settle_seconds=fields.whole("settleSeconds", 0, _SETTLE_MAX, default=0) or 0,
        faults=tuple(_broken(one) for one in fields.children("faults")),
        manifests=_texts(folder / "start", report),
        files=_files(folder, sections, report),
    )
    fields.done()
    for name, manifest in start.manifests:
        _check_manifest(str(folder / "start" / name), 1, manifest, report)
    return start


def _broken(fields: Fields) -> Broken:
    known = sorted(FAULTS)
    found = Broken(
        fields.word("fault", known, default=known[0]),
        fields.text("target") if fields.has("target") else "",
    )
    fields.done()
    return found


def _files(
    folder: Path, sections: dict[str, Section], report: Report
) -> tuple[tuple[str, str], ...]:
    """The manifests of the text, and what lies in files/: all are put into the console's home."""
    found = dict(_texts(folder / "files", report))
    for section in sections.values():
        for line, name, manifest in section.manifests:
            if found.setdefault(name, manifest) != manifest:
                message = f"file {name} is there already with other content: give another name"
                report.add(str(folder / "lesson.md"), line, "", message)
    return tuple(sorted(found.items()))


def _texts(folder: Path, report: Report) -> tuple[tuple[str, str], ...]:
    """The files of a folder, by name."""
    if not folder.is_dir():
        return ()
    found = []
    for path in sorted(folder.iterdir()):
        content = _read_text(path, report)
        if content is not None:
            found.append((path.name, content))
    return tuple(found)


def _check_manifest(file: str, line: int, content: str, report: Report) -> None:
    try:
        manifests = load_manifests(content)
    except ManifestError as error:
        report.add(file, line + error.line, "", error.message)
        return
    for manifest in manifests:
        for problem in manifest.problems:
            report.add(file, line + problem.line, "", problem.message)
        if not manifest.object.get("apiVersion") or not manifest.object.get("kind"):
            where = line + manifest.start_line
            report.add(file, where, "", "a manifest needs apiVersion and kind")


def _read_text(path: Path, report: Report) -> str | None:
    try:
        data = path.read_bytes()
        if len(data) > _BYTES_MAX:
            report.add(str(path), 1, "", f"has {len(data)} bytes: at most {_BYTES_MAX}")
            return None
        return data.decode()
    except FileNotFoundError:
        report.add(str(path), 1, "", "is missing: a lesson needs it")
    except (OSError, UnicodeDecodeError) as error:
        report.add(str(path), 1, "", f"cannot be read: {error}")
    return None


def _version(folder: Path) -> str:
    """A short hash of all that a reader or a check sees."""
    sum_ = hashlib.sha256()
    for name in ("lesson.yaml", "lesson.md", "start", "files"):
        path = folder / name
        parts = sorted(path.iterdir()) if path.is_dir() else [path] if path.exists() else []
        for part in parts:
            sum_.update(part.name.encode() + b"\0" + part.read_bytes() + b"\0")
    return sum_.hexdigest()[:12]
