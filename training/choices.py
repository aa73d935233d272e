"""Packages, courses, learners and awards: the controlled lists."""

from django.db.models import TextChoices


class CourseKind(TextChoices):
    BRIEFING = "briefing", "Community briefing"
    AWARENESS = "awareness", "One-day awareness"
    FACILITATOR = "facilitator", "Conference facilitator"
    PRACTITIONER = "practitioner", "Practitioner"
    TRAINER = "trainer", "Trainer"
    SENSITIVE = "sensitive", "Sensitive and complex cases"
    COACHING = "coaching", "Follow-up coaching"
    BESPOKE = "bespoke", "Bespoke session"
    DEVELOPMENT = "development", "Facilitator development"
    OFFICERS = "officers", "Briefing for officers"
    RECRUITS = "recruits", "Session for new recruits"
    OTHER = "other", "Other"


class Needs(TextChoices):
    """What the course before asks for: "completed" is full attendance, "successful" is the award (seed 000 paragraph 2.4)."""

    ATTENDED = "attended", "Attended in full"
    AWARDED = "awarded", "Attended in full and passed"


class EnrolmentStatus(TextChoices):
    ENROLLED = "enrolled", "Enrolled"
    WAITING = "waiting", "On the waiting list"
    COMPLETED = "completed", "Completed"
    DROPPED_OUT = "dropped_out", "Dropped out"


# Whoever dropped out may ask again, and then comes last.
ENROLMENT_TRANSITIONS: dict[str, frozenset[str]] = {
    EnrolmentStatus.WAITING: frozenset([EnrolmentStatus.ENROLLED, EnrolmentStatus.DROPPED_OUT]),
    EnrolmentStatus.ENROLLED: frozenset([EnrolmentStatus.COMPLETED, EnrolmentStatus.DROPPED_OUT]),
    EnrolmentStatus.COMPLETED: frozenset(),
    EnrolmentStatus.DROPPED_OUT: frozenset([EnrolmentStatus.ENROLLED, EnrolmentStatus.WAITING]),
}


class PackageStatus(TextChoices):
    INTEREST = "interest", "Interest"
    APPLIED = "applied", "Applied"
    AGREED = "agreed", "Agreed"
    SIGNED = "signed", "Contract signed"
    RUNNING = "running", "Running"
    CLOSED = "closed", "Closed"


PACKAGE_TRANSITIONS: dict[str, frozenset[str]] = {
    PackageStatus.INTEREST: frozenset([PackageStatus.APPLIED, PackageStatus.CLOSED]),
    PackageStatus.APPLIED: frozenset([PackageStatus.AGREED, PackageStatus.CLOSED]),
    PackageStatus.AGREED: frozenset([PackageStatus.SIGNED, PackageStatus.CLOSED]),
    PackageStatus.SIGNED: frozenset([PackageStatus.RUNNING, PackageStatus.CLOSED]),
    PackageStatus.RUNNING: frozenset([PackageStatus.CLOSED]),
    PackageStatus.CLOSED: frozenset(),
}


class Funding(TextChoices):
    FREE = "free", "Free of charge"
    FUNDED = "funded", "Funded by somebody else"
    CHARGED = "charged", "Charged to us"


class Condition(TextChoices):
    """What a provider asks of an area before it trains there (seed 000 paragraph 2.5)."""

    IMPACT = "impact", "Crime and anti-social behaviour have a significant impact in the neighbourhood"
    SUPPORT = "support", "Committed, and supported by policing, partners, the local authority and victim services"
    VOLUNTEERS = "volunteers", "Prepared to recruit community volunteers"
    YOUNG = "young", "Willing to recruit young people aged 16 to 21"
    VENUES = "venues", "Able to provide venues and refreshments"
    TARGETS = "targets", "Willing to set targets for restorative outcomes"


class Limb(TextChoices):
    CANCELLED = "cancelled", "A session cancelled too late"
    SHORTFALL = "shortfall", "Fewer conferences or activities than agreed"


class Attendee(TextChoices):
    """Who comes to a briefing, by head (seed 000 paragraph 2.4)."""

    POLICE = "police", "Police"
    MAGISTRATES = "magistrates", "Magistrates"
    PROFESSIONALS = "professionals", "Professional workers"
    ORGANISATIONS = "organisations", "Local organisations"
    RESIDENTS = "residents", "Residents, young and old"
    SCHOOLS = "schools", "Schools"
    LANDLORDS = "landlords", "Social housing landlords"
    OTHERS = "others", "Others"


class Reach(TextChoices):
    """How people who refer came to know how, beside a course (seed 003 paragraph 8.3)."""

    BRIEFING = "briefing", "Briefing"
    GUIDE = "guide", "Quick guide"
    PODCAST = "podcast", "Podcast"


class FeedbackScale(TextChoices):
    VERY_GOOD = "very_good", "Very good"
    GOOD = "good", "Good"
    FAIR = "fair", "Fair"
    POOR = "poor", "Poor"
