"""What stopped a job, in words: a row keeps the name of the fault alone, whose text could quote a person's data."""

from rj_service.jobs.models import LeasedRow

NO_ANSWER = "The server it connects to did not answer"
NO_DATABASE = "The database did not answer, or took too long"
NO_FILE = "A file that it needs is not there, or may not be opened"
REFUSED = "The mail server refused the mail"
IN_WORDS = {
    **dict.fromkeys(
        (
            "ConnectionRefusedError",
            "ConnectionResetError",
            "ConnectionAbortedError",
            "BrokenPipeError",
            "TimeoutError",
            "gaierror",
            "OSError",
            "SMTPServerDisconnected",
            "SMTPConnectError",
        ),
        NO_ANSWER,
    ),
    **dict.fromkeys(("SMTPRecipientsRefused", "SMTPSenderRefused", "SMTPDataError", "SMTPResponseException"), REFUSED),
    "SMTPAuthenticationError": "The mail server refused the service’s own name or password",
    "SMTPNotSupportedError": "The mail server does not offer what the settings ask for",
    "SSLCertVerificationError": "The server it connects to showed a certificate that is not trusted",
    **dict.fromkeys(("OperationalError", "InterfaceError", "QueryCanceled"), NO_DATABASE),
    **dict.fromkeys(("FileNotFoundError", "PermissionError", "NotADirectoryError"), NO_FILE),
    "SoftTimeLimitExceeded": "It took longer than it may",
    "MemoryError": "The machine had no memory left",
    "InvalidToken": "What is stored was closed with a key that FIELD_KEYS does not hold",
}
UNFORESEEN = "A fault in the service that nobody foresaw"
STOPPED = "It was stopped each time before its end: the worker ended, or it took longer than it may"


def in_words(row: LeasedRow) -> str:
    """Empty where nothing went wrong so far."""
    if not row.last_error:
        return STOPPED if row.state == LeasedRow.State.FAILED else ""
    return IN_WORDS.get(row.last_error, UNFORESEEN)
