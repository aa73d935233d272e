"""What is asked, in order, by model: restorative questions in open words, for whoever facilitates and whoever is prepared."""

from dataclasses import dataclass

from cases.choices import CARRYING_MODELS, Model, Side


@dataclass(frozen=True)
class Part:
    """`side`: who is asked; both where it is empty."""

    title: str
    side: str
    words: tuple[str, ...]


OPENING = Part(
    "Welcome",
    "",
    (
        "Thank everybody for coming. Say who is here and why, by name.",
        "It is their choice to be here. Anybody can ask for a break, or stop, at any time and needs no reason.",
        "We are not here to decide whether somebody is a good or a bad person, but what happened, whom it touched and what"
        " can be put right.",
        "What is said stays here, unless somebody is in danger.",
    ),
)
RESPONSIBLE = Part(
    "What happened",
    Side.RESPONSIBLE,
    (
        "What happened?",
        "What were you thinking at the time?",
        "What have you thought about since?",
        "Who has been affected by it, and how?",
    ),
)
HARMED = Part(
    "How it was, and is",
    Side.HARMED,
    (
        "What did you think when it happened?",
        "How has it affected you, and people around you?",
        "What has been the hardest thing?",
        "Is there something that you want to ask?",
    ),
)
FORWARD_HARMED = Part("What would help", Side.HARMED, ("What would you like to come out of today?",))
FORWARD_RESPONSIBLE = Part(
    "Putting it right",
    Side.RESPONSIBLE,
    ("Having heard that, is there something you want to say?", "What can you do to put things right?"),
)
CLOSING = Part(
    "Closing",
    "",
    (
        "Is there anything that anybody still wants to say?",
        "Write down what was agreed, if anything was. No agreement is a good outcome too.",
        "Thank everybody. Each side leaves by its own way, and is rung tomorrow.",
    ),
)
PANEL = Part(
    "The panel",
    "",
    ("Members say who they are and that they live nearby.", "What would make it better for the neighbourhood?"),
)
CARRYING = Part(
    "Before anything is carried",
    "",
    (
        "What do you want the other person to know, or to answer?",
        "Read it back word by word. Do you permit exactly this?",
        "Whoever receives it may not answer. How would that be for you?",
    ),
)


def script_for(model: str) -> list[Part]:
    if model in CARRYING_MODELS:
        return [CARRYING, RESPONSIBLE, HARMED, FORWARD_HARMED, FORWARD_RESPONSIBLE]
    panel = [PANEL] if model == Model.NJP_PANEL else []
    return [OPENING, RESPONSIBLE, HARMED, FORWARD_HARMED, FORWARD_RESPONSIBLE, *panel, CLOSING]
