from rj_service.jobs.tasks import FOR_A_DAY, leased_task
from rj_service.notifications.mail import send_update
from rj_service.notifications.models import Notification


@leased_task(Notification, lease=60, time_limit=120, tries=FOR_A_DAY)
def send_notification(lease) -> None:
    # The fence comes first: a mail is sent by one worker at most.
    with lease.finish() as notification:
        send_update(notification)
