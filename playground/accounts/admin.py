"""Accounts in Django's admin: who is here, what they may do, who was invited.

Passwords, tokens and what opens a door are not shown. Operators switch accounts off and on and log
them out; who is staff is decided by superusers alone.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from asgiref.sync import async_to_sync
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest

from playground.accounts.audited import Audited
from playground.accounts.models import FormerVisitor, Grant, Invitation, Person
from playground.accounts.rights import Right
from playground.accounts.services import invitation_make, logins_end
from playground.site.look_only import LookOnly, LookOnlyInline

for model in (User, Group, EmailAddress, SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(model)


@admin.register(User)
class AccountAdmin(Audited, UserAdmin):  # type: ignore[type-arg]
    """Superusers change accounts; operators look, switch them off and on, and log them out."""

    list_display = ("username", "is_active", "group_names", "is_superuser", "last_login")
    list_filter = ("is_active", "groups", "is_superuser")
    search_fields = ("username",)
    ordering = ("-date_joined",)
    actions = ("switch_off", "switch_on", "log_out")
    _FIELDS = ("username", "email", "is_active", "groups", "last_login", "date_joined")

    @admin.display(description="groups")
    def group_names(self, user: User) -> str:
        """In one cell."""
        return ", ".join(group.name for group in user.groups.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With their groups."""
        found: QuerySet[User] = super().get_queryset(request).prefetch_related("groups")
        return found

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who may only look sees no hash of a password either."""
        if self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        return ((None, {"fields": self._FIELDS}),)

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """For the actions below."""
        return bool(request.user.has_perm("accounts.operate_person"))

    @admin.action(description="Switch off, and log out everywhere", permissions=["operate"])
    def switch_off(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """They cannot log in until they are switched on again."""
        self._each(request, chosen, is_active=False)

    @admin.action(description="Switch on", permissions=["operate"])
    def switch_on(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """They can log in again."""
        self._each(request, chosen, is_active=True)

    @admin.action(description="Log out everywhere", permissions=["operate"])
    def log_out(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """They log in again with what they know."""
        self._each(request, chosen, is_active=None)

    def _each(
        self, request: HttpRequest, chosen: QuerySet[User], *, is_active: bool | None
    ) -> None:
        """Operators act on people, never on superusers or on themselves."""
        allowed = chosen.exclude(username=request.user.get_username())
        if not getattr(request.user, "is_superuser", False):
            allowed = allowed.exclude(is_superuser=True)
        for user in allowed:
            if is_active is not None:
                user.is_active = is_active
                user.save(update_fields=["is_active"])
            if not is_active:
                async_to_sync(logins_end)(user=user, but_key=None)
            words = {True: "switched on", False: "switched off", None: "logged out"}[is_active]
            self.log_change(request, user, words)
        self.message_user(request, f"{len(allowed)} of {len(chosen)} accounts.", messages.SUCCESS)


@admin.register(Group)
class RightsAdmin(Audited, GroupAdmin):
    """What each group may do follows accounts.permissions, after each migration anew."""

    list_display = ("name",)


class FormerVisitorInline(LookOnlyInline):
    """What a person was called before."""

    model = FormerVisitor
    fields = readonly_fields = ("visitor", "until")


@admin.register(Person)
class PersonAdmin(LookOnly):
    """The visitor that an account is."""

    list_display = ("name", "user", "visitor", "created_at")
    search_fields = ("name", "user__username", "visitor", "former__visitor")
    list_select_related = ("user",)
    date_hierarchy = "created_at"
    inlines = (FormerVisitorInline,)


@admin.register(FormerVisitor)
class FormerVisitorAdmin(LookOnly):
    """Ids of before."""

    list_display = ("visitor", "person", "until")
    search_fields = ("visitor", "person__name")
    list_select_related = ("person",)


@admin.register(Grant)
class GrantAdmin(Audited):
    """Rights by links; deleting one takes it back."""

    list_display = ("visitor", "right", "expires_at")
    list_filter = ("right",)
    search_fields = ("visitor",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Links give them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only to look at, or to take back."""
        return False


@admin.register(Invitation)
class InvitationAdmin(Audited):
    """A new one shows its link once; afterwards nobody can read it, here neither."""

    list_display = ("id", "right", "note", "made_by", "made_at", "expires_at", "redeemed_at")
    list_filter = ("right", "redeemed_at")
    search_fields = ("note", "redeemed_by")
    list_select_related = ("made_by",)
    date_hierarchy = "made_at"
    exclude = ("token_hash",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new one needs only a right and a note."""
        return ("right", "note") if obj is None else super().get_fields(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deleted and made anew instead."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Make it through the service and show the link."""
        right = Right(obj.right) if obj.right else None
        made_by = request.user if isinstance(request.user, User) else None
        path = async_to_sync(invitation_make)(right=right, made_by=made_by, note=obj.note)
        made = Invitation.objects.latest("id")
        obj.pk, obj.made_at = made.pk, made.made_at
        link = request.build_absolute_uri(path)
        self.message_user(request, f"Good once, and shown only now: {link}", messages.SUCCESS)


@admin.register(EmailAddress)
class EmailAddressAdmin(LookOnly):
    """Addresses people gave."""

    list_display = ("email", "user", "primary", "verified")
    list_filter = ("verified",)
    search_fields = ("email", "user__username")
    list_select_related = ("user",)


@admin.register(SocialAccount)
class SocialAccountAdmin(LookOnly):
    """Logins of other sites; what those told of the person is not shown."""

    list_display = ("user", "provider", "last_login", "date_joined")
    list_filter = ("provider",)
    search_fields = ("user__username", "uid")
    list_select_related = ("user",)
    exclude = ("extra_data",)


@admin.register(LogEntry)
class LogEntryAdmin(LookOnly):
    """What staff did here."""

    list_display = ("action_time", "user", "content_type", "object_repr", "action_flag")
    list_filter = ("action_flag", "content_type")
    search_fields = ("object_repr", "user__username")
    list_select_related = ("user", "content_type")
    date_hierarchy = "action_time"
