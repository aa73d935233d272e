"""A volunteer on a phone: asked without a name, cleared, assigned to a sensitive case; a visit, a contact, a receipt; and paid."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import Side
from cases.models import Assignment, Contact, Visit
from referrals.models import ConflictOfInterest
from rj_service.accounts.acting import acting_as
from rj_service.jobs.leases import work_on
from rj_service.ui.references import spoken
from tests.browser import DESK, PHONE
from tests.cases.conftest import side_of
from tests.documents.pictures import picture
from tests.factories import UserFactory
from tests.volunteers.factories import born_17_years_before, ready_practitioner
from volunteers import actions as volunteers
from volunteers.choices import CheckKind, Level
from volunteers.mileage import financial_year_of
from volunteers.models import Check, ExpenseClaim, PaymentRun

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = {"Sides they work with": "Both sides"}
NAMES = {"Maureen", "Okafor", "Liam", "Hart"}
# Screens, those that are opened again to see what changed among them: a pair asked twice each and assigned; to answer twice;
# a visit and a contact; two claims, one of them refused without its receipt, and hours; two decisions, a payment, its record.
MOST = {"coordinator": 16, "volunteer": 6, "visit": 7, "claims": 10, "manager": 14}


@pytest.fixture
def case(open_case, area, cast, today):
    """Sensitive, with its supervisor and a specialist's advice; a pair who can take it, three who cannot; and money is there."""
    found = open_case()
    ready_practitioner(area, today, user=cast["practitioner"], level=Level.ADVANCED)
    ready_practitioner(area, today, user=cast["off_case_practitioner"])
    lapsed = ready_practitioner(area, today, user=UserFactory(first_name="Ines", last_name="Marlow"))
    knows = ready_practitioner(area, today, user=UserFactory(first_name="Kay", last_name="Dunn"))
    born = born_17_years_before(today)
    ready_practitioner(area, today, user=UserFactory(first_name="Ben", last_name="Ode"), date_of_birth=born)
    Check._base_manager.filter(practitioner=lapsed, kind=CheckKind.NPPV_2).update(expires_on=today - timedelta(days=1))
    with acting_as(cast["coordinator"]) as by:
        known = {"case": found, "by": by, "today": today}
        actions.raise_flag(kind="hate_crime", **known)
        actions.set_supervisor(supervisor=cast["supervisor"], **known)
        actions.record_specialist_consulted(who="Ana Ruiz, hate crime adviser", consulted_on=today, **known)
        user = knows.learner.user
        ConflictOfInterest.objects.create(
            service_area=area, user=user, referral=found.referral, reason="My cousin", declared_by=user
        )
    with acting_as(cast["manager"]) as by:
        line = {"year": financial_year_of(today), "name": "Expenses", "stream": "Police", "amount": Decimal(500)}
        volunteers.lay_budget_line(area=area, by=by, **line)
    return found


@pytest.mark.proof
@pytest.mark.parametrize("crossed", [False, True])
def test_from_the_invitation_to_the_payment(case, area, cast, today, visitor, tmp_path, crossed, record_property):
    """Each at the width where that person works; and crossed."""
    wide, narrow = (PHONE, DESK) if crossed else (DESK, PHONE)
    desk, phone = visitor(cast["coordinator"], wide), visitor(cast["practitioner"], narrow)
    screens = {}
    _staffed(case, desk, {"Pat": phone, "Olu": visitor(cast["off_case_practitioner"], narrow)})
    screens |= {"coordinator": desk.screens, "volunteer": phone.screens}
    _signed_off(visitor(cast["supervisor"], wide), desk, case)
    _worked_on(case, cast, phone, today)
    screens["visit"] = phone.screens - screens["volunteer"]
    before = phone.screens
    _claimed(phone, tmp_path, case)
    screens["claims"] = phone.screens - before
    manager = visitor(cast["manager"], wide)
    _paid(manager, phone)
    screens["manager"] = manager.screens
    record_property("measured", f"screens, {'crossed widths' if crossed else 'own widths'}: {screens}")
    assert all(number <= MOST[who] for who, number in screens.items()), screens


def _staffed(case, desk, phones) -> None:
    """A pair, both asked without a name, and then whether they know anybody. Who cannot is told why they are not asked."""
    desk.open(reverse("cases:assignment-desk", args=[case.pk]))
    desk.reads("Advanced, or beside an Advanced", "Ready to invite (2)", "Advanced, as a sensitive case needs")
    desk.reads("Cannot be invited (3)", "Ines Marlow", "ended on", "Under 18", "Declared a conflict of interest")
    assert "cousin" not in desk.words
    _asked(desk, "Pat", phones["Pat"], "lead facilitator")
    desk.follow("Assign Pat").press("Assign").reads("The case is open to them now")
    desk.follow("Assign a co-facilitator").reads("Pat Wren, lead facilitator", "Ready to invite (1)")
    _asked(desk, "Olu", phones["Olu"], "co-facilitator")
    desk.follow("Assign Olu").press("Assign").reads("The case is open to them now")
    given = Assignment._base_manager.filter(case=case, sides="both", not_asked_because="")
    assert sorted(given.values_list("role", flat=True)) == ["co_facilitator", "lead"]


def _asked(desk, name, phone, place) -> None:
    desk.follow(f"Invite {name}").answer(BOTH).press("Send the invitation").reads("No answer yet")
    phone.open(reverse("cases:my-work")).reads(f"Could you be the {place}").follow("Answer the invitation")
    phone.answer({"Can you take it on?": "Yes, I am free"}).press("Send my answer")
    assert not NAMES & set(phone.words.split())
    desk.open(desk.page.url).press("Ask whether they know anybody")
    phone.open(phone.page.url).follow("See the names and answer").reads("Maureen Okafor", "Liam Hart")
    phone.answer({"Do you know any of them?": "No, I know none of them"}).press("Send my answer")
    desk.open(desk.page.url).reads("Said yes, and knows nobody in the case")


def _signed_off(supervisor, desk, case) -> None:
    """What a sensitive case needs of its own is in place."""
    desk.open(reverse("cases:desk", args=[case.pk])).reads("The supervisor’s sign-off")
    supervisor.open("/").follow("Sign off").reads("Hate crime", "Ana Ruiz").press("Sign off", within="main")
    desk.open(desk.page.url)
    missing = desk.page.get_by_role("heading", name="What is missing").locator("..").inner_text()
    for wanted in ("sign-off", "Two facilitators", "Advanced", "lead facilitator", "Specialist"):
        assert wanted not in missing, missing


def _worked_on(case, cast, phone, today) -> None:
    with acting_as(cast["coordinator"]) as by:
        visitor, companion = (one.practitioner for one in Assignment.objects.filter(case=case).order_by("-role"))
        now = timezone.now()
        actions.plan_visit(
            participant=side_of(case, Side.HARMED),
            visitor=visitor,
            companion=companion,
            place="venue",
            planned_for=now + timedelta(minutes=10),
            minutes=60,
            by=by,
            now=now,
        )
    phone.open(reverse("cases:my-work")).press("Check in").reads("You are checked in").press("Check out")
    assert Visit._base_manager.get().status == "over"
    phone.open(reverse("cases:my-work")).follow("Name shown inside").follow("Log a contact on the harmed side")
    phone.answer({"What happened": "Spoke"})
    phone.press("Save contact")
    assert Contact._base_manager.get().recorded_by == cast["practitioner"]


def _claimed(phone, folder, case) -> None:
    receipt = folder / "receipt.jpg"
    receipt.write_bytes(picture("JPEG", words="Kestrel House"))
    phone.open(reverse("cases:my-work")).follow("Claim an expense").reads("A mile is paid 45p")
    phone.answer({"What was it?": "Parking", "Amount": "3.20", "Where and what for": "Ramsey, a visit"})
    phone.press("Claim", within="main", status=422).reads("Add a photograph of the receipt", "There is a problem")
    phone.answer({"Photograph of the receipt": receipt}).press("Claim", within="main")
    phone.follow("Claim an expense").answer(
        {"What was it?": "Miles in your own car", "Miles, there and back": "21", "Where and what for": "Ely to Ramsey"}
    )
    phone.press("Claim", within="main").reads("£9.45", "£3.20").follow("£3.20").follow("My work")
    hours = {"Hours": "2.5", "What was it?": "Work on cases", "For which case?": spoken(case.reference)}
    phone.follow("Log hours").answer(hours).press("Save these hours")
    phone.reads("2 hours 30 minutes", spoken(case.reference))


def _paid(manager, phone) -> None:
    manager.open("/").reads("2 expenses to decide on").follow("Decide on them").reads("£9.45", "£3.20")
    for _ in range(2):
        manager.follow("-", within="table").reads("Pat Wren", "Where and what for")
        manager.answer({"What happens with this claim?": "Approve it"}).page.get_by_label("Expenses, 20").check()
        manager.press("Save the decision")
    manager.reads("No claim").follow("Home").reads("£12.65 of expenses to pay").follow("Go to payments")
    manager.press("Make a payment of them")
    assert work_on(PaymentRun, PaymentRun._base_manager.get().pk)
    manager.open(manager.page.url).reads("£12.65", "The file is ready")
    file = manager.download("Download the file").read_text(encoding="utf-8-sig")
    assert [line.count("Pat Wren") for line in file.splitlines()] == [0, 1, 1]
    manager.follow("Record that it was paid").press("Record it as paid").reads("recorded by Grace Holt")
    manager.follow("Back").open(reverse("volunteers:budget")).reads("£487.35")
    phone.open(reverse("volunteers:expenses")).reads("Paid")
    assert set(ExpenseClaim._base_manager.values_list("status", flat=True)) == {"paid"}
