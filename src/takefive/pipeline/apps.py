"""Django's name for this app."""

from django.apps import AppConfig
from django.db.models.signals import pre_delete


class PipelineConfig(AppConfig):
    """The flow; no tables."""

    name = "takefive.pipeline"

    def ready(self) -> None:
        """However a reader is deleted, all that is stored about them goes too."""
        from takefive.accounts.models import Reader  # models can be imported only now
        from takefive.pipeline.erase import forget

        pre_delete.connect(forget, sender=Reader, dispatch_uid="takefive.erase")
