from celery import shared_task
from django.utils import timezone

from rj_service.documents.actions import delete_due_files


@shared_task(ignore_result=True)
def delete_due() -> None:
    delete_due_files(now=timezone.now())
