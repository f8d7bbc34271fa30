"""Django's name for this app."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Podcasts, episodes, transcripts, insights, relations, briefs, deliveries."""

    name = "takefive.store"
