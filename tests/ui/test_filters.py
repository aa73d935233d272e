from django import forms
from django.http import QueryDict

from rj_service.ui.filters import chosen


class ListForm(forms.Form):
    area = forms.ChoiceField(choices=[("", "Any"), ("fenland", "Fenland")], required=False)
    status = forms.MultipleChoiceField(choices=[("open", "Open"), ("More", [("held", "On hold")])], required=False)


def test_each_chosen_filter_can_be_taken_away_alone():
    query = QueryDict("area=fenland&status=open&status=held&after=abc")
    assert chosen(ListForm(query), query) == [
        {"label": "Area: Fenland", "url": "?status=open&status=held"},
        {"label": "Status: Open", "url": "?area=fenland&status=held"},
        {"label": "Status: On hold", "url": "?area=fenland&status=open"},
    ]


def test_what_is_no_choice_is_not_repeated():
    query = QueryDict("area=<script>&status=&other=1")
    assert chosen(ListForm(query), query) == []
