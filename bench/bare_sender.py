"""The bare limit of a fan-out: a process that holds N sockets and sends them the same bytes in a plain loop.

Run by `bench.fanout`: `python -m bench.bare_sender N` prints its port, accepts N connections, says "ready",
and then sends each line of its input, read as hexadecimal, to all of them.
"""

from __future__ import annotations

import gc
import socket
import sys


def main() -> None:
    count = int(sys.argv[1])
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        print(listener.getsockname()[1], flush=True)
        sockets = [_accept(listener) for _ in range(count)]
    gc.freeze()
    print("ready", flush=True)
    for line in sys.stdin.buffer:
        data = bytes.fromhex(line.decode())
        for sock in sockets:
            sock.send(data)


def _accept(listener: socket.socket) -> socket.socket:
    sock, _ = listener.accept()
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setblocking(False)
    return sock


if __name__ == "__main__":
    main()
