"""Sessions as files: written, and made from them."""

from __future__ import annotations

import asyncio

from django.conf import settings

from cluster_engine.apiserver.requests import ADMIN
from cluster_engine.portable.layout import PortableError
from playground.accounts.visitors import Visitor
from playground.hosting.host import HostFull
from playground.hosting.selectors import site_host
from playground.lab_sessions import secrets
from playground.lab_sessions.archives import files
from playground.lab_sessions.archives.manifests import manifests_of
from playground.lab_sessions.archives.packing import packed, unpacked
from playground.lab_sessions.kinds import Kind, policy_of
from playground.lab_sessions.life import EndReason
from playground.lab_sessions.lifetimes import session_end
from playground.lab_sessions.models import Session
from playground.lab_sessions.openings import (
    Opening,
    address_check,
    kind_check,
    session_new,
    session_settle,
)
from playground.lab_sessions.plans import Wishes
from playground.lab_sessions.problems import Full
from playground.lab_sessions.selectors import archive_parts, archive_turns


async def session_export(*, session: Session) -> bytes:
    """The session as a zip file, with everything in it, Secrets too."""
    host = site_host()
    async with archive_turns().one():
        clock = await host.clock(session.id)
        cluster = await host.portable(session.id)
        manifests = await manifests_of(host, session.id, ADMIN)
        parts = await archive_parts().write(session)
        entries = files.entries_of(session, clock, cluster, manifests, parts)
        return await asyncio.to_thread(packed, entries)


async def session_import(*, data: bytes, visitor: Visitor, address: str) -> Session:
    """A session of the visitor's own from such a file, which may come from anywhere.

    Raises TooMany, Full, TooLarge and Invalid, which names the entry and the fix.
    """
    key = secrets.address_key(address)
    await address_check(key)
    await kind_check(Kind.IMPORT)
    async with archive_turns().one():
        entries = await asyncio.to_thread(unpacked, data)
        about = files.read_about(entries)
        return await _import(entries, about, Opening(visitor, key, Kind.IMPORT))


async def _import(entries: dict[str, bytes], about: files.About, opening: Opening) -> Session:
    wishes = Wishes(
        name=about.name,
        nodes=about.nodes,
        minutes=policy_of(opening.kind).minutes,
        speed=about.speed or 1.0,
        seed=about.seed,
        template=about.template,
    )
    session = session_new(wishes, opening)
    try:
        await site_host().create_portable(
            session.id,
            files.cluster_entries(entries),
            speed=wishes.speed,
            is_paused=about.is_paused,
            limits={"objects_max": settings.PODYARD_SESSION_OBJECTS_MAX},
        )
    except HostFull as full:
        raise Full(str(full)) from None
    except PortableError as error:
        raise files.refused(error) from None
    await session_settle(session, opening)
    try:
        await archive_parts().read(session, entries)
    except BaseException:
        await session_end(session=session, because=EndReason.LOST)
        raise
    return session
