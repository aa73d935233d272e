"""A referral written page by page: saved as it is typed, by one person, in one draft, sent once."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from referrals.actions import delete_old_drafts
from referrals.models import Incident, Referral, ReferralDraft
from referrals.tasks import delete_drafts

pytestmark = pytest.mark.django_db
NEW = "/referrals/new/"
HARMED = {"initiated_by": "victim", "first_name": "Ines", "last_name": "Pryor"}
PAGES = {
    "harmed": HARMED,
    "responsible": {"suspect_identified": "N", "wishes_contact": "Y"},
    "contact": {"consent_method": "phone", "may_phone": "on", "phone": "07700 900123"},
    "incident": {"crime_type": "burglary", "justice_stage": "not_known", "crime_reference": "35/1/26"},
    "know": {"vulnerability": "not_known", "notes": "She would like to know why."},
}
ARRIVAL = {"received_on_day": "1", "received_on_month": "6", "received_on_year": "2026", "mechanism": "victim_self"}


def hidden(page) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(draft|version)" value="([^"]*)"', page.content.decode()))


def drafts() -> list[ReferralDraft]:
    return list(ReferralDraft._base_manager.order_by("saved_at"))


def begin(client, **typed):
    """The first page sent; gives the draft."""
    client.post(NEW, hidden(client.get(NEW)) | HARMED | typed)
    return drafts()[-1]


def at(name: str, draft: ReferralDraft, *more: str) -> str:
    return reverse(f"referrals:{name}", args=[draft.pk, *more])


def fill(client, draft, pages=PAGES):
    for slug, typed in pages.items():
        address = at("draft", draft, slug)
        answer = client.post(address, hidden(client.get(address)) | typed)
        assert answer.status_code == 302, answer.content.decode()
    return answer


def send(client, draft):
    check = client.get(at("check-draft", draft))
    return client.post(at("check-draft", draft), hidden(check), follow=True)


@pytest.fixture
def worker(cast, signed_in):
    return signed_in(cast["hub_worker"])


@pytest.mark.parametrize(
    ("who", "mechanism"),
    [("hub_worker", "victims_hub"), ("referrer", "partner_agency"), ("coordinator", "victim_self")],
)
def test_from_the_first_page_to_the_reference(who, mechanism, cast, signed_in):
    client = signed_in(cast[who])
    draft = begin(client)
    last = fill(client, draft, PAGES | ({"arrival": ARRIVAL} if who == "coordinator" else {}))
    assert last["Location"] == at("check-draft", draft)
    check = client.get(last["Location"]).content.decode()
    for words in ("Pryor", "07700 900123", "Burglary", "35/1/26", "She would like to know why."):
        assert words in check
    sent = send(client, draft).content.decode()
    referral = Referral._base_manager.select_related("incident").get()
    assert f"{referral.reference[:4]}-{referral.reference[4:]}" in sent
    assert (referral.mechanism, referral.status) == (mechanism, "interested")
    assert referral.incident.crime_reference == "35/1/26"
    assert referral.person_harmed.safe_contact.may_phone
    assert referral.organisation_id == cast[who].memberships.get().organisation_id
    assert drafts()[0].answers == {}


def test_asked_for_by_the_person_responsible_the_agreement_and_the_number_are_theirs(worker):
    draft = begin(worker, initiated_by="offender")
    pages = {slug: typed for slug, typed in PAGES.items() if slug not in ("harmed", "responsible")}
    fill(worker, draft, {"asking": {"offender_last_name": "Hart"}} | pages)
    send(worker, draft)
    referral = Referral._base_manager.get()
    assert referral.person_responsible.contact_details.phone == "07700 900123"
    assert referral.person_responsible.approach == "agreed"
    assert referral.person_harmed.contact_details.phone is None
    assert referral.person_harmed.approach == "not_approached"
    assert referral.status == "received"


def test_before_sentence_a_court_and_its_days(worker):
    days = {"hearing_on_day": "3", "hearing_on_month": "3", "hearing_on_year": "2027"}
    draft = begin(worker)
    fill(
        worker,
        draft,
        PAGES | {"incident": PAGES["incident"] | {"justice_stage": "pre_sentence", "court": "Peterborough", **days}},
    )
    send(worker, draft)
    incident = Incident._base_manager.get()
    assert (incident.court, incident.hearing_on.isoformat()) == ("Peterborough", "2027-03-03")


def test_nothing_typed_makes_no_draft(worker):
    page = worker.get(NEW)
    untouched = hidden(page) | {"initiated_by": "victim"}
    assert worker.post(NEW, untouched, headers={"X-Requested-With": "autosave"}).json() == {"words": ""}
    worker.post(NEW, untouched | {"save_and_leave": "1"})
    assert worker.post(NEW, untouched).status_code == 422
    assert drafts() == []


def test_saved_as_it_is_typed_one_page_makes_one_draft(worker):
    first = hidden(worker.get(NEW))
    for version, name in enumerate(("P", "Pry", "Pryor")):
        told = worker.post(
            NEW, first | HARMED | {"last_name": name, "version": version}, headers={"X-Requested-With": "autosave"}
        )
        assert told.json()["version"] == version + 1
        assert told.json()["words"].startswith("Draft saved at ")
    worker.post(NEW, first | HARMED | {"version": 3})
    (draft,) = drafts()
    assert draft.answers["harmed"]["last_name"] == ["Pryor"]


def test_half_a_page_is_kept_as_it_was_typed(worker):
    draft = begin(worker)
    fill(worker, draft, {"responsible": PAGES["responsible"]})
    address = at("draft", draft, "contact")
    half = {"may_leave_voicemail": "on", "phone": "12"}
    left = worker.post(address, hidden(worker.get(address)) | half | {"save_and_leave": "1"}, follow=True)
    assert "It waits for you for 30 days" in left.content.decode()
    again = worker.get(address).content.decode()
    assert 'value="12"' in again and "There is a problem" not in again
    check = worker.get(at("check-draft", draft)).content.decode()
    assert "Still to be answered" in check
    refused = send(worker, draft)
    assert refused.redirect_chain[-1][0] == at("draft", draft, "contact")
    assert not Referral._base_manager.exists()


def test_two_windows_lose_nobodys_words(worker):
    draft = begin(worker)
    fill(worker, draft)
    address = at("draft", draft, "know")
    both = hidden(worker.get(address))
    typed = PAGES["know"]
    assert worker.post(address, both | typed | {"notes": "From the first window"}).status_code == 302
    saving = worker.post(address, both | typed | {"notes": "Second"}, headers={"X-Requested-With": "autosave"})
    assert (saving.status_code, saving.json()["words"]) == (409, "Changed in another window: see both")
    refused = worker.post(address, both | typed | {"notes": "From the second window"})
    assert refused.status_code == 409
    text = refused.content.decode()
    assert "From the first window" in text and "From the second window" in text
    worker.post(address, hidden(refused) | typed | {"notes": "Both"})
    assert drafts()[0].answers["know"]["notes"] == ["Both"]


def test_the_check_page_of_an_older_state_sends_nothing(worker):
    draft = begin(worker)
    fill(worker, draft)
    old = hidden(worker.get(at("check-draft", draft)))
    fill(worker, draft, {"know": PAGES["know"] | {"notes": "Changed since"}})
    worker.post(at("check-draft", draft), old)
    assert not Referral._base_manager.exists()


def test_sent_twice_it_is_one_referral(worker):
    draft = begin(worker)
    fill(worker, draft)
    check = hidden(worker.get(at("check-draft", draft)))
    first, second = (worker.post(at("check-draft", draft), check) for _ in range(2))
    assert first["Location"] == second["Location"] == at("draft-sent", draft)
    assert Referral._base_manager.count() == 1
    page = worker.post(at("draft", draft, "harmed"), hidden(worker.get(NEW)) | HARMED | {"last_name": "Other"})
    assert page.status_code == 422
    assert "sent already" in page.content.decode()


def test_another_person_harmed_by_the_same_incident(worker):
    draft = begin(worker)
    fill(worker, draft)
    send(worker, draft)
    follow = worker.post(at("same-incident", draft))
    second = drafts()[-1]
    assert follow["Location"] == at("draft", second, "harmed")
    fill(
        worker,
        second,
        {slug: typed for slug, typed in PAGES.items() if slug != "incident"}
        | {"harmed": HARMED | {"first_name": "Joan"}},
    )
    send(worker, second)
    one, two = Referral._base_manager.order_by("entered_at")
    assert one.incident_id == two.incident_id
    assert Incident._base_manager.count() == 1


def test_what_is_here_already_is_shown_before_it_is_sent_again(worker, cast, signed_in):
    draft = begin(worker)
    fill(worker, draft)
    send(worker, draft)
    again = begin(worker, first_name="INES", last_name="PRYOR")
    fill(
        worker,
        again,
        PAGES
        | {
            "harmed": HARMED | {"first_name": "INES", "last_name": "Pryor"},
            "incident": PAGES["incident"] | {"crime_reference": ""},
        },
    )
    reference = Referral._base_manager.get().reference
    shown = f"{reference[:4]}-{reference[4:]}"
    assert shown in worker.get(at("check-draft", again)).content.decode()
    stranger = signed_in(cast["referrer"])
    theirs = begin(stranger)
    fill(stranger, theirs)
    assert shown not in stranger.get(at("check-draft", theirs)).content.decode()


def test_a_draft_is_its_writers_alone(worker, cast, signed_in):
    first = hidden(worker.get(NEW))
    draft = begin(worker)
    other = signed_in(cast["referrer"])
    for address in (at("draft", draft, "harmed"), at("check-draft", draft), at("draft-sent", draft)):
        assert other.get(address).status_code == 404
        assert other.post(address, HARMED).status_code in (404, 405)
    other.post(NEW, first | HARMED | {"last_name": "Other"})
    assert {one.user_id for one in drafts()} == {cast["hub_worker"].pk, cast["referrer"].pk}
    other.post(at("delete-draft", draft))
    assert ReferralDraft._base_manager.filter(pk=draft.pk).exists()


def test_words_of_a_draft_are_not_in_the_table(worker):
    begin(worker)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text, content FROM referrals_referraldraft t")
        row, content = cursor.fetchone()
    assert "Pryor" not in row and b"Pryor" not in bytes(content)


def test_drafts_nobody_went_on_with_are_deleted(worker):
    kept, old = begin(worker), begin(worker, last_name="Old")
    ReferralDraft._base_manager.filter(pk=old.pk).update(saved_at=timezone.now() - timedelta(days=31))
    delete_drafts()
    assert drafts() == [kept]
    assert delete_old_drafts() == 0


def test_my_drafts(worker):
    draft = begin(worker)
    with CaptureQueriesContext(connection) as one:
        text = worker.get(reverse("referrals:drafts")).content.decode()
    assert "Ines Pryor" in text
    for name in ("Second", "Third"):
        begin(worker, last_name=name)
    with CaptureQueriesContext(connection) as three:
        worker.get(reverse("referrals:drafts"))
    assert len(one) == len(three)
    assert "Go on with one of them" in worker.get(NEW).content.decode()
    worker.post(at("delete-draft", draft))
    assert draft not in drafts()
