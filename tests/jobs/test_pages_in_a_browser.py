import pytest

from rj_service.accounts.models import AccountMail


@pytest.mark.proof
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
def test_pages_are_accessible(signed_in_page, cast, assert_sound, who, addresses):
    failed = AccountMail.objects.create(kind="changed", user=cast["coordinator"], state="failed", last_error="OSError")
    page = signed_in_page(cast[who])
    for address in addresses:
        assert_sound(page, address)
    if who == "admin":
        assert_sound(page, f"/jobs/{failed.pk}/")
