"""All builtins by name. To add one: a function in a topic's file, a line in its tuple."""

from __future__ import annotations

from cluster_engine.shell.builtins import (
    borrowed,
    control,
    declaring,
    directories,
    jobs,
    names,
    numbers,
    reading,
    switches,
)
from cluster_engine.shell.builtins.call import Builtin

BUILTINS: dict[str, Builtin] = {
    builtin.name: builtin
    for topic in (
        borrowed,
        control,
        declaring,
        directories,
        jobs,
        names,
        numbers,
        reading,
        switches,
    )
    for builtin in topic.BUILTINS
}
