"""Every source a check may have, by its key in lesson.yaml."""

from __future__ import annotations

from playground.lessons.checks.check import Source
from playground.lessons.checks.sources.events import Events
from playground.lessons.checks.sources.files import FileInPod
from playground.lessons.checks.sources.http import HttpAnswer
from playground.lessons.checks.sources.logs import ContainerLog
from playground.lessons.checks.sources.objects import ManyObjects, OneObject
from playground.lessons.checks.sources.scheduling import Scheduling
from playground.lessons.format.fields import Fields

SOURCES = (OneObject, ManyObjects, FileInPod, HttpAnswer, ContainerLog, Events, Scheduling)
BY_KEY = {source.key: source for source in SOURCES}


def read_source(key: str, fields: Fields) -> Source:
    """The source of that key."""
    source: Source = BY_KEY[key].read(fields)
    fields.done()
    return source
