"""Fixtures of the site's tests: a host of one's own, and everything forgotten afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from django.apps import apps

from playground.classrooms.services.sessions import classrooms_listen
from playground.hosting.local import LocalHost
from playground.hosting.quotas import Allowances, HostLimits
from playground.lab_sessions.access import AccessBook
from playground.lab_sessions.activity import Activity
from playground.lab_sessions.announcer import Announcer
from playground.lessons.services import lessons_listen
from playground.lessons.tracking import Tracker
from playground.live.attendance import Attendance
from playground.live.rooms import Rooms
from playground.live.services import member_show, session_show
from playground.live.terminals import Terminals
from playground.serving import life


@pytest.fixture
async def host() -> AsyncIterator[LocalHost]:
    """The site's host, on this test's event loop."""
    made = LocalHost(limits=HostLimits(clusters_max=20, streams_per_cluster_max=50))
    apps.get_app_config("hosting").host = made
    sessions = apps.get_app_config("lab_sessions")
    sessions.access_book, sessions.announcer = AccessBook(), Announcer()
    sessions.activity = Activity()
    sessions.allowances = Allowances()
    sessions.announcer.session_listeners.append(session_show)
    sessions.announcer.member_listeners.append(member_show)
    live = apps.get_app_config("live")
    live.rooms, live.terminals, live.attendance = Rooms(), Terminals(), Attendance()
    lessons = apps.get_app_config("lessons")
    lessons.tracker = Tracker()
    lessons_listen()
    classrooms_listen()
    yield made
    await life.end()
    await lessons.tracker.stop()
    await made.close_all()
