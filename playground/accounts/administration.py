"""Django's admin as this site has it: for superusers and the three groups, logins that are counted,
and changes that are written to the audit log.
"""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from playground.accounts.rights import GROUPS
from playground.site import errors


class PodyardAdminSite(admin.AdminSite):
    """`/admin/`."""

    site_header = "Podyard administration"
    site_title = "Podyard"
    index_title = "Everything that is kept"
    site_url = "/"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Superusers, and who is in one of the groups; each sees what the table grants."""
        user = request.user
        if not user.is_active:
            return False
        return bool(
            getattr(user, "is_superuser", False)
            or (user.is_authenticated and user.groups.filter(name__in=GROUPS).exists())
        )

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The site's own login page, which counts attempts; here only where accounts are off."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        if settings.PODYARD_ACCOUNTS and not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next", "/admin/"), "account_login")
        is_trying = request.method == "POST"
        if is_trying and not ratelimit.consume(request, action="login_failed", key=_name(request)):
            return errors.too_many(request)
        answer: HttpResponse = super().login(request, extra_context)
        return answer

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The site's own page, which also logs other browsers out."""
        if settings.PODYARD_ACCOUNTS:
            return redirect("account_change_password")
        answer: HttpResponse = super().password_change(request, extra_context)
        return answer


def _name(request: HttpRequest) -> str:
    return request.POST.get("username", "").casefold()
