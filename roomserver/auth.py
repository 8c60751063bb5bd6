"""Passwords, and the slowing of guesses."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from signaling.clock import Clock

_hasher = PasswordHasher()
_hashing = ThreadPoolExecutor(2, thread_name_prefix="password")
"""Each check takes 64 MiB and a core for some 50 ms: never more than two at a time."""


async def hash_password(password: str) -> str:
    """An argon2id hash with its parameters, for storing."""
    return await asyncio.get_running_loop().run_in_executor(_hashing, _hasher.hash, password)


async def password_fits(password: str, stored: str) -> bool:
    """Whether `password` is the one that was hashed."""

    def check() -> bool:
        try:
            return _hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    return await asyncio.get_running_loop().run_in_executor(_hashing, check)


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many wrong guesses are free before waiting begins."""

    free: int
    first_wait: float = 2.0
    longest_wait: float = 900.0


PER_PERSON = Allowance(free=5)
PER_ADDRESS = Allowance(free=50)
"""A whole venue can share one address."""

FORGET_SECONDS = 3600.0
MAX_REMEMBERED = 100_000


@dataclass(slots=True)
class _Guesses:
    wrong: int
    last: float


class GuessGate:
    """Slows the guessing of passwords, per person and per address: after some free tries each wrong one
    doubles the wait. Kept in memory, bounded."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: OrderedDict[tuple[Allowance, str], _Guesses] = OrderedDict()

    def begin(self, person: str, address: str) -> float:
        """Seconds to wait; 0: the guess may be made, and counts as wrong until `right` is called.

        Counting first leaves no gap for many guesses sent at the same moment."""
        now = self._clock.now()
        keys = self._keys(person, address)
        wait = max(self._wait(key, now) for key in keys)
        if wait == 0:
            for key in keys:
                self._count(key, now)
        return wait

    def right(self, person: str, address: str) -> None:
        """The guess was right: the person starts afresh, and the address gets its try back."""
        mine, shared = self._keys(person, address)
        self._known.pop(mine, None)
        if (entry := self._known.get(shared)) is not None:
            entry.wrong = max(0, entry.wrong - 1)

    def _keys(self, person: str, address: str) -> Sequence[tuple[Allowance, str]]:
        return (PER_PERSON, f"person {person}"), (PER_ADDRESS, f"address {address}")

    def _wait(self, key: tuple[Allowance, str], now: float) -> float:
        entry = self._known.get(key)
        if entry is None or now - entry.last >= FORGET_SECONDS:
            return 0.0
        over = entry.wrong - key[0].free
        if over < 0:
            return 0.0
        pause = min(key[0].longest_wait, key[0].first_wait * 2.0 ** min(over, 32))
        return max(0.0, entry.last + pause - now)

    def _count(self, key: tuple[Allowance, str], now: float) -> None:
        entry = self._known.get(key)
        if entry is None or now - entry.last >= FORGET_SECONDS:
            entry = self._known[key] = _Guesses(0, now)
        entry.wrong += 1
        entry.last = now
        self._known.move_to_end(key)
        while len(self._known) > MAX_REMEMBERED:
            self._known.popitem(last=False)
