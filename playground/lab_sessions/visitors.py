"""People, as the sessions know them: see playground.accounts.visitors, where they live."""

from __future__ import annotations

from playground.accounts.visitors import COOKIE, Visitor, new_visitor, remember, visitor_of

__all__ = ["COOKIE", "Visitor", "new_visitor", "remember", "visitor_of"]
