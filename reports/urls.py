"""Addresses of reports."""

from django.urls import path

from reports.annual import views as annual
from reports.catalogue import dashboard_views, saved
from reports.catalogue import views as catalogue
from reports.index import views
from reports.parallel import views as parallel
from reports.period import views as period
from reports.submitted import views as submitted
from reports.takeout import views as takeout
from reports.yearly import views as yearly

app_name = "reports"
urlpatterns = [
    path("", views.index, name="index"),
    path("dashboard/", dashboard_views.dashboard, name="dashboard"),
    path("annual/", annual.annual, name="annual"),
    path("annual/print/", annual.annual_print, name="annual_print"),
    path("annual.xlsx", annual.annual_xlsx, name="annual_xlsx"),
    path("views/save/", saved.view_save, name="view_save"),
    path("views/<int:pk>/delete/", saved.view_delete, name="view_delete"),
    path("catalogue/<slug:code>/", catalogue.report_detail, name="report_detail"),
    path("catalogue/<slug:code>/print/", catalogue.report_print, name="report_print"),
    path("catalogue/<slug:code>/cell/", catalogue.report_cell, name="report_cell"),
    path("catalogue/<slug:code>.xlsx", catalogue.report_xlsx, name="report_xlsx"),
    path("annual.docx", yearly.annual_docx, name="annual_docx"),
    path("submitted/", submitted.submitted_list, name="submitted_list"),
    path("submitted/new/", submitted.submitted_create, name="submitted_create"),
    path("submitted/<int:pk>/", submitted.submitted_detail, name="submitted_detail"),
    path("submitted/<int:pk>/book.xlsx", submitted.submitted_xlsx, name="submitted_xlsx"),
    path("period/", period.period, name="period"),
    path("period/print/", period.period_print, name="period_print"),
    path("period.xlsx", period.period_xlsx, name="period_xlsx"),
    path("parallel/<int:plan_pk>/", parallel.parallel, name="parallel"),
    path("parallel/<int:plan_pk>/paper/", parallel.parallel_paper, name="parallel_paper"),
    path("form-2.xlsx", annual.form_2_xlsx, name="form_2_xlsx"),
    path("take-out/", takeout.take_out, name="take_out"),
    path("take-out.xlsx", takeout.take_out_xlsx, name="take_out_xlsx"),
    path("take-out.zip", takeout.take_out_zip, name="take_out_zip"),
    path("take-out.csv", takeout.take_out_csv, name="take_out_csv"),
]
