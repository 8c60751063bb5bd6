"""What people do besides sharing: look closer, read about the session, find others, evaluate, know of a recording."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Visit
from tests.support.live_server import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_pinned_tile_is_large_until_it_is_let_go(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Pinned")
    ada, ben, watching = [await visit(server, session, await server.registrant(name)) for name in ("Ada", "Ben", "Cy")]
    of_ada, of_ben = await ada.share_camera(), await ben.share_camera()
    await watching.sees(of_ada)
    await expect(watching.at("presentation")).to_have_count(0)

    await watching.choose_on_tile(of_ben, "pin")
    large = watching.at("presentation").locator(f'[data-seat="{of_ben}"]')
    await expect(large).to_have_attribute("data-pinned", "true")
    await expect(watching.at("presentation").get_by_test_id("tile")).to_have_count(1)
    await expect(ada.at("presentation")).to_have_count(0)  # everybody pins for themselves
    await watching.sees(of_ben)

    await watching.choose_on_tile(of_ben, "pin")
    await expect(watching.at("presentation")).to_have_count(0)


async def test_tile_and_stage_fill_the_screen(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Full screen")
    ada, watching = [await visit(server, session, await server.registrant(name)) for name in ("Ada", "Cy")]
    seat = await ada.share_camera()
    await watching.sees(seat)
    await watching.choose_on_tile(seat, "full-screen")
    await watching.page.wait_for_function("seat => document.fullscreenElement?.dataset.seat === seat", arg=seat)
    await watching.page.evaluate("() => document.exitFullscreen()")

    await watching.press("full-screen")
    await watching.page.wait_for_function("() => document.fullscreenElement?.id === 'stage'")
    await watching.press("leave-full-screen")
    await watching.page.wait_for_function("() => document.fullscreenElement === null")


async def test_the_panel_tells_about_the_session_and_its_people(server: LiveServer, visit: Visit) -> None:
    presenter = await server.api("POST", "/api/presenters", {"name": "Grace Hopper"})
    session = await server.session(
        "Compilers",
        description="How they came to be.",
        location="Hall 3",
        presenters=[presenter["id"]],
        additional_info="Slides: [here](https://example.org/slides)",
    )
    ada, ben = [await visit(server, session, await server.registrant(name)) for name in ("Ada", "Ben")]
    await ada.share_camera()
    await ben.press("about-button")
    panel = ben.at("about-panel")
    for text in ("How they came to be.", "Hall 3", "Grace Hopper"):
        await expect(panel).to_contain_text(text)
    await expect(panel.get_by_role("link", name="here")).to_have_attribute("href", "https://example.org/slides")

    await ben.press("tab-people")
    await expect(ben.at("person")).to_have_count(2)
    await expect(ben.at("person").filter(has_text="Ada")).to_contain_text("On screen")
    await ben.at("people-search").fill("be")
    await expect(ben.at("person")).to_have_count(1)
    await expect(ben.at("person")).to_contain_text("Ben")
    await ben.page.keyboard.press("Escape")
    await expect(panel).to_be_hidden()
    await expect(ben.at("about-button")).to_be_focused()


async def test_the_evaluation_comes_by_itself_and_is_answered_once(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Talk")
    path = f"/api/sessions/{session}/evaluation"
    form = [
        {"kind": "rating", "title": "How was it?", "required": True},
        {"kind": "choice", "title": "Too long?", "choices": ["Yes", "No"]},
        {"kind": "text", "title": "Anything else?"},
    ]
    ada = await visit(server, session, await server.registrant("Ada"))
    rating, choice, text = (await server.api("PUT", path, {"questions": form}))["questions"]
    await expect(ada.at("evaluation-button")).to_have_count(0)
    await server.api("POST", f"{path}/unlock")

    await expect(ada.at("evaluation")).to_be_visible()
    await ada.press("evaluation-review")
    await expect(ada.at("evaluation")).to_contain_text("Please answer this question.")
    # By keyboard: the focus went to the question that lacks an answer.
    await ada.page.keyboard.press("Space")
    await ada.page.keyboard.press("ArrowRight")
    await ada.page.keyboard.press("ArrowRight")
    await ada.page.keyboard.press("ArrowRight")
    await ada.at(f"question-{choice['id']}").select_option("No")
    await ada.at(f"question-{text['id']}").fill("More of this!")
    await ada.press("evaluation-review")
    for said in ("4 of 5 stars", "No", "More of this!"):
        await expect(ada.at("evaluation-answers")).to_contain_text(said)
    await ada.press("evaluation-send")
    await expect(ada.at("evaluation-answers")).to_be_hidden()

    await ada.page.reload()
    await expect(ada.at("evaluation-button")).to_have_attribute("data-answered", "true")
    await ada.press("evaluation-button")
    await expect(ada.at("evaluation")).to_contain_text("These are your answers.")
    results = await server.api("GET", f"{path}/results")
    assert results["answered"] == 1
    assert rating["title"] == "How was it?"


async def test_people_know_that_they_are_recorded(server: LiveServer, visit: Visit) -> None:
    session = await server.session("On the record", record=True)
    ada, ben = [await visit(server, session, await server.registrant(name)) for name in ("Ada", "Ben")]
    await expect(ben.at("recording")).to_have_count(0)
    await ada.press("share-button")
    await expect(ada.at("will-be-recorded")).to_contain_text("This session is recorded")
    await ada.press("start-sharing")
    for room in (ada, ben):
        await expect(room.at("recording")).to_have_attribute("data-state", "recording")
        await expect(room.at("recording")).to_contain_text("This session is being recorded")
    await ada.press("leave-screen")
    await expect(ben.at("recording")).to_have_attribute("data-state", "paused")


async def test_people_see_how_good_their_connection_is(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Quality")
    ada, ben = [await visit(server, session, await server.registrant(name)) for name in ("Ada", "Ben")]
    await ben.sees(await ada.share_camera())
    for room in (ada, ben):
        await expect(room.at("connection-quality")).to_contain_text("Your connection is", timeout=15_000)
