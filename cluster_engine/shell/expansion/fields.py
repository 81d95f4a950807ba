"""What expansion makes of a word before it is split: pieces; and how fields come from them."""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.shell.expansion.pattern import escape

FIELDS_MAX = 20_000
_WHITE = " \t\n"


@dataclass(slots=True)
class Piece:
    """A run of text. Quoted text is neither split nor globbed; `is_split`: it came from a
    parameter or command and is split at IFS. `is_break`: a new field begins here ("$@")."""

    text: str
    is_quoted: bool = False
    is_split: bool = False
    is_break: bool = False


#: A field before globbing: (text, is quoted) side by side.
Field = list[tuple[str, bool]]


def split(pieces: list[Piece], separators: str) -> list[Field]:
    """Pieces to fields, split at the signs of IFS."""
    fields: list[Field] = []
    current: Field | None = None
    for piece in pieces:
        if len(fields) > FIELDS_MAX:
            break
        if piece.is_break:
            if current is not None:
                fields.append(current)
            current = None
        elif piece.is_quoted or not piece.is_split or not separators:
            if piece.text or piece.is_quoted:
                current = [*(current or []), (piece.text, piece.is_quoted)]
        else:
            current = _split_piece(piece.text, separators, fields, current)
    if current is not None:
        fields.append(current)
    return fields


def _split_piece(
    text: str, separators: str, fields: list[Field], current: Field | None
) -> Field | None:
    white = "".join(sign for sign in separators if sign in _WHITE)
    at = 0
    while at < len(text):
        start = at
        while at < len(text) and text[at] not in separators:
            at += 1
        if at > start:
            current = [*(current or []), (text[start:at], False)]
        if at == len(text):
            return current
        seen_hard = False
        while at < len(text) and text[at] in separators:
            if text[at] not in white:
                if seen_hard:
                    break
                seen_hard = True
            at += 1
        if current is not None:
            fields.append(current)
        elif seen_hard:
            fields.append([("", False)])
        current = None
    return current


def text_of(field: Field) -> str:
    """The field's text."""
    return "".join(text for text, _ in field)


def pattern_of(field: Field) -> str:
    """The field as a pattern: quoted text stands for itself."""
    return "".join(escape(text) if is_quoted else text for text, is_quoted in field)


def joined(pieces: list[Piece], separator: str = " ") -> str:
    """Pieces without splitting, as in an assignment."""
    found: list[str] = []
    for piece in pieces:
        if piece.is_break:
            if found:
                found.append(separator)
        else:
            found.append(piece.text)
    return "".join(found)


def joined_pattern(pieces: list[Piece]) -> str:
    """Pieces as a pattern, as in `case`."""
    return "".join(
        " " if piece.is_break else escape(piece.text) if piece.is_quoted else piece.text
        for piece in pieces
    )
