"""The hub: people's connections, the rooms they are in, and what a room remembers.

From a connection to the room and back; `pyproject.toml` holds these layers to their order.

    connection          one WebSocket; with handshake (who may open one), heartbeat, limits, close_codes, wire/
    arrivals            from `hello` into a room; tickets, directory (what the application is asked)
    dispatch            every other message: asking puts it to the room, offers carries SDP to the media plane
    rooms               which rooms run here; conditions (what they share)
    room_task           one mailbox a room: decide, append, answer; journaled_room, journal/
    audience            then tell: publication (the chain of documents), greeting, notices, members, outbox
    room/               the rules, pure
    media/              forwarding, in processes of its own; statements (who is on screen)
    hub                 all of it together, and what the application calls; counters, clock

    client              the Python client, with client_commands and replica
    asyncapi            PROTOCOL.md for machines
"""
