"""Organizers keep the schedule: what stands nowhere is shown, segments are added, warned about, edited and deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.dashboard_page import DashboardPage, organizing
from tests.support.live_server import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)


def hours(count: float) -> str:
    return (TOMORROW + timedelta(hours=count)).isoformat()


async def link(page: DashboardPage, title: str) -> None:
    """Choose a session by typing the beginning of its title."""
    await page.at("segment-sessions").fill(title)
    await page.page.get_by_test_id("option").filter(has_text=title).click()


async def test_a_session_that_stands_nowhere_gets_its_segment(browser: Browser, server: LiveServer) -> None:
    lost = await server.session("Nowhere to be seen", availability="scheduled", starts_at=hours(0), ends_at=hours(1))
    async with organizing(browser, server) as page:
        await page.go("schedule")
        await expect(page.at("lost-sessions")).to_contain_text("Nowhere to be seen")
        await page.at("lost-sessions").get_by_role("button", name="Nowhere to be seen").click()
        await expect(page.at("segment-title")).to_have_value("Nowhere to be seen")
        await page.at("save-segment").click()
        await page.told("Nowhere to be seen is on the schedule.")
        await expect(page.at("lost-sessions").get_by_text("Nowhere to be seen")).to_have_count(0)
        await expect(page.at("segment").filter(has_text="Nowhere to be seen")).to_be_visible()
    segments = (await server.api("GET", "/api/segments"))["items"]
    assert [each["starts_at"] for each in segments if each["sessions"] == [lost]] == [hours(0).replace("+00:00", "Z")]


async def test_links_that_do_not_fit_are_warned_about(browser: Browser, server: LiveServer) -> None:
    await server.session("Open at all times")
    taken = await server.session("Booked twice", availability="scheduled")
    await server.api(
        "POST",
        "/api/segments",
        {"title": "Morning slot", "starts_at": hours(2), "ends_at": hours(4), "sessions": [taken]},
    )
    async with organizing(browser, server) as page:
        await page.go("schedule")
        await page.at("add-segment").click()
        await page.at("segment-title").fill("Second slot")
        await page.at("segment-starts").fill((TOMORROW + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"))
        await page.at("segment-ends").fill((TOMORROW + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"))
        await expect(page.at("segment-ends-error")).to_contain_text("after the beginning")
        await page.at("segment-ends").fill((TOMORROW + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M"))
        await link(page, "Booked twice")
        await expect(page.at("segment-warnings")).to_contain_text("Morning slot")
        await link(page, "Open at all times")
        await expect(page.at("segment-warnings")).to_contain_text("always open")
        await page.at("save-segment").click()
        await expect(page.at("segment-sessions-error")).to_contain_text("always open")
        await page.page.get_by_role("button", name="Remove Open at all times").click()
        await page.at("save-segment").click()
        await page.told("Second slot is on the schedule.")


async def test_a_segment_is_edited_and_deleted(browser: Browser, server: LiveServer) -> None:
    session = await server.session("Only in one", availability="scheduled")
    body = {"title": "Short-lived", "starts_at": hours(6), "ends_at": hours(7), "sessions": [session]}
    await server.api("POST", "/api/segments", body)
    async with organizing(browser, server) as page:
        await page.go("schedule")
        entry = page.at("segment").filter(has_text="Short-lived")
        await entry.get_by_test_id("edit-segment").click()
        await page.at("segment-location").fill("Hall 7")
        await page.at("save-segment").click()
        await expect(entry).to_contain_text("Hall 7")
        await entry.get_by_test_id("delete-segment").click()
        await expect(page.at("confirm-delete")).to_contain_text("Only in one")
        await page.at("confirm").click()
        await page.told("Short-lived is deleted.")
        await expect(entry).to_have_count(0)
        await expect(page.at("lost-sessions")).to_contain_text("Only in one")


async def test_past_segments_are_shown_on_request(browser: Browser, server: LiveServer) -> None:
    await server.api("POST", "/api/segments", {"title": "Long ago", "starts_at": hours(-72), "ends_at": hours(-71)})
    async with organizing(browser, server) as page:
        await page.go("schedule")
        await expect(page.at("show-past")).to_be_visible()
        past = page.at("segment").filter(has_text="Long ago")
        await expect(past).to_have_count(0)
        await page.at("show-past").check()
        await expect(past).to_be_visible()
