"""Where each role can go: at most seven items, each a URL name. A name that is not mounted is left out."""

from typing import Any

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django_scopes import scope

from rj_service.accounts.roles import Role
from rj_service.ui.paging import capped_count

_COORDINATION = [
    ("Home", "home"),
    ("Referrals", "referrals:list"),
    ("Cases", "cases:list"),
    ("Practitioners", "volunteers:list"),
    ("Training", "training:list"),
    ("Reports", "reporting:packs"),
]
_REFERRER = [
    ("My referrals", "referrals:mine"),
    ("Make a referral", "referrals:create"),
    ("Offers to repeat", "referrals:own-offers"),
    ("Messages", "referrals:all-own-messages"),
]
_COMMISSIONER = [
    ("Figures", "reporting:figures"),
    ("Issued packs", "reporting:issued"),
    ("Definitions", "reporting:definitions"),
]

NAVIGATION: dict[str, list[tuple[str, str]]] = {
    Role.COORDINATOR: _COORDINATION,
    Role.SERVICE_MANAGER: [
        *_COORDINATION,
        ("Concerns and complaints", "referrals:concerns"),
    ],
    Role.CASE_SUPERVISOR: [("Home", "home"), ("Cases", "cases:list"), ("Practitioners", "volunteers:list")],
    Role.HUB_WORKER: _REFERRER,
    Role.PARTNER_REFERRER: _REFERRER,
    Role.PRACTITIONER: [
        ("My work", "cases:my-work"),
        ("My cases", "cases:mine"),
        ("My training and checks", "volunteers:me"),
        ("Expenses", "volunteers:expenses"),
    ],
    Role.TRAINING_LEAD: [
        ("Home", "training:today"),
        ("Courses and cohorts", "training:list"),
        ("Learners", "training:learners"),
        ("Packages", "training:packages"),
        ("Trained to refer", "training:trained-to-refer"),
    ],
    Role.OPCC_REVIEWER: _COMMISSIONER,
    Role.STEERING_GROUP: _COMMISSIONER,
    Role.NATIONAL_ANALYST: [("Figures by area", "reporting:national"), ("Definitions", "reporting:definitions")],
    Role.DATA_PROTECTION_OFFICER: [
        ("Home", "home"),
        ("Who looked", "operations:who-looked"),
        ("Audit", "operations:events"),
        ("Archives", "moving_out:archives"),
    ],
    Role.SYSTEM_ADMINISTRATOR: [
        ("Home", "home"),
        ("People", "accounts:people"),
        ("Organisations and areas", "accounts:areas"),
        ("Set-up", "set-up"),
        ("Jobs", "operations:jobs"),
        ("Health", "operations:health"),
    ],
}


def _unread(user) -> int:
    """Looked up by name: `referrals` stands above. With a scope of its own: error pages have a menu, too."""
    with scope(area=[user.acting.service_area_id]):
        messages = apps.get_model("referrals", "ReferralMessage").objects.all()
        return capped_count(messages.visible_to(user).unread_by(user))


def navigation_for(request, acting) -> list[dict]:
    if acting is None:
        return []
    items: list[dict[str, Any]] = []
    for label, name in NAVIGATION.get(acting.role, []):
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        count = _unread(request.user) if name == "referrals:all-own-messages" else 0
        items.append({"label": label, "url": url, "current": False, "count": count})
    within = [item for item in items if item["url"] != "/" and request.path.startswith(item["url"])]
    exact = [item for item in items if item["url"] == request.path]
    for item in exact or sorted(within, key=lambda item: len(item["url"]))[-1:]:
        item["current"] = True  # one: /training/learners/ is not also /training/
    return items
