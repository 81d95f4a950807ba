"""What distinguishes bash, dash (Debian's sh) and ash (BusyBox)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """One shell. Features are those that the others lack."""

    name: str
    has_conditional: bool = False
    has_arrays: bool = False
    has_braces: bool = False
    has_here_strings: bool = False
    has_both_redirects: bool = False
    has_process_substitution: bool = False
    has_ansi_quotes: bool = False
    has_function_word: bool = False
    has_replacement: bool = False
    has_arithmetic_command: bool = False
    #: Whether `echo` expands escapes without -e.
    has_echo_escapes: bool = False
    has_history_builtin: bool = False


BASH = Dialect(
    "bash",
    has_conditional=True,
    has_arrays=True,
    has_braces=True,
    has_here_strings=True,
    has_both_redirects=True,
    has_process_substitution=True,
    has_ansi_quotes=True,
    has_function_word=True,
    has_replacement=True,
    has_arithmetic_command=True,
    has_history_builtin=True,
)
DASH = Dialect("dash", has_echo_escapes=True)
ASH = Dialect(
    "ash",
    has_conditional=True,
    has_both_redirects=True,
    has_ansi_quotes=True,
    has_function_word=True,
    has_replacement=True,
    has_history_builtin=True,
)
DIALECTS = {dialect.name: dialect for dialect in (BASH, DASH, ASH)}
