"""How people log in: local accounts, OpenID Connect, invitations; see docs/settings.md."""

from __future__ import annotations

from typing import Any

import orjson
from django.core.exceptions import ImproperlyConfigured

from playground.settings.environment import flag, number, text

#: "0": nobody can sign up or log in; everything works for guests, staff use /admin/ and links.
PODYARD_ACCOUNTS = flag("PODYARD_ACCOUNTS", True)
#: Who may sign up with a password: open, invitation, closed.
PODYARD_SIGNUP = text("PODYARD_SIGNUP", "open")
if PODYARD_SIGNUP not in ("open", "invitation", "closed"):
    raise ImproperlyConfigured(
        f"PODYARD_SIGNUP is {PODYARD_SIGNUP!r}: give open, invitation or closed"
    )
PODYARD_LOGIN_DAYS = number("PODYARD_LOGIN_DAYS", 30)
PODYARD_LOGINS_PER_ADDRESS_MINUTE_MAX = number("PODYARD_LOGINS_PER_ADDRESS_MINUTE_MAX", 30)
PODYARD_LOGIN_FAILURES_PER_NAME_MAX = number("PODYARD_LOGIN_FAILURES_PER_NAME_MAX", 5)
PODYARD_LOGIN_FAILURES_SECONDS = number("PODYARD_LOGIN_FAILURES_SECONDS", 300)
PODYARD_SIGNUPS_PER_ADDRESS_MINUTE_MAX = number("PODYARD_SIGNUPS_PER_ADDRESS_MINUTE_MAX", 20)
PODYARD_PASSWORD_LENGTH_MIN = number("PODYARD_PASSWORD_LENGTH_MIN", 10)
PODYARD_INVITATION_HOURS = number("PODYARD_INVITATION_HOURS", 72)
PODYARD_INVITATION_GRANT_HOURS = number("PODYARD_INVITATION_GRANT_HOURS", 72)
PODYARD_INVITATION_RECORD_DAYS = number("PODYARD_INVITATION_RECORD_DAYS", 30)

# E-mail: none is needed. With a backend, people may give an address and reset a password by it.
_EMAIL_BACKENDS = {
    "none": "django.core.mail.backends.dummy.EmailBackend",
    "console": "django.core.mail.backends.console.EmailBackend",
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
}
PODYARD_EMAIL = text("PODYARD_EMAIL", "none")
if PODYARD_EMAIL not in _EMAIL_BACKENDS:
    raise ImproperlyConfigured(f"PODYARD_EMAIL is {PODYARD_EMAIL!r}: give none, console or smtp")
EMAIL_BACKEND = _EMAIL_BACKENDS[PODYARD_EMAIL]
EMAIL_HOST = text("PODYARD_EMAIL_HOST", "localhost")
EMAIL_PORT = number("PODYARD_EMAIL_PORT", 587)
EMAIL_HOST_USER = text("PODYARD_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = text("PODYARD_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = flag("PODYARD_EMAIL_TLS", True)
DEFAULT_FROM_EMAIL = text("PODYARD_EMAIL_FROM", "podyard@localhost")


def _providers() -> list[dict[str, Any]]:
    """OpenID Connect providers: `[{"id", "name", "client_id", "secret", "server_url"}]`."""
    raw = text("PODYARD_OIDC_PROVIDERS", "[]")
    try:
        found = orjson.loads(raw)
        return [
            {
                "provider_id": str(one["id"]),
                "name": str(one["name"]),
                "client_id": str(one["client_id"]),
                "secret": str(one.get("secret", "")),
                "settings": {
                    "server_url": str(one["server_url"]),
                    "oauth_pkce_enabled": True,
                    "authorize_origin": str(one.get("authorize_origin", "")),
                },
            }
            for one in found
        ]
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ImproperlyConfigured(
            "PODYARD_OIDC_PROVIDERS must be a JSON list of objects with id, name, client_id, "
            f"secret and server_url: {error!r}"
        ) from None


AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PODYARD_PASSWORD_LENGTH_MIN},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login" if PODYARD_ACCOUNTS else "admin:login"
LOGIN_REDIRECT_URL = "/account/"
SESSION_COOKIE_AGE = PODYARD_LOGIN_DAYS * 86400

ACCOUNT_ADAPTER = "playground.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
if PODYARD_EMAIL != "none":
    ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
    ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Podyard] "
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_USERNAME_BLACKLIST = ["admin", "administrator", "podyard", "root", "system", "teacher"]
ACCOUNT_RATE_LIMITS = {
    "login": f"{PODYARD_LOGINS_PER_ADDRESS_MINUTE_MAX}/m/ip",
    "login_failed": (
        f"{PODYARD_LOGINS_PER_ADDRESS_MINUTE_MAX}/m/ip,"
        f"{PODYARD_LOGIN_FAILURES_PER_NAME_MAX}/{PODYARD_LOGIN_FAILURES_SECONDS}s/key"
    ),
    "signup": f"{PODYARD_SIGNUPS_PER_ADDRESS_MINUTE_MAX}/m/ip",
}
SOCIALACCOUNT_ADAPTER = "playground.accounts.adapters.SocialAccountAdapter"
# Somebody else's OpenID provider cannot take over an account by naming its e-mail address.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": _providers()}}
