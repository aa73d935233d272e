from celery import shared_task

from rj_service.audit.sealing import seal_trail


@shared_task(ignore_result=True)
def seal() -> None:
    seal_trail()
