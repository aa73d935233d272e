"""One SVG a chart, the same for page and PDF: values on the bars, a title and a finding, no style attribute, axis from 0.

The data table beside each chart is the template's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from django.utils.safestring import SafeString

from reporting.periods import month_from

WIDTH = 420
_ON_BAR = {"text_anchor": "middle", "font_weight": "700"}
DARK, PALE, INK = "#2f5d78", "#c3d3dd", "#0b0c0c"


@dataclass(frozen=True)
class Bar:
    label: str
    value: int


def _text(x: float, y: float, words: str, **attributes: str) -> str:
    extra = "".join(f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"' for name, value in attributes.items())
    font = 'font-family="Arial, Liberation Sans, sans-serif" font-size="13"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {font}{extra}>{escape(words)}</text>'


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" stroke="{DARK}"/>'


def _svg(key: str, height: int, title: str, finding: str, body: Sequence[str]) -> SafeString:
    # Every value above went through escape(); only our own tags are markup.
    return SafeString(
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{key}-t {key}-d">'
        f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(finding)}</desc>{"".join(body)}</svg>'
    )


def months(key: str, title: str, counts: dict[str, int]) -> SafeString:
    """Columns for consecutive months (`2026-10` -> count); the last one is dark. First month and each January are named."""
    top, base, left = 24, 192, 4.0
    highest = max(counts.values(), default=0) or 1
    step = (WIDTH - left) / max(len(counts), 1)
    body = [f'<line x1="0" x2="{WIDTH}" y1="{base}" y2="{base}" stroke="{INK}"/>']
    for index, (text, value) in enumerate(counts.items()):
        month: date = month_from(text)
        x, height = left + index * step, (base - top) * value / highest
        last = index == len(counts) - 1
        middle = x + (step - 8) / 2
        body.append(_rect(x, base - height, step - 8, height, DARK if last else PALE))
        body.append(
            _text(
                middle, base - height - 5, str(value), text_anchor="middle", **({"font_weight": "700"} if last else {})
            )
        )
        body.append(_text(middle, base + 16, f"{month:%b}"[0], text_anchor="middle"))
        if index == 0 or month.month == 1:
            body.append(_text(x, base + 33, str(month.year)))
    lowest, most, newest = (
        min(counts.values(), default=0),
        max(counts.values(), default=0),
        next(reversed(counts.values()), 0),
    )
    finding = f"Between {lowest} and {most} a month; {newest} in the last. The same figures are in the table."
    return _svg(key, 232, title, finding, body)


def bars(key: str, title: str, rows: Sequence[Bar], finding: str = "") -> SafeString:
    """Horizontal bars with their label above and their value at the end. Zero is drawn as a line. `finding`: what the
    chart says in a sentence; without one, which is the longest."""
    highest = max((row.value for row in rows), default=0) or 1
    body = []
    for index, row in enumerate(rows):
        y = 14 + index * 40
        width = (WIDTH - 50) * row.value / highest
        body.append(_text(0, y, row.label))
        if row.value:
            body.append(_rect(0.5, y + 6, width, 14, DARK))
        else:
            body.append(f'<line x1="0.5" x2="0.5" y1="{y + 6}" y2="{y + 20}" stroke="{DARK}" stroke-width="2"/>')
        body.append(_text(width + 8, y + 18, str(row.value), font_weight="700"))
    most = max(rows, key=lambda row: row.value, default=None)
    finding = finding or (f"Most: {most.label}, {most.value}." if most and most.value else "None in this month.")
    return _svg(key, max(40 * len(rows), 20) + 4, title, f"{finding} The same figures are in the table.", body)


def quarters(key: str, title: str, rows: Sequence[dict]) -> SafeString:
    """What each quarter's referrals led to: led to one, closed without, still open; hatched where it is too early to say."""
    hatch = f"{key}-hatch"
    body = [
        f'<defs><pattern id="{hatch}" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="8" height="8" fill="#fff"/><rect width="3" height="8" fill="#aab7be"/></pattern></defs>'
    ]
    for index, row in enumerate(rows):
        y = 14 + index * 46
        body.append(_text(0, y, f"{quarter_label(row)}: {row['received']} referrals"))
        body.extend(_early(y + 6, hatch) if row["led_to_one"] is None else _parts(y + 6, row))
    y = 14 + len(rows) * 46
    for offset, fill, words in ((0, DARK, "Led to one"), (105, PALE, "Closed without"), (235, "#ffffff", "Still open")):
        body += [_rect(offset + 0.5, y - 4, 13, 13, fill), _text(offset + 20, y + 7, words)]
    finding = "Quarters under six months old are too early to say. The same figures are in the table."
    return _svg(key, y + 16, title, finding, body)


def quarter_label(row: dict) -> str:
    start, end = month_from(row["from"]), month_from(row["to"])
    return f"{start:%b %Y} to {end:%b %Y}" if start.year != end.year else f"{start:%b} to {end:%b %Y}"


def _early(y: float, hatch: str) -> list[str]:
    return [
        _rect(0.5, y, WIDTH - 1, 18, f"url(#{hatch})"),
        f'<rect x="150" y="{y + 1:.1f}" width="120" height="16" fill="#ffffff"/>',
        _text(WIDTH / 2, y + 14, "Too early to say", text_anchor="middle"),
    ]


def _parts(y: float, row: dict) -> list[str]:
    total = row["received"] or 1
    drawn, x = [], 0.5
    for count, fill, ink, css in (
        (row["led_to_one"], DARK, "#ffffff", "rj-on-dark"),
        (row["closed_without"], PALE, INK, ""),
        (row["open"], "#ffffff", INK, ""),
    ):
        width = (WIDTH - 1) * count / total
        if count:
            drawn.append(_rect(x, y, width, 18, fill))
            drawn.append(_text(x + width / 2, y + 14, str(count), **_ON_BAR, fill=ink, class_=css))
        x += width
    return drawn
