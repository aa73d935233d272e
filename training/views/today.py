"""A training lead's home: what comes near and what is owed, before it has passed."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.views import GuardedTemplateView
from rj_service.ui.templatetags.ui import day, table_day
from training import policy
from training.choices import EnrolmentStatus
from training.models import Award, Cohort, OtherTraining, PackageStep, Session

AHEAD = timedelta(days=14)
MOST = 20  # of each kind; the lists hold the rest


@dataclass(frozen=True)
class Need:
    """One line: a state, what it is, why, and where it is done."""

    state: str
    word: str
    what: str
    why: str
    url: str


class Today(GuardedTemplateView):
    permission = "training.view"
    template_name = "training/today.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        user, today = self.request.user, timezone.localdate()
        sessions = Session.objects.visible_to(user).taking_place().filter(cohort__completed_at__isnull=True)
        sessions = sessions.select_related("cohort__course", "cohort__package").with_register()
        coming = list(sessions.filter(held_on__gte=today, held_on__lte=today + AHEAD)[:MOST])
        needs = [
            *(_clause(near) for near in policy.near_clauses(user, today)[:MOST]),
            *_registers(sessions, today),
            *_unconfirmed(sessions, today),
            *_steps(PackageStep.objects.visible_to(user), today),
            *_packs(Cohort.objects.visible_to(user)),
        ]
        elsewhere = OtherTraining.objects.visible_to(user).to_renew(today)
        elsewhere = elsewhere.select_related("learner", "stands_for").order_by("lasts_until", "pk")[:MOST]
        needs += [_from_elsewhere(one, today) for one in elsewhere]
        if elsewhere:
            self.read(kind="list", label="training.learner", ids=[one.learner_id for one in elsewhere])
        self.read(kind="list", label="training.session", ids=[one.pk for one in coming])
        return super().get_context_data(
            today=today,
            needs=needs,
            coming=coming,
            waiting=self._waiting(),
            to_renew=Award.objects.visible_to(user).to_renew(today).count(),
            **kwargs,
        )

    def _waiting(self):
        cohorts = Cohort.objects.visible_to(self.request.user).open().select_related("course").with_places()
        return cohorts.filter(waiting__gt=0).order_by("first_on", "pk")[:MOST]


def _clause(near: policy.Near) -> Need:
    return Need(near.state, near.word, near.what, near.why, reverse("training:package", args=[near.package_id]))


def _from_elsewhere(one: Any, today: date) -> Need:
    """Of `OtherTraining.to_renew`: it is in no list of awards."""
    is_over = one.lasts_until < today
    why = f"{one.stands_for.name}, learnt elsewhere, {'ended' if is_over else 'ends'} on {day(one.lasts_until)}"
    url = reverse("training:learner", args=[one.learner_id])
    return Need("stop" if is_over else "soon", "Renew", one.learner.name, why, url)


def _registers(sessions, today: date) -> list[Need]:
    owed = sessions.filter(
        is_taken=False, held_on__lte=today, confirmed_at__isnull=False, cohort__course__counts_heads=False,
        cohort__enrolments__status=EnrolmentStatus.ENROLLED,
    )  # fmt: skip
    return [
        Need("soon", "Register owed", f"{one.cohort.title}", f"The session of {day(one.held_on)} has no register",
             reverse("training:register", args=[one.pk]))
        for one in owed.distinct()[:MOST]
    ]  # fmt: skip


def _unconfirmed(sessions, today: date) -> list[Need]:
    planned = sessions.filter(confirmed_at__isnull=True, held_on__gte=today, held_on__lte=today + timedelta(days=42))
    return [
        Need("soon", "Not confirmed", f"{one.cohort.title}", f"{day(one.held_on)}: nobody was sent the date",
             reverse("training:cohort", args=[one.cohort_id]))
        for one in planned[:MOST]
    ]  # fmt: skip


def _steps(steps, today: date) -> list[Need]:
    due = steps.open().filter(due_on__lte=today + timedelta(days=7)).select_related("package")
    return [
        Need("stop" if one.due_on < today else "soon", f"Due {table_day(one.due_on)}", one.words, one.package.name,
             reverse("training:package", args=[one.package_id]))
        for one in due[:MOST]
    ]  # fmt: skip


def _packs(cohorts) -> list[Need]:
    without = Q(enrolments__status=EnrolmentStatus.COMPLETED, enrolments__pack_issued_on__isnull=True)
    owed = cohorts.filter(course__makes_facilitators=True).annotate(owed=Count("enrolments", filter=without))
    found = owed.filter(owed__gt=0).select_related("course").order_by("-completed_at")[:MOST]
    return [
        Need("wait", "Packs", one.title, f"{one.owed} who completed it have no pack yet",
             reverse("training:cohort", args=[one.pk]))
        for one in found
    ]  # fmt: skip
