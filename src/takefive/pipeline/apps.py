"""Django's name for this app."""

from django.apps import AppConfig


class PipelineConfig(AppConfig):
    """The flow; no tables."""

    name = "takefive.pipeline"
