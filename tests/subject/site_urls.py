"""The site's addresses with those of the subject, as khuyencong/urls.py includes those of an application."""

from django.urls import include, path

from khuyencong.urls import urlpatterns as core

urlpatterns = [path("subject/", include("tests.subject.urls", namespace="subject")), *core]
