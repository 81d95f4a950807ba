"""What allauth asks of us: who may sign up, where a request comes from, where to go afterwards."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from playground.accounts.models import Invitation, Person
from playground.accounts.people import person_log_out_everywhere
from playground.site.addresses import client_address

#: Where a browser's session remembers the hash of the invitation it came with.
INVITATION = "podyard_invitation"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Local accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """As PODYARD_SIGNUP says; an invitation counts until it is used."""
        if settings.PODYARD_SIGNUP == "invitation":
            return bool(_unused(request).exists())
        return bool(settings.PODYARD_SIGNUP == "open")

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """An invitation that only lets somebody sign up is used up by that."""
        made = super().save_user(request, user, form, commit)
        if commit:
            _unused(request).filter(right="").update(redeemed_at=timezone.now())
        return made

    def set_password(self, user: Any, password: str) -> None:
        """A new password logs every other browser out."""
        super().set_password(user, password)
        person = Person.objects.filter(user=user).first()
        if person is not None:
            person_log_out_everywhere(person=person)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords count per name and address: nobody is locked out from elsewhere."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{client_address(request)}"

    def get_client_ip(self, request: HttpRequest) -> str:
        """As everywhere else on the site."""
        return client_address(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's account."""
        return str(settings.LOGIN_REDIRECT_URL)

    def add_message(self, *arguments: Any, **named: Any) -> None:
        """None: the next page shows what happened."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Logins of other sites. The operator chose the providers; whoever they know may come in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Always."""
        return True

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        """Back to one's account."""
        return str(settings.LOGIN_REDIRECT_URL)


def _unused(request: HttpRequest) -> Any:
    known = str(request.session.get(INVITATION, ""))
    return Invitation.objects.filter(
        token_hash=known, redeemed_at__isnull=True, expires_at__gt=timezone.now()
    )
