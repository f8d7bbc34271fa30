"""The map of ideas: its data, its lists, and in a real browser."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone

from web.conftest import SECRET
from web.test_pages_in_browser import browser, visit  # noqa: F401  (fixtures)

if TYPE_CHECKING:
    from takefive.store.models import IdeaMap

Make = Callable[..., Any]
EVIL = "<img src=x onerror=alert(1)> & co"


@pytest.fixture
def drawn(a_podcast: Make, an_episode: Make, an_insight: Make) -> IdeaMap:
    """Twelve points of two shows in two regions, one of them with a part; one point is of a private show."""
    from takefive.store.models import IdeaMap, MapPoint, MapRegion

    drawing = IdeaMap.objects.create(size=13, created_at=timezone.now())
    names = (("Sleep", None, 0), (EVIL, None, 0), ("Surgeons", 0, 1), ("Queues", 1, 1))
    for number, (name, parent, level) in enumerate(names):
        x = 10.0 * (number % 2)
        MapRegion.objects.create(map=drawing, number=number, level=level, parent=parent, name=name, x=x, y=0)
    shows = [an_episode(podcast=a_podcast(title=title)) for title in ("Slow Talk", EVIL)]
    private = an_episode(podcast=a_podcast(title=SECRET, private=True))
    for number in range(13):
        episode = private if number == 12 else shows[number % 2]
        headline = SECRET if number == 12 else EVIL if number == 3 else f"Sleep makes point {number}"
        one = an_insight(episode=episode, headline=headline, score=number / 20)
        place = {"x": 10.0 * (number % 2) + number / 9, "y": float(number % 5), "region": 2 + number % 2}
        MapPoint.objects.create(insight=one, map=drawing, number=number, **place)
    return drawing


def unpacked(data: bytes) -> tuple[dict[str, Any], np.ndarray]:
    size = struct.unpack_from("<I", data)[0]
    head = json.loads(data[4 : 4 + size])
    return head, np.frombuffer(data[4 + size :], dtype="<u2").reshape(5, head["slots"])


def test_the_packed_map_holds_each_point_where_it_lies(drawn: IdeaMap, client: Client) -> None:
    from takefive.store.models import MapPoint

    head, (x, y, region, show, week) = unpacked(client.get("/map/points.bin").content)
    assert head["count"] == head["slots"] == 12
    for point in MapPoint.objects.exclude(number=12):
        at = np.array(head["corner"]) + head["step"] * np.array([x[point.number], y[point.number]])
        assert np.abs(at - (point.x, point.y)).max() <= head["step"]
        assert region[point.number] == point.region
    assert [one["count"] for one in head["regions"]] == [6, 6, 6, 6]
    assert [head["shows"][one] for one in show[:2]] == ["Slow Talk", EVIL]
    assert set(week) == {0}
    assert head["first"] == "2022-05-02"  # the Monday before the third of May


def test_browsers_keep_the_map_until_it_changes(drawn: IdeaMap, client: Client, an_insight: Make) -> None:
    from takefive.store.models import MapPoint, Podcast

    first = client.get("/map/points.bin", headers={"accept-encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    assert unpacked(gzip.decompress(first.content))[0]["count"] == 12
    again = {"if-none-match": first.headers["ETag"]}
    assert client.get("/map/points.bin", headers=again).status_code == 304
    MapPoint.objects.create(insight=an_insight(), map=drawn, number=13, x=1, y=1, region=2)
    second = client.get("/map/points.bin", headers=again)
    assert unpacked(second.content)[0]["count"] == 13
    Podcast.objects.filter(title="Slow Talk").update(private=True)
    third = client.get("/map/points.bin", headers={"if-none-match": second.headers["ETag"]})
    head, table = unpacked(third.content)
    assert head["count"] == 6
    assert (table[2] == 0xFFFF).sum() == head["slots"] - 6


def test_private_shows_are_nowhere_on_the_map(drawn: IdeaMap, client: Client) -> None:
    addresses = ["/map/", "/map/?region=0", "/map/?region=2", "/map/points.bin", f"/map/{drawn.pk}/0.json"]
    for address in [*addresses, f"/map/find.json?q={SECRET}"]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert SECRET not in answer.content.decode(errors="replace").replace(f"q={SECRET}", ""), address


def test_a_region_of_which_nothing_may_be_seen_any_more_is_named_nowhere(
    drawn: IdeaMap, client: Client, a_podcast: Make, an_episode: Make, an_insight: Make
) -> None:
    from takefive.store.models import MapPoint, MapRegion, Podcast

    MapRegion.objects.create(map=drawn, number=4, level=0, parent=None, name="Zanzibarium", x=0, y=0)
    MapRegion.objects.create(map=drawn, number=5, level=1, parent=4, name="Merger", x=0, y=0)
    MapRegion.objects.create(map=drawn, number=6, level=1, parent=0, name="Talks", x=0, y=0)
    for region, number in ((5, 13), (6, 14)):
        hidden = an_insight(episode=an_episode(podcast=a_podcast(title="Later hidden")))
        MapPoint.objects.create(insight=hidden, map=drawn, number=number, x=0, y=0, region=region)
    names, addresses = ("Zanzibarium", "Merger", "Talks"), ("/map/", "/map/points.bin", "/map/?region=0")
    before = b"".join(client.get(address).content for address in addresses).decode(errors="replace")
    assert all(name in before for name in names)
    Podcast.objects.filter(title="Later hidden").update(private=True)
    after = b"".join(client.get(address).content for address in addresses).decode(errors="replace")
    assert not any(name in after for name in names)
    assert {client.get(f"/map/?region={number}").status_code for number in (4, 5, 6)} == {404}
    assert [one["count"] for one in unpacked(client.get("/map/points.bin").content)[0]["regions"]][4:] == [0, 0, 0]


def test_points_tell_what_they_are_about(drawn: IdeaMap, client: Client) -> None:
    told = client.get(f"/map/{drawn.pk}/0.json").json()["points"]
    assert [one["number"] for one in told] == list(range(12))
    assert told[3]["headline"] == EVIL
    assert told[0]["show"] == "Slow Talk"
    assert told[0]["date"] == "2022-05-03"
    assert client.get(told[0]["url"]).status_code == 200
    assert client.get(f"/map/{drawn.pk}/1.json").json() == {"points": []}
    assert client.get(f"/map/{drawn.pk - 1}/0.json").status_code == 404


def test_a_search_finds_points_of_the_map(drawn: IdeaMap, client: Client, an_insight: Make) -> None:
    an_insight(headline="Sleep makes point 99")  # not on the map
    found = client.get("/map/find.json?q=sleep+makes").json()["points"]
    assert {one["number"] for one in found} == set(range(12)) - {3}
    assert client.get("/map/find.json?q=").json() == {"points": []}
    assert client.get("/map/find.json").json() == {"points": []}


@pytest.mark.django_db
def test_without_a_map_the_page_says_so(client: Client) -> None:
    assert "There is no map yet" in client.get("/map/").content.decode()
    assert client.get("/map/points.bin").status_code == 404
    assert client.get("/map/find.json?q=sleep").json() == {"points": []}


def test_lists_hold_what_the_map_shows(drawn: IdeaMap, client: Client, an_insight: Make) -> None:
    from takefive.store.models import MapPoint

    page = client.get("/map/").content.decode()
    assert page.count('<a href="/i/') == 10  # the five strongest of two regions
    assert EVIL not in page
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; co" in page
    for number in range(20, 40):
        MapPoint.objects.create(insight=an_insight(), map=drawn, number=number, x=0, y=0, region=2)
    first, second = (client.get(f"/map/?region=0&page={n}").content.decode() for n in (1, 2))
    assert first.count('<h3><a href="/i/') == 20
    assert second.count('<h3><a href="/i/') == 6
    assert '<a href="?region=2">Surgeons</a>' in first
    for wrong in ("9", "x", "-1", "²", "99999999999999"):
        assert client.get(f"/map/?region={wrong}").status_code == 404


def test_an_insight_leads_to_its_place(drawn: IdeaMap, client: Client, an_insight: Make) -> None:
    from takefive.store.models import Insight

    one = Insight.objects.get(headline="Sleep makes point 4")
    assert f'href="/map/?insight={one.public_id}"' in client.get(f"/i/{one.public_id}/").content.decode()
    assert 'data-number="4"' in client.get(f"/map/?insight={one.public_id}").content.decode()
    also = an_insight(same_as=one)
    assert 'data-number="4"' in client.get(f"/map/?insight={also.public_id}").content.decode()
    elsewhere = an_insight()
    assert "on the map" not in client.get(f"/i/{elsewhere.public_id}/").content.decode()
    hidden = Insight.objects.get(headline=SECRET)
    assert "data-number" not in client.get(f"/map/?insight={hidden.public_id}").content.decode()
    assert client.get("/map/?insight=%00").status_code == 200


def test_in_a_browser_the_map_is_moved_searched_and_opened_by_keys(drawn: IdeaMap, visit: Any) -> None:  # noqa: F811
    page = visit("/map/", reduced_motion="reduce")
    page.wait_for_selector("#atlas[data-ready]")
    assert page.get_by_role("button", name="Play").count() == 0
    canvas = page.get_by_role("application")
    canvas.focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    card = page.locator("[data-part=card]")
    card.wait_for()
    page.wait_for_url("**/map/#*")
    page.get_by_label("Find on the map").fill("point 7")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_text("found.").wait_for()
    page.get_by_label("Colours").select_option("show")
    assert page.locator("[data-part=legend]").inner_text().split("\n") == ["Slow Talk", EVIL]
    chosen = card.locator("a").get_attribute("href")
    canvas.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{chosen}")
    assert page.complaints == []


def test_in_a_browser_a_deep_link_shows_its_insight(drawn: IdeaMap, visit: Any) -> None:  # noqa: F811
    from takefive.store.models import Insight

    one = Insight.objects.get(headline=EVIL)
    for width in (1280, 390):
        page = visit(f"/map/?insight={one.public_id}", viewport={"width": width, "height": 844})
        page.wait_for_selector("#atlas[data-ready]")
        assert page.locator("[data-part=card] a").inner_text() == EVIL
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        painted = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(Boolean)"
        assert page.locator("[data-part=points]").evaluate(painted)
        assert page.complaints == []


def test_in_a_browser_without_scripts_the_lists_are_there(drawn: IdeaMap, visit: Any) -> None:  # noqa: F811
    page = visit("/map/", java_script_enabled=False)
    assert not page.locator("#atlas").is_visible()
    page.get_by_role("link", name="All of Sleep").click()
    assert page.locator("h1").inner_text() == "Sleep"
    assert page.locator("main h3").count() == 6
    assert page.complaints == []
