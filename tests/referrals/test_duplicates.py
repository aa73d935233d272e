"""Who may be one person, and why: records in pairs, and a crowd with known doubles."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from benchmarks.people_once import PEOPLE, crowd_of, measure
from referrals.actions import alike
from referrals.duplicates import Likeness, compare, plain
from referrals.duplicates.names import sound
from rj_service.accounts.acting import acting_as, system_user
from tests.reporting.factories import PersonFactory

PAUL = Likeness("Paul", "Walker", "", date(1984, 12, 5), b"phone", b"email", b"postcode", frozenset({"35/1/26"}))
NOBODY = Likeness()
BORN = PAUL.born_on


def with_reasons(other: Likeness, one: Likeness = PAUL) -> str:
    """The reasons when it is likely, else nothing."""
    found, back = compare(one, other), compare(other, one)
    assert found == back
    return " ".join(found.reasons) if found.is_likely else ""


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (
            PAUL,
            "same_email same_phone same_date_of_birth same_name same_crime_reference same_postcode",
        ),
        (Likeness("Paul", "Walker", born_on=BORN), "same_date_of_birth same_name"),
        (Likeness("Paul", "Walker", born_on=date(1984, 5, 12)), "birth_swapped same_name"),
        (Likeness("Poul", "Wolker", phone_key=b"phone"), "same_phone first_alike last_alike"),
        (Likeness("Paul W", "Alker", email_key=b"email"), "same_email same_name"),
        (Likeness("PAUL", "Wálker", postcode_key=b"postcode"), "same_name same_postcode"),
        (Likeness("Paul", "Walker", crime_references=frozenset({"35/1/26 "})), "same_name same_crime_reference"),
        (Likeness("Walker", "Paul", born_on=BORN), "same_date_of_birth names_swapped"),
        (Likeness("Paul", "Walker-Hart", born_on=BORN), "same_date_of_birth first_same last_part"),
        (
            Likeness("Paul", "Hart", born_on=BORN, phone_key=b"phone"),
            "same_phone same_date_of_birth first_same last_different",
        ),
        (
            replace(PAUL, born_on=date(1985, 12, 5), email_key=None),
            "same_phone same_name same_crime_reference same_postcode birth_close",
        ),
        (Likeness("P", "Walker", born_on=BORN), "same_date_of_birth first_initial last_same"),
    ],
)
def test_why_two_may_be_one_person(other, expected):
    assert with_reasons(other) == expected


@pytest.mark.parametrize(
    ("other", "why_not"),
    [
        (Likeness("Paul", "Walker"), "a name alone says nothing"),
        (replace(PAUL, first_name="Amina", last_name="Khan"), "another name, whatever is shared"),
        (replace(PAUL, first_name="Simon"), "a twin"),
        (replace(PAUL, born_on=date(1961, 3, 9)), "a father of the same name in the same house"),
        (Likeness("Poul", "Wolker", postcode_key=b"postcode"), "a name alike in the same street"),
        (Likeness("Paul", "Hart", born_on=BORN), "a first name and a day of birth are many people's"),
        (Likeness("Paul", "Walker", born_on=date(1984, 12, 6)), "a name, and nearly the same day"),
        (NOBODY, "nothing is known"),
    ],
)
def test_who_is_not_one_person(other, why_not):
    assert with_reasons(other) == "", why_not


@pytest.mark.parametrize(
    ("one", "other"),
    [("Bob", "Robert"), ("Kate", "Catherine"), ("Liz", "Betty"), ("Mohammed", "Muhammad"), ("Łukasz", "Lukasz"),
     ("Zoë", "Zoe"), ("Shaun", "Shawn"), ("Jonathan", "Johnathan"), ("Sarah Jane", "Sarah")],
)  # fmt: skip
def test_first_names_that_are_one(one, other):
    assert with_reasons(Likeness(one, "Walker", born_on=BORN), Likeness(other, "Walker", born_on=BORN))


@pytest.mark.parametrize(
    ("one", "other"), [("Jean", "John"), ("Tom", "Tim"), ("Mark", "Mary"), ("Jane", "Jean"), ("Иван", "Олег")]
)
def test_first_names_that_are_two(one, other):
    assert not with_reasons(Likeness(one, "Walker", born_on=BORN), Likeness(other, "Walker", born_on=BORN))


def test_nothing_known_is_nothing_in_common():
    assert not compare(NOBODY, NOBODY).is_likely


def test_an_organisation_is_a_likely_duplicate_only_of_the_same_crime():
    shop = Likeness(organisation="Elm Road Primary", crime_references=frozenset({"35/2/26"}))
    again = replace(shop, organisation="ELM ROAD PRIMARY")
    assert with_reasons(again, shop) == "same_organisation same_crime_reference"
    assert not with_reasons(replace(shop, crime_references=frozenset({"35/3/26"})), shop)
    assert not with_reasons(PAUL, shop)


def test_names_without_accents_and_marks():
    assert plain("O'Brien-Nuñez") == "obriennunez"
    assert sound("Walker") == sound("Wolker")
    assert sound("Łukasz") != sound("Anna")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "people", [1_000, pytest.param(PEOPLE, marks=pytest.mark.proof)], ids=lambda number: f"{number:,}"
)
def test_of_a_crowd_the_doubles_are_found_and_families_are_left_alone(people, area, record_property):
    with acting_as(system_user("import"), areas=[area]):
        measured = measure(crowd_of(people), area)
    record_property("measured", measured.line)
    print(measured.line)
    assert measured.precision >= 0.95 and measured.recall >= 0.90, measured.line


@pytest.mark.django_db
def test_a_key_that_a_crowd_shares_is_compared_with_its_newest_alone(area, monkeypatch):
    monkeypatch.setattr(alike, "MOST_SHARING", 3)
    with acting_as(system_user("import"), areas=[area]):
        ann = {"first_name": "Ann", "last_name": "Lee", "date_of_birth": date(1990, 1, 1)}
        came = [timezone.now() + timedelta(minutes=minute) for minute in range(6)]
        oldest, *_, newest = [PersonFactory(service_area=area, created_at=at, **ann) for at in came]
        found = dict(alike.find_alike([newest.pk])[newest.pk])
    assert len(found) == 2  # the newest three, less the one who is asked about
    assert oldest.pk not in found
