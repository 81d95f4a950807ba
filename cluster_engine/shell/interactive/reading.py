"""The frame at the bottom of an interactive shell: prompt, edit, run, again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.frames.frame import ExpandingFrame
from cluster_engine.shell.frames.sources import tell_problem
from cluster_engine.shell.interactive import completion
from cluster_engine.shell.interactive.editor import ACCEPT, COMPLETE, END, INTERRUPT, Editor
from cluster_engine.shell.interactive.prompt import decode, source_of
from cluster_engine.shell.state import HISTORY_MAX, Entered
from cluster_engine.shell.syntax.nodes import Literal, Redirect, Simple, Substitution, Word
from cluster_engine.shell.syntax.parser import Incomplete, Parser, SyntaxProblem

if TYPE_CHECKING:
    from cluster_engine.shell.interpreter import Shell

_BYTES_PER_STEP = 512
_ENTERED_MAX = 200
_NO_SPACE, _NO_FILES = 2, 4


class ReadingFrame(ExpandingFrame):
    """Reads commands from the terminal."""

    __slots__ = ("asked", "editor", "lines", "stage")

    def __init__(self) -> None:
        super().__init__()
        #: "prompt", then "edit"; "answer" while a program is asked for completions.
        self.stage = "prompt"
        self.editor: Editor | None = None
        #: Lines of a command that is not complete.
        self.lines = ""
        self.asked: completion.Completion | None = None

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        if self.stage == "prompt":
            shell.tell_jobs(system)
            text = self._prompt_text(shell, system)
            if text is not None:
                self._begin(shell, system, text)
            return None
        if self.stage == "answer":
            self._answered(shell, system)
            return None
        return self._edit(shell, system)

    def leave(self, shell: Shell, system: System) -> None:
        self._set_raw(system, False)

    def restart(self) -> None:
        """What was typed is given up: a new prompt."""
        self.stage = "prompt"
        self.lines = ""
        self.results = []

    def resize(self, system: System) -> None:
        """The window has another size."""
        if self.editor is not None and self.stage == "edit":
            self.editor.resize(_columns(system))

    # The prompt

    def _prompt_text(self, shell: Shell, system: System) -> str | None:
        state = shell.state
        source = decode(source_of(state, system, "PS2" if self.lines else "PS1"), state, system)
        if "$" not in source and "`" not in source:
            return source.replace("\\\\", "\\")
        try:
            word = Word(Parser(source, state.dialect).quoted_parts(""), source)
        except (Incomplete, SyntaxProblem):
            return source
        status = state.status
        text = self.expand(shell, system, lambda e: e.body(word))
        state.status = status
        return text

    def _begin(self, shell: Shell, system: System, prompt: str) -> None:
        self._set_raw(system, True)
        entered = shell.state.entered
        if entered is not None and not entered.is_done:
            shell.state.entered = entered.done(shell.state.status)
        self.editor = Editor(prompt, _columns(system), shell.state.history)
        self.stage = "edit"
        shell.write(1, self.editor.take_screen())

    def _set_raw(self, system: System, is_raw: bool) -> None:
        try:
            system.set_raw(0, is_raw)
        except Errno:
            return

    # Editing

    def _edit(self, shell: Shell, system: System) -> Outcome | None:
        editor = self.editor
        assert editor is not None
        for _ in range(_BYTES_PER_STEP):
            byte = system.read(0, 1)
            if byte is None:
                shell.write(1, editor.take_screen())
                return None if shell.output else Waiting(readable=(0,))
            event = editor.feed(byte[0]) if byte else END
            if event == COMPLETE:
                self._complete(shell, system, editor)
                if self.stage != "edit":
                    break
            elif event:
                self._finish(shell, system, editor, event)
                return None
        shell.write(1, editor.take_screen())
        return None

    def _finish(self, shell: Shell, system: System, editor: Editor, event: str) -> None:
        shell.write(1, editor.take_screen())
        self.editor = None
        self.stage = "prompt"
        self._set_raw(system, False)
        if event == INTERRUPT:
            self.lines = ""
            shell.state.status = 130
        elif event == END:
            self._end(shell, system)
        elif event == ACCEPT:
            self._accept(shell, system, editor.line)

    def _end(self, shell: Shell, system: System) -> None:
        if self.lines:
            self.lines = ""
            shell.complain("syntax error: unexpected end of file")
            return
        if shell.state.dialect.name == "bash":
            shell.write(2, "logout\n" if shell.state.is_login else "exit\n")
        else:
            shell.write(2, "\n")
        shell.exit(system, shell.state.status)

    def _accept(self, shell: Shell, system: System, line: str) -> None:
        state = shell.state
        if line.strip():
            failures = state.entered.failures if state.entered is not None else 0
            state.entered = Entered(line.strip()[:_ENTERED_MAX], system.now_ms, failures)
        ignores_blank = "space" in (state.variables.get("HISTCONTROL") or "")
        is_new = not state.history or state.history[-1] != line
        if line.strip() and is_new and not (line.startswith(" ") and ignores_blank):
            state.history.append(line)
            del state.history[:-HISTORY_MAX]
        text = f"{self.lines}{line}\n"
        aliases = state.aliases if state.options.expand_aliases else None
        parser = Parser(text, state.dialect, 0, 1, aliases)
        try:
            found = parser.next_command()
        except Incomplete:
            self.lines = text
            return
        except SyntaxProblem as problem:
            self.lines = ""
            tell_problem(shell, problem)
            state.status = 2
            return
        self.lines = ""
        if found is not None:
            rest = parser.text[found.position :]
            if rest.strip():
                self.lines = ""
            shell.run(found.sequence)

    # Completion

    def _complete(self, shell: Shell, system: System, editor: Editor) -> None:
        start, word = completion.word_before(editor.line, editor.cursor)
        words = completion.command_words(editor.line, start)
        program = self._self_completing(shell, system, words)
        if program is not None:
            self.asked = completion.Completion(start, word, ())
            self.stage = "answer"
            shell.substitute(system, _question([*program, "__complete", *words[1:], word]))
            return
        names = shell.builtin_names()
        self._offer(
            editor, completion.complete(editor.line, editor.cursor, shell.state, system, names)
        )

    def _self_completing(self, shell: Shell, system: System, words: list[str]) -> list[str] | None:
        """The program (with the words its alias adds) that completes its own arguments."""
        if not words:
            return None
        name = words[0]
        expanded = shell.state.aliases.get(name, name).split() or [name]
        if expanded[0] not in completion.SELF_COMPLETING:
            return None
        return expanded if system.find_program(expanded[0]) is not None else None

    def _answered(self, shell: Shell, system: System) -> None:
        editor, asked = self.editor, self.asked
        self.stage = "edit"
        self.asked = None
        output = self.results.pop() if self.results else ""
        if editor is None or asked is None:
            return
        found, directive = completion.parse_answer(output)
        end = "" if directive & _NO_SPACE else " "
        candidates = [word + end for word in found if word.startswith(asked.word)]
        if not candidates and not directive & _NO_FILES:
            candidates = completion.files(asked.word, shell.state, system)
        self._offer(editor, completion.Completion(asked.start, asked.word, tuple(candidates)))
        shell.write(1, editor.take_screen())

    def _offer(self, editor: Editor, offered: completion.Completion) -> None:
        candidates = offered.candidates
        if not candidates:
            editor.screen.append("\a")
            return
        prefix = common_prefix_of(candidates)
        if len(prefix) > len(offered.word):
            editor.insert(prefix[len(offered.word) :])
        elif len(candidates) > 1:
            if editor.is_repeated_tab:
                editor.show_below(completion.listing(candidates, editor.columns))
            else:
                editor.screen.append("\a")


def common_prefix_of(candidates: tuple[str, ...]) -> str:
    """What all candidates begin with; a blank at the end only when there is one candidate."""
    prefix = completion.common_prefix(candidates)
    return prefix if len(candidates) == 1 else prefix.rstrip(" ")


def _columns(system: System) -> int:
    try:
        return system.window_size(0)[0]
    except Errno:
        return 80


def _question(words: list[str]) -> Substitution:
    """Commands that ask a program, its complaints aside."""
    literals = tuple(Word((Literal(word, True),), word) for word in words)
    nowhere = Redirect(">", Word((Literal("/dev/null"),), "/dev/null"), 2)
    return Substitution(Simple((), literals, (nowhere,)))
