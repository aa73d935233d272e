"""What a service needs before its first working day, in the order in which one rests on the other."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from rj_service.accounts.models import Invitation, Membership, Organisation, ServiceArea
from rj_service.accounts.roles import PERMISSIONS, Role

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@dataclass(frozen=True)
class Step:
    """`missing`: what is not there yet and what to do; empty when the step is done."""

    title: str
    missing: str
    url_name: str = ""


def steps() -> list[Step]:
    return [*_areas(), *_people(), *_installation()]


def _areas() -> list[Step]:
    areas = ServiceArea.objects.all()
    hubs = Organisation.objects.filter(service_area=OuterRef("pk"), kind=Organisation.Kind.VICTIMS_HUB)
    return [
        Step(
            "A service area",
            "" if areas.exists() else "Make the first one. Everything else belongs to an area.",
            "accounts:create-area",
        ),
        Step("Local areas", _of("No local area yet", areas.filter(local_areas=None)), "accounts:areas"),
        Step("A Victims’ Hub", _of("No Hub sends referrals yet", areas.exclude(Exists(hubs))), "accounts:areas"),
        Step("Postcodes", _of("No postcodes yet", areas.without_outward_codes()), "accounts:areas"),
    ]


def _people() -> list[Step]:
    here = Membership.objects.current(timezone.localdate()).filter(user__is_active=True)
    managers = here.filter(service_area=OuterRef("pk"), role=Role.SERVICE_MANAGER)
    invited = Invitation.objects.open().filter(service_area=OuterRef("pk"), role=Role.SERVICE_MANAGER)
    alone = ServiceArea.objects.exclude(Exists(managers))
    checkers = here.filter(role__in=[role for role, may in PERMISSIONS.items() if "accounts.recover" in may])
    officer = here.filter(role=Role.DATA_PROTECTION_OFFICER).exists()
    return [
        Step(
            "A service manager in every area",
            _of("Nobody is invited", alone.exclude(Exists(invited)))
            or _of("Invited, and not here yet", alone.filter(Exists(invited))),
            "accounts:invite",
        ),
        Step(
            "A data protection officer",
            "" if officer else "Invite them: they see who looked at what.",
            "accounts:invite",
        ),
        Step(
            "Somebody to help who loses a phone",
            ""
            if checkers.values("user").distinct().count() > 2
            else "Two people check who is asking, and neither is whoever lost it: three must be able to.",
            "accounts:invite",
        ),
    ]


def _installation() -> list[Step]:
    no_mail = settings.EMAIL_BACKEND == SMTP and not settings.EMAIL_HOST
    example = settings.RJ_NEUTRAL_FROM_EMAIL.endswith("example.org")
    return [
        Step("Email", "Set EMAIL_HOST: invitations and reminders are waiting." if no_mail else ""),
        Step(
            "A sender that gives nothing away",
            "Set RJ_NEUTRAL_FROM_EMAIL: the answer to whoever writes on the public form." if example else "",
        ),
        Step(
            "A telephone number for the public",
            "" if settings.RJ_PUBLIC_PHONE else "Set RJ_PUBLIC_PHONE: not everybody can write.",
        ),
    ]


def _of(words: str, areas: Iterable[ServiceArea]) -> str:
    names = [area.name for area in areas]
    return f"{words}: {', '.join(names)}." if names else ""
