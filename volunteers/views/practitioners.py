"""The list, the record, and a practitioner's own page."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils import timezone

from rj_service.accounts.views import GuardedDetailView, GuardedTemplateView
from rj_service.lists.finding import FoundByName
from training.models import Learner
from volunteers import actions, forms, policy
from volunteers.choices import BEFORE_ACTIVE, COVER_BEFORE, TRANSITIONS, CheckStatus, PractitionerStatus, SafeguardKind
from volunteers.filters import PractitionerFilter
from volunteers.given_hours import first_of, in_words, with_hours
from volunteers.models import Practitioner
from volunteers.readiness import missing_safeguards, readiness_of
from volunteers.views.practitioner import parts, record_of, training_of


class Practitioners(FoundByName):
    permission = "volunteers.view"
    model = Practitioner
    template_name = "volunteers/list.html"
    heading = "Practitioners"
    thing = "practitioner"
    empty = "Nobody is registered yet. A practitioner is registered from the record of a learner."
    filter_class = PractitionerFilter
    person_of = "learner__"
    order = ("police_vetting_until", "id")
    order_words = "police vetting that ends soonest first"
    columns: ClassVar = {
        "Name": lambda row: row.one.name,
        "Kind": lambda row: row.one.get_kind_display(),
        "Status": lambda row: row.one.get_status_display(),
        "Level": lambda row: row.one.get_level_display(),
        "Ready?": lambda row: "; ".join(row.readiness.blocks) or "Ready",
        "Open cases": lambda row: row.one.open_cases,
        "Most cases": lambda row: row.one.case_limit,
        "Vetting ends": lambda row: row.readiness.vetting_ends if row.one.is_vetted else "Not vetted",
        "Last supervision": lambda row: row.one.last_supervision_on,
    }

    def narrowed(self):
        return self.get_queryset().with_readiness(self.today)

    def row_of(self, found):
        return Kept(found)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        may_move_in = self.request.user.may("cases.move_in")
        return super().get_context_data(items=parts("list", self.request.user), may_move_in=may_move_in, **kwargs)


class Kept:
    """A practitioner as a row."""

    def __init__(self, one: Practitioner) -> None:
        self.one, self.readiness = one, readiness_of(one)

    @property
    def row_state(self) -> str:
        if not self.readiness.may_open_cases:
            return "stop"
        ends = self.readiness.vetting_ends
        return "soon" if ends and ends - self.one.readiness_on <= COVER_BEFORE else ""

    @property
    def blocks(self) -> str:
        """The first, and how many more."""
        first, *more = self.readiness.blocks or [""]
        return f"{first}, and {len(more)} more" if more else first


class PractitionerRecord(GuardedDetailView):
    permission = "volunteers.view"
    model = Practitioner
    template_name = "volunteers/detail.html"

    def get_queryset(self):
        today = timezone.localdate()
        return super().get_queryset().with_readiness(today).with_practice(today)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        user, practitioner = self.request.user, self.object
        return super().get_context_data(
            **record_of(practitioner),
            local_areas=list(practitioner.local_areas.all()),
            before=_before_the_next_step(practitioner),
            may_manage=policy.can_manage(user, practitioner),
            **_for_managers(practitioner, user),
            today=timezone.localdate(),
            safeguards_missing=missing_safeguards(practitioner),
            may_sign_off=policy.can_manage(user, practitioner)
            and policy.can_record_safeguard(user, practitioner, SafeguardKind.SIGN_OFF),
            may_see_learner=user.may("training.view"),
            may_record_supervision=policy.can_record_supervision(user, practitioner),
            may_set_availability=policy.can_set_availability(user, practitioner),
            in_force=[CheckStatus.CLEARED, CheckStatus.APPLIED],
            **kwargs,
        )


def _for_managers(practitioner: Practitioner, user) -> dict[str, Any]:
    """Leave and suspensions with why, and the hours that they gave: for whoever manages them alone."""
    if not policy.can_manage(user, practitioner):
        return {}
    of_them = Practitioner.objects.filter(pk=practitioner.pk)
    given = with_hours(of_them, first_of(timezone.localdate())).first()
    return {
        "hours_of_a_year": in_words(given.minutes_in_year) if given else "",
        "stand_downs": practitioner.stand_downs.order_by("-recorded_at").select_related("recorded_by"),
        "may_stand_down": policy.may_stand_down_to(practitioner),
        "may_move_on": forms.statuses_after(practitioner),
    }


@dataclass(frozen=True)
class NextStep:
    """Towards active, and what it asks for first."""

    status: PractitionerStatus
    missing: list[str]


def _before_the_next_step(practitioner: Practitioner) -> NextStep | None:
    if practitioner.status not in BEFORE_ACTIVE:
        return None
    following = next(one for one in PractitionerStatus if one in TRANSITIONS[practitioner.status])
    return NextStep(following, actions.missing_for(practitioner, following, timezone.localdate()))


class Me(GuardedTemplateView):
    """What a practitioner reads of themselves, on a phone."""

    permission = "volunteers.view_own"
    template_name = "volunteers/me.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        today = timezone.localdate()
        rows = Practitioner.objects.visible_to(self.request.user).with_readiness(today).with_practice(today)
        found = rows.first()
        if found is None:
            learner = Learner.objects.visible_to(self.request.user).first()
            return super().get_context_data(practitioner=None, **(training_of(learner) if learner else {}), **kwargs)
        self.read(found)
        return super().get_context_data(practitioner=found, today=today, **record_of(found), **kwargs)
