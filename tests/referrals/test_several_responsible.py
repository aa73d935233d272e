"""Several people responsible for one incident: named before the decision, carried into the case, kept apart."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions as cases
from referrals import actions
from referrals.actions import NewPerson
from referrals.models import (
    AlsoResponsible,
    Consent,
    ContactDetails,
    InformationRequest,
    OwnLink,
    Person,
    Referral,
    RepeatedApproach,
    SafeContact,
)
from referrals.questions import ResponsibleForm
from rj_service.accounts.acting import system_user
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.audit.models import AccessLog

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
        "07700 900202": client.get(reverse("referrals:contact", args=[referral.pk, beside])),
    }
    for phone, page in pages.items():
        words = page.content.decode()
        assert [one for one in with_number.values() if one in words] == [phone]
    other = refer(harmed=NewPerson(last_name="Pryor"))
    assert client.get(reverse("referrals:contact", args=[other.pk, beside])).status_code == 404


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
                    person=referral.person_responsible,
                    recipient=actions.Recipient("probation", "Probation", "Duty", "duty@example.org"),
                    asked_for=["risk"],
                    words=words,
                    by=by,
                    today=TODAY,
                )


def test_each_has_a_page_of_their_own_that_opens_by_their_own_link(refer, cast, acting, signed_in):
    referral = refer(also_responsible=[SECOND])
    with acting(cast["coordinator"]) as by:
        case = cases.accept_referral(referral=referral, by=by, today=TODAY)
        first, second = case.participants.filter(role="person_responsible").order_by("added_at", "id")
        given = {"channel": "by_hand", "question": "word", "by": by, "today": TODAY}
        links = []
        for one, word in ((first, "heron"), (second, "stork")):
            cases.record_consent(participant=one, purpose="contact", method="phone", given_on=TODAY, by=by, today=TODAY)
            links.append(cases.give_own_link(participant=one, word=word, **given))
        assert [link.person for link, _ in links] == [first.person, second.person]
    client = signed_in(cast["coordinator"])
    people = client.get(reverse("cases:people", args=[case.pk])).content.decode()
    theirs = reverse("referrals:own-link", args=[referral.pk, second.person_id])
    assert str(second.person_id) in theirs and f'href="{theirs}"' in people
    with actions.through_own_link(actions.own_link_by_secret(links[1][1])) as link:
        public = system_user("public")
        assert not actions.answer_own_link(link=link, answer="heron", by=public)
        assert actions.answer_own_link(link=link, answer="stork", by=public)
        actions.pause_by_link(link=link, by=public)
        actions.ask_to_be_reached(link=link, allowed={}, details={"phone": "07700 900203"}, words="", by=public)
    with acting(cast["coordinator"]):
        paused = set(Person.objects.filter(paused_at__isnull=False))
        assert paused == {second.person}
    assert f'href="{theirs}"' in client.get("/").content.decode(), "what they asked leads to their own page"
    own = client.get(theirs).content.decode()
    assert "Omar Second" in own and "Contact is paused" in own and "Kyle Brand" not in own
    wish = reverse("referrals:contact-wish", args=[referral.pk, second.person_id])
    assert "07700 900203" in client.get(wish).content.decode()
    first_s = client.get(reverse("referrals:own-link", args=[referral.pk, "responsible"])).content.decode()
    assert "Omar" not in first_s and "paused" not in first_s
    client.post(reverse("referrals:end-pause", args=[referral.pk, second.person_id]))
    client.post(reverse("referrals:end-own-link", args=[referral.pk, second.person_id]))
    with acting(cast["coordinator"]):
        assert not Person.objects.filter(paused_at__isnull=False).exists()
        assert OwnLink.objects.not_ended().get().person == first.person


def test_what_is_recorded_of_one_is_theirs_alone(refer, cast, acting, signed_in):
    """Every page about one person, for the second as for the first."""
    referral = refer(also_responsible=[SECOND])
    second = AlsoResponsible._base_manager.get().person
    client = signed_in(cast["coordinator"])

    def address(name: str, *more) -> str:
        return reverse(f"referrals:{name}", args=[referral.pk, second.pk, *more])

    for name in ("contact", "needs", "consents", "childhood", "own-link", "whom-to-ask", "safe-contact", "record-bar"):
        page = client.get(address(name))
        assert page.status_code == 200 and "Kyle Brand" not in page.content.decode(), name
    agreed = {"purpose": "contact", "method": "phone", "informed": "on"}
    agreed |= {f"given_on_{part}": getattr(TODAY, part) for part in ("day", "month", "year")}
    assert client.post(address("record-consent"), agreed).status_code == 302
    assert client.post(address("safe-contact"), {"may_phone": "on"}).status_code == 302
    with acting(cast["coordinator"]):
        assert Consent.objects.get(person=second).purpose == "contact"
        assert SafeContact.objects.get(person=second).may_phone
        assert SafeContact.objects.get(person=referral.person_responsible).through_referrer_only
    page = client.get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    assert page.count("Safe contact</strong>") == 3 and "Through the referrer only." in page


def test_an_agency_is_asked_about_the_second(refer, cast, acting):
    referral = refer(also_responsible=[SECOND])
    ask = {
        "recipient": actions.Recipient("probation", "Probation", "Duty", "duty@example.org"),
        "asked_for": ["risk"],
        "words": "Who works with them?",
        "today": TODAY,
    }
    with acting(cast["coordinator"]) as by:
        second = referral.also_responsible.get().person
        asked = actions.ask_agency(referral=referral, person=second, by=by, **ask)
        assert (asked.person, asked.side) == (second, "responsible")
        agreed = {"purpose": "contact", "method": "phone", "given_on": TODAY, "today": TODAY, "by": by}
        for person in (referral.person_responsible, second):
            actions.record_consent(person=person, referral=referral, **agreed)
        actions.withdraw_consent(person=referral.person_responsible, referral=referral, by=by)
        assert InformationRequest.objects.get().is_open, "the other of them goes on"
        with pytest.raises(DomainError, match="was withdrawn"):
            actions.ask_agency(referral=referral, person=referral.person_responsible, by=by, **ask)
        about_harmed = actions.ask_agency(referral=referral, person=referral.person_harmed, by=by, **ask)
        actions.withdraw_consent(person=second, referral=referral, by=by)
        assert not any(one.is_open for one in InformationRequest.objects.all()), "nobody of that side is left"
        assert about_harmed.person == referral.person_harmed
        with pytest.raises(DomainError, match="not part of the referral"):
            actions.ask_agency(referral=referral, person=refer().person_harmed, by=by, **ask)


@pytest.mark.parametrize("words", ["Second", "Omar Second", "Secund", "07700 900202"])
def test_the_second_is_found_by_search(refer, cast, acting, words):
    referral = refer(also_responsible=[SECOND])
    with acting(cast["coordinator"]) as by:
        second = referral.also_responsible.get().person
        ContactDetails.objects.filter(person=second).update(**actions.contact_keys(phone="07700 900202"))
        assert list(actions.find(words, by=by).why) == [referral.pk]
        actions.declare_conflict(user=by, by=by, person=second)
        assert not actions.find(words, by=by).why


def test_who_writes_from_the_second_s_telephone_is_a_repeated_approach(refer, cast, acting):
    """Somebody responsible in an earlier referral, beside another, writes as the person harmed."""
    earlier = refer(also_responsible=[SECOND])
    with acting(cast["coordinator"]):
        second = ContactDetails.objects.filter(person=earlier.also_responsible.get().person)
        second.update(**actions.contact_keys(phone="07700 900202"))
    writer = NewPerson(first_name="Ann", last_name="Other", phone="07700 900202", may_phone=True)
    with acting(cast["coordinator"]):
        new = refer(harmed=writer, responsible=NewPerson(), mechanism="victim_self")
        assert "writer_is_responsible" in RepeatedApproach.objects.get(referral=new, earlier=earlier).reasons


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


def test_a_list_names_all_of_them_unless_names_stay_inside(refer, cast, acting, signed_in):
    referral = refer(also_responsible=[SECOND])
    client = signed_in(cast["coordinator"])
    with acting(cast["coordinator"]):
        second = referral.also_responsible.get().person
    listed = reverse("referrals:list")
    assert "Omar Second" in client.get(listed).content.decode()
    assert second.pk in AccessLog.objects.get(page="referrals:list").people
    with acting(cast["coordinator"]) as by:
        actions.restrict(referral=referral, reason="Known to the staff", by=by)
    assert "Omar Second" not in client.get(listed).content.decode()
