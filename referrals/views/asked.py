"""One request to an agency as a row of a page."""

from datetime import date

from referrals.choices import RequestStatus
from referrals.models import InformationRequest, Referral
from referrals.working_days import Clock, clock_to, working_days_between

TAGS = {RequestStatus.ANSWERED: "green", RequestStatus.ASKED: "yellow"}


class Asked:
    """What a row shows of a request. Nobody's name: the person's and the recipient's are read inside."""

    def __init__(self, request: InformationRequest, today: date) -> None:
        self.request, self.today = request, today

    @property
    def age(self) -> int:
        """Working days from the question to its end, or to today."""
        return working_days_between(self.request.asked_on, self.request.ended_on or self.today)

    @property
    def clock(self) -> Clock | None:
        return clock_to(self.request.due_on, today=self.today) if self.request.is_open else None

    @property
    def row_state(self) -> str:
        return self.clock.state if self.clock and self.clock.state != "wait" else ""

    @property
    def tag_colour(self) -> str:
        return TAGS.get(RequestStatus(self.request.status), "grey")


def requests_of(referral: Referral, today: date) -> list[Asked]:
    """Newest first."""
    return [Asked(one, today) for one in referral.information_requests.order_by("-asked_at", "-id")]
