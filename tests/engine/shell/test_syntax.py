"""The parser: whatever it is given, it reads it, wants more, or says what is wrong."""

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster_engine.shell.syntax.dialect import ASH, BASH, DASH
from cluster_engine.shell.syntax.nodes import Item, Pipeline, Simple
from cluster_engine.shell.syntax.parser import Incomplete, Parser, SyntaxProblem
from cluster_engine.shell.syntax.problems import incomplete_text, syntax_text

PIECES = (
    "if then else elif fi for in do done while case esac ;; ( ) { } [[ ]] (( )) $( ${ } $(( )) ` "
    "\" ' \\ | || & && ; \n < > >> << <<EOF EOF <<< &> 2>&1 a b $x * ? = x=1 a=(1 #c ! == =~ "
    "function select time :- ## %% // @ -f"
).split(" ") + [" ", "\n"]


def read(text, dialect=BASH):
    """All commands of a text."""
    found, position, line = [], 0, 1
    while True:
        command = Parser(text, dialect, position, line).next_command()
        if command is None:
            return found
        assert command.position > position
        position, line = command.position, command.line
        found.append(command.sequence)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from([BASH, DASH, ASH]))
def test_any_text_is_read_or_refused(pieces, dialect):
    text = " ".join(pieces)
    try:
        commands = read(text, dialect)
    except Incomplete as problem:
        assert incomplete_text(problem, dialect)
    except SyntaxProblem as problem:
        assert syntax_text(problem, dialect)
    else:
        assert pickle.loads(pickle.dumps(commands)) == commands


@pytest.mark.parametrize("text", ["(" * 500, "$(" * 500, "{ " * 500, "if " * 300, '"${x:-' * 300])
def test_deep_nesting_is_refused(text):
    with pytest.raises((SyntaxProblem, Incomplete)):
        read(text)


def test_a_command_keeps_how_it_was_written():
    (sequence,) = read("sleep  5 & echo 'a b' | cat")
    first, second = sequence.items
    assert isinstance(first, Item) and first.is_background
    assert first.source == "sleep  5"
    assert isinstance(first.command, Simple)
    assert isinstance(second.command, Pipeline)
    assert second.source == "echo 'a b' | cat"


def test_here_documents_follow_their_line():
    (sequence,) = read("cat <<A; cat <<B\nof a\nA\nof b\nB\n")
    bodies = [item.command.redirects[0].target.source for item in sequence.items]
    assert bodies == ["of a\n", "of b\n"]


def test_an_alias_is_replaced_where_a_command_stands():
    parser = Parser("e e e", BASH, aliases={"e": "echo ", "echo": "echo"})
    words = [word.source for word in parser.next_command().sequence.items[0].command.words]
    assert words == ["echo", "e", "e"]


def test_what_only_bash_has_is_a_plain_word_for_dash():
    assert isinstance(read("[[ a == b ]]", DASH)[0].items[0].command, Simple)
    with pytest.raises(SyntaxProblem):
        read("a=(1 2)", DASH)
