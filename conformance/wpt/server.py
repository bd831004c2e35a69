"""The WebSocket server of web-platform-tests: the pywebsocket3 and the handlers of the checkout."""

import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time


@contextlib.contextmanager
def started(checkout, log_path):
    """Two servers while the block runs; gives their ports, `ws` and `wss`."""
    with tempfile.TemporaryDirectory() as folder, open(log_path, "w", encoding="utf-8") as log:
        file = pathlib.Path(folder) / "ports"
        process = subprocess.Popen([sys.executable, __file__, str(checkout), str(file)],
                                   stdout=log, stderr=log)
        try:
            while not file.exists():
                if process.poll() is not None:
                    raise SystemExit(f"failed: the WebSocket server, see {log_path}")
                time.sleep(0.05)
            plain, tls = file.read_text(encoding="utf-8").split()
            yield {"ws": plain, "wss": tls}
        finally:
            process.kill()
            process.wait()


def serve(checkout, file):
    """Listens on two free ports of loopback, and writes them to `file`."""
    sys.path[:0] = [str(checkout / "tools/third_party/pywebsocket3"), str(checkout / "tools"),
                    str(checkout / "tools/wptserve"), str(checkout)]
    from pywebsocket3 import standalone  # pylint: disable=import-outside-toplevel
    import threading

    servers = []
    for tls in (False, True):
        args = ["-H", "127.0.0.1", "-p", "0", "-d", str(checkout),
                "-w", str(checkout / "websockets/handlers")]
        if tls:
            certificates = checkout / "tools/certs"
            args += ["--tls", "--private-key", str(certificates / "web-platform.test.key"),
                     "--certificate", str(certificates / "web-platform.test.pem")]
        options, _ = standalone._parse_args_and_config(args)  # as the checkout's own `serve` does
        options.cgi_directories = []
        options.is_executable_method = None
        listener = standalone.WebSocketServer(options)
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        servers.append(listener)
    ports = [str(listener._sockets[0][0].getsockname()[1]) for listener in servers]
    temporary = file.with_suffix(".new")
    temporary.write_text(" ".join(ports), encoding="utf-8")
    temporary.rename(file)
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)


if __name__ == "__main__":
    serve(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
