"""The generators of `kubectl create` and `run`, against what the real kubectl 1.33 printed.

golden/create.txt holds its answers, without the `creationTimestamp: null` lines that newer ones
leave out.
"""

from pathlib import Path

import pytest

GOLDEN = Path(__file__).with_name("golden") / "create.txt"
FILES = {
    "hello.txt": "hello\n",
    "env2": 'a=1\n# comment\nb=two\n\nd="x"\n',
    "folder/one": "one\n",
    "folder/two": "two\n",
}


def cases():
    """Each command with what it printed and how it ended."""
    for block in GOLDEN.read_text().removeprefix("$ kubectl ").split("\n$ kubectl "):
        line, _, said = block.partition("\n")
        code = 0
        if said.rstrip("\n").rpartition("\n")[2].startswith("exit "):
            said, _, last = said.rstrip("\n").rpartition("exit ")
            code = int(last)
        yield pytest.param(line, said, code, id=line)


@pytest.mark.parametrize(("line", "said", "code"), cases())
def test_as_the_real_one(console, line, said, code):
    for name, text in FILES.items():
        console.write(name, text)
    result = console.run(line)
    assert result.out + result.err == said
    assert result.code == code
