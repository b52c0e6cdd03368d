"""Addresses of plans, projects and beneficiaries."""

from django.urls import path

from projects.urls_beneficiaries import urlpatterns as beneficiary_patterns
from projects.views import (
    adjust,
    amounts,
    decisions,
    drafts,
    history,
    home,
    notices,
    plans,
    projects,
    review,
    steps,
    years,
)

app_name = "projects"
urlpatterns = [
    path("", home.home, name="home"),
    path("plans/", plans.plan_list, name="plan_list"),
    path("plans/new/", plans.plan_create, name="plan_create"),
    path("plans/<int:pk>/", plans.plan_detail, name="plan_detail"),
    path("plans/<int:plan_pk>/rounds/new/", plans.round_open, name="round_open"),
    path("plans/<int:plan_pk>/decisions/new/", decisions.decision_create, name="decision_create"),
    path("rounds/<int:pk>/submit/", plans.round_submit, name="round_submit"),
    path("plans/<int:pk>/amounts/", amounts.plan_amounts, name="plan_amounts"),
    path("rounds/<int:pk>/recall/", plans.round_recall, name="round_recall"),
    path("rounds/<int:pk>/steps/<slug:name>/", steps.round_step, name="round_step"),
    path("rounds/<int:pk>/review/", review.round_review, name="round_review"),
    path("rounds/<int:pk>/review/<int:project_pk>/", review.line_review, name="line_review"),
    path("decisions/<int:pk>/", decisions.decision_detail, name="decision_detail"),
    path("decisions/<int:pk>/appendix/", decisions.decision_appendix, name="decision_appendix"),
    path("decisions/<int:pk>/correct/", decisions.decision_correct, name="decision_correct"),
    path("projects/", projects.project_list, name="project_list"),
    path("projects/new/", projects.project_create, name="project_create"),
    path("plans/<int:plan_pk>/places/", projects.place_suggest, name="place_suggest"),
    path("projects/<int:pk>/", projects.project_detail, name="project_detail"),
    path("projects/<int:pk>/edit/", projects.project_edit, name="project_edit"),
    path("projects/<int:pk>/resubmit/", steps.project_resubmit, name="project_resubmit"),
    path("projects/<int:pk>/steps/<slug:name>/", steps.project_step, name="project_step"),
    path("projects/<int:pk>/years/", years.project_years, name="project_years"),
    path("projects/<int:pk>/adjust/", adjust.project_adjust, name="project_adjust"),
    path("projects/<int:pk>/comments/", review.comment_add, name="comment_add"),
    path("projects/<int:pk>/appraisal/", review.appraisal, name="appraisal"),
    path("history/", history.journal, name="journal"),
    path("rights/", history.rights, name="rights"),
    path("drafts/", drafts.draft_save, name="draft_save"),
    path("drafts/discard/", drafts.draft_discard, name="draft_discard"),
    path("notices/", notices.notice_settings, name="notice_settings"),
    *beneficiary_patterns,
]
