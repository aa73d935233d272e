"""Which rows a user may see, and the conditions that lists and rules share. Grows with `referrals`' own work."""

from datetime import date, datetime, time
from functools import lru_cache

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Aggregate, Count, Exists, ExpressionWrapper, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Now, TruncMonth
from django.utils import timezone

from referrals.choices import (
    NOT_COUNTED,
    TOLD,
    Approach,
    ComplaintStatus,
    ConcernStatus,
    ReferralStatus,
    RequestStatus,
    TransferStatus,
)
from rj_service.accounts.away import covered_by
from rj_service.accounts.roles import Role
from rj_service.accounts.scoping import row_by_row
from rj_service.jobs.models import LeasedRowQuerySet

CASEWORK = (Role.COORDINATOR, Role.SERVICE_MANAGER)


def known_in_case(user, *, referral: str):
    """Whom the user knows of everybody in the case of a referral. Looked up by name: `cases` stands above."""
    known = {"person__conflicts__user": user, "person__conflicts__lifted_at__isnull": True}
    return row_by_row(apps.get_model("cases", "Participant")).filter(case__referral=OuterRef(referral), **known)


class Middle(Aggregate):
    """The value in the middle; of an even number the lower of the two."""

    template = "percentile_disc(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def _model(name: str):
    return apps.get_model("referrals", name)


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """People of referrals that the user may see in full."""
        seen = _model("Referral").objects.casework_for(user)
        beside = row_by_row(_model("AlsoResponsible")).filter(person=OuterRef("pk"), referral__in=seen)
        return self.filter(
            Exists(seen.filter(Q(person_harmed=OuterRef("pk")) | Q(person_responsible=OuterRef("pk")))) | Exists(beside)
        )


class ConsentQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(withdrawn_at__isnull=True)

    def withdrawn(self):
        """Withdrawn, and not given again since."""
        same = {name: OuterRef(name) for name in ("person", "referral", "purpose")}
        again = _model("Consent").objects.in_force().filter(**same)
        return self.filter(~Exists(again), withdrawn_at__isnull=False)


class ParentalAgreementQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(withdrawn_at__isnull=True)


class LegalBarQuerySet(models.QuerySet):
    def standing(self, today):
        """Bars that forbid contact on the day: started, not ended, not permitted by the authority that set them."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today, permitted_on__isnull=True
        )


class GrantQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Emergency access: of the area's managers whoever knows nobody in it; the data protection officer's, who reads when,
        who and why."""
        taken = self.filter(is_emergency=True)
        if user.is_system:
            return taken
        area = user.acting.service_area_id if user.acting else None
        if user.may("operations.view_audit"):
            return taken.filter(referral__service_area=area) if area else taken
        if not user.may("referrals.grant"):
            return self.none()
        return taken.filter(referral__in=_model("Referral").objects.filter(service_area=area).without_conflict(user))

    def of_emergency(self, user):
        return self.in_force().filter(is_emergency=True, user=user)

    def in_force(self):
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=Now()))

    def of_casework_in(self, area_id):
        """Those of people who could open the referral today."""
        memberships = apps.get_model("accounts", "Membership").objects.current(timezone.localdate())
        working = memberships.filter(service_area=area_id, role__in=CASEWORK)
        return self.filter(user__is_active=True, user__in=working.values("user"))


def open_to(user, *, referral: str, people: tuple[str, ...]) -> tuple:
    """Conditions that nothing shuts the user out, for a query that names its referral and people by these paths.

    Asked row by row through indexes. As lists (`NOT IN`) it reads better and took twenty times as long for a
    practitioner's thirty cases in tables that nobody had analysed yet.
    """
    return _open_to(user.pk, referral, people)


def opened_in_emergency(user, *, referral: str) -> Exists:
    """That the user opened it so, and it has not ended."""
    return Exists(row_by_row(_model("Grant")).of_emergency(user).filter(referral=OuterRef(referral)))


@lru_cache(maxsize=1000)  # every action asks, and building the conditions takes longer than answering them
def _open_to(user_id, referral: str, people: tuple[str, ...]) -> tuple:
    restricted = row_by_row(_model("Restriction")).filter(referral=OuterRef(referral))
    granted = row_by_row(_model("Grant")).in_force().filter(referral=OuterRef(referral), user=user_id)
    known = Q(referral=OuterRef(referral))
    for path in people:
        known |= Q(person=OuterRef(path))
    conflicts = row_by_row(_model("ConflictOfInterest")).filter(known, user=user_id, lifted_at__isnull=True)
    return Exists(granted) | ~Exists(restricted), ~Exists(conflicts)


def _known_beside(user, referral: str):
    """Of somebody responsible beside the first, whom the user knows."""
    known = {"person__conflicts__user": user, "person__conflicts__lifted_at__isnull": True}
    return row_by_row(_model("AlsoResponsible")).filter(referral=OuterRef(referral), **known)


def users_in_conflict(referral) -> set:
    """Ids of those with a declared conflict with the referral or anybody in it or in its case."""
    people = Q(person=referral.person_harmed_id) | Q(person=referral.person_responsible_id)
    people |= Q(person__in=row_by_row(_model("AlsoResponsible")).filter(referral=referral).values("person"))
    # Looked up by name: `cases` stands above.
    in_case = row_by_row(apps.get_model("cases", "Participant")).filter(case__referral=referral)
    about = Q(referral=referral) | (Q(person__isnull=False) & (people | Q(person__in=in_case.values("person"))))
    conflicts = row_by_row(_model("ConflictOfInterest")).filter(about, lifted_at__isnull=True)
    return set(conflicts.values_list("user", flat=True))


class ReferralQuerySet(models.QuerySet):
    def not_shut_out(self, user):
        """Less those restricted and not granted to the user, and those where the user has a conflict."""
        may, knows_nobody = open_to(user, referral="pk", people=("person_harmed", "person_responsible"))
        return self.filter(may, knows_nobody, ~Exists(_known_beside(user, "pk")))

    def without_conflict(self, user):
        """Less those where the user has a conflict of interest."""
        _, knows_nobody = open_to(user, referral="pk", people=("person_harmed", "person_responsible"))
        return self.filter(knows_nobody, ~Exists(_known_beside(user, "pk")))

    def with_conflict(self, user):
        """Those where the user has one, with anybody in the case too."""
        _, knows_nobody = open_to(user, referral="pk", people=("person_harmed", "person_responsible"))
        knows = ~knows_nobody | Q(Exists(_known_beside(user, "pk"))) | Q(Exists(known_in_case(user, referral="pk")))
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
        messages = row_by_row(_model("ReferralMessage")).filter(referral=OuterRef("pk"))
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
        news = row_by_row(_model("InterestTrigger")).open().filter(interest__referral=OuterRef("pk"))
        return self.annotate(has_news=Exists(news))

    def with_review_due(self, before):
        """Those who wait and whose wish and address were last confirmed before a day."""
        return self.filter(watched_interest__confirmed_on__lt=before)

    def decided_since(self, moment):
        return self.filter(decided_at__gte=moment).exclude(status__in=[ReferralStatus.RECEIVED])

    def for_list(self, user):
        """What a row of a list shows to the user, in three statements; the narrative stays in the table."""
        flags = _model("SensitiveFlag").objects.filter(referral=OuterRef("pk"), cleared_at__isnull=True)
        pairs = _model("PossibleDuplicate").objects.all().visible_to(user).open()
        person = OuterRef("person_harmed")
        also = _model("AlsoResponsible").objects.all()
        beside = row_by_row(_model("AlsoResponsible")).filter(referral=OuterRef("pk"))
        changes = _model("ProposedChange").objects.filter(referral=OuterRef("pk"), decided_at__isnull=True)
        to_read = _model("ReferralMessage").objects.filter(
            referral=OuterRef("pk"), from_referrer=True, readings__isnull=True
        )
        return (
            self.select_related(
                "incident", "person_harmed", "person_responsible", "organisation", "taken_by", "watched_interest"
            )
            .select_related("person_harmed__safe_contact")
            .defer("notes", "decision_note", "referrer_email")
            .annotate(
                is_restricted=Exists(_model("Restriction").objects.filter(referral=OuterRef("pk"))),
                is_sensitive=Exists(flags),
                is_child_beside=Exists(beside.filter(_is_young("person", timezone.localdate()))),
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
    received = _model("Referral").objects.filter(received_on__gte=day).values("pk")
    start = timezone.make_aware(datetime.combine(day, time.min))
    return Q(pk__in=received.union(_model("WatchedInterest").objects.filter(ended_at__gte=start).values("referral")))


def as_written(words: str) -> set[str]:
    """As typed, and in the capitals that files and forms use: what an index can look up."""
    return {words, words.upper(), words.title(), words.lower()}


class ReferralMessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(referral__in=_model("Referral").objects.all().visible_to(user))

    def unread_by(self, user):
        """Written by the other side and not opened by the user."""
        opened = row_by_row(_model("MessageReading")).filter(message=OuterRef("pk"), user=user)
        return self.filter(~Exists(opened), from_referrer=not user.may("referrals.view_own"))

    def for_list(self, user):
        return self.for_reading(user).select_related("referral__sent", "referral__import_row", "referral__organisation")

    def for_reading(self, user):
        """Marked with what the user has not opened, and with who has."""
        return (
            self.annotate(
                is_new=Exists(row_by_row(_model("ReferralMessage")).filter(pk=OuterRef("pk")).unread_by(user))
            )
            .select_related("written_by")
            .prefetch_related(
                Prefetch("readings", _model("MessageReading").objects.select_related("user").order_by("read_at"))
            )
        )


def _people_seen(user, *paths: str) -> tuple:
    """Conditions that the user may see each of the people at these paths."""
    seen = _model("Person").objects.all().visible_to(user)
    return tuple(Exists(seen.filter(pk=OuterRef(path))) for path in paths)


def _is_restricted(path: str) -> ExpressionWrapper:
    """Whether any referral that names the person at this path is. Each way of naming has an index of its own."""
    restricted = row_by_row(_model("Restriction"))
    harmed, responsible, beside = (
        Exists(restricted.filter(**{f"referral__{named}": OuterRef(path)}))
        for named in ("person_harmed", "person_responsible", "also_responsible__person")
    )
    return ExpressionWrapper(harmed | responsible | beside, output_field=models.BooleanField())


class MergeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever may see only one of the two learns of no merge."""
        return self.filter(*_people_seen(user, "one", "other"))

    def in_force(self):
        """From the proposal on: what protects one holds for both."""
        return self.filter(undone_at__isnull=True)

    def confirmed(self):
        """The records are read together."""
        return self.in_force().filter(confirmed_at__isnull=False)

    def waiting(self):
        """For a second person."""
        return self.in_force().filter(confirmed_at__isnull=True)


class CarriedQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(ended_at__isnull=True)


class PossibleDuplicateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Both people must be the user's to see: a restricted one does not show through its likeness."""
        return self.filter(*_people_seen(user, "person", "other"))

    def open(self):
        """Less those whom one referral has come to name both."""
        referrals, beside = row_by_row(_model("Referral")), row_by_row(_model("AlsoResponsible"))
        found = self.filter(answer="open")
        for one, other in (("person", "other"), ("other", "person")):
            named = Q(referral__person_harmed=OuterRef(other)) | Q(referral__person_responsible=OuterRef(other))
            named |= Q(referral__also_responsible__person=OuterRef(other))
            sides = referrals.filter(person_harmed=OuterRef(one), person_responsible=OuterRef(other))
            found = found.filter(~Exists(sides), ~Exists(beside.filter(named, person=OuterRef(one))))
        return found

    def proposed(self):
        return self.filter(answer="proposed")

    def about(self, people):
        return self.filter(Q(person__in=people) | Q(other__in=people))

    def for_list(self):
        """Both people, and whether a referral that names them is restricted."""
        return self.select_related("person", "other").annotate(
            person_is_restricted=_is_restricted("person"), other_is_restricted=_is_restricted("other")
        )


class RepeatedApproachQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Both referrals must be the user's to see."""
        seen = _model("Referral").objects.casework_for(user)
        return self.filter(Exists(seen.filter(pk=OuterRef("referral"))), Exists(seen.filter(pk=OuterRef("earlier"))))


class ApproachElsewhereQuerySet(models.QuerySet):
    def visible_to(self, user):
        seen = _model("Referral").objects.casework_for(user)
        return self.filter(Exists(seen.filter(pk=OuterRef("referral"))))


class ImportBatchQuerySet(LeasedRowQuerySet):
    def visible_to(self, user):
        """Coordination sees every import of the area, a Hub worker their own."""
        acting = user.acting
        if acting is None:
            return self.none()
        own_area = self.filter(service_area=acting.service_area_id)
        if acting.role in CASEWORK:
            return own_area
        return own_area.filter(imported_by=user)


class ProposedChangeQuerySet(models.QuerySet):
    def of_its_referrer(self):
        """What the organisation asked for itself, not by a file."""
        return self.filter(proposed_by__isnull=False)

    def visible_to(self, user):
        return self.filter(referral__in=_model("Referral").objects.casework_for(user))

    def open(self):
        return self.filter(decided_at__isnull=True)


class SearchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, in the role that one works in now."""
        return self.filter(membership=user.acting.membership_id if user.acting else None)


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of referrals that the user may read whole; a practitioner's own, of the sides that they work with."""
        if user.acting is not None and user.acting.role == Role.PRACTITIONER:
            return self._of_practitioner(user)
        seen = self.filter(referral__in=_model("Referral").objects.casework_for(user))
        return seen if user.is_system else seen.filter(~Exists(known_in_case(user, referral="referral")))

    def _of_practitioner(self, user):
        # Looked up by name: `cases` stands above.
        cases = apps.get_model("cases", "Case").objects.visible_to(user).filter(referral=OuterRef("referral"))
        works = (
            apps.get_model("cases", "Assignment")
            .objects.in_force()
            .filter(case__referral=OuterRef("referral"), practitioner__learner__user=user)
        )
        on_it = Exists(works.filter(Q(sides="both") | Q(sides=OuterRef("side"))))
        return self.filter(Exists(cases), on_it | Q(side__in=["", "neither"]), assigned_to=user)

    def open(self):
        return self.filter(done_at__isnull=True)


class DirectoryQuerySet(models.QuerySet):
    """What the area keeps about others: read by whoever reads referrals there, kept by coordination."""

    def visible_to(self, user):
        if user.is_system:
            return self
        return self.filter(service_area=user.acting.service_area_id) if user.may("referrals.view") else self.none()

    def current(self):
        return self.filter(ended_at__isnull=True)


class ProvisionQuerySet(DirectoryQuerySet):
    def there(self, local_area):
        """In the local area, or everywhere."""
        places = _model("Provision").local_areas.through.objects.filter(provision=OuterRef("pk"))
        return self.filter(~Exists(places) | Exists(places.filter(localarea=local_area)))

    def for_list(self):
        return self.select_related("organisation", "checked_by").prefetch_related("local_areas")


class SharingAgreementQuerySet(DirectoryQuerySet):
    def with_agency(self, kind):
        return self.current().filter(organisation__kind=kind)

    def with_organisation(self, organisation_id):
        return self.current().filter(organisation=organisation_id)


class TransferQuerySet(models.QuerySet):
    def visible_to(self, user):
        """To the sender whoever may read the referral. Where it is offered, coordination as long as it is, less whoever knows
        somebody of it; a restricted one the managers alone. Where it was taken over, whoever may read it there."""
        acting = user.acting
        if user.is_system:
            return self
        if acting is None or acting.role not in CASEWORK:
            return self.none()
        own = _model("Referral").objects.casework_for(user)
        sent = Q(Exists(own.filter(pk=OuterRef("referral"))), from_area=acting.service_area_id)
        there = row_by_row(_model("Referral")).filter(pk=OuterRef("referral")).without_conflict(user)
        if not user.may("referrals.grant"):
            there = there.filter(restriction__isnull=True)
        offered = Q(Exists(there), to_area=acting.service_area_id, status=TransferStatus.OFFERED)
        return self.filter(sent | offered | Q(Exists(own.filter(pk=OuterRef("arrived")))))

    def offered(self):
        return self.filter(status=TransferStatus.OFFERED)

    def under_way(self):
        """Offered, or with the other area."""
        return self.filter(status__in=[TransferStatus.OFFERED, TransferStatus.ACCEPTED])

    def told(self, today):
        """What the other area reads before it accepts: codes and months, and nothing of which somebody could be found."""
        flags = row_by_row(_model("SensitiveFlag")).filter(referral=OuterRef("referral"), cleared_at__isnull=True)
        harmed, responsible = "referral__person_harmed", "referral__person_responsible"
        named = Q(person=OuterRef(harmed)) | Q(person=OuterRef(responsible))
        named |= Q(person__responsible_beside__referral=OuterRef("referral"))
        agreed = row_by_row(_model("Consent")).in_force().filter(referral=OuterRef("referral"), purpose="contact")
        return self.select_related("from_area", "to_area", "offered_by").annotate(
            crime_type=F("referral__incident__crime_type"),
            month=F("referral__incident__month"),
            justice_stage=F("referral__incident__justice_stage"),
            needed_by=F("referral__incident__needed_by"),
            mechanism=F("referral__mechanism"),
            initiated_by=F("referral__initiated_by"),
            received_on=F("referral__received_on"),
            referral_status=F("referral__status"),
            verified_at=F("referral__verified_at"),
            names_harmed=_whether(**{f"{harmed}__isnull": False}),
            names_responsible=_whether(**{f"{responsible}__isnull": False}),
            harmed_is_young=_is_young(harmed, today),
            responsible_is_young=_is_young(responsible, today),
            flags=ArraySubquery(flags.order_by("kind").values("kind").distinct()),
            has_bar=Exists(row_by_row(_model("LegalBar")).filter(named).standing(today)),
            is_agreed=Exists(agreed),
            is_restricted=_whether(referral__restriction__isnull=False),
        )


def _whether(*either, **condition) -> ExpressionWrapper:
    return ExpressionWrapper(Q(*either, **condition), models.BooleanField())


def _is_young(person: str, today: date) -> ExpressionWrapper:
    """By the date of birth, else as they say (`policy.age_group`)."""
    born = Q(**{f"{person}__date_of_birth__gt": eighteen_years_before(today)})
    return _whether(born | Q(**{f"{person}__date_of_birth__isnull": True, f"{person}__under_18": True}))


def eighteen_years_before(day: date) -> date:
    """Whoever was born after it is under 18. On 29 February, where there was none, the day before."""
    born = (day.year - 18, day.month, day.day)
    return date(*born) if born[1:] != (2, 29) else date(born[0], 2, 28)


class WatchedInterestQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(ended_at__isnull=True, referral__status=ReferralStatus.INTERESTED)

    def day_reached(self, today):
        return self.standing().filter(watched_day__lte=today)


class InterestTriggerQuerySet(models.QuerySet):
    def open(self):
        return self.filter(settled_at__isnull=True)


class OfferQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Coordination's; of referrers what their own organisation recorded, for nothing outside shows who said no."""
        return self._of(_model("Referral").objects.all(), user)

    def worth_making_by(self, user):
        """Visible to the user and to be made, less those of referrals that opened a case, are not counted or went elsewhere,
        and less people who have died or asked never to be asked, wherever that was learnt."""
        done = (ReferralStatus.ACCEPTED, ReferralStatus.REFERRED_ELSEWHERE, *NOT_COUNTED)
        may_be_asked = self.to_make().filter(person__died_on__isnull=True).exclude(person__approach=Approach.NEVER)
        return may_be_asked._of(_model("Referral").objects.exclude(status__in=done), user)

    def _of(self, referrals, user):
        acting = user.acting
        if acting is not None and acting.role in (Role.HUB_WORKER, Role.PARTNER_REFERRER):
            return self.filter(referral__in=referrals.visible_to(user), recorded_for=acting.organisation_id)
        return self.filter(referral__in=referrals.casework_for(user))

    def to_make(self):
        return self.filter(offered_on__isnull=True, ended_on__isnull=True)

    def for_referrer(self, user):
        """What a row shows to whoever sent the referral: what they recorded the last time, and nothing that we did."""
        before = row_by_row(_model("Offer")).filter(
            referral=OuterRef("referral"),
            person=OuterRef("person"),
            recorded_for=user.acting.organisation_id,
            offered_on__isnull=False,
        )
        before = before.order_by("-offered_on", "-recorded_at")
        return self.select_related("referral__sent", "referral__import_row", "referral__organisation").annotate(
            last_on=Subquery(before.values("offered_on")[:1]), last_answer=Subquery(before.values("answer")[:1])
        )

    def made(self):
        return self.filter(offered_on__isnull=False)

    def late(self, today):
        return self.filter(due_on__lt=today)

    def for_list(self):
        """What a row shows, in one statement: the person, the referral, and what was answered the last time."""
        restricted = row_by_row(_model("Restriction")).filter(referral=OuterRef("referral"))
        before = (
            row_by_row(_model("Offer"))
            .filter(referral=OuterRef("referral"), person=OuterRef("person"), offered_on__isnull=False)
            .order_by("-offered_on", "-recorded_at")
        )
        return self.select_related("person", "referral__incident", "referral__organisation").annotate(
            is_restricted=Exists(restricted),
            last_on=Subquery(before.values("offered_on")[:1]),
            last_answer=Subquery(before.values("answer")[:1]),
        )

    def by_month(self):
        """How many were made, by the month of the offer and the answer: rows of `month`, `reply` (OfferAnswer), `number`."""
        return (
            self.made()
            .order_by()
            .values(month=TruncMonth("offered_on"), reply=F("answer"))
            .annotate(number=Count("pk"))
            .order_by("month", "reply")
        )


class ImportRowQuerySet(models.QuerySet):
    def seen_before(self, reference: str, row_hash: bytes):
        return self.filter(hub_reference=reference, row_hash=row_hash)


class _VoiceQuerySet(models.QuerySet):
    """Concerns and complaints: nobody's whom a conflict of interest shuts out. A restricted referral's are read by the
    managers all the same: somebody has to decide today."""

    kinds = ""
    on = ""

    def of_area(self, user):
        acting = user.acting
        if acting is None:
            return self.none()
        people = ("referral__person_harmed", "referral__person_responsible")
        no_conflict = open_to(user, referral="referral", people=people)[1]
        return self.filter(no_conflict, ~Exists(_known_beside(user, "referral")), service_area=acting.service_area_id)

    def by_kind_and_month(self, since, until):
        """How many of each kind came in each month (its first day), of those that came in [since, until)."""
        came = self.filter(**{f"{self.on}__gte": since, f"{self.on}__lt": until}).order_by()
        return came.values(self.kinds, month=TruncMonth(self.on)).annotate(number=Count("pk"))


class ConcernQuerySet(_VoiceQuerySet):
    kinds, on = "kind", "raised_on"

    def visible_to(self, user):
        """The managers' of its area alone: to everybody else, whoever raised it included, it is not there."""
        if user.is_system:
            return self
        return self.of_area(user) if user.may("referrals.safeguard") else self.none()

    def raised_by(self, user):
        """What they raised themselves: they see that it was received and decided, and no word of it."""
        area = user.acting.service_area_id if user.acting else None
        return self.filter(raised_by=user, service_area=area)

    def waiting(self):
        return self.filter(status=ConcernStatus.WAITING)

    def overdue(self, today):
        return self.waiting().filter(due_on__lt=today)

    def to_remind(self, today, *, also_today=False):
        """Overdue and not reminded of today; `also_today`: what is due today as well, late in the day."""
        late = Q(due_on__lte=today) if also_today else Q(due_on__lt=today)
        return self.waiting().filter(late, Q(reminded_on=None) | Q(reminded_on__lt=today))


class ComplaintQuerySet(_VoiceQuerySet):
    kinds, on = "about", "received_on"

    def visible_to(self, user):
        """The managers' of its area and its handler's, and never a worker's whom it is about."""
        if user.is_system:
            return self
        if not user.may("referrals.handle_complaint"):
            return self.none()
        theirs = row_by_row(_model("ComplainedAbout")).filter(complaint=OuterRef("pk"), worker=user)
        found = self.of_area(user).filter(~Exists(theirs))
        return found if user.may("referrals.safeguard") else found.filter(handler=user)

    def open(self):
        return self.exclude(status=ComplaintStatus.CLOSED)

    def to_acknowledge(self):
        return self.filter(status=ComplaintStatus.RECEIVED)

    def to_answer(self):
        """Neither decided nor told: what the deadline is for."""
        return self.filter(status__in=[ComplaintStatus.RECEIVED, ComplaintStatus.ACKNOWLEDGED])

    def late(self, today):
        """Past the day of the acknowledgement or of the answer."""
        not_acknowledged = Q(status=ComplaintStatus.RECEIVED, acknowledge_by__lt=today)
        return self.filter(not_acknowledged | (Q(due_on__lt=today) & ~Q(status=ComplaintStatus.CLOSED)))


class OwnLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(referral__in=_model("Referral").objects.casework_for(user))

    def not_ended(self):
        return self.filter(ended_at__isnull=True)

    def working(self):
        return self.not_ended().filter(expires_at__gt=Now())


class ContactWishQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(referral__in=_model("Referral").objects.casework_for(user))

    def open(self):
        return self.filter(decided_at__isnull=True)


def known_to(user):
    """Referrals that the user may open themselves, or by their case: those that they may hear something about."""
    seen = _model("Referral").objects.all().visible_to(user).filter(pk=OuterRef("pk"))
    return _model("Referral").objects.filter(Exists(seen) | Exists(_cases_of(user)))


def referral_called(reference, user):
    """The one of `known_to` that has this reference, its own or its case's; None where there is none."""
    by_case = Exists(_cases_of(user).filter(reference=reference))
    return known_to(user).filter(Q(reference=reference) | by_case).first()


def _cases_of(user):
    # Looked up by name: `cases` stands above.
    return apps.get_model("cases", "Case").objects.all().visible_to(user).filter(referral=OuterRef("pk"))


class ReferralDraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, in the organisation that one works for now."""
        acting = user.acting
        if acting is None:
            return self.none()
        return self.filter(user=user, organisation=acting.organisation_id, service_area=acting.service_area_id)

    def unsent(self):
        return self.filter(sent_as__isnull=True)


class InformationRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(referral__in=_model("Referral").objects.casework_for(user))

    def outstanding(self):
        return self.filter(status=RequestStatus.ASKED)

    def late(self, today):
        return self.outstanding().filter(due_on__lt=today)

    def to_chase(self, today):
        return self.outstanding().filter(next_chase_on__lte=today)

    def by_agency(self, today):
        """Of each agency of the directory, and of each kind for those that are not in it: how many, how many late, and the
        day on which the middle one was asked."""
        return (
            self.order_by()
            .values("recipient_kind", "agency", called=F("agency__name"))
            .annotate(number=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)), middle=Middle("asked_on"))
            .order_by("middle", "recipient_kind", "called")
        )
