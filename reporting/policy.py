"""Who may prepare, comment on and issue a pack."""

from reporting.choices import PackState
from reporting.models import ReportRun


def can_prepare(user, area_id) -> bool:
    return user.may("reporting.prepare", area_id)


def can_comment(user, run: ReportRun) -> bool:
    return user.may("reporting.prepare", run.service_area_id) and run.pack_state == PackState.DRAFT


def can_issue(user, run: ReportRun) -> bool:
    return (
        user.may("reporting.issue", run.service_area_id)
        and run.pack_state == PackState.DRAFT
        and run.state == ReportRun.State.DONE
    )
