"""Plays the demo in: each step brings in one month's Hub file of an area and plays its casework in one transaction."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils import timezone

from referrals.actions import ask_for_import
from referrals.models import Referral
from reporting import actions as reporting
from reporting.choices import Audience
from reporting.models import ReportRun
from reporting.periods import first_of, month_from
from rj_service.accounts.acting import acting_as, choose_membership, system_user
from rj_service.accounts.models import ServiceArea, User
from rj_service.demo.between_areas import lend_facilitators, work_with_others
from rj_service.demo.casework import play_out
from rj_service.demo.cast import AREAS, BEGINNING, DemoArea, make_cast
from rj_service.demo.courses import show_courses
from rj_service.demo.gates import show_gates
from rj_service.demo.generated import hub_file
from rj_service.demo.learning import show_package
from rj_service.demo.life import Company, Life
from rj_service.demo.models import DemoRun
from rj_service.demo.moving import try_files_out
from rj_service.demo.needs import show_needs
from rj_service.demo.people import train_practitioners
from rj_service.demo.people_once import answer_some
from rj_service.demo.reaching import show_reaching
from rj_service.demo.recruiting import recruit
from rj_service.demo.stories import Cast, tell_stories
from rj_service.demo.team import show_team
from rj_service.demo.todo import show_tasks
from rj_service.demo.venues import venues_of
from rj_service.demo.voices import hear_voices
from rj_service.demo.volunteering import show_volunteering
from rj_service.jobs.leases import see_through
from volunteers.models import Practitioner

MONTHS = 24
PACKS_ISSUED = 3  # the newest months' packs, so that the commissioner's pages have something to show


@dataclass(frozen=True)
class Step:
    """One month of one area. `content` gives the Hub file's bytes when they are needed."""

    area: DemoArea
    month: date
    name: str
    content: Callable[[], bytes]
    worked: int | None = None  # for how many of its referrals casework is played; all of them unless told


def play(lease) -> None:
    """Go on from the step that the run stopped at. Ends early, leaving nothing half done, when the lease is lost."""
    today = timezone.localdate()
    run = lease.row
    cast = {key: _at_work(user) for key, user in make_cast().items()}
    steps = steps_of(run.area, run.hub_files, today)
    for index, step in enumerate(steps):
        if index < run.months_done:
            continue
        _play_step(step, first=steps[0].month, cast=cast, today=today)
        DemoRun.objects.filter(pk=run.pk).update(months_done=index + 1)
        lease.progress(index + 1, len(steps))
    _issue_packs(steps, cast)
    _hear_voices(steps[0].area, cast, today)
    _work_with_others(steps[0].area, cast, today, passes_on=not run.hub_files)


def _hear_voices(area: DemoArea, cast: dict[str, User], today: date) -> None:
    other = "other_" if area.slug == "durham" else ""
    people = {role: cast[f"{other}{role}"] for role in ("coordinator", "manager")}
    common = {"area": ServiceArea.objects.get(slug=area.slug), "today": today}
    hear_voices(**common, **people)
    try_files_out(**common, **people)
    show_needs(**common, coordinator=people["coordinator"])
    show_tasks(**common, **people, colleague=people["coordinator"] if other else cast["second_coordinator"])
    show_gates(**people, today=today)
    recruit(**common, **people)
    show_reaching(coordinator=people["coordinator"], today=today)
    show_courses(**common, by=people["manager"] if other else cast["training_lead"])
    if not other:
        volunteers = {"practitioner": cast["practitioner"], "second": cast["second_practitioner"]}
        show_volunteering(**common, **people, **volunteers)
        told_by = {"supervisor": cast["supervisor"], "colleague": cast["second_coordinator"]}
        tell_stories(area=common["area"], cast=Cast(**people, **told_by), today=today)
        stockton = {"area": ServiceArea.objects.get(slug=BEGINNING.slug), "by": cast["beginning_manager"]}
        show_package(**stockton, today=today)
        show_team(**stockton, today=today)


def _work_with_others(area: DemoArea, cast: dict[str, User], today: date, *, passes_on: bool) -> None:
    ours, theirs = cast["coordinator"], cast["other_coordinator"]
    if area.slug == "durham":
        ours, theirs = theirs, ours
    own = ServiceArea.objects.get(slug=area.slug)
    work_with_others(area=own, coordinator=ours, there=theirs, today=today, passes_on=passes_on)
    managers = (cast["manager"], cast["other_manager"])
    lend_facilitators(
        area=own, managers=managers[::-1] if area.slug == "durham" else managers, coordinator=ours, today=today
    )


def areas_played(hub_files: str) -> list[str]:
    """Those that something is known of."""
    return [area.slug for area in AREAS if steps_of(area.slug, hub_files, timezone.localdate())]


def steps_of(slug: str, hub_files: str, today: date) -> list[Step]:
    """Month by month. `hub_files` is a folder; without one, files are generated."""
    area = next(area for area in AREAS if area.slug == slug)
    return _steps_from(Path(hub_files), area) if hub_files else _generated_steps(area, today)


def _generated_steps(area: DemoArea, today: date) -> list[Step]:
    """The last 24 whole months and the one under way."""
    return [
        Step(area, month, f"{month:%Y-%m}-{area.slug}-hub.csv", lambda month=month: _generated(area, month, today))
        for month in (first_of(today, -back) for back in range(MONTHS, -1, -1))
    ]


def _generated(area: DemoArea, month: date, today: date) -> bytes:
    return hub_file(
        slug=area.slug, month=month, size=area.monthly, places=list(area.places), postcodes=area.postcodes, until=today
    )


def _steps_from(folder: Path, area: DemoArea) -> list[Step]:
    """The months of real exports: `2018-10-cambridgeshire-hub.csv` and the like, messy ones left out."""
    found = []
    for path in sorted(folder.glob(f"*-{area.slug}-hub.csv")):
        if matched := re.match(r"\d{4}-\d{2}", path.name):
            found.append(Step(area, month_from(matched[0]), path.name, path.read_bytes, worked=area.monthly))
    return found


def _at_work(user: User) -> User:
    user.acting = choose_membership(user)
    return user


def _play_step(step: Step, *, first: date, cast: dict[str, User], today: date) -> None:
    area = ServiceArea.objects.get(slug=step.area.slug)
    durham = step.area.slug == "durham"
    coordinators = [cast["other_coordinator"]] if durham else [cast["coordinator"], cast["second_coordinator"]]
    if step.month == first:
        manager = cast["other_manager" if durham else "manager"]
        with acting_as(manager):
            if not Practitioner.objects.exists():
                train_practitioners(area=area, cast=cast, manager=manager, start=first, today=today)
    _import(step, area)
    with acting_as(coordinators[0]):
        company = Company(
            coordinators=coordinators,
            assessor=coordinators[0] if durham else cast["coordinator"],
            practitioners=list(Practitioner.objects.with_readiness(today).order_by("learner__last_name")),
            today=today,
            venues=venues_of(area, by=coordinators[0], on=step.month),
            referrers={cast[key].acting.organisation_id: cast[key] for key in ("hub_worker", "referrer")},
        )
        for referral in _worked_on(step):
            play_out(Life(referral, company))
        answer_some(by=coordinators[0], second=cast["other_manager" if durham else "manager"], today=today)


def _import(step: Step, area: ServiceArea) -> None:
    """Rows that are here already stay as they are, so a step may be repeated."""
    importer = system_user("import")
    with acting_as(importer, areas=[area]):
        batch = ask_for_import(
            area=area, chunks=[step.content()], file_name=step.name, content_type="text/csv", by=importer
        )
    see_through(batch)


def _worked_on(step: Step) -> list[Referral]:
    """The month's referrals that casework is played for: the same ones every time, as many as the service has in a month.

    Of the Hub's files alone: what came from the other area, or was made to show something, has a story of its own."""
    month = Referral.objects.filter(received_on__gte=step.month, received_on__lt=first_of(step.month, 1))
    ordered = sorted(
        month.filter(import_row__isnull=False), key=lambda one: hashlib.sha256(one.hub_reference.encode()).digest()
    )
    return sorted(ordered[: step.worked], key=lambda one: (one.received_on, one.hub_reference))


def _issue_packs(steps: list[Step], cast: dict[str, User]) -> None:
    """Packs of the newest whole months, issued to the commissioner's office by the coordinator."""
    slug = steps[0].area.slug
    by = cast["other_coordinator"] if slug == "durham" else cast["coordinator"]
    area = ServiceArea.objects.get(slug=slug)
    whole = [step.month for step in steps if first_of(step.month, 1) <= timezone.localdate()]
    for month in whole[-PACKS_ISSUED:]:
        with acting_as(by):
            if ReportRun.objects.filter(service_area=area, month=month, audience=Audience.COMMISSIONER).exists():
                continue
            run = reporting.draft_pack(area=area, month=month, audience=Audience.COMMISSIONER, by=by)
        see_through(run)
        with acting_as(by):
            words = "Two conferences moved because a hall was closed. Letters went on as planned."
            reporting.write_commentary(run=run, words=words, by=by)
            reporting.issue_pack(run=run, by=by)
        see_through(run)
