"""The lights of the health page: what is red, and what to do about it."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from kombu import Connection

from rj_service.operations import queue
from rj_service.operations.health import is_migrated


@dataclass(frozen=True)
class Light:
    name: str
    state: str
    words: str
    what_to_do: str = ""


def lights() -> list[Light]:
    return [_database(), _broker(), _queue(), _failed(), _seals()]


def _database() -> Light:
    if is_migrated():
        return Light("Database", "ok", "Answers, up to date")
    return Light("Database", "stop", "Waits for a migration", "Run the migrate command of the new version.")


def _broker() -> Light:
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    try:
        with Connection(settings.CELERY_BROKER_URL, transport_options=options, connect_timeout=1) as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
    except Exception:  # redis and kombu raise many kinds
        return Light("Hints to workers", "soon", "No answer", "Start Valkey. Work goes on, up to 30 seconds later.")
    return Light("Hints to workers", "ok", "Answers")


def _queue() -> Light:
    oldest = queue.oldest_due()
    if oldest is None or timezone.now() - oldest < timedelta(minutes=5):
        return Light("Queue", "ok", "Nothing waits longer than 5 minutes")
    return Light("Queue", "stop", "Work waits for longer than 5 minutes", "Start a worker and the beat.")


def _failed() -> Light:
    number = queue.failed()
    if not number:
        return Light("Jobs", "ok", "None has failed")
    words = "1 job has failed" if number == 1 else f"{number:,} jobs have failed"
    return Light("Jobs", "stop", words, "Put the cause right, then try them again from Jobs: a mail may be among them.")


def _seals() -> Light:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT least((SELECT min(at) FROM audit_domainevent WHERE block IS NULL),"
            " (SELECT min(at) FROM audit_accesslog WHERE block IS NULL))"
        )
        oldest = cursor.fetchone()[0]
    if oldest is None or timezone.now() - oldest < timedelta(minutes=10):
        return Light("Audit trail", "ok", "Sealed")
    return Light("Audit trail", "stop", "Not sealed for more than 10 minutes", "Start the beat, then run verify_audit.")
