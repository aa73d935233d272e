"""Somebody applies on a phone and becomes an active practitioner, every stage by its page; and so does a 16-year-old, with what
protects them: who is 15 is told when to come, a parent and a manager agree first, and no case is theirs to lead or sensitive."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import raise_flag
from cases.models import Assignment
from rj_service.accounts.acting import acting_as
from rj_service.ui.dates import born_by
from tests.browser import DESK, PHONE
from tests.cases.conftest import open_one
from tests.training.factories import CourseFactory
from volunteers.models import Application, Practitioner, Safeguard

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
# Pages met, from the first to the last act of each, forms that are sent included.
SCREENS = {"applicant": 14, "young": 16, "coordinator": 81, "manager": 3, "practitioner": 11}
PAPERS = {"Job description": "Prepares people, and sits with them", "Person specification": "Listens well"}


@pytest.mark.parametrize(("desk_at", "phone_at"), [(DESK, PHONE), (PHONE, DESK)])
def test_from_the_public_page_to_active(area, cast, visitor, record_property, desk_at, phone_at):
    CourseFactory(service_area=area, name="Conference facilitator", makes_facilitators=True, award_valid_months=None)
    desk, manager = visitor(cast["coordinator"], desk_at), visitor(cast["manager"], desk_at)
    applicant, young = visitor(None, phone_at), visitor(None, phone_at)
    desk.who, applicant.who, young.who = "coordinator", "applicant", "young"
    _advertised(desk)
    _applies(applicant, area, "Ana", age=34)
    _applies(young, area, "Kit", age=16)
    _taken_on(desk, "Ana")
    _becomes_active(desk, "Ana", "Olu Ash")
    _young_is_taken_on(desk, manager)
    _becomes_active(desk, "Kit", "Pat Wren")
    kit = visitor(cast["practitioner"], phone_at)
    kit.who = "Kit"
    _works_beside_adults(desk, kit, area, cast)
    me = visitor(cast["off_case_practitioner"], phone_at)
    me.open(reverse("volunteers:me")).reads("You cannot be given a new case yet", "No supervision is recorded")
    counted = {"applicant": applicant.screens, "young": young.screens}
    counted |= {"coordinator": desk.screens, "manager": manager.screens, "practitioner": kit.screens}
    record_property("measured", f"screens: {counted}")
    assert all(counted[who] <= most for who, most in SCREENS.items()), counted


def _advertised(desk) -> None:
    today = timezone.localdate()
    desk.open(reverse("volunteers:campaigns")).follow("Begin a campaign", within="main")
    desk.answer({"Title": "Community facilitators", "How many are wanted": "5"} | PAPERS)
    desk.press("Begin this campaign").reads("Before it can be advertised", "Unison has not approved its papers")
    for body, rest in (("Human resources", "Unison has not approved"), ("Unison", "Advertise it")):
        desk.follow("Record an approval")
        if body == "Human resources":
            desk.answer({"Who approved the papers?": body})
        desk.answer({"Name of whoever approved them": "Moira Lyle", "Day of the approval": today})
        desk.press("Record this approval").reads(rest)
    desk.press("Advertise it").reads("people can apply on the public page")


def _applies(person, area, name: str, *, age: int) -> None:
    born = born_by(timezone.localdate(), age) - timedelta(days=40)
    person.open(reverse("volunteer-start")).follow("Community facilitators").follow("Start now")
    if age < 18:
        person.reads("At 16 and 17 you work beside adults, with the agreement of a parent or carer")
        tomorrow_16 = born_by(timezone.localdate(), 16) + timedelta(days=1)
        person.answer({"What is your date of birth?": tomorrow_16}).press("Continue", status=422)
        person.reads("You can volunteer from your 16th birthday")
    questions = [
        {"What is your date of birth?": born},
        {"First name": name, "Last name": "Ruiz"},
        {"Email address": f"{name}@example.org".lower(), "Postcode": "PE1 1AA"},
        {"Where would you like to help?": area.name},
        {"Which opportunity is it?": "Community facilitators"},
        {"Where in the area would you like to help?": "Anywhere"},
        {"How do you apply?": "For myself", "Why would you like to do this?": "I was helped once"},
    ]
    if age < 18:
        parent = {"Their name, and who they are to you": "Maria Ruiz, mother"}
        questions.append(parent | {"Their email address or phone number": "07700 900 142"})
    questions.append(
        {
            f"{which} referee: {what}": words
            for which in ("First", "Second")
            for what, words in (
                ("name", f"{which} Park"),
                ("email address or phone number", "jo@example.org"),
                ("how they know you", "employer"),
            )
        }
    )
    for answers in [*questions, {}, {"I agree to this": True}]:
        person.answer(answers)
        if "I agree to this" in answers:
            person.reads("is deleted 6 months later")
        person.press("Continue")
    person.press("Send").reads("Thank you", "What happens next")


def _taken_on(desk, name: str) -> None:
    desk.open(reverse("volunteers:applications")).follow(f"{name} Ruiz", within="main")
    desk.reads("Before they can be taken on", "0 of 2 satisfactory references")
    desk.follow("Arrange an interview").answer({"Words on it": "Tuesday at 2, with Grace"}).press("Save")
    desk.follow("Record the interview").press("Ask for references")
    for which in ("First", "Second"):
        desk.follow(f"reference of {which} Park").answer({"Is it satisfactory?": "Yes"})
        desk.press("Record this reference")
    desk.press("Take them on").reads("Next: induction", "not applied for")


def _becomes_active(desk, name: str, account: str) -> None:
    """Induction while the checks are made, training once they are cleared, active with the award and vetted."""
    today = timezone.localdate()
    for result, kinds in (
        ("Applied for", ("DBS enhanced", "Police vetting (NPPV level 2)")),
        ("Cleared", ("DBS enhanced", "Police vetting (NPPV level 2)")),
    ):
        for kind in kinds:
            if result == "Applied for":
                desk.follow("Record a check").answer({"Check": kind, "Result": result})
            else:
                desk.follow(f"of {kind}", within="table")
                desk.answer({"Reference": "001234567890", "Date issued": today})
                desk.answer({"Last day in force": today + timedelta(days=1000)})
            desk.press("Record this check")
        now, following = ("induction", "trainee") if result == "Applied for" else ("trainee", "active")
        desk.press(f"Move on to {now}").reads(f"Next: {following}")
    desk.reads("Facilitator training is not recorded")
    record = desk.page.url
    desk.follow("Their record as a learner").follow("Record training from elsewhere").answer(
        {
            "Course": "Facilitator, three days",
            "Provider": "Restorative Solutions",
            "Ended on": today,
            "Course of ours that it stands for": "Conference facilitator",
            "They passed it": True,
            "I have seen the certificate": True,
        }
    )
    desk.press("Save").follow("Link an account").answer({"Account": account}).press("Link this account")
    desk.open(record).reads("Nothing is missing for it").press("Move on to active").reads(
        "Cannot be given a case yet", "No supervision is recorded"
    )
    assert Practitioner._base_manager.get(learner__first_name=name).status == "active"


def _young_is_taken_on(desk, manager) -> None:
    """As everybody, with two safeguards besides: a parent's agreement, and a manager's own sign-off."""
    desk.open(reverse("volunteers:applications")).follow("Kit Ruiz", within="main")
    desk.reads("Under 18: agreement of somebody with parental responsibility is not recorded", "Maria Ruiz, mother")
    desk.reads("Under 18: safeguarding sign-off by a service manager is not recorded", "Young volunteer, 16 to 21")
    desk.follow("Record the agreement of a parent").answer(
        {"Who agreed, and who they are to the volunteer": "Maria Ruiz, mother", "Day they agreed": timezone.localdate()}
    )
    desk.press("Record this agreement").reads("A service manager signs it off")
    application = Application._base_manager.get(first_name="Kit")
    manager.open(reverse("volunteers:application", args=[application.pk])).follow("Sign it off").press("Sign this off")
    manager.reads("Signed off")
    _taken_on(desk, "Kit")
    desk.reads("Under 18: beside an adult only, no visits, no sensitive cases")
    kit = Practitioner._base_manager.get(learner__first_name="Kit")
    given = Safeguard._base_manager.filter(practitioner=kit).order_by("kind")
    assert (kit.kind, [(one.kind, one.recorded_by.last_name) for one in given]) == (
        "young",
        [("parental", "Castle"), ("sign_off", "Holt")],
    )


def _works_beside_adults(desk, kit, area, cast) -> None:
    """Once supervised they may be a second in a case that is not sensitive, and never go on a visit (domain 2.16.6)."""
    today = timezone.localdate()
    young = Practitioner._base_manager.get(learner__first_name="Kit")
    desk.open(reverse("volunteers:detail", args=[young.pk])).follow("Record a supervision")
    desk.answer({"Date of the supervision": today}).press("Record this supervision")
    desk.reads("Ready to be given a case", "Under 18: beside an adult only, no visits, no sensitive cases")
    kit.open(reverse("volunteers:me")).reads("You can be given a case")
    kit.reads("Under 18: beside an adult only, no visits, no sensitive cases")
    with acting_as(cast["coordinator"]) as by:
        case = open_one(area, by, today)
    lead, second = (
        f"{reverse('cases:assignment-desk', args=[case.pk])}?role={one}" for one in ("lead", "co_facilitator")
    )
    desk.open(lead).reads(
        "Cannot be invited (1)", "Under 18: cannot lead a case or take a sensitive one", "Another place"
    )
    desk.open(second).reads("Ready to invite (1)").follow("Invite Kit").answer({"Sides they work with": "Both sides"})
    desk.press("Send the invitation").reads("No answer yet")
    kit.open(reverse("cases:my-work")).follow("Answer the invitation")
    kit.answer({"Can you take it on?": "Yes, I am free"}).press("Send my answer")
    desk.open(desk.page.url).press("Ask whether they know anybody")
    kit.open(kit.page.url).follow("See the names and answer").answer(
        {"Do you know any of them?": "No, I know none of them"}
    )
    kit.press("Send my answer")
    desk.open(desk.page.url).follow("Assign Kit").press("Assign").reads("The case is open to them now")
    given = Assignment._base_manager.get(case=case)
    assert (given.practitioner_id, given.role, given.ended_at) == (young.pk, "co_facilitator", None)
    kit.open(reverse("cases:desk", args=[case.pk])).follow("Plan a visit").reads("Plan a visit")
    assert "Kit Ruiz" not in kit.page.locator("main").inner_text(), "nobody under 18 goes"
    with acting_as(cast["coordinator"]) as by:
        raise_flag(case=case, kind="hate_crime", by=by, today=today)
    kit.open(reverse("cases:desk", args=[case.pk]), status=404)
    desk.open(second).reads("Under 18: does not take a sensitive case", "Nothing before they are 18")
