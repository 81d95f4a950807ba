"""A browser for tests: cookies, forms with their tokens, and the session it keeps."""

from __future__ import annotations

import re
from typing import Any

from django.test import AsyncClient

from playground.accounts.visitors import Visitor, visitor_of

PASSWORD = "correct horse 7"


class Browser:
    """Sends forms as a page does; forgeries would be refused."""

    def __init__(self) -> None:
        self.client = AsyncClient(enforce_csrf_checks=True)

    @property
    def visitor(self) -> Visitor | None:
        """Whom its cookie names."""
        return visitor_of({name: morsel.value for name, morsel in self.client.cookies.items()})

    @property
    def visitor_id(self) -> str:
        """Of a browser that has a cookie."""
        assert self.visitor is not None
        return self.visitor.id

    async def get(self, path: str) -> Any:
        """A page."""
        return await self.client.get(path)

    async def post(self, path: str, data: dict[str, str] | None = None, page: str = "") -> Any:
        """A form of a page, which is fetched first for its token."""
        shown = await self.client.get(page or path)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown.content.decode())
        assert token is not None, f"{page or path} has no form: {shown.status_code}"
        return await self.client.post(path, {**(data or {}), "csrfmiddlewaretoken": token[1]})

    async def start(self) -> str:
        """A session of one's own; its id."""
        answer = await self.post("/")
        return str(answer.headers["location"].strip("/").rpartition("/")[2])

    async def sign_up(self, name: str, password: str = PASSWORD) -> Any:
        """A new account."""
        form = {"username": name, "password1": password, "password2": password}
        return await self.post("/accounts/signup/", form)

    async def log_in(self, name: str, password: str = PASSWORD) -> Any:
        """With a password."""
        return await self.post("/accounts/login/", {"login": name, "password": password})

    async def log_out(self) -> Any:
        """From the account page."""
        return await self.post("/accounts/logout/")
