"""How practice is kept up: everybody's, one's, and the portfolio for registration."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from rj_service.accounts.views import SIGNED_IN, GuardedListView, GuardedView
from rj_service.documents.downloads import printed
from volunteers import actions, forms, policy
from volunteers.choices import MAY_OPEN_CASES, REGISTERED_SHARE
from volunteers.filters import PracticeFilter
from volunteers.models import Practitioner
from volunteers.papers import portfolio_of
from volunteers.practice import practice_of
from volunteers.views.practitioner import OfPractitioner, parts


class Practising:
    def __init__(self, one: Practitioner) -> None:
        self.one, self.lines = one, {line.label: line for line in practice_of(one).lines}
        self.row_state = "soon" if practice_of(one).missing else ""


class PracticeList(GuardedListView):
    permission = "volunteers.view"
    model = Practitioner
    template_name = "volunteers/practice.html"
    heading = "Practice"
    thing = "practitioner"
    empty = "Nobody works on cases yet."
    filter_class = PracticeFilter
    order = ("last_supervision_on", "id")
    order_words = "longest without supervision first"
    columns: ClassVar = {
        "Name": lambda row: row.one.name,
        "Level": lambda row: row.one.get_level_display(),
        "Registered with the RJC": lambda row: row.lines["Registered with the RJC"].words,
        "Professional development": lambda row: row.lines["Professional development"].words,
        "Of it approved": lambda row: row.lines["Of it approved"].words,
        "Supervision": lambda row: row.lines["Supervision within 12 weeks"].words,
        "Observed": lambda row: row.lines["Observed within a year"].words,
        "Process": lambda row: row.lines["A process within 12 months"].words,
    }

    def narrowed(self):
        return self.get_queryset().filter(status__in=MAY_OPEN_CASES).with_readiness(self.today)

    def show(self, rows):
        return rows.with_practice(self.today)

    def row_of(self, found):
        return Practising(found)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        registered, of = self.get_queryset().registered_share(self.today)
        return super().get_context_data(
            items=parts("practice", self.request.user),
            registered=registered,
            of=of,
            share=round(100 * registered / of) if of else None,
            asked=REGISTERED_SHARE,
            **kwargs,
        )


class Portfolio(GuardedView):
    """A PDF of their own, or of anybody in the area for whoever reads practitioners."""

    permission = SIGNED_IN

    def get(self, request, pk):
        today = timezone.localdate()
        rows = Practitioner.objects.visible_to(request.user).with_readiness(today).with_practice(today)
        row = rows.select_related("service_area").filter(pk=pk).first()
        if row is None:
            raise Http404
        if not policy.can_read_portfolio(request.user, row):
            raise PermissionDenied
        self.read(row, kind="print")
        return printed(portfolio_of(row, today), "portfolio.pdf")


class _Practice(OfPractitioner):
    abstract = True

    @property
    def common(self) -> dict[str, Any]:
        return {"practitioner": self.practitioner, "today": timezone.localdate(), "by": self.request.user}


class RecordRegistration(_Practice):
    permission = "volunteers.manage"
    form_class = forms.RegistrationForm
    heading, button = "Record a registration", "Record this registration"
    lead = "As the Restorative Justice Council registers it. The level becomes theirs here, too."
    success_message = "The registration is recorded."

    def get_initial(self):
        return {"level": self.practitioner.level}

    def perform(self, form):
        return actions.record_registration(**self.common, **form.cleaned_data)


class RecordDevelopment(_Practice):
    permission = SIGNED_IN
    form_class = forms.DevelopmentForm
    may = staticmethod(policy.can_record_development)
    heading, button = "Professional development", "Save these hours"
    success_message = "The hours are saved."

    def perform(self, form):
        return actions.record_development(**self.common, **form.cleaned_data)


class RecordObservation(_Practice):
    permission = "volunteers.view"
    form_class = forms.ObservationForm
    may = staticmethod(policy.can_record_supervision)
    heading, button = "Record an observed practice", "Record this observation"
    lead = "One a year. Nothing of the case or anybody in it."
    success_message = "The observation is recorded."

    def get_initial(self):
        return {"observed_on": timezone.localdate(), "observer_name": self.request.user.get_full_name()}

    def perform(self, form):
        return actions.record_observation(**self.common, **form.cleaned_data)
