"""Flags as pflag reads them."""

import pytest

from cluster_engine.kubectl.errors import FlagError
from cluster_engine.kubectl.flags import (
    ARRAY,
    DURATION,
    INT,
    STRING,
    STRINGS,
    Flag,
    duration_ms,
    duration_text,
    parse,
    switch,
)

FLAGS = (
    switch("watch", "w"),
    switch("headers", "", default=True),
    Flag("output", "o", STRING, ""),
    Flag("filename", "f", STRINGS),
    Flag("literal", "", ARRAY),
    Flag("tail", "", INT, -1),
    Flag("timeout", "", DURATION, 0),
    Flag("dry-run", "", STRING, "none", bare="unchanged"),
)


def read(*words):
    return parse(words, FLAGS, "kubectl get")


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        (("-w",), "watch", True),
        (("--watch=false",), "watch", False),
        (("--headers=0",), "headers", False),
        (("-oyaml",), "output", "yaml"),
        (("-o=yaml",), "output", "yaml"),
        (("-o", "yaml"), "output", "yaml"),
        (("-wo", "json"), "output", "json"),
        (("--output=a=b",), "output", "a=b"),
        (("-f", "a,b", "-f", "c"), "filename", ["a", "b", "c"]),
        (("--literal", "a,b", "--literal=c"), "literal", ["a,b", "c"]),
        (("--filename", '"a,b",c'), "filename", ["a,b", "c"]),
        (("--tail", "-1"), "tail", -1),
        (("--timeout=1m30s",), "timeout", 90_000),
        (("--dry-run",), "dry-run", "unchanged"),
        (("--dry-run=client",), "dry-run", "client"),
        (("--dry_run=client",), "dry-run", "client"),
    ],
)
def test_values(words, name, value):
    parsed = read(*words)
    assert parsed[name] == value
    assert parsed.has(name)


def test_arguments_may_stand_between_flags_and_end_at_two_dashes():
    parsed = read("pods", "-w", "web", "--", "-x", "--y")
    assert parsed.arguments == ["pods", "web", "-x", "--y"]
    assert parsed.dash == 2


def test_a_dash_alone_is_an_argument():
    assert read("-").arguments == ["-"]


def test_defaults_are_not_shared_between_calls():
    read()["filename"].append("x")
    assert read()["filename"] == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--nope",), "unknown flag: --nope"),
        (("-wx",), "unknown shorthand flag: 'x' in -wx"),
        (("--output",), "flag needs an argument: --output"),
        (("-o",), "flag needs an argument: 'o' in -o"),
        (
            ("--tail=x",),
            'invalid argument "x" for "--tail" flag: strconv.ParseInt: parsing "x": invalid syntax',
        ),
        (
            ("--watch=maybe",),
            'invalid argument "maybe" for "-w, --watch" flag: strconv.ParseBool: parsing "maybe": '
            "invalid syntax",
        ),
        (
            ("--timeout=5",),
            'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"',
        ),
        (("--=x",), "bad flag syntax: --=x"),
    ],
)
def test_refusals(words, message):
    with pytest.raises(FlagError) as caught:
        read(*words)
    assert caught.value.message == f"{message}\nSee 'kubectl get --help' for usage."


@pytest.mark.parametrize(
    ("text", "amount"),
    [("0", 0), ("1.5s", 1500), ("2h", 7_200_000), ("-5s", -5000), ("100ms", 100), (".5m", 30_000)],
)
def test_durations(text, amount):
    assert duration_ms(text) == amount


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0s"), (90_000, "1m30s"), (3_600_000, "1h0m0s"), (250, "250ms"), (1500, "1.5s")],
)
def test_durations_as_go_prints_them(amount, text):
    assert duration_text(amount) == text
