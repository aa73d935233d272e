"""Log a referral; import a Hub file, watch it, read what came of it."""

from typing import ClassVar

from django.urls import reverse

from referrals import forms
from referrals.actions import ask_for_import
from referrals.actions.imports import OUTSIDE_LOCAL_AREAS
from referrals.filters import ImportFilter
from referrals.hub_file.rows import OFFENDER_NOT_NAMED
from referrals.models import ImportBatch
from rj_service.accounts.models import ServiceArea
from rj_service.accounts.views import GuardedDetailView, GuardedFormView, GuardedListView
from rj_service.documents.downloads import download
from rj_service.ui.templatetags.ui import when

KINDS = {
    OFFENDER_NOT_NAMED: "Begun by the person responsible, who is not named",
    OUTSIDE_LOCAL_AREAS: "A local area outside the service's own",
}


class ImportListView(GuardedListView):
    permission = "referrals.import"
    model = ImportBatch
    template_name = "referrals/imports.html"
    heading = "Hub files"
    thing = "import"
    empty = (
        "No Hub file has been imported yet. An import brings in a month of referrals; the same file can be sent again"
        " without harm."
    )
    filter_class = ImportFilter
    order = ("-created_at", "-id")
    order_words = "newest first"
    columns: ClassVar = {
        "Imported": lambda batch: when(batch.created_at),
        "File": lambda batch: batch.file_name,
        "Asked by": lambda batch: batch.imported_by.get_short_name(),
        "State": lambda batch: "Refused" if batch.refused_whole else batch.get_state_display(),
        "Accepted": lambda batch: batch.accepted,
        "Refused": lambda batch: batch.refused,
        "Already here": lambda batch: batch.already_here,
        "Changed": lambda batch: batch.changed,
    }

    def show(self, rows):
        return rows.select_related("imported_by")

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_move_in=self.request.user.may("cases.agree_move_in"), **kwargs)


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
        answer = download(self.object.refused_rows, f"refused-rows-{self.object.pk}.csv")
        self.read(self.object, kind="download")
        return answer
