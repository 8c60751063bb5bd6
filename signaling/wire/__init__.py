"""Messages on the wire: bytes to checked values and back, and the types that the AsyncAPI document is made of.

`codec` turns bytes into plain maps and back, within limits; `inbound` are the messages that a client may
say, `outbound` those that the server says.
"""
