# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# The 25 kernels of config/kernels.list, under the names that their packages have at Ubuntu, from a
# Launchpad and from an archive of debug symbols, and from one of the two while the other fails.

# What Ubuntu published: SERIES SOURCE FILE. Where the name has `unsigned`, the source linux-signed
# has an empty package without it.
ubuntu_packages() {
    cat <<'END'
xenial linux linux-image-4.4.0-21-generic-dbgsym_4.4.0-21.37_amd64.ddeb
yakkety linux linux-image-4.8.0-22-generic-dbgsym_4.8.0-22.24_amd64.ddeb
zesty linux linux-image-4.10.0-19-generic-dbgsym_4.10.0-19.21_amd64.ddeb
artful linux linux-image-4.13.0-16-generic-dbgsym_4.13.0-16.19_amd64.ddeb
bionic linux linux-image-unsigned-4.15.0-20-generic-dbgsym_4.15.0-20.21_amd64.ddeb
cosmic linux linux-image-unsigned-4.18.0-10-generic-dbgsym_4.18.0-10.11_amd64.ddeb
disco linux linux-image-unsigned-5.0.0-13-generic-dbgsym_5.0.0-13.14_amd64.ddeb
eoan linux linux-image-unsigned-5.3.0-18-generic-dbgsym_5.3.0-18.19_amd64.ddeb
focal linux linux-image-unsigned-5.4.0-26-generic-dbgsym_5.4.0-26.30_amd64.ddeb
groovy linux linux-image-unsigned-5.8.0-25-generic-dbgsym_5.8.0-25.26_amd64.ddeb
hirsute linux linux-image-unsigned-5.11.0-16-generic-dbgsym_5.11.0-16.17_amd64.ddeb
impish linux linux-image-unsigned-5.13.0-19-generic-dbgsym_5.13.0-19.19_amd64.ddeb
jammy linux linux-image-unsigned-5.15.0-25-generic-dbgsym_5.15.0-25.25_amd64.ddeb
kinetic linux linux-image-unsigned-5.19.0-21-generic-dbgsym_5.19.0-21.21_amd64.ddeb
lunar linux linux-image-unsigned-6.2.0-20-generic-dbgsym_6.2.0-20.20_amd64.ddeb
mantic linux linux-image-unsigned-6.5.0-9-generic-dbgsym_6.5.0-9.9_amd64.ddeb
noble linux linux-image-unsigned-6.8.0-31-generic-dbgsym_6.8.0-31.31_amd64.ddeb
focal linux linux-image-unsigned-5.4.0-26-generic-dbgsym_5.4.0-26.30_arm64.ddeb
focal linux linux-image-5.4.0-26-generic-dbgsym_5.4.0-26.30_armhf.ddeb
focal linux-riscv linux-image-5.4.0-24-generic-dbgsym_5.4.0-24.28_riscv64.ddeb
focal linux linux-image-unsigned-5.4.0-26-generic-dbgsym_5.4.0-26.30_ppc64el.ddeb
focal linux linux-image-unsigned-5.4.0-26-lowlatency-dbgsym_5.4.0-26.30_amd64.ddeb
focal linux-azure linux-image-unsigned-5.4.0-1010-azure-dbgsym_5.4.0-1010.10_amd64.ddeb
focal linux-aws linux-image-5.4.0-1009-aws-dbgsym_5.4.0-1009.9_amd64.ddeb
focal linux-gcp linux-image-unsigned-5.4.0-1009-gcp-dbgsym_5.4.0-1009.9_amd64.ddeb
END
}

with_wrappers() {
    local series source file
    while read -r series source file; do
        [ "$file" = "${file/-unsigned-/-}" ] ||
            echo "$series linux-signed ${file/-unsigned-/-}"
        echo "$series $source $file"
    done
}

# Stand-ins for the packages, each of its own bytes; smaller ones for those without contents. And the
# list of kernels as it is delivered.
make_packages() {
    local series source file size
    ubuntu_packages | with_wrappers >published
    while read -r series source file; do
        mkdir -p "archive/pool/main/l/$source"
        size=20000
        [ "$source" != linux-signed ] || size=500
        printf '!<arch>\n%-*s' "$size" "$file of $series" >"archive/pool/main/l/$source/$file"
    done <published
    cp "$E2E_DIRECTORY/../../config/kernels.list" kernels.list
    : >broken
}

# Launchpad: its API, whose documents name Launchpad's own places, as a real one's do; its files by
# their names, which lead to others by number, of which there are no parts. One of them is cut the
# first time. While a package's name is in the file `broken`, its record cannot be read.
serve_launchpad() {
    run_server launchpad.log <<'END'
import hashlib, http.server, json, urllib.parse

own = "https://api.launchpad.net/devel"
archive = "/ubuntu/+archive/primary"
cut = {"linux-image-unsigned-6.8.0-31-generic-dbgsym_6.8.0-31.31_amd64.ddeb"}

def publication(number, line, status, pocket):
    series, source, file = line.split()
    package, version, architecture = file.removesuffix(".ddeb").split("_")
    return {
        "self_link": f"{own}{archive}/+binarypub/{number}", "display_name": f"{package} {version}",
        "binary_package_name": package, "binary_package_version": version,
        "distro_arch_series_link": f"{own}/ubuntu/{series}/{architecture}",
        "source_package_name": source, "status": status, "pocket": pocket, "is_debug": True,
        "date_created": "2024-04-20T19:43:10.104442+00:00", "date_superseded": None,
    }

with open("published") as lines:
    files = [line.strip() for line in lines]
publications = [publication(number, line, *state) for number, line in enumerate(files)
                for state in (("Deleted", "Proposed"), ("Published", "Release"))]

def path_of(number):
    series, source, file = files[number].split()
    return f"archive/pool/main/l/{source}/{file}"

def page(query):
    found = [each for each in publications
             if each["binary_package_name"] == query["binary_name"]
             and each["binary_package_version"] == query.get("version",
                                                             each["binary_package_version"])]
    start = int(query.get("ws.start", "0"))
    answer = {"start": start, "total_size": len(found), "entries": found[start:start + 3]}
    if start + 3 < len(found):
        query["ws.start"] = str(start + 3)
        answer["next_collection_link"] = f"{own}{archive}?{urllib.parse.urlencode(query)}"
    return answer

def file_urls(number):
    with open(path_of(number), "rb") as file:
        content = file.read()
    return [{"url": f"https://launchpad.net{archive}/+files/{path_of(number).rsplit('/', 1)[1]}",
             "size": len(content), "sha1": hashlib.sha1(content).hexdigest(),
             "sha256": hashlib.sha256(content).hexdigest()}]

class handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        parts = url.path.split("/")
        if url.path == "/devel" + archive and query.get("ws.op") == "getPublishedBinaries":
            self.send_page(query)
        elif parts[-2] == "+binarypub" and query == {"ws.op": "binaryFileUrls",
                                                     "include_meta": "true"}:
            self.send(json.dumps(file_urls(int(parts[-1]))).encode())
        elif parts[1] == "files":
            self.redirect(parts[-1])
        elif parts[1] == "librarian":
            self.send_file(int(parts[2]))
        else:
            self.send_error(404)

    def send_page(self, query):
        with open("broken") as broken:
            if query["binary_name"] in broken.read().split():
                return self.send_error(503)
        if query.get("exact_match") != "true" or int(query.get("ws.size", "75")) > 300:
            return self.send_error(400)
        self.send(json.dumps(page(query)).encode())

    def redirect(self, name):
        for number in range(len(files)):
            if files[number].endswith(" " + name):
                self.send_response(303)
                self.send_header("Location", f"/librarian/{number}/{name}")
                return self.end_headers()
        self.send_error(404)

    def send_file(self, number):
        name = path_of(number).rsplit("/", 1)[1]
        with open(path_of(number), "rb") as file:
            content = file.read()
        self.send(content, len(content) // 2 if name in cut else 0)
        cut.discard(name)

    def send(self, content, missing=0):
        self.send_response(200)
        self.send_header("Accept-Ranges", "none")
        self.send_header("Last-Modified", "Thu, 25 Apr 2024 15:11:23 GMT")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:len(content) - missing])
END
    launchpad=$SERVER
}

# An archive of debug symbols with these suites, which have what was published there. `serve` logs
# to server.log.
serve_ddebs() { # SERIES...
    need gpg gpgv gpgconf xz
    make_key Archive
    local series
    for series in "$@"; do
        write_packages "$series"
        write_release "$series"
        sign "$series" Archive
    done
    serve archive
    ddebs=$SERVER
}

write_packages() { # SERIES
    local series source file pool directory package version architecture
    while read -r series source file; do
        [ "$series" = "$1" ] || continue
        pool=pool/main/l/$source/$file
        IFS=_ read -r package version architecture <<<"${file%.ddeb}"
        directory=archive/dists/$series/main/binary-$architecture
        mkdir -p "$directory"
        printf '%s\n' "Package: $package" "Source: $source" "Version: $version" \
            "Architecture: $architecture" 'Section: devel' "Filename: $pool" \
            "Size: $(stat -c %s "archive/$pool")" "SHA256: $(sha256 "archive/$pool")" \
            'Description: Linux kernel debug image' '' >>"$directory/Packages"
    done <published
    xz archive/dists/"$1"/main/binary-*/Packages
}

write_release() { # SERIES
    (
        cd "archive/dists/$1" || exit
        printf 'Origin: Ubuntu\nSuite: %s\nDate: Thu, 25 Apr 2024 15:11:23 UTC\nSHA256:\n' "$1"
        for file in main/binary-*/Packages.xz; do
            printf ' %s %s %s\n' "$(sha256 "$file")" "$(stat -c %s "$file")" "$file"
        done
    ) >"Release.$1"
}

sign() { # SERIES KEY
    gpg --homedir keys --batch --quiet --yes -u "$2" --clearsign \
        -o "archive/dists/$1/InRelease" "Release.$1"
}

write_settings() { # [LINE...]
    printf '%s\n' '[kstruct]' 'list = kernels.list' 'data_dir = data' '[fetch]' \
        "launchpad_api = $launchpad/devel" "launchpad_files = $launchpad/files" "ddebs = $ddebs" \
        'ddebs_keyring = Archive.gpg' 'minimum_package = 1000' 'tries = 3' 'retry_wait = 0' "$@" \
        >kstruct.ini
}

# Kernel, version and the package's path in the pool, of those from suites that match.
expected() { # [EXPRESSION]
    local series source file kernel package version architecture
    while read -r series source file; do
        [[ $series =~ ^(${1:-.*})$ ]] || continue
        IFS=_ read -r package version architecture <<<"${file%.ddeb}"
        kernel=${package#linux-image-}
        kernel=${kernel#unsigned-}
        echo "${kernel%-dbgsym}-$architecture $version pool/main/l/$source/$file"
    done < <(ubuntu_packages)
}

# The packages are there, no others are, and the lock file has them. `%` in URL is the place in the
# pool, `@` the file's name.
check_arrived() { # URL [EXPRESSION]
    local kernel version path url name
    : >wanted
    : >names
    while read -r kernel version path; do
        name=$(basename "$path")
        url=${1/@/$name}
        same "archive/$path" "data/packages/$kernel.ddeb"
        echo "$kernel.ddeb" >>names
        echo "$kernel version=$version url=${url/\%/$path} size=$(stat -c %s "archive/$path")" \
            "sha256=$(sha256 "archive/$path")" >>wanted
    done < <(expected "${2:-}")
    find data/packages -name '*.*deb' -printf '%f\n' | sort >found
    sort names | diff - found || fail "other packages are there"
    grep -v '^#' kernels.lock | sort >found
    sort wanted | diff - found || fail "other packages are locked"
}

check_verified() { # COUNT
    [ "$(grep -c ', hash verified$' err)" -eq "$1" ] || fail "not $1 packages are verified"
    has err "^ +$1  fetched$"
}

# Once more, with the packages there; then with the lock file alone. What is asked for in LOG must not
# match EXPRESSION.
check_again() { # LOG EXPRESSION
    : >"$1"
    kstruct 0 -c kstruct.ini fetch
    has err '^ +25  reused$'
    lacks "$1" GET
    rm kernels.lock
    kstruct 0 -c kstruct.ini fetch
    has err '^ +25  reused$'
    lacks "$1" 'GET .*\.ddeb'
    rm -r data/packages
    : >"$1"
    kstruct 0 -c kstruct.ini fetch
    check_verified 25
    lacks "$1" "$2"
}

test_all_come_from_launchpad() {
    make_packages
    serve_launchpad
    ddebs=$(refused_url)
    write_settings 'sources = launchpad'
    kstruct 0 -c kstruct.ini fetch
    [ "$(wc -l <out)" -eq 25 ] || fail "not 25 paths"
    check_verified 25
    has err 'linux-image-unsigned-6.8.0-31-.*: the connection ended before the file did'
    check_arrived "$launchpad/files/@"
    check_again launchpad.log ws.op
    check_arrived "$launchpad/files/@"
}

test_all_come_from_ddebs() {
    local -a series
    make_packages
    launchpad=$(refused_url)
    mapfile -t series < <(cut -d ' ' -f 1 published | sort -u)
    serve_ddebs "${series[@]}"
    write_settings 'sources = ddebs' "ddebs_suites = ${series[*]}"
    kstruct 0 -c kstruct.ini fetch
    check_verified 25
    check_arrived "$ddebs/%"
    check_again server.log dists
    check_arrived "$ddebs/%"
}

# The suites are those of the defaults, of which there are two.
test_ddebs_stand_in_for_launchpad() {
    make_packages
    launchpad=$(refused_url)
    serve_ddebs focal noble
    write_settings
    kstruct 3 -c kstruct.ini fetch
    check_verified 10
    check_arrived "$ddebs/%" 'focal|noble'
    has err '^ +15  inconclusive \(a source did not answer\)$'
    lacks err 'missing everywhere'
    [ "$(grep -c '^kstruct: .*: Launchpad: .*; ddebs: .*is in none of the suites' err)" -eq 15 ] ||
        fail "not 15 errors of both sources"
    # Nothing says so of a kernel whose package is there.
    lacks err '^kstruct: (5.4|6.8)'
}

test_launchpad_stands_in_for_ddebs() {
    make_packages
    ddebs=$(refused_url)
    touch Archive.gpg
    serve_launchpad
    write_settings
    kstruct 0 -c kstruct.ini fetch
    check_verified 25
    rm -r data kernels.lock
    write_settings 'sources = ddebs, launchpad'
    kstruct 0 -c kstruct.ini fetch
    check_verified 25
    check_arrived "$launchpad/files/@"
}

test_nothing_is_taken_that_nobody_vouches_for() {
    make_packages
    serve_launchpad
    serve_ddebs focal
    make_key Stranger
    sign focal Stranger
    write_settings 'sources = ddebs'
    kstruct 1 -c kstruct.ini fetch
    has err '^ +25  inconclusive'
    [ "$(grep -c '^kstruct: .*is signed with key [0-9A-F]*, which is not in' err)" -eq 25 ] ||
        fail "not 25 errors tell of the key"
    cp Release.focal archive/dists/focal/InRelease
    kstruct 1 -c kstruct.ini fetch
    has err 'InRelease: has no signature'
    write_settings 'sources = ddebs, launchpad'
    kstruct 0 -c kstruct.ini fetch
    check_arrived "$launchpad/files/@"
    lacks server.log 'GET .*(ddeb|Packages)'
}

# Three of which there is nothing: one that everybody says so of, and two that are left open, once by
# Launchpad and once by the other.
test_missing_is_not_the_same_as_inconclusive() {
    make_packages
    serve_launchpad
    serve_ddebs focal noble
    write_settings
    printf '5.4.0-%s version=5.4.0-99.1\n' 97-generic-amd64 98-generic-amd64 99-generic-armhf \
        >kernels.list
    echo linux-image-5.4.0-98-generic-dbgsym >broken
    rm archive/dists/focal/main/binary-armhf/Packages.xz
    kstruct 1 -c kstruct.ini fetch
    has err '^ +0  fetched$'
    has err '^ +1  missing everywhere$'
    has err '^ +2  inconclusive \(a source did not answer\)$'
    has err '^kstruct: 5.4.0-97-.*: Launchpad: .*has never had .*; ddebs: .*is in none of the suites'
    has err '^kstruct: 5.4.0-98-.*: Launchpad: .*HTTP status 503.*; ddebs: .*is in none of the suites'
    has err '^kstruct: 5.4.0-99-.*: Launchpad: .*has never had .*; ddebs: .*half-updated index'
}

# Answers nobody: each connection, which it logs, is closed at once.
serve_nothing() { # LOG
    cat >nothing.py <<'END'
import os, signal, socket, sys
signal.alarm(int(os.environ["KSTRUCT_TEST_SECONDS"]))
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(64)
print("port", listener.getsockname()[1], flush=True)
while True:
    connection = listener.accept()[0]
    print("connected", file=sys.stderr, flush=True)
    connection.close()
END
    start_server "$1" nothing.py
}

connections() { # LOG
    grep -c connected "$1" || true
}

# What has not answered to all tries of one kernel, or suite, and to the next one is not asked again.
test_a_dead_source_is_not_tried_again_for_each_kernel() {
    make_packages
    serve_nothing launchpad.log
    launchpad=$SERVER
    serve_nothing ddebs.log
    ddebs=$SERVER
    touch Archive.gpg
    write_settings 'transfers = 1'
    kstruct 1 -c kstruct.ini fetch
    has err '^ +25  inconclusive'
    [ "$(connections launchpad.log)" -eq $((3 + 1)) ] ||
        fail "$(connections launchpad.log) connections to Launchpad, not 4"
    [ "$(connections ddebs.log)" -eq $((3 + 1)) ] ||
        fail "$(connections ddebs.log) connections to ddebs, not 4"
    # Several kernels at once wait for what comes of the first one.
    : >launchpad.log
    write_settings 'sources = launchpad' 'transfers = 4'
    kstruct 1 -c kstruct.ini fetch
    [ "$(connections launchpad.log)" -eq $((3 + 1)) ] ||
        fail "$(connections launchpad.log) connections to Launchpad, not 4"
}
