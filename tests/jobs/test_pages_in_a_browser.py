import pytest

from rj_service.accounts.models import AccountMail


@pytest.mark.parametrize(
    ("who", "addresses"),
    [
        ("dpo", ["/audit/", "/audit/who-looked/", "/audit/who-looked/?person=x", "/people/recoveries/"]),
        (
            "admin",
            ["/jobs/", "/jobs/?state=queued", "/health/", "/notifications/", "/help/", "/accessibility/", "/privacy/"],
        ),
    ],
)
def test_pages_are_accessible(signed_in_page, cast, assert_accessible, who, addresses):
    failed = AccountMail.objects.create(kind="changed", user=cast["coordinator"], state="failed", last_error="OSError")
    page = signed_in_page(cast[who])
    for address in addresses:
        page.goto(address)
        assert_accessible(page)
    if who == "admin":
        page.goto(f"/jobs/{failed.pk}/")
        assert_accessible(page)
