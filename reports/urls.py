from django.http import HttpRequest, HttpResponse
from django.urls import path


def stub(request: HttpRequest) -> HttpResponse:
    return HttpResponse("…")


app_name = "reports"
urlpatterns = [
    path("", stub, name="index"),
    path("annual/", stub, name="annual"),
    path("annual.xlsx", stub, name="annual_xlsx"),
]
