"""A check that a manager answers for, and an assessment that has to be looked at again."""

from datetime import date, datetime, time, timedelta

from cases import actions as cases
from cases.choices import InterventionStatus, Model, NotFaceToFaceReason, Overridable, OverriddenBecause
from cases.models import Assessment, Case, Override
from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import User
from rj_service.demo.life import LONDON


def show_gates(*, coordinator: User, manager: User, today: date) -> None:
    """Once: a second call changes nothing. In open cases where nothing is arranged, so that no meeting stops."""
    with acting_as(coordinator) as by:
        if Override.objects.exists():
            return
        quiet = Case.objects.visible_to(by).open().exclude(interventions__status=InterventionStatus.SCHEDULED)
        known = list(quiet.exclude(coordinator=manager).values_list("pk", flat=True))
    with acting_as(manager) as by:
        quiet = Case.objects.visible_to(by).filter(pk__in=known).order_by("-opened_on", "reference")
        signed = Assessment.objects.standing().filter(case__in=quiet.values("pk")).order_by("-signed_on", "pk").first()
        if signed is not None:
            words = "Moved back to the village last week. Does what was found about safety still hold?"
            quiet = quiet.exclude(pk=signed.case_id)
            cases.reopen_assessment(assessment=signed, words=words, by=by, today=today)
        to_video = quiet.first()
    if to_video is not None:
        _by_video(to_video, coordinator, manager, today)


def _by_video(case: Case, coordinator: User, manager: User, today: date) -> None:
    """Nobody has tested the line yet: somebody is there to try it before the sides join."""
    with acting_as(coordinator) as by:
        meeting = cases.plan_intervention(
            case=case,
            model=Model.VIDEO_CONFERENCE,
            planned_for=datetime.combine(today + timedelta(days=12), time(14), LONDON),
            not_face_to_face_reason=NotFaceToFaceReason.WISH,
            by=by,
            today=today,
        )
        cases.say_how_they_connect(
            intervention=meeting, platform="The service’s own", waits_apart=True, by=by, today=today
        )
    with acting_as(manager) as by:
        cases.override_check(
            intervention=meeting,
            key=Overridable.REMOTE,
            because=OverriddenBecause.DONE_ON_THE_DAY,
            words="The line is tried with each side half an hour before, and they join only then.",
            by=by,
            today=today,
        )
