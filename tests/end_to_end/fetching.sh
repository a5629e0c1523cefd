# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What people see of fetching, what is kept of the packages, and how long a dead server is waited
# for.

# Packages of the kernels 5.4.0-1 to 5.4.0-COUNT, each some 100 kB, found by their files' names.
set_up() { # COUNT [SETTING...]
    local number count=$1
    shift
    mkdir site
    serve site
    : >kernels.list
    for ((number = 1; number <= count; number++)); do
        make_kernel "$number"
        echo "5.4.0-$number-generic-amd64 version=1.$number" >>kernels.list
    done
    {
        printf '[kstruct]\nlist = kernels.list\ndata_dir = data\n[fetch]\nminimum_package = 0\n'
        printf 'sources = launchpad-files\nlaunchpad_files = %s\ntries = 3\nretry_wait = 0\n' \
            "$SERVER"
        printf '%s\n' "$@"
    } >kstruct.ini
}

file_of() { # NUMBER
    echo "linux-image-unsigned-5.4.0-$1-generic-dbgsym_1.$1_amd64.ddeb"
}

make_kernel() { # NUMBER
    mkdir -p root/usr/lib/debug/boot
    echo 'struct kit { int a; long b; } kit_object;' >kit.c
    make_vmlinux kit.c "5.4.0-$1-generic" "root/usr/lib/debug/boot/vmlinux-5.4.0-$1-generic"
    set_machine "root/usr/lib/debug/boot/vmlinux-5.4.0-$1-generic" 62
    head -c 100000 /dev/urandom >root/usr/lib/debug/rest
    pack_deb root none "site/$(file_of "$1")"
    rm -r root
}

# The numbers of the kernels whose packages are there.
kept() {
    local number
    for number in 1 2 3 4 5; do
        [ ! -e "data/packages/$(file_of "$number")" ] || printf '%s ' "$number"
    done
}

assert_kept() { # NUMBER...
    [ "$(kept)" = "$(printf '%s ' "$@")" ] || fail "kept: $(kept)instead of $*"
}

test_a_summary_of_several() {
    set_up 4
    kstruct 0 -c kstruct.ini fetch 5.4.0-1-generic-amd64
    lacks err ' fetched$'
    rm "site/$(file_of 3)"
    echo '<html>' >"site/$(file_of 4)"
    echo "5.4.0-5-generic-amd64 url=$(refused_url)/x.ddeb" >>kernels.list
    echo "5.4.0-6-generic-amd64 url=$SERVER/$(file_of 2) sha256=$(printf '0%.0s' {1..64})" \
        >>kernels.list
    kstruct 3 -c kstruct.ini fetch
    has err '^ +1  fetched$'
    has err '^ +1  reused$'
    has err '^ +1  missing everywhere$'
    has err '^ +1  inconclusive \(a source did not answer\)$'
    has err '^ +1  corrupt$'
    has err '^ +1  failed otherwise$'
    lacks err wrapper
    # Also those that were of no use.
    local bytes size
    bytes=$(sed -n 's/ bytes received$//p' err)
    size=$(stat -c %s "site/$(file_of 2)")
    [ "$bytes" -eq $((2 * size + 7)) ] || fail "$bytes bytes received, not $((2 * size + 7))"
    kstruct 3 -q -c kstruct.ini fetch
    lacks err '^ +[0-9]+  |received$'
}

test_a_dry_run_writes_nothing() {
    set_up 3
    kstruct 0 -c kstruct.ini fetch 5.4.0-1-generic-amd64
    echo "5.4.0-5-generic-amd64 file=site/$(file_of 3)" >>kernels.list
    snapshot . >before
    : >server.log
    "$KSTRUCT" -c kstruct.ini fetch --dry-run >/dev/null 2>&1
    snapshot . | grep -v -e /before -e /server.log -e /after >after
    grep -v -e /before -e /server.log before >before.files
    same before.files after
    lacks server.log GET
    kstruct 0 -q -c kstruct.ini fetch --dry-run
    is_empty err
    has out "^5.4.0-1-generic-amd64 +there: $(file_of 1)$"
    has out "^5.4.0-2-generic-amd64 +fetch: unknown size, $SERVER/$(file_of 2)$"
    has out "^5.4.0-5-generic-amd64 +local: site/$(file_of 3)$"
    has out '^2 packages to fetch, 0 bytes and 2 of unknown size$'
    kstruct 0 -c kstruct.ini fetch
    rm -r data
    kstruct 0 -c kstruct.ini fetch --dry-run
    has out "^5.4.0-2-generic-amd64 +fetch: $(stat -c %s "site/$(file_of 2)") bytes, $SERVER/"
    has out "^3 packages to fetch, $(cat site/*.ddeb | wc -c) bytes$"
    is_gone data
}

test_a_dry_run_fails_as_fetching_does() {
    set_up 1
    echo '5.4.0-2-generic-amd64' >>kernels.list
    kstruct 3 -c kstruct.ini fetch --dry-run
    has err '^kstruct: 5.4.0-2-generic-amd64: .*give version='
    has out '^5.4.0-1-generic-amd64 +fetch: '
    kstruct 1 -c kstruct.ini fetch --dry-run 5.4.0-2-generic-amd64
    is_gone data
}

test_run_keeps_packages_within_a_size() {
    set_up 4 'keep = 300K'
    echo 'transfers = 1' >>kstruct.ini # so that it is known which was used last
    kstruct 0 -j 1 -c kstruct.ini run
    assert_kept 3 4
    has err "^data/packages/$(file_of 1): removed, "
    kstruct 0 -j 1 -c kstruct.ini run
    has err '^nothing to do'
    assert_kept 3 4
}

# However many arrive while others are read, none goes before it was read.
test_packages_that_wait_to_be_read_stay() {
    set_up 6 'keep = 1K'
    kstruct 0 -c kstruct.ini run
    has err '^6 kernels: 6 read'
}

# What nobody has read yet stays, however old it is.
test_unread_packages_stay() {
    set_up 4 'keep = 300K'
    sed -i /keep/d kstruct.ini
    echo 'transfers = 1' >>kstruct.ini # so that it is known which was used last
    kstruct 0 -c kstruct.ini fetch
    echo 'keep = 300K' >>kstruct.ini
    touch -d '-1 day' "data/packages/$(file_of 4)"
    kstruct 0 -j 1 -c kstruct.ini run 5.4.0-1-generic-amd64
    assert_kept 2 3 4
    : >server.log
    kstruct 0 -j 1 -c kstruct.ini run
    lacks server.log GET
    assert_kept 3 4
}

test_fetch_removes_only_what_was_read() {
    set_up 5 'keep = 300K'
    echo 'transfers = 1' >>kstruct.ini
    kstruct 0 -c kstruct.ini run 5.4.0-1-generic-amd64 5.4.0-2-generic-amd64
    kstruct 0 -c kstruct.ini fetch 5.4.0-3-generic-amd64
    assert_kept 2 3
    kstruct 0 -c kstruct.ini fetch 5.4.0-4-generic-amd64
    assert_kept 3 4
    kstruct 0 -c kstruct.ini fetch 5.4.0-5-generic-amd64 5.4.0-2-generic-amd64
    assert_kept 2 3 4 5
    echo mine >data/packages/mine.deb
    kstruct 0 -j 1 -c kstruct.ini run
    assert_kept 4 5
    exists data/packages/mine.deb
}

# Of many kernels only the first waits for a server that does not answer.
test_a_dead_server_is_given_up_once() {
    set_up 0
    echo 'transfers = 1' >>kstruct.ini # others begin before the first one knows
    run_server dead.log <<'END'
import http.server
class handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_error(503)
END
    local number
    for number in 1 2 3 4 5 6 7 8; do
        echo "5.4.0-$number-generic-amd64 url=$SERVER/$number.ddeb" >>kernels.list
    done
    kstruct 1 -c kstruct.ini run
    [ "$(grep -c ' 503 ' dead.log)" -eq 10 ] || fail "$(grep -c ' 503 ' dead.log) requests, not 10"
    kstruct 1 -c kstruct.ini fetch 5.4.0-1-generic-amd64
    [ "$(grep -c ' 503 ' dead.log)" -eq 13 ] || fail "another run does not try again"
}

# Serves a megabyte in two seconds, below any name.
serve_slowly() {
    run_server slow.log <<'END'
import http.server, time
class handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(1 << 20))
        self.end_headers()
        self.wfile.write(b"!<arch>\n".ljust(1 << 16, b"x"))
        for i in range(15):
            time.sleep(2 / 15)
            self.wfile.write(bytes(1 << 16))
END
    printf '5.4.0-1-generic-amd64 url=%s/a.ddeb\n5.4.0-2-generic-arm64 url=%s/b.ddeb\n' \
        "$SERVER" "$SERVER" >kernels.list
}

# Runs kstruct on a terminal of 80 columns. What it shows is in the file shown, each state of a line
# in a line of its own; what the screen shows at the end is in the file screen.
on_terminal() { # TERM ARGUMENT...
    local kind=$1
    shift
    script -qec "stty cols 80 rows 20; TERM=$kind '$KSTRUCT' $*" raw >/dev/null </dev/null ||
        fail "kstruct $* fails on a terminal"
    tr '\r' '\n' <raw | sed 's/\x1b\[[0-9]*[A-Z]//g' >shown
    render <raw >screen
}

# A terminal that knows what is used here: to the line's start, up, and clear line or screen.
render() {
    python3 -c '
import re, sys
screen, row, column = [""], 0, 0
data = sys.stdin.buffer.read().decode().replace("\r\n", "\n")
for up, kind, text in re.findall("\x1b\\[([0-9]*)([AJK])|([^\x1b])", data):
    if kind == "A":
        row = max(0, row - int(up))
    elif kind:
        screen[row] = screen[row][:column]
        screen[row + 1:] = [] if kind == "J" else screen[row + 1:]
    elif text == "\r":
        column = 0
    elif text == "\n":
        row, column = row + 1, 0
        screen += [""] * (row == len(screen))
    else:
        screen[row] = screen[row][:column].ljust(column) + text + screen[row][column + 1:]
        column += 1
print("\n".join(screen))'
}

test_bars_on_a_terminal() {
    need script stty
    serve_slowly
    on_terminal xterm -l kernels.list -d data fetch
    has shown '^5.4.0-1-generic-amd64 +\[#+\.+\] +[0-9]+% +[0-9.]+ [kM]B/s +0:0[0-9]$'
    has shown '^5.4.0-2-generic-arm64 +\[#+\.+\] +[0-9]+% '
    has shown '^0 of 2 packages +[0-9.]+ [kM]B +[0-9.]+ [kM]B/s$'
    ! grep -E '^.{80,}' shown | grep '%' || fail "there are lines that are too long"
    ! grep -E '%.*fetch|fetch.*%' shown || fail "log lines and bars are mixed up"
    # Two seconds, ten times each at most.
    [ "$(grep -c ' of 2 packages' shown)" -lt 40 ] || fail "drawn too often"
    lacks screen '%|of 2 packages'
    has screen '^5.4.0-1-generic-amd64: fetching http'
    has screen '^5.4.0-1-generic-amd64: fetched a.ddeb, 1048576 bytes$'
    has screen '^data/packages/a.ddeb$'
    has screen '^ +2  fetched$'
}

test_no_bars_where_they_do_not_fit() {
    need script stty
    serve_slowly
    on_terminal dumb -l kernels.list -d first fetch
    lacks raw $'\x1b'
    has shown '^5.4.0-1-generic-amd64: fetched a.ddeb'
    on_terminal xterm -q -l kernels.list -d second fetch
    lacks raw $'\x1b'
    lacks shown %
    kstruct 0 -l kernels.list -d third fetch
    lacks err $'\x1b'
    [ "$(grep -c ': fetched ' err)" -eq 2 ] || fail "not a line a package"
}
