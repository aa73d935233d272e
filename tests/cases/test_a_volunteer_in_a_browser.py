"""A volunteer on a phone: asked without a name, cleared, assigned to a sensitive case; a visit, a contact, a receipt; and paid."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import Side
from cases.models import Assignment, Contact, Visit
from rj_service.accounts.acting import acting_as
from rj_service.jobs.leases import work_on
from tests.browser import PHONE
from tests.cases.conftest import side_of
from tests.documents.pictures import picture
from tests.volunteers.factories import ready_practitioner
from volunteers import actions as volunteers
from volunteers.choices import Level
from volunteers.mileage import financial_year_of
from volunteers.models import ExpenseClaim, PaymentRun

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = {"Sides they work with": "Both sides"}


@pytest.fixture
def case(open_case, area, cast, today):
    """Sensitive; somebody of the intermediate level works on it, and money is there."""
    found = open_case()
    ready_practitioner(area, today, user=cast["practitioner"], level=Level.ADVANCED)
    beside = ready_practitioner(area, today, user=cast["off_case_practitioner"])
    with acting_as(cast["coordinator"]) as by:
        actions.raise_flag(case=found, kind="hate_crime", by=by, today=today)
        actions.assign(
            not_asked="otherwise",
            case=found,
            practitioner=beside,
            role="co_facilitator",
            sides="both",
            by=by,
            today=today,
        )
    with acting_as(cast["manager"]) as by:
        line = {"year": financial_year_of(today), "name": "Expenses", "stream": "Police", "amount": Decimal(500)}
        volunteers.lay_budget_line(area=area, by=by, **line)
    return found


def test_from_the_invitation_to_the_payment(case, area, cast, today, visitor, tmp_path):
    desk, phone = visitor(cast["coordinator"]), visitor(cast["practitioner"], PHONE)
    _staffed(case, desk, phone)
    _worked_on(case, cast, phone, today)
    _claimed(phone, tmp_path)
    _paid(visitor(cast["manager"]), phone)


def _staffed(case, desk, phone) -> None:
    desk.open(reverse("cases:assignment-desk", args=[case.pk]))
    desk.reads("Advanced, or beside an Advanced", "Ready to invite (1)", "Advanced, as a sensitive case needs")
    desk.follow("Invite Pat").answer(BOTH).press("Send the invitation").reads("No answer yet")
    phone.open(reverse("cases:my-work")).reads("Could you be the lead facilitator").follow("Answer the invitation")
    phone.answer({"Can you take it on?": "Yes, I am free"}).press("Send my answer")
    assert not {"Maureen", "Okafor", "Hart"} & set(phone.words.split())
    desk.open(desk.page.url).press("Ask whether they know anybody")
    phone.open(reverse("cases:my-work")).follow("See the names and answer").reads("Maureen Okafor", "Liam Hart")
    phone.answer({"Do you know any of them?": "No, I know none of them"}).press("Send my answer")
    desk.open(desk.page.url).reads("Said yes, and knows nobody in the case").follow("Assign Pat")
    desk.press("Assign").reads("The case is open to them now")
    assert Assignment._base_manager.filter(case=case, role="lead", sides="both").count() == 1


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


def _claimed(phone, folder) -> None:
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
    phone.follow("Log hours").answer({"Hours": "2.5", "What was it?": "Work on cases"}).press("Save these hours")
    phone.reads("2 hours 30 minutes")


def _paid(manager, phone) -> None:
    manager.open(reverse("volunteers:list")).follow("Expenses", within="main").reads("£9.45", "£3.20")
    for _ in range(2):
        manager.follow("-", within="table").follow("Decide on this claim")
        manager.answer({"What happens with this claim?": "Approve it"}).page.get_by_label("Expenses, 20").check()
        manager.press("Save the decision")
    manager.reads("No claim").follow("Payments", within="main").press("Make a payment of them")
    assert work_on(PaymentRun, PaymentRun._base_manager.get().pk)
    manager.open(manager.page.url).reads("£12.65", "The file is ready")
    file = manager.download("Download the file").read_text(encoding="utf-8-sig")
    assert [line.count("Pat Wren") for line in file.splitlines()] == [0, 1, 1]
    manager.follow("Record that it was paid").press("Record it as paid").reads("recorded by Grace Holt")
    manager.follow("Back").open(reverse("volunteers:budget")).reads("£487.35")
    phone.open(reverse("volunteers:expenses")).reads("Paid")
    assert set(ExpenseClaim._base_manager.values_list("status", flat=True)) == {"paid"}
