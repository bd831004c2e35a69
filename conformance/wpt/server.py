"""The WebSocket servers of web-platform-tests: the pywebsocket3, the HTTP/2 server and the handlers of
the checkout, with the packages that it brings along."""

import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time


@contextlib.contextmanager
def started(checkout, log_path):
    """Three servers while the block runs; gives their ports: `ws`, `wss` and `h2`."""
    with tempfile.TemporaryDirectory() as folder, open(log_path, "w", encoding="utf-8") as log:
        file = pathlib.Path(folder) / "ports"
        process = subprocess.Popen([sys.executable, __file__, str(checkout), str(file)],
                                   stdout=log, stderr=log)
        try:
            while not file.exists():
                if process.poll() is not None:
                    raise SystemExit(f"failed: the WebSocket server, see {log_path}")
                time.sleep(0.05)
            yield dict(zip(("ws", "wss", "h2"), file.read_text(encoding="utf-8").split()))
        finally:
            process.kill()
            process.wait()


def serve(checkout, file):
    """Listens on three free ports of loopback, and writes them to `file`."""
    tools = ["third_party/pywebsocket3", "third_party/h2/src", "third_party/hpack/src",
             "third_party/hyperframe/src", "", "wptserve", ".."]
    sys.path[:0] = [str(checkout / "tools" / name) for name in tools]
    # pylint: disable=import-outside-toplevel
    from pywebsocket3 import standalone
    from wptserve import server as wptserve
    import threading

    handlers = str(checkout / "websockets/handlers")
    key, certificate = (str(checkout / "tools/certs" / f"web-platform.test.{kind}")
                        for kind in ("key", "pem"))

    servers = []
    for tls in (False, True):
        args = ["-H", "127.0.0.1", "-p", "0", "-d", str(checkout),
                "-w", handlers]
        if tls:
            args += ["--tls", "--private-key", key, "--certificate", certificate]
        options, _ = standalone._parse_args_and_config(args)  # as the checkout's own `serve` does
        options.cgi_directories = []
        options.is_executable_method = None
        listener = standalone.WebSocketServer(options)
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        servers.append(listener)
    wptserve.H2Connection = with_room(wptserve.H2Connection, wptserve.SettingCodes)
    http2 = wptserve.WebTestHttpd(
        host="127.0.0.1", port=0, handler_cls=wptserve.Http2WebTestRequestHandler,
        doc_root=str(checkout), ws_doc_root=handlers, use_ssl=True, key_file=key,
        certificate=certificate, http2=True)
    http2.start()
    ports = [str(listener._sockets[0][0].getsockname()[1]) for listener in servers]
    ports.append(str(http2.port))
    temporary = file.with_suffix(".new")
    temporary.write_text(" ".join(ports), encoding="utf-8")
    temporary.rename(file)
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)


def with_room(connection, settings):
    """HTTP/2 connections as the server makes them, with all the room for data that there can be: it
    never makes more (RFC 9113 §6.9), and would stop after 64 KiB."""

    class Connection(connection):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.local_settings.update({settings.INITIAL_WINDOW_SIZE: LARGEST_WINDOW})
            self.local_settings.acknowledge()

        def initiate_connection(self):
            super().initiate_connection()
            self.increment_flow_control_window(LARGEST_WINDOW - self.inbound_flow_control_window)

    return Connection


# In bytes.
LARGEST_WINDOW = 2**31 - 1


if __name__ == "__main__":
    serve(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
