"""Addresses of beneficiaries, progress reports and documents."""

from django.urls import path

from projects.views import beneficiaries, documents, progress

urlpatterns = [
    path("beneficiaries/", beneficiaries.beneficiary_list, name="beneficiary_list"),
    path("beneficiaries/new/", beneficiaries.beneficiary_create, name="beneficiary_create"),
    path("beneficiaries/suggest/", beneficiaries.beneficiary_suggest, name="beneficiary_suggest"),
    path("beneficiaries/<int:pk>/", beneficiaries.beneficiary_detail, name="beneficiary_detail"),
    path("beneficiaries/<int:pk>/edit/", beneficiaries.beneficiary_edit, name="beneficiary_edit"),
    path("projects/<int:pk>/progress/new/", progress.progress_create, name="progress_create"),
    path("projects/<int:pk>/progress/<int:report_pk>/", progress.progress_edit, name="progress_edit"),
    path("projects/<int:pk>/documents/", documents.project_document_add, name="project_document_add"),
    path("documents/projects/<int:pk>/", documents.project_document, name="project_document"),
    path("decisions/<int:pk>/documents/", documents.decision_document_add, name="decision_document_add"),
    path("documents/decisions/<int:pk>/", documents.decision_document, name="decision_document"),
]
