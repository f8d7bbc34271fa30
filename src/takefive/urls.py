"""Which address shows which page."""

from django.contrib import admin
from django.urls import include, path

from takefive.web.views import operator

urlpatterns = [
    path("admin/login/", operator.sign_in),
    path("admin/", admin.site.urls),
    path("", include("takefive.web.urls")),
]
