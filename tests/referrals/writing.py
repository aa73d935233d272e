"""Somebody at the public form, without script: what they answer, and the way through the pages."""

import re

from django.test import Client

from referrals.views.contact_us.pages import KEY
from rj_service.public_forms.actions import keep_answer

REACH = {"ways": ["phone", "email"], "phone": "07700 900321", "leave_message": "no", "email": "zqnina@example.org"}
REACH |= {"times": "zqweekdays after 4pm", "must_not": "zqnever call when my brother is home"}
ANSWERS = {
    "reach": REACH,
    "name": {"first_name": "zqNina", "last_name": "zqParry", "is_adult": "yes", "postcode": "cb1 1aa"},
    "what": {"what": "zqHe broke the window.", "wish": "zqTo ask him why."},
    "who": {"who_first_name": "zqKyle", "who_last_name": "zqBrand", "knows": "zqneighbour"},
    "when": {"precision": "month", "month": "March 2024", "where": "zqMill Lane"},
    "safety": {"afraid": "yes", "control": "no"},
}
CHECK, SENT = "/contact-us/check/", "/contact-us/sent/"


def question(step: str) -> str:
    return f"/contact-us/questions/{step}/"


def shown(client: Client, address: str) -> dict[str, str]:
    """What the page itself sends along: when it was shown."""
    return {"shown": re.search(r'name="shown" value="([^"]+)"', client.get(address).content.decode())[1]}


def press(client: Client, address: str, answers=None, **headers):
    return client.post(address, {**shown(client, address), **(answers or {})}, headers=headers)


def fill(client: Client, answers=None, *, until: str = "safety", name: str = KEY) -> None:
    """Every question up to one, answered without its page: what the session keeps is the same."""
    key = None
    for step, words in (answers or ANSWERS).items():
        given = {name: value if isinstance(value, list) else [value] for name, value in words.items() if value}
        key = keep_answer(key, step, given)
        if step == until:
            break
    session = client.session
    session[name] = str(key)
    session.save()


def answer(client: Client, answers=None, *, until: str = "safety"):
    """Every question up to one, page by page; gives the last answer of the service."""
    answers = answers or ANSWERS
    for step, words in answers.items():
        response = press(client, question(step), words)
        assert response.status_code == 302, (step, response.content.decode())
        if step == until:
            break
    return response


def send(client: Client, answers=None):
    """From the check page on; gives the page that says thank you."""
    fill(client, answers)
    response = press(client, CHECK)
    assert response.status_code == 302 and response["Location"] == SENT, response.content.decode()
    return client.get(SENT)


def other(**changed) -> dict:
    """ANSWERS with some steps' words changed: `other(who={"who_first_name": ""})`."""
    return {step: words | changed.get(step, {}) for step, words in ANSWERS.items()}
