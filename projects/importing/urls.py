"""Addresses of the importer."""

from django.urls import path

from projects.importing.views import batches, bringing, files

app_name = "importing"
urlpatterns = [
    path("plans/<int:plan_pk>/", bringing.bring, name="bring"),
    path("firms/", bringing.bring_firms, name="bring_firms"),
    path("organisations/", bringing.bring_organisations, name="bring_organisations"),
    path("units/", bringing.bring_units, name="bring_units"),
    path("<int:pk>/", batches.batch, name="batch"),
    path("<int:pk>/columns/", batches.columns, name="columns"),
    path("<int:pk>/so-far/", batches.so_far, name="so_far"),
    path("<int:pk>/law/", batches.law, name="law"),
    path("<int:pk>/drop/", batches.drop, name="drop"),
    path("<int:pk>/take-back/", batches.take_back, name="take_back"),
    path("<int:pk>/file/", files.source_file, name="source_file"),
    path("<int:pk>/erase/", files.erase, name="erase"),
    path("<int:pk>/annotated/", files.annotated, name="annotated"),
]
