"""To whom each part of a case goes that somebody has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms

from cases.actions import Held, Wish
from cases.choices import NOT_ASKED_OFFERED
from cases.forms.assigning import ColleagueChoice
from rj_service.accounts.models import User
from rj_service.ui.forms import GovukForm, WordsField
from rj_service.ui.references import spoken

LEAVE, AS_ABOVE = "leave", "same"
ALL_OF = {
    "coordinator": "Who takes the cases they coordinate?",
    "supervisor": "Who takes the cases they supervise?",
    "lead": "Who takes the cases they lead?",
    "co_facilitator": "Who takes the cases they co-facilitate?",
}


class WhoseForm(GovukForm):
    of = ColleagueChoice(queryset=User.objects.none(), label="Whose work is handed over?", empty_label="Choose")

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["of"]).queryset = colleagues


@dataclass(frozen=True)
class Row:
    held: Held
    to: forms.BoundField
    words: forms.BoundField
    not_asked: forms.BoundField | None


class HandOverAllForm(GovukForm):
    """`takers`: by the part of a case, who may take it. One choice for all of a part, and another for a single case."""

    def __init__(self, *args, held: Sequence[Held], takers: dict[str, Sequence[User]], tasks: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.held, self.users = held, {str(user.pk): user for users in takers.values() for user in users}
        for part, users in takers.items():
            names = [(str(user.pk), user.get_full_name()) for user in users]
            self.fields[f"all-{part}"] = _choice(ALL_OF[part], [("", "Choose"), *names])
            for one in held:
                if one.part == part:
                    self._add(one, names)
        if held:
            self.fields["words"] = WordsField(
                label="What whoever takes a case needs to know",
                help_text="Of every case, unless you write something of it below. It becomes their first task there."
                " Nothing of a side that they do not work with.",
                required=False,
                max_length=200,
                rows=2,
            )
        if tasks:
            names = [(key, user.get_full_name()) for key, user in self.users.items()]
            self.fields["tasks"] = _choice("Who takes their other tasks?", [("", "Nobody: leave them"), *names])

    def _add(self, one: Held, names: list[tuple[str, str]]) -> None:
        reference = spoken(one.case.reference)
        choices = [(AS_ABOVE, "As above"), (LEAVE, "Nobody: leave it"), *names]
        self.fields[f"to-{one.key}"] = _choice(f"Who takes {reference}", choices)
        if one.assignment is not None:
            reasons = [("", "Not yet"), *((reason.value, reason.label) for reason in NOT_ASKED_OFFERED)]
            self.fields[f"asked-{one.key}"] = _choice(f"Do they know anybody of {reference}?", reasons)
        self.fields[f"words-{one.key}"] = forms.CharField(
            label=f"What they need to know of {reference}",
            max_length=200,
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )

    @property
    def for_all(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("all-") or name in ("words", "tasks")]

    @property
    def rows(self) -> Iterator[Row]:
        for one in self.held:
            asked = self[f"asked-{one.key}"] if one.assignment is not None else None
            yield Row(one, self[f"to-{one.key}"], self[f"words-{one.key}"], asked)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not list(self.wishes()) and not self.takes_tasks:
            raise forms.ValidationError("Choose who takes something")
        return data

    @property
    def takes_tasks(self) -> User | None:
        return self.users.get(self.cleaned_data.get("tasks", ""))

    def wishes(self) -> Iterator[Wish]:
        data = self.cleaned_data
        for one in self.held:
            chosen = data.get(f"to-{one.key}") or AS_ABOVE
            key = data.get(f"all-{one.part}") if chosen == AS_ABOVE else chosen
            if key and key != LEAVE:
                words = data.get(f"words-{one.key}") or data.get("words", "")
                yield Wish(one, self.users[key], words, data.get(f"asked-{one.key}", ""))


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)
