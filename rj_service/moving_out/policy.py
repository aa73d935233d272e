"""An archive holds everything, so it is made for nobody who is shut out of anything."""

from uuid import UUID

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from rj_service.accounts.models import User


def may_read_everything(user: User, area_id: UUID) -> bool:
    """No conflict of interest, no complaint about them, no restricted referral that is not granted to them."""
    conflicts = _rows("ConflictOfInterest").filter(user=user, service_area=area_id, lifted_at__isnull=True)
    complaints = _rows("ComplainedAbout").filter(worker=user, complaint__service_area=area_id)
    in_force = Q(ends_at__isnull=True) | Q(ends_at__gt=Now())
    granted = _rows("Grant").filter(in_force, user=user, referral=OuterRef("referral"))
    closed = _rows("Restriction").filter(~Exists(granted), referral__service_area=area_id)
    return not any(rows.exists() for rows in (conflicts, complaints, closed))


def _rows(name: str):
    # Looked up by name: `referrals` stands above. Past the scopes: whoever is shut out may not see by what.
    return apps.get_model("referrals", name)._base_manager.all()
