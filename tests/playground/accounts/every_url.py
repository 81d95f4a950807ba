"""The site's addresses with every page of allauth that an installation may have."""

from __future__ import annotations

from playground import urls
from playground.accounts.urls import login_patterns

urlpatterns = [
    *login_patterns(is_on=True, has_email=True, has_providers=True),
    *urls.urlpatterns,
]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler429, handler500 = urls.handler404, urls.handler429, urls.handler500
