"""Addresses of plans, projects and beneficiaries."""

from django.urls import path

from projects.urls_beneficiaries import urlpatterns as beneficiary_patterns
from projects.views import decisions, home, plans, projects

app_name = "projects"
urlpatterns = [
    path("", home.home, name="home"),
    path("plans/", plans.plan_list, name="plan_list"),
    path("plans/new/", plans.plan_create, name="plan_create"),
    path("plans/<int:pk>/", plans.plan_detail, name="plan_detail"),
    path("plans/<int:plan_pk>/rounds/new/", plans.round_open, name="round_open"),
    path("plans/<int:plan_pk>/decisions/new/", decisions.decision_create, name="decision_create"),
    path("rounds/<int:pk>/submit/", plans.round_submit, name="round_submit"),
    path("rounds/<int:pk>/recall/", plans.round_recall, name="round_recall"),
    path("decisions/<int:pk>/", decisions.decision_detail, name="decision_detail"),
    path("projects/", projects.project_list, name="project_list"),
    path("projects/new/", projects.project_create, name="project_create"),
    path("plans/<int:plan_pk>/places/", projects.place_suggest, name="place_suggest"),
    path("projects/<int:pk>/", projects.project_detail, name="project_detail"),
    path("projects/<int:pk>/edit/", projects.project_edit, name="project_edit"),
    *beneficiary_patterns,
]
