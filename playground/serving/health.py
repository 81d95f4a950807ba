"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
async def healthz(request: HttpRequest) -> HttpResponse:
    """The event loop answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
async def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers too."""
    try:
        await sync_to_async(_ask_database)()
    except DatabaseError as error:
        return JsonResponse({"ready": False, "database": str(error)}, status=503)
    return JsonResponse({"ready": True, "database": "ok"})


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM lab_sessions_session")
        cursor.fetchone()
