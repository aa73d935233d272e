"""Who knows how to refer: by organisation and by local area, through courses, briefings, guides and podcasts."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django.db.models import Exists, Max, OuterRef, Q, Sum
from django.urls import reverse

from rj_service.accounts.models import LocalArea, Organisation
from rj_service.accounts.views import GuardedListView
from training import actions, forms
from training.choices import Reach
from training.filters import ReachFilter
from training.models import Briefed, Enrolment
from training.views.asking import Parts, TrainingForm


@dataclass
class Known:
    """Of one organisation or local area: learners who attended in full, and heads by way."""

    pk: Any
    name: str
    learners: int = 0
    heads: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Reach.values, 0))
    units: set[str] = field(default_factory=set)
    newest: date | None = None

    @property
    def row_state(self) -> str:
        return "" if self.is_reached else "soon"

    @property
    def is_reached(self) -> bool:
        return bool(self.learners or any(self.heads.values()))

    @property
    def named_units(self) -> str:
        return ", ".join(sorted(self.units))

    def count(self, unit: str, newest: date | None) -> None:
        if unit:
            self.units.add(unit)
        self.newest = max(filter(None, (self.newest, newest)), default=None)


class _Reached(Parts, GuardedListView):
    """Those that nobody reached are on it too: nought is the answer that is looked for."""

    abstract = True
    permission = "training.view"
    template_name = "training/reached.html"
    part = "trained-to-refer"
    filter_class = ReachFilter
    order = ("name", "id")
    order_words = "by name"
    by = ""

    def get_queryset(self):
        return self.model._default_manager.filter(service_area=self.acting.service_area_id)

    def narrowed(self):
        trained = self._attended().filter(**{f"learner__{self.by}": OuterRef("pk")})
        briefed = Briefed.objects.filter(**{self.by: OuterRef("pk")})
        return self.get_queryset().annotate(is_reached=Exists(trained) | Exists(briefed))

    def _attended(self):
        return Enrolment.objects.attended_in_full().filter(cohort__course__trains_to_refer=True)

    def complete(self, rows: list[Any]) -> None:
        ids = [row.pk for row in rows]
        self.known = {row.pk: Known(row.pk, row.name) for row in rows}
        learners: dict[Any, set] = defaultdict(set)
        key, unit = f"learner__{self.by}", "learner__unit"
        newest = Max("cohort__sessions__held_on", filter=Q(cohort__sessions__cancelled_on__isnull=True))
        attended = (
            self._attended().filter(**{f"{key}__in": ids}).values_list(key, unit, "learner").annotate(newest=newest)
        )
        for pk, named, learner, held_on in attended:
            learners[pk].add(learner)
            self.known[pk].count(named, held_on)
        for pk, found in learners.items():
            self.known[pk].learners = len(found)
        briefed = Briefed.objects.filter(**{f"{self.by}__in": ids}).order_by()
        for pk, named, way, heads, held_on in briefed.values_list(self.by, "unit", "way").annotate(
            heads=Sum("heads"), newest=Max("happened_on")
        ):
            self.known[pk].heads[way] += heads
            self.known[pk].count(named, held_on)

    def row_of(self, found: Any) -> Known:
        return self.known[found.pk]

    def get_context_data(self, **kwargs):
        choices = (("By organisation", "trained-to-refer"), ("By local area", "trained-by-place"))
        here = self.request.resolver_match.url_name
        ways = [
            {"label": label, "url": reverse(f"training:{name}"), "current": name == here} for label, name in choices
        ]
        return super().get_context_data(ways=ways, **kwargs)


_COLUMNS = {
    "Learners who attended": lambda known: known.learners,
    "Briefed": lambda known: known.heads[Reach.BRIEFING],
    "Given a quick guide": lambda known: known.heads[Reach.GUIDE],
    "Heard the podcast": lambda known: known.heads[Reach.PODCAST],
    "Units": lambda known: known.named_units,
    "Newest": lambda known: known.newest,
}


class ByOrganisation(_Reached):
    model = Organisation
    heading = "Trained to refer, by organisation"
    thing = "organisation"
    empty = "No organisation is recorded in this area yet. An administrator adds them."
    by = "organisation"
    columns: ClassVar = {"Organisation": lambda known: known.name, **_COLUMNS}


class ByLocalArea(_Reached):
    model = LocalArea
    heading = "Trained to refer, by local area"
    thing = "local area"
    empty = "No local area is recorded yet. An administrator adds them."
    by = "local_area"
    columns: ClassVar = {"Local area": lambda known: known.name, **_COLUMNS}


class RecordBriefed(TrainingForm):
    form_class = forms.BriefedForm
    heading, button = "Who was told how to refer?", "Save"
    lead = "By a briefing, a quick guide or a podcast. By head: nobody is named."
    success_message = "It is recorded."

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "area_id": self.acting.service_area_id}

    def get_initial(self):
        return {"happened_on": self.today}

    def back_url(self):
        return reverse("training:trained-to-refer")

    def perform(self, form):
        return actions.record_briefed(area=self.area, **form.cleaned_data, today=self.today, by=self.request.user)
