# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Ubuntu's kernels by name from an API like Launchpad's: found, listed, and followed by patterns.

# The server reads the file `published` for each request: a line is
#     PACKAGE VERSION SERIES ARCHITECTURE STATUS POCKET DAY
# Its files are those of the directory `site`; while there is a file `hidden`, they are not found. While there is a file `broken` it only says 503.
set_up() {
    mkdir -p site
    : >published
    run_server server.log <<'END'
import hashlib, http.server, json, os, urllib.parse

own = "https://api.launchpad.net/devel"
archive = "/ubuntu/+archive/primary"

def entry(number, line):
    package, version, series, architecture, status, pocket, day = line.split()
    return {
        "self_link": f"{own}{archive}/+binarypub/{number}",
        "binary_package_name": package, "binary_package_version": version,
        "distro_arch_series_link": f"{own}/ubuntu/{series}/{architecture}",
        "status": status, "pocket": pocket, "is_debug": package.endswith("-dbgsym"),
        "date_created": day + "T10:00:00.000000+00:00", "date_superseded": None,
        "source_package_name": "linux",
    }

def is_wanted(publication, query):
    name = publication["binary_package_name"]
    wanted = query["binary_name"]
    series = query.get("distro_arch_series")
    return ((name == wanted if query.get("exact_match") == "true" else wanted in name)
            and query.get("version", publication["binary_package_version"])
                == publication["binary_package_version"]
            and query.get("created_since_date", "") <= publication["date_created"]
            and (series is None or series.endswith(
                publication["distro_arch_series_link"].removeprefix(own))))

def publications():
    with open("published") as lines:
        return [entry(number, line) for number, line in enumerate(lines)]

def page(query):
    found = [each for each in publications() if is_wanted(each, query)]
    if query.get("order_by_date") == "true":
        found.sort(key=lambda each: each["date_created"], reverse=True)
    start, size = int(query.get("ws.start", "0")), min(int(query["ws.size"]), 2)
    answer = {"start": start, "entries": found[start:start + size]}
    if start + size < len(found):
        query["ws.start"] = str(start + size)
        answer["next_collection_link"] = f"{own}{archive}?{urllib.parse.urlencode(query)}"
    return answer

def files(number):
    package = publications()[number]
    architecture = package["distro_arch_series_link"].rsplit("/", 1)[1]
    version = package["binary_package_version"]
    name = f"{package['binary_package_name']}_{version}_{architecture}.ddeb"
    with open("site/" + name, "rb") as file:
        content = file.read()
    return [{"url": f"https://launchpad.net{archive}/+files/{name}", "size": len(content),
             "sha1": None, "sha256": hashlib.sha256(content).hexdigest()}]

class handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if os.path.exists("broken"):
            return self.send_error(503)
        if url.path.startswith("/files/") and os.path.exists("hidden"):
            return self.send_error(404)
        if url.path.startswith("/files/"):
            return self.send_file("site/" + os.path.basename(url.path))
        if query.get("ws.op") == "getPublishedBinaries":
            return self.send(json.dumps(page(query)).encode())
        if query.get("ws.op") == "binaryFileUrls":
            return self.send(json.dumps(files(int(url.path.rsplit("/", 1)[1]))).encode())
        self.send_error(404)

    def send_file(self, path):
        if not os.path.exists(path):
            return self.send_error(404)
        with open(path, "rb") as file:
            self.send(file.read())

    def send(self, content):
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
END
    cat >kstruct.ini <<END
[kstruct]
list = kernels.list
data_dir = data
report_dir = pages
[fetch]
sources = launchpad
launchpad_api = $SERVER/devel
launchpad_files = $SERVER/files
minimum_package = 100
tries = 2
retry_wait = 0
END
}

# A kernel of noble for amd64 comes out, with one struct whose only member tells which it is.
publish() { # RELEASE VERSION DAY [STATUS [POCKET]]
    local package=linux-image-unsigned-$1-dbgsym
    local member=of_${2//[^0-9a-z]/_}
    echo "struct kit { int $member; } kit_object;" >kit.c
    make_vmlinux kit.c "$1" vmlinux
    set_machine vmlinux 62
    make_deb vmlinux "$1" gzip "site/${package}_$2_amd64.ddeb"
    echo "$package $2 noble amd64 ${4:-Published} ${5:-Release} $3" >>published
}

publish_some() {
    publish 6.8.0-31-generic 6.8.0-31.31 2024-04-20
    publish 6.8.0-35-generic 6.8.0-35.35 2024-06-10 Published Updates
    echo "linux-image-6.8.0-31-generic-dbgsym 6.8.0-31.31 noble ppc64el Published Release 2024-04-20
linux-image-unsigned-6.8.0-31-lowlatency-dbgsym 6.8.0-31.31.1 noble amd64 Published Release 2024-04-21
linux-image-unsigned-6.8.0-36-generic-dbgsym 6.8.0-36.36 noble amd64 Published Proposed 2024-06-20
linux-image-unsigned-5.15.0-113-generic-dbgsym 5.15.0-113.123 jammy amd64 Published Security 2024-06-11
linux-image-unsigned-6.8.0-31-generic 6.8.0-31.31 noble amd64 Published Release 2024-04-20" >>published
}

test_what_sources_offer_is_listed() {
    set_up
    publish_some
    kstruct 0 -c kstruct.ini discover
    is_empty err
    cat >expected <<'END'
5.15.0-113-generic-amd64  version=5.15.0-113.123
6.8.0-31-generic-amd64  version=6.8.0-31.31
6.8.0-35-generic-amd64  version=6.8.0-35.35
6.8.0-31-generic-ppc64el  version=6.8.0-31.31
6.8.0-31-lowlatency-amd64  version=6.8.0-31.31.1
END
    same expected out
    kstruct 0 -c kstruct.ini -l expected list # they are lines of a list
    has out '^  from     launchpad, version 6.8.0-31.31.1$'
}

test_what_is_asked_for() {
    set_up
    publish_some
    kstruct 0 -c kstruct.ini discover --version 6.8.0 --arch amd64 --flavor generic
    printf '%s\n' '6.8.0-31-generic-amd64  version=6.8.0-31.31' \
        '6.8.0-35-generic-amd64  version=6.8.0-35.35' >expected
    same expected out
    kstruct 0 -c kstruct.ini discover --series jammy --arch amd64 --source launchpad
    echo '5.15.0-113-generic-amd64  version=5.15.0-113.123' >expected
    same expected out
    kstruct 0 -c kstruct.ini discover --since 2024-06-11 --version=5.15.0
    same expected out
    has server.log 'created_since_date=2024-06-11T00%3A00%3A00Z'
    kstruct 0 -c kstruct.ini discover --flavor gke
    is_empty out
    has err 'the sources know no such kernel'
}

test_only_new_ones() {
    set_up
    publish_some
    printf '%s\n' '5.15.0-113-generic-amd64 skip="later"' '6.8.0-*-generic-amd64 latest=1' \
        '6.8.0-31-generic-ppc64el' >kernels.list
    kstruct 0 -c kstruct.ini discover --new
    echo '6.8.0-31-lowlatency-amd64  version=6.8.0-31.31.1' >expected
    same expected out
}

test_sources_that_fail() {
    set_up
    publish_some
    touch broken
    refused 1 'launchpad: .*HTTP status 503' -- -q -c kstruct.ini discover --version 6.8.0
    rm broken
    sed -i 's/^sources = .*/sources = mirror, launchpad/' kstruct.ini
    kstruct 0 -c kstruct.ini discover --version 6.8.0
    # A later page has an entry for no architecture.
    sed -i '1s/ amd64 .* / \/ Published Updates /' published
    kstruct 3 -q -c kstruct.ini discover --version 6.8.0
    has out '^6.8.0-35-generic-amd64  version='
    has err '^kstruct: launchpad: .*expected a link that ends in /SERIES/ARCHITECTURE'
    for day in 2024-13-45 2024-02-31 ' 2024-1-01' 2024-1-1 2024-01-01x; do
        refused 2 '--since wants a day' -- -q -c kstruct.ini discover --since "$day"
    done
    refused 2 'cannot list' -- -q -c kstruct.ini discover --source mirror
}

test_bad_options() {
    set_up
    refused 2 'no source .lanchpad.; did you mean .launchpad.' -- -c kstruct.ini discover --source lanchpad
    refused 2 '--since wants a day' -- -c kstruct.ini discover --since yesterday
    refused 2 '--arch wants' -- -c kstruct.ini discover --arch x86_64
    refused 2 '--version wants' -- -c kstruct.ini discover --version '6.8&x=1'
    refused 2 '--series wants' -- -c kstruct.ini discover --series '../x'
    refused 2 'no word' -- -c kstruct.ini discover noble
    is_gone data
}

test_run_takes_kernels_by_name() {
    set_up
    publish_some
    echo '6.8.0-31-generic-amd64 version=6.8.0-31.31 baseline' >kernels.list
    kstruct 0 -c kstruct.ini run
    has err 'fetched linux-image-unsigned-6.8.0-31-generic-dbgsym_6.8.0-31.31_amd64.ddeb, .* hash verified$'
    kstruct 0 -d data show -k 6.8.0-31-generic-amd64 kit
    has out 'of_6_8_0_31_31'
}

# What a cron job sees of it, night after night.
test_pattern_takes_up_what_is_published() {
    set_up
    publish_some
    printf '%s\n' '6.8.0-31-generic-amd64 version=6.8.0-31.31 baseline' \
        '6.8.0-*-generic-amd64 latest=2 group="Newest"' >kernels.list
    kstruct 0 -c kstruct.ini list
    has out '^6.8.0-\*-generic-amd64  line [0-9]+, the newest 2$'
    has out '^  kernels  none is known but those with lines of their own;$'
    kstruct 0 -c kstruct.ini status
    has out '^6.8.0-\*-generic-amd64 +unresolved +not resolved yet'

    kstruct 0 -c kstruct.ini run
    has err '^2 kernels: 2 read, 0 up to date, 0 failed$'
    printf '%s\n' '6.8.0-31-generic-amd64  version=6.8.0-31.31' \
        '6.8.0-35-generic-amd64  version=6.8.0-35.35' >expected
    tail -n +2 data/resolved.list >resolved
    same expected resolved
    snapshot_but_time data pages >before
    kstruct 0 -c kstruct.ini run
    has err '^nothing to do: 2 kernels '
    snapshot_but_time data pages >after
    same before after

    publish 6.8.0-38-generic 6.8.0-38.38 2024-07-01 Published Updates
    publish 6.8.0-101-generic 6.8.0-101.101 2024-12-01 Published Updates
    kstruct 0 -c kstruct.ini run
    has err '^3 kernels: 2 read, 1 up to date, 0 failed$'
    has pages/Struct/k/kit.md 'of_6_8_0_101_101'
    lacks pages/Struct/k/kit.md 'of_6_8_0_35_35'

    # Nobody is asked by these.
    touch broken
    kstruct 0 -c kstruct.ini list
    has out '^6.8.0-31-generic-amd64  line [0-9]+, baseline$'
    has out '^  kernels  6.8.0-38-generic-amd64$'
    has out '^           6.8.0-101-generic-amd64$'
    has out '^6.8.0-101-generic-amd64  line [0-9]+, of 6.8.0-\*-generic-amd64$'
    has out '^  group    Newest, compared with 6.8.0-31-generic-amd64$'
    has out '^  group    Newest, compared with 6.8.0-38-generic-amd64$'
    lacks out '6.8.0-35'
    kstruct 0 -c kstruct.ini status
    has out '^6.8.0-101-generic-amd64 +reported +1 struct, read '
    has out '^6.8.0-35-generic-amd64 +analyzed +not in the list: '
    kstruct 0 -c kstruct.ini report -o again
    diff -r -x .kstruct-report -x "changes.*" pages again || fail "the report differs from run's"
}

test_run_goes_on_while_sources_fail() {
    set_up
    publish_some
    echo '6.8.0-*-generic-amd64 latest=1' >kernels.list
    kstruct 0 -c kstruct.ini run
    touch broken
    kstruct 0 -q -c kstruct.ini run
    has err '^kstruct: warning: 6.8.0-\*-generic-amd64: launchpad cannot be asked: .*HTTP status 503.*; going on'
    [ "$(wc -l <err)" -eq 1 ] || fail "more than a warning"
    rm data/resolved.list
    kstruct 0 -c kstruct.ini run
    has err '^nothing to do: 1 kernel and its pages are up to date$'
    has data/resolved.list '^6.8.0-35-generic-amd64  version=6.8.0-35.35$'
    echo 'not a kernel' >data/resolved.list
    kstruct 0 -c kstruct.ini list
    has err 'warning: data/resolved.list: .*passed over'
    kstruct 0 -c kstruct.ini run
    has data/resolved.list '^6.8.0-35-generic-amd64  version=6.8.0-35.35$'
}

test_pattern_without_kernels_fails() {
    set_up
    publish_some
    printf '%s\n' '6.9.0-*-generic-amd64 latest=1' '6.8.0-*-generic-amd64 latest=1' >kernels.list
    kstruct 3 -c kstruct.ini run
    has err '^kstruct: 6.9.0-\*-generic-amd64: no kernel is known that it stands for'
    has err '^2 kernels: 1 read, 0 up to date, 1 failed$'
    kstruct 0 -c kstruct.ini status
    has out '^6.9.0-\*-generic-amd64 +missing +failed .*no kernel is known'
    lacks out '6.8.0-\*'
    # What the pattern would keep is not known: nothing goes.
    sed -i /6.8.0/d kernels.list
    kstruct 1 -c kstruct.ini run --prune
    has err '^kstruct: warning: 6.9.0-\*-generic-amd64: stands for no kernel yet.*none is removed$'
    kstruct 0 -c kstruct.ini status
    has out '^6.8.0-35-generic-amd64 +[a-z]+ +not in the list: '
}

test_only_what_is_named() {
    set_up
    publish_some
    printf '%s\n' '6.8.0-*-generic-amd64 latest=2' '5.15.0-*-generic-amd64 latest=1' >kernels.list
    kstruct 0 -c kstruct.ini fetch 6.8.0-35-generic-amd64
    [ "$(cat out)" = data/packages/6.8.0-35-generic-amd64.ddeb ] ||
        fail "prints $(cat out)"
    lacks server.log 5.15.0
    kstruct 0 -c kstruct.ini fetch '6.8.0-*-generic-amd64'
    [ "$(wc -l <out)" -eq 2 ] || fail "not the pattern's two kernels"
    refused 2 'has no kernel 6.8.0-99-generic-amd64' -- -c kstruct.ini fetch 6.8.0-99-generic-amd64
}

# Launchpad says of a version what it has in all flavors and architectures.
test_patterns_of_one_version_ask_once() {
    set_up
    publish_some
    local one three
    echo '6.8.0-*-generic-amd64 latest=1' >kernels.list
    kstruct 0 -c kstruct.ini fetch --dry-run
    one=$(grep -c order_by_date server.log)
    printf '%s\n' '6.8.0-*-generic-amd64 latest=1' '6.8.0-*-lowlatency-amd64 latest=1' \
        '6.8.0-*-generic-ppc64el latest=1' >kernels.list
    kstruct 3 -c kstruct.ini fetch --dry-run # the server has only two of the packages
    three=$(($(grep -c order_by_date server.log) - one))
    has out '^6.8.0-35-generic-amd64 '
    has data/resolved.list '^6.8.0-31-lowlatency-amd64 '
    has data/resolved.list '^6.8.0-31-generic-ppc64el '
    # For each of the two forms of the package's name, and for each kernel.
    [ "$three" -le $((one + 2 * 2)) ] || fail "three patterns ask $three times, one $one times"
}

asked() { # PATTERN
    grep -c "GET .*$1" server.log || true
}

# What is known not to be published costs one question a night, however many there are.
test_absent_kernels_are_asked_for_at_once() {
    set_up
    publish_some
    echo 6.8.0-31-genreic-amd64 >kernels.list
    kstruct 1 -c kstruct.ini fetch
    has err 'did you mean .generic.\?$'

    echo '6.8.0-31-generic-amd64 version=6.8.0-31.31' >kernels.list
    printf '6.8.0-%s-generic-amd64\n' {41..60} >>kernels.list
    kstruct 3 -c kstruct.ini run
    has err '^kstruct: 6\.8\.0-41-generic-amd64: Launchpad has never had .*: check the name'
    [ "$(asked 'exact_match=true')" -ge 40 ] || fail 'nobody was asked for each at first'
    cp pages/Coverage.md first.md

    : >server.log
    kstruct 3 -c kstruct.ini run
    [ "$(asked /devel)" = 1 ] || fail "asked $(asked /devel) times"
    [ "$(asked 'created_since_date=20')" = 1 ] || fail 'what is new was not asked for'
    has err '^kstruct: 6\.8\.0-41-generic-amd64: Launchpad has published nothing of it since'
    # What was wrong stays the same.
    same first.md pages/Coverage.md

    # One comes out.
    publish 6.8.0-45-generic 6.8.0-45.45 "$(date -u +%F)" Published Updates
    : >server.log
    kstruct 3 -c kstruct.ini run
    has err '^21 kernels: 1 read, 1 up to date, 19 failed$'
    [ "$(asked 'binary_name=linux-image-unsigned-6')" = 1 ] || fail 'others were asked for'

    # One that Launchpad has on record is asked for by its name each night, until its file is there. So is
    # one whose last try is yet to come, and each now and then, whatever was missed.
    publish 6.8.0-46-generic 6.8.0-46.46 2024-01-01 Published Updates
    sqlite3 data/kstruct.db "UPDATE failure SET tries = 30 WHERE name = '6.8.0-46-generic-amd64'"
    touch hidden
    kstruct 3 -c kstruct.ini run
    has err '^kstruct: 6\.8\.0-46-generic-amd64: .*404'
    rm hidden
    sqlite3 data/kstruct.db "UPDATE failure SET failed_at = '2999-01-01T00:00:00Z'
        WHERE name = '6.8.0-47-generic-amd64'"
    : >server.log
    kstruct 3 -c kstruct.ini run
    has err '^21 kernels: 1 read, 2 up to date, 18 failed$'
    has err '^kstruct: 6\.8\.0-47-generic-amd64: Launchpad has never had'
    [ "$(asked 'binary_name=linux-image-unsigned-6')" = 2 ] || fail 'others were asked for'

    # Who is named is asked for, and all are by other wishes, and where what is new is not told.
    : >server.log
    kstruct 1 -c kstruct.ini run 6.8.0-41-generic-amd64
    has err '^kstruct: 6\.8\.0-41-generic-amd64: Launchpad has never had'
    sed -i 's/^sources = launchpad$/sources = launchpad, ddebs/; s/^tries = .*/&\nddebs_keyring = none.gpg/' kstruct.ini
    : >server.log
    kstruct 3 -c kstruct.ini run
    [ "$(asked 'exact_match=true')" -ge 36 ] || fail 'another source did not count'
}
