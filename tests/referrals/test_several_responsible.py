"""Several people responsible for one incident: named before the decision, carried into the case, kept apart."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions as cases
from referrals import actions
from referrals.actions import NewPerson
from referrals.models import AlsoResponsible, ContactDetails, OwnLink, Person, Referral, SafeContact
from referrals.questions import ResponsibleForm
from rj_service.accounts.errors import DomainError, NotAllowed

from .conftest import HARMED, RESPONSIBLE
from .test_drafts import PAGES, begin, fill, send

TODAY = timezone.localdate()
SECOND = NewPerson(first_name="Omar", last_name="Second", date_of_birth=date(2001, 2, 3))


@pytest.fixture
def by(cast, acting):
    with acting(cast["coordinator"]) as user:
        yield user


def test_a_second_is_not_approached_and_a_third_may_be_added(refer, by):
    referral = refer(also_responsible=[SECOND, NewPerson()])
    third = actions.add_responsible(
        referral=referral, new=NewPerson(last_name="Third"), responsibility_told="none", by=by
    )
    found = [(one.person.name, one.responsibility_told) for one in referral.also_responsible.order_by("added_at", "id")]
    assert found == [("Omar Second", "not_known"), ("Third", "none")]
    for person in (referral.also_responsible.first().person, third):
        assert person.approach == "not_approached"
        assert SafeContact.objects.get(person=person).through_referrer_only
        assert person in Person.objects.visible_to(by)
    assert set(actions.people_of(referral)) == {
        referral.person_harmed_id,
        referral.person_responsible_id,
        *referral.also_responsible.values_list("person", flat=True),
    }


def test_the_first_one_named_is_the_person_responsible(refer, by):
    referral = refer(responsible=NewPerson())
    person = actions.add_responsible(referral=referral, new=SECOND, responsibility_told="full", by=by)
    found = Referral.objects.get()
    assert (found.person_responsible, found.responsibility_told) == (person, "full")
    assert not found.also_responsible.exists()


def test_nobody_is_added_after_the_decision_or_by_others(refer, cast, acting, by):
    referral = refer()
    actions.not_accept(referral=referral, reason="risk", note="Risk", by=by, today=TODAY)
    with pytest.raises(NotAllowed):
        actions.add_responsible(referral=referral, new=SECOND, by=by)
    with pytest.raises(DomainError, match="Enter a name"):
        actions.add_responsible(referral=refer(), new=NewPerson(), by=by)


def test_all_of_them_are_in_the_case_on_their_side(refer, by):
    referral = refer(also_responsible=[SECOND])
    person = referral.also_responsible.get().person
    actions.record_legal_bar(person=person, referral=referral, kind="bail", authority="Police", starts_on=TODAY, by=by)
    case = cases.accept_referral(referral=referral, by=by, today=TODAY)
    sides = {(one.person.name, one.role, one.side) for one in case.participants.all()}
    assert sides == {
        ("Grace Bellamy", "person_harmed", "harmed"),
        ("Kyle Brand", "person_responsible", "responsible"),
        ("Omar Second", "person_responsible", "responsible"),
    }
    participant = case.participants.get(person=person)
    cases.record_consent(participant=participant, purpose="contact", method="phone", given_on=TODAY, by=by, today=TODAY)
    assert participant.person.legal_bars.get().authority == "Police"


def test_who_knows_one_of_them_is_shut_out(refer, cast, acting):
    referral = refer(also_responsible=[SECOND])
    with acting(cast["coordinator"]) as by:
        person = referral.also_responsible.get().person
        assert Referral.objects.visible_to(by).exists()
        actions.declare_conflict(user=by, by=by, person=person)
        assert not Referral.objects.visible_to(by).exists()
        assert not Person.objects.visible_to(by).filter(pk=person.pk).exists()
        assert by not in actions.coordinators_of(referral)


def test_one_s_number_is_not_shown_with_the_other_s(refer, cast, signed_in):
    referral = refer(also_responsible=[SECOND])
    with_number = {RESPONSIBLE.last_name: "07700 900201", SECOND.last_name: "07700 900202"}
    for last_name, phone in with_number.items():
        details = ContactDetails._base_manager.get(person__last_name=last_name)
        details.phone = phone
        details.save()
    client = signed_in(cast["coordinator"])
    detail = client.get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    assert "Omar Second" in detail and not any(phone in detail for phone in with_number.values())
    beside = AlsoResponsible._base_manager.get().person_id
    pages = {
        "07700 900201": client.get(reverse("referrals:contact", args=[referral.pk, "responsible"])),
        "07700 900202": client.get(reverse("referrals:contact-beside", args=[referral.pk, beside])),
    }
    for phone, page in pages.items():
        words = page.content.decode()
        assert [one for one in with_number.values() if one in words] == [phone]
    other = refer(harmed=NewPerson(last_name="Pryor"))
    assert client.get(reverse("referrals:contact-beside", args=[other.pk, beside])).status_code == 404


def test_the_link_of_one_says_nothing_of_another(refer, cast, acting, client):
    """What one of them is asked by their own link names neither the other nor anything of theirs."""
    referral = refer(also_responsible=[SECOND])
    with acting(cast["coordinator"]) as by:
        case = cases.accept_referral(referral=referral, by=by, today=TODAY)
        links = {}
        for one in case.participants.filter(role="person_responsible"):
            for purpose in ("contact", "survey"):
                cases.record_consent(
                    participant=one, purpose=purpose, method="phone", given_on=TODAY, by=by, today=TODAY
                )
            _, links[one.person.last_name] = cases.invite_to_survey(
                channel="in_person", participant=one, by=by, today=TODAY
            )
    for mine, other in ((RESPONSIBLE, SECOND), (SECOND, RESPONSIBLE)):
        page = client.get(reverse("cases:survey-link", args=[links[mine.last_name]]), follow=True)
        assert page.status_code == 200
        words = page.content.decode()
        assert other.last_name not in words and other.first_name not in words and HARMED.last_name not in words


def test_what_goes_out_tells_nothing_of_the_second(refer, cast, acting, hub):
    """They were added here: neither whoever sent the referral nor an agency asked about the first hears of them."""
    referral = refer(by=cast["hub_worker"], organisation=hub)
    with acting(cast["coordinator"]) as by:
        second = actions.add_responsible(referral=referral, new=SECOND, by=by)
        ContactDetails.objects.filter(person=second).update(address="9 Heron Court")
        for words in ("Is Mr Second well?", "Does he live at 9 Heron Court?"):
            with pytest.raises(DomainError, match="another person responsible"):
                actions.write_message(referral=referral, words=words, by=by, today=TODAY)
            with pytest.raises(DomainError, match="another person responsible"):
                actions.ask_agency(
                    referral=referral,
                    side="responsible",
                    recipient=actions.Recipient("probation", "Probation", "Duty", "duty@example.org"),
                    asked_for=["risk"],
                    words=words,
                    by=by,
                    today=TODAY,
                )


def test_the_first_one_s_page_is_never_given_to_the_second(refer, cast, acting, signed_in):
    referral = refer(also_responsible=[SECOND])
    with acting(cast["coordinator"]) as by:
        case = cases.accept_referral(referral=referral, by=by, today=TODAY)
        first, second = case.participants.filter(role="person_responsible").order_by("added_at", "id")
        given = {"channel": "by_hand", "question": "word", "word": "heron", "by": by, "today": TODAY}
        for one in (first, second):
            cases.record_consent(participant=one, purpose="contact", method="phone", given_on=TODAY, by=by, today=TODAY)
        link, _ = cases.give_own_link(participant=first, **given)
        assert link.person == referral.person_responsible
        with pytest.raises(DomainError, match="Somebody else of this side has the page"):
            cases.give_own_link(participant=second, **given)
        assert OwnLink.objects.not_ended().get() == link
    client = signed_in(cast["coordinator"])
    people = client.get(reverse("cases:people", args=[case.pk])).content.decode()
    assert "Omar Second" in people and "A link of their own<span" in people
    assert ": Kyle Brand</span></a>" in people and 'their own<span class="govuk-visually-hidden">: Omar' not in people
    assert client.get(reverse("cases:give-own-link", args=[case.pk, second.pk])).status_code == 404


def test_a_referrer_names_a_second_one(cast, signed_in):
    client = signed_in(cast["hub_worker"])
    draft = begin(client)
    named = {"offender_last_name": "Brand", "second_first_name": "Omar", "second_last_name": "Second"}
    fill(client, draft, PAGES | {"responsible": {"suspect_identified": "Y", **named}})
    send(client, draft)
    referral = Referral._base_manager.get()
    assert AlsoResponsible._base_manager.get().person.name == "Omar Second"
    assert "Omar" in client.get(reverse("referrals:own", args=[referral.pk])).content.decode()


def test_a_day_of_birth_needs_a_name():
    day = {"second_date_of_birth_day": "3", "second_date_of_birth_month": "2", "second_date_of_birth_year": "2001"}
    form = ResponsibleForm({"suspect_identified": "Y", **day})
    assert "second_last_name" in form.errors
