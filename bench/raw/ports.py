# What a connect costs when many ports towards one address are taken (Linux, record 14).
#
#   python3 bench/raw/ports.py [WINDOW]
#
# Opens 19,000 connections to one listener on loopback and tells the mean time of each 2,000. With WINDOW,
# each is kept to that many ports by `IP_LOCAL_PORT_RANGE`, in turn, as sockeye does.
import itertools
import os
import resource
import socket
import struct
import sys
import time

IP_LOCAL_PORT_RANGE = 51
STEP = 2000
COUNT = 19_000


def serve(listener):
    kept = []
    while True:
        kept.append(listener.accept()[0])


def windows(size):
    with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
        first, last = map(int, file.read().split())
    return itertools.cycle(range(first, last - size + 2, size))


def connect(address, starts, size):
    one = socket.socket()
    if starts:
        start = next(starts)
        one.setsockopt(
            socket.IPPROTO_IP, IP_LOCAL_PORT_RANGE, struct.pack("I", (start + size - 1) << 16 | start)
        )
    one.connect(address)
    return one


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    server = os.fork()
    if server == 0:
        serve(listener)
    address = listener.getsockname()
    listener.close()
    starts = windows(size) if size else None
    kept = []
    began = time.monotonic()
    for number in range(1, COUNT + 1):
        kept.append(connect(address, starts, size))
        if number % STEP == 0:
            now = time.monotonic()
            print(f"{number:>6} connections, {(now - began) / STEP * 1e6:>5.0f} us for one of the last")
            began = now
    os.kill(server, 9)


main()
