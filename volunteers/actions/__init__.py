"""What is done with practitioners, from looking for them to their leaving."""

from volunteers.actions.applying import (
    NewApplication,
    NewReference,
    receive_application,
    send_application,
)
from volunteers.actions.availability import WeeklyTime, add_absence, add_extra_time, remove_absence, set_availability
from volunteers.actions.checking import record_check, withdraw_check
from volunteers.actions.claiming import (
    approve_claim,
    change_claim,
    claim_expense,
    rate_on,
    refuse_claim,
    send_back_claim,
    withdraw_claim,
)
from volunteers.actions.forgetting import applications_to_forget, forget_application, forgotten_on
from volunteers.actions.hours import log_hours, remove_hours
from volunteers.actions.moving_people import (
    answer_people_move,
    ask_to_move_people,
    forget_old_people_moves,
    rows_of,
    take_back_people_move,
    try_people,
)
from volunteers.actions.paying import (
    finish_payment_file,
    lay_budget_line,
    make_payment,
    record_paid,
    set_mileage_rate,
    write_payment_file,
)
from volunteers.actions.practising import record_development, record_observation, record_registration
from volunteers.actions.recruiting import (
    advertise,
    begin_campaign,
    change_campaign,
    close_campaign,
    record_campaign_approval,
)
from volunteers.actions.registering import change_details, change_status, missing_for, register_practitioner, set_level
from volunteers.actions.reminding import endings_to_tell, remind_of_ending
from volunteers.actions.selecting import (
    apply_to_campaign,
    arrange_interview,
    change_application,
    end_application,
    name_referee,
    pass_interview,
    put_forward,
    record_reference,
    record_safeguard,
    take_on,
)
from volunteers.actions.standing_down import stand_down
from volunteers.actions.supervising import record_supervision
from volunteers.actions.teaming import Places, compose_team, drop_nominee, nominate
from volunteers.actions.undoing_people import undo_people_move, why_not_undone
from volunteers.actions.wishes import say_wishes
from volunteers.actions.writing import how_reached, names_of, note_messages_read, send_message, send_ring_mail

__all__ = [
    "NewApplication",
    "NewReference",
    "Places",
    "WeeklyTime",
    "add_absence",
    "add_extra_time",
    "advertise",
    "answer_people_move",
    "applications_to_forget",
    "apply_to_campaign",
    "approve_claim",
    "ask_to_move_people",
    "arrange_interview",
    "begin_campaign",
    "change_application",
    "change_campaign",
    "change_claim",
    "change_details",
    "change_status",
    "claim_expense",
    "close_campaign",
    "compose_team",
    "drop_nominee",
    "end_application",
    "endings_to_tell",
    "finish_payment_file",
    "forget_application",
    "forget_old_people_moves",
    "forgotten_on",
    "how_reached",
    "lay_budget_line",
    "log_hours",
    "make_payment",
    "missing_for",
    "name_referee",
    "names_of",
    "nominate",
    "note_messages_read",
    "pass_interview",
    "put_forward",
    "rate_on",
    "receive_application",
    "record_campaign_approval",
    "record_check",
    "record_development",
    "record_observation",
    "record_paid",
    "record_reference",
    "record_registration",
    "record_safeguard",
    "record_supervision",
    "refuse_claim",
    "register_practitioner",
    "remind_of_ending",
    "remove_absence",
    "remove_hours",
    "rows_of",
    "say_wishes",
    "send_application",
    "send_back_claim",
    "send_message",
    "send_ring_mail",
    "set_availability",
    "set_level",
    "set_mileage_rate",
    "stand_down",
    "take_back_people_move",
    "take_on",
    "try_people",
    "undo_people_move",
    "why_not_undone",
    "withdraw_check",
    "withdraw_claim",
    "write_payment_file",
]
