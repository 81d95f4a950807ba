"""Sessions in Django's admin: to look at, and to end; what opens them is not shown."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from playground.accounts.audited import Audited
from playground.lab_sessions.life import EndReason, State
from playground.lab_sessions.lifetimes import session_end
from playground.lab_sessions.models import Membership, Session, ShareLink, WaitingTicket
from playground.site.look_only import LookOnly, LookOnlyInline


class MembershipInline(LookOnlyInline):
    """Who is in a session."""

    model = Membership
    fields = readonly_fields = ("name", "visitor", "role", "joined_at", "link")


class ShareLinkInline(LookOnlyInline):
    """Which links let people in."""

    model = ShareLink
    fields = readonly_fields = ("role", "label", "uses", "expires_at", "revoked_at")


@admin.register(Session)
class SessionAdmin(LookOnly, Audited):
    """A list of sessions. Operators may end them; a record goes by itself."""

    list_display = ("id", "name", "kind", "state", "nodes", "active_at", "expires_at")
    list_filter = ("state", "kind", "ended_because")
    search_fields = ("id", "name", "members__visitor", "members__name", "address")
    date_hierarchy = "created_at"
    exclude = ("nonce",)
    inlines = (MembershipInline, ShareLinkInline)
    actions = ("end",)

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """For ending sessions."""
        return bool(request.user.has_perm("accounts.operate_person"))

    @admin.action(description="End these sessions", permissions=["operate"])
    def end(self, request: HttpRequest, chosen: QuerySet[Session]) -> None:
        """Their people are told that the operator did it."""
        ended = 0
        for session in chosen.exclude(state=State.ENDED.value):
            async_to_sync(session_end)(session=session, because=EndReason.OPERATOR)
            self.log_change(request, session, "ended")
            ended += 1
        self.message_user(request, f"{ended} sessions ended.", messages.SUCCESS)


@admin.register(Membership)
class MembershipAdmin(LookOnly):
    """Who is where, across sessions."""

    list_display = ("visitor", "name", "role", "session", "joined_at")
    list_filter = ("role",)
    search_fields = ("visitor", "name", "session__id", "session__name")
    list_select_related = ("session",)


@admin.register(ShareLink)
class ShareLinkAdmin(LookOnly):
    """Links, without what makes them work."""

    list_display = ("id", "session", "role", "label", "uses", "expires_at", "revoked_at")
    list_filter = ("role",)
    search_fields = ("label", "session__id", "session__name", "created_by")
    list_select_related = ("session",)


@admin.register(WaitingTicket)
class WaitingTicketAdmin(LookOnly):
    """Who waits for a place, without the secret of their ticket."""

    list_display = ("name", "kind", "created_at", "seen_at", "session")
    list_display_links = None
    list_filter = ("kind",)
    search_fields = ("name", "visitor")
    exclude = ("secret",)
    list_select_related = ("session",)
