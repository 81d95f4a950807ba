"""find: walks below its roots, a few places a step, and does with each what the expression says.

A place whose -exec runs is looked at again when the child has ended: what was done already is
remembered and not done twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import FileStatus, Spawn, System
from cluster_engine.shell.commands.command import Invocation, Output, UsageError
from cluster_engine.shell.commands.find.expression import (
    All,
    Comma,
    Either,
    Node,
    Not,
    Test,
    Wish,
    parse_wish,
)
from cluster_engine.shell.commands.find.output import listed, printed
from cluster_engine.shell.commands.find.tests import Tester
from cluster_engine.shell.commands.usages import help_text

_PLACES_PER_STEP = 60
_PLACES_MAX = 200_000
_BATCH_MAX = 1000
_DEPTH_MAX = 100


class _ChildWanted(Exception):
    """The expression needs a command to have run."""

    def __init__(self, words: list[str]) -> None:
        super().__init__()
        self.words = words


@dataclass(slots=True)
class _Place:
    path: str
    root: str
    depth: int
    device: int = -1
    #: What is below has been done.
    is_done: bool = False


class Find:
    """The program."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        self._arguments = arguments
        self._is_busybox = is_busybox
        self._output = Output()
        self._wish: Wish | None = None
        self._tester = Tester("emacs")
        self._waiting: list[_Place] = []
        self._place: _Place | None = None
        #: What actions on the present place have answered.
        self._answers: list[bool] = []
        self._asked = 0
        self._is_pruned = False
        self._has_quit = False
        self._batches: dict[tuple[str, ...], list[str]] = {}
        self._child = 0
        self._is_batch = False
        self._seen = 0
        self._code = 0

    def step(self, system: System) -> Outcome:
        """Write, wait for a child, or look at some places."""
        waiting = self._output.drain(system)
        if waiting is not None:
            return waiting
        if self._output.is_broken:
            return Exited(1)
        if self._child:
            ended = system.wait(self._child)
            if ended is None:
                return Waiting(children=(self._child,))
            self._child_ended(ended.status)
        call = Invocation(
            system, self._arguments, b"", self._output.out, self._output.err, self._is_busybox
        )
        try:
            return self._go_on(call)
        except UsageError as error:
            self._code = call.misused(error)
            self._wish = self._wish or Wish()
            self._waiting, self._place, self._has_quit = [], None, True
            self._batches.clear()
            return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _go_on(self, call: Invocation) -> Outcome:
        if self._wish is None:
            text = help_text(self._arguments, is_busybox=self._is_busybox)
            if text is not None:
                call.say(text)
                self._wish, self._has_quit = Wish(), True
                return AGAIN
            self._wish = parse_wish(self._arguments[1:], is_busybox=self._is_busybox)
            self._tester = Tester(self._wish.regex_type)
            self._waiting = [_Place(root, root, 0) for root in reversed(self._wish.roots)]
            return AGAIN
        for _ in range(_PLACES_PER_STEP):
            if self._child:
                return AGAIN
            if self._place is None and not self._next(call):
                return self._finish(call)
            self._look(call)
        call.system.work(_PLACES_PER_STEP * 4)
        return AGAIN

    def _finish(self, call: Invocation) -> Outcome:
        for command, paths in self._batches.items():
            if paths:
                self._start_batch(call, command, paths)
                return AGAIN
        if self._output.out or self._output.err:
            return AGAIN
        return Exited(self._code)

    # Walking

    def _next(self, call: Invocation) -> bool:
        """Take the next place; False when there is none."""
        self._answers, self._asked = [], 0
        self._seen += 1
        if self._has_quit or not self._waiting:
            return False
        if self._seen > _PLACES_MAX:
            raise UsageError("too many files")
        self._place = self._waiting.pop()
        return True

    def _look(self, call: Invocation) -> None:
        """Descend into the place, decide the expression for it."""
        place, wish = self._place, self._wish
        assert place is not None and wish is not None
        try:
            status = self._status(call.system, place, wish)
        except Errno as error:
            self._unreadable(call, place.path, error)
            self._place = None
            return
        is_folder = status.kind == "directory" and place.depth < min(wish.depth_max, _DEPTH_MAX)
        if place.depth == 0:
            place.device = status.device
        if wish.is_depth_first and is_folder and not place.is_done:
            place.is_done = True
            self._waiting.append(place)
            self._descend(call, place, status)
            self._place = None
            return
        self._is_pruned = False
        if place.depth >= wish.depth_min:
            try:
                self._asked = 0
                self._evaluate(call, wish.node, place, status)
            except _ChildWanted as child:
                self._start(call, child.words)
                return
        if is_folder and not wish.is_depth_first and not self._is_pruned and not self._has_quit:
            self._descend(call, place, status)
        self._place = None

    def _status(self, system: System, place: _Place, wish: Wish) -> FileStatus:
        if wish.follows == "L" or (wish.follows == "H" and not place.depth):
            try:
                return system.stat(place.path)
            except Errno as error:
                if error.name != "ENOENT":
                    raise
        return system.lstat(place.path)

    def _descend(self, call: Invocation, place: _Place, status: FileStatus) -> None:
        assert self._wish is not None
        if self._wish.stays and status.device != place.device:
            return
        try:
            names = call.system.list_directory(place.path)
        except Errno as error:
            self._unreadable(call, place.path, error)
            return
        base = place.path if place.path.endswith("/") else f"{place.path}/"
        self._waiting += [
            _Place(base + name, place.root, place.depth + 1, place.device)
            for name in reversed(names)
        ]

    def _unreadable(self, call: Invocation, path: str, error: Errno) -> None:
        call.complain(call.either(f"'{path}': {error.text}", f"{path}: {error.text}"))
        self._code = 1

    # The expression

    def _evaluate(self, call: Invocation, node: Node, place: _Place, status: FileStatus) -> bool:
        if isinstance(node, Test):
            if node.name in _ACTIONS or node.command:
                return self._once(call, node, place, status)
            try:
                return self._tester.holds(call.system, node, place.path, status)
            except Errno as error:
                self._unreadable(call, node.value or place.path, error)
                return False
        if isinstance(node, Not):
            return not self._evaluate(call, node.node, place, status)
        found = isinstance(node, All)
        for part in node.nodes:
            if self._has_quit:
                return found
            found = self._evaluate(call, part, place, status)
            if isinstance(node, Comma):
                continue
            if found != isinstance(node, All):
                return found
        return found if not isinstance(node, Either) else False

    def _once(self, call: Invocation, test: Test, place: _Place, status: FileStatus) -> bool:
        """An action; its answer when it was done before the last child."""
        number = self._asked
        self._asked += 1
        if number < len(self._answers):
            return self._answers[number]
        answer = self._act(call, test, place, status)
        self._answers.append(answer)
        return answer

    def _act(self, call: Invocation, test: Test, place: _Place, status: FileStatus) -> bool:
        name, path = test.name, place.path
        if test.command:
            return self._command(call, test, path)
        if name == "-print":
            call.line(path)
        elif name == "-print0":
            call.say(path + "\0")
        elif name == "-prune":
            self._is_pruned = True
        elif name == "-quit":
            self._has_quit = True
        elif name == "-ls":
            call.say(listed(call.system, path, status))
        elif name == "-printf":
            call.say(printed(call.system, test.value, path, place.root, place.depth, status))
        elif name == "-delete":
            return self._delete(call, path, status)
        return True

    def _delete(self, call: Invocation, path: str, status: FileStatus) -> bool:
        if path == ".":
            return True
        try:
            if status.kind == "directory":
                call.system.rmdir(path)
            else:
                call.system.unlink(path)
        except Errno as error:
            gnu = f"cannot delete '{path}': {error.text}"
            call.complain(call.either(gnu, f"{path}: {error.text}"))
            self._code = 1
            return False
        return True

    def _command(self, call: Invocation, test: Test, path: str) -> bool:
        if test.is_batch:
            paths = self._batches.setdefault(test.command, [])
            paths.append(path)
            if len(paths) >= _BATCH_MAX:
                self._start_batch(call, test.command, paths)
            return True
        shown = path
        if test.name.endswith("dir"):
            shown = "./" + path.rstrip("/").rpartition("/")[2]
        raise _ChildWanted([word.replace("{}", shown) for word in test.command])

    # Children

    def _start(self, call: Invocation, words: list[str]) -> None:
        self._is_batch = False
        if not self._spawn(call, words):
            self._answers.append(False)

    def _start_batch(self, call: Invocation, command: tuple[str, ...], paths: list[str]) -> None:
        words = [*command[:-1], *paths]
        paths.clear()
        self._is_batch = True
        if not self._spawn(call, words):
            self._code = 1

    def _spawn(self, call: Invocation, words: list[str]) -> bool:
        try:
            self._child = call.system.spawn(Spawn(words))
        except Errno as error:
            call.complain(call.either(f"'{words[0]}': {error.text}", f"{words[0]}: {error.text}"))
            return False
        return True

    def _child_ended(self, status: int) -> None:
        self._child = 0
        if self._is_batch:
            self._code = 1 if status else self._code
        else:
            self._answers.append(status == 0)


_ACTIONS = frozenset(("-print", "-print0", "-prune", "-quit", "-ls", "-printf", "-delete"))
