"""Models stand above their querysets: they are looked up by name."""

from django.apps import apps


def model(name: str):
    return apps.get_model("referrals", name)
