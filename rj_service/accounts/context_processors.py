from django.conf import settings

from rj_service.accounts.navigation import navigation_for
from rj_service.accounts.roles import Role


def frame(request) -> dict:
    """What every page's frame shows: who works here, in which role and area, and where they can go."""
    acting = getattr(getattr(request, "user", None), "acting", None)
    area = getattr(request, "acting_area", None)
    return {
        "service_name": settings.SERVICE_NAME,
        "demo": settings.DEMO,
        "duty_phone": area.duty_phone if area else "",
        "emergency_until": getattr(request, "emergency_until", None),
        "idle_seconds": settings.SESSION_IDLE_SECONDS,
        "acting": {
            "role": acting.role,
            "role_label": Role(acting.role).label,
            "area_name": area.name if area else "",
            "may_raise_concern": request.user.may("referrals.raise_concern"),
            "user_name": request.user.get_full_name(),
            "may_search": request.user.may("referrals.search"),
            "keeps_area": acting.role == Role.SERVICE_MANAGER,
            "has_several": getattr(request, "has_several_memberships", False),
        }
        if acting
        else None,
        "navigation": navigation_for(request, acting),
    }
