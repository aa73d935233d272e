"""Who may be one person, and who was made one."""

from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q

from referrals.querysets.by_name import model
from rj_service.accounts.scoping import row_by_row


def _people_seen(user, *paths: str) -> tuple:
    """Conditions that the user may see each of the people at these paths."""
    seen = model("Person").objects.all().visible_to(user)
    return tuple(Exists(seen.filter(pk=OuterRef(path))) for path in paths)


def _is_restricted(path: str) -> ExpressionWrapper:
    """Whether any referral that names the person at this path is. Each way of naming has an index of its own."""
    restricted = row_by_row(model("Restriction"))
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
        referrals, beside = row_by_row(model("Referral")), row_by_row(model("AlsoResponsible"))
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
