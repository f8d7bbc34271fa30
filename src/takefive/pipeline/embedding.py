"""The embedder that made the vectors in use: whatever is compared with them must come from it too."""

from __future__ import annotations

from django.conf import settings

from takefive.common.errors import ModelError
from takefive.relations import embed
from takefive.relations.embed import Embedder
from takefive.store.models import VectorIndex


def embedder(*, patient: bool = True) -> Embedder:
    """The embedder of the index in use; one that is not `patient` soon gives up on a service that does not answer.

    Raises ModelError where it is missing or is no longer the one that made the vectors.
    """
    active = VectorIndex.objects.active()
    return named(active.source, active.model, patient=patient) if active else embed.default_embedder()


def named(source: str, model: str = "", *, patient: bool = True) -> Embedder:
    """The embedder of a source. Raises ModelError where it is another `model` than its vectors were made with."""
    found = embed.named(source, settings.EMBEDDER_KEYS, patient=patient)
    if model and found.name != model:
        raise ModelError(
            f"{source or 'the package'} has {found.name} now, the vectors are of {model}: takefive reembed"
        )
    return found
