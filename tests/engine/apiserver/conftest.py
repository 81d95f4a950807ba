"""An API server for each test."""

import pytest

from tests.engine.apiserver.served import Served


@pytest.fixture
def served() -> Served:
    return Served()
