"""What is done with packs: ask for one, count it, comment on it, issue it. Issued figures never change; late data restate."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from reporting import data, disclosure, events, packs, policy
from reporting.choices import Audience, PackState
from reporting.measures import definitions
from reporting.models import PublishedFigure, ReportRun
from reporting.periods import first_of
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import ServiceArea, User
from rj_service.accounts.roles import Role
from rj_service.audit.actions import record
from rj_service.documents.actions import store_file
from rj_service.documents.pdf import render_pdf
from rj_service.notifications.actions import notify_role


@transaction.atomic
def draft_pack(*, area: ServiceArea, month: date, audience: str, by: User) -> ReportRun:
    """Ask for the pack of a month. An open draft is counted afresh; after an issued pack the next version is a restatement."""
    if not policy.can_prepare(by, area.pk):
        raise NotAllowed("Only a coordinator or a service manager prepares a pack.")
    if first_of(month, 1) > timezone.localdate():
        raise DomainError(f"{month:%B %Y} has not ended yet.", field="month")
    if audience == Audience.PUBLIC and not disclosure.is_public_month(month):
        raise DomainError(disclosure.NOT_THIS_MONTH, field="month")
    ServiceArea.objects.select_for_update().get(pk=area.pk)  # two askers make one draft
    newest = (
        ReportRun.objects.filter(service_area=area, month=first_of(month), audience=audience)
        .order_by("-version")
        .first()
    )
    if newest is not None and newest.pack_state == PackState.DRAFT:
        return _count_again(newest, by)
    if newest is not None and newest.pack_state == PackState.ISSUING:
        raise StaleState("This pack is being issued.")
    run = ReportRun.objects.enqueue(
        service_area=area,
        month=first_of(month),
        audience=audience,
        version=newest.version + 1 if newest else 1,
        asked_by_id=by.pk,
    )
    record(events.PACK_ASKED, by=by, on=run, detail={"month": f"{run.month:%Y-%m}", "audience": audience})
    return run


def _count_again(run: ReportRun, by: User) -> ReportRun:
    if run.is_over:
        ReportRun.objects.requeue(run)
        record(events.PACK_ASKED, by=by, on=run, detail={"again": True})
    return run


@transaction.atomic
def try_again(*, run: ReportRun, by: User) -> None:
    """Count a draft afresh, or make the document of a pack again whose making failed."""
    run = ReportRun.objects.select_for_update().get(pk=run.pk)
    if not policy.can_prepare(by, run.service_area_id):
        raise NotAllowed("Only a coordinator or a service manager prepares a pack.")
    if run.pack_state == PackState.ISSUED:
        raise StaleState("This pack has been issued. Its figures do not change.")
    _count_again(run, by)


LOOKED_BACK = 12  # months


def months_to_draft(area: ServiceArea, audience: str, *, last: date, with_last: bool) -> list[date]:
    """Firsts of months without a pack: `last`, and whatever was missed since the first pack of this audience."""
    present = set(ReportRun.objects.filter(service_area=area, audience=audience).values_list("month", flat=True))
    months = [first_of(last, -back) for back in range(LOOKED_BACK, 0, -1)]
    missed = [month for month in months if present and month > min(present)]
    return [month for month in [*missed, *([last] if with_last else [])] if month not in present]


def draft_if_missing(*, area: ServiceArea, month: date, audience: str, by: User) -> ReportRun | None:
    """The scheduler's call: makes the first version of a month once, however often and however late it is called."""
    if ReportRun.objects.filter(service_area=area, month=first_of(month), audience=audience).exists():
        return None
    return draft_pack(area=area, month=month, audience=audience, by=by)


def count_pack(run: ReportRun) -> dict:
    """The columns that a counted draft gets: figures, definitions and the time they were counted as at."""
    figures = data.figures_for_audience(run.service_area, run.month, run.audience)
    return {"figures": figures.as_stored(), "definitions": definitions(), "as_at": figures.as_at}


@transaction.atomic
def write_commentary(*, run: ReportRun, words: str, by: User) -> None:
    run = ReportRun.objects.select_for_update().get(pk=run.pk)
    if not policy.can_comment(by, run):
        raise NotAllowed("The commentary of an issued pack does not change.")
    run.commentary, run.commentary_by, run.commentary_at = words, by, timezone.now()
    run.save(update_fields=["commentary", "commentary_by", "commentary_at"])
    record(events.COMMENTARY_WRITTEN, by=by, on=run)


@transaction.atomic
def issue_pack(*, run: ReportRun, by: User) -> None:
    """Freeze what was counted. The document is made by a worker from the frozen figures."""
    run = ReportRun.objects.select_for_update().get(pk=run.pk)
    if run.pack_state != PackState.DRAFT:
        raise StaleState("This pack has been issued. Nothing was done twice.")
    if run.state != ReportRun.State.DONE:
        raise DomainError("The figures are still being counted.")
    if not policy.can_issue(by, run):
        raise NotAllowed("Only a coordinator or a service manager issues a pack.")
    run.pack_state, run.issued_by, run.issued_at = PackState.ISSUING, by, timezone.now()
    run.save(update_fields=["pack_state", "issued_by", "issued_at"])
    ReportRun.objects.requeue(run)


def make_document(run: ReportRun) -> bytes:
    """Raises ValueError for a pack that was never counted."""
    if run.figures is None:
        raise ValueError("the pack has not been counted")
    figures = data.Figures.from_json(run.figures, run.definitions)
    html = packs.html_of(
        figures,
        audience=run.audience,
        commentary=run.commentary,
        issued_on=run.issued_at,
        version=run.version,
    )
    return render_pdf(html)


def complete_issue(run: ReportRun, pdf: bytes) -> None:
    """Inside the lease's finish: store the document, close the pack, publish the commissioner's cells, tell the readers."""
    if run.issued_by is None or run.figures is None:
        raise ValueError("only a pack that is being issued is completed")
    run.pdf = store_file([pdf], kind="pack", content_type="application/pdf", by=run.issued_by, encrypted=False)
    run.pdf_sha256 = run.pdf.sha256
    run.pack_state = PackState.ISSUED
    run.save(update_fields=["pdf", "pdf_sha256", "pack_state"])
    record(events.PACK_ISSUED, by=run.issued_by, on=run, detail={"sha256": run.pdf_sha256, "version": run.version})
    if run.audience == Audience.COMMISSIONER:
        publish(run, run.figures["measures"])
        for role in (Role.OPCC_REVIEWER, Role.STEERING_GROUP):
            notify_role(role, run.service_area_id, "pack_issued", on=run)


def publish(run: ReportRun, measures: dict[str, dict]) -> None:
    """One row a cell of the commissioner's fixed tables."""
    rows = []
    for key, measure in measures.items():
        rows += [
            PublishedFigure(
                run=run, service_area_id=run.service_area_id, month=run.month, measure=key, cell=cell, **values
            )
            for cell, values in _flat(measure)
        ]
    PublishedFigure.objects.bulk_create(rows)


def _flat(measure: dict):
    if "cells" in measure:
        yield from ((cell, {"value": value}) for cell, value in measure["cells"].items())
    elif "numerator" in measure:
        yield "", {key: measure[key] for key in ("value", "numerator", "denominator")}
        for side, rate in measure.get("by_side", {}).items():
            yield side, {key: rate[key] for key in ("value", "numerator", "denominator")}
    elif "value" in measure:
        yield "", {"value": measure["value"]}
