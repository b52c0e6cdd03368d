from django.http import HttpRequest, HttpResponse
from django.urls import path

from projects.views import documents, progress


def stub(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("…")


urlpatterns = [
    path("beneficiaries/", stub, name="beneficiary_list"),
    path("beneficiaries/suggest/", stub, name="beneficiary_suggest"),
    path("beneficiaries/<int:pk>/", stub, name="beneficiary_detail"),
    path("projects/<int:pk>/progress/new/", progress.progress_create, name="progress_create"),
    path("projects/<int:pk>/documents/", documents.project_document_add, name="project_document_add"),
    path("documents/projects/<int:pk>/", documents.project_document, name="project_document"),
    path("decisions/<int:pk>/documents/", documents.decision_document_add, name="decision_document_add"),
    path("documents/decisions/<int:pk>/", documents.decision_document, name="decision_document"),
]
