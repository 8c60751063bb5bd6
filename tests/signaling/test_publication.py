"""The chain of room documents, and a client's copy of it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from signaling.publication import KEPT_BYTES, KEPT_UPDATES, Publication
from signaling.replica import Replica, apply_patch
from tests.support.merge_patches import patched


def document(**changes: Any) -> dict[str, Any]:
    return {"title": "Talk", "viewers": 0, "waiting": 0, "seats": {}, **changes}


def test_versions_are_the_journals_and_rise_with_every_link() -> None:
    publication = Publication("e", 5, document())
    first = publication.advance(document(viewers=1), 9, now=0.0)
    assert first is not None
    assert (first.base, first.version) == (5, 9)
    # Counters that were held back are told later, at the same place in the journal.
    assert publication.advance(document(viewers=2), 9, now=0.5) is None
    assert publication.held_back
    second = publication.advance(document(viewers=2), 9, now=1.0)
    assert second is not None
    assert (second.base, second.version) == (9, 10)
    assert not publication.held_back
    third = publication.advance(document(viewers=2, title="Edited"), 10, now=1.1)
    assert third is not None
    assert third.version == 11


def test_nothing_new_is_no_link() -> None:
    publication = Publication("e", 1, document())
    assert publication.advance(document(), 2, now=0.0) is None
    assert publication.version == 1


def test_counters_that_are_held_back_do_not_hold_back_the_rest() -> None:
    publication = Publication("e", 1, document())
    publication.advance(document(viewers=1), 2, now=0.0)
    link = publication.advance(document(viewers=2, title="Edited"), 3, now=0.2)
    assert link is not None
    assert link.frames.message["patch"] == {"title": "Edited"}
    assert publication.held_back


def test_links_since_a_joint_are_found_and_anything_else_is_not() -> None:
    publication = Publication("e", 1, document())
    for version in range(2, 6):
        publication.advance(document(title=str(version)), 2 * version, now=0.0)
    assert publication.since("e", 10) == []
    found = publication.since("e", 6)
    assert found is not None
    assert [(link.base, link.version) for link in found] == [(6, 8), (8, 10)]
    for epoch, version in (("e", 5), ("e", 0), ("e", 11), ("other", 10)):
        assert publication.since(epoch, version) is None


def test_what_is_kept_for_those_who_come_back_is_bounded() -> None:
    publication = Publication("e", 1, document())
    for version in range(2, 2 * KEPT_UPDATES):
        publication.advance(document(title=str(version)), version, now=0.0)
    assert len(publication.since("e", publication.version - KEPT_UPDATES) or []) == KEPT_UPDATES
    assert publication.since("e", publication.version - KEPT_UPDATES - 1) is None
    for version in range(1000, 1010):
        publication.advance(document(title=str(version) * (KEPT_BYTES // 12)), version, now=0.0)
    assert len(publication._kept) < 4


values = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
patches = st.recursive(
    st.none() | st.integers() | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(target=values, patch=patches)
def test_a_client_patches_as_the_rfc_says(target: Any, patch: Any) -> None:
    assert apply_patch(target, patch) == patched(target, patch)


def test_a_replica_asks_once_for_a_fresh_state_and_ignores_the_chain_until_it_comes() -> None:
    replica = Replica()
    welcome = {"type": "welcome", "epoch": "e", "version": 3, "room": document(), "you": {}, "resume": "r"}
    assert not replica.take(welcome)
    link = {"type": "update", "doc": "room", "base": 4, "version": 5, "patch": {"title": "New"}}
    assert replica.take(link)
    assert not replica.take({**link, "base": 3})
    assert replica.room == document()
    assert not replica.take({**welcome, "version": 6, "desk": {"requests": {}, "grants": {}}})
    assert replica.desk is not None
    assert not replica.take({**link, "base": 6, "version": 7})
    assert (replica.room, replica.version) == (document(title="New"), 7)
    assert not replica.take({"type": "resumed", "version": 7, "you": {"seats": []}, "resume": "s"})
    assert replica == Replica(replica.room, {"seats": []}, None, "e", 7, "s", lost=False)
