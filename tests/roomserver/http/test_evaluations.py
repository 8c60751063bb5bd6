"""Evaluations over HTTP: written, opened, answered once, and the results."""

from __future__ import annotations

from typing import Any

import pytest

from roomserver.catalog.bulk.spreadsheets import read_spreadsheet
from tests.support.api import Api, Caller

QUESTIONS: list[dict[str, Any]] = [
    {"id": "how", "kind": "rating", "title": "How was it?", "required": True},
    {"id": "again", "kind": "choice", "title": "Again?", "choices": ["Yes", "No"]},
    {"id": "words", "kind": "text", "title": "=What else?"},
]
FORM = {"questions": QUESTIONS}
TIMES = {"starts_at": "2026-03-01T12:00:00Z", "ends_at": "2026-03-01T13:00:00Z"}
"""The tests' clock stands at 12:00 of that day."""


async def evaluated(api: Api, **fields: Any) -> str:
    """A new session with an evaluation; the evaluation's path."""
    path = f"{await api.session('Talk', **fields)}/evaluation"
    written = await api.organizer.put(path, FORM)
    assert written.status_code == 201, written.text
    return path


async def rewrite(api: Api, path: str, questions: list[dict[str, Any]]) -> int:
    etag = (await api.organizer.get(path)).headers["etag"]
    return (await api.organizer.put(path, {"questions": questions}, headers={"If-Match": etag})).status_code


async def code(caller: Caller, path: str, answers: dict[str, Any]) -> str:
    answer = await caller.post(f"{path}/answers", {"answers": answers})
    return "" if answer.status_code == 201 else str(answer.json()["code"])


async def test_a_form_comes_back_as_it_was_written(api: Api) -> None:
    path = await evaluated(api)
    read = await api.organizer.get(path)
    assert read.json() == {
        "open": False,
        "opens_at": None,
        "questions": [{"required": False, "choices": []} | each for each in QUESTIONS],
        "mine": None,
        "answered": 0,
    }
    assert read.headers["etag"] == '"1"'


async def test_new_questions_get_ids_of_their_own(api: Api) -> None:
    path = f"{await api.session('Talk')}/evaluation"
    assert (await api.organizer.get(path)).status_code == 404
    question = {"kind": "text", "title": "So?"}
    made = (await api.organizer.put(path, {"questions": [question, question]})).json()["questions"]
    assert made[0]["id"] != made[1]["id"]


@pytest.mark.parametrize(
    ("questions", "named"),
    [
        ([], ["questions"]),
        ([{"kind": "text", "title": f"{n}"} for n in range(21)], ["questions"]),
        ([{"kind": "stars", "title": "?"}], ["questions.0.kind"]),
        ([{"kind": "text", "title": " "}], ["questions.0.title"]),
        ([{"kind": "text", "title": "x" * 201}], ["questions.0.title"]),
        ([{"kind": "choice", "title": "?", "choices": ["One"]}], ["questions.0.choices"]),
        ([{"kind": "choice", "title": "?", "choices": ["One", "One"]}], ["questions.0.choices.1"]),
        ([{"kind": "text", "title": "?", "choices": ["One", "Two"]}], ["questions.0.choices"]),
        ([{"id": "a", "kind": "text", "title": "?"}, {"id": "a", "kind": "text", "title": ""}],
         ["questions.1.id", "questions.1.title"]),
    ],
)  # fmt: skip
async def test_faults_of_a_form_are_named(api: Api, questions: list[dict[str, Any]], named: list[str]) -> None:
    answer = await api.organizer.put(f"{await api.session('Talk')}/evaluation", {"questions": questions})
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == named


async def test_two_organizers_do_not_overwrite_each_other(api: Api) -> None:
    path = await evaluated(api)
    assert (await api.organizer.put(path, FORM)).status_code == 428
    assert (await api.organizer.put(path, FORM, headers={"If-Match": '"1"'})).status_code == 200
    late = await api.organizer.put(path, FORM, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    assert [each["id"] for each in late.json()["current"]["questions"]] == ["how", "again", "words"]


@pytest.mark.parametrize("minutes", [0, 3, 15])
async def test_it_opens_by_itself_before_the_end(api: Api, minutes: int) -> None:
    await api.organizer.patch("/api/event", {"evaluation_unlock_minutes": minutes})
    path = await evaluated(api, **TIMES)
    ada = await api.registrant()
    api.pass_time(minutes=60 - minutes, seconds=-1)
    read = (await ada.get(path)).json()
    assert (read["open"], read["opens_at"], read["questions"]) == (False, f"2026-03-01T{_clock(minutes)}Z", None)
    assert await code(ada, path, {"how": 5}) == "not_open"
    api.pass_time(seconds=1)
    assert len((await ada.get(path)).json()["questions"]) == 3
    assert await code(ada, path, {"how": 5}) == ""
    api.pass_time(days=3)
    assert (await ada.get(path)).json()["open"] is True


def _clock(minutes: int) -> str:
    return "13:00:00" if minutes == 0 else f"12:{60 - minutes}:00"


async def test_a_scheduled_session_ends_with_its_last_segment(api: Api) -> None:
    path = await evaluated(api, availability="scheduled")
    assert (await api.organizer.get(path)).json()["opens_at"] is None
    session = path.split("/")[3]
    segment = {"title": "Talk", "starts_at": "2026-03-01T12:00:00Z", "ends_at": "2026-03-01T12:30:00Z"}
    await api.organizer.post("/api/segments", {**segment, "sessions": [session]})
    assert (await api.organizer.get(path)).json()["opens_at"] == "2026-03-01T12:30:00Z"


async def test_a_hand_opens_it_earlier_and_for_good(api: Api) -> None:
    path = await evaluated(api, **TIMES)
    ada = await api.registrant()
    assert (await ada.post(f"{path}/unlock")).status_code == 403
    api.rooms.told.clear()
    opened = await api.organizer.post(f"{path}/unlock")
    assert (opened.status_code, opened.json()["opens_at"]) == (200, "2026-03-01T12:00:00Z")
    assert api.rooms.told == [("evaluation",)]
    api.pass_time(minutes=1)
    assert (await api.organizer.post(f"{path}/unlock")).json()["opens_at"] == "2026-03-01T12:00:00Z"
    assert await code(ada, path, {"how": 1}) == ""


async def test_a_moderator_of_the_session_opens_it_and_reads_the_form_before(api: Api) -> None:
    path = await evaluated(api, share_policy="moderated")
    mona = await api.registrant("Mona")
    assert (await mona.get(path)).json()["questions"] is None
    await api.organizer.put(path.replace("evaluation", "moderators"), {"registrants": [mona.id]})
    assert len((await mona.get(path)).json()["questions"]) == 3
    assert (await mona.post(f"{path}/unlock")).status_code == 200


async def test_everybody_answers_once(api: Api) -> None:
    path = await evaluated(api)
    await api.organizer.post(f"{path}/unlock")
    ada, ben = await api.registrant("Ada"), await api.registrant("Ben")
    answers = {"how": 4, "again": None, "words": "  "}
    first = await ada.post(f"{path}/answers", {"answers": answers})
    assert (first.status_code, first.json()) == (201, {"answers": {"how": 4}, "answered_at": "2026-03-01T12:00:00Z"})
    assert await code(ada, path, {"how": 5}) == "already_answered"
    assert (await ada.get(path)).json()["mine"]["answers"] == {"how": 4}
    assert (await ben.get(path)).json()["mine"] is None
    assert await code(ben, path, {"how": 1}) == ""
    assert await code(api.organizer, path, {"how": 1}) == "not_allowed"
    assert (await api.organizer.get(path)).json()["answered"] == 2


@pytest.mark.parametrize(
    ("answers", "named"),
    [
        ({}, ["answers.how"]),
        ({"how": 6}, ["answers.how"]),
        ({"how": 4.5}, ["answers.how"]),
        ({"how": True, "again": "Maybe"}, ["answers.how", "answers.again"]),
        ({"how": 1, "words": "x" * 2001}, ["answers.words"]),
        ({"how": 1, "words": "a\u0000b"}, ["answers.words"]),
        ({"how": 1, "other": "x"}, ["answers.other"]),
    ],
)
async def test_faults_of_answers_are_named_and_nothing_is_kept(
    api: Api, answers: dict[str, Any], named: list[str]
) -> None:
    path = await evaluated(api)
    await api.organizer.post(f"{path}/unlock")
    ada = await api.registrant()
    refused = await ada.post(f"{path}/answers", {"answers": answers})
    assert refused.status_code == 422
    assert [each["field"] for each in refused.json()["errors"]] == named
    assert await code(ada, path, {"how": 1}) == ""


async def test_a_form_that_would_lose_answers_is_refused(api: Api) -> None:
    path = await evaluated(api)
    how, again, words = QUESTIONS
    assert await rewrite(api, path, [how, again]) == 200
    await api.organizer.post(f"{path}/unlock")
    ada = await api.registrant()
    assert await code(ada, path, {"how": 5, "again": "Yes"}) == ""
    assert await rewrite(api, path, [how]) == 409
    assert await rewrite(api, path, [how, {**again, "choices": ["Yes", "Never"]}]) == 409
    assert await rewrite(api, path, [{**how, "title": "Other words?"}, again, words]) == 200


async def test_results_are_a_spreadsheet_without_formulas(api: Api) -> None:
    path = await evaluated(api)
    await api.organizer.post(f"{path}/unlock")
    ada, ben = await api.registrant("=Ada"), await api.registrant("Ben")
    await ada.post(f"{path}/answers", {"answers": {"how": 4, "words": "+SUM(A1)"}})
    api.pass_time(minutes=1)
    await ben.post(f"{path}/answers", {"answers": {"how": 5, "again": "Yes"}})
    results = await api.organizer.get(f"{path}/results.csv")
    assert results.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in results.headers["content-disposition"]
    assert b'"\'+SUM(A1)"' in results.content
    assert b'"\'=Ada"' in results.content
    rows = [row.cells for row in read_spreadsheet(results.content).rows]
    assert [row[1:] for row in rows] == [
        (ada.id, "=Ada", "4", "", "+SUM(A1)"),
        (ben.id, "Ben", "5", "Yes"),
    ]


async def test_answers_go_with_the_person_and_the_form_with_the_session(api: Api) -> None:
    path = await evaluated(api)
    await api.organizer.post(f"{path}/unlock")
    ada = await api.registrant()
    assert await code(ada, path, {"how": 4}) == ""
    assert (await api.organizer.delete(f"/api/registrants/{ada.id}")).status_code == 204
    assert (await api.organizer.get(path)).json()["answered"] == 0
    assert (await api.organizer.delete(path.removesuffix("/evaluation"))).status_code == 204
    assert (await api.organizer.get(path)).status_code == 404


async def test_a_page_can_ask_whether_there_is_one_without_an_error(api: Api) -> None:
    path = f"{await api.session('Talk')}/evaluation"
    assert (await api.organizer.get(path)).status_code == 404
    assert (await api.organizer.get(f"{path}?if_any=true")).status_code == 204
    assert (await api.organizer.get(f"{path}?if_any=perhaps")).status_code == 422
