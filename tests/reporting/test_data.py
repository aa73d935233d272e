"""Figures against rows made by hand, each number known beforehand."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.choices import ClosureReason, InterventionStatus, Model, Satisfaction, Side
from referrals.actions import end_partner_work, record_partner_work
from referrals.choices import CrimeType, Mechanism, ReferralStatus
from reporting.charts import quarter_label
from reporting.data import figures_for, figures_for_audience
from reporting.periods import Period, first_of, month_from
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.models import LocalArea
from tests.factories import OrganisationFactory
from tests.reporting.factories import (
    CaseFactory,
    ClosureFactory,
    InterventionFactory,
    ReferralFactory,
    answered,
    asked,
)

OCTOBER = date(2026, 10, 1)
AS_AT = datetime(2026, 11, 1, 9, tzinfo=UTC)


def measures(area, month=OCTOBER, as_at=AS_AT) -> dict:
    with acting_as(system_user("scheduler"), areas=[area]):
        return figures_for(area, month, as_at=as_at).measures


def non_zero(measure: dict) -> dict:
    return {key: count for key, count in measure["cells"].items() if count}


def led_to_one(area, received_on: date, held_on: date, **fields):
    return InterventionFactory(case=CaseFactory(service_area=area, received_on=received_on), held_on=held_on, **fields)


def test_a_month_begins_on_its_first_day_and_ends_before_the_next(area):
    for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1)):
        ReferralFactory(service_area=area, received_on=day)
    found = measures(area, as_at=datetime(2026, 11, 5, tzinfo=UTC))
    assert found["referrals_received"] == {"value": 2}
    assert found["referrals_by_month"]["cells"]["2026-09"] == 1
    assert found["referrals_by_month"]["cells"]["2026-10"] == 2
    assert list(found["referrals_by_month"]["cells"])[0] == "2025-10"


@pytest.mark.parametrize(
    ("as_at", "led"),
    [
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), 0),  # 23:59 in summer time
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), 1),  # midnight: the first of July has begun
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), 1),
    ],
)
def test_the_as_at_day_is_london_s_in_summer(area, as_at, led):
    led_to_one(area, date(2026, 6, 2), held_on=date(2026, 7, 1))
    assert measures(area, date(2026, 6, 1), as_at)["conversion"] == {"numerator": led, "denominator": 1, "value": led}


def test_what_was_entered_after_the_as_at_time_is_not_counted_yet(area):
    late = ReferralFactory(service_area=area, entered_at=datetime(2026, 11, 3, tzinfo=UTC))
    assert measures(area)["referrals_received"] == {"value": 0}
    assert measures(area, as_at=datetime(2026, 11, 4, tzinfo=UTC))["referrals_received"] == {"value": 1}
    assert late.received_on == date(2026, 10, 14)


def test_mechanism_crime_and_place_have_every_cell_and_add_up(area):
    ReferralFactory(service_area=area, mechanism=Mechanism.OFFENDER_SELF, crime_type=CrimeType.ROBBERY)
    ReferralFactory(service_area=area, mechanism=Mechanism.VICTIM_SELF, crime_type=CrimeType.NOT_KNOWN, place="")
    ReferralFactory(service_area=area, place="Beyond the border")
    found = measures(area)
    by_mechanism = found["referrals_by_mechanism"]["cells"]
    assert list(by_mechanism) == [*Mechanism.values, "Not known"]
    assert non_zero(found["referrals_by_mechanism"]) == {"offender_self": 1, "victim_self": 1, "victims_hub": 1}
    assert non_zero(found["referrals_by_crime_type"]) == {"Robbery": 1, "Burglary": 1, "Not known": 1}
    places = found["referrals_by_local_area"]["cells"]
    assert places == {"Peterborough": 1, "Beyond the border": 1, "Not known": 1}


def test_a_place_is_one_line_however_it_is_typed(area):
    """By the local area that it was matched with; else by its name in any case."""
    fenland = LocalArea.objects.create(service_area=area, name="Fenland")
    pilot = LocalArea.objects.create(service_area=area, name="Wisbech", parent=fenland, is_pilot=True)
    for place, local_area in (
        ("Fenland", fenland), ("FENLAND DC", fenland), ("wisbech", pilot), ("fenland ", None),
        ("not known", None), ("", None), ("Norfolk", None),
    ):  # fmt: skip
        ReferralFactory(service_area=area, place=place, incident__local_area=local_area)
    assert measures(area)["referrals_by_local_area"]["cells"] == {
        "Fenland": 4,
        "Peterborough": 0,
        "Norfolk": 1,
        "Not known": 2,
    }


def test_lines_for_the_public_do_not_depend_on_what_was_received(area):
    march, as_at = date(2027, 3, 1), datetime(2027, 4, 2, tzinfo=UTC)
    LocalArea.objects.create(service_area=area, name="Fenland")

    def lines() -> list[str]:
        with acting_as(system_user("scheduler"), areas=[area]):
            found = figures_for_audience(area, march, "public", as_at=as_at).measures
        return list(found["referrals_by_local_area"]["cells"])

    before = lines()
    ReferralFactory(service_area=area, place="Mrs Hart, Elm Road")
    assert lines() == before == ["Fenland", "Peterborough", "Elsewhere", "Not known"]


def test_duplicates_errors_and_partners_work_are_in_no_figure_of_ours(area):
    kept = ReferralFactory(service_area=area)
    ReferralFactory(service_area=area, status=ReferralStatus.DUPLICATE, duplicate_of=kept)
    ReferralFactory(service_area=area, status=ReferralStatus.ENTERED_IN_ERROR)
    ReferralFactory(service_area=area, partner_delivered=True, status=ReferralStatus.INTERESTED)
    partners = CaseFactory(service_area=area, partner_delivered=True)
    InterventionFactory(case=partners)
    answered(partners, Side.HARMED, date(2026, 10, 25))
    found = measures(area)
    assert found["referrals_received"] == {"value": 1}
    assert found["partner_delivered"] == {"value": 2}
    assert found["conversion"] == {"numerator": 0, "denominator": 1, "value": 0}
    assert non_zero(found["interventions_by_model"]) == {}
    assert found["awaiting_offender_identification"] == {"value": 0}
    assert non_zero(found["waiting_stock"]) == {}
    assert found["satisfaction"]["asked"] == found["satisfaction_after_conference"]["denominator"] == 0


def test_what_partners_tell_us_of_is_counted_apart_by_the_day_they_told_us(area, cast):
    partner = OrganisationFactory(service_area=area)
    before = measures(area)
    with acting_as(cast["coordinator"]) as by:
        common = {"organisation": partner, "crime_type": "burglary", "by": by, "today": date(2026, 11, 2)}
        for told_on in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1)):
            record_partner_work(told_on=told_on, delivered="meeting", **common)
        wrong = record_partner_work(told_on=date(2026, 10, 2), delivered="panel", **common)
        end_partner_work(work=wrong, by=by)
    found = measures(area, as_at=timezone.now())
    assert found.pop("partner_delivered") == {"value": 2}
    assert before.pop("partner_delivered") == {"value": 0}
    assert found == before


def test_another_areas_rows_are_not_counted(area, other_area):
    led_to_one(other_area, date(2026, 10, 5), held_on=date(2026, 10, 20))
    found = measures(area)
    assert found["referrals_received"] == {"value": 0}
    assert non_zero(found["interventions_by_model"]) == {}


def test_conversion_is_judged_on_referrals_of_six_to_twelve_months_ago(area):
    led_to_one(area, date(2025, 11, 1), held_on=date(2026, 3, 3))  # the first day of the window
    led_to_one(area, date(2026, 4, 30), held_on=date(2026, 10, 31))  # its last
    ReferralFactory(service_area=area, received_on=date(2026, 1, 12))
    led_to_one(area, date(2025, 10, 31), held_on=date(2026, 1, 5))  # older
    led_to_one(area, date(2026, 5, 1), held_on=date(2026, 6, 5))  # too young
    twice = CaseFactory(service_area=area, received_on=date(2026, 2, 2))
    InterventionFactory(case=twice, held_on=date(2026, 5, 5))
    InterventionFactory(case=twice, held_on=date(2026, 6, 5))
    matured = measures(area)["conversion_matured"]
    assert matured == {"numerator": 3, "denominator": 4, "value": 0.75, "from": "2025-11", "to": "2026-04"}


def test_only_an_intervention_held_by_the_as_at_day_counts(area):
    led_to_one(area, date(2026, 10, 2), held_on=date(2026, 11, 1))
    led_to_one(area, date(2026, 10, 2), held_on=date(2026, 11, 2))
    case = CaseFactory(service_area=area, received_on=date(2026, 10, 2))
    InterventionFactory(
        case=case, status=InterventionStatus.CANCELLED, held_on=None, model_delivered="", held_recorded_at=None
    )
    found = measures(area)
    assert (found["conversion"]["numerator"], found["conversion"]["denominator"]) == (1, 3)


def test_a_rate_of_nothing_has_no_value(area):
    found = measures(area)
    nothing = {"numerator": 0, "denominator": 0, "value": None}
    assert found["conversion"] == nothing
    assert found["conversion_matured"] == nothing | {"from": "2025-11", "to": "2026-04"}
    assert found["satisfaction_after_conference"] == nothing
    for rate in (found["satisfaction"], *found["satisfaction"]["by_side"].values()):
        assert rate.items() >= nothing.items()
    assert found["referrals_received"] == {"value": 0}
    assert set(found["referrals_by_mechanism"]["cells"].values()) == {0}


def test_quarters_say_what_referrals_led_to_and_young_ones_nothing(area):
    led_to_one(area, date(2025, 11, 3), held_on=date(2026, 2, 2))
    ClosureFactory(case=CaseFactory(service_area=area, received_on=date(2025, 12, 3)))
    CaseFactory(service_area=area, received_on=date(2026, 1, 3))
    ReferralFactory(
        service_area=area, received_on=date(2026, 1, 9), status=ReferralStatus.NOT_ACCEPTED, not_accepted_reason="risk"
    )
    ReferralFactory(service_area=area, received_on=date(2026, 9, 9))
    rows = measures(area)["conversion_by_quarter"]["rows"]
    assert rows[0] == {
        "from": "2025-11",
        "to": "2026-01",
        "received": 4,
        "led_to_one": 1,
        "closed_without": 2,
        "open": 1,
    }
    assert [row["led_to_one"] for row in rows] == [1, 0, None, None]
    assert rows[3]["received"] == 1


def test_a_quarter_over_the_new_year_names_both_years():
    assert quarter_label({"from": "2025-11", "to": "2026-01"}) == "Nov 2025 to Jan 2026"
    assert quarter_label({"from": "2026-02", "to": "2026-04"}) == "Feb to Apr 2026"


def test_each_intervention_held_in_the_month_counts_by_what_was_delivered(area):
    case = CaseFactory(service_area=area, received_on=date(2025, 6, 6))
    InterventionFactory(case=case, model=Model.FACE_TO_FACE_CONFERENCE, model_delivered=Model.LETTER_EXCHANGE)
    InterventionFactory(case=case, held_on=date(2026, 10, 31))
    InterventionFactory(case=case, held_on=date(2026, 11, 1))
    InterventionFactory(case=case, held_on=date(2026, 9, 30))
    found = measures(area)["interventions_by_model"]
    assert non_zero(found) == {"face_to_face_conference": 1, "letter_exchange": 1}
    assert (found["direct"], found["indirect"]) == (1, 1)


def test_satisfaction_is_by_side_and_by_the_month_the_answer_came(area):
    case = CaseFactory(service_area=area)
    answered(case, Side.HARMED, date(2026, 10, 1), Satisfaction.VERY_SATISFIED)
    answered(case, Side.HARMED, date(2026, 10, 31), Satisfaction.NEITHER)
    answered(case, Side.HARMED, date(2026, 10, 20), Satisfaction.NOT_SAID)
    answered(case, Side.RESPONSIBLE, date(2026, 10, 20), Satisfaction.SATISFIED)
    answered(case, Side.RESPONSIBLE, date(2025, 11, 10), Satisfaction.DISSATISFIED)
    answered(case, Side.RESPONSIBLE, date(2025, 10, 31), Satisfaction.SATISFIED)  # thirteen months ago
    asked(case, Side.HARMED, date(2026, 10, 25))
    found = measures(area)
    month, year = found["satisfaction"], found["satisfaction_12_months"]
    # The first answer was asked for at the end of September.
    assert month["by_side"]["harmed"] == {"numerator": 1, "denominator": 2, "value": 0.5, "asked": 3}
    assert month["by_side"]["responsible"] == {"numerator": 1, "denominator": 1, "value": 1, "asked": 1}
    assert (month["numerator"], month["denominator"]) == (2, 3)
    assert year["by_side"]["responsible"] == {"numerator": 1, "denominator": 2, "value": 0.5, "asked": 2}
    assert year["by_side"]["harmed"]["asked"] == 4


def test_the_benchmark_line_is_people_harmed_after_a_conference_only(area):
    conference, letters = CaseFactory(service_area=area), CaseFactory(service_area=area)
    InterventionFactory(case=conference)
    InterventionFactory(case=letters, model=Model.LETTER_EXCHANGE)
    answered(conference, Side.HARMED, date(2026, 10, 25))
    answered(conference, Side.RESPONSIBLE, date(2026, 10, 25))
    answered(letters, Side.HARMED, date(2026, 10, 25))
    assert measures(area)["satisfaction_after_conference"] == {"numerator": 1, "denominator": 1, "value": 1}


def test_whoever_answers_again_is_one_person_against_the_benchmark(area):
    case = CaseFactory(service_area=area)
    InterventionFactory(case=case)
    first = answered(case, Side.HARMED, date(2026, 8, 20))
    answered(case, Side.HARMED, date(2026, 10, 2), Satisfaction.DISSATISFIED, again=first)
    answered(case, Side.HARMED, date(2026, 11, 1), again=first)  # of the next month
    found = measures(area)
    assert found["satisfaction_after_conference"] == {"numerator": 0, "denominator": 1, "value": 0}
    assert found["satisfaction_12_months"]["by_side"]["harmed"]["denominator"] == 2


def test_waiting_is_a_stock_by_age_on_the_as_at_day(area):
    days = [
        date(2026, 10, 20),
        date(2026, 8, 2),  # one day under three months
        date(2026, 8, 1),  # three months to the day
        date(2026, 5, 1),
        date(2025, 11, 1),
        date(2019, 1, 1),
    ]
    for day in days:
        ReferralFactory(service_area=area, received_on=day, status=ReferralStatus.INTERESTED)
    ReferralFactory(service_area=area, received_on=date(2026, 1, 1))
    found = measures(area)
    assert found["waiting_stock"]["cells"] == {
        "Under 3 months": 2,
        "3 to 6 months": 1,
        "6 to 12 months": 1,
        "Over 12 months": 2,
    }
    assert found["awaiting_offender_identification"] == {"value": 1}


def test_cases_closed_and_not_opened_again(area):
    held = CaseFactory(service_area=area)
    InterventionFactory(case=held)
    ClosureFactory(case=held)
    ClosureFactory(case=CaseFactory(service_area=area))
    ClosureFactory(case=CaseFactory(service_area=area), closed_on=date(2026, 11, 1))
    ClosureFactory(case=CaseFactory(service_area=area), reopened_at=AS_AT)
    ClosureFactory(case=CaseFactory(service_area=area, partner_delivered=True))
    for reason in (ClosureReason.DUPLICATE, ClosureReason.IN_ERROR):
        ClosureFactory(case=CaseFactory(service_area=area), reason=reason)
    assert measures(area)["cases_closed"]["cells"] == {"After an intervention": 1, "Without one": 1}


def test_the_number_of_statements_does_not_grow_with_the_rows(area):
    system_user("scheduler")

    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            measures(area)
        return len(queries)

    empty = counted()
    for _ in range(5):
        answered(led_to_one(area, date(2026, 10, 3), held_on=date(2026, 10, 9)).case, Side.HARMED, date(2026, 10, 20))
    assert counted() == empty


@pytest.mark.parametrize(("day", "months", "first"), [(date(2026, 1, 31), -1, date(2025, 12, 1))])
def test_months_are_counted_over_the_year(day, months, first):
    assert first_of(day, months) == first
    assert Period.month(date(2026, 12, 9)) == Period(date(2026, 12, 1), date(2027, 1, 1))


@pytest.mark.parametrize("text", ["2026", "2026-13", "26-10", "2026-1", "", "2026-1a"])
def test_what_is_not_a_month_is_refused(text):
    with pytest.raises(ValueError):
        month_from(text)
