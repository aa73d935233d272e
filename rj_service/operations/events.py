"""The verbs of operations in the audit trail, and the sentences of every app's verbs."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

JOB_TRIED_AGAIN = "operations.job_tried_again"
SENTENCES = {JOB_TRIED_AGAIN: "Tried a failed job again"}


@cache
def every_sentence() -> dict[str, str]:
    """Verb -> sentence, from the `events.py` of each app. A verb without a sentence stands for itself."""
    found: dict[str, str] = {}
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.events"):
            found |= getattr(import_module(f"{config.name}.events"), "SENTENCES", {})
    return found
