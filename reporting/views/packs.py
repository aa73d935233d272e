"""Packs on the service's side: prepare, read, comment, issue, download."""

from typing import Any, ClassVar

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from reporting import actions, packs, policy
from reporting.choices import Audience, PackState
from reporting.data import LISTED, Counting, Figures, figures_for_audience
from reporting.filters import PackFilter
from reporting.forms import CommentaryForm, DraftForm
from reporting.measures import BY_KEY
from reporting.models import ReportRun
from reporting.periods import Period
from reporting.tabulating import sections
from rj_service.accounts.models import ServiceArea
from rj_service.accounts.views import GuardedActionView, GuardedDetailView, GuardedFormView, GuardedListView
from rj_service.accounts.views.guarded import ObjectMixin
from rj_service.documents.actions import open_file
from rj_service.documents.tables_out import csv_bytes, xlsx_bytes
from rj_service.ui.forms import GovukForm
from rj_service.ui.templatetags.ui import month as month_in_words
from rj_service.ui.templatetags.ui import when

MOST_LISTED = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def figures_shown(run: ReportRun, table_url: str) -> dict[str, Any]:
    """What a page needs to draw a run's figures; `table_url` names the address of its tables."""
    figures = Figures.from_json(run.figures, run.definitions)
    shown: dict[str, Any] = {"figures": figures, "marking": packs.MARKINGS[Audience(run.audience)]}
    if run.audience == Audience.PUBLIC:
        return shown | {"public_tables": packs.public_tables(figures)}
    return shown | {
        "headlines": packs.headlines(figures),
        "sections": [
            {
                "section": section,
                "csv_url": reverse(table_url, args=[run.pk, section.key, "csv"]),
                "xlsx_url": reverse(table_url, args=[run.pk, section.key, "xlsx"]),
            }
            for section in sections(figures)
        ],
    }


class PackListView(GuardedListView):
    permission = "reporting.view"
    model = ReportRun
    template_name = "reporting/packs.html"
    heading = "Reports"
    thing = "pack"
    empty = (
        "No pack yet. On the first working day the service prepares last month’s packs here. You can prepare one now."
    )
    filter_class = PackFilter
    order = ("-month", "-created_at", "-id")
    order_words = "newest month first"
    columns: ClassVar = {
        "Month": lambda run: month_in_words(run.month),
        "For": lambda run: run.get_audience_display(),
        "Version": lambda run: run.version,
        "Counted as at": lambda run: when(run.as_at),
        "Issued by": lambda run: run.issued_by.get_full_name() if run.issued_by else "",
        "Issued": lambda run: when(run.issued_at),
        "State": lambda run: run.stands[0],
    }

    def show(self, rows):
        return rows.defer("figures", "definitions", "commentary").select_related("issued_by")

    def complete(self, rows):
        for run in rows:
            run.stands = stands(run)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, may_prepare=self.request.user.may("reporting.prepare"))


def stands(run: ReportRun) -> tuple[str, str]:
    """Where a pack stands, and the colour of it; none if it failed."""
    if run.state == ReportRun.State.FAILED:
        return "It did not work", ""
    if run.pack_state == PackState.DRAFT and run.state != ReportRun.State.DONE:
        return "Being counted", "blue"
    return run.get_pack_state_display(), {PackState.ISSUED: "green", PackState.DRAFT: "yellow"}.get(
        PackState(run.pack_state), "blue"
    )


class DraftView(GuardedFormView):
    permission = "reporting.prepare"
    form_class = DraftForm
    template_name = "ui/question.html"
    extra_context = {
        "heading": "Prepare a pack",
        "button": "Count the figures",
        "lead": "The figures are counted in the background. Nothing is sent or published before you issue the pack.",
    }

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"today": timezone.localdate()}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, back_url=reverse("reporting:packs"))

    def perform(self, form):
        area = ServiceArea.objects.get(pk=self.acting.service_area_id)
        return actions.draft_pack(area=area, by=self.request.user, **form.cleaned_data)

    def get_success_url(self):
        return reverse("reporting:pack", args=[self.result.pk])


class PackView(GuardedDetailView):
    """A draft with its blanks and commentary, or the issued pack and what late data would change."""

    permission = "reporting.view"
    model = ReportRun
    template_name = "reporting/pack.html"

    def get_queryset(self):
        return super().get_queryset().select_related("service_area", "issued_by", "commentary_by")

    def get_context_data(self, **kwargs):
        run, user = self.object, self.request.user
        shown: dict[str, Any] = {}
        if run.figures:
            shown = figures_shown(run, "reporting:pack-table")
        if run.figures and run.audience != Audience.PUBLIC:
            shown["blanks"] = packs.blanks(shown["figures"]) if run.pack_state == PackState.DRAFT else []
        if run.pack_state == PackState.ISSUED:
            now = figures_for_audience(run.service_area, run.month, run.audience)
            shown["changed_since"] = packs.differences(shown["figures"], now)
        return super().get_context_data(
            **kwargs,
            **shown,
            run=run,
            job=run,
            heading=f"{run.service_area.name}, {month_in_words(run.month)}",
            crumbs=[("Reports", reverse("reporting:packs")), (month_in_words(run.month), "")],
            audience=Audience(run.audience).label,
            listed=LISTED,
            may_comment=policy.can_comment(user, run),
            may_issue=policy.can_issue(user, run),
            try_again_url=reverse("reporting:count-again", args=[run.pk]),
        )


class NotKnownView(GuardedDetailView):
    """The referrals behind a line "Not known" of a pack's month, each to be mended on its own page. Names nobody."""

    permission = "reporting.prepare"
    model = ReportRun
    template_name = "reporting/not_known.html"

    def get_queryset(self):
        return super().get_queryset().exclude(audience=Audience.PUBLIC)

    def get_context_data(self, **kwargs):
        run, key = self.object, self.kwargs["key"]
        if key not in LISTED or run.as_at is None:
            raise Http404
        counted = Counting(run.service_area, Period.month(run.month), run.as_at).not_known(key)
        rows = counted.visible_to(self.request.user).select_related("incident").order_by("received_on", "reference")
        shown = list(rows[:MOST_LISTED])
        return super().get_context_data(
            **kwargs,
            rows=shown,
            others=counted.count() - len(shown),
            heading=f"{BY_KEY[key].title}: not known",
            month=run.month,
            back_url=reverse("reporting:pack", args=[run.pk]),
        )


class CountAgainView(GuardedActionView):
    permission = "reporting.prepare"
    model = ReportRun

    def perform(self):
        actions.try_again(run=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse("reporting:pack", args=[self.object.pk])


class RestateView(GuardedActionView):
    """The next version of an issued pack, with the data that came late."""

    permission = "reporting.prepare"
    model = ReportRun

    def perform(self):
        run = self.object
        return actions.draft_pack(area=run.service_area, month=run.month, audience=run.audience, by=self.request.user)

    def get_success_url(self):
        return reverse("reporting:pack", args=[(getattr(self, "result", None) or self.object).pk])


class _OfDraft(ObjectMixin, GuardedFormView):
    """A form about a draft; of a pack that is past it, the way back to the pack."""

    abstract = True
    model = ReportRun
    may = staticmethod(policy.can_comment)

    def get(self, request, *args, **kwargs):
        if not self.may(request.user, self.object):
            return HttpResponseRedirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def get_success_url(self):
        return reverse("reporting:pack", args=[self.object.pk])


class CommentaryView(_OfDraft):
    may = staticmethod(policy.can_comment)
    permission = "reporting.prepare"
    form_class = CommentaryForm
    template_name = "ui/question.html"
    success_message = "The commentary is saved"

    def get_initial(self):
        return {"words": self.object.commentary}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            heading=f"Commentary for {month_in_words(self.object.month)}",
            button="Save the commentary",
            back_url=self.get_success_url(),
        )

    def perform(self, form):
        actions.write_commentary(run=self.object, words=form.cleaned_data["words"], by=self.request.user)


class IssueView(_OfDraft):
    may = staticmethod(policy.can_issue)
    form_class = GovukForm
    permission = "reporting.issue"
    template_name = "ui/confirm.html"

    def get_context_data(self, **kwargs):
        run = self.object
        received = run.figures["measures"].get("referrals_received", {}).get("value") if run.figures else None
        return super().get_context_data(
            **kwargs,
            heading=f"Issue the pack for {month_in_words(run.month)}",
            facts=[
                {"label": "For", "value": Audience(run.audience).label},
                {"label": "Marking", "value": packs.MARKINGS[Audience(run.audience)]},
                {"label": "Referrals received", "value": str(received)},
                {"label": "Commentary", "value": "Written" if run.commentary else "None written"},
                {"label": "Version", "value": str(run.version)},
            ],
            consequences=CONSEQUENCES[Audience(run.audience)],
            button="Issue the pack",
            cancel_url=self.get_success_url(),
        )

    def perform(self, form):
        actions.issue_pack(run=self.object, by=self.request.user)


_FROZEN = "The figures, their definitions and the PDF are frozen. They never change."
_LATE = "Data that come late appear in a restatement beside it."
CONSEQUENCES = {
    Audience.INTERNAL: [_FROZEN, _LATE],
    Audience.COMMISSIONER: [_FROZEN, "The Commissioner’s office and the steering group can read it at once.", _LATE],
    Audience.PUBLIC: [_FROZEN, "The PDF may be published. The service does not publish it by itself.", _LATE],
}


class PackPdfView(GuardedDetailView):
    """The stored document of an issued pack."""

    permission = "reporting.view"
    model = ReportRun

    def get_queryset(self):
        return super().get_queryset().select_related("pdf", "service_area")

    def get(self, request, *args, **kwargs):
        run = self.object
        if run.pdf is None or run.pdf.deleted_at:
            raise Http404
        self.read(run, kind="download")
        name = f"pack-{run.service_area.slug}-{run.month:%Y-%m}-{run.audience}-{run.version}.pdf"
        return FileResponse(open_file(run.pdf), filename=name, content_type="application/pdf")


class PackTableView(GuardedDetailView):
    """One table of a pack as CSV or XLSX, from the frozen figures."""

    permission = "reporting.view"
    model = ReportRun

    def get(self, request, *args, **kwargs):
        run, key, kind = self.object, self.kwargs["key"], self.kwargs["kind"]
        found = None
        if run.figures and run.audience != Audience.PUBLIC and kind in ("csv", "xlsx"):
            found = next((s for s in sections(Figures.from_json(run.figures, run.definitions)) if s.key == key), None)
        if found is None:
            raise Http404
        self.read(run, kind="download", label=key)
        if kind == "csv":
            response = HttpResponse(csv_bytes(found.as_rows), content_type="text/csv; charset=utf-8")
        else:
            response = HttpResponse(xlsx_bytes(found.as_rows, title=found.measure.title), content_type=XLSX)
        name = f"{key.replace('_', '-')}-{run.month:%Y-%m}.{kind}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
