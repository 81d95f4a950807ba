"""From the cluster's record of writes to rows: the record, and the submissions that wait.

Everything of one batch is one transaction, together with the cursor, so a batch that comes twice
(after a crash, from two tasks) is taken once.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cluster_engine.apiserver.person_writes import PersonWrite
from playground.audit.services import Who, audit_append
from playground.lab_sessions.models import Session
from playground.reviews.findings import findings_of
from playground.reviews.items import packed, title_of
from playground.reviews.life import Act, State, after
from playground.reviews.models import Desk, Item, Submission, Version, Write
from playground.reviews.notices import notice_queue
from playground.reviews.rules import rules_here
from playground.reviews.texts import joined, shown

logger = logging.getLogger(__name__)

#: Request ids of a version that is handed in at the desk: "review/<submission>/…".
RESUBMITTED = "review/"
_UNDECIDED = [state.value for state in State if state.is_undecided]
_CANDIDATES_MAX = 50
_FORGET_EVERY = 50
_NAME, _LONG = 120, 253
_TEXTS = ("command", "path", "query", "content_type", "user_agent", "namespace", "name", "message")


def writes_take(batches: Mapping[str, Sequence[PersonWrite]]) -> int:
    """Store what is new, by session; how many writes that were."""
    try:
        with transaction.atomic():
            return _take(batches)
    except Exception:
        if len(batches) == 1:
            raise
        logger.exception("a batch of writes could not be stored; trying one session at a time")
    return sum(_take_alone({key: writes}) for key, writes in batches.items())


def _take_alone(batch: Mapping[str, Sequence[PersonWrite]]) -> int:
    try:
        with transaction.atomic():
            return _take(batch)
    except Exception:
        logger.exception("writes of session %s could not be stored", *batch)
        return 0


def _take(batches: Mapping[str, Sequence[PersonWrite]]) -> int:
    """Few queries, however many sessions there are: this runs some times a second."""
    now = timezone.now()
    rows: list[Write] = []
    moved: list[tuple[Desk, int]] = []
    for desk in _desks(batches):
        new = [write for write in batches[desk.session_id] if write.sequence > desk.drained]
        fresh = [storable(write) for write in new]
        if fresh:
            rows += _rows(desk.session_id, fresh, now)
            moved.append((desk, desk.drained))
            desk.drained = fresh[-1].sequence
    Write.objects.bulk_create(rows, ignore_conflicts=True)
    Desk.objects.bulk_update([desk for desk, _ in moved], ["drained"])
    for desk, before in moved:
        _forget_oldest(desk, before)
    return len(rows)


def _desks(session_ids: Iterable[str]) -> list[Desk]:
    """The desks of the sessions that there are, locked, in one order for all writers."""
    known = Session.objects.filter(id__in=list(session_ids))
    wanted = set(known.values_list("id", flat=True))
    held = set(Desk.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    missing = [Desk(session_id=session_id) for session_id in sorted(wanted - held)]
    if missing:
        Desk.objects.bulk_create(missing, ignore_conflicts=True)
    return list(Desk.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))


def storable(write: PersonWrite) -> PersonWrite:
    """A write without NUL, which PostgreSQL takes in no text. Clusters refuse it in names, and name
    what they refuse."""
    found = {name: getattr(write, name) for name in _TEXTS}
    cut = {name: text.replace("\0", "\ufffd") for name, text in found.items() if "\0" in text}
    return replace(write, **cut) if cut else write


def _rows(session_id: str, fresh: Sequence[PersonWrite], now: datetime.datetime) -> list[Write]:
    rows = [_row(session_id, write, now) for write in fresh]
    if any(write.submission for write in fresh):
        waiting = _Waiting(session_id, now)
        for row, write in zip(rows, fresh, strict=True):
            if write.submission:
                row.submission = waiting.add(write)
        waiting.finish()
    return rows


def _row(session_id: str, write: PersonWrite, now: datetime.datetime) -> Write:
    seen = shown(write)
    return Write(
        session_id=session_id,
        sequence=write.sequence,
        at=now,
        time_ms=write.time_ms,
        person=write.caller.id,
        person_name=write.caller.name[:_NAME],
        source=write.caller.source,
        command=write.command,
        act=seen.verb,
        verb=write.verb,
        api_version=write.api_version[:_LONG],
        kind=write.kind,
        namespace=write.namespace[:_LONG],
        name=write.name[:_LONG],
        subresource=write.subresource,
        text=_cut(seen.text, settings.PODYARD_WRITE_TEXT_BYTES_MAX).replace("\0", "\ufffd"),
        code=write.code,
        reason=write.reason,
        message=write.message,
        revision=write.revision,
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}\n# … {len(text) - most} more characters\n"


def _forget_oldest(desk: Desk, before: int) -> None:
    """Now and then: what is beyond the newest that are kept."""
    oldest = desk.drained - settings.PODYARD_WRITES_KEPT_MAX
    if oldest > 0 and desk.drained // _FORGET_EVERY != before // _FORGET_EVERY:
        Write.objects.filter(session_id=desk.session_id, sequence__lte=oldest).delete()


class _Waiting:
    """The submissions that a batch adds to."""

    def __init__(self, session_id: str, now: datetime.datetime) -> None:
        self._session_id = session_id
        self._now = now
        self._versions: dict[int, Version] = {}
        #: Versions that this batch has begun.
        self._begun: list[Version] = []

    def add(self, write: PersonWrite) -> Submission | None:
        """Add a write to its version; None when there is no room, or it came too late."""
        version = self._versions.get(write.submission)
        if version is None:
            known = Version.objects.filter(session_id=self._session_id, number=write.submission)
            version = known.select_related("submission").first() or self._begin(write)
            if version is None:
                return None
            self._versions[write.submission] = version
        submission = version.submission
        if not State(submission.state).is_undecided or version.version != submission.version:
            return submission
        self._add_item(version, write)
        return submission

    def finish(self) -> None:
        """Bring texts, findings and summaries up to date; tell whoever wants to know."""
        for version in self._versions.values():
            _refresh(version, self._now)
        for version in self._begun:
            submission = version.submission
            data = {"version": version.version, "source": version.source, "title": submission.title}
            who = Who(submission.submitter, submission.submitter_name)
            audit_append(
                who=who, action="review.submitted", subject=f"submission {submission}", data=data
            )
            notice_queue(submission, "submitted", who)

    def _begin(self, write: PersonWrite) -> Version | None:
        submission = self._known(write) or self._new(write)
        if submission is None:
            return None
        state = after(State(submission.state), Act.SUBMIT)
        submission.state = (state or State.OPEN).value
        submission.version += 1
        submission.result = None
        submission.save()
        version = Version.objects.create(
            submission=submission,
            session_id=self._session_id,
            version=submission.version,
            number=write.submission,
            at=self._now,
            source=write.caller.source,
            command=write.command,
        )
        self._begun.append(version)
        return version

    def _known(self, write: PersonWrite) -> Submission | None:
        """The undecided submission of the same person that this is a new version of."""
        mine = Submission.objects.filter(
            session_id=self._session_id,
            submitter=write.caller.id,
            state__in=_UNDECIDED,
            version__lt=settings.PODYARD_SUBMISSION_VERSIONS_MAX,
        )
        if write.request_id.startswith(RESUBMITTED):
            number = write.request_id.split("/")[1]
            return mine.filter(pk=int(number)).first() if number.isdecimal() else None
        if write.subresource == "exec" or not write.name:
            return None
        seen = shown(write)
        for submission in mine.order_by("-updated_at")[:_CANDIDATES_MAX]:
            same = Item.objects.filter(
                version__submission=submission,
                version__version=submission.version,
                resource=write.resource,
                namespace=write.namespace,
                name=write.name,
                subresource=write.subresource,
            )
            # Another text of a manifest is meant instead; another patch of its object, beside.
            alike = {"is_manifest": True} if seen.is_manifest else {"text": seen.text}
            if same.filter(**alike).exists():
                return submission
        return None

    def _new(self, write: PersonWrite) -> Submission | None:
        if not _has_room(self._session_id):
            return None
        return Submission.objects.create(
            session_id=self._session_id,
            number=write.submission,
            submitter=write.caller.id,
            submitter_name=write.caller.name[:_NAME],
            source=write.caller.source,
            command=write.command,
            created_at=self._now,
            updated_at=self._now,
        )

    def _add_item(self, version: Version, write: PersonWrite) -> None:
        if version.is_cut:
            return
        held = list(version.items.values_list("size", flat=True))
        if sum(held) + len(write.body) > settings.PODYARD_SUBMISSION_BYTES_MAX:
            version.is_cut = True
            return
        seen = shown(write)
        Item.objects.create(
            version=version,
            position=len(held),
            sequence=write.sequence,
            act=seen.verb,
            verb=write.verb,
            method=write.method,
            path=write.path,
            query=write.query,
            content_type=write.content_type[:200],
            user_agent=write.user_agent,
            sealed=packed(write),
            size=len(write.body),
            text=seen.text.replace("\0", "\ufffd"),
            api_version=write.api_version[:_LONG],
            kind=write.kind,
            resource=write.resource,
            namespace=write.namespace[:_LONG],
            name=write.name[:_LONG],
            subresource=write.subresource,
            is_manifest=seen.is_manifest,
            is_secret=seen.is_secret,
        )


def _has_room(session_id: str) -> bool:
    """Whether one more submission is kept; the oldest that is over makes room."""
    held = Submission.objects.filter(session_id=session_id)
    if held.count() < settings.PODYARD_SUBMISSIONS_PER_SESSION_MAX:
        return True
    over = [state.value for state in State if state.is_over]
    oldest = held.filter(state__in=over).order_by("updated_at").first()
    if oldest is None:
        return False
    oldest.delete()
    return True


def _refresh(version: Version, now: datetime.datetime) -> None:
    """The version's text and findings from its items, the submission's summary from those."""
    items = list(version.items.all())
    version.text, lines = joined([item.text for item in items])
    for item, line in zip(items, lines, strict=True):
        if item.line != line:
            item.line = line
            item.save(update_fields=["line"])
    has_manifests = any(item.is_manifest for item in items)
    findings = findings_of(version.text, rules=rules_here()) if has_manifests else []
    version.findings = [finding.body() for finding in findings]
    version.save()
    submission = version.submission
    if submission.version != version.version:
        return
    submission.updated_at = now
    submission.title = title_of(items)
    submission.source, submission.command = version.source, version.command
    submission.documents = len(items)
    submission.kinds = sorted({item.kind for item in items})
    submission.namespaces = sorted({item.namespace for item in items if item.namespace})
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.severity.value] = counts.get(finding.severity.value, 0) + 1
    submission.findings = counts
    submission.save()
