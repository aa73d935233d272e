"""People, what they agreed to, and what forbids contact."""

from datetime import date

from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q

from referrals.querysets.by_name import model
from referrals.querysets.waiting import whether
from rj_service.accounts.scoping import row_by_row


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """People of referrals that the user may see in full."""
        seen = model("Referral").objects.casework_for(user)
        beside = row_by_row(model("AlsoResponsible")).filter(person=OuterRef("pk"), referral__in=seen)
        return self.filter(
            Exists(seen.filter(Q(person_harmed=OuterRef("pk")) | Q(person_responsible=OuterRef("pk")))) | Exists(beside)
        )


class ConsentQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(withdrawn_at__isnull=True)

    def withdrawn(self):
        """Withdrawn, and not given again since."""
        same = {name: OuterRef(name) for name in ("person", "referral", "purpose")}
        again = model("Consent").objects.in_force().filter(**same)
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


def is_young(person: str, today: date) -> ExpressionWrapper:
    """By the date of birth, else as they say (`policy.age_group`)."""
    born = Q(**{f"{person}__date_of_birth__gt": eighteen_years_before(today)})
    return whether(born | Q(**{f"{person}__date_of_birth__isnull": True, f"{person}__under_18": True}))


def eighteen_years_before(day: date) -> date:
    """Whoever was born after it is under 18. On 29 February, where there was none, the day before."""
    born = (day.year - 18, day.month, day.day)
    return date(*born) if born[1:] != (2, 29) else date(born[0], 2, 28)
