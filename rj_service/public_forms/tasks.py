from celery import shared_task

from rj_service.public_forms.actions import forget_old_answers


@shared_task(ignore_result=True)
def forget_unsent() -> None:
    """What was typed on public forms and not sent."""
    forget_old_answers()
