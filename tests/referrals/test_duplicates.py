from dataclasses import replace
from datetime import date

import pytest

from referrals.duplicates import Likeness, marks, plain, reasons, sound

PAUL = Likeness("Paul", "Walker", "", date(1984, 12, 25), b"phone", b"email", b"postcode", "35/1/26")
NOBODY = Likeness()


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (
            PAUL,
            (
                "same_email",
                "same_phone",
                "same_date_of_birth",
                "same_name",
                "same_crime_reference",
                "same_postcode",
            ),
        ),
        (Likeness("Paul", "Walker", born_on=date(1984, 12, 25)), ("same_date_of_birth", "same_name")),
        (Likeness("Pol", "Wolker", phone_key=b"phone"), ("same_phone", "name_sounds_alike")),
        (Likeness("Paul W", "Alker", email_key=b"email"), ("same_email", "same_name")),
        (Likeness("PAUL", "Wálker", postcode_key=b"postcode"), ("same_name", "same_postcode")),
        (Likeness("Paul", "Walker", crime_reference="35/1/26 "), ("same_name", "same_crime_reference")),
        (Likeness("Paul", "Walker"), ()),
        (Likeness("Amina", "Khan", phone_key=b"phone", postcode_key=b"postcode"), ()),
        (Likeness("Pol", "Wolker", postcode_key=b"postcode"), ()),
        (NOBODY, ()),
    ],
)
def test_why_two_may_be_one_person(other, expected):
    assert reasons(PAUL, other) == expected
    assert reasons(other, PAUL) == expected
    assert not expected or marks(PAUL) & marks(other)


def test_nothing_known_is_nothing_in_common():
    assert reasons(NOBODY, NOBODY) == ()


def test_an_organisation_is_a_likely_duplicate_only_of_the_same_crime():
    shop = Likeness(organisation="Elm Road Primary", crime_reference="35/2/26")
    assert reasons(shop, replace(shop, organisation="ELM ROAD PRIMARY")) == (
        "same_organisation",
        "same_crime_reference",
    )
    assert marks(shop) & marks(replace(shop, organisation="ELM ROAD PRIMARY"))
    assert reasons(shop, replace(shop, crime_reference="35/3/26")) == ()
    assert reasons(shop, PAUL) == ()


def test_names_without_accents_and_marks():
    assert plain("O'Brien-Nuñez") == "obriennunez"
    assert sound("Robert") == sound("Rupert") == "R163".lower()
    assert sound("Łukasz") != sound("Anna")
