"""What a browser sends for the boxes of a form."""

import datetime as dt


def typed(**days: dt.date) -> dict[str, str]:
    """Each named day as its three boxes."""
    return {
        f"{name}_{part}": str(getattr(day, part)) for name, day in days.items() for part in ("day", "month", "year")
    }
