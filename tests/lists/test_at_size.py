"""Lists, searches and records read as much of a large area's database as of a small one's."""

from pathlib import Path

import pytest

from benchmarks.lists_at_size import LARGE, SMALL, fill, measure

pytestmark = [pytest.mark.proof, pytest.mark.longest, pytest.mark.django_db(transaction=True)]


def test_four_times_as_many_referrals_are_no_more_work(
    area, cast, signed_in, owner_cursor, settings, tmp_path, record_property
):
    settings.FILES_DIR = tmp_path / "files"
    fill(area, Path(tmp_path))
    found = measure([signed_in(cast["coordinator"]), signed_in(cast["manager"])], owner_cursor, SMALL, LARGE)
    record_property("measured", f"{len(found)} pages at {SMALL:,} and {LARGE:,} referrals")
    assert len(found) > 50
    assert not [growth.line for growth in found if not growth.is_bounded]
