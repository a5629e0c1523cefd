#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A web server on a free port of 127.0.0.1 that misbehaves to order.

The first part of a path says how, with its argument in the second where it has one (FAULTS, below);
the rest is a file of the directory. /ok/FILE is served as it should be, with ranges, ETag,
Last-Modified and If-Range. What happens "first" happens to the first request for a path only.

Each request is one line of the log, written when its answer has ended:
    METHOD PATH range=RANGE status=STATUS sent=BYTES
where RANGE is what was asked for or -, and BYTES are those of the body that went out. /idle is
answered, and not logged, once no other answer is under way.
"""
import argparse
import hashlib
import http.server
import os
import signal
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.parse

CHUNK = 32 << 10
SHORT_BY = 1000  # how much a Content-Length lies


def fixed_status(status, **headers):
    """Answers with a status only. Header names have _ for -."""

    def answer(request, _name):
        request.send_bytes(
            status, b"", {key.replace("_", "-"): value for key, value in headers.items()}
        )

    return answer


def status_with_retry_after(request, seconds, name):
    """429 first, then fine."""
    if request.is_first():
        request.send_bytes(429, b"", {"Retry-After": seconds})
    else:
        request.send_file(name)


def failures_first(request, count, name):
    if request.earlier < int(count):
        request.send_bytes(503, b"unavailable")
    else:
        request.send_file(name)


def failure_in_the_middle(request, name):
    """A cut, then a 503, then fine."""
    if request.earlier == 1:
        request.send_bytes(503, b"unavailable")
    else:
        request.send_file(name, cut_at=0.5 if request.is_first() else None)


def cut_and_status(request, status, name):
    """Cut in the middle first; then a status that is no failure, and says nothing of the file."""
    if request.is_first():
        request.send_file(name, cut_at=0.5)
    else:
        request.send_bytes(int(status), b"" if status in ("204", "304") else b"no file")


def cut(request, tenths, name):
    request.send_file(name, cut_at=int(tenths) / 10 if request.is_first() else None)


def cut_without_ranges(request, tenths, name):
    cut_at = int(tenths) / 10 if request.is_first() else None
    request.send_file(name, cut_at=cut_at, knows_ranges=False)


def cut_always(request, tenths, name):
    """What is left is cut, each time."""
    request.send_file(name, cut_at=int(tenths) / 10)


def cut_without_validator(request, name):
    request.send_file(name, cut_at=0.5 if request.is_first() else None, has_validator=False)


def reset(request, name):
    """First ends in a TCP reset."""
    request.send_file(name, cut_at=0.5 if request.is_first() else None, resets=request.is_first())


def stall(request, name):
    """Half of it, then nothing."""
    request.send_file(name, cut_at=0.5, stalls=True)


def stall_first(request, name):
    request.send_file(name, cut_at=0.5 if request.is_first() else None, stalls=True)


def silence(request, _name):
    """Takes the request and says nothing."""
    request.pause()


def garbage(request, name):
    """First what is no HTTP: on a connection that is used again, what an answer before had too
    much."""
    if request.is_first():
        request.close_connection = True
        request.wfile.write(b"x" * SHORT_BY)
    else:
        request.send_file(name)


def length_too_large(request, name):
    request.send_file(name, claimed_by=SHORT_BY, knows_ranges=False)


def length_too_small(request, name):
    request.send_file(name, claimed_by=-SHORT_BY, knows_ranges=False)


def no_length(request, name):
    """Neither Content-Length nor chunks: the end of the connection is the end of the body."""
    request.send_file(name, has_length=False, knows_ranges=False)


def no_length_cut(request, name):
    """The same, and the connection ends too early first."""
    request.send_file(
        name,
        cut_at=0.6 if request.is_first() else None,
        has_length=False,
        has_validator=False,
        knows_ranges=False,
    )


def length_of_a_part(request, name):
    """A part of the file as if it were all, at first."""
    body = request.read(name)
    request.send_file(name, body[: len(body) * 6 // 10] if request.is_first() else body)


def chunked_cut(request, name):
    """Chunks, of which the last is missing first."""
    request.send_chunks(name, cut_at=0.5 if request.is_first() else None)


def wrong_range(request, kind, name):
    """Cut in the middle first; then the rest is answered with 206 and something else."""
    first = request.first_byte()
    if first is None or request.is_first():
        request.send_file(name, cut_at=0.5 if request.is_first() else None)
        return
    body = request.read(name)
    rest, start, total = body[first : request.end_byte()], first, len(body)
    if kind == "bytes":
        rest = bytes(byte ^ 0x55 for byte in rest)
    elif kind == "start":
        rest, start = body[first - 100 : request.end_byte()], first - 100
    elif kind == "total":
        rest, total = rest + b"more", total + 4
    elif kind == "short" and request.earlier == 1:
        rest = rest[: len(rest) // 2]
    headers = {"ETag": entity_tag(body)}
    if kind != "none":
        headers["Content-Range"] = "bytes %d-%d/%d" % (start, start + len(rest) - 1, total)
    request.send_bytes(206, rest, headers)


def changed(request, name):
    """Another file first, cut in the middle."""
    if request.is_first():
        request.send_file(name, body=other_bytes(request.read(name)), cut_at=0.5)
    else:
        request.send_file(name)


def changed_without_if_range(request, name):
    """The same, and the rest of the new file is sent although the beginning is the old one's."""
    if request.is_first():
        request.send_file(name, body=other_bytes(request.read(name)), cut_at=0.5)
    else:
        request.send_file(name, heeds_if_range=False)


def range_once(request, name):
    """Ranges are answered the first time only."""
    request.send_file(name, knows_ranges=request.is_first())


def tiny_ranges(request, name):
    """Of each range a byte."""
    first = request.first_byte()
    if first is None:
        request.send_file(name)
        return
    body = request.read(name)
    headers = {
        "ETag": entity_tag(body),
        "Content-Range": "bytes %d-%d/%d" % (first, first, len(body)),
    }
    request.send_bytes(206, body[first : first + 1], headers)


def whole_range(request, name):
    """All of it, as a range that nobody has asked for."""
    body = request.read(name)
    headers = {
        "Last-Modified": request.date_time_string(1500000000),
        "Content-Range": "bytes 0-%d/%d" % (len(body) - 1, len(body)),
    }
    request.send_bytes(206, body, headers)


def refused_range(request, name):
    """Cut in the middle first; then there are no such bytes."""
    if request.first_byte() is not None:
        request.send_bytes(416, b"", {"Content-Range": "bytes */10"})
    else:
        request.send_file(name, cut_at=0.5 if request.is_first() else None)


def html(request, _name):
    page = b"<!DOCTYPE html>\n<html><body>Please log in.</body></html>\n"
    request.send_bytes(200, page, {"Content-Type": "text/html"})


def wrong(request, name):
    request.send_file(name, body=other_bytes(request.read(name)))


def empty(request, _name):
    request.send_bytes(200, b"")


def redirect(status, target):
    """To a URL in which %s is the file's name."""

    def answer(request, name):
        request.send_bytes(status, b"", {"Location": target.replace("%s", name)})

    return answer


def to_http(request, name):
    request.send_bytes(302, b"", {"Location": request.server.options.http + "/ok/" + name})


# The fault, how many arguments it has, and what does it.
FAULTS = {
    "ok": (0, lambda request, name: request.send_file(name)),
    "404": (0, fixed_status(404)),
    "410": (0, fixed_status(410)),
    "403": (0, fixed_status(403)),
    "429": (0, fixed_status(429)),
    "500": (0, fixed_status(500)),
    "429-after": (1, status_with_retry_after),
    "503-then": (1, failures_first),
    "cut-503": (0, failure_in_the_middle),
    "cut-status": (1, cut_and_status),
    "cut": (1, cut),
    "cut-norange": (1, cut_without_ranges),
    "cut-always": (1, cut_always),
    "cut-novalidator": (0, cut_without_validator),
    "reset": (0, reset),
    "stall": (0, stall),
    "stall-first": (0, stall_first),
    "silence": (0, silence),
    "garbage": (0, garbage),
    "long": (0, length_too_large),
    "short": (0, length_too_small),
    "no-length": (0, no_length),
    "no-length-cut": (0, no_length_cut),
    "part-as-all": (0, length_of_a_part),
    "chunked-cut": (0, chunked_cut),
    "range-whole": (0, whole_range),
    "range-once": (0, range_once),
    "range-tiny": (0, tiny_ranges),
    "range-ignored": (0, lambda request, name: cut_without_ranges(request, 5, name)),
    "range-wrong": (1, wrong_range),
    "range-refused": (0, refused_range),
    "changed": (0, changed),
    "changed-rude": (0, changed_without_if_range),
    "html": (0, html),
    "wrong": (0, wrong),
    "empty": (0, empty),
    "there": (0, redirect(303, "/ok/%s")),
    "loop": (0, redirect(302, "/loop/%s")),
    "to-file": (0, redirect(302, "file:///etc/passwd")),
    "to-http": (0, to_http),
}


def entity_tag(body):
    return '"%s"' % hashlib.sha256(body).hexdigest()[:16]


def other_bytes(body):
    """As long, with the same beginning, so that it looks like a package."""
    return body[:64] + bytes(byte ^ 0xFF for byte in body[64:])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self):  # pylint: disable=invalid-name
        if self.path == "/idle":
            self.server.wait_until_idle()
            self.send_bytes(200, b"idle")
            return
        self.sent, self.status = 0, 0
        self.earlier = self.server.count(self.path)
        try:
            self.answer()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            self.server.log_line(
                "%s %s range=%s status=%d sent=%d"
                % (self.command, self.path, self.headers.get("Range", "-"), self.status, self.sent)
            )
            self.server.end()

    def answer(self):
        parts = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path).split("/")[1:]
        count, fault = FAULTS.get(parts[0], (0, fixed_status(404)))
        fault(self, *parts[1 : 1 + count], "/".join(parts[1 + count :]))

    def is_first(self):
        return self.earlier == 0

    def read(self, name):
        with open(os.path.join(self.server.options.directory, name), "rb") as file:
            return file.read()

    def first_byte(self):
        """Where the range that is asked for begins; None if there is none."""
        first, dash, _last = self.headers.get("Range", "").removeprefix("bytes=").partition("-")
        return int(first) if first and dash else None

    def end_byte(self):
        """The byte after that range; None if it goes to the end."""
        last = self.headers.get("Range", "").partition("-")[2]
        return int(last) + 1 if last else None

    def start(self, status, headers):
        self.status = status
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()

    def send_bytes(self, status, body, headers=None):
        self.start(status, {"Content-Length": len(body), **(headers or {})})
        self.write(body)

    def is_unchanged(self, headers):
        condition = self.headers.get("If-Range")
        return condition is None or condition in (headers.get("ETag"), headers.get("Last-Modified"))

    def send_file(
        self,
        name,
        body=None,
        cut_at=None,
        stalls=False,
        resets=False,
        claimed_by=0,
        knows_ranges=True,
        heeds_if_range=True,
        has_validator=True,
        has_length=True,
    ):
        try:
            body = self.read(name) if body is None else body
        except OSError:
            self.send_bytes(404, b"none")
            return
        status, total, headers = 200, len(body), {}
        if has_validator:
            headers["Last-Modified"] = self.date_time_string(1500000000)
            headers["ETag"] = entity_tag(body)
        first = self.first_byte() if knows_ranges else None
        if first is not None and (self.is_unchanged(headers) or not heeds_if_range):
            if first >= total:
                self.send_bytes(416, b"", {"Content-Range": "bytes */%d" % total})
                return
            status, body = 206, body[first : self.end_byte()]
            headers["Content-Range"] = "bytes %d-%d/%d" % (first, first + len(body) - 1, total)
        headers["Accept-Ranges"] = "bytes" if knows_ranges else "none"
        if has_length:
            headers["Content-Length"] = len(body) + claimed_by
        if not has_length or claimed_by or cut_at is not None:
            self.close_connection = True
        self.start(status, headers)
        self.write(body if cut_at is None else body[: int(len(body) * cut_at)])
        if cut_at is not None and stalls:
            self.pause()
        if resets:
            # Without farewell: what is still under way is lost, and a reset sent.
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    def send_chunks(self, name, cut_at=None):
        body = self.read(name)
        self.start(200, {"Transfer-Encoding": "chunked", "ETag": entity_tag(body)})
        end = len(body) if cut_at is None else int(len(body) * cut_at)
        for first in range(0, end, CHUNK):
            piece = body[first : min(first + CHUNK, end)]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.sent += len(piece)
        if cut_at is None:
            self.wfile.write(b"0\r\n\r\n")
        self.close_connection = cut_at is not None

    def write(self, body):
        options = self.server.options
        for first in range(0, len(body), CHUNK):
            piece = body[first : first + CHUNK]
            self.wfile.write(piece)
            self.sent += len(piece)
            if options.rate and (not options.rate_while or os.path.exists(options.rate_while)):
                time.sleep(len(piece) / options.rate)

    def pause(self):
        """Until the client goes."""
        self.close_connection = True
        self.wfile.flush()
        self.connection.settimeout(30)
        try:
            self.connection.recv(1)
        except OSError:
            pass

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, options):
        super().__init__(("127.0.0.1", 0), Handler)
        # A small buffer: what was sent is what the client has got, but for a little.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, CHUNK)
        self.options = options
        self.lock = threading.Condition()
        self.counts = {}
        self.active = 0
        self.log = open(options.log, "a", buffering=1, encoding="utf-8")
        if options.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*options.tls)
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    def count(self, path):
        """How many requests for the path came before."""
        with self.lock:
            self.active += 1
            self.counts[path] = self.counts.get(path, -1) + 1
            return self.counts[path]

    def end(self):
        with self.lock:
            self.active -= 1
            self.lock.notify_all()

    def wait_until_idle(self):
        with self.lock:
            self.lock.wait_for(lambda: self.active == 0, 10)

    def log_line(self, line):
        with self.lock:
            self.log.write(line + "\n")

    def handle_error(self, request, client_address):
        """A client that goes away, or does not like the certificate, is nothing to tell."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("directory")
    parser.add_argument("log")
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"))
    parser.add_argument("--http", default="", help="the URL that to-http leads to")
    parser.add_argument("--rate", type=float, default=0, help="bytes a second and connection")
    parser.add_argument("--rate-while", metavar="FILE", help="only as long as FILE is there")
    parser.add_argument("--seconds", type=int, default=int(os.environ.get("KSTRUCT_TEST_SECONDS", 90)),
                        help="the server's life")
    options = parser.parse_args()
    signal.alarm(options.seconds)
    server = Server(options)
    print("port", server.server_address[1], flush=True)
    server.serve_forever()


main()
