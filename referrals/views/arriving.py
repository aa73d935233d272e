"""Log a referral; import a Hub file, watch it, read what came of it."""

from django.http import FileResponse, Http404
from django.urls import reverse
from django.utils import timezone

from referrals import forms
from referrals.actions import NewPerson, NewReferral, ask_for_import, receive_referral
from referrals.actions.imports import OUTSIDE_LOCAL_AREAS
from referrals.choices import Mechanism
from referrals.hub_file.rows import OFFENDER_NOT_NAMED
from referrals.models import ImportBatch
from rj_service.accounts.models import LocalArea, Organisation, ServiceArea
from rj_service.accounts.roles import Role
from rj_service.accounts.views import GuardedDetailView, GuardedFormView, GuardedListView
from rj_service.documents.actions import open_file
from rj_service.ui.paging import capped_count, keyset

SENT_BY = {Role.HUB_WORKER: Mechanism.VICTIMS_HUB, Role.PARTNER_REFERRER: Mechanism.PARTNER_AGENCY}
KINDS = {
    OFFENDER_NOT_NAMED: "Begun by the person responsible, who is not named",
    OUTSIDE_LOCAL_AREAS: "A local area outside the service's own",
}


class CreateView(GuardedFormView):
    permission = "referrals.create"
    form_class = forms.ReferralForm
    template_name = "referrals/create.html"
    success_message = "The referral is received"

    def get_form_kwargs(self):
        areas = LocalArea.objects.filter(service_area=self.acting.service_area_id)
        return super().get_form_kwargs() | {"local_areas": areas}

    def get_initial(self):
        return {
            "received_on": timezone.localdate(),
            "mechanism": SENT_BY.get(self.acting.role),
            "initiated_by": "victim",
            "suspect_identified": "Y",
            "crime_type": "not-known",
        }

    def perform(self, form):
        area = ServiceArea.objects.get(pk=self.acting.service_area_id)
        new = new_referral_of(form.cleaned_data, self.organisation(), self.request.user)
        return receive_referral(area=area, new=new, by=self.request.user, today=timezone.localdate())

    def organisation(self) -> Organisation | None:
        return Organisation.objects.filter(pk=self.acting.organisation_id).first()

    def get_success_url(self):
        if self.acting.role in SENT_BY:
            return reverse("referrals:mine")
        return reverse("referrals:detail", args=[self.result.pk])


def new_referral_of(data: dict, organisation: Organisation | None, user) -> NewReferral:
    contact = ("phone", "email", "address", "postcode", "may_phone", "may_leave_voicemail", "may_email", "may_write")
    person = ("first_name", "last_name", "organisation_name", "date_of_birth", "vulnerability", "communication_needs")
    return NewReferral(
        received_on=data["received_on"],
        mechanism=data["mechanism"],
        initiated_by=data["initiated_by"],
        harmed=NewPerson(**{name: data[name] for name in (*contact, *person, "enhanced_rights")}),
        responsible=NewPerson(
            first_name=data["offender_first_name"],
            last_name=data["offender_last_name"],
            date_of_birth=data["offender_date_of_birth"],
        ),
        incident={
            "crime_type": data["crime_type"],
            "crime_type_as_given": data["crime_type_as_given"],
            "happened_on": data["month"],
            "month": data["month"].replace(day=1) if data["month"] else None,
            "crime_reference": data["crime_reference"],
            "location": data["location"],
            "local_area": data["local_area"],
            "local_area_name": data["local_area"].name if data["local_area"] else "",
            "justice_stage": data["justice_stage"],
        },
        organisation=organisation,
        referrer_name=user.get_full_name() if organisation else "",
        consent_method=data["consent_method"],
        consented_on=data["consented_on"],
        flags=[(kind, "") for kind in data["flags"]],
        notes=data["notes"],
        suspect_identified=data["suspect_identified"] == "Y",
        wishes_contact_if_identified={"Y": True, "N": False}.get(data["wishes_contact"]),
    )


class ImportListView(GuardedListView):
    permission = "referrals.import"
    model = ImportBatch
    template_name = "referrals/imports.html"

    def get_context_data(self, **kwargs):
        found = self.get_queryset().select_related("imported_by")
        page = keyset(found, order=("-created_at", "-id"), after=self.request.GET.get("after"))
        self.log_list(page.rows)
        return super().get_context_data(**kwargs, page=page, total=capped_count(found), order_words="newest first")


class ImportView(GuardedFormView):
    permission = "referrals.import"
    form_class = forms.ImportForm
    template_name = "referrals/import.html"

    def perform(self, form):
        upload = form.cleaned_data["file"]
        return ask_for_import(
            area=ServiceArea.objects.get(pk=self.acting.service_area_id),
            chunks=upload.chunks(),
            file_name=upload.name,
            content_type=upload.content_type or "",
            by=self.request.user,
        )

    def get_success_url(self):
        return reverse("referrals:import", args=[self.result.pk])


class ImportResultView(GuardedDetailView):
    permission = "referrals.import"
    model = ImportBatch
    pk_name = "batch"
    template_name = "referrals/import_result.html"

    def get_queryset(self):
        return super().get_queryset().select_related("imported_by", "refused_rows")

    def get_context_data(self, **kwargs):
        batch = self.object
        refused = batch.rows.filter(outcome="refused").order_by("line", "id")[:100]
        kinds = [
            (KINDS.get(kind, f"{kind}: kept as given, does not validate"), count)
            for kind, count in sorted(batch.warnings_by_kind.items())
        ]
        kept = batch.refused_rows is not None and batch.refused_rows.deleted_at is None
        return super().get_context_data(
            **kwargs,
            job=batch,
            heading="Import of a Hub file",
            asked_by=batch.imported_by.get_short_name(),
            refused=refused,
            kinds=kinds,
            refused_file=batch.refused_rows if kept else None,
            back_url=reverse("referrals:imports"),
        )


class RefusedRowsView(GuardedDetailView):
    """The refused rows to correct and send again; encrypted at rest, gone after seven days."""

    permission = "referrals.import"
    model = ImportBatch
    pk_name = "batch"

    def get(self, request, *args, **kwargs):
        stored = self.object.refused_rows
        if stored is None or stored.deleted_at is not None:
            raise Http404
        self.read(self.object, kind="download")
        return FileResponse(open_file(stored), as_attachment=True, filename=f"refused-rows-{self.object.pk}.csv")
