"""Which address shows which page."""

from django.urls import path

from takefive.web.views import (
    about,
    brief,
    episode,
    feed,
    health,
    home,
    insight,
    podcast,
    search,
    sign_up,
    sitemap,
    unsubscribe,
)

urlpatterns = [
    path("", home.page, name="home"),
    path("sign-up/", sign_up.store, name="sign-up"),
    path("thanks/", sign_up.thanks, name="thanks"),
    path("stop/<str:token>/", unsubscribe.page, name="unsubscribe"),
    path("brief/", brief.page, name="brief"),
    path("search/", search.page, name="search"),
    path("about", about.page, name="about"),
    path("i/<slug:public_id>/", insight.page, name="insight"),
    path("e/<slug:public_id>/", episode.page, name="episode"),
    path("p/<slug:public_id>/", podcast.page, name="podcast"),
    path("p/<slug:public_id>/feed.atom", feed.of_podcast, name="podcast-feed"),
    path("feed.atom", feed.of_all, name="feed"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemap.part, name="sitemap-part"),
    path("robots.txt", about.robots, name="robots"),
    path("healthz", health.check, name="healthz"),
]
