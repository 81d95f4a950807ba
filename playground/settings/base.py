"""Settings that hold everywhere. Limits are in `limits`, what differs in `local` and `test`."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from playground.settings import environment, services
from playground.settings.accounts import *  # noqa: F403  (how people log in)
from playground.settings.classrooms import *  # noqa: F403
from playground.settings.findings import *  # noqa: F403
from playground.settings.kinds import PODYARD_KINDS as PODYARD_KINDS
from playground.settings.limits import *  # noqa: F403  (each limit is a setting)
from playground.settings.reviews import *  # noqa: F403  (each limit is a setting)
from playground.settings.sharing import *  # noqa: F403  (each limit is a setting)

ROOT = Path(__file__).resolve().parent.parent.parent
#: What the running site writes: the database, its secret key, saved sessions.
PODYARD_VAR_DIR = Path(environment.text("PODYARD_VAR_DIR", str(ROOT / "var")))
#: Compiled schemas and other things that set-up makes.
PODYARD_BUILD_DIR = Path(environment.text("PODYARD_BUILD_DIR", str(ROOT / ".build")))
#: The lessons that this site offers: a folder each.
PODYARD_LESSONS_DIR = Path(environment.text("PODYARD_LESSONS_DIR", str(ROOT / "lessons")))
#: Whether `X-Forwarded-For` and `X-Forwarded-Proto` of a proxy in front are believed.
PODYARD_TRUST_PROXY = environment.flag("PODYARD_TRUST_PROXY", False)
#: Whether sessions are written down when the server stops and brought back when it starts.
PODYARD_KEEP_SESSIONS = environment.flag("PODYARD_KEEP_SESSIONS", True)
#: A bearer token for /metrics; without one only this machine may read it.
PODYARD_METRICS_TOKEN = environment.text("PODYARD_METRICS_TOKEN", "")
#: How fast a cluster's clock runs at first: a number, or "max".
PODYARD_SESSION_SPEED = environment.text("PODYARD_SESSION_SPEED", "1")

DEBUG = False
ALLOWED_HOSTS = environment.words("PODYARD_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("PODYARD_TRUSTED_ORIGINS", "")

INSTALLED_APPS = [
    "playground.accounts.admin_app.PodyardAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "channels",
    "csp",
    "django_vite",
    "playground",
    "playground.audit",
    "playground.accounts",
    "playground.hosting",
    "playground.lab_sessions",
    "playground.live",
    "playground.lessons",
    "playground.reviews",
    "playground.classrooms",
]
MIDDLEWARE = [
    "playground.site.security.security_headers",
    "playground.site.security.login_middleware",
    "allauth.account.middleware.AccountMiddleware",
]
#: Only pages below these know who is logged in; all others go by the visitor's cookie alone.
LOGIN_PATHS = ("/admin/", "/account/", "/accounts/", "/teach/welcome/")
LOGIN_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "playground.accounts.middleware.ProvidersMiddleware",
    "playground.accounts.middleware.VisitorMiddleware",
]
#: What each application stores about people: shown at /privacy/, exported and erased on request.
PERSONAL_DATA = [
    "playground.accounts.personal_data.HOLDINGS",
    "playground.lab_sessions.personal_data.HOLDINGS",
    "playground.lessons.personal_data.HOLDINGS",
    "playground.classrooms.personal_data.HOLDINGS",
    "playground.reviews.personal_data.HOLDINGS",
]
#: What else there is to a session than its roles: see playground/lab_sessions/rules.py.
SESSION_DENIALS = [
    "playground.classrooms.selectors.denied_acts",
    "playground.reviews.selectors.denied_acts",
]
SESSION_PAGE_FACTS = ["playground.classrooms.selectors.page_facts"]
ROOT_URLCONF = "playground.urls"
ASGI_APPLICATION = "playground.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "playground.accounts.context.me",
            ]
        },
    }
]

#: The addresses of PostgreSQL and Redis; empty: SQLite, and everything else in this process.
PODYARD_DATABASE_URL = environment.text("PODYARD_DATABASE_URL", "")
PODYARD_REDIS_URL = environment.text("PODYARD_REDIS_URL", "")
DATABASES = services.databases(PODYARD_DATABASE_URL, PODYARD_VAR_DIR)
CACHES = services.caches(PODYARD_REDIS_URL)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CHANNEL_LAYERS = services.channel_layers(PODYARD_REDIS_URL)

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

SILENCED_SYSTEM_CHECKS = [
    "django_vite.W001",  # pages also render before the first build
    "admin.E408",  # what logins need runs for their pages only
    "admin.E409",
    "admin.E410",
]
STATIC_URL = "/static/"
STATIC_ROOT = PODYARD_BUILD_DIR / "static"
STATICFILES_DIRS = [ROOT / "static" / "dist"] if (ROOT / "static" / "dist").is_dir() else []
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": ROOT / "static" / "dist" / ".vite" / "manifest.json",
    }
}

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Lit and CodeMirror place elements with style attributes and constructed sheets.
        "style-src-attr": ["'unsafe-inline'"],
        "style-src-elem": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "playground.site.errors.csrf_failure"
if environment.flag("PODYARD_HTTPS", False):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
if PODYARD_TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DATA_UPLOAD_MAX_MEMORY_SIZE = PODYARD_MANIFEST_BYTES_MAX + 64 * 1024  # noqa: F405

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secrets": {"()": "playground.site.logs.HideSecrets"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "playground": {"level": environment.text("PODYARD_LOG_LEVEL", "INFO")},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
    },
}
