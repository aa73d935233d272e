"""The directory of local provision, pathways, agreements on sharing information; and the way that one referral goes."""

from datetime import date, timedelta
from typing import ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from referrals import actions, routing
from referrals.choices import CrimeType
from referrals.filters import AgreementFilter, PartnerWorkFilter, PathwayFilter, ProvisionFilter
from referrals.forms.directory import AgreementForm, PartnerWorkForm, PathwayForm, ProvisionForm
from referrals.models import PartnerWork, Pathway, Provision, SharingAgreement
from rj_service.accounts.models import ServiceArea
from rj_service.accounts.views import GuardedActionView, GuardedDetailView, GuardedFormView, GuardedListView
from rj_service.accounts.views.guarded import ObjectMixin

CHECK_AFTER = timedelta(days=182)
PARTS = (
    ("Directory", "directory"),
    ("Pathways", "pathways"),
    ("Agreements on sharing information", "agreements"),
    ("Partners’ own work", "partner-work"),
)


def parts(current: str) -> list[dict]:
    return [
        {"label": label, "url": reverse(f"referrals:{name}"), "current": name == current, "count": None}
        for label, name in PARTS
    ]


class Entry:
    """An entry of the directory as a row, and on its page."""

    def __init__(self, provision: Provision, today: date) -> None:
        self.provision, self.today = provision, today

    @property
    def places(self) -> str:
        return ", ".join(place.name for place in self.provision.local_areas.all()) or "The whole area"

    @property
    def stages(self) -> str:
        return ", ".join(self.provision.stage_words) or "Any stage"

    @property
    def people(self) -> str:
        return ", ".join(self.provision.works_with_words) or "Everybody"

    @property
    def is_old(self) -> bool:
        return self.provision.checked_on + CHECK_AFTER < self.today

    @property
    def row_state(self) -> str:
        return "soon" if self.is_old else ""


class OfTheDirectory:
    """A list of what the area keeps. `part` of PARTS."""

    permission = "referrals.view"
    part = ""

    def narrowed(self):
        return self.get_queryset().current()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            items=parts(self.part),
            may_keep=self.request.user.may("referrals.manage"),
            crumbs=[("Referrals", reverse("referrals:list")), ("Directory", "")],
        )


class DirectoryView(OfTheDirectory, GuardedListView):
    permission = "referrals.view"
    model = Provision
    template_name = "referrals/directory.html"
    heading = "Directory"
    thing = "entry"
    empty = "The directory is empty. It will hold who else works with people in your area, and whom to ask for there."
    filter_class = ProvisionFilter
    order = ("checked_on", "id")
    order_words = "longest not checked first"
    part = "directory"
    columns: ClassVar = {
        "Organisation": lambda row: row.provision.organisation.name,
        "Kind": lambda row: row.provision.organisation.get_kind_display(),
        "What they offer": lambda row: row.provision.offers,
        "Where": lambda row: row.places,
        "At which stage": lambda row: row.stages,
        "For whom": lambda row: row.people,
        "Specialists in": lambda row: ", ".join(row.provision.specialist_words),
        "Checked": lambda row: row.provision.checked_on,
    }

    def show(self, rows):
        return rows.for_list()

    def row_of(self, found):
        return Entry(found, self.today)


class PathwayListView(OfTheDirectory, GuardedListView):
    permission = "referrals.view"
    model = Pathway
    template_name = "referrals/pathways.html"
    heading = "Pathways"
    thing = "pathway"
    empty = "No pathway is laid down: every referral goes to your own service first."
    filter_class = PathwayFilter
    order = ("-made_at", "id")
    order_words = "newest first"
    part = "pathways"
    columns: ClassVar = {
        "Where it fits": lambda one: one.fits,
        "Which way": lambda one: one.get_route_display(),
        "Who": lambda one: str(one.provision) if one.provision else "",
        "What to do": lambda one: one.words,
    }

    def show(self, rows):
        return rows.select_related("local_area", "provision__organisation", "made_by")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, order_of_precedence=routing.ORDER)


class AgreementListView(OfTheDirectory, GuardedListView):
    permission = "referrals.view"
    model = SharingAgreement
    template_name = "referrals/agreements.html"
    heading = "Agreements on sharing information"
    thing = "agreement"
    empty = (
        "No agreement is recorded. Until one is, a warning stands wherever an organisation is asked or sent a referral."
    )
    filter_class = AgreementFilter
    order = ("review_on", "id")
    order_words = "longest past its review first"
    part = "agreements"
    columns: ClassVar = {
        "With": lambda row: row.agreement.organisation.name,
        "What was agreed": lambda row: row.agreement.get_kind_display(),
        "Signed": lambda row: row.agreement.signed_on,
        "Review by": lambda row: row.agreement.review_on,
        "Ends": lambda row: row.agreement.ends_on,
        "State": lambda row: row.words,
        "Document": lambda row: row.agreement.document_reference,
    }

    def show(self, rows):
        return rows.select_related("organisation")

    def row_of(self, found):
        return Agreed(found, self.today)


class Agreed:
    """An agreement on sharing information as a row."""

    def __init__(self, agreement: SharingAgreement, today: date) -> None:
        self.agreement = agreement
        self.row_state, self.words = "ok", "In force"
        if agreement.is_over(today):
            self.row_state, self.words = "stop", "Has ended"
        elif agreement.review_on < today:
            self.row_state, self.words = "soon", "Past its review"


class ProvisionView(GuardedDetailView):
    permission = "referrals.view"
    model = Provision
    pk_name = "provision"
    template_name = "referrals/provision.html"

    def get_queryset(self):
        return super().get_queryset().for_list()

    def get_context_data(self, **kwargs):
        one, today = self.object, timezone.localdate()
        agreements = SharingAgreement.objects.with_organisation(one.organisation_id)
        return super().get_context_data(
            **kwargs,
            entry=Entry(one, today),
            may_keep=one.ended_at is None and self.request.user.may("referrals.manage"),
            warning=routing.warning(agreements, called=one.organisation.name, today=today),
            crumbs=[("Directory", reverse("referrals:directory")), (one.organisation.name, "")],
        )


class KeepView(GuardedFormView):
    """A form about what the area keeps."""

    abstract = True
    template_name = "ui/question.html"
    heading = ""
    lead = ""
    button = "Save"
    back = ""

    @cached_property
    def area(self) -> ServiceArea:
        return ServiceArea.objects.get(pk=self.acting.service_area_id)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"area": self.area}

    def get_success_url(self):
        return reverse(f"referrals:{self.back}")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{
                "heading": self.heading,
                "lead": self.lead,
                "button": self.button,
                "back_url": self.get_success_url(),
                **kwargs,
            }
        )


class NewProvisionView(KeepView):
    permission = "referrals.manage"
    form_class = ProvisionForm
    heading = "Add an entry to the directory"
    success_message = "The entry is in the directory"
    back = "directory"

    def perform(self, form):
        today = timezone.localdate()
        return actions.keep_provision(area=self.area, new=form.new, by=self.request.user, today=today)


class ChangeProvisionView(ObjectMixin, KeepView):
    permission = "referrals.manage"
    model = Provision
    pk_name = "provision"
    form_class = ProvisionForm
    heading = "Change an entry of the directory"
    success_message = "The entry is changed and counts as checked today"

    def get_queryset(self):
        return super().get_queryset().current().for_list()

    def get(self, request, *args, **kwargs):
        self.read(self.object)
        return super().get(request, *args, **kwargs)

    def get_initial(self):
        one = self.object
        lists = {name: getattr(one, name).split() for name in ("stages", "works_with", "specialist_in")}
        names = ("offers", "phone", "email", "contact_name", "contact_phone", "contact_email")
        kept = {name: getattr(one, name) or "" for name in names}
        return {"organisation": one.organisation_id, "local_areas": list(one.local_areas.all()), **lists, **kept}

    def perform(self, form):
        return actions.keep_provision(
            area=self.area, new=form.new, provision=self.object, by=self.request.user, today=timezone.localdate()
        )

    def get_success_url(self):
        return reverse("referrals:provision", args=[self.object.pk])


class CheckProvisionView(GuardedActionView):
    permission = "referrals.manage"
    model = Provision
    pk_name = "provision"
    success_message = "The entry counts as checked today"

    def get_queryset(self):
        return super().get_queryset().current()

    def perform(self):
        actions.check_provision(provision=self.object, by=self.request.user, today=timezone.localdate())

    def get_success_url(self):
        return reverse("referrals:provision", args=[self.object.pk])


class EndView(GuardedActionView):
    """What the area keeps ends: an entry, a pathway, an agreement."""

    abstract = True
    back = ""

    def get_queryset(self):
        return super().get_queryset().current()

    def get_success_url(self):
        return reverse(f"referrals:{self.back}")


class EndProvisionView(EndView):
    permission = "referrals.manage"
    model = Provision
    pk_name = "provision"
    success_message = "The entry has ended"
    back = "directory"

    def perform(self):
        actions.end_provision(provision=self.object, by=self.request.user)


class EndPathwayView(EndView):
    permission = "referrals.manage"
    model = Pathway
    pk_name = "pathway"
    success_message = "The pathway has ended"
    back = "pathways"

    def perform(self):
        actions.end_pathway(pathway=self.object, by=self.request.user)


class EndAgreementView(EndView):
    permission = "referrals.manage"
    model = SharingAgreement
    pk_name = "sharing"
    success_message = "The agreement has ended"
    back = "agreements"

    def perform(self):
        actions.end_agreement(agreement=self.object, by=self.request.user)


class PartnerWorkView(OfTheDirectory, GuardedListView):
    permission = "referrals.view"
    model = PartnerWork
    template_name = "referrals/partner_work.html"
    heading = "Partners’ own work"
    thing = "work"
    empty = "No partner has told you of work of its own yet."
    filter_class = PartnerWorkFilter
    order = ("-told_on", "-id")
    order_words = "newest first"
    part = "partner-work"
    columns: ClassVar = {
        "Partner": lambda one: one.organisation.name,
        "Told us": lambda one: one.told_on,
        "What they did": lambda one: one.get_delivered_display(),
        "What it was about": lambda one: one.get_crime_type_display(),
        "Where": lambda one: one.local_area.name if one.local_area else "Not known",
    }

    def show(self, rows):
        return rows.select_related("organisation", "local_area", "recorded_by")


class RecordPartnerWorkView(KeepView):
    permission = "referrals.manage"
    form_class = PartnerWorkForm
    heading = "Record what a partner works on itself"
    button = "Record it"
    lead = "For information only: it is counted apart, in no figure of ours. Nobody is named."
    success_message = "It is recorded, and counted apart"
    back = "partner-work"

    def get_initial(self):
        return {"told_on": timezone.localdate(), "crime_type": CrimeType.NOT_KNOWN}

    def perform(self, form):
        today = timezone.localdate()
        return actions.record_partner_work(by=self.request.user, today=today, **form.cleaned_data)


class EndPartnerWorkView(EndView):
    permission = "referrals.manage"
    model = PartnerWork
    pk_name = "work"
    success_message = "It is counted no more"
    back = "partner-work"

    def perform(self):
        actions.end_partner_work(work=self.object, by=self.request.user)


class LayPathwayView(KeepView):
    permission = "referrals.manage"
    form_class = PathwayForm
    heading = "Lay down a pathway"
    lead = routing.ORDER
    button = "Lay it down"
    success_message = "The pathway counts from now"
    back = "pathways"

    def perform(self, form):
        return actions.lay_pathway(area=self.area, by=self.request.user, **form.cleaned_data)


class RecordAgreementView(KeepView):
    permission = "referrals.manage"
    form_class = AgreementForm
    heading = "Record an agreement on sharing information"
    button = "Record it"
    success_message = "The agreement is recorded"
    back = "agreements"

    def perform(self, form):
        return actions.record_agreement(by=self.request.user, today=timezone.localdate(), **form.cleaned_data)
