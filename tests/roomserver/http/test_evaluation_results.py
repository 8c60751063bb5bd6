"""Evaluations in the dashboard: which sessions have one, what was answered, and taking one away."""

from __future__ import annotations

from typing import Any

from tests.support.api import Api

QUESTIONS: list[dict[str, Any]] = [
    {"id": "how", "kind": "rating", "title": "How was it?", "required": True},
    {"id": "again", "kind": "choice", "title": "Again?", "choices": ["Yes", "No"]},
    {"id": "words", "kind": "text", "title": "What else?"},
]


async def answered(api: Api, *answers: dict[str, Any], title: str = "Talk") -> str:
    """A session whose evaluation these people answered; its path."""
    session = await api.session(title)
    assert (await api.organizer.put(f"{session}/evaluation", {"questions": QUESTIONS})).status_code == 201
    await api.organizer.post(f"{session}/evaluation/unlock")
    for number, given in enumerate(answers):
        person = await api.registrant(f"Person {number}")
        assert (await person.post(f"{session}/evaluation/answers", {"answers": given})).status_code == 201
    return session


async def test_results_are_counted_by_question(api: Api) -> None:
    session = await answered(api, {"how": 5, "again": "Yes", "words": "Lovely"}, {"how": 4, "again": "Yes"}, {"how": 2})
    results = (await api.organizer.get(f"{session}/evaluation/results")).json()
    assert results["answered"] == 3
    rating, choice, text = results["questions"]
    assert (rating["average"], rating["answered"]) == (3.67, 3)
    assert rating["counts"] == {"1": 0, "2": 1, "3": 0, "4": 1, "5": 1}
    assert (choice["counts"], choice["average"]) == ({"Yes": 2, "No": 0}, None)
    assert (text["texts"], text["counts"], text["answered"]) == (["Lovely"], {}, 1)


async def test_an_evaluation_without_answers_has_results_too(api: Api) -> None:
    results = (await api.organizer.get(f"{await answered(api)}/evaluation/results")).json()
    assert results["answered"] == 0
    assert results["questions"][0]["average"] is None


async def test_sessions_with_an_evaluation_are_listed_by_title(api: Api) -> None:
    await api.session("Without")
    for title in ("Zebra", "apple", "Mango"):
        await answered(api, {"how": 1}, title=title)
    first = (await api.organizer.get("/api/evaluations?limit=2")).json()
    rest = (await api.organizer.get(f"/api/evaluations?limit=2&cursor={first['next']}")).json()
    assert [each["title"] for each in first["items"] + rest["items"]] == ["apple", "Mango", "Zebra"]
    assert rest["next"] is None
    assert {(each["questions"], each["answered"], each["open"]) for each in first["items"]} == {(3, 1, True)}
    assert (await api.organizer.get("/api/evaluations?cursor=bad")).status_code == 422


async def test_an_evaluation_nobody_answered_is_deleted_at_once(api: Api) -> None:
    session = await answered(api)
    assert (await api.organizer.delete(f"{session}/evaluation")).status_code == 204
    assert (await api.organizer.get(f"{session}/evaluation")).status_code == 404
    assert (await api.organizer.delete(f"{session}/evaluation")).status_code == 404


async def test_answers_are_lost_only_by_saying_so(api: Api) -> None:
    session = await answered(api, {"how": 1})
    refused = await api.organizer.delete(f"{session}/evaluation")
    assert (refused.status_code, refused.json()["code"]) == (409, "has_answers")
    assert (await api.organizer.get(f"{session}/evaluation/results")).json()["answered"] == 1
    assert (await api.organizer.delete(f"{session}/evaluation?answers=true")).status_code == 204
    assert (await api.organizer.put(f"{session}/evaluation", {"questions": QUESTIONS})).status_code == 201
    assert (await api.organizer.get(f"{session}/evaluation/results")).json()["answered"] == 0
    noted = (await api.organizer.get("/api/audit?kind=evaluation")).json()["items"]
    assert [each["action"] for each in noted] == ["create", "delete", "update", "create"]
