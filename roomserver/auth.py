"""Secrets, passwords, and the slowing of guesses."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from signaling.clock import Clock

SECRET_BYTES = 32

_hasher = PasswordHasher()
_hashing = asyncio.Semaphore(2)
"""Each check takes 64 MiB and a core for some 50 ms: never more than two at a time."""


def load_secret(file: Path) -> bytes:
    """The server's one secret key, made on first use, readable by its owner only.

    Safe when two processes ask at the same time: the file appears complete or not at all. Raises OSError."""
    if not file.exists():
        draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_hex(SECRET_BYTES))
            handle.flush()
            os.fsync(handle.fileno())
        try:
            os.link(draft, file)
        except FileExistsError:
            pass  # another process was first, and its key is the one that counts
        finally:
            draft.unlink()
    return bytes.fromhex(file.read_text(encoding="ascii").strip())


async def hash_password(password: str) -> str:
    """An argon2id hash with its parameters, for storing."""
    async with _hashing:
        return await asyncio.to_thread(_hasher.hash, password)


async def password_fits(password: str, stored: str) -> bool:
    """Whether `password` is the one that was hashed."""

    def check() -> bool:
        try:
            return _hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async with _hashing:
        return await asyncio.to_thread(check)


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
