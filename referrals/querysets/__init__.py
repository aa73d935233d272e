"""Which rows a user may see, and the conditions that lists and rules share."""

from referrals.querysets.between import (
    DirectoryQuerySet,
    InformationRequestQuerySet,
    ProvisionQuerySet,
    SharingAgreementQuerySet,
    TransferQuerySet,
)
from referrals.querysets.merging import CarriedQuerySet, MergeQuerySet, PossibleDuplicateQuerySet
from referrals.querysets.people import (
    ConsentQuerySet,
    LegalBarQuerySet,
    ParentalAgreementQuerySet,
    PersonQuerySet,
    eighteen_years_before,
    is_young,
)
from referrals.querysets.referral import (
    ReferralQuerySet,
    as_written,
    began_from,
    clock_began_before,
    known_to,
    referral_called,
)
from referrals.querysets.referrer import ProposedChangeQuerySet, ReferralDraftQuerySet, ReferralMessageQuerySet
from referrals.querysets.self_referral import ApproachElsewhereQuerySet, RepeatedApproachQuerySet
from referrals.querysets.shut_out import (
    CASEWORK,
    GrantQuerySet,
    known_beside,
    known_in_case,
    open_to,
    opened_in_emergency,
    users_in_conflict,
)
from referrals.querysets.voices import ComplaintQuerySet, ConcernQuerySet, ContactWishQuerySet, OwnLinkQuerySet
from referrals.querysets.waiting import InterestTriggerQuerySet, OfferQuerySet, WatchedInterestQuerySet, whether
from referrals.querysets.work import ImportBatchQuerySet, ImportRowQuerySet, TaskQuerySet

__all__ = [
    "ApproachElsewhereQuerySet",
    "CASEWORK",
    "CarriedQuerySet",
    "ComplaintQuerySet",
    "ConcernQuerySet",
    "ConsentQuerySet",
    "ContactWishQuerySet",
    "DirectoryQuerySet",
    "GrantQuerySet",
    "ImportBatchQuerySet",
    "ImportRowQuerySet",
    "InformationRequestQuerySet",
    "InterestTriggerQuerySet",
    "LegalBarQuerySet",
    "MergeQuerySet",
    "OfferQuerySet",
    "OwnLinkQuerySet",
    "ParentalAgreementQuerySet",
    "PersonQuerySet",
    "PossibleDuplicateQuerySet",
    "ProposedChangeQuerySet",
    "ProvisionQuerySet",
    "ReferralDraftQuerySet",
    "ReferralMessageQuerySet",
    "ReferralQuerySet",
    "RepeatedApproachQuerySet",
    "SharingAgreementQuerySet",
    "TaskQuerySet",
    "TransferQuerySet",
    "WatchedInterestQuerySet",
    "as_written",
    "began_from",
    "clock_began_before",
    "eighteen_years_before",
    "is_young",
    "known_beside",
    "known_in_case",
    "known_to",
    "open_to",
    "opened_in_emergency",
    "referral_called",
    "users_in_conflict",
    "whether",
]
