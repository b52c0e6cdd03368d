from django.http import HttpRequest, HttpResponse
from django.urls import path


def stub(request: HttpRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse("…")


urlpatterns = [
    path("beneficiaries/", stub, name="beneficiary_list"),
    path("beneficiaries/suggest/", stub, name="beneficiary_suggest"),
    path("beneficiaries/<int:pk>/", stub, name="beneficiary_detail"),
    path("projects/<int:pk>/progress/new/", stub, name="progress_create"),
    path("projects/<int:pk>/documents/", stub, name="project_document_add"),
    path("documents/projects/<int:pk>/", stub, name="project_document"),
    path("decisions/<int:pk>/documents/", stub, name="decision_document_add"),
    path("documents/decisions/<int:pk>/", stub, name="decision_document"),
]
