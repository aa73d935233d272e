"""Lists: what is to decide, what waits, what is decided."""

from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from referrals.choices import LIVE_STAGES, AgeGroup, InitiatedBy, ReferralStatus
from referrals.filters import ReferralFilter
from referrals.models import Referral
from referrals.policy import accept_block, age_group
from referrals.working_days import Clock, clock
from rj_service.accounts.views import GuardedListView
from rj_service.ui.paging import capped_count
from rj_service.ui.references import spoken
from rj_service.ui.templatetags.ui import month

NAME_INSIDE = "Name shown inside"
DECIDED_WITHIN = timedelta(days=7)
SHOWN = {
    "list": ("To decide", "Nothing is waiting for a decision. Import a Hub file, or log a referral."),
    "waiting": ("Waiting for an answer", "No referral waits for an answer."),
    "interested": (
        "Interested, no suspect identified",
        "Nobody waits for a suspect to be identified. A referral comes here when the police have named nobody yet.",
    ),
    "decided": ("Decided in the last 7 days", "Nothing was decided in the last 7 days."),
    "all": ("All referrals", "There is no referral yet. Import a Hub file, or log a referral."),
}


def rows_of(name: str, referrals):
    return {
        "list": lambda: referrals.to_decide(),
        "waiting": lambda: referrals.waiting(),
        "interested": lambda: referrals.interested(),
        "decided": lambda: referrals.decided_since(timezone.now() - DECIDED_WITHIN),
        "all": lambda: referrals,
    }[name]()


COLUMNS = {
    "Reference": lambda row: spoken(row.referral.reference),
    "What happened": lambda row: row.what,
    "When": lambda row: month(row.incident.month),
    "Local area": lambda row: row.incident.local_area_name,
    "Person harmed": lambda row: row.harmed,
    "Person responsible": lambda row: row.responsible,
    "How it reached us": lambda row: row.referral.get_mechanism_display(),
    "Organisation": lambda row: row.referral.organisation.name if row.referral.organisation else "",
    "Hub reference": lambda row: row.referral.hub_reference,
    "Received": lambda row: row.referral.received_on,
    "State": lambda row: row.referral.get_status_display(),
    "Clock": lambda row: row.clock.words if row.clock else "",
    "Next check": lambda row: row.interest.next_check_on if row.interest else None,
    "Before you decide": lambda row: "; ".join(words for _, words in row.warnings),
    "Taken by": lambda row: row.referral.taken_by.get_short_name() if row.referral.taken_by else "",
}


class ReferralListView(GuardedListView):
    permission = "referrals.view"
    model = Referral
    template_name = "referrals/list.html"
    heading = "Referrals"
    thing = "referral"
    list_class = "rj-list--triage"
    filter_class = ReferralFilter
    columns = COLUMNS
    shown = "list"

    def narrowed(self):
        return rows_of(self.shown, self.get_queryset())

    def show(self, rows):
        return rows.for_list(self.request.user)

    def row_of(self, found: Referral) -> "ListRow":
        return ListRow(found, self.today, self.request.user.pk)

    def people_on(self, found):
        return people_shown_of(found)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            items=self.sub_navigation(),
            shown=self.shown,
            state_column="Clock" if self.shown == "list" else "State",
            choosing=self.shown == "list" and self.request.user.may("referrals.decide"),
            may={verb: self.request.user.may(f"referrals.{verb}") for verb in ("create", "import", "decide")},
            allowed=settings.DECIDE_WITHIN_WORKING_DAYS,
        )

    @property
    def title(self) -> str:
        return f"Referrals: {SHOWN[self.shown][0].lower()}"

    @property
    def empty(self) -> str:
        return SHOWN[self.shown][1]

    @property
    def order(self) -> tuple[str, ...]:
        return {
            "interested": ("watched_interest__next_check_on", "id"),
            "decided": ("-decided_at", "-id"),
            "all": ("-received_on", "-id"),
        }.get(self.shown, ("received_on", "id"))

    @property
    def order_words(self) -> str:
        return {
            "interested": "next check first",
            "decided": "newest decision first",
            "all": "newest first",
        }.get(self.shown, "oldest clock first")

    def sub_navigation(self) -> list[dict]:
        own = self.get_queryset()
        return [
            {
                "label": label,
                "url": reverse(f"referrals:{name}"),
                "current": name == self.shown,
                "count": capped_count(self.counted(name, own)) if name != "all" else None,
            }
            for name, (label, _) in SHOWN.items()
        ]

    def counted(self, name: str, own):
        """Whoever is interested has an interest, and a count needs none of it."""
        return own.filter(status=ReferralStatus.INTERESTED) if name == "interested" else rows_of(name, own)


def people_shown_of(referral: Referral) -> list:
    """A restricted referral's names are shown inside only."""
    beside = (one.person_id for one in referral.also_responsible.all())
    keys = (referral.person_harmed_id, referral.person_responsible_id, *beside)
    return [] if referral.is_restricted else [key for key in keys if key]


class Row:
    """What a list shows of a referral."""

    def __init__(self, referral: Referral, today: date, user_id) -> None:
        self.referral, self.today = referral, today
        self.is_mine = referral.taken_by_id == user_id
        self.incident = referral.incident

    @property
    def clock(self) -> Clock | None:
        if self.referral.status != ReferralStatus.RECEIVED:
            return None
        began, interest = self.referral.received_on, self.interest
        if interest and interest.ended_at:  # they waited for a suspect to be identified, and have gone on
            began = max(began, timezone.localdate(interest.ended_at))
        return clock(began, allowed=settings.DECIDE_WITHIN_WORKING_DAYS, today=self.today)

    @property
    def row_state(self) -> str:
        found = self.clock
        return found.state if found and found.state != "wait" else ""

    @property
    def what(self) -> str:
        return self.incident.crime_type_as_given or self.incident.get_crime_type_display()

    @property
    def harmed(self) -> str:
        return self.referral.person_harmed.name if self.referral.person_harmed else "Not named"

    @property
    def responsible(self) -> str:
        """Known to the police and not named to us is not the same as not identified."""
        if self.referral.person_responsible:
            return self.referral.person_responsible.name
        return "Not identified" if self.referral.status == ReferralStatus.INTERESTED else "Not named"

    @property
    def interest(self):
        return getattr(self.referral, "watched_interest", None)

    @property
    def waiting_for(self) -> str:
        months = (self.today - self.referral.received_on).days // 30
        if months < 1:
            return "Less than a month"
        if months < 24:
            return f"{months} month{'' if months == 1 else 's'}"
        return f"{months // 12} years"

    @property
    def warnings(self) -> list[tuple[str, str]]:
        """What to know before deciding: a state and its words."""
        return before_you_decide(self.referral, self.today)


class ListRow(Row):
    """In a list, the names of a restricted referral are shown inside only."""

    @property
    def harmed(self) -> str:
        return NAME_INSIDE if self.referral.is_restricted else super().harmed

    @property
    def responsible(self) -> str:
        if self.referral.is_restricted:
            return NAME_INSIDE
        return ", ".join([super().responsible, *(one.person.name for one in self.referral.also_responsible.all())])


def before_you_decide(referral: Referral, today: date) -> list[tuple[str, str]]:
    harmed, responsible, incident = referral.person_harmed, referral.person_responsible, referral.incident
    is_young, no_case = getattr(referral, "is_child_beside", False), accept_block(referral)
    notes = [
        ("stop", "The person harmed has died", bool(harmed and harmed.died_on)),
        ("stop", "Not verified: the other side learns nothing", referral.is_unverified),
        ("stop", no_case, bool(no_case)),
        ("soon", "Sensitive: more is required", getattr(referral, "is_sensitive", False)),
        ("soon", "May be the same as another person", getattr(referral, "may_be_duplicate", False)),
        ("soon", "Changes sent by the referrer to decide", getattr(referral, "has_changes", False)),
        ("soon", "A message from the referrer to read", getattr(referral, "has_message", False)),
        ("soon", "Under 18: ask the Youth Justice Service first", _is_child(responsible, today) or is_young),
        ("soon", "The person harmed is under 18", _is_child(harmed, today)),
        ("soon", "Live proceedings: ask the officer in the case", incident.justice_stage in LIVE_STAGES),
        ("wait", "Police outcome: no suspect identified", "no suspect identified" in incident.last_outcome),
        (
            "wait",
            "Assess the person responsible first; the Hub makes the first approach",
            referral.initiated_by == InitiatedBy.OFFENDER,
        ),
        ("wait", "Reach the person harmed through the referrer only", _through_referrer(harmed)),
        ("wait", harmed.communication_needs if harmed else "", bool(harmed and harmed.communication_needs)),
    ]
    return [(state, words) for state, words, applies in notes if applies]


def _is_child(person, today: date) -> bool:
    return person is not None and age_group(person, today) == AgeGroup.CHILD


def _through_referrer(person) -> bool:
    safe = getattr(person, "safe_contact", None) if person else None
    return bool(safe and safe.through_referrer_only)
