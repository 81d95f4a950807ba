"""Which frame runs which command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cluster_engine.shell.frames.choices import (
    ArithmeticFrame,
    CaseFrame,
    ConditionalFrame,
    IfFrame,
)
from cluster_engine.shell.frames.frame import Frame
from cluster_engine.shell.frames.loops import (
    CountingForFrame,
    ForFrame,
    SelectFrame,
    WhileFrame,
)
from cluster_engine.shell.frames.pipelines import PipelineFrame
from cluster_engine.shell.frames.sequences import (
    AndOrFrame,
    FunctionDefinitionFrame,
    SequenceFrame,
    SubshellFrame,
)
from cluster_engine.shell.frames.simple import RedirectedFrame, SimpleFrame
from cluster_engine.shell.syntax import nodes


def _for_frame(node: nodes.For) -> Frame:
    return SelectFrame(node) if node.is_select else ForFrame(node)


#: Frames that take (node, is_last, source).
_FRAMES: dict[type, Callable[[Any, bool, str], Frame]] = {
    nodes.Simple: SimpleFrame,
    nodes.Sequence: lambda node, is_last, source: SequenceFrame(node, is_last),
    nodes.AndOr: lambda node, is_last, source: AndOrFrame(node, is_last),
    nodes.Pipeline: lambda node, is_last, source: PipelineFrame(node, source),
    nodes.Group: lambda node, is_last, source: frame_for(node.body, is_last, source),
    nodes.Subshell: lambda node, is_last, source: SubshellFrame(node, is_last),
    nodes.Redirected: lambda node, is_last, source: RedirectedFrame(node),
    nodes.If: lambda node, is_last, source: IfFrame(node, is_last),
    nodes.While: lambda node, is_last, source: WhileFrame(node),
    nodes.For: lambda node, is_last, source: _for_frame(node),
    nodes.CountingFor: lambda node, is_last, source: CountingForFrame(node),
    nodes.Case: lambda node, is_last, source: CaseFrame(node),
    nodes.Function: lambda node, is_last, source: FunctionDefinitionFrame(node),
    nodes.Conditional: lambda node, is_last, source: ConditionalFrame(node),
    nodes.ArithmeticCommand: lambda node, is_last, source: ArithmeticFrame(node),
}


def frame_for(node: nodes.Command, is_last: bool, source: str) -> Frame:
    """The frame that runs a command. `is_last`: nothing comes after it in this process."""
    return _FRAMES[type(node)](node, is_last, source)
