from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.planner import MAX_ROOMS, MAX_VIEWERS, Costs, Node, plan
from capacity.table import MAX_SEATS, ViewerCapTable


@pytest.mark.parametrize(
    ("speakers", "viewers", "admitted", "megabits", "packets", "workers", "cores", "nodes"),
    [
        # seats, viewers -> viewers let in, to one watcher: Mbit/s and packets/s, in all: workers, cores, nodes
        (0, 0, 0, 0.0, 0, 1, 2, 1),
        (1, 100, 100, 1.65, 224, 1, 2, 1),
        (1, 1_000, 1_000, 1.65, 224, 6, 7, 2),
        (1, 5_000, 5_000, 1.65, 224, 27, 28, 9),
        (4, 3_000, 3_000, 4.01, 569, 40, 41, 13),
        (9, 1_500, 1_500, 1.76, 352, 13, 14, 3),
        (16, 1_500, 1_500, 2.56, 467, 17, 18, 4),
        (50, 500, 500, 2.21, 377, 6, 7, 2),
        (50, 5_000, 500, 2.21, 377, 6, 7, 2),
    ],
)
def test_what_a_room_takes(
    *, speakers: int, viewers: int, admitted: int, megabits: float, packets: int, workers: int, cores: int, nodes: int
) -> None:
    found = plan(speakers, viewers)
    assert (found.admitted, found.workers, found.cores, found.nodes) == (admitted, workers, cores, nodes)
    assert found.watcher_bits / 1e6 == pytest.approx(megabits, abs=0.01)
    assert found.watcher_packets == pytest.approx(packets, abs=1)


def test_the_figures_agree_with_what_was_measured_end_to_end() -> None:
    # Fifty tiles at 100 kbit/s and five voices: 1,000 to 1,250 packets a second and about 6 Mbit/s a watcher.
    crowd = plan(50, 0, costs=Costs(shown_tiles=50, large_tiles=0, heard=5))
    assert crowd.watcher_bits / 1e6 == pytest.approx(6, rel=0.15)
    assert 850 < crowd.watcher_packets < 1_250
    # A core at 100 % sends 480 streams of 166 packets a second; at 60 % it serves 290.
    streams = 1e6 / (166 * Costs().packet_out_us)
    assert streams == pytest.approx(480, rel=0.1)
    assert streams * Costs().utilisation == pytest.approx(290, rel=0.1)


def test_viewers_above_the_cap_are_named() -> None:
    found = plan(2, 4_000)
    assert found.admitted == 3_000
    assert found.warnings[0] == "With 2 on screen a room admits 3,000 viewers; 1,000 wait in line."
    assert plan(2, 4_000, caps=ViewerCapTable(((50, 4_000),))).admitted == 4_000


def test_a_room_too_large_for_one_worker_is_named() -> None:
    small, large = plan(1, 100), plan(1, 1_000)
    assert small.warnings == ()
    assert (
        f"one worker, which serves {large.watchers_per_worker:,} such watchers; this room has 1,001."
        in (large.warnings[0])
    )
    assert plan(1, large.watchers_per_worker - 1).warnings == ()


def test_a_network_too_slow_for_one_room_is_named() -> None:
    assert plan(1, 5_000).warnings[-1] == "One such room sends 8.3 Gbit/s, and a node's network takes 1 Gbit/s."
    assert len(plan(1, 5_000, node=Node(gigabits=10)).warnings) == 1


def test_recording_takes_cores_and_disk() -> None:
    plain, recorded = plan(50, 100), plan(50, 100, recorded=True)
    assert (plain.render_cores, plain.capture_gb_hour) == (0, 0)
    assert recorded.render_cores == pytest.approx(1.6)
    assert recorded.capture_gb_hour == pytest.approx(19.5)
    assert recorded.cores == plain.cores + 2
    assert plan(0, 100, recorded=True).render_cores == 0
    # Measured at 1, 4, 9 and 25 tiles.
    for tiles, cores in ((1, 0.66), (4, 0.75), (9, 0.95), (25, 1.20)):
        assert plan(tiles, 0, recorded=True).render_cores == pytest.approx(cores, rel=0.2)


def test_rooms_add_up() -> None:
    one, ten = plan(4, 100), plan(4, 100, rooms=10)
    for figure in ("media_cores", "hub_cores", "bits_up", "bits_down", "join_core_seconds"):
        assert getattr(ten, figure) == pytest.approx(10 * getattr(one, figure))
    assert ten.watcher_bits == one.watcher_bits


def test_an_operators_own_figures_count() -> None:
    assert plan(1, 1_000, costs=Costs(packet_out_us=6.75)).media_cores < plan(1, 1_000).media_cores * 0.6
    assert plan(1, 1_000, node=Node(cores=64, gigabits=10)).nodes == 1


def test_the_assumptions_are_told() -> None:
    told = plan(20, 100).assumptions
    assert told[0] == "A watcher is sent 1 large and 15 small pictures and hears 3 people."
    assert any("60%" in each for each in told)


@pytest.mark.parametrize(
    ("speakers", "viewers", "rooms", "message"),
    [
        (-1, 0, 1, "speakers must be 0 to 50, not -1"),
        (51, 0, 1, "speakers must be 0 to 50, not 51"),
        (1, -1, 1, "viewers must be 0 to 1,000,000, not -1"),
        (1, MAX_VIEWERS + 1, 1, "viewers must be 0 to 1,000,000, not 1,000,001"),
        (1, 1, 0, "rooms must be 1 to 100,000, not 0"),
    ],
)
def test_numbers_out_of_range_are_named(speakers: int, viewers: int, rooms: int, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        plan(speakers, viewers, rooms=rooms)


@given(st.integers(0, MAX_SEATS), st.integers(0, 10_000), st.integers(1, 50), st.booleans())
def test_more_people_never_take_less(speakers: int, viewers: int, rooms: int, recorded: bool) -> None:
    found = plan(speakers, viewers, rooms=rooms, recorded=recorded)
    for more in (
        plan(speakers, viewers + 100, rooms=rooms, recorded=recorded),
        plan(speakers, viewers, rooms=min(rooms + 1, MAX_ROOMS), recorded=recorded),
    ):
        for figure in ("media_cores", "hub_cores", "bits_down", "memory_gb", "workers", "cores", "nodes"):
            assert getattr(more, figure) >= getattr(found, figure)
    assert found.nodes * Node().cores >= found.cores >= found.media_cores + found.hub_cores
