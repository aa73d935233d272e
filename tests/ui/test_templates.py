"""What no template and no style sheet may hold. The browser would refuse some of it too; here it has a line number."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR) if hasattr(settings, "BASE_DIR") else Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PRINTED = ("print/", "pdf/")  # documents that WeasyPrint sets, never served to a browser

FORBIDDEN = {
    "a style attribute": re.compile(r"\sstyle\s*="),
    "an inline style sheet": re.compile(r"<style\b"),
    # A block of JSON is data: no browser runs it, and the policy allows it.
    "an inline script": re.compile(r"<script(?![^>]*\b(src=|type=\"application/json\"))"),
    "an inline listener": re.compile(r"\son[a-z]+\s*=\s*[\"']"),
    "an address that runs": re.compile(r"javascript:"),
    "escaping turned off": re.compile(r"\|\s*safe\b|safeseq|autoescape\s+off"),
    "htmx that evaluates": re.compile(r"hx-on|hx-vals\s*=\s*[\"']js:"),
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_is_plain(template):
    text = template.read_text()
    found = [what for what, pattern in FORBIDDEN.items() if pattern.search(text)]
    if any(part in template.as_posix() for part in PRINTED):
        found = [what for what in found if what != "an inline style sheet"]
    assert found == []


@pytest.mark.parametrize("name", ["ui", "govuk", "errors"])
def test_every_template_of_the_kit_can_be_parsed(name):
    for template in (ROOT / "templates" / name).rglob("*.html"):
        get_template(template.relative_to(ROOT / "templates").as_posix())


def test_no_source_marks_text_as_safe():
    sources = [path for app in ("rj_service", "referrals", "cases", "volunteers", "training", "reporting")
               for path in (ROOT / app).rglob("*.py")]  # fmt: skip
    offenders = [str(path.relative_to(ROOT)) for path in sources if re.search(r"\bmark_safe\b", path.read_text())]
    assert offenders == []


@pytest.mark.parametrize("sheet", sorted((ROOT / "static").rglob("*.css")), ids=lambda path: path.name)
def test_a_style_sheet_brings_no_font_and_no_crest(sheet):
    text = sheet.read_text()
    assert not re.search(r"@font-face|GDS Transport|crown|crest|@import", text)
    for address in re.findall(r"url\(([^)]+)\)", text):
        plain = address.strip("\"'")
        assert plain.startswith("data:") or (sheet.parent / plain).is_file()


def test_scripts_are_ours_or_named_in_the_notice():
    notice = (ROOT / "static/vendor/NOTICE.txt").read_text()
    for path in (ROOT / "static/vendor").iterdir():
        assert path.name in notice or path.name == "NOTICE.txt"


def test_static_files_find_each_other_under_their_hashed_names(settings, tmp_path):
    manifest = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": manifest}
    call_command("collectstatic", interactive=False, verbosity=0)
    sheet = staticfiles_storage.path(staticfiles_storage.stored_name("vendor/moj-frontend.css"))
    text = Path(sheet).read_text()
    addresses = re.findall(r"url\([\"']?(images/[^)\"']+)", text)
    assert len(addresses) == 6
    for address in addresses:
        assert re.search(r"\.[0-9a-f]{12}\.", address) and (Path(sheet).parent / address).is_file()
