"""Single values as the Hub writes them: dates, telephone numbers, postcodes, yes and no."""

import re
from datetime import date

_POSTCODE = re.compile(r"GIR0AA|[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
_EMAIL = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s,;<>\"().]{2,}")
_LSOA = re.compile(r"[EW]01[0-9]{6}")
_EARLIEST = date(1900, 1, 1)


def date_of(text: str) -> date | None:
    """A day written 31/12/2018 or 2018-12-31, the United Kingdom's order only; None when it is not a day."""
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text, re.ASCII):
        day, month, year = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text, re.ASCII):
        year, month, day = (int(part) for part in found.groups())
    else:
        return None
    try:
        result = date(year, month, day)
    except ValueError:
        return None
    return result if result >= _EARLIEST else None


def month_of(text: str) -> date | None:
    """The first day of a month written 2018-10 or 10/2018, or of the month of a whole date."""
    if found := re.fullmatch(r"(\d{4})-(\d{2})", text, re.ASCII):
        return date_of(f"{found[1]}-{found[2]}-01")
    if found := re.fullmatch(r"(\d{1,2})/(\d{4})", text, re.ASCII):
        return date_of(f"01/{found[1]}/{found[2]}")
    whole = date_of(text)
    return whole.replace(day=1) if whole else None


def phone_of(text: str) -> str | None:
    """A telephone number in international form (+44 without the 0); None when it cannot be one."""
    digits = re.sub(r"[\s().\-\u2010-\u2015/]", "", text)
    digits = re.sub(r"^00", "+", digits)
    digits = re.sub(r"^\+440", "+44", digits)
    if re.fullmatch(r"0[1-9]\d{8,9}", digits, re.ASCII):
        return "+44" + digits[1:]
    if re.fullmatch(r"\+44[1-9]\d{8,9}", digits, re.ASCII):
        return digits
    if not digits.startswith("+44") and re.fullmatch(r"\+[1-9]\d{7,14}", digits, re.ASCII):
        return digits
    return None


def email_of(text: str) -> str | None:
    return text.casefold() if _EMAIL.fullmatch(text) and len(text) <= 254 else None


def postcode_of(text: str) -> str | None:
    """`CB1 1AA`, whatever the case, spaces and punctuation; None when it is not a United Kingdom postcode."""
    bare = re.sub(r"[^A-Z0-9]", "", text.upper())
    return f"{bare[:-3]} {bare[-3:]}" if _POSTCODE.fullmatch(bare) else None


def lsoa_of(text: str) -> str | None:
    return text.upper() if _LSOA.fullmatch(text.upper()) else None


def yes_no(text: str) -> bool | None:
    """None for blank and for anything that is neither."""
    return {"y": True, "yes": True, "true": True, "1": True, "n": False, "no": False, "false": False, "0": False}.get(
        text.casefold()
    )


def word_of(text: str) -> str:
    """Code form of a word: case, spaces, hyphens and underscores do not matter."""
    return re.sub(r"[\s_\-]+", "_", text.strip()).strip("_").casefold()
