"""Tasks, and safety changes on their way to the cases."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals import querysets
from referrals.choices import Side
from referrals.models.people import Person
from referrals.models.referral import Referral
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.jobs.models import LEASED_FIELDS, LeasedRow, LeasedRowQuerySet


class Task(models.Model):
    """Something somebody has to do about a referral or its case. `part`: it belongs to whoever has this part of the case.

    `about`: what a task of a timeline is about; of that there is one open task of a kind at a time.
    """

    class Kind(models.TextChoices):
        CHECK_INTEREST = "check_interest", "Check whether a suspect is identified"
        REVIEW_CHANGE = "review_change", "Decide on changes the referrer sent"
        SAFETY = "safety", "Act on a withdrawal or a safety change"
        COMPARE = "compare", "Compare with another record"
        TRIGGER = "trigger", "Something changed for somebody who waits"
        OFFER = "offer", "Somebody said yes to an offer"
        LATE_REQUEST = "late_request", "Ask an agency that does not answer"
        OWN_PAGE = "own_page", "See what a person asked on their own page"
        TURNED_18 = "turned_18", "Ask them again: they are 18 now"
        FIRST_CONTACT = "first_contact", "Make the first contact"
        FIND_LEAD = "find_lead", "Find a lead facilitator"
        ASSESS = "assess", "Assess this person"
        REVIEW_ASSESSMENT = "review_assessment", "Reconfirm the assessment before it ends"
        LOOK_AGAIN = "look_again", "Look again at an assessment that was re-opened"
        SIGN_OFF = "sign_off", "Sign off the case, or say why not"
        PREPARE = "prepare", "Prepare everybody for the meeting or letter"
        RECONFIRM = "reconfirm", "Reconfirm on the day"
        AGREEMENT = "agreement", "Record the agreement, or that there is none"
        DEBRIEF = "debrief", "Debrief"
        FOLLOW_UP = "follow_up", "Ask both sides how they are"
        FOLLOW_UP_LATER = "follow_up_later", "Ask both sides again how they are"
        COMMITMENT = "commitment", "See whether a commitment is kept"
        COVER = "cover", "Find somebody else: a facilitator cannot come"
        TELL = "tell", "Tell the person harmed how it goes"
        OTHER = "other", "Task"

    class Part(models.TextChoices):
        COORDINATOR = "coordinator", "The coordinator"
        LEAD = "lead", "The lead facilitator"
        SUPERVISOR = "supervisor", "The case supervisor"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=20, choices=Kind)
    side = models.CharField(max_length=12, choices=Side, blank=True)
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")  # of a page of theirs
    about = models.UUIDField(null=True, blank=True)
    words = models.CharField(max_length=200, blank=True)
    due_on = models.DateField()
    first_due_on = models.DateField(null=True, blank=True)  # once it was put off
    put_off_because = models.CharField(max_length=200, blank=True)
    part = models.CharField(max_length=12, choices=Part, blank=True)
    assigned_to = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    done_by_hand = models.BooleanField(default=False)  # somebody said so: it did not end by what happened
    done_words = models.CharField(max_length=300, blank=True)
    nudges = models.PositiveSmallIntegerField(default=0)
    nudged_at = models.DateTimeField(null=True, blank=True)
    nudged_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.TaskQuerySet))
    classified = Classified(
        "case",
        personal="words put_off_because done_words",
        neither="id service_area referral kind side person about due_on first_due_on part assigned_to created_at created_by"
        " done_at done_by done_by_hand nudges nudged_at nudged_by",
    )

    class Meta:
        indexes = [
            models.Index(fields=["service_area", "due_on", "id"], name="task_due", condition=Q(done_at__isnull=True)),
            models.Index(fields=["assigned_to", "due_on", "id"], name="task_mine", condition=Q(done_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "kind", "about"],
                condition=Q(done_at__isnull=True, about__isnull=False),
                name="one_open_task_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(nudged_at__isnull=True, nudged_by__isnull=True)
                | Q(nudged_at__isnull=False, nudged_by__isnull=False),
                name="task_nudged_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.words or self.get_kind_display()


class SafetyChange(LeasedRow):
    """A withdrawal, bar, flag, death or correction, written where it was learnt; `cases` acts on it at once."""

    class Kind(models.TextChoices):
        CONSENT_WITHDRAWN = "consent_withdrawn"
        CONTACT_STRICTER = "contact_stricter"
        BAR_RECORDED = "bar_recorded"
        FLAG_RAISED = "flag_raised"
        PAUSED = "paused"
        DIED = "died"
        RESTRICTED = "restricted"
        CONFLICT_DECLARED = "conflict_declared"
        NO_LONGER_VERIFIED = "not_verified"
        CHILD = "child"
        TURNED_18 = "turned_18"
        INCIDENT_CORRECTED = "incident_corrected"
        CONCERN = "concern"

    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    referral = models.ForeignKey(Referral, models.CASCADE, null=True, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(LeasedRowQuerySet))
    classified = Classified("queue", sensitive="kind", neither=f"{LEASED_FIELDS} service_area person referral")

    class Meta(LeasedRow.Meta):
        pass
