"""How learners found a course: by a link that works once, on their own page, or as they told staff."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.tokens import digest, digest_kept, kept_of, new_token
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify
from training import events, policy
from training.actions.locking import locked, require_management
from training.actions.places import mail
from training.choices import FeedbackScale
from training.models import Cohort, Enrolment, Feedback, Session, TrainingMail

ENDED = "This link has been used or has ended. Ask for a new one."


@dataclass(frozen=True)
class Answers:
    course_was: str
    trainers_were: str = ""
    venue_was: str = ""
    feels_ready: bool | None = None
    words: str = ""


@transaction.atomic
def ask_for_feedback(*, cohort: Cohort, today: date, by: User) -> int:
    """Once the last session was held: everybody on the register whom nobody asked yet. Returns how many."""
    require_management(by, cohort.service_area_id)
    cohort = locked(cohort)
    days = list(Session.objects.taking_place().filter(cohort=cohort).values_list("held_on", flat=True))
    if not days or max(days) > today:
        raise DomainError("Feedback is asked for after the last session")
    asked = Enrolment.objects.filter(cohort=cohort, feedback__isnull=True).on_the_register()
    found = list(asked.select_related("learner__user"))
    if not found:
        raise StaleState("Everybody was asked already. Nothing was done twice")
    for enrolment in found:
        Feedback.objects.create(enrolment=enrolment, asked_by=by)
        if enrolment.learner.user is not None:
            url = reverse("training:own-feedback", args=[enrolment.pk])
            notify(enrolment.learner.user, "training_feedback", on=enrolment, url=url)
        elif enrolment.learner.email:
            mail(enrolment, TrainingMail.Kind.FEEDBACK, by)
    record(events.FEEDBACK_ASKED, by=by, on=cohort, detail={"asked": len(found)})
    return len(found)


def open_link(feedback: Feedback) -> str:
    """The secret of a new link; an earlier one ends."""
    secret = new_token()
    ends = timezone.now() + timedelta(days=settings.RJ_SURVEY_LINK_DAYS)
    Feedback.objects.filter(pk=feedback.pk).update(token_digest=digest(secret), expires_at=ends)
    return secret


def feedback_link_by_secret(secret: str) -> str:
    """What the session keeps of a link that still works. Raises StaleState (410) for any other."""
    link = kept_of(secret)
    feedback_by_link(link)
    return link


def feedback_by_link(link: str) -> Feedback:
    """`link` as `feedback_link_by_secret` gave it, looked at anew each time. Raises StaleState (410) once it has ended: used,
    too old, or another was given. Needs no scope."""
    working = Feedback._base_manager.filter(expires_at__gt=timezone.now(), answered_at__isnull=True)
    found = working.select_related("enrolment__cohort__course").filter(token_digest=digest_kept(link)).first()
    if found is None:
        raise StaleState(ENDED, code="ended")
    return found


def answer_by_link(*, link: str, answers: Answers) -> None:
    """The learner's own answers, once. Acts as the public user by itself."""
    feedback, public = feedback_by_link(link), system_user("public")
    with acting_as(public, areas=[feedback.enrolment.cohort.service_area_id]):
        _answer(feedback, answers, public)


@transaction.atomic
def give_feedback(*, feedback: Feedback, answers: Answers, by: User) -> None:
    """On a learner's own page, or as they told staff."""
    enrolment = feedback.enrolment
    is_own = enrolment.learner.user_id == by.pk
    if not (is_own or policy.can_manage(by, enrolment.cohort.service_area_id)):
        raise NotAllowed("The learner themselves or a training lead can do this.")
    _answer(feedback, answers, by)


@transaction.atomic
def _answer(feedback: Feedback, answers: Answers, by: User) -> None:
    if answers.course_was not in FeedbackScale.values:
        raise DomainError("Choose how the course was", field="course_was")
    fresh = Feedback.objects.select_for_update().get(pk=feedback.pk)
    if fresh.answered_at is not None:
        raise StaleState("This was answered already. Nothing was done twice", code="ended")
    for name, value in asdict(answers).items():
        setattr(fresh, name, value)
    fresh.answered_at, fresh.answered_by, fresh.token_digest = Now(), by, None
    fresh.save()
    area = feedback.enrolment.cohort.service_area_id
    record(events.FEEDBACK_GIVEN, by=by, on=feedback.enrolment.cohort, area=area)


@transaction.atomic
def enter_feedback(*, enrolment: Enrolment, answers: Answers, by: User) -> None:
    """On paper or by telephone, also of somebody whom nobody had asked in writing."""
    require_management(by, enrolment.cohort.service_area_id)
    feedback, _ = Feedback.objects.get_or_create(enrolment=enrolment, defaults={"asked_by": by})
    give_feedback(feedback=feedback, answers=answers, by=by)


@transaction.atomic
def give_feedback_link(*, enrolment: Enrolment, by: User) -> str:
    """For somebody without account and email; the secret is given once."""
    require_management(by, enrolment.cohort.service_area_id)
    feedback, _ = Feedback.objects.get_or_create(enrolment=enrolment, defaults={"asked_by": by})
    if feedback.answered_at is not None:
        raise StaleState("They have answered already")
    record(events.FEEDBACK_ASKED, by=by, on=enrolment.cohort, detail={"asked": 1})
    return open_link(feedback)
