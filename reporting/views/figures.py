"""What the Commissioner's office, the steering group and the national analyst read: issued figures, no person, no drill-down."""

from typing import Any

from django.db.models import Exists, IntegerField, OuterRef
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import HttpResponseRedirect
from django.urls import reverse

from reporting import packs
from reporting.choices import Audience, PackState
from reporting.data import Figures
from reporting.filters import IssuedFilter
from reporting.measures import MEASURES
from reporting.models import PublishedFigure, ReportRun
from reporting.periods import first_of, month_from
from reporting.views.packs import PackPdfView, PackTableView, figures_shown
from rj_service.accounts.models import ServiceArea
from rj_service.accounts.views import GuardedDetailView, GuardedListView, GuardedTemplateView
from rj_service.ui.templatetags.ui import month as month_in_words

NEWEST = 36  # months offered in the select


def published(user):
    """Issued packs for the commissioner that the user may read."""
    return (
        ReportRun.objects.all()
        .visible_to(user)
        .filter(pack_state=PackState.ISSUED, audience=Audience.COMMISSIONER)
        .select_related("service_area", "pdf")
    )


def without_later(runs):
    """The newest version of each month."""
    later = ReportRun.objects.filter(
        service_area=OuterRef("service_area"),
        month=OuterRef("month"),
        audience=OuterRef("audience"),
        pack_state=PackState.ISSUED,
        version__gt=OuterRef("version"),
    )
    return runs.filter(~Exists(later))


def not_there(request, chosen: Any) -> dict[str, Any]:
    """Of a month that was asked for and has no issued pack: how it is called, for the sentence that says so."""
    asked = request.GET.get("month", "")
    if not asked or chosen is not None:
        return {}
    try:
        return {"no_such_month": month_in_words(month_from(asked))}
    except ValueError:
        return {"no_such_month": "that month"}


class FiguresView(GuardedTemplateView):
    """The newest issued month, or the one chosen."""

    permission = "reporting.view_published"
    template_name = "reporting/figures.html"

    def get(self, request, *args, **kwargs):
        if request.user.may("reporting.view_national"):
            return HttpResponseRedirect(reverse("reporting:national"))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        runs = without_later(published(self.request.user)).order_by("-month", "service_area__name")
        months = list(runs.defer("figures", "definitions", "commentary")[:NEWEST])
        chosen = self.chosen(months)
        shown: dict[str, Any] = {}
        if chosen is not None:
            run = runs.get(pk=chosen.pk)
            self.read(run)
            shown = figures_shown(run, "reporting:issued-table") | {"run": run, "restatements": self.restated(run)}
        options = [{"value": f"{run.month:%Y-%m}", "label": month_in_words(run.month), "run": run} for run in months]
        return super().get_context_data(**kwargs, **shown, **not_there(self.request, chosen), options=options)

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, status=404 if context.get("no_such_month") else 200, **kwargs)

    def chosen(self, months: list[ReportRun]) -> ReportRun | None:
        asked = self.request.GET.get("month", "")
        if not asked:
            return months[0] if months else None
        return next((run for run in months if f"{run.month:%Y-%m}" == asked), None)

    def restated(self, run: ReportRun) -> list[dict[str, Any]]:
        """Months up to this one whose issued figures late data have changed, with the number before."""
        received = Cast(KT("figures__measures__referrals_received__value"), IntegerField())
        versions = list(
            published(self.request.user)
            .filter(service_area=run.service_area, month__gte=first_of(run.month, -12), month__lte=run.month)
            .order_by("-month", "version")
            .values("pk", "month", "version", received=received)
        )
        newest = {row["month"]: row for row in versions}
        before = {(row["month"], row["version"]): row["received"] for row in versions}
        return [
            {
                "month": row["month"],
                "received": row["received"],
                "was": before.get((row["month"], row["version"] - 1)),
                "url": reverse("reporting:issued-pack", args=[row["pk"]]),
            }
            for row in newest.values()
            if row["version"] > 1
        ]


class IssuedListView(GuardedListView):
    permission = "reporting.view_published"
    model = ReportRun
    template_name = "reporting/issued.html"
    heading = "Issued packs"
    thing = "pack"
    empty = "No pack has been issued yet. The service issues last month’s figures after its first working day."
    filter_class = IssuedFilter
    order = ("-month", "-version", "-id")
    order_words = "newest month first"
    no_file = "Each pack is read as a page and as a PDF, and its tables are files"

    def get_queryset(self):
        return published(self.request.user)

    def show(self, rows):
        return rows.defer("figures", "definitions", "commentary")


class IssuedPackView(GuardedDetailView):
    """One version as it was issued; a restatement shows what it changed."""

    permission = "reporting.view_published"
    model = ReportRun
    template_name = "reporting/figures.html"

    def get_queryset(self):
        return published(self.request.user)

    def get_context_data(self, **kwargs):
        run = self.object
        versions = self.get_queryset().filter(service_area=run.service_area, month=run.month)
        earlier = versions.filter(version__lt=run.version).order_by("-version").first()
        changed = []
        if earlier is not None:
            changed = packs.differences(
                Figures.from_json(earlier.figures, earlier.definitions), Figures.from_json(run.figures, run.definitions)
            )
        return super().get_context_data(
            **kwargs,
            **figures_shown(run, "reporting:issued-table"),
            run=run,
            earlier=earlier,
            changed=changed,
            later=versions.filter(version__gt=run.version).order_by("-version").first(),
            crumbs=[("Issued packs", reverse("reporting:issued")), (month_in_words(run.month), "")],
        )


class IssuedPdfView(PackPdfView):
    permission = "reporting.view_published"

    def get_queryset(self):
        return published(self.request.user)


class IssuedTableView(PackTableView):
    permission = "reporting.view_published"

    def get_queryset(self):
        return published(self.request.user)


class DefinitionsView(GuardedTemplateView):
    permission = "reporting.view_published"
    template_name = "reporting/definitions.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, measures=MEASURES)


class NationalView(GuardedTemplateView):
    """The same published figures, one row an area; areas that have not issued are named."""

    permission = "reporting.view_national"
    template_name = "reporting/national.html"

    def get_context_data(self, **kwargs):
        runs = without_later(published(self.request.user))
        months = list(runs.order_by("-month").values_list("month", flat=True).distinct()[:NEWEST])
        month = self.month(months)
        rows = self.rows(runs.filter(month=month).defer("figures", "definitions", "commentary")) if month else []
        issued = {row["run"].service_area_id for row in rows}
        self.read(label="reporting.publishedfigure", kind="list", ids=[row["run"].pk for row in rows])
        return super().get_context_data(
            **kwargs,
            **not_there(self.request, month),
            month=month,
            options=[{"value": f"{found:%Y-%m}", "label": month_in_words(found), "month": found} for found in months],
            rows=rows,
            missing=[area.name for area in ServiceArea.objects.order_by("name") if area.pk not in issued]
            if month
            else [],
        )

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, status=404 if context.get("no_such_month") else 200, **kwargs)

    def month(self, months):
        asked = self.request.GET.get("month", "")
        if not asked:
            return months[0] if months else None
        return next((month for month in months if f"{month:%Y-%m}" == asked), None)

    def rows(self, runs) -> list[dict[str, Any]]:
        chosen = sorted(runs, key=lambda run: run.service_area.name)
        figures: dict[Any, list[PublishedFigure]] = {run.pk: [] for run in chosen}
        for figure in PublishedFigure.objects.all().visible_to(self.request.user).filter(run__in=figures):
            figures[figure.run_id].append(figure)
        return [{"run": run} | _headlines(figures[run.pk]) for run in chosen]


def _headlines(figures: list[PublishedFigure]) -> dict[str, Any]:
    by_place = {(figure.measure, figure.cell): figure for figure in figures}

    def rate(measure: str, cell: str = "") -> str:
        found = by_place.get((measure, cell))
        if found is None or found.denominator is None:
            return "no data"
        return packs.in_words({"numerator": found.numerator, "denominator": found.denominator})

    received = by_place.get(("referrals_received", ""))
    held = [figure.value for figure in figures if figure.measure == "interventions_by_model" and figure.value]
    waiting = by_place.get(("awaiting_offender_identification", ""))
    return {
        "received": int(received.value) if received and received.value is not None else "no data",
        "conversion": rate("conversion_matured"),
        "held": int(sum(held)),
        "harmed": rate("satisfaction_12_months", "harmed"),
        "responsible": rate("satisfaction_12_months", "responsible"),
        "waiting": int(waiting.value) if waiting and waiting.value is not None else "no data",
    }
