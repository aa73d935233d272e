"""The queue's application and the beat's schedule. Redis carries hints only: the row in PostgreSQL is the queue."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rj_service.settings.production")
app = Celery("rj_service")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "sweep the queue": {"task": "rj_service.jobs.tasks.sweep", "schedule": 30.0},
    "delete files whose time is over": {"task": "rj_service.documents.tasks.delete_due", "schedule": 3600.0},
    "delete referrals that nobody went on with": {
        "task": "referrals.tasks.delete_drafts",
        "schedule": crontab(minute=20, hour=3),
    },
    "forget files of an earlier system that nobody moved in": {
        "task": "cases.tasks.forget_moves",
        "schedule": crontab(minute=40, hour=3),
    },
    "watch visits": {"task": "cases.tasks.watch_visits", "schedule": 60.0},
    "remind of what was promised to people harmed": {
        "task": "cases.tasks.remind_of_promises",
        "schedule": crontab(minute=25, hour="5-8"),
    },
    "forget what nobody sent": {"task": "rj_service.public_forms.tasks.forget_unsent", "schedule": 300.0},
    "remind of what ends for practitioners": {
        "task": "volunteers.tasks.remind_of_endings",
        "schedule": crontab(minute=15, hour="6-9"),
    },
    "find cover for whoever cannot come": {
        "task": "cases.tasks.find_cover",
        "schedule": crontab(minute=2, hour="0,6-18"),
    },
    "forget words of searches": {"task": "rj_service.lists.tasks.forget_searches", "schedule": 300.0},
    "delete applications that have ended": {
        "task": "volunteers.tasks.forget_ended",
        "schedule": crontab(minute=30, hour=3),
    },
    "end accounts that nobody uses": {
        "task": "rj_service.operations.tasks.end_dormant_accounts",
        "schedule": crontab(minute=50, hour="3,6"),
    },
    "seal the audit trail": {"task": "rj_service.audit.tasks.seal", "schedule": 60.0},
    "remind agencies": {
        "task": "referrals.tasks.chase_information_requests",
        "schedule": crontab(minute=20, hour="8-16"),
    },
    "reach the days that were set for people who wait": {
        "task": "referrals.tasks.reach_watched_days",
        "schedule": crontab(minute=5, hour="5-8"),
    },
    "ask again whoever turned 18": {
        "task": "referrals.tasks.ask_again_who_turned_18",
        "schedule": crontab(minute=35, hour="0,5-8"),
    },
    "remind managers of concerns": {
        "task": "referrals.tasks.remind_of_concerns",
        "schedule": crontab(minute=10, hour="8-18"),
    },
    "remind of awards that end": {
        "task": "training.tasks.remind_of_ending_awards",
        "schedule": crontab(minute=45, hour="5-8"),
    },
    "prepare monthly packs": {
        "task": "reporting.tasks.prepare_monthly_packs",
        "schedule": crontab(minute=10, hour="6-18"),
    },
}
