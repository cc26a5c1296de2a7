# SPDX-License-Identifier: ISC
"""push_fake -- what scenarios for sst-push are made of: servers of their own on
free ports of loopback, events, the tool in a scratch folder, and a main() that
prints TAP. A server is a function of the request: it answers, or does something
worse. BUILD and SRC are set by make."""
import concurrent.futures
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

BUILD = os.environ["BUILD"]
SRC = os.environ["SRC"]
PUSH = BUILD + "/cmd/sst-push"


class Request:
    def __init__(self, method, path, headers, body):
        self.method, self.path = method, path
        self.headers, self.body = headers, body
        self.time = time.monotonic()
        try:
            self.events = json.loads(body)
        except ValueError:
            self.events = None

    @property
    def has_ids(self):
        return isinstance(self.events, list) and all(
            isinstance(e, dict) and "id" in e for e in self.events)

    @property
    def ids(self):
        return [e["id"] for e in self.events]


class Server:
    """answer(self, request, n) returns bytes to send, or None to reset the
    connection; n counts requests from 1. `taken` are the ids of the requests
    that got a whole 2xx."""

    def __init__(self, answer, tls=None):
        self.answer, self.tls = answer, tls
        self.requests, self.taken = [], []
        self.lock = threading.Lock()
        self.done = threading.Event()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.url = "%s://127.0.0.1:%d/hook" % (
            "https" if tls else "http", self.port)
        threading.Thread(target=self.serve, daemon=True).start()

    def silent(self):
        """Never an answer."""
        self.done.wait(30)

    def close(self):
        self.done.set()
        # Closing alone does not wake who accepts.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def serve(self):
        while not self.done.is_set():
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(
                target=self.talk, args=(client,), daemon=True).start()

    def talk(self, client):
        if self.tls:
            try:
                client = self.tls.wrap_socket(client, server_side=True)
            except OSError:
                client.close()
                return
        stream = client.makefile("rb")
        try:
            while True:
                line = stream.readline().decode("latin-1").split()
                if len(line) < 2:
                    break
                headers = {}
                while True:
                    header = stream.readline().decode("latin-1").strip()
                    if not header:
                        break
                    name, _, value = header.partition(":")
                    headers[name.lower()] = value.strip()
                body = stream.read(int(headers.get("content-length", 0)))
                request = Request(line[0], line[1], headers, body)
                with self.lock:
                    self.requests.append(request)
                    n = len(self.requests)
                said = self.answer(self, request, n)
                if said is None:
                    # A reset, not an orderly end.
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                      struct.pack("ii", 1, 0))
                    break
                head, whole = said if isinstance(said, tuple) else (said, True)
                if whole and head.startswith(b"HTTP/1.1 2") \
                        and request.has_ids:
                    with self.lock:
                        self.taken += request.ids
                client.sendall(head)
                if not whole:
                    break
        except OSError:
            pass
        finally:
            stream.close()
            client.close()


def http(status, body=b"", **headers):
    head = "HTTP/1.1 %d X\r\nContent-Length: %d\r\n" % (status, len(body))
    for name, value in headers.items():
        head += "%s: %s\r\n" % (name.replace("_", "-"), value)
    return head.encode() + b"\r\n" + body


def cut(status, promised, body=b"x"):
    """An answer that promises more than comes."""
    return (b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n"
            % (status, promised) + body, False)


def event(n, **more):
    one = {"id": "00000000-0000-8000-8000-%012d" % n,
           "time": "2026-11-24T04:41:46Z", "event": "page_view",
           "host": "ex.org", "path": "/%d" % n}
    one.update(more)
    return one


def events(n):
    return [event(i) for i in range(1, n + 1)]


def lines(of):
    return "".join(json.dumps(e, separators=(",", ":")) + "\n" for e in of)


class Result:
    def __init__(self, process, out, err):
        self.status, self.out, self.err = process.returncode, out, err
        self.stats = None
        for line in err.splitlines():
            if line.startswith('{"tool"'):
                self.stats = json.loads(line)

    def check(self, status, **counts):
        assert self.status == status, (
            "exit %d, not %d: %s" % (self.status, status, self.err))
        s = self.stats
        if counts or s:
            assert s, "no statistics: " + self.err
            assert s["in"] == s["out"] + s["rejected"] + s["dropped"] \
                + s["held"], s
            assert s["held"] == 0, s
        for name, n in counts.items():
            assert s[name] == n, "%s is %d, not %d: %s" % (
                name, s[name], n, self.err)


class Place:
    """A scratch folder and the tool in it."""

    def __init__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="sst-push."))

    def file(self, name, text, mode=0o600):
        path = self.dir / name
        path.write_text(text)
        path.chmod(mode)
        return str(path)

    def start(self, *args, **more):
        return subprocess.Popen(
            [PUSH, "--stats=json", *args], cwd=self.dir, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, **more)

    def run(self, text, *args):
        process = self.start(*args)
        out, err = process.communicate(text, timeout=60)
        return Result(process, out, err)


SCENARIOS = []


def scenario(function, name=None):
    SCENARIOS.append(
        (name or function.__name__.replace("_", " "), function))
    return function


def run_one(function):
    place = Place()
    try:
        begin = time.monotonic()
        function(place)
        if "VERBOSE" in os.environ:
            print("# %.1f s" % (time.monotonic() - begin), file=sys.stderr)
        return None
    except AssertionError as error:
        return str(error) or "assertion failed"
    except Exception as error:  # a broken scenario is a failed one
        return repr(error)
    finally:
        shutil.rmtree(place.dir, ignore_errors=True)


def main():
    only = sys.argv[1:]
    chosen = [s for s in SCENARIOS
              if not only or s[0].replace(" ", "_") in only]
    os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp(prefix="sst-push.")
    os.environ.pop("http_proxy", None)
    print("1..%d" % len(chosen), flush=True)
    # Most of the time is waiting.
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        done = pool.map(lambda one: run_one(one[1]), chosen)
        for n, ((name, _), why) in enumerate(zip(chosen, done), 1):
            print("%sok %d - %s" % ("not " if why else "", n, name))
            if why:
                print("".join("# %s\n" % x for x in why.splitlines()), end="")
            sys.stdout.flush()
    shutil.rmtree(os.environ["XDG_CONFIG_HOME"], ignore_errors=True)
