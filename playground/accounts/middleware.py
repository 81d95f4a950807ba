"""Keeps a browser's visitor cookie in step with its login, on the pages that know of logins."""

from __future__ import annotations

from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from playground.accounts.models import Person
from playground.accounts.people import is_account_visitor, person_enter, visitor_for
from playground.accounts.providers import provider_origins
from playground.accounts.visitors import Visitor, new_visitor, remember, visitor_of


class VisitorMiddleware(MiddlewareMixin):
    """Logged in: the cookie is the account's. Logged out: a fresh guest's, never the account's."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Runs after the page, so it sees logging in and out."""
        visitor = visitor_of(request.COOKIES)
        user = request.user
        if user.is_authenticated:
            person = Person.objects.filter(user=user).first()
            if person is None or visitor is None or not _is_in_step(visitor, person):
                person = person_enter(user=user, guest=visitor)
                remember(request, response, visitor_for(person))
        elif visitor is not None and is_account_visitor(visitor):
            remember(request, response, new_visitor())
        return response


def _is_in_step(visitor: Visitor, person: Person) -> bool:
    known = (visitor.id, visitor.name, visitor.color)
    return visitor.has_account and known == (person.visitor, person.name, person.color)


class ProvidersMiddleware(MiddlewareMixin):
    """Lets the forms of login pages lead to the OpenID providers: browsers check redirects too."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Only when there are providers."""
        origins = provider_origins()
        if origins:
            policy = build_policy(update={"form-action": origins})
            response.headers["Content-Security-Policy"] = policy
        return response
