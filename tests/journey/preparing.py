"""A case is prepared: who is in it, what they agreed to, who works on it, whether each is able, willing and suitable."""

from django.utils import timezone

from cases.choices import ITEMS, AssessmentItemKind, Side
from tests.journey.people import LIAM, MAUREEN, NIECE
from tests.journey.service import Service


def name_the_people(service: Service) -> None:
    """The coordinator names who is responsible, and who comes with the person harmed."""
    coordinator = service["coordinator"]
    coordinator.follow("Name the person responsible")
    coordinator.answer({"First name": LIAM.first_name, "Last name": LIAM.last_name, "Are they under 18?": "No"}).press(
        "Add the person responsible"
    )
    in_the_case = coordinator.page.url
    coordinator.follow(f"Age and parental responsibility of {LIAM.name}")
    coordinator.follow("They are 18 or over: say how it is known")
    coordinator.answer({"How is it known?": "The police, a court, prison or probation has it on record"}).press(
        "Sign it"
    )
    coordinator.reads("signed by").open(in_the_case)
    coordinator.follow("Add a person").answer(
        {
            "Which side they belong to": "Harmed side",
            "What they do in the case": "Supporter",
            "First name": NIECE.first_name,
            "Last name": NIECE.last_name,
        }
    ).press("Add this person")
    coordinator.reads(MAUREEN.name, LIAM.name, NIECE.name)


def record_agreements(service: Service) -> None:
    """What each of them agreed to, in writing where it must be."""
    coordinator = service["coordinator"].follow("Every agreement")
    for known, purpose in (
        (MAUREEN, "To take part"),
        (MAUREEN, "That we approach the other side"),
        (MAUREEN, "To be asked how it went"),
        (LIAM, "To take part"),
        (LIAM, "To be asked how it went"),
    ):
        coordinator.follow(f"Record an agreement of {known.name}").answer(
            {
                "What they agreed to": purpose,
                "How they said so": "In writing",
                "Day they agreed": timezone.localdate(),
                "They were told what it involves, and that they can stop at any time": True,
            }
        ).press("Record the agreement")
        coordinator.reads("The agreement is recorded")


def find_facilitators(service: Service) -> None:
    """A volunteer is asked without a name, says yes on the phone, and is assigned to both sides; another beside them."""
    coordinator, volunteer = service["coordinator"], service["practitioner"]
    coordinator.follow("Desk", within="main").follow("Assign")
    coordinator.reads("Ready to invite (2)", "Cannot be invited (1)")
    coordinator.follow("Invite Pat").answer({"About how many hours": 12}).press("Send the invitation")
    volunteer.follow("My work").reads("Invitations", "near Huntingdonshire").follow("Answer the invitation")
    volunteer.answer({"Can you take it on?": "Yes, I am free"}).press("Send my answer")
    coordinator.open(coordinator.page.url).press("Ask whether they know anybody")
    volunteer.open(volunteer.page.url).follow("See the names and answer").reads(MAUREEN.name, LIAM.name)
    volunteer.answer({"Do you know any of them?": "No, I know none of them"}).press("Send my answer")
    coordinator.open(coordinator.page.url).reads("knows nobody in the case").follow("Assign Pat")
    coordinator.answer({"Place on the case": "Lead facilitator", "Sides they work with": "Both sides"})
    coordinator.press("Assign").reads("The case is open to them now")
    coordinator.follow("Assign a co-facilitator").follow("Assign without asking Olu Ash")
    otherwise = "Asked face to face or by phone, and they know nobody"
    why = {"Why they are not asked first whether they know anybody": otherwise}
    coordinator.answer({"Sides they work with": "Both sides", **why}).press("Assign").reads("Pat Wren", "Olu Ash")


def plan_and_be_refused(service: Service) -> None:
    """The gate says what is missing before anything is arranged, and nobody can override it."""
    coordinator = service["coordinator"]
    coordinator.follow("Plan a meeting or letter").answer(
        {
            "What is planned": "Face-to-face conference",
            "Day": timezone.localdate(),
            "Time": "6pm",
            "Where": "Kestrel Hall, Sawtry",
            "Day the place was checked for safety": timezone.localdate(),
        }
    ).press("Save the plan")
    coordinator.reads(
        "This conference cannot go ahead yet", "A signed and current assessment", "Can this be overridden? No."
    )
    coordinator.follow("Back").press("Arrange it", status=422)
    coordinator.reads("This conference cannot go ahead yet", f"{MAUREEN.name} has no signed assessment.")


ASKED_ALONE = {
    "Day you asked them alone": timezone.localdate(),
    "How they were asked alone": "In person, with nobody else there",
}
# What some themes ask before what was found.
ASKED_FIRST = {
    AssessmentItemKind.FEAR: ASKED_ALONE,
    AssessmentItemKind.RESPONSIBILITY: {"Do they take responsibility?": "In full"},
}


def assess_both_sides(service: Service) -> None:
    """The volunteer talks to each of them, answers theme by theme on a phone, and signs."""
    volunteer = service["practitioner"]
    for side in (Side.HARMED, Side.RESPONSIBLE):
        on_this_side = f"on the {side.label.lower()}"
        volunteer.follow("My work").follow(MAUREEN.first_name).follow(f"Log a contact {on_this_side}").answer(
            {"How": "Visit", "What happened": "Spoke", "Note": "Kestrel: what will happen, and who will be there."}
        ).press("Save contact")
        volunteer.reads("The contact is saved").follow(f"Assessment {on_this_side}")
        volunteer.press("Start the assessment").follow(ITEMS[side][0].label)
        for kind in ITEMS[side]:
            first = ASKED_FIRST.get(kind, {})
            volunteer.reads(kind.label).answer(first | {"What you found": "No concern"}).press("Save and continue")
        volunteer.follow("Continue to the overall judgement").answer(
            {
                "Is the person able to take part?": "Yes",
                "Is the person willing, without pressure?": "Yes",
                "Is taking part suitable for the person?": "Yes",
                "Outcome": "Suitable",
                "Summary": "Kestrel is ready.",
            }
        ).press("Continue")
        volunteer.answer({"I have met this person": True}).press("Sign this assessment")
        volunteer.reads("The assessment is signed")
