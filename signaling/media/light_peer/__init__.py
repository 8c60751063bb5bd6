"""Cheap client peers for load and tests: they speak ICE, DTLS-SRTP and RTP as browsers do, and send clips.

Nothing here serves a room; the media worker and its clients meet only over UDP.
"""

from signaling.media.light_peer.clip import (
    COLOURS,
    AudioClip,
    VideoClip,
    camera_layers,
    chroma_of,
    colour_of,
    tone_clip,
    video_clip,
)
from signaling.media.light_peer.connection import LightConnection, Loss
from signaling.media.light_peer.picture import PictureDecoder
from signaling.media.light_peer.publisher import LightPublisher
from signaling.media.light_peer.slot import Slot
from signaling.media.light_peer.watcher import LightWatcher

__all__ = [
    "COLOURS",
    "AudioClip",
    "LightConnection",
    "LightPublisher",
    "LightWatcher",
    "Loss",
    "PictureDecoder",
    "Slot",
    "VideoClip",
    "camera_layers",
    "chroma_of",
    "colour_of",
    "tone_clip",
    "video_clip",
]
