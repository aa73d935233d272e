"""Production: refuses to start with an unsafe setting."""

from django.core.exceptions import ImproperlyConfigured

from rj_service.settings.base import *  # noqa: F403
from rj_service.settings.base import ALLOWED_HOSTS, FIELD_KEYS, LOOKUP_KEY, SECRET_KEY

for name, value in {
    "SECRET_KEY": len(SECRET_KEY) >= 50,
    "FIELD_KEYS": bool(FIELD_KEYS),
    "LOOKUP_KEY": len(LOOKUP_KEY) >= 32,
    "ALLOWED_HOSTS": bool(ALLOWED_HOSTS) and "*" not in ALLOWED_HOSTS,
}.items():
    if not value:
        raise ImproperlyConfigured(f"{name} is missing or too weak. .env.example says what it must be.")
if SECRET_KEY in (*FIELD_KEYS, LOOKUP_KEY):
    raise ImproperlyConfigured("FIELD_KEYS and LOOKUP_KEY must be apart from SECRET_KEY.")

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
