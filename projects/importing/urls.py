"""Addresses of the importer."""

from django.urls import path

from projects.importing import views

app_name = "importing"
urlpatterns = [
    path("plans/<int:plan_pk>/", views.bring, name="bring"),
    path("firms/", views.bring_firms, name="bring_firms"),
    path("organisations/", views.bring_organisations, name="bring_organisations"),
    path("units/", views.bring_units, name="bring_units"),
    path("<int:pk>/", views.batch, name="batch"),
    path("<int:pk>/columns/", views.columns, name="columns"),
    path("<int:pk>/so-far/", views.so_far, name="so_far"),
    path("<int:pk>/law/", views.law, name="law"),
    path("<int:pk>/drop/", views.drop, name="drop"),
    path("<int:pk>/take-back/", views.take_back, name="take_back"),
    path("<int:pk>/file/", views.source_file, name="source_file"),
    path("<int:pk>/erase/", views.erase, name="erase"),
    path("<int:pk>/annotated/", views.annotated, name="annotated"),
]
