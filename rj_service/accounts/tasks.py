from django.urls import reverse

from rj_service.accounts import mail
from rj_service.accounts.actions import renew_token
from rj_service.accounts.models import AccountMail
from rj_service.jobs.tasks import FOR_A_DAY, leased_task


@leased_task(AccountMail, lease=60, time_limit=120, tries=FOR_A_DAY)
def send_account_mail(lease) -> None:
    # The fence comes first: a mail is sent by one worker at most.
    with lease.finish() as row:
        if row.kind == AccountMail.Kind.INVITATION:
            if row.invitation.accepted_at or row.invitation.withdrawn_at:
                return
            link = reverse("accounts:invitation", args=[renew_token(row.invitation)])
            mail.send(row.invitation.email, "You are invited", mail.INVITATION, link=link, message_id=row.pk)
        elif row.kind == AccountMail.Kind.CHANGED:
            link = reverse("mfa_index")
            mail.send(row.user.email, "Your account has changed", mail.CHANGED, link=link, message_id=row.pk)
        elif row.user.is_active:
            body = mail.RECOVERY if row.kind == AccountMail.Kind.RECOVERY else mail.CHOOSE_ANEW
            link = mail.password_link(row.user)
            mail.send(row.user.email, "Choose a new password", body, link=link, message_id=row.pk)
