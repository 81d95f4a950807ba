"""A regular expression as instructions, for the automaton and for the backtracking matcher.

Models: Thompson's construction as in Pike's VM.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from cluster_engine.shell.commands.regex.characters import Characters
from cluster_engine.shell.commands.regex.nodes import (
    Accept,
    Assertion,
    Backreference,
    Choice,
    Group,
    Keep,
    Look,
    Node,
    Repeat,
    Sequence,
)
from cluster_engine.shell.commands.regex.problems import TOO_BIG, PatternProblem

INSTRUCTIONS_MAX = 6000

ACCEPT, SPLIT, JUMP, SAVE, ASSERT, BACK, LOOK, MATCH = range(8)


class Instruction(NamedTuple):
    """`code` says which of the other parts count.

    ACCEPT: `characters`, then the next one. SPLIT: `target`, else `other`. JUMP: `target`.
    SAVE: the place into slot `target`. ASSERT: `kind`. BACK: the group `target` again.
    LOOK: `inner` must match (or not) here.
    """

    code: int
    target: int = 0
    other: int = 0
    characters: Characters | None = None
    kind: str = ""
    inner: Inner | None = None
    ignores_case: bool = False


@dataclass(frozen=True, slots=True)
class Inner:
    """The program of a look ahead or behind."""

    program: tuple[Instruction, ...]
    is_ahead: bool
    is_negated: bool


class _Compiler:
    def __init__(self) -> None:
        self.program: list[Instruction] = []

    def add(self, instruction: Instruction) -> int:
        """Append it; its place."""
        if len(self.program) >= INSTRUCTIONS_MAX:
            raise PatternProblem(TOO_BIG)
        self.program.append(instruction)
        return len(self.program) - 1

    def compile(self, node: Node) -> None:
        """Append the instructions of a node."""
        if isinstance(node, Accept):
            self.add(Instruction(ACCEPT, characters=node.characters))
        elif isinstance(node, Sequence):
            for part in node.nodes:
                self.compile(part)
        elif isinstance(node, Choice):
            self._choice(node.nodes)
        elif isinstance(node, Repeat):
            self._repeat(node)
        elif isinstance(node, Group):
            self.add(Instruction(SAVE, 2 * node.number))
            self.compile(node.node)
            self.add(Instruction(SAVE, 2 * node.number + 1))
        elif isinstance(node, Assertion):
            self.add(Instruction(ASSERT, kind=node.kind))
        elif isinstance(node, Backreference):
            self.add(Instruction(BACK, node.number, ignores_case=node.ignores_case))
        elif isinstance(node, Keep):
            self.add(Instruction(SAVE, 0))
        else:
            self._look(node)

    def _look(self, node: Look) -> None:
        inner = Inner(compile_node(node.node), node.is_ahead, node.is_negated)
        self.add(Instruction(LOOK, inner=inner))

    def _choice(self, nodes: tuple[Node, ...]) -> None:
        ends = []
        for part in nodes[:-1]:
            split = self.add(Instruction(SPLIT))
            self.compile(part)
            ends.append(self.add(Instruction(JUMP)))
            self._aim(split, split + 1, len(self.program))
        self.compile(nodes[-1])
        for end in ends:
            self.program[end] = Instruction(JUMP, len(self.program))

    def _repeat(self, node: Repeat) -> None:
        for _ in range(node.least):
            self.compile(node.node)
        if node.most is None:
            split = self.add(Instruction(SPLIT))
            self.compile(node.node)
            self.add(Instruction(JUMP, split))
            self._aim(split, split + 1, len(self.program), node.is_greedy)
            return
        splits = []
        for _ in range(node.most - node.least):
            splits.append(self.add(Instruction(SPLIT)))
            self.compile(node.node)
        for split in splits:
            self._aim(split, split + 1, len(self.program), node.is_greedy)

    def _aim(self, split: int, first: int, second: int, is_greedy: bool = True) -> None:
        if not is_greedy:
            first, second = second, first
        self.program[split] = Instruction(SPLIT, first, second)


def compile_node(node: Node) -> tuple[Instruction, ...]:
    """The program; its last instruction is MATCH. Raises PatternProblem."""
    compiler = _Compiler()
    compiler.compile(node)
    compiler.add(Instruction(MATCH))
    return tuple(compiler.program)
