"""Who else works with people of the demo: the directory, pathways, agreements, a partner's own work; and the other area."""

from datetime import date, timedelta

from cases import actions as cases
from cases.choices import AssignmentRole, AssignmentSides
from cases.models import Arrangement, Case, Loan
from referrals import actions as referrals
from referrals.choices import ConsentMethod, Mechanism, Route, SensitiveKind, TransferBecause, WorksWith
from referrals.models import Provision, Referral
from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import Organisation, ServiceArea, User
from rj_service.demo.cast import AREAS

ENTRIES = (
    (
        "Youth Justice Service",
        "Works with children and young people who harmed somebody",
        {"works_with": [WorksWith.YOUNG]},
    ),
    ("Probation unit", "Supervises people on licence and on community sentences", {"works_with": [WorksWith.ADULTS]}),
    ("Haven", "Advice and safety planning", {"specialist_in": [SensitiveKind.DOMESTIC_ABUSE, SensitiveKind.STALKING]}),
    ("Fenside Homes", "Mediation between neighbours, by its own staff", {"stages": ["non_crime", "pre_sanction"]}),
)
MOVED = "She moved in the spring and asks to hear from somebody near her. A letter first, please."
BACK = "He has moved back, and asks for the worker he knows."


def work_with_others(*, area: ServiceArea, coordinator: User, there: User, today: date, passes_on: bool) -> None:
    """Once: a second call changes nothing. `passes_on`: not where the referrals are those of real files."""
    with acting_as(coordinator):
        if Provision.objects.exists():
            return
        _directory(area, coordinator, today)
        to_area = _neighbour(area)
        newest = Referral.objects.order_by("-received_on", "reference")
        waiting = [*newest.to_decide()[:5], *newest.interested()[:5]]
        able = [one for one in waiting if not referrals.why_not_passed_on(one)]
        for referral in able[:1]:
            _offer(referral, to_area, coordinator, today)
    if passes_on:
        _pass_on(area, to_area, coordinator, there, today)


def _neighbour(area: ServiceArea) -> ServiceArea:
    return ServiceArea.objects.get(slug=next(one.slug for one in AREAS if one.slug != area.slug))


def _directory(area: ServiceArea, by: User, today: date) -> None:
    known = {one.name: one for one in Organisation.objects.filter(service_area=area)}
    common = {"by": by, "today": today}
    kept = {}
    for number, (name, offers, more) in enumerate(ENTRIES):
        new = referrals.NewProvision(
            organisation=known[name],
            offers=offers,
            phone="01632 960077",
            contact_name=("Sam Oduya", "Ruth Penn", "Mina Farr", "Jon Ellery")[number],
            contact_email=f"rj{number}@example.org",
            **more,
        )
        day = today - timedelta(days=20 + number * 70)
        kept[name] = referrals.keep_provision(area=area, new=new, by=by, today=day)
    lay = {"area": area, "by": by}
    referrals.lay_pathway(
        route=Route.PARTNER, agency="housing", stage="pre_sanction", provision=kept["Fenside Homes"], **lay
    )
    referrals.lay_pathway(route=Route.OURS, agency="victims_hub", words="Tell the Hub within three working days", **lay)
    for name, signed, years in (("Victims’ Hub", 300, 1), ("Fenside Homes", 500, 1), ("Probation unit", 100, 2)):
        signed_on = today - timedelta(days=signed)
        days = {"signed_on": signed_on, "review_on": signed_on + timedelta(days=365 * years)}
        referrals.record_agreement(
            organisation=known[name], kind="sharing", document_reference="Agreements folder", **days, **common
        )
    for ago, delivered in ((5, "meeting"), (12, "indirect"), (40, "under_way")):
        told = {"told_on": today - timedelta(days=ago), "crime_type": "anti-social-behaviour", "delivered": delivered}
        referrals.record_partner_work(organisation=known["Fenside Homes"], **told, **common)


def _pass_on(area: ServiceArea, to_area: ServiceArea, coordinator: User, there: User, today: date) -> None:
    """One is with the other area, one came back."""
    for first_name, last_name in (("Ottilie", "Marchbank"), ("Rufus", "Penhale")):
        with acting_as(coordinator) as by:
            new = referrals.NewReferral(
                received_on=today - timedelta(days=9),
                mechanism=Mechanism.VICTIMS_HUB,
                harmed=referrals.NewPerson(first_name=first_name, last_name=last_name, may_phone=True),
                responsible=referrals.NewPerson(last_name="Tolland"),
                incident={"crime_type": "burglary", "location": "Mill Lane"},
                consent_method=ConsentMethod.PHONE,
                consented_on=today - timedelta(days=9),
            )
            referral = referrals.receive_referral(area=area, new=new, by=by, today=today)
            transfer = _offer(referral, to_area, by, today)
        with acting_as(there) as by:
            arrived = referrals.accept_transfer(transfer=transfer, by=by, today=today)
            if first_name == "Rufus":
                referrals.send_home(referral=arrived, words=BACK, by=by, today=today)


def _offer(referral: Referral, to_area: ServiceArea, by: User, today: date):
    given = {"to_area": to_area, "because": TransferBecause.HARMED_THERE, "words": MOVED}
    return referrals.offer_transfer(referral=referral, by=by, today=today, **given)


def lend_facilitators(*, area: ServiceArea, managers: tuple[User, User], coordinator: User, today: date) -> None:
    """The two areas arranged to help each other out; one facilitator is asked for. Once."""
    ours, theirs = managers
    other = _neighbour(area)
    with acting_as(ours) as by:
        arranged = Arrangement.objects.between(area.pk, other.pk).not_ended().first()
        if arranged is None:
            words = "Each lends the other a facilitator for up to two cases a month"
            common = {"starts_on": today - timedelta(days=60), "by": by, "today": today}
            arranged = cases.propose_arrangement(area=area, other=other, words=words, **common)
    if arranged.agreed_at is None:
        with acting_as(theirs) as by:
            cases.agree_arrangement(arrangement=arranged, by=by)
    with acting_as(coordinator) as by:
        case = Case.objects.open().order_by("-opened_on", "reference").first()
        if case is None or Loan.objects.filter(service_area=area).exists():
            return
        needed = {"role": AssignmentRole.CO_FACILITATOR, "sides": AssignmentSides.HARMED}
        words = "About ten hours on weekday evenings, somebody with patience for long silences"
        cases.ask_for_facilitator(case=case, arrangement=arranged, words=words, by=by, today=today, **needed)
