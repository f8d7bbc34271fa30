"""Which address shows which page."""

from django.urls import path

from takefive.web.views import (
    about,
    account,
    brief,
    confirm,
    episode,
    feed,
    health,
    home,
    insight,
    podcast,
    search,
    sign_in,
    sign_up,
    sitemap,
    unsubscribe,
)

urlpatterns = [
    path("", home.page, name="home"),
    path("sign-up/", sign_up.store, name="sign-up"),
    path("thanks/", sign_up.thanks, name="thanks"),
    path("confirm/", confirm.page, name="confirm"),
    path("confirm/<str:token>/", confirm.link, name="confirm-link"),
    path("sign-in/", sign_in.page, name="sign-in"),
    path("sign-out/", sign_in.leave, name="sign-out"),
    path("account/", account.page, name="account"),
    path("account/mail/", account.mail, name="account-mail"),
    path("account/export.<str:form>", account.export, name="account-export"),
    path("account/delete/", account.delete, name="account-delete"),
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
