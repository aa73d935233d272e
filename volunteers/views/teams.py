"""Virtual teams: which places are filled and which are short, at a glance."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.models import ServiceArea
from rj_service.accounts.views import GuardedDetailView, GuardedFormView, GuardedListView
from volunteers import actions, forms
from volunteers.choices import NomineeStatus, PractitionerStatus
from volunteers.models import Application, Nominee, Practitioner, Team, TeamPlace
from volunteers.readiness import readiness_of
from volunteers.views.practitioner import parts


class Teams(GuardedListView):
    permission = "volunteers.view"
    model = Team
    template_name = "volunteers/teams.html"
    heading = "Teams"
    thing = "team"
    empty = "No team is composed. A virtual team has places by organisation, and two nominees for each."
    order = ("name", "id")
    order_words = "by name"
    no_file = "a few lines that say how many places are filled"

    def show(self, rows):
        return rows.with_places()

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        may_manage = self.request.user.may("volunteers.manage")
        return super().get_context_data(items=parts("teams", self.request.user), may_manage=may_manage, **kwargs)


@dataclass(frozen=True)
class Filled:
    """A place with who has it, how ready they are, and who is in reserve."""

    place: TeamPlace
    words: str
    chosen: Nominee | None
    reserve: Nominee | None
    row: Any
    dropped: list[Nominee]

    @property
    def state(self) -> tuple[str, str]:
        if self.chosen is None:
            return "stop", "Short"
        if self.chosen.is_applicant:
            return "soon", f"Applicant: {self.chosen.application.get_status_display().lower()}"
        blocks = readiness_of(self.row).blocks
        return ("soon", blocks[0]) if blocks else ("ok", "Ready")


class TeamRecord(GuardedDetailView):
    permission = "volunteers.view"
    model = Team
    pk_name = "team"
    template_name = "volunteers/team.html"

    def get_queryset(self):
        return super().get_queryset().select_related("local_area")

    @cached_property
    def filled(self) -> list[Filled]:
        places = list(
            self.object.places.select_related("organisation").order_by(
                "organisation__name", "is_volunteer", "number", "id"
            )
        )
        named = Nominee.objects.filter(place__in=places).order_by("recorded_at")
        named = named.select_related("practitioner__learner", "application")
        by_place: dict[Any, list[Nominee]] = {}
        for one in named:
            by_place.setdefault(one.place_id, []).append(one)
        keys = [one.practitioner_id for one in named if one.practitioner_id]
        rows = {row.pk: row for row in Practitioner.objects.filter(pk__in=keys).with_readiness(timezone.localdate())}
        alike, seen = Counter(place.words for place in places), Counter[str]()
        filled = []
        for place in places:
            seen[place.words] += 1
            words = (
                f"{place.words}, {seen[place.words]} of {alike[place.words]}" if alike[place.words] > 1 else place.words
            )
            filled.append(self._filled(place, words, by_place.get(place.pk, []), rows))
        return filled

    def _filled(self, place: TeamPlace, words: str, named: list[Nominee], rows: dict) -> Filled:
        by_status = {one.status: one for one in named if one.status != NomineeStatus.DROPPED_OUT}
        chosen = by_status.get(NomineeStatus.CHOSEN)
        dropped = [one for one in named if one.status == NomineeStatus.DROPPED_OUT]
        row = rows[chosen.practitioner_id] if chosen and chosen.practitioner_id else None
        return Filled(place, words, chosen, by_status.get(NomineeStatus.RESERVE), row, dropped)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        filled = self.filled
        has = [one for one in filled if one.chosen]
        return super().get_context_data(
            filled=filled,
            number=len(has),
            volunteers=sum(1 for one in has if one.place.is_volunteer),
            ready=sum(1 for one in has if one.state[0] == "ok"),
            without_reserve=sum(1 for one in filled if one.chosen and not one.reserve),
            may_manage=self.request.user.may("volunteers.manage"),
            crumbs=[("Teams", reverse("volunteers:teams")), (self.object.name, "")],
            **kwargs,
        )


class ComposeTeam(GuardedFormView):
    permission = "volunteers.manage"
    form_class = forms.TeamForm
    template_name = "volunteers/compose_team.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"area_id": self.acting.service_area_id}

    def perform(self, form):
        area = ServiceArea.objects.get(pk=self.acting.service_area_id)
        names = ("name", "local_area", "size", "fewest_volunteers")
        given = {name: form.cleaned_data[name] for name in names}
        return actions.compose_team(area=area, lines=form.lines(), by=self.request.user, **given)

    def get_success_url(self):
        return reverse("volunteers:team", args=[self.result.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        words = {
            "heading": "Compose a team",
            "button": "Compose this team",
            "lead": "How many places each organisation has. Leave a box empty for none.",
        }
        return super().get_context_data(back_url=reverse("volunteers:teams"), **words, **kwargs)


class _OfPlace(GuardedFormView):
    abstract = True
    permission = "volunteers.manage"
    template_name = "ui/question.html"

    def check_permission(self):
        super().check_permission()
        self.place  # noqa: B018 (404 before any form is shown)

    @cached_property
    def place(self) -> TeamPlace:
        found = TeamPlace.objects.visible_to(self.request.user).select_related("team__service_area", "organisation")
        return get_object_or_404(found, pk=self.kwargs["place"])

    def get_initial(self):
        return {name: timezone.localdate() for name in ("named_on", "received_on")}

    def get_success_url(self):
        return reverse("volunteers:team", args=[self.place.team_id])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        caption = f"{self.place.team.name}: {self.place.words}"
        return super().get_context_data(back_url=self.get_success_url(), caption=caption, **kwargs)


class Nominate(_OfPlace):
    form_class = forms.NominateForm
    template_name = "volunteers/nominate.html"

    def get_form_kwargs(self):
        user, standing = self.request.user, Nominee.objects.standing()
        of = Q(organisation=self.place.organisation_id) if self.place.organisation_id else Q()
        people = Practitioner.objects.visible_to(user).exclude(status=PractitionerStatus.LEFT).filter(of)
        people = people.exclude(pk__in=standing.filter(practitioner__isnull=False).values("practitioner"))
        applicants = Application.objects.visible_to(user).open().filter(of)
        applicants = applicants.exclude(pk__in=standing.filter(application__isnull=False).values("application"))
        return super().get_form_kwargs() | {
            "practitioners": people.select_related("learner").order_by("learner__last_name", "pk"),
            "applicants": applicants.order_by("last_name", "pk"),
        }

    def perform(self, form):
        today = timezone.localdate()
        return actions.nominate(place=self.place, today=today, by=self.request.user, **form.cleaned_data)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        words = {
            "heading": "Name somebody for a place",
            "button": "Name them",
            "lead": "The first is chosen, the second is in reserve.",
            "put_forward_url": reverse("volunteers:put-forward", args=[self.place.pk]),
        }
        return super().get_context_data(**words, **kwargs)


class PutForward(_OfPlace):
    """Somebody who is not here yet: an applicant from today."""

    form_class = forms.PutForwardForm

    def perform(self, form):
        new = actions.NewApplication(**form.cleaned_data)
        return actions.put_forward(place=self.place, new=new, today=timezone.localdate(), by=self.request.user)

    def get_success_url(self):
        if nominee := getattr(self, "result", None):
            messages.success(
                self.request, f"{nominee.name} is {nominee.get_status_display().lower()}, and an applicant from today."
            )
        return super().get_success_url()

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        words = {
            "heading": "Put somebody forward by name",
            "button": "Put them forward",
            "lead": "They become an applicant: interview, two references and vetting follow, as for everybody.",
        }
        return super().get_context_data(**words, **kwargs)


class DropNominee(GuardedFormView):
    permission = "volunteers.manage"
    form_class = forms.DropForm
    template_name = "ui/question.html"

    def check_permission(self):
        super().check_permission()
        self.nominee  # noqa: B018 (404 before any form is shown)

    @cached_property
    def nominee(self) -> Nominee:
        names = ("practitioner__learner", "application", "place__team")
        found = Nominee.objects.visible_to(self.request.user).select_related(*names)
        return get_object_or_404(found, pk=self.kwargs["nominee"])

    def perform(self, form):
        moved = actions.drop_nominee(
            nominee=self.nominee, today=timezone.localdate(), by=self.request.user, **form.cleaned_data
        )
        said = f"{moved.name} moves in from the reserve." if moved else "Their place is short now."
        messages.success(self.request, said if self.nominee.status == NomineeStatus.CHOSEN else "The reserve is free.")
        return moved

    def get_success_url(self):
        return reverse("volunteers:team", args=[self.nominee.place.team_id])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        words = {
            "heading": f"{self.nominee.name} drops out",
            "lead": "Their application goes on. End it too if they do not want to come."
            if self.nominee.is_applicant
            else "",
            "button": "They drop out",
            "caption": self.nominee.place.team.name,
        }
        return super().get_context_data(back_url=self.get_success_url(), **words, **kwargs)
