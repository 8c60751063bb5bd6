"""The offers and answers of one connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from signaling.media.forward import Counters, Forwarder
from signaling.media.ice_lite import Candidate
from signaling.media.peers import Peer, PeerHandler, Peers
from signaling.media.sdp import AnsweredSlot, Offer, Transport, build_answer, candidate_line
from signaling.media.tap import Tap


@dataclass(frozen=True, slots=True)
class Carrier:
    """What all connections of a worker share."""

    peers: Peers
    candidates: Callable[[], Sequence[Candidate]]
    forwarder: Forwarder
    counters: Counters
    tap: Tap | None = None
    """Takes what is recorded; None: nothing can be."""


class Negotiation:
    """Ties a connection of a client to its offers: the first one, and later ones on the same connection."""

    def __init__(self, offer: Offer, carrier: Carrier, handler: PeerHandler) -> None:
        self.peer: Peer = carrier.peers.create(offer.fingerprints, handler, server=offer.server)
        self._fingerprint = carrier.peers.certificate.fingerprint
        self._candidates = carrier.candidates
        self._session = offer.session
        self._fingerprints = offer.fingerprints
        self._credentials = (offer.ufrag, offer.password)
        self._server = offer.server
        self._version = 0

    def continues(self, offer: Offer) -> bool:
        """Whether `offer` comes from the same peer connection of the client, and that still lives."""
        if self.peer.is_closed or self._fingerprints != offer.fingerprints:
            return False
        # Browsers keep the id of the o= line, also when they restart ICE; aiortc makes a new one for each offer.
        return self._session == offer.session or self._credentials == (offer.ufrag, offer.password)

    def answer(self, offer: Offer, slots: Mapping[str, AnsweredSlot], *, receive: bool) -> str:
        """Answer the first or a later offer; new credentials of the client restart ICE, and DTLS goes on."""
        self._session = offer.session
        if self._credentials != (offer.ufrag, offer.password):
            self._credentials = (offer.ufrag, offer.password)
            self.peer.restart_ice()
        self._version += 1
        transport = Transport(
            ufrag=self.peer.credentials.ufrag,
            password=self.peer.credentials.password,
            fingerprint=self._fingerprint,
            setup="passive" if self._server else "active",
            candidates=tuple(
                candidate_line(number, each.host, each.port, each.priority)
                for number, each in enumerate(self._candidates(), 1)
            ),
            version=self._version,
        )
        return build_answer(offer, transport, slots, receive=receive)
