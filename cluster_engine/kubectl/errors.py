"""What goes wrong, and how kubectl prints it.

Models: k8s.io/kubectl/pkg/cmd/util/helpers.go CheckErr (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cluster_engine.apimachinery.objects import Object


class KubectlError(Exception):
    """A refusal of kubectl itself, printed as "error: …"."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def text(self) -> str:
        """What is printed, without the newline at the end."""
        if self.message.startswith("error: "):
            return self.message
        return f"error: {self.message}"

    def listed(self) -> str:
        """As one of several."""
        return self.message


class PlainError(KubectlError):
    """Printed as it is."""

    def text(self) -> str:
        return self.message


class SilentExit(KubectlError):
    """Ends with a code; everything has been said."""

    def __init__(self, code: int = 1) -> None:
        super().__init__("", code)

    def text(self) -> str:
        return ""


class StatusError(KubectlError):
    """The server's refusal: a `Status`."""

    def __init__(self, status: Object, message: str = "") -> None:
        super().__init__(message or status.get("message", ""))
        self.status = status
        self.reason: str = status.get("reason", "")

    def during(self, verb: str, source: str) -> StatusError:
        """The same, saying what was done with which file."""
        return StatusError(self.status, f'error when {verb} "{source}": {self.message}')

    @property
    def is_not_found(self) -> bool:
        return self.reason == "NotFound"

    def text(self) -> str:
        if self.reason == "Invalid":
            return self._invalid_text()
        if self.reason == "Unauthorized":
            return f"error: You must be logged in to the server ({self.message})"
        return self._standard_text()

    def listed(self) -> str:
        return self.text() if self.reason != "Invalid" else self._standard_text()

    def _standard_text(self) -> str:
        if self.reason:
            return f"Error from server ({self.reason}): {self.message}"
        return f"Error from server: {self.message}"

    def _invalid_text(self) -> str:
        details: dict[str, Any] | None = self.status.get("details")
        subject = "The request is invalid"
        if details is None:
            return f"{subject}: {self.message}" if self.message else subject
        causes = details.get("causes") or []
        if details.get("kind") or details.get("name"):
            subject = f'The {details.get("kind", "")} "{details.get("name", "")}" is invalid'
        elif self.message and not causes:
            subject = f"{subject}: {self.message}"
        lines = [f"{cause.get('field', '')}: {cause.get('message', '')}" for cause in causes]
        lines = list(dict.fromkeys(lines))
        if not lines:
            return subject
        if len(lines) == 1:
            return f"{subject}: {lines[0]}"
        return "\n".join([f"{subject}: ", *(f"* {line}" for line in lines)])


class Several(KubectlError):
    """More than one thing went wrong."""

    def __init__(self, errors: Sequence[KubectlError], code: int = 1) -> None:
        super().__init__("[" + ", ".join(error.message for error in errors) + "]", code)
        self.errors = list(errors)

    def text(self) -> str:
        return "\n".join(error.listed() for error in self.errors)


class UsageError(KubectlError):
    """The command was called wrongly: the message, then where help is."""

    def __init__(self, message: str, command: str) -> None:
        super().__init__(f"{message}\nSee '{command} -h' for help and examples")


class HelpError(KubectlError):
    """The command was called wrongly: its help, then the message if there is one."""

    def text(self) -> str:
        return super().text() if self.message else ""


class FlagError(KubectlError):
    """A flag that does not parse."""

    def __init__(self, message: str, command: str) -> None:
        super().__init__(f"{message}\nSee '{command} --help' for usage.")


def raise_all(errors: Sequence[KubectlError]) -> None:
    """Raise what was collected, if anything."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise Several(errors)
