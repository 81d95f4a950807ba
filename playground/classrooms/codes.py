"""Words that people type: join codes, rejoin codes, public ids."""

from __future__ import annotations

import secrets

#: Without letters and digits that are mistaken for each other, and without vowels, so that no
#: code is a word.
_ALPHABET = "bcdfghjkmnpqrstvwxz23456789"
_CODE_LENGTH = 6
#: Some 29 bits, tried at most a few times a minute from one address.
_PIN_LENGTH = 6
_ID_LENGTH = 10


def new_code() -> str:
    """A join code."""
    return _word(_CODE_LENGTH)


def new_pin() -> str:
    """What lets a student in again on another device."""
    return _word(_PIN_LENGTH)


def new_id() -> str:
    """A public name of a room or a student."""
    return _word(_ID_LENGTH)


def plain(typed: str) -> str:
    """A code as it was typed: capitals, spaces and dashes do not count."""
    return "".join(letter for letter in typed.lower() if letter.isalnum())[:32]


def shown(code: str) -> str:
    """A code as it is read out: `bcd-fgh`."""
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"


def name_key(name: str) -> str:
    """What makes two nicknames the same."""
    return " ".join(name.split()).casefold()


def _word(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
