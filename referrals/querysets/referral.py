"""Referrals: who reads which, and the lists of the desk."""

from datetime import date, datetime, time

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from referrals.choices import TOLD, ReferralStatus
from referrals.querysets.by_name import model
from referrals.querysets.people import is_young
from referrals.querysets.shut_out import CASEWORK, known_beside, known_in_case, open_to, opened_in_emergency
from rj_service.accounts.away import covered_by
from rj_service.accounts.roles import Role
from rj_service.accounts.scoping import row_by_row


class ReferralQuerySet(models.QuerySet):
    def not_shut_out(self, user):
        """Less those restricted and not granted to the user, and those where the user has a conflict."""
        may, knows_nobody = open_to(user, referral="pk", people=("person_harmed", "person_responsible"))
        return self.filter(may, knows_nobody, ~Exists(known_beside(user, "pk")))

    def without_conflict(self, user):
        """Less those where the user has a conflict of interest."""
        _, knows_nobody = open_to(user, referral="pk", people=("person_harmed", "person_responsible"))
        return self.filter(knows_nobody, ~Exists(known_beside(user, "pk")))

    def with_conflict(self, user):
        """Those where the user has one, with anybody in the case too."""
        _, knows_nobody = open_to(user, referral="pk", people=("person_harmed", "person_responsible"))
        knows = ~knows_nobody | Q(Exists(known_beside(user, "pk"))) | Q(Exists(known_in_case(user, referral="pk")))
        return self.filter(knows)

    def casework_for(self, user):
        """Referrals the user may read whole: the area's for coordinators and managers, of their cases for a supervisor."""
        acting = user.acting
        if user.is_system:
            return self
        if acting is None or acting.role not in (*CASEWORK, Role.CASE_SUPERVISOR):
            return self.none()
        own_area = self.filter(service_area=acting.service_area_id).not_shut_out(user)
        if acting.role != Role.CASE_SUPERVISOR:
            return own_area
        # Looked up by name: `cases` stands above.
        covered = Q(supervisor=user) | Q(supervisor__in=covered_by(user, timezone.localdate()))
        supervised = apps.get_model("cases", "Case").objects.filter(covered, referral=OuterRef("pk"))
        return own_area.filter(Exists(supervised) | opened_in_emergency(user, referral="pk"))

    def conditions_open_to(self, user):
        """Where the existing conditions of people are the user's to read: whoever works on it themselves and who answers for
        them. Of the coordinators of an area that is whoever took the referral or coordinates its case."""
        if not user.may("referrals.view_conditions"):
            return self.none()
        found = self.casework_for(user)
        if user.acting_role != Role.COORDINATOR:
            return found
        coordinated = apps.get_model("cases", "Case").objects.filter(referral=OuterRef("pk"), coordinator=user)
        return found.filter(Q(taken_by=user) | Exists(coordinated))

    def visible_to(self, user):
        """Casework, or for a Hub worker and a partner's referrer what their own organisation sent."""
        acting = user.acting
        if acting is not None and acting.role in (Role.HUB_WORKER, Role.PARTNER_REFERRER):
            return self.filter(organisation=acting.organisation_id, service_area=acting.service_area_id).not_shut_out(
                user
            )
        return self.casework_for(user)

    def like(self, answers):
        """Those about somebody of the same name harmed, or with the same crime reference; none where neither is known."""
        same = Q(pk__in=[])
        if answers.get("last_name"):
            names = {name: as_written(answers.get(name, "")) for name in ("last_name", "first_name")}
            same |= Q(**{f"person_harmed__{name}__in": written for name, written in names.items()})
        if answers.get("organisation_name"):
            same |= Q(person_harmed__organisation_name=answers["organisation_name"])
        if answers.get("crime_reference"):
            same |= Q(incident__crime_reference__in=as_written(answers["crime_reference"]))
        return self.filter(same).select_related("person_harmed").order_by("-received_on", "-id")

    def told(self, outcome):
        """Those of which the referrer reads this neutral outcome."""
        of_status = [status for status, told in TOLD.items() if told == outcome]
        return self.filter(Q(outcome=outcome) | Q(outcome="", status__in=of_status))

    def as_sent(self):
        """With what their referrers sent."""
        return self.select_related("sent", "import_row", "organisation")

    def with_unread(self, user):
        """Marks those with a message of the other side that the user has not opened."""
        messages = row_by_row(model("ReferralMessage")).filter(referral=OuterRef("pk"))
        return self.annotate(has_unread=Exists(messages.unread_by(user)))

    def waiting(self):
        return self.filter(status=ReferralStatus.ON_HOLD)

    def to_decide(self):
        return self.filter(status=ReferralStatus.RECEIVED)

    def interested(self):
        """Each has an interest that has not ended; said here, it lets the index of next checks put them in order."""
        return self.filter(
            status=ReferralStatus.INTERESTED,
            watched_interest__ended_at__isnull=True,
            watched_interest__next_check_on__isnull=False,
        )

    def with_news(self):
        """Marks those who wait and have news that nobody has looked at yet."""
        news = row_by_row(model("InterestTrigger")).open().filter(interest__referral=OuterRef("pk"))
        return self.annotate(has_news=Exists(news))

    def with_review_due(self, before):
        """Those who wait and whose wish and address were last confirmed before a day."""
        return self.filter(watched_interest__confirmed_on__lt=before)

    def decided_since(self, moment):
        return self.filter(decided_at__gte=moment).exclude(status__in=[ReferralStatus.RECEIVED])

    def for_list(self, user):
        """What a row of a list shows to the user, in three statements; the narrative stays in the table."""
        flags = model("SensitiveFlag").objects.filter(referral=OuterRef("pk"), cleared_at__isnull=True)
        pairs = model("PossibleDuplicate").objects.all().visible_to(user).open()
        person = OuterRef("person_harmed")
        also = model("AlsoResponsible").objects.all()
        beside = row_by_row(model("AlsoResponsible")).filter(referral=OuterRef("pk"))
        changes = model("ProposedChange").objects.filter(referral=OuterRef("pk"), decided_at__isnull=True)
        to_read = model("ReferralMessage").objects.filter(
            referral=OuterRef("pk"), from_referrer=True, readings__isnull=True
        )
        return (
            self.select_related(
                "incident", "person_harmed", "person_responsible", "organisation", "taken_by", "watched_interest"
            )
            .select_related("person_harmed__safe_contact")
            .defer("notes", "decision_note", "referrer_email")
            .annotate(
                is_restricted=Exists(model("Restriction").objects.filter(referral=OuterRef("pk"))),
                is_sensitive=Exists(flags),
                is_child_beside=Exists(beside.filter(is_young("person", timezone.localdate()))),
                has_changes=Exists(changes),
                has_message=Exists(to_read),
                may_be_duplicate=Exists(pairs.filter(person=person)) | Exists(pairs.filter(other=person)),
            )
            .prefetch_related(
                "verification_checks",
                Prefetch("also_responsible", also.select_related("person").order_by("added_at", "id")),
            )
        )


def clock_began_before(day: date) -> Q:
    """Of a referral to decide. Of somebody who waited for a suspect to be identified it begins anew when they go on."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    went_on = Q(watched_interest__ended_at__isnull=True) | Q(watched_interest__ended_at__lt=start)
    return Q(received_on__lt=day) & went_on


def began_from(day: date) -> Q:
    """The clock began on the day or later; each of the two ways is found by an index of its own."""
    received = model("Referral").objects.filter(received_on__gte=day).values("pk")
    start = timezone.make_aware(datetime.combine(day, time.min))
    return Q(pk__in=received.union(model("WatchedInterest").objects.filter(ended_at__gte=start).values("referral")))


def as_written(words: str) -> set[str]:
    """As typed, and in the capitals that files and forms use: what an index can look up."""
    return {words, words.upper(), words.title(), words.lower()}


def known_to(user):
    """Referrals that the user may open themselves, or by their case: those that they may hear something about."""
    seen = model("Referral").objects.all().visible_to(user).filter(pk=OuterRef("pk"))
    return model("Referral").objects.filter(Exists(seen) | Exists(_cases_of(user)))


def referral_called(reference, user):
    """The one of `known_to` that has this reference, its own or its case's; None where there is none."""
    by_case = Exists(_cases_of(user).filter(reference=reference))
    return known_to(user).filter(Q(reference=reference) | by_case).first()


def _cases_of(user):
    # Looked up by name: `cases` stands above.
    return apps.get_model("cases", "Case").objects.all().visible_to(user).filter(referral=OuterRef("pk"))
