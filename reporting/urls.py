from django.urls import path

from reporting.views import figures, packs

app_name = "reporting"

urlpatterns = [
    path("", packs.PackListView.as_view(), name="packs"),
    path("new/", packs.DraftView.as_view(), name="draft"),
    path("packs/<uuid:pk>/", packs.PackView.as_view(), name="pack"),
    path("packs/<uuid:pk>/count/", packs.CountAgainView.as_view(), name="count-again"),
    path("packs/<uuid:pk>/commentary/", packs.CommentaryView.as_view(), name="comment"),
    path("packs/<uuid:pk>/issue/", packs.IssueView.as_view(), name="issue"),
    path("packs/<uuid:pk>/restatement/", packs.RestateView.as_view(), name="restate"),
    path("packs/<uuid:pk>/pdf/", packs.PackPdfView.as_view(), name="pdf"),
    path("packs/<uuid:pk>/tables/<slug:key>.<str:kind>", packs.PackTableView.as_view(), name="pack-table"),
    path("packs/<uuid:pk>/not-known/<slug:key>/", packs.NotKnownView.as_view(), name="not-known"),
    path("figures/", figures.FiguresView.as_view(), name="figures"),
    path("issued/", figures.IssuedListView.as_view(), name="issued"),
    path("issued/<uuid:pk>/", figures.IssuedPackView.as_view(), name="issued-pack"),
    path("issued/<uuid:pk>/pdf/", figures.IssuedPdfView.as_view(), name="issued-pdf"),
    path("issued/<uuid:pk>/tables/<slug:key>.<str:kind>", figures.IssuedTableView.as_view(), name="issued-table"),
    path("definitions/", figures.DefinitionsView.as_view(), name="definitions"),
    path("national/", figures.NationalView.as_view(), name="national"),
]
