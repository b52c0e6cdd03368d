"""Addresses of the site. Everything asks for a sign-in unless its view says ``login_not_required``.

Django's own error views answer with ``403_csrf.html``, ``404.html`` and ``500.html``.
"""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from khuyencong.health import healthz, readyz

handler403 = "projects.views.refusals.forbidden"
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("accounts/", include("khuyencong.accounts.urls", namespace="accounts")),
    path("admin/", admin.site.urls),
    path("reports/", include("reports.urls", namespace="reports")),
    path("import/", include("projects.importing.urls", namespace="importing")),
    path("", include("projects.urls", namespace="projects")),
]
