"""What is wrong with a script, in each dialect's words."""

from __future__ import annotations

from cluster_engine.shell.syntax.dialect import Dialect


class Incomplete(Exception):
    """The text ends in the middle of a command; `wanted` is the sign that is missing, or ""."""

    def __init__(self, wanted: str = "", line: int = 1) -> None:
        super().__init__(wanted)
        self.wanted = wanted
        self.line = line


class SyntaxProblem(Exception):
    """A token that cannot be where it is. `expected` is what dash and ash say they want."""

    def __init__(
        self,
        token: str,
        line: int,
        expected: str = "",
        source: str = "",
        *,
        is_sign: bool = True,
    ) -> None:
        super().__init__(token)
        #: Whether it is an operator or a reserved word.
        self.is_sign = is_sign
        self.token = token
        self.line = line
        self.expected = expected
        self.source = source


def incomplete_text(problem: Incomplete, dialect: Dialect) -> str:
    """What is said of a script that ends too early, without the shell's name and line."""
    if problem.wanted in ("'", '"', "`"):
        if dialect.name == "bash":
            return f"unexpected EOF while looking for matching `{problem.wanted}'"
        word = "EOF in backquote substitution" if problem.wanted == "`" else ""
        text = word or "Unterminated quoted string"
        return f"Syntax error: {text}" if dialect.name == "dash" else f"syntax error: {_low(text)}"
    if problem.wanted == "}" and dialect.name != "bash":
        return (
            "Syntax error: Missing '}'" if dialect.name == "dash" else "syntax error: missing '}'"
        )
    if problem.wanted in ("}", ")") and dialect.name == "bash":
        return f"unexpected EOF while looking for matching `{problem.wanted}'"
    if dialect.name == "bash":
        return "syntax error: unexpected end of file"
    expecting = f' (expecting "{problem.wanted}")' if problem.wanted else ""
    if dialect.name == "dash":
        return f"Syntax error: end of file unexpected{expecting}"
    return f"syntax error: unexpected end of file{expecting}"


def syntax_text(problem: SyntaxProblem, dialect: Dialect) -> str:
    """What is said of a token that cannot be there, without the shell's name and line."""
    token = "newline" if problem.token == "\n" else problem.token
    if dialect.name == "bash":
        return f"syntax error near unexpected token `{token}'"
    expecting = f' (expecting "{problem.expected}")' if problem.expected else ""
    shown = "newline" if token == "newline" else f'"{token}"'
    if not problem.is_sign and token != "newline":
        shown = "word"
    if dialect.name == "dash":
        return f"Syntax error: {shown} unexpected{expecting}"
    return f"syntax error: unexpected {shown}{expecting}"


def _low(text: str) -> str:
    return text[:1].lower() + text[1:]
