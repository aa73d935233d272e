"""Lists: what is to decide, what waits, what is decided."""

from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from referrals.choices import InitiatedBy, JusticeStage, ReferralStatus
from referrals.filters import ReferralFilter
from referrals.models import Referral
from referrals.working_days import Clock, clock
from rj_service.accounts.views import GuardedListView
from rj_service.ui.paging import capped_count, keyset

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


class ReferralListView(GuardedListView):
    permission = "referrals.view"
    model = Referral
    template_name = "referrals/list.html"
    shown = "list"
    filters = ReferralFilter

    def show(self, rows):
        return rows.for_list()

    def row(self, referral: Referral, today: date) -> "Row":
        return Row(referral, today, self.request.user.pk)

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        filtered = self.filters(
            self.request.GET or None, queryset=rows_of(self.shown, self.get_queryset()), request=self.request
        )
        found = filtered.qs
        after = self.request.GET.get("after")
        page = keyset(found, order=self.order, after=after, show=self.show)
        self.log_list(page.rows, people=people_of(page.rows))
        label, empty = SHOWN[self.shown]
        filters_on = bool(filtered.form.is_bound and any(filtered.form.data.get(name) for name in filtered.filters))
        return super().get_context_data(
            **kwargs,
            heading=label,
            page=page,
            rows=[self.row(referral, today) for referral in page.rows],
            total=capped_count(found),
            order_words=self.order_words,
            items=self.sub_navigation(),
            filter_form=filtered.form,
            clear_url=self.request.path if filters_on else "",
            empty="No referral fits these filters." if filters_on else empty,
            shown=self.shown,
            may={verb: self.request.user.may(f"referrals.{verb}") for verb in ("create", "import", "decide")},
            allowed=settings.DECIDE_WITHIN_WORKING_DAYS,
        )

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
                "count": capped_count(rows_of(name, own)) if name != "all" else None,
            }
            for name, (label, _) in SHOWN.items()
        ]


def people_of(referrals) -> list:
    """Who is named on the page: a restricted referral's names are shown inside only."""
    return [
        key
        for referral in referrals
        if not getattr(referral, "is_restricted", False)
        for key in (referral.person_harmed_id, referral.person_responsible_id)
        if key
    ]


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


def before_you_decide(referral: Referral, today: date) -> list[tuple[str, str]]:
    harmed, responsible, incident = referral.person_harmed, referral.person_responsible, referral.incident
    live = (JusticeStage.PRE_CHARGE, JusticeStage.PRE_SENTENCE)
    notes = [
        ("stop", "The person harmed has died", bool(harmed and harmed.died_on)),
        ("stop", "Not verified: the other side learns nothing", referral.is_unverified),
        ("soon", "Sensitive: more is required", getattr(referral, "is_sensitive", False)),
        ("soon", "May be the same as another person", getattr(referral, "may_be_duplicate", False)),
        ("soon", "Changes sent by the referrer to decide", getattr(referral, "has_changes", False)),
        ("soon", "A message from the referrer to read", getattr(referral, "has_message", False)),
        ("soon", "Under 18: ask the Youth Justice Service first", _is_child(responsible, today)),
        ("soon", "The person harmed is under 18", _is_child(harmed, today)),
        ("soon", "Live proceedings: ask the officer in the case", incident.justice_stage in live),
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
    born = person.date_of_birth if person else None
    return bool(born) and (today.year - born.year - ((today.month, today.day) < (born.month, born.day))) < 18


def _through_referrer(person) -> bool:
    safe = getattr(person, "safe_contact", None) if person else None
    return bool(safe and safe.through_referrer_only)
