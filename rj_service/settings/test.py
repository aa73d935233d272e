"""The tests: a real PostgreSQL as the application's role, a real broker, the demo not mounted."""

from rj_service.settings.base import *  # noqa: F403

SECRET_KEY = "tests only"
FIELD_KEYS = ["dGVzdHMtb25seS0tLS0tLS0tLS0tMzItYnl0ZXMhISE="]
LOOKUP_KEY = "tests only"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
