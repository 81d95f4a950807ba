"""What a real v1.37.2 API server answered, ours answers too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.parity.replaying import Conversation

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_recorded_conversation_goes_the_same_way(case: Path) -> None:
    assert Conversation(json.loads(case.read_text())).differences() == []
