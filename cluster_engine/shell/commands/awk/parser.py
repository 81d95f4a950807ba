"""An awk program's statements, rules and functions."""

from __future__ import annotations

from cluster_engine.shell.commands.awk.expressions import ExpressionParser
from cluster_engine.shell.commands.awk.lexer import Lexer
from cluster_engine.shell.commands.awk.limits import (
    NESTING_MAX,
    SOURCE_CHARACTERS_MAX,
    AwkProblem,
)
from cluster_engine.shell.commands.awk.nodes import (
    Block,
    Delete,
    Evaluate,
    Expression,
    ForEach,
    Function,
    If,
    Jump,
    Leave,
    Loop,
    Print,
    Rule,
    Script,
    Statement,
)

_ENDS = ("newline", "end")


def parse_script(text: str, *, is_busybox: bool) -> Script:
    """The tree of a program. Raises AwkProblem."""
    if len(text) > SOURCE_CHARACTERS_MAX:
        raise AwkProblem("program too big")
    return _Parser(text, is_busybox=is_busybox).script()


class _Parser(ExpressionParser):
    def __init__(self, text: str, *, is_busybox: bool) -> None:
        super().__init__(Lexer(text, is_busybox=is_busybox))
        self._is_busybox = is_busybox
        self._loops = 0
        self._nesting = 0
        #: "function", "BEGIN" (or END) or "rule".
        self._place = ""

    def script(self) -> Script:
        script = Script()
        while True:
            while self.token.kind == "newline" or self.token.is_sign(";"):
                self.advance()
            if self.token.kind == "end":
                break
            self._item(script)
        unknown = [name for name, _ in self.calls if name not in script.functions]
        if unknown:
            raise AwkProblem(
                f"function {unknown[0]} never defined",
                "Call to undefined function",
                1 if self._is_busybox else self.lexer.line + 1,
            )
        return script

    def _item(self, script: Script) -> None:
        token = self.token
        if token.is_word("function", "func"):
            if token.text == "func" and not self._is_busybox:
                raise self.wrong()
            self.advance()
            function = self._function()
            script.functions[function.name] = function
            return
        if token.is_word("BEGIN", "END"):
            self.advance()
            self._place = "BEGIN"
            body = self._block()
            (script.begins if token.text == "BEGIN" else script.ends).append(body)
            return
        if token.is_sign("}") and not self._is_busybox:
            raise AwkProblem("extra '}'", line=token.line)
        self._place = "rule"
        patterns: tuple[Expression, ...] = ()
        if not token.is_sign("{"):
            patterns = self.expressions()
            if len(patterns) > 2:
                raise self.wrong()
        script.rules.append(Rule(patterns, self._block() if self.token.is_sign("{") else None))

    def _function(self) -> Function:
        if self.token.kind not in ("name", "function"):
            raise self.wrong()
        token = self.advance()
        self._place = "function"
        self.expect("(")
        self.skip_newlines()
        parameters: list[str] = []
        while not self.take(")"):
            if parameters:
                self.expect(",")
                self.skip_newlines()
            if self.token.kind != "name":
                raise self.wrong()
            name = self.advance().text
            if name in parameters and not self._is_busybox:
                raise AwkProblem(f"{name} is duplicated in argument list", line=token.line)
            parameters.append(name)
            self.skip_newlines()
        self.skip_newlines()
        return Function(token.text, tuple(parameters), self._block())

    # Statements

    def _block(self) -> Block:
        self.expect("{")
        self.braces += 1
        found: list[Statement] = []
        while True:
            while self.token.kind == "newline" or self.token.is_sign(";"):
                self.advance()
            if self.take("}"):
                break
            found.append(self._statement())
        self.braces -= 1
        return Block(tuple(found))

    def _statement(self) -> Statement:
        self._nesting += 1
        if self._nesting > NESTING_MAX:
            raise AwkProblem("program too complicated", line=self.token.line)
        found = self._read_statement()
        self._nesting -= 1
        return found

    def _read_statement(self) -> Statement:
        token = self.token
        if token.is_sign("{"):
            return self._block()
        if self.take(";"):
            return Block(())
        if token.is_word("if"):
            return self._if()
        if token.is_word("while"):
            self.advance()
            condition = self._condition()
            if self.take(";"):
                return Loop(None, condition, None, Block(()))
            return Loop(None, condition, None, self._body())
        if token.is_word("for"):
            return self._for()
        if token.is_word("do"):
            return self._do()
        found = self._simple()
        self._end_simple()
        return found

    def _end_simple(self) -> None:
        """A statement ends with its line, with ";" or before "}"."""
        if self.take(";") or self.token.is_sign("}"):
            return
        if self.token.kind != "newline":
            raise self.wrong()
        self.advance()

    def _condition(self) -> Expression:
        self.expect("(")
        self.skip_newlines()
        found = self.expression()
        self.skip_newlines()
        self.expect(")")
        return found

    def _body(self) -> Statement:
        self._loops += 1
        self.skip_newlines()
        found = self._statement()
        self._loops -= 1
        return found

    def _if(self) -> Statement:
        self.advance()
        condition = self._condition()
        self.skip_newlines()
        yes = self._statement()
        mark, token = self.lexer.mark(), self.token
        while self.token.kind == "newline" or self.token.is_sign(";"):
            self.advance()
        if self.token.is_word("else"):
            self.advance()
            self.skip_newlines()
            return If(condition, yes, self._statement())
        self.lexer.reset(mark)
        self.token = token
        return If(condition, yes, None)

    def _do(self) -> Statement:
        self.advance()
        body = self._body()
        while self.token.kind == "newline" or self.token.is_sign(";"):
            self.advance()
        if not self.token.is_word("while"):
            raise self.wrong()
        self.advance()
        found = Loop(None, self._condition(), None, body, is_body_first=True)
        self._end_simple()
        return found

    def _for(self) -> Statement:
        self.advance()
        self.expect("(")
        each = self._for_each()
        if each is not None:
            return ForEach(*each, self._body())
        before = None if self.token.is_sign(";") else self._simple()
        self.expect(";")
        self.skip_newlines()
        condition = None if self.token.is_sign(";") else self.expression()
        self.expect(";")
        self.skip_newlines()
        after = None if self.token.is_sign(")") else self._simple()
        self.expect(")")
        if self.take(";"):
            return Loop(before, condition, after, Block(()))
        return Loop(before, condition, after, self._body())

    def _for_each(self) -> tuple[str, str] | None:
        """Name and array of `(name in array)`, when that is what follows."""
        if self.token.kind != "name" or not self.lexer.peek().is_word("in"):
            return None
        mark, token = self.lexer.mark(), self.token
        name = self.advance().text
        self.advance()
        if self.token.kind == "name" and self.lexer.peek().is_sign(")"):
            array = self.advance().text
            self.advance()
            return name, array
        self.lexer.reset(mark)
        self.token = token
        return None

    def _simple(self) -> Statement:
        token = self.token
        if token.is_word("print", "printf"):
            return self._print()
        if token.is_word("break", "continue", "next", "nextfile"):
            self.advance()
            self._check_jump(token.text, token.line)
            return Jump(token.text)
        if token.is_word("return", "exit"):
            if token.text == "return" and self._place != "function" and not self._is_busybox:
                raise AwkProblem("return outside function body", line=token.line)
            self.advance()
            return Leave(token.text, None if self._is_over() else self.expression())
        if token.is_word("delete"):
            return self._delete()
        return Evaluate(self.expression())

    def _check_jump(self, word: str, line: int) -> None:
        if word in ("break", "continue"):
            if not self._loops:
                raise AwkProblem(
                    f"{word} statement outside of loop", f"'{word}' not in a loop", line
                )
        elif self._place == "BEGIN" and not self._is_busybox:
            raise AwkProblem(f"improper use of {word}", line=line)

    def _is_over(self) -> bool:
        return self.token.kind in _ENDS or self.token.is_sign(";", "}")

    def _print(self) -> Statement:
        is_formatted = self.advance().text == "printf"
        parts: tuple[Expression, ...] = ()
        if not self._is_over() and not self.token.is_sign(">", ">>", "|"):
            parts = self.printed()
        if is_formatted and not parts:
            raise self.wrong()
        redirect, destination = "", None
        if self.token.is_sign(">", ">>", "|"):
            redirect = self.advance().text
            destination = self.destination()
        return Print(is_formatted, parts, redirect, destination)

    def _delete(self) -> Statement:
        self.advance()
        has_parenthesis = self.take("(")
        if self.token.kind != "name":
            raise self.wrong()
        name = self.advance().text
        keys = None
        if self.take("["):
            keys = self.expressions()
            self.expect("]")
        if has_parenthesis:
            self.expect(")")
        return Delete(name, keys)
