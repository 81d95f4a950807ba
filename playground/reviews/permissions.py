"""Who may do what at the review desk. Reads only; services and selectors ask here."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from playground.accounts.rights import Right
from playground.accounts.selectors import account_of, has_right
from playground.accounts.visitors import Visitor
from playground.lab_sessions.models import Membership, Session
from playground.lab_sessions.problems import Forbidden, NotFound
from playground.lab_sessions.roles import Role
from playground.reviews.life import Act, State, possible
from playground.reviews.models import Desk, Submission

_REVEAL = "reviews.reveal_secret"


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is to a submission."""

    is_submitter: bool
    is_reviewer: bool

    def may(self, submission: Submission) -> list[str]:
        """What they may do with it now, in the API's words."""
        state = State(submission.state)
        acts = possible(state)
        words = ["comment"]
        if self.is_reviewer and not state.is_over:
            words.append("assign")
        if self.is_reviewer and not self.is_submitter:
            reviewers = (Act.APPROVE, Act.REJECT, Act.REQUEST_CHANGES)
            words += [act.value for act in reviewers if act in acts]
        if self.is_submitter:
            words += ["resubmit"] if Act.SUBMIT in acts else []
            words += [Act.WITHDRAW.value] if Act.WITHDRAW in acts else []
        return words


def teachers() -> QuerySet[Membership]:
    """The teachers who review in their sessions: not where somebody else than the owner has
    switched review on, since owners say who is a teacher, and are the ones who are held back."""
    session, switched_by = OuterRef("session"), OuterRef("session__desk__switched_by")
    owners = Membership.objects.filter(session=session, role=Role.OWNER.value)
    is_theirs = Exists(owners.filter(visitor=switched_by))
    is_free = Q(session__desk=None) | Q(session__desk__switched_by="")
    return Membership.objects.filter(is_free | is_theirs, role=Role.TEACHER.value)


async def is_reviewer_everywhere(visitor: Visitor | None) -> bool:
    """Whether somebody has the right `review`."""
    return visitor is not None and await has_right(visitor.id, Right.REVIEW)


async def is_reviewer_of(session_id: str, visitor: Visitor | None) -> bool:
    """Whether somebody reviews in a session: by right, as its teacher, or because it is theirs."""
    if visitor is None:
        return False
    if await Desk.objects.filter(session_id=session_id, switched_by=visitor.id).aexists():
        return True
    if await teachers().filter(session_id=session_id, visitor=visitor.id).aexists():
        return True
    return await is_reviewer_everywhere(visitor)


async def standing_of(submission: Submission, visitor: Visitor | None) -> Standing:
    """What somebody is to a submission. Raises NotFound for strangers."""
    is_submitter = visitor is not None and visitor.id == submission.submitter
    standing = Standing(is_submitter, await is_reviewer_of(submission.session_id, visitor))
    if not standing.is_submitter and not standing.is_reviewer:
        raise NotFound(f"there is no submission {submission}, or it is not yours to see")
    return standing


async def may_switch(session: Session, visitor: Visitor | None) -> bool:
    """Whether somebody may switch review on and off: reviewers, and the owner unless it was
    somebody else who switched it on."""
    if visitor is None:
        return False
    if await is_reviewer_of(session.id, visitor):
        return True
    desk = await Desk.objects.filter(session=session).afirst()
    if desk is not None and desk.switched_by not in ("", visitor.id):
        return False
    owners = Membership.objects.filter(session=session, role=Role.OWNER.value)
    return await owners.filter(visitor=visitor.id).aexists()


async def check_reveal(visitor: Visitor | None, standing: Standing) -> None:
    """Raises Forbidden unless somebody may see Secrets' values: their own, or by permission."""
    if standing.is_submitter:
        return
    user = await account_of(visitor.id) if visitor is not None else None
    if user is None or not await user.ahas_perm(_REVEAL):
        raise Forbidden("the values of Secrets are shown to those with the permission for it only")


async def check_audit(visitor: Visitor | None) -> None:
    """Raises Forbidden unless somebody may read the audit log."""
    if not await is_reviewer_everywhere(visitor):
        raise Forbidden("the audit log is for reviewers and operators")
