"""Addresses of accounts: allauth's own below /accounts/, and our pages around them."""

from __future__ import annotations

from allauth.account import urls as account_urls
from allauth.socialaccount import urls as social_urls
from allauth.socialaccount.providers.openid_connect import urls as openid_urls
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from playground.accounts import views
from playground.accounts.providers import providers

#: What of allauth is offered: always, and when e-mail can be sent.
_LOCAL = frozenset(
    (
        "account_login",
        "account_logout",
        "account_inactive",
        "account_signup",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
    )
)
_WITH_EMAIL = frozenset(
    (
        "account_email",
        "account_email_verification_sent",
        "account_confirm_email",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    )
)

Patterns = list[URLPattern | URLResolver]


def login_patterns(*, is_on: bool, has_email: bool, has_providers: bool) -> Patterns:
    """The pages of allauth that this installation has."""
    if not is_on:
        return []
    wanted = _LOCAL | _WITH_EMAIL if has_email else _LOCAL
    chosen = [one for one in account_urls.urlpatterns if getattr(one, "name", "") in wanted]
    patterns: Patterns = [path("accounts/", include(chosen))]
    if has_providers:
        patterns.append(path("accounts/3rdparty/", include(social_urls.urlpatterns)))
        patterns.append(path("accounts/", include(openid_urls.urlpatterns)))
    return patterns


urlpatterns: Patterns = [
    path("account/", views.account, name="account"),
    path("account/data.json", views.data, name="account-data"),
    path("account/delete/", views.delete, name="account-delete"),
    path("account/logout-everywhere/", views.logout_everywhere, name="account-logout-everywhere"),
    path("accounts/welcome/<str:token>/", views.welcome, name="welcome"),
    path("teach/welcome/<str:token>/", views.welcome, name="teach-welcome"),
    path("privacy/", views.privacy, name="privacy"),
    *login_patterns(
        is_on=settings.PODYARD_ACCOUNTS,
        has_email=settings.PODYARD_EMAIL != "none",
        has_providers=bool(providers()),
    ),
]
