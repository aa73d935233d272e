"""A service at work: its staff with their second factors, a worker, a mailbox, and a browser for each person."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from playwright.sync_api import Page

from rj_service.accounts.models import ServiceArea, User
from tests.browser import PHONE
from tests.journey.visitor import Look, Visitor
from tests.worker import wait_until

ON_A_PHONE = ("practitioner", "person harmed")


@dataclass
class Service:
    area: ServiceArea
    staff: dict[str, User]
    new_page: Callable[[int], Page]
    widths: tuple[int, ...]
    look: Look
    mailbox: Path
    month: date  # the one that the story is about
    folder: Path
    visitors: dict[str, Visitor] = field(default_factory=dict)
    case: str = ""  # its reference, once there is one

    def __getitem__(self, role: str) -> Visitor:
        """Whoever has this role, at their own browser; signed in with password and code the first time they are needed."""
        if role not in self.visitors:
            self.visitor(role).sign_in(self.staff[role])
        return self.visitors[role]

    def visitor(self, who: str) -> Visitor:
        """Somebody at a browser of their own, signed in as nobody."""
        widths = self.widths if PHONE in self.widths or who not in ON_A_PHONE else (PHONE,)
        page = self.new_page(widths[0])
        self.visitors[who] = Visitor(page, who, widths, self.look)
        return self.visitors[who]

    @property
    def screens(self) -> str:
        """How many pages each of them met."""
        return ", ".join(f"{who} {visitor.screens}" for who, visitor in self.visitors.items())

    @property
    def mails(self) -> list[str]:
        """Everything that the worker has sent, headers and all. Django ends each with a line of 79 hyphens."""
        found = "".join(path.read_text() for path in sorted(self.mailbox.iterdir()))
        return found.split("-" * 79)[:-1]

    def link_mailed_to(self, address: str) -> str:
        """The path of the link that the worker mails to somebody, once it has."""
        link = re.compile(rf"^To: {re.escape(address)}$.*https?://[^/\s]+(/\S+)\s", re.DOTALL | re.MULTILINE)
        return wait_until(lambda: next(filter(None, map(link.search, self.mails)), None)).group(1)
