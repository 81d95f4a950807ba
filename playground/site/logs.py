"""Keeps secrets out of the log: the secret in a cluster's address is a password."""

from __future__ import annotations

import logging
import re

#: What comes before a secret in an address: of a cluster, a link, a ticket, an invitation, a mail.
_BEFORE = r"/k8s/[^/\s]+/|/join/|/fork/|/waiting/|/welcome/|/reset/key/|/confirm-email/"
_SECRET = re.compile(rf"({_BEFORE})[^/\s?\"']+")
_TOKEN = re.compile(r"(?i)(bearer\s+)[\w.~+/-]+=*")


def without_secrets(text: str) -> str:
    """The text with each secret in it replaced."""
    return _TOKEN.sub(r"\1…", _SECRET.sub(r"\1…", text))


class HideSecrets(logging.Filter):
    """Rewrites records that mention a secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always keep the record, changed if need be."""
        message = record.getMessage()
        hidden = without_secrets(message)
        if hidden != message:
            record.msg, record.args = hidden, None
        return True
