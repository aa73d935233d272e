from volunteers.models.availability import Availability
from volunteers.models.check import Check
from volunteers.models.practitioner import Practitioner
from volunteers.models.supervision import Supervision
from volunteers.models.wishes import Wishes

__all__ = ["Availability", "Check", "Practitioner", "Supervision", "Wishes"]
