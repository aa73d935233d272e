"""What a hostile or broken browser sends: every page and every form of the access table answers, and never with an error.

The suite plays a share of the table once, every field with another value; `./run proof` plays all of it with every value.
"""

import itertools

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.pages import Visit, taking_words

# As they travel, percent-encoded: what no field holds, what no reader of a field expects.
HOSTILE = {
    "nul": "a%00b",
    "surrogate": "%ED%A0%80",
    "not utf-8": "%FF%FE",
    "marks": "%E2%80%AE%E2%80%8F%D7%A9%D7%9C%D7%95%D7%9D",
    "emoji": "%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7%F0%9F%92%94",
    "sql": "%27%3B+drop+table+x%3B--",
    "markup": "%3Cscript%3Ealert%281%29%3C%2Fscript%3E%7B%7B1%7D%7D",
    "huge number": "9" * 40,
    "endless number": "9" * 5_000,
    "below zero": "-1",
    "not a number": "NaN",
    "superscript": "%C2%B2",
    "half a uuid": "12345678-1234",
    "no date": "0000-99-99",
    "long": "x" * 20_000,
}
FILES = {
    "ten megabytes": ("hub.csv", b"hub_reference\n" + b"x" * 10 * 1024 * 1024, "text/csv"),
    "a program": ("plan.exe", b"MZ\x90\x00" * 100, "application/octet-stream"),
    "no spreadsheet": ("hub.xlsx", b"PK\x03\x04 not a workbook", "application/vnd.ms-excel"),
    "nothing": ("hub.csv", b"", "text/csv"),
}


def played(visits: list[Visit], values) -> list[str]:
    faults = []
    for one in visits:
        if not one.may_post:
            faults += one.ask(values)
            continue
        form = one.page.forms[one.address]
        faults += one.post(form.body(values)) + one.post(form.body_with_words(values))
    return faults


def test_nothing_that_is_sent_breaks_a_page(visits):
    share = visits(12)
    assert len(share) > 20 and len(taking_words(share)) > 6
    faults = played(share, itertools.cycle(HOSTILE.values()))
    assert faults == [], "\n" + "\n".join(faults)


@pytest.mark.proof
@pytest.mark.parametrize("first", HOSTILE)
def test_no_page_breaks_on_any_value(first, visits, record_property):
    """Every field with another value, beginning with `first`: all of them together give every field every value."""
    every = visits(1)
    assert len(taking_words(every)) > 60
    faults = played(every, itertools.islice(itertools.cycle(HOSTILE.values()), list(HOSTILE).index(first), None))
    record_property("tried", sum(1 + one.may_post for one in every))
    record_property("failed", len(faults))
    assert faults == [], "\n" + "\n".join(faults)


@pytest.mark.proof
def test_no_file_breaks_a_form(visits, record_property):
    taking = [one for one in visits(1) if one.may_post and one.page.forms[one.address].files]
    assert taking
    faults = [fault for what in FILES for one in taking for fault in _upload(one, what)]
    record_property("tried", len(FILES) * len(taking))
    record_property("failed", len(faults))
    assert faults == [], "\n" + "\n".join(faults)


def _upload(one: Visit, what: str) -> list[str]:
    sent = {name: SimpleUploadedFile(*FILES[what]) for name in one.page.forms[one.address].files}
    return one.fault(what, lambda: one.client.post(one.address, sent))
