import pytest

from roomserver.bots.figures import Figures, MediaFigures, Spread, spread


def test_nothing_measured_is_all_zero() -> None:
    assert spread([]) == Spread(0, 0.0, 0.0, 0.0)


def test_percentiles_are_milliseconds_by_nearest_rank() -> None:
    assert spread([n / 1000 for n in range(100, -1, -1)]) == Spread(101, 50.0, 99.0, 100.0)


def test_the_spread_of_an_update_runs_from_the_first_bot_that_had_it() -> None:
    figures = Figures()
    for version, now in ((7, 1.0), (7, 1.5), (8, 2.0), (7, 3.0), (8, 2.25)):
        figures.updated(version, now)
    assert figures.updates == 5
    assert list(figures.spreads) == [0.5, 2.0, 0.25]


def test_only_recent_versions_are_remembered() -> None:
    figures = Figures()
    for version in range(1000):
        figures.updated(version, float(version))
    figures.updated(0, 5000.0)
    assert list(figures.spreads) == []
    figures.updated(999, 1000.0)
    assert list(figures.spreads) == [1.0]


@pytest.mark.parametrize(("received", "lost", "share"), [(0, 0, 0.0), (99, 1, 0.01), (0, 5, 1.0)])
def test_loss_is_a_share_of_what_was_expected(received: int, lost: int, share: float) -> None:
    assert MediaFigures(1, 1, 0, received, lost, 0, {}, spread([])).loss == pytest.approx(share)
