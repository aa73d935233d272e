"""Who can I be: one button each. Exists in the demo only; the click stands for the second factor there alone."""

from django.contrib.auth import login
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.views.generic import TemplateView
from django.views.generic.base import View

from rj_service.accounts.models import ServiceArea, User
from rj_service.accounts.roles import Role
from rj_service.demo.cast import CAST
from rj_service.demo.models import DemoRun


class CastView(TemplateView):
    template_name = "demo/cast.html"

    def get_context_data(self, **kwargs):
        names = dict(ServiceArea.objects.values_list("slug", "name"))
        people = [
            {"member": member, "role": Role(member.role).label, "area": names.get(member.area or "", "Every area")}
            for member in CAST
        ]
        return super().get_context_data(people=people, run=DemoRun.objects.order_by("-created_at").first(), **kwargs)


class SignInView(View):
    http_method_names = ["post"]

    def post(self, request, key):
        member = next((member for member in CAST if member.key == key), None)
        user = User.objects.filter(email=member.email).first() if member else None
        if user is None:
            raise Http404
        login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
        request.session["demo_sign_in"] = True
        return HttpResponseRedirect(reverse("home"))
