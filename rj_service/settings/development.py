"""`./run` and `./run manage`: embedded services, plain http on loopback, the demo's cast."""

from rj_service.settings.base import *  # noqa: F403

SECRET_KEY = SECRET_KEY or "development only, never in production"  # noqa: F405
FIELD_KEYS = FIELD_KEYS or ["ZGV2ZWxvcG1lbnQtb25seS0zMi1ieXRlcy1sb25nISE="]  # noqa: F405
LOOKUP_KEY = LOOKUP_KEY or "development only"  # noqa: F405
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
DEMO = True
RJ_PUBLIC_PHONE = RJ_PUBLIC_PHONE or "01632 960015"  # noqa: F405
INSTALLED_APPS = [*INSTALLED_APPS, "rj_service.demo"]  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = FILES_DIR.parent / "mail"  # noqa: F405
# Static files straight from their folders: nothing to collect before the first page.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
WHITENOISE_USE_FINDERS = True
