"""Bearer tokens, sign-in links, session cookies, and where a browser's write came from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from roomserver.catalog.tokens import issue_token
from tests.support.api import ORIGIN, Api, Caller

COOKIE = "roomserver_session"


async def link_token(api: Api, caller: Caller) -> str:
    answer = await api.organizer.post(f"/api/registrants/{caller.id}/token")
    return str(urlsplit(answer.json()["sign_in_link"]).fragment)


async def sign_in(api: Api, token: str, **headers: str) -> httpx.Response:
    return await api.client.post("/api/signin", json={"token": token}, headers=headers)


class TestBearerTokens:
    async def test_say_who_asks(self, api: Api) -> None:
        ada = await api.registrant("Ada Lovelace")
        assert (await ada.get("/api/me")).json() == {
            "id": ada.id,
            "participant": ada.id,
            "name": "Ada Lovelace",
            "role": "attendee",
            "ticket_type": None,
        }
        me = (await api.organizer.get("/api/me")).json()
        assert (me["role"], me["id"].startswith("org_")) == ("organizer", True)

    @pytest.mark.parametrize(
        "header",
        [
            "Bearer",
            "Bearer ",
            "Bearer nonsense",
            "Bearer rst_" + "A" * 43,
            "Bearer rst_" + "A" * 10_000,
            "Basic YWRhOnNlY3JldA==",
            "rst_without_scheme",
            "Bearer \u00e9",
        ],
    )
    async def test_that_were_never_issued_are_refused(self, api: Api, header: str) -> None:
        answer = await api.client.get("/api/me", headers={b"Authorization": header.encode("latin-1")})
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"].startswith("Bearer")

    async def test_a_single_changed_character_makes_another_token(self, api: Api) -> None:
        token = api.organizer.token
        other = token[:-1] + ("A" if token[-1] != "A" else "B")
        assert (await Caller(api.client, token=other).get("/api/me")).status_code == 401

    async def test_a_bad_token_is_refused_even_where_none_is_needed(self, api: Api) -> None:
        assert (await Caller(api.client, token="rst_bad").get("/api/event")).status_code == 401

    async def test_expire(self, api: Api) -> None:
        now = api.services.now()
        async with api.services.catalog.writing() as db:
            until = now + timedelta(hours=1)
            token = await issue_token(db, "api", now, organizer=api.organizer.id, expires_at=until)
        caller = Caller(api.client, token=token)
        assert (await caller.get("/api/me")).status_code == 200
        api.pass_time(hours=1)
        assert (await caller.get("/api/me")).status_code == 401

    async def test_end_when_they_are_revoked(self, api: Api) -> None:
        ada = await api.registrant()
        ben = await api.registrant("Ben")
        link = await link_token(api, ada)
        assert (await sign_in(api, link)).status_code == 200
        assert (await api.organizer.delete(f"/api/registrants/{ada.id}/tokens")).status_code == 204
        assert (await ada.get("/api/me")).status_code == 401
        assert (await api.client.get("/api/me")).status_code == 401
        assert (await sign_in(api, link)).status_code == 401
        assert (await ben.get("/api/me")).status_code == 200

    async def test_have_one_purpose_each(self, api: Api) -> None:
        ada = await api.registrant()
        link = await link_token(api, ada)
        assert (await Caller(api.client, token=link).get("/api/me")).status_code == 401
        assert (await sign_in(api, ada.token)).status_code == 401
        await sign_in(api, link)
        cookie = api.client.cookies[COOKIE]
        api.client.cookies.clear()
        assert (await Caller(api.client, token=cookie).get("/api/me")).status_code == 401
        assert (await api.client.get("/api/me", headers={"Cookie": f"{COOKIE}={ada.token}"})).status_code == 401

    async def test_are_not_kept_in_clear(self, api: Api) -> None:
        ada = await api.registrant()
        link = await link_token(api, ada)
        await sign_in(api, link)
        stored = b"".join(each.read_bytes() for each in api.services.settings.data.glob("catalog.sqlite*"))
        for secret in (ada.token, link, api.client.cookies[COOKIE], api.organizer.token):
            assert secret.encode() not in stored


class TestSignInLinks:
    async def test_sign_a_browser_in_with_a_cookie_that_scripts_cannot_read(self, api: Api) -> None:
        ada = await api.registrant("Ada Lovelace")
        answer = await sign_in(api, await link_token(api, ada))
        assert answer.status_code == 200
        assert answer.json()["id"] == ada.id
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/" in cookie
        assert "Secure" not in cookie
        assert (await api.client.get("/api/me")).json()["name"] == "Ada Lovelace"

    async def test_carry_the_token_where_no_server_sees_it(self, api: Api) -> None:
        ada = await api.registrant()
        answer = await api.organizer.post(f"/api/registrants/{ada.id}/token")
        link = urlsplit(answer.json()["sign_in_link"])
        assert (f"{link.scheme}://{link.netloc}", link.path, link.query) == (ORIGIN, "/signin", "")
        assert answer.json()["expires_at"] == "2026-03-31T12:00:00Z"

    async def test_can_be_opened_again_until_they_expire(self, api: Api) -> None:
        link = await link_token(api, await api.registrant())
        assert (await sign_in(api, link)).status_code == 200
        assert (await sign_in(api, link)).status_code == 200
        api.pass_time(days=30)
        assert (await sign_in(api, link)).status_code == 401

    @pytest.mark.parametrize("token", ["", "nonsense", "rst_" + "A" * 43, "x" * 200, None, 7])
    async def test_that_are_wrong_sign_nobody_in(self, api: Api, token: Any) -> None:
        answer = await sign_in(api, token)
        assert answer.status_code in (401, 422)
        assert "set-cookie" not in answer.headers

    async def test_under_https_the_cookie_is_for_https_only(self, api: Api) -> None:
        link = await link_token(api, await api.registrant())
        answer = await api.client.post("https://rooms.test/api/signin", json={"token": link})
        assert "Secure" in answer.headers["set-cookie"]


class TestCookies:
    async def signed_in(self, api: Api) -> None:
        assert (await sign_in(api, await link_token(api, await api.registrant()))).status_code == 200

    async def test_expire(self, api: Api) -> None:
        await self.signed_in(api)
        api.pass_time(days=13)
        assert (await api.client.get("/api/me")).status_code == 200
        api.pass_time(days=2)
        assert (await api.client.get("/api/me")).status_code == 401

    async def test_end_with_signing_out(self, api: Api) -> None:
        await self.signed_in(api)
        cookie = api.client.cookies[COOKIE]
        answer = await api.client.post("/api/signout")
        assert answer.status_code == 204
        assert COOKIE not in api.client.cookies
        assert (await api.client.get("/api/me", headers={"Cookie": f"{COOKIE}={cookie}"})).status_code == 401

    async def test_that_are_no_good_count_as_none(self, api: Api) -> None:
        api.client.cookies.set(COOKIE, "nonsense")
        assert (await api.client.get("/api/event")).status_code == 200
        assert (await api.client.get("/api/me")).status_code == 401

    async def test_a_bearer_token_counts_more(self, api: Api) -> None:
        await self.signed_in(api)
        assert (await api.organizer.get("/api/me")).json()["role"] == "organizer"

    @pytest.mark.parametrize(
        ("headers", "allowed"),
        [
            ({"Origin": ORIGIN}, True),
            ({"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}, True),
            ({}, True),
            ({"Origin": "https://evil.example"}, False),
            ({"Origin": "null"}, False),
            ({"Origin": "http://rooms.test.evil.example"}, False),
            ({"Origin": "https://rooms.test"}, False),
            ({"Origin": "http://rooms.test:8080"}, False),
            ({"Sec-Fetch-Site": "cross-site"}, False),
            ({"Sec-Fetch-Site": "same-site", "Origin": "http://other.rooms.test"}, False),
        ],
    )
    async def test_writes_with_them_must_come_from_our_own_pages(
        self, api: Api, headers: dict[str, str], allowed: bool
    ) -> None:
        path = await api.session("Opening")
        await self.signed_in(api)
        answer = await api.client.post(f"{path}/join", headers=headers)
        assert answer.status_code == (200 if allowed else 403)
        if not allowed:
            assert answer.json()["code"] == "foreign_origin"
        assert (await api.client.get(path, headers=headers)).status_code == 200

    async def test_signing_in_from_another_site_is_refused(self, api: Api) -> None:
        link = await link_token(api, await api.registrant())
        assert (await sign_in(api, link, Origin="https://evil.example")).status_code == 403


async def test_behind_a_public_address_links_and_rooms_carry_it(tmp_path: Any) -> None:
    from tests.support.api import running_api

    async with running_api(tmp_path, public_url="https://rooms.example.org/") as api:
        ada = await api.registrant()
        path = await api.session("Opening")
        assert (await ada.post(f"{path}/join")).json()["url"] == "wss://rooms.example.org/ws"
        answer = await api.organizer.post(f"/api/registrants/{ada.id}/token")
        assert answer.json()["sign_in_link"].startswith("https://rooms.example.org/signin#")
        signed = await sign_in(
            api, urlsplit(answer.json()["sign_in_link"]).fragment, Origin="https://rooms.example.org"
        )
        assert signed.status_code == 200
        assert "Secure" in signed.headers["set-cookie"]
