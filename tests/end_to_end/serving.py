# SPDX-License-Identifier: MIT
"""Asks a running `kstruct serve` and looks at what comes back.

usage: serving.py URL CHECK [ARGUMENT...]
"""
import gzip
import http.client
import json
import os
import pathlib
import socket
import sys
import urllib.parse

url = urllib.parse.urlsplit(sys.argv[1])


def fail(text):
    sys.exit("FAILED: " + text)


def expect(condition, text):
    if not condition:
        fail(text)


def ask(path, method="GET", body=None, **headers):
    """The answer's status, headers (by their names in lower case) and contents."""
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    contents = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, contents


def raw(request):
    """What comes back for these bytes until the server closes or says no more."""
    with socket.create_connection((url.hostname, url.port), timeout=30) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
        except OSError:  # it was closed meanwhile
            return b""
    return received


def is_alive():
    expect(ask("/health")[0] == 200, "the server does not answer any more")


def check_site(directory):
    """Every page of the static site is the same when it is asked for."""
    count = 0
    for file in sorted(pathlib.Path(directory).rglob("*")):
        name = str(file.relative_to(directory))
        if not file.is_file() or name in ("index.html", "search.js", "changes.html"):
            continue
        if file.suffix not in (".html", ".css", ".svg", ".xml", ".txt") or name.startswith((".", "search/")):
            continue
        status, _, contents = ask("/" + urllib.parse.quote(name))
        expect(status == 200, f"{name}: {status}")
        expect(contents == file.read_bytes(), f"{name} is another page")
        count += 1
    expect(count > 20, f"only {count} pages were compared")


def check_rules():
    """What HTTP asks of a server, and what nobody should send."""
    page = "/struct/device.html"
    status, headers, contents = ask(page)
    expect(status == 200 and headers["content-type"].startswith("text/html"), "no page")
    expect("script-src 'self'" in headers["content-security-policy"], "no policy")
    tag = headers["etag"]
    expect(ask(page, if_none_match=tag)[0] == 304, "a known page is sent again")
    expect(ask(page, if_none_match=f'"x", W/{tag}')[0] == 304, "a list of tags is not understood")
    expect(int(ask(page, if_none_match=tag)[1]["content-length"]) == len(contents), "304 has another length")
    expect(ask(page, if_none_match='"other"')[0] == 200, "an unknown tag is known")
    status, headers, empty = ask(page, "HEAD")
    expect(status == 200 and not empty, "HEAD has contents")
    expect(int(headers["content-length"]) == len(contents), "HEAD has another length")
    status, headers, packed = ask(page, accept_encoding="br, gzip")
    expect(headers.get("content-encoding") == "gzip", "gzip is not taken")
    expect(gzip.decompress(packed) == contents, "gzip has other contents")
    expect(headers["etag"] != tag, "two forms have one tag")
    expect("content-encoding" not in ask(page, accept_encoding="gzip;q=0")[1], "gzip unasked")
    for method in ("DELETE", "PUT", "PATCH", "OPTIONS", "FOO"):
        status, headers, _ = ask(page, method)
        expect(status == 405 and "GET" in headers["allow"], f"{method}: {status}")
    expect(ask(page, "POST", b"x")[0] == 405, "a page takes contents")
    expect(ask("/api/v2/check")[0] == 405, "check without contents")
    for path in ("/../../etc/passwd", "/struct/../../x", "/struct/%2e%2e%2fx", "/struct/", "/x%00y",
                 "/struct/device.html%00y", "/%00", "/struct/%zz.html", "//", "/kernel/..", "/pair/x..y.html",
                 "/api", "/api/v3/kernels"):
        status, _, contents = ask(path)
        expect(status == 404 and b"root:" not in contents, f"{path}: {status}")
    expect(ask("/compare?before=x&after=y")[0] == 404, "kernels that are not there")
    expect(ask("/compare")[0] == 400, "no kernels")
    expect(ask(page, "POST", b"x", if_none_match="*")[0] == 405, "POST is told that it is known")
    expect(ask("/nowhere", "POST", b"x")[0] == 404, "POST to nowhere")
    expect("content-encoding" not in ask(page, accept_encoding="gzip; q=0.0")[1], "gzip unasked")
    for line in (b"GET ?a HTTP/1.1", b"GET x HTTP/1.1", b"GET * HTTP/1.1"):
        expect(b" 400 " in raw(line + b"\r\nHost: x\r\n\r\n")[:20], f"{line} is answered")
    for target in (b"http://x/health", b"HTTP://x:80/health", b"https://x/health?a=b"):
        expect(b" 200 " in raw(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")[:20],
               f"{target} is not found")
    status, _, feed = ask("/changes.atom")
    expect(status == 200 and b'href="changes.html"' in feed, "no feed")
    # No question looks like another one.
    odd = json.loads(ask("/api/v2/search?q=devic%0Alimit=7")[2])
    expect(odd["text"] == "devic\nlimit=7" and not odd["found"], "a strange search finds something")
    expect(json.loads(ask("/api/v2/search?q=devic&limit=7")[2])["found"], "another's answer is given")
    for wrong in ("q=a&foo=1", "q=a&q=b", "q=a&limit=2&limit=3"):
        expect(ask("/api/v2/search?" + wrong)[0] == 400, f"{wrong} is answered")
    status, _, told = ask("/api/v2/find?field=a&size=abc")
    expect(status == 400 and b"--" not in told and b"kstruct find" not in told, f"told of options: {told}")
    many = "&".join(f"p{i}=1" for i in range(100))
    expect(ask("/api/v2/search?q=a&" + many)[0] == 400, "100 parameters")
    for request in (b"", b"\0" * 1000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\xff" * 70000,
                    b"GET /" + b"a" * (1 << 20) + b" HTTP/1.1\r\n\r\n",
                    b"GET / HTTP/1.1\r\nX: " + b"b" * (1 << 20) + b"\r\n\r\n",
                    b"POST /api/v2/check HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nabc",
                    b"POST /api/v2/check HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"):
        answer = raw(request)
        expect(b" 200 " not in answer[:20], f"{request[:40]} is answered")
        is_alive()


def check_limits():
    """Large contents, connections that are opened and left, and who reads slowly."""
    expect(ask("/api/v2/check", "POST", b"x" * (1 << 20))[0] == 400, "1 MB of nothing")
    expect(ask("/api/v2/check", "POST", b"x" * (9 << 20))[0] == 413, "9 MB are taken")
    left = [socket.create_connection((url.hostname, url.port)) for _ in range(300)]
    for connection in left[:100]:
        connection.sendall(b"GET /struct/dev")
    is_alive()
    slow = left[200:]
    for connection in slow:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"GET /api/v2/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n")
    for connection in slow:
        connection.recv(10)
    is_alive()
    for connection in left:
        connection.close()
    numbers = ask("/metrics")[2].decode()
    expect('kstruct_http_answers_total{status="4xx"} ' in numbers, "no metrics: " + numbers)


def check_interface(old, new):
    """Every address that openapi.json has, by the schemas that it names."""
    import jsonschema

    description = json.loads(ask("/api/v2/openapi.json")[2])
    schemas = {}

    def schema_of(answer):
        name = answer["content"]["application/json"]["schema"]["$ref"]
        if name not in schemas:
            schemas[name] = json.loads(ask("/api/v2/" + name)[2])
        return schemas[name]

    list_of_fields = b"device.id\ndevice.nosuch\n"
    questions = {
        "/kernels": [("", 200)],
        "/definition/{kind}/{name}": [("struct/device", 200), ("enum/color", 200), ("int/int", 200),
                                      ("typedef/atomic_t", 200), ("struct/nosuch", 404),
                                      ("nosuch/device", 404)],
        "/search": [("?q=device", 200), ("?q=device.header.l&limit=3", 200), ("?q=o", 200), ("?q=zzzz", 200),
                    ("?q=%22%27%25_%2A", 200), ("?q=" + "a" * 2000, 200), ("", 400), ("?q=a&limit=0", 400)],
        "/offsets": [("?path=device.lock.owner&path=enum%20color.BLUE", 200),
                     (f"?path=device&kernel={old}&kernel={new}", 200), ("?path=device.nosuch", 404),
                     ("?path=device&kernel=nosuch", 404), ("?path=device&kernel=running", 404),
                     ("?path=-h", 400), ("?path=device&foo=1", 400), ("?path=", 400), ("?path=%20", 400), ("", 400),
                     ("?path=device&image=vmlinux&image=all", 400), ("?path=" + "a" * 5000, 400)],
        "/diff": [(f"?before={old}&after={new}", 200), (f"?before={new}&after={old}&name=device", 200),
                  (f"?before={old}&after={old}", 200), (f"?before={old}", 400), (f"?before={old}&after={new}&name=%20", 400),
                  (f"?before={old}&after=nosuch", 404), (f"?before={old}&after={new}&name=nosuch", 400)],
        "/find": [("?embeds=lock&kind=struct", 200), ("?field=nosuch", 200), ("?points-to=device&deep=1", 200),
                  ("?size=1-8", 200), ("?size=x", 400), ("?deep=2&embeds=lock", 400), ("", 400)],
        "/check": [("", 200), (f"?kernel={old}", 200), ("?kernel=nosuch", 404)],
        "/openapi.json": [("", 200)],
        "/schemas/{name}.schema.json": [("error", 200), ("nosuch", 404)],
    }
    expect(set(description["paths"]) == set(questions), "other addresses are described than are asked for")
    for path, asked in questions.items():
        (method, operation), = description["paths"][path].items()
        for words, wanted in asked:
            if "{kind}" in path:
                address = "/definition/" + words
            elif "{name}" in path:
                address = f"/schemas/{words}.schema.json"
            else:
                address = path + words
            body = list_of_fields if method == "post" else None
            status, _, contents = ask("/api/v2" + address, method.upper(), body)
            expect(status == wanted, f"{address[:100]}: {status} instead of {wanted}: {contents[:300]}")
            document = json.loads(contents)
            described = operation["responses"][str(status)]
            if "schema" in described["content"]["application/json"]:
                jsonschema.validate(document, schema_of(described))
    found = json.loads(ask("/api/v2/search?q=device.header.l")[2])["found"]
    expect(found[0]["address"] == "struct/device.html#field-header.length", f"found {found}")
    checked = json.loads(ask("/api/v2/check", "POST", list_of_fields)[2])
    expect(checked["lists"][0]["file"] == "contents", "the contents have another name")
    expect("/dev/fd" not in json.dumps(checked), "a path of the server is told")


def check_many(count):
    """So many connections, opened and left: afterwards all is as before."""
    import resource

    resource.setrlimit(resource.RLIMIT_NOFILE, (int(count) + 100,) * 2)
    left = []
    for _ in range(int(count)):
        connection = socket.socket()
        connection.setblocking(False)
        connection.connect_ex((url.hostname, url.port))
        left.append(connection)
    for connection in left:
        connection.close()
    is_alive()


checks = {name[len("check_"):]: value for name, value in dict(globals()).items() if name.startswith("check_")}
checks[sys.argv[2]](*sys.argv[3:])
os.write(1, b"fine\n")
