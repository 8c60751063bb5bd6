"""What a command leads to: reads the room, changes nothing, knows no clock. Same room, same command, same answer.

The rules are in one module per subject; this is their table of contents.
"""

from __future__ import annotations

from typing import assert_never

from signaling.room import changes, moderation, presence, recording, sharing, youtube
from signaling.room import commands as c
from signaling.room.outcome import Accepted, Outcome
from signaling.room.presence import next_deadline
from signaling.room.refusals import Refused
from signaling.room.state import Room

__all__ = ["Accepted", "Outcome", "Refused", "decide", "next_deadline"]


def decide(room: Room, command: c.Command, now: float) -> Outcome:
    """Accept a command with the events it leads to, or refuse it; a refusal changes nothing.

    The caller journals the events, then applies each in order. `now` is Unix seconds.
    """
    match command:
        case c.Enter():
            return presence.enter(room, command, now)
        case c.Drop():
            return presence.drop(room, command, now)
        case c.Leave():
            return presence.leave(room, command)
        case c.LoseNode():
            return presence.lose_node(room, command, now)
        case c.Settle():
            return presence.settle(room, now)
        case c.Expel():
            return presence.expel(room, command)
        case c.CloseRoom():
            return presence.close_room(room, command, now)
        case c.StartShare():
            return sharing.start_share(room, command, now)
        case c.StopShare():
            return sharing.stop_share(room, command)
        case c.SetShare():
            return sharing.set_share(room, command)
        case c.SetMediaLive():
            return sharing.set_media_live(room, command)
        case c.OpenRequest():
            return moderation.open_request(room, command, now)
        case c.WithdrawRequest():
            return moderation.withdraw_request(room, command)
        case c.ApproveRequest():
            return moderation.approve_request(room, command, now)
        case c.DeclineRequest():
            return moderation.decline_request(room, command)
        case c.RemoveSeat():
            return moderation.remove_seat(room, command)
        case c.MuteSeat():
            return moderation.mute_seat(room, command)
        case c.ShareYouTube():
            return youtube.share(room, command, now)
        case c.PlayYouTube():
            return youtube.play(room, command, now)
        case c.PauseYouTube():
            return youtube.pause(room, command, now)
        case c.SeekYouTube():
            return youtube.seek(room, command, now)
        case c.StopYouTube():
            return youtube.stop(room, command)
        case c.InterruptRecording():
            return recording.interrupt_recording(room, command, now)
        case c.EndRecording():
            return recording.end_recording(room, command, now)
        case c.ChangeSettings():
            return changes.change_settings(room, command, now)
        case c.ChangeRights():
            return changes.change_rights(room, command)
        case _:
            assert_never(command)
