"""The slowing of guesses, by the clock."""

from __future__ import annotations

from roomserver.auth import FORGET_SECONDS, PER_ADDRESS, PER_PERSON, GuessGate, hash_password, password_fits
from tests.support.api import StillClock


def gate() -> tuple[GuessGate, StillClock]:
    clock = StillClock()
    return GuessGate(clock), clock


def test_the_wait_doubles_with_each_wrong_guess_up_to_a_limit() -> None:
    guesses, clock = gate()
    for _ in range(PER_PERSON.free):
        assert guesses.begin("ada", "here") == 0
    waits = []
    for _ in range(12):
        wait = guesses.begin("ada", "here")
        waits.append(wait)
        clock.time += wait
        assert guesses.begin("ada", "here") == 0
    assert waits[:5] == [2, 4, 8, 16, 32]
    assert waits[-1] == PER_PERSON.longest_wait


def test_an_address_is_slowed_whoever_guesses_from_it() -> None:
    guesses, _ = gate()
    for number in range(PER_ADDRESS.free):
        assert guesses.begin(f"person {number}", "here") == 0
    assert guesses.begin("somebody new", "here") > 0
    assert guesses.begin("somebody new", "elsewhere") == 0


def test_being_right_forgives_the_person_and_gives_the_address_its_try_back() -> None:
    guesses, _ = gate()
    for number in range(PER_ADDRESS.free * 2):
        assert guesses.begin(f"person {number}", "here") == 0
        guesses.right(f"person {number}", "here")


def test_an_hour_without_a_guess_forgets() -> None:
    guesses, clock = gate()
    for _ in range(PER_PERSON.free):
        guesses.begin("ada", "here")
    clock.time += FORGET_SECONDS
    assert guesses.begin("ada", "here") == 0


async def test_passwords_are_kept_hashed_and_salted() -> None:
    first, second = await hash_password("s3cret"), await hash_password("s3cret")
    assert first != second
    assert first.startswith("$argon2id$")
    assert await password_fits("s3cret", first)
    assert not await password_fits("S3cret", first)
    assert not await password_fits("s3cret", "not a hash")
