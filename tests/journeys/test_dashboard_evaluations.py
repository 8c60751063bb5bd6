"""Organizers write an evaluation, open it, see what was answered, and are asked twice before answers are lost."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.dashboard_page import organizing
from tests.support.live_server import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_an_evaluation_is_written_and_opened(browser: Browser, server: LiveServer) -> None:
    session = await server.session("To be evaluated")
    async with organizing(browser, server) as page:
        await page.go("evaluations")
        await page.at("new-evaluation").click()
        await page.at("evaluation-session").fill("To be eval")
        await page.page.get_by_test_id("option").filter(has_text="To be evaluated").click()
        await page.at("write-questions").click()
        first = page.at("question").nth(0)
        await page.at("save-evaluation").click()
        await expect(page.at("incomplete")).to_be_visible()
        await first.get_by_test_id("question-title").fill("How was it?")
        await page.at("add-question").click()
        second = page.at("question").nth(1)
        await second.get_by_test_id("question-title").fill("Which part?")
        await second.get_by_role("radio", name="Choice", exact=True).check()
        for place, choice in enumerate(("First half", "First half")):
            await second.get_by_test_id("choice").nth(place).fill(choice)
        await expect(second.get_by_test_id("choice-error")).to_contain_text("the same")
        await second.get_by_test_id("choice").nth(1).fill("Second half")
        await second.get_by_test_id("question-required").check()
        # Up by the keyboard; the focus goes along.
        await second.get_by_test_id("move-up").press("Enter")
        await expect(first.get_by_role("heading")).to_be_focused()
        await expect(first.get_by_test_id("question-title")).to_have_value("Which part?")
        await page.at("tab-preview").click()
        await expect(page.at("evaluation-preview")).to_contain_text("How was it?")
        await page.at("tab-form").click()
        await page.at("save-evaluation").click()
        await page.told("The evaluation is saved.")
        await page.at("unlock").click()
        await page.at("confirm").click()
        await expect(page.at("open-state")).to_have_text("Open")
    form = await server.api("GET", f"/api/sessions/{session}/evaluation")
    assert form["open"]
    assert [(each["kind"], each["title"], each["required"]) for each in form["questions"]] == [
        ("choice", "Which part?", True),
        ("rating", "How was it?", False),
    ]


async def test_answers_are_counted_and_not_lost_by_accident(browser: Browser, server: LiveServer) -> None:
    session = await server.session("Much evaluated")
    path = f"/api/sessions/{session}/evaluation"
    form = await _write(server, path)
    for name, stars in (("Counting Cem", 5), ("Counting Dee", 4)):
        person = await server.registrant(name)
        answers = {form[0]: stars, form[1]: f"Said by {name}"}
        await server.api("POST", f"{path}/answers", {"answers": answers}, token=person.token)
    async with organizing(browser, server) as page:
        await page.go("evaluations")
        await page.page.get_by_role("link", name="Much evaluated").click()
        await page.at("tab-results").click()
        await expect(page.at("answered")).to_have_text("2 people answered")
        await expect(page.at("result").first).to_contain_text("Average 4.5")
        assert [await each.get_attribute("data-count") for each in await page.at("count").all()] == list("00011")
        await expect(page.at("texts")).to_contain_text("Said by Counting Dee")
        async with page.page.expect_download() as download:
            await page.at("results-file").click()
        assert "Said by Counting Cem" in (await (await download.value).path()).read_text(encoding="utf-8-sig")
        await page.go("evaluations")
        row = page.page.locator(f'tr[data-id="{session}"]')
        await row.get_by_test_id("evaluation-menu").click()
        await row.get_by_test_id("delete-evaluation").click()
        await page.at("confirm").click()
        await expect(page.at("confirm-delete-answers")).to_contain_text("2 people have answered")
        await page.at("confirm").click()
        await page.told("The evaluation of Much evaluated is deleted.")
        await expect(row).to_have_count(0)


async def _write(server: LiveServer, path: str) -> list[str]:
    """An open form of a rating and a text; the ids of its questions."""
    questions = [{"kind": "rating", "title": "Stars?"}, {"kind": "text", "title": "Words?"}]
    form = await server.api("PUT", path, {"questions": questions})
    await server.api("POST", f"{path}/unlock")
    return [each["id"] for each in form["questions"]]
