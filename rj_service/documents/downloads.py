"""A file as an answer. Who may have it was decided by the owner's view."""

from django.http import FileResponse, Http404, HttpResponse

from rj_service.documents.actions import open_file
from rj_service.documents.models import StoredFile
from rj_service.documents.uploads import ENDINGS


def download(stored: StoredFile | None, name: str) -> FileResponse:
    """To be kept by the browser and never shown inside a page. Absent when it is not made or was deleted. A `name`
    without an ending gets that of what was uploaded."""
    if stored is None or stored.deleted_at is not None:
        raise Http404
    ending = ENDINGS.get(stored.content_type)
    name = name if "." in name or ending is None else f"{name}.{ending}"
    return FileResponse(open_file(stored), as_attachment=True, filename=name, content_type=stored.content_type)


def printed(pdf: bytes, name: str) -> HttpResponse:
    """What was made for this one request and is kept nowhere. `name` says nothing of anybody."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
