from referrals.models.children import Childhood, ParentalAgreement, ParentalResponsibility
from referrals.models.complaints import ComplainedAbout, Complaint
from referrals.models.concerns import Concern, PassedOn
from referrals.models.directory import PartnerWork, Pathway, Provision, SharingAgreement
from referrals.models.drafting import ReferralDraft
from referrals.models.imports import ImportBatch, ImportRow, ProposedChange
from referrals.models.merging import Carried, Merge
from referrals.models.names import PlainName, Sound
from referrals.models.needing import Conditions, NeedsAssessment, OnwardSupport
from referrals.models.offering import Offer
from referrals.models.own_link import ContactWish, OwnLink
from referrals.models.people import Consent, ContactDetails, LegalBar, Person, SafeContact
from referrals.models.referral import Incident, PossibleDuplicate, Referral, SensitiveFlag, WatchedInterest
from referrals.models.referrer import MessageReading, ReferralMessage, SentReferral
from referrals.models.requesting import InformationRequest, RequestMail, RequestTemplate
from referrals.models.self_referral import (
    Acknowledgement,
    ApproachElsewhere,
    RepeatedApproach,
    VerificationCheck,
)
from referrals.models.shutting_out import ConflictOfInterest, Grant, Restriction
from referrals.models.together import AlsoResponsible
from referrals.models.transferring import Counterpart, Transfer
from referrals.models.waiting import InterestCheck, InterestTrigger
from referrals.models.work import SafetyChange, Task

__all__ = [
    "Acknowledgement",
    "AlsoResponsible",
    "ApproachElsewhere",
    "ComplainedAbout",
    "Childhood",
    "Complaint",
    "Concern",
    "Carried",
    "Conditions",
    "ConflictOfInterest",
    "Consent",
    "ContactDetails",
    "ContactWish",
    "Counterpart",
    "Grant",
    "ImportBatch",
    "ImportRow",
    "Incident",
    "InformationRequest",
    "InterestCheck",
    "InterestTrigger",
    "LegalBar",
    "Merge",
    "MessageReading",
    "NeedsAssessment",
    "Offer",
    "OnwardSupport",
    "OwnLink",
    "ParentalAgreement",
    "ParentalResponsibility",
    "PartnerWork",
    "PassedOn",
    "Pathway",
    "Person",
    "PlainName",
    "PossibleDuplicate",
    "ProposedChange",
    "Provision",
    "Referral",
    "ReferralDraft",
    "RequestMail",
    "RequestTemplate",
    "ReferralMessage",
    "RepeatedApproach",
    "Restriction",
    "SafeContact",
    "SafetyChange",
    "SensitiveFlag",
    "SentReferral",
    "SharingAgreement",
    "Sound",
    "Task",
    "Transfer",
    "VerificationCheck",
    "WatchedInterest",
]
