"""Sign-in links."""

from __future__ import annotations


def sign_in_link(origin: str, token: str, session: str | None = None) -> str:
    """An address that signs a browser in, and leads to a session if one is given.

    The token is in the fragment, which no server, proxy or log gets to see: the page sends it in a request's body,
    in exchange for a cookie that scripts can't read, and takes it out of the address."""
    return f"{origin}/signin{f'?to={session}' if session else ''}#{token}"
