"""An area's archive holds every row that is the area's, nothing of another, and no secret."""

import csv
import hashlib
import io
import json
import zipfile
from collections import Counter

import pytest
from django.apps import apps
from django.db import connection
from django_scopes import scopes_disabled

from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import ServiceArea, User
from rj_service.documents.models import StoredFile
from rj_service.moving_out.archive import Manifest, archive_of
from rj_service.moving_out.tables import LEFT_OUT, WORKING_FILES, is_left_out, table_of
from tests.access.canaries import personal_fields

# Rows of no area, or of several: people who work for all, what is done without an area, system users.
OF_NO_AREA = {"accounts.user", "accounts.membership", "audit.domainevent", "audit.accesslog", "documents.storedfile"}


def archived(area, by) -> tuple[bytes, Manifest]:
    manifest = Manifest(area)
    with acting_as(by, areas=[area]):
        return b"".join(archive_of(area, manifest)), manifest


def rows_in(book: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(book.read(name).decode("utf-8-sig"), newline="")))


def test_every_table_is_in_it_or_left_out_for_a_reason(world):
    models = apps.get_models(include_auto_created=True)
    assert LEFT_OUT.keys() - {"demo.DemoRun"} <= {model._meta.label for model in models}
    for model in models:
        if not is_left_out(model) and model is not StoredFile:
            table_of(model, world.ids["area"])  # raises for a table that nobody decided about


def test_two_areas_archives_are_the_whole_database(world):
    """Counted by SQL, so that no rule of ours says how many there are."""
    areas = {area.slug: area for area in ServiceArea.objects.all()}
    found: Counter[str] = Counter()
    for area in areas.values():
        _, manifest = archived(area, world.cast["manager"])
        found.update({entry["name"]: entry["rows"] for entry in manifest.entries if "rows" in entry})
    wrong = {}
    for model in apps.get_models(include_auto_created=True):
        if is_left_out(model):
            continue
        tracked = getattr(model, "pgh_tracked_model", None)
        label = (tracked or model)._meta.label_lower
        with connection.cursor() as cursor:
            cursor.execute(f'select count(*) from "{model._meta.db_table}"')
            [total] = cursor.fetchone()
        name = f"{'history' if tracked else 'tables'}/{label}.csv"
        if label not in OF_NO_AREA and found[name] != total:
            wrong[name] = (found[name], total)
    assert wrong == {}


def test_it_holds_the_area_s_words_and_no_other_s(world):
    area = ServiceArea.objects.get(pk=world.ids["area"])
    content, manifest = archived(area, world.cast["manager"])
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        text = "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    found = world.canaries.within(text)
    astray = {world.canaries.tokens[token] for token in found if world.canaries.tokens[token].startswith("abroad")}
    assert astray == set()
    with scopes_disabled():
        missing = {
            f"{model.__name__}.{name}"
            for model, names in personal_fields().items()
            if not is_left_out(model)
            for name in names
            for value in table_of(model, area.pk).rows.values_list(name, flat=True)
            if world.canaries.within(str(value)) - found
        }
    assert missing == set()
    assert manifest.rows == sum(entry.get("rows", 0) for entry in manifest.entries) > 0


def test_the_manifest_says_what_is_in_it(world):
    area = ServiceArea.objects.get(pk=world.ids["area"])
    content, _ = archived(area, world.cast["manager"])
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert book.testzip() is None
        said = json.loads(book.read("manifest.json"))
        assert {entry["name"] for entry in said["entries"]} == set(book.namelist()) - {"README.txt", "manifest.json"}
        for entry in said["entries"]:
            raw = book.read(entry["name"])
            assert (hashlib.sha256(raw).hexdigest(), len(raw)) == (entry["sha256"], entry["bytes"])
            if "rows" in entry:
                assert len(rows_in(book, entry["name"])) == entry["rows"]
        referral = next(
            row for row in rows_in(book, "tables/referrals.referral.csv") if row["id"] == str(world.ids["referral"])
        )
        assert referral["person_harmed_id"] in {row["id"] for row in rows_in(book, "tables/referrals.person.csv")}
        documents = {
            row["id"]: row["kind"] for row in rows_in(book, "tables/documents.storedfile.csv") if not row["deleted_at"]
        }
        kept = {name.removeprefix("files/") for name in book.namelist() if name.startswith("files/")}
        assert kept == {key for key, kind in documents.items() if kind not in WORKING_FILES} != set()
        assert said["left_out"] == LEFT_OUT


def test_no_secret_is_in_it(world):
    area = ServiceArea.objects.get(pk=world.ids["area"])
    content, _ = archived(area, world.cast["manager"])
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        columns = {
            name: set(rows_in(book, name)[0])
            for name in book.namelist()
            if name.endswith(".csv") and rows_in(book, name)
        }
        text = "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    secret = ("password", "digest", "secret", "_key", "_hash", "token_")
    found = {
        (name, column) for name, some in columns.items() for column in some if any(part in column for part in secret)
    }
    assert found == set()
    for password in User.objects.exclude(password="").values_list("password", flat=True):
        assert len(password) < 5 or password not in text


@pytest.mark.parametrize("who", ["coordinator", "dpo", "other_coordinator"])
def test_nobody_but_a_manager_asks(world, clients, who):
    assert clients[who].post("/moving-out/new/", {"reason": "We leave"}).status_code == 403
