from volunteers.models.application import (
    Application,
    ApplicationStep,
    Reference,
    Safeguard,
)
from volunteers.models.availability import Availability
from volunteers.models.campaign import Campaign, CampaignApproval
from volunteers.models.check import Check
from volunteers.models.cover import CoverChange
from volunteers.models.expenses import BudgetLine, ExpenseClaim, MileageRate, PaymentRun
from volunteers.models.hours import HoursEntry
from volunteers.models.message import Message, MessageTo, RingMail
from volunteers.models.moving import PeopleMove
from volunteers.models.practice import Development, Observation, Registration
from volunteers.models.practitioner import Practitioner
from volunteers.models.reminder import Reminder
from volunteers.models.stand_down import StandDown
from volunteers.models.supervision import Supervision
from volunteers.models.team import Nominee, Team, TeamPlace
from volunteers.models.wishes import Wishes

__all__ = [
    "Application",
    "ApplicationStep",
    "Availability",
    "BudgetLine",
    "Campaign",
    "CampaignApproval",
    "Check",
    "CoverChange",
    "Development",
    "ExpenseClaim",
    "HoursEntry",
    "Message",
    "MessageTo",
    "MileageRate",
    "Nominee",
    "Observation",
    "PaymentRun",
    "PeopleMove",
    "Practitioner",
    "Reference",
    "Registration",
    "Reminder",
    "RingMail",
    "Safeguard",
    "StandDown",
    "Supervision",
    "Team",
    "TeamPlace",
    "Wishes",
]
