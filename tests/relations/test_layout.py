from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as fast
from hypothesis import strategies as st

from relations.islands import islands
from takefive.pipeline.samples import folder
from takefive.relations import layout
from takefive.relations.cells import near_by_cells
from takefive.relations.embed import default_embedder
from takefive.relations.layout import Plane, lay_out, turned_onto
from takefive.relations.nearest import nearest
from takefive.relations.place import amid
from takefive.relations.values import Vectors
from takefive.transcripts.reading import read


def kept(vectors: Vectors, at: Plane, count: int = 10) -> float:
    """The share of each point's nearest others by meaning that are among its nearest on the plane."""
    away = ((at[:, None] - at[None]) ** 2).sum(axis=2)
    np.fill_diagonal(away, np.inf)
    there = np.argsort(away, axis=1)[:, :count]
    return float(np.mean([len({*a} & {*b}) / count for a, b in zip(nearest(vectors, count)[0], there, strict=True)]))


def test_the_same_vectors_give_the_same_map() -> None:
    vectors, _ = islands(40)
    assert np.array_equal(lay_out(vectors), lay_out(vectors))


def test_neighbours_stay_near_far_better_than_on_the_principal_components() -> None:
    vectors, subject = islands(110)
    at = lay_out(vectors)
    assert kept(vectors, at) > 1.3 * kept(vectors, layout._principal(vectors))
    away = ((at[:, None] - at[None]) ** 2).sum(axis=2) + np.diag(np.full(len(at), np.inf))
    assert (subject[away.argmin(axis=1)] == subject).mean() > 0.9


@pytest.mark.slow
def test_neighbours_of_real_passages_stay_near() -> None:
    files = sorted((folder() / "transcripts").iterdir())
    segments = [one.text for file in files for one in read(file.read_bytes(), name=file.name).segments]
    vectors = default_embedder().encode([text for text in segments if len(text) > 200][:400])
    assert kept(vectors, lay_out(vectors)) > 3 * kept(vectors, layout._principal(vectors))


@given(st.integers(0, 9))
@fast(max_examples=10, deadline=None)
def test_however_few_there_are_each_has_a_place_of_its_own(count: int) -> None:
    at = lay_out(islands(count, 2)[0])
    assert at.shape == (count, 2)
    assert np.isfinite(at).all()
    assert len({tuple(one) for one in at.round(3).tolist()}) == count


def test_copies_of_one_vector_do_no_harm() -> None:
    at = lay_out(np.tile(islands(1)[0], (30, 1)))
    assert np.isfinite(at).all()


def test_the_grid_pushes_as_all_pairs_would() -> None:
    at = np.random.default_rng(1).normal(0, 8, (300, 2)).astype(np.float32)
    apart = at[:, None] - at[None]
    kernel = 1 / (1 + (apart**2).sum(axis=2))
    exact = (kernel[:, :, None] ** 2 * apart).sum(axis=1) / (kernel.sum() - len(at))
    error = np.linalg.norm(layout._push_by_grid(at) - exact, axis=1)
    assert np.median(error / np.linalg.norm(exact, axis=1)) < 0.1


def test_a_turned_and_mirrored_map_is_turned_back() -> None:
    former = np.random.default_rng(2).normal(0, 10, (40, 2)).astype(np.float32)
    turn = np.array([[0.6, 0.8], [0.8, -0.6]])  # mirrors too
    known = np.arange(40) < 30
    again = turned_onto((former @ turn + [5, -3]).astype(np.float32), former, known)
    assert np.abs(again - former).max() < 1e-3


def test_a_map_drawn_from_a_former_one_can_be_recognised() -> None:
    vectors, _ = islands(160, wide=1.2)
    former = lay_out(vectors[:130])
    start = np.full((160, 2), np.nan, dtype=np.float32)
    start[:130] = former
    again = lay_out(vectors, start=start)[:130]
    moved = np.median(np.linalg.norm(again - former, axis=1)) / np.ptp(former, axis=0).max()
    assert moved < 0.15  # a fifth of the points are new
    anew = np.median(np.linalg.norm(lay_out(vectors)[:130] - former, axis=1)) / np.ptp(former, axis=0).max()
    assert moved < anew / 2


def test_cells_find_nearly_all_neighbours() -> None:
    vectors, _ = islands(900, 12, wide=1.0)
    exact, found = nearest(vectors, 10)[0], near_by_cells(vectors, 10, look_into=12)
    assert np.mean([len({*a} & {*b}) / 10 for a, b in zip(exact, found, strict=True)]) > 0.85
    assert (found != np.arange(900)[:, None]).all()


def test_a_new_point_lies_amid_its_nearest_neighbours_of_one_region() -> None:
    here, far = [(0.0, 0.0, 1), (2.0, 0.0, 1), (1.0, 1.0, 1)], [(90.0, 90.0, 2), (91.0, 90.0, 2)]
    spot = amid([*here, *far], 7)
    assert spot is not None
    assert spot == amid([*here, *far], 7)
    x, y, region = spot
    assert region == 1
    assert -0.5 < x < 2.5
    assert -0.5 < y < 1.5
    assert amid([*here, *far], 8) != spot  # its neighbour in the list is not hidden by it
    assert amid([], 7) is None
