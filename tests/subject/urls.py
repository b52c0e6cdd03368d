"""Addresses of the subject."""

from django.urls import path

from tests.subject import views

app_name = "subject"
urlpatterns = [path("", views.index, name="index")]
