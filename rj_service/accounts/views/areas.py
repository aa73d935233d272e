"""Service areas with their local areas and organisations."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from rj_service.accounts import actions, policy
from rj_service.accounts.forms.people import AreaForm, LocalAreaForm, OrganisationForm, OutwardCodesForm
from rj_service.accounts.models import Organisation, ServiceArea
from rj_service.accounts.views.guarded import GuardedActionView, GuardedFormView, GuardedTemplateView


class AreasView(GuardedTemplateView):
    permission = "accounts.manage"
    template_name = "accounts/areas.html"

    def get_context_data(self, **kwargs):
        areas = ServiceArea.objects.visible_to(self.request.user).prefetch_related(
            "local_areas", "organisations", "outward_codes"
        )
        can_create = policy.can_create_area(self.request.user)
        return super().get_context_data(areas=areas, can_create=can_create, **kwargs)


class _AreaFormView(GuardedFormView):
    permission = "accounts.manage"
    abstract = True
    template_name = "ui/question.html"
    heading = ""
    button = ""

    def get_context_data(self, **kwargs):
        words = {"heading": self.heading, "button": self.button, "cancel_url": self.get_success_url()}
        return super().get_context_data(**words, **kwargs)

    def get_success_url(self):
        return reverse("accounts:areas")


class CreateAreaView(_AreaFormView):
    form_class = AreaForm
    heading, button = "Create a service area", "Create the area"
    success_message = "The service area is created"

    def check_permission(self):
        super().check_permission()
        if not policy.can_create_area(self.request.user):
            raise PermissionDenied

    def perform(self, form):
        return actions.create_service_area(**form.cleaned_data, by=self.request.user)


class _InAreaFormView(_AreaFormView):
    abstract = True

    @property
    def area(self) -> ServiceArea:
        found = ServiceArea.objects.visible_to(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs):
        return super().get_context_data(caption=self.area.name, **kwargs)


class AddLocalAreaView(_InAreaFormView):
    form_class = LocalAreaForm
    heading, button = "Add a local area", "Add the local area"
    success_message = "The local area is added"

    def perform(self, form):
        return actions.add_local_area(service_area=self.area, **form.cleaned_data, by=self.request.user)


class AddOrganisationView(_InAreaFormView):
    form_class = OrganisationForm
    heading, button = "Add an organisation", "Add the organisation"
    success_message = "The organisation is added"

    def perform(self, form):
        return actions.add_organisation(service_area=self.area, **form.cleaned_data, by=self.request.user)


class OutwardCodesView(_InAreaFormView):
    """What the public form finds the area by."""

    form_class = OutwardCodesForm
    heading, button = "Which postcodes it serves", "Save the postcodes"
    success_message = "The postcodes are saved"

    def get_initial(self):
        return {"codes": " ".join(str(code) for code in self.area.outward_codes.all())}

    def perform(self, form):
        actions.set_outward_codes(service_area=self.area, codes=form.cleaned_data["codes"], by=self.request.user)


class ConfirmOrganisationView(GuardedActionView):
    permission = "accounts.manage"
    model = Organisation
    success_message = "The organisation is confirmed"

    def get_queryset(self):
        return Organisation.objects.filter(service_area__in=ServiceArea.objects.visible_to(self.request.user))

    def perform(self):
        actions.confirm_organisation(organisation=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse("accounts:areas")
