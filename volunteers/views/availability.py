from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.errors import DomainError
from rj_service.accounts.views import SIGNED_IN, GuardedActionView
from volunteers import actions, forms, policy
from volunteers.choices import Travels
from volunteers.models import Availability, Practitioner, Wishes
from volunteers.own_days import own_days
from volunteers.views.practitioner import OfPractitioner


class WeeklyAvailability(OfPractitioner):
    """A practitioner's own, or those of the area for who manages practitioners."""

    permission = SIGNED_IN
    form_class = forms.AvailabilityForm
    may = staticmethod(policy.can_set_availability)
    heading, button = "When you can usually help", "Save these times"
    lead = "Tick what usually suits. A coordinator still asks before each visit."
    success_message = "The times are saved."

    def get_initial(self):
        weekly = self.practitioner.availability.filter(weekday__isnull=False)
        return forms.AvailabilityForm.ticked(weekly.values_list("weekday", "starts_at", "ends_at"))

    def perform(self, form):
        return actions.set_availability(practitioner=self.practitioner, times=form.times(), by=self.request.user)


class AddAbsence(OfPractitioner):
    permission = SIGNED_IN
    form_class = forms.AbsenceForm
    may = staticmethod(policy.can_set_availability)
    heading, button = "A time away", "Save this time away"
    template_name = "volunteers/absence.html"
    success_message = "The time away is saved."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"is_for_another": self.practitioner.learner.user_id != self.request.user.pk}

    def perform(self, form):
        given = {"practitioner": self.practitioner, "by": self.request.user}
        first, last = form.cleaned_data["away_from"], form.cleaned_data["away_until"]
        days = own_days(first=first, last=last, **given)
        if days and not form.knows(days):
            raise DomainError("Look at these days, then answer the question", field="knows_days")
        return actions.add_absence(away_from=first, away_until=last, **given)


class AddExtraTime(OfPractitioner):
    permission = SIGNED_IN
    form_class = forms.ExtraTimeForm
    may = staticmethod(policy.can_set_availability)
    heading, button = "A day besides the usual times", "Save this time"
    success_message = "The time is saved."

    def perform(self, form):
        today = timezone.localdate()
        return actions.add_extra_time(
            practitioner=self.practitioner, today=today, by=self.request.user, **form.cleaned_data
        )


class SayWishes(OfPractitioner):
    permission = SIGNED_IN
    form_class = forms.WishesForm
    may = staticmethod(policy.can_set_availability)
    heading, button = "How you can help", "Save"
    lead = "A coordinator reads this when a case needs somebody. It asks for nothing by itself."
    success_message = "This is saved."

    def get_initial(self):
        said = Wishes.objects.filter(practitioner=self.practitioner).first()
        names = forms.WishesForm.base_fields
        return {name: getattr(said, name) for name in names} if said else {"travels": Travels.LOCAL}

    def perform(self, form):
        return actions.say_wishes(practitioner=self.practitioner, by=self.request.user, **form.cleaned_data)


class RemoveAbsence(GuardedActionView):
    permission = SIGNED_IN
    model = Availability
    success_message = "The time away is removed."

    def get_object(self):
        visible = Practitioner.objects.visible_to(self.request.user)
        absences = Availability.objects.select_related("practitioner__learner").filter(
            practitioner__in=visible, weekday__isnull=True
        )
        found = absences.filter(pk=self.kwargs["absence"]).first()
        if found is None:
            raise Http404
        return found

    def perform(self):
        actions.remove_absence(absence=self.object, by=self.request.user)

    def get_success_url(self):
        if "volunteers.view_own" in self.acting.permissions:
            return reverse("volunteers:me")
        return reverse("volunteers:detail", args=[self.object.practitioner_id])
