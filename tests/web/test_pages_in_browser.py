"""The pages in a real browser: they fit, they break no rule of their own policy, and they need no script."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from pytest_django import Settings

from letters import Mailbox
from takefive.accounts.links import steering_url
from takefive.accounts.models import Challenge, Reader
from takefive.delivery.page import STEERING
from takefive.feeds.search import Listing
from takefive.pipeline import following
from takefive.store.models import Feedback, Insight, Podcast

playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright (in the group dev)")

READ = ("home", "brief", "insight", "episode", "podcast", "search", "about", "thanks")
PHONE = {"width": 320, "height": 900}
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("needs the program chromium or google-chrome")
    allowed = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    if allowed is not None:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = allowed


@pytest.fixture
def visit(browser: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page of the live server in a window of its own; complaints of the browser end up in `page.complaints`."""
    contexts = []

    def open_page(path: str, **options: Any) -> Any:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.route("https://**", lambda route: route.abort())  # nothing outside this machine is asked
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_pages_fit_every_window_and_break_no_rule(addresses: dict[str, str], visit: Any) -> None:
    Insight.objects.filter(headline="The later one").update(headline=LONG, speaker=LONG)
    for name in READ:
        page = visit(addresses[name])
        for width in (1280, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, width)
        assert page.complaints == [], name


def test_text_stands_out_from_the_paper(addresses: dict[str, str], visit: Any) -> None:
    page = visit(addresses["insight"])
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        for selector in ("h1", ".lead", ".source", ".kicker", ".reason", ".player a"):
            ink = page.evaluate("s => getComputedStyle(document.querySelector(s)).color", selector)
            assert _contrast(ink, paper) >= 4.5, (scheme, selector, ink, paper)  # WCAG 2.2, 1.4.3


def test_everything_can_be_read_without_scripts(addresses: dict[str, str], library: Insight, visit: Any) -> None:
    page = visit(addresses["insight"], java_script_enabled=False)
    assert page.locator("h1").inner_text() == library.headline
    assert library.quote in page.locator(".proof blockquote").inner_text()
    assert (page.locator(".player a").get_attribute("href") or "").endswith("#t=1421.3")
    page.get_by_role("link", name="Earlier in this episode").click()
    assert page.locator("h1").inner_text() == "The earlier one"


def test_signing_up_works_without_scripts_and_knows_the_zone_with_them(visit: Any, library: Insight) -> None:
    for scripts, zone in ((False, "UTC"), (True, "Asia/Tokyo")):
        page = visit("/", java_script_enabled=scripts, timezone_id="Asia/Tokyo")
        assert page.locator(".website").bounding_box()["width"] <= 1  # nobody sees the field for machines
        page.get_by_label("Your address").fill(f"reader-{scripts}@example.org")
        page.get_by_role("button", name="Send me five").click()
        assert page.locator("h1").inner_text() == "One mail to confirm"
        assert Challenge.objects.get(email=f"reader-{scripts}@example.org".lower()).zone == zone


def test_a_reader_signs_up_chooses_and_deletes_everything_without_scripts(
    visit: Any, mailbox: Mailbox, settings: Settings
) -> None:
    settings.SITE_URL = "https://takefive.example"  # in public, where the account must be opened by mail
    page = visit("/", java_script_enabled=False, viewport={"width": 320, "height": 900})
    page.get_by_label("Your address").fill("ada@example.org")
    page.get_by_role("button", name="Send me five").click()
    base = page.url.removesuffix("/thanks/")
    page.goto(base + mailbox.only().path)
    page.get_by_role("button", name="Confirm my address").click()
    page.get_by_label("What interests you").fill("whales")
    page.get_by_label("Where you are").fill("Asia/Tokyo")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("status").inner_text() == "Saved."
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert Reader.objects.values_list("status", "interests", "zone").get() == ("active", "whales", "Asia/Tokyo")
    page.get_by_role("link", name="Delete everything").click()
    page.get_by_role("button", name="Delete everything").click()
    assert page.locator("h1").inner_text() == "Everything is deleted"
    assert page.complaints == []
    assert not Reader.objects.exists()


def test_the_first_tab_leads_past_the_masthead(visit: Any, addresses: dict[str, str]) -> None:
    page = visit(addresses["insight"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")


def test_an_insight_fits_on_paper(visit: Any, addresses: dict[str, str]) -> None:
    page = visit(addresses["insight"])
    page.emulate_media(media="print")
    assert not page.locator(".player").is_visible()
    assert page.locator(".proof").is_visible()


def test_a_scanner_that_runs_scripts_on_every_link_of_a_mail_changes_nothing(library: Insight, visit: Any) -> None:
    reader = Reader.objects.get()
    for _, word in STEERING[::3]:  # a browser is slow; tests/web/test_scanners.py follows all of them
        page = visit(f"{_steering(reader, library)}{word}/")
        page.wait_for_load_state("networkidle")
        for button in range(page.get_by_role("button").count()):  # each pressed in a page of its own, at once
            other = visit(f"{_steering(reader, library)}{word}/")
            other.get_by_role("button").nth(button).click()
            assert "Nothing was changed yet" in other.locator("main").inner_text()
    assert not Feedback.objects.exists()
    assert Reader.objects.get().wishes == {}


def test_a_reader_steers_and_takes_it_back_without_scripts_on_a_small_phone(library: Insight, visit: Any) -> None:
    reader = Reader.objects.get()
    page = visit(f"{_steering(reader, library)}mute-topic/", java_script_enabled=False, viewport=PHONE)
    assert page.locator("form button:not(.quiet)").all_inner_texts() == ["Mute “sleep”"]
    page.wait_for_timeout(1100)
    page.get_by_role("button", name="Mute “sleep”").click()
    assert page.get_by_role("status").inner_text() == "You will get nothing on “sleep”."
    assert Reader.objects.get().wishes == {"mute_topics": ["sleep"]}
    page.wait_for_timeout(1100)
    page.get_by_role("button", name="Undo: Mute “sleep”").click()
    assert page.get_by_role("status").inner_text() == "Taken back."
    assert Reader.objects.get().wishes == {}
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.complaints == []


def test_the_pages_about_a_readers_wishes_fit_and_work(library: Insight, visit: Any) -> None:
    Feedback.objects.create(reader=Reader.objects.get(), insight=library, kind="save")
    for path in ("/brief/", "/saved/", "/profile/", _steering(Reader.objects.get(), library)):
        page = visit(path)
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (path, width)
        assert page.complaints == [], path
    page = visit("/profile/", viewport=PHONE)
    page.get_by_label("What interests you").fill("whales")
    page.get_by_role("button", name="See last week’s five by this").click()
    assert page.get_by_text("Nothing is kept yet").is_visible()
    page.get_by_role("button", name="Keep it").first.click()
    assert page.get_by_role("status").inner_text() == "Saved."
    assert Reader.objects.get().interests == "whales"


def test_a_preview_needs_no_address_and_leads_to_signing_up(library: Insight, visit: Any) -> None:
    page = visit("/", java_script_enabled=False, viewport=PHONE)
    page.get_by_label("What interests you").fill("sleep")
    page.get_by_role("button", name="Show me last week’s five").click()
    assert page.locator("h1").inner_text() == "Last week’s five for you"
    assert page.get_by_label("What interests you").input_value() == "sleep"
    page.get_by_label("Your address").fill("bob@example.org")
    page.get_by_role("button", name="Send me five").click()
    assert page.locator("h1").inner_text() == "One mail to confirm"
    assert Challenge.objects.get(email="bob@example.org").interests == "sleep"


def _steering(reader: Reader, insight: Insight) -> str:
    return urlsplit(steering_url(reader.pk, insight.pk, timezone.localdate())).path


def _contrast(one: str, other: str) -> float:
    """The contrast of two CSS colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_podcast_is_added_without_scripts_in_the_narrowest_window(
    visit: Any, library: Insight, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def search(_words: str) -> tuple[Listing, ...]:
        return (Listing("https://a.example/f", LONG, "Ada", 172), Listing("https://b.example/f", "B", "", None))

    monkeypatch.setattr(following, "search", search)
    page = visit("/add/", java_script_enabled=False, viewport=PHONE)
    page.get_by_label("Address or words").fill("a show")
    page.get_by_role("button", name="Look").click()
    assert page.locator("html").bounding_box()["width"] <= PHONE["width"]
    page.get_by_role("button", name="Follow B").click()

    assert "1 added." in page.locator(".notice").inner_text()
    assert Podcast.objects.filter(feed_url="https://b.example/f").exists()
    assert page.complaints == []
