"""Looking for patterns in the text."""

from __future__ import annotations

from cluster_engine.shell.commands.command import UsageError
from cluster_engine.shell.commands.patterns import Pattern, PatternProblem, compile_pattern
from cluster_engine.shell.commands.vi.editor import Editor
from cluster_engine.shell.commands.vi.text import Place


def compiled(editor: Editor, source: str) -> Pattern | None:
    """The pattern; None after an alarm."""
    try:
        return compile_pattern(source, is_extended=False, ignores_case=editor.settings.ignorecase)
    except UsageError as error:
        editor.alarm(f"bad search pattern '{source}': {error}")
        return None


def search(editor: Editor, *, is_reversed: bool, count: int = 1) -> None:
    """Go to the next place where the last pattern is."""
    if not editor.pattern:
        editor.alarm("No previous search")
        return
    place = editor.text.place
    for _ in range(max(count, 1)):
        found = _found(editor, place, editor.is_backwards != is_reversed)
        if found is None:
            return
        place = found
    editor.text.go(place)


def _found(editor: Editor, place: Place, is_backwards: bool) -> Place | None:
    pattern = compiled(editor, editor.pattern)
    if pattern is None:
        return None
    try:
        found, has_wrapped = _scan(editor.text.lines, pattern, place, is_backwards)
    except PatternProblem as problem:
        editor.alarm(str(problem))
        return None
    if found is None:
        editor.alarm("Pattern not found")
    elif has_wrapped and is_backwards:
        editor.say("search hit TOP, continuing at BOTTOM")
    elif has_wrapped:
        editor.say("search hit BOTTOM, continuing at TOP")
    return found


def _scan(
    lines: list[str], pattern: Pattern, place: Place, is_backwards: bool
) -> tuple[Place | None, bool]:
    """The next match from a place on, and whether it was beyond the end (or the beginning)."""
    count, by = len(lines), -1 if is_backwards else 1
    for step in range(count + 1):
        row = (place[0] + by * step) % count
        if not pattern.finds(lines[row]):
            continue
        columns = [match.start() for match in pattern.finditer(lines[row])]
        has_wrapped = step == count or (row > place[0] if is_backwards else row < place[0])
        if step == 0:
            columns = [c for c in columns if (c < place[1] if is_backwards else c > place[1])]
        if columns:
            return (row, columns[-1] if is_backwards else columns[0]), has_wrapped
    return None, False
