"""What people of the demo need and agreed to: assessed, passed on, a child with their mother, and somebody who writes twice."""

from datetime import date, timedelta

from cases import actions as cases
from cases.models import Case
from referrals import actions as referrals
from referrals.choices import (
    Channel,
    ConsentMethod,
    ConsentPurpose,
    InitiatedBy,
    Mechanism,
    NeedCategory,
    NeedSize,
    NeedsQuestion,
    ParentalKind,
    YesNoNotKnown,
)
from referrals.models import NeedsAssessment, Person, Referral
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.models import ServiceArea, User

# What stands out of each: the questions answered with yes, the needs, the level and why, who supports them, taken up or not.
STORIES = (
    (
        "afraid close",
        "health:high social:some",
        "high",
        "Lives opposite the other person and no longer opens the door.",
        True,
    ),
    ("daily_life", "health:some", "low", "Sleeps again; a sister rings every evening.", None),
    ("alone age_or_health", "social:high finance:some", "medium", "Eighty-one, and nobody near.", True),
    ("before", "outlook:some", "medium", "The third time this year; expects a fourth.", False),
    (
        "self_harm alone",
        "health:high shelter:some",
        "high",
        "Sees no point any more, and said so. The doctor knows.",
        None,
    ),
)
LOOKED_AT = 24
SUPPORTERS = {"health": "Talking therapies, Fen practice", "social": "Neighbours’ lunch", "outlook": "Victims’ group"}


def show_needs(*, area: ServiceArea, coordinator: User, today: date) -> None:
    """Once: a second call changes nothing."""
    with acting_as(coordinator) as by:
        if NeedsAssessment.objects.exists():
            return
        known = Case.objects.filter(referral__person_harmed__organisation_name="")
        known = known.select_related("referral__person_harmed", "coordinator")
        some = list(known.order_by("-status", "-opened_on", "reference")[:LOOKED_AT])  # open ones first
        for case, story in zip(some, STORIES, strict=False):
            _assess(case, story, by, today)
        young = [one for one in some if not one.is_closed and one.referral.person_harmed.date_of_birth is None]
        if young:
            _child(young[-1], by, today)
        if some:
            _surveys_by_email(some[0].referral, by, today)
    _writes_twice(area, today)
    _wants_to_put_it_right(area, today)


def _assess(case: Case, story, by: User, today: date) -> None:
    referral = case.referral
    yes, needs, level, why, taken_up = story
    found = dict(pair.split(":") for pair in needs.split())
    about = {"person": referral.person_harmed, "referral": referral, "by": by}
    day = max(referral.received_on, today - timedelta(days=20))
    referrals.assess_needs(
        found=referrals.NeedsFound(
            assessed_on=day,
            level=level,
            reason=why,
            answers={one: YesNoNotKnown.YES if one in yes.split() else YesNoNotKnown.NO for one in NeedsQuestion},
            needs={one: found.get(one, NeedSize.NONE) for one in NeedCategory},
            grounds=["intimidated"] if "afraid" in yes else ["vulnerable"] if level == "high" else [],
            communication_needs=referral.person_harmed.communication_needs or "Short sentences, and time to think",
        ),
        today=today,
        **about,
    )
    category = needs.partition(":")[0]
    support = referrals.offer_support(
        category=category, organisation=SUPPORTERS[category], referred_on=day, today=today, **about
    )
    if taken_up is not None:
        referrals.note_support(support=support, taken_up=taken_up, ended_on=today, by=by, today=today)
    if level == "high" and case.coordinator == by:
        referrals.record_conditions(physical="Asthma", mental="Panic when somebody stands behind her", **about)


def _child(case: Case, by: User, today: date) -> None:
    """Somebody of fifteen, their mother's agreement, and an aunt who comes along."""
    person = Person.objects.get(pk=case.referral.person_harmed_id)
    about = {"person": person, "referral": case.referral, "by": by}
    asked = {"in_care": "no", "youth_justice": "Nobody works with them", "childrens_services": "Not known there"}
    referrals.record_childhood(under_18=True, today=today, **asked, **about)
    mother = referrals.name_parental_responsibility(
        kind=ParentalKind.PARENT, name="Joan Ferris, mother", reach="07700 900611", involved="no", **about
    )
    for purpose, method in (
        (ConsentPurpose.CONTACT, ConsentMethod.PHONE),
        (ConsentPurpose.TAKE_PART, ConsentMethod.WRITTEN),
    ):
        said = {"purpose": purpose, "method": method, "given_on": today}
        referrals.record_parental_agreement(parental=mother, referral=case.referral, by=by, today=today, **said)
    cases.add_new_participant(
        case=case, role="supporter", side="harmed", first_name="Della", last_name="Ferris", by=by, today=today
    )


def _surveys_by_email(referral: Referral, by: User, today: date) -> None:
    said = {"purpose": ConsentPurpose.SURVEY, "method": ConsentMethod.PHONE, "given_on": today}
    referrals.record_consent(
        person=referral.person_harmed, referral=referral, channels=[Channel.EMAIL], by=by, today=today, **said
    )


def _writes_twice(area: ServiceArea, today: date) -> None:
    """Names the same person twice in a week."""
    public = system_user("public")
    with acting_as(public, areas=[area.pk]):
        for ago, words in ((6, "She will not talk to me."), (1, "Tell her that I wrote.")):
            day = today - timedelta(days=ago)
            new = referrals.NewReferral(
                received_on=day,
                mechanism=Mechanism.VICTIM_SELF,
                harmed=referrals.NewPerson(first_name="Kay", under_18=False, phone="07700 900555", may_phone=True),
                responsible=referrals.NewPerson(first_name="Una", last_name="Merrow"),
                consent_method=ConsentMethod.ONLINE,
                consented_on=day,
                notes=f"What happened: {words}",
            )
            referrals.receive_referral(area=area, new=new, by=public, today=day)


def _wants_to_put_it_right(area: ServiceArea, today: date) -> None:
    """Wrote himself, and nobody has found yet whom he harmed."""
    public = system_user("public")
    with acting_as(public, areas=[area.pk]):
        new = referrals.NewReferral(
            received_on=today,
            mechanism=Mechanism.OFFENDER_SELF,
            initiated_by=InitiatedBy.OFFENDER,
            harmed=referrals.NewPerson(),
            responsible=referrals.NewPerson(
                first_name="Lewis", last_name="Tarrant", under_18=False, phone="07700 900733", may_phone=True
            ),
            incident={"crime_reference": "35/88120/25"},
            consent_method=ConsentMethod.ONLINE,
            consented_on=today,
            notes="What they did: I broke into a shop.\n\nWho works with them: Probation in Ely",
        )
        referrals.receive_referral(area=area, new=new, by=public, today=today)
