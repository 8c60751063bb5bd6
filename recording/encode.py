"""Composed frames and mixed sound -> one block's MP4: H.264 and AAC, counted to the frame and to the sample.

Blocks are made by encoders of their own and yet follow each other without a seam. Pictures need nothing for it:
a block begins with a keyframe. AAC does: each of its frames overlaps the one before, and an encoder that begins with
sound gets the first 1024 samples wrong. So it begins with an AAC frame of silence, before time 0, which the file's edit
list leaves out when playing. (Not with the sound before the block: an encoder's first frame sets its rate control, and
beginning loud costs it a second of twice the error.)
"""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from numpy.typing import NDArray

from recording.timeline import FPS, SAMPLE_RATE, SAMPLES_PER_FRAME

AAC_FRAME = 1024
"""Samples that are coded together."""

GOP_FRAMES = 60
"""A keyframe every 2 s: where players can jump to."""

_VIDEO_TIME = Fraction(1, FPS)
_AUDIO_TIME = Fraction(1, SAMPLE_RATE)
_BT709, _BT601 = 1, 6
"""In ITU-T H.273. Cameras in browsers have the primaries of BT.709, and send in the matrix of BT.601."""
_LIMITED_RANGE = 1

_X264 = {
    "preset": "veryfast",
    "crf": "26",
    # 50 busy tiles take 5 Mbit/s: the ceiling is there for noise, and so that the largest size of a file is known.
    "maxrate": "7500k",
    "bufsize": "15M",
}

_MP4 = {
    "movflags": "+faststart",
    # The edit list counts in these units: milliseconds, which is the default, can't say 1600 samples.
    "movie_timescale": str(SAMPLE_RATE),
}

Samples = NDArray[np.float32]


class BlockEncoder:
    """Writes one block to `target`; call `finish` when all frames are in. A context: an error removes the file.

    With as many `threads` the same input gives the same file. Raises OSError where the file can't be written.
    """

    def __init__(self, target: Path, width: int, height: int, *, threads: int) -> None:
        self.frames = 0
        self._path = target
        self._target = av.open(str(target), "w", format="mp4", options=_MP4)
        self._video = self._target.add_stream("libx264", rate=FPS, options={**_X264, "threads": str(threads)})
        self._video.width, self._video.height, self._video.pix_fmt = width, height, "yuv420p"
        codec = self._video.codec_context
        codec.time_base = _VIDEO_TIME
        codec.gop_size = GOP_FRAMES
        codec.color_primaries = codec.color_trc = _BT709
        codec.colorspace, codec.color_range = _BT601, _LIMITED_RANGE
        self._audio = self._target.add_stream("aac", rate=SAMPLE_RATE, layout="mono")
        self._audio.bit_rate = 128_000
        self._heard = -AAC_FRAME
        self._waiting: Samples = np.zeros(AAC_FRAME, np.float32)

    def add(self, frame: av.VideoFrame, samples: Samples) -> None:
        """The next frame (yuv420p, of the block's size) and the 1600 samples that sound during it.

        The frame's planes may be drawn over as soon as this returns.
        """
        assert samples.shape == (SAMPLES_PER_FRAME,)
        frame.pts, frame.time_base = self.frames, _VIDEO_TIME
        self._target.mux(self._video.encode(frame))
        self.frames += 1
        waiting = np.concatenate((self._waiting, samples))
        whole = len(waiting) - len(waiting) % AAC_FRAME
        for start in range(0, whole, AAC_FRAME):
            self._sound(waiting[start : start + AAC_FRAME])
        self._waiting = waiting[whole:]

    def finish(self) -> None:
        """Write what the encoders still hold, and the index to the file's beginning.

        A last AAC frame that isn't full is told its length; players fill it up with at most 1023 samples of silence.
        """
        if len(self._waiting):
            self._sound(self._waiting)
        self._target.mux(self._video.encode(None))
        self._target.mux(self._audio.encode(None))
        self._target.close()

    def _sound(self, samples: Samples) -> None:
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="fltp", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, _AUDIO_TIME, self._heard
        self._heard += len(samples)
        self._target.mux(self._audio.encode(frame))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._target.close()
            return
        # Removed before it is closed: otherwise all that was written would be moved to make room for an index.
        self._path.unlink(missing_ok=True)
        with suppress(av.FFmpegError):
            self._target.close()
