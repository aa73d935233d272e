"""A person's own pages: change area or role, stay signed in."""

from django.http import HttpResponse, HttpResponseRedirect

from rj_service.accounts.forms.people import ChangeRoleForm
from rj_service.accounts.views.guarded import SIGNED_IN, GuardedFormView, GuardedView


class ChangeRoleView(GuardedFormView):
    permission = SIGNED_IN
    template_name = "ui/question.html"
    form_class = ChangeRoleForm
    extra_context = {"heading": "Change area or role", "button": "Change", "cancel_url": "/"}

    def get_form_kwargs(self):
        memberships = self.request.user.current_memberships().select_related("service_area", "organisation")
        return super().get_form_kwargs() | {"memberships": memberships}

    def get_initial(self):
        return {"membership": str(self.acting.membership_id)} if self.acting else {}

    def form_valid(self, form):
        self.request.session["membership"] = form.cleaned_data["membership"]
        return HttpResponseRedirect("/")


class StaySignedInView(GuardedView):
    """Being asked is enough: the session was seen at this request."""

    permission = SIGNED_IN
    http_method_names = ["post", "options"]

    def post(self, request):
        request.session.modified = True
        return HttpResponse(status=204)
