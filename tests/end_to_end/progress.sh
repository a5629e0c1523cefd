# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What people see while kernels are fetched and read: on a terminal, which is terminal.py here, and
# in a pipe.

names=(5.4.0-1-generic-amd64 5.4.0-2-generic-amd64 5.4.0-3-generic-amd64 5.4.0-4-generic-amd64
    5.4.0-5-generic-amd64 5.4.0-6-generic-amd64)

# Runs kstruct, which must exit with STATUS, on a terminal; see terminal.py for the options and for
# the files that there are afterwards.
on_terminal() { # STATUS COLUMNS ROWS [OPTION...] -- ARGUMENT...
    local status=$1
    local -a terminal=()
    need python3
    shift
    while [ "$1" != -- ]; do
        terminal+=("$1")
        shift
    done
    shift
    python3 "$E2E_DIRECTORY/terminal.py" "${terminal[@]}" . "$KSTRUCT" "$@" </dev/null
    if [ "$(cat status)" -ne "$status" ]; then
        tail -n 20 screen
        fail "kstruct $*: exit status $(cat status) instead of $status"
    fi
    [ "$(cat cursor)" = "0 True" ] || fail "the cursor is not where it should be: $(cat cursor)"
}

# Nothing is on the screen in the end but whole lines of the log.
assert_clean() {
    lacks screen ' of [0-9]+ done|reading 0:|waiting|storing$|fetching$|done$|%|^report:'
    ! grep -n '^$' screen || fail "there are empty lines on the screen"
}

# No state of a line of progress was wider than that.
assert_width() { # COLUMNS
    ! grep -E '( of [0-9]+ done|(reading 0:..|waiting|storing|fetching|done)$|%)' shown |
        grep -E "^.{$1}" || fail "lines are too long"
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

test_bars_on_a_terminal() {
    local start took
    serve_slowly
    start=${EPOCHREALTIME/[.,]/}
    on_terminal 0 80 20 -- -l kernels.list -d data fetch
    took=$(((${EPOCHREALTIME/[.,]/} - start) / 1000))
    has shown '^5.4.0-1-generic-amd64 +\[#+\.+\] +[0-9]+% +[0-9.]+ [kM]B/s +[0-9]+:[0-5][0-9]$'
    has shown '^5.4.0-2-generic-arm64 +\[#+\.+\] +[0-9]+% '
    has shown '^0 of 2 done, [0-9.]+ [kM]B fetched, [0-9.]+ [kM]B/s$'
    ! grep -E '%.*fetched a|fetched a.*%' shown || fail "log lines and bars are mixed up"
    # Ten times a second, and when something is said.
    [ "$(grep -c ' of 2 done' shown)" -lt $((took * 15 / 1000)) ] || fail "drawn too often"
    assert_width 80
    assert_clean
    has screen '^5.4.0-1-generic-amd64: fetching http'
    has screen '^5.4.0-1-generic-amd64: fetched a.ddeb, 1048576 bytes$'
    has screen '^data/packages/5.4.0-1-generic-amd64.ddeb$'
    has screen '^ +2  fetched$'
}

test_nothing_of_it_where_it_does_not_fit() {
    serve_slowly
    TEST_TERM=dumb on_terminal 0 80 20 -- -l kernels.list -d first fetch
    lacks raw $'\x1b'
    has screen '^5.4.0-1-generic-amd64: fetched a.ddeb'
    on_terminal 0 80 20 -- -q -l kernels.list -d second fetch
    lacks raw $'\x1b'
    lacks screen %
    kstruct 0 -l kernels.list -d third fetch
    lacks err $'\x1b'
    [ "$(grep -c ': fetched ' err)" -eq 2 ] || fail "not a line a package"
}

test_kernels_and_their_stages() {
    set_up_large_kernels 6000 "${names[@]}"
    # In the middle: what fails last may be shown for no time at all.
    sed -i '4i 5.4.0-7-generic-amd64 file=site/none.deb' kernels.list
    on_terminal 3 80 24 -- -j 2 -l kernels.list -d data run
    local name
    for name in "${names[@]}"; do
        has shown "^$name  reading [0-9]+:[0-5][0-9]$"
        has shown "^$name  (storing|done)$"
        has screen "^$name: 6000 structs,"
    done
    has shown '^5.4.0-6-generic-amd64  waiting$'
    has shown '^5.4.0-7-generic-amd64  failed: '
    has screen '^kstruct: 5.4.0-7-generic-amd64: '
    has shown '^0 of 7 done, '
    has shown '^[1-6] of 7 done, 1 failed, about [0-9]+:[0-5][0-9] left, '
    has shown '^report: '
    has screen '^7 kernels: 6 read, 0 up to date, 1 failed$'
    assert_width 80
    assert_clean
    sed -i /none.deb/d kernels.list
    on_terminal 0 80 24 -- -j 2 -l kernels.list -d data rebuild
    has shown '^5.4.0-3-generic-amd64  reading [0-9]+:[0-5][0-9]$'
    has screen '^6 kernels: 6 the same as before$'
    assert_clean
}

test_a_low_and_narrow_terminal() {
    set_up_large_kernels 6000 "${names[@]}"
    on_terminal 0 48 5 -- -j 2 -l kernels.list -d data run
    has shown '^5.4.0-1-generic-amd64  reading [0-9]+:[0-5][0-9]$'
    has shown '^[1-5] of 6 done'
    lacks shown '^5.4.0-1-generic-amd64 +(waiting|done)$'
    assert_width 48
    assert_clean
}

test_a_terminal_that_changes_its_size() {
    set_up_large_kernels 6000 "${names[@]}"
    on_terminal 0 100 24 --resize '1 of 6 done' 30 20 --resize '3 of 6 done' 120 12 -- \
        -j 2 -l kernels.list -d data run
    has shown '^[1-5] of 6 done'
    assert_clean
    [ "$(grep -c ': 6000 structs,' screen)" -eq 6 ] || fail "lines of the log are gone"
}

test_an_interrupted_run_leaves_a_clean_terminal() {
    set_up_large_kernels 6000 "${names[@]}"
    on_terminal 1 80 24 --signal '1 of 6 done' 2 -- -j 2 -l kernels.list -d data run
    assert_clean
    has screen 'Interrupt: ending at the next safe point$'
    tail -n 1 screen >last
    has last '^kstruct: interrupted; '
}

# A character may take two columns, and a file's name may have anything in it.
test_wide_characters_do_not_break_lines() {
    mkdir -p root/usr/lib/debug/boot
    ln -s '/内核内核内核内核内核内核内核内核内核内核内核内核' root/usr/lib/debug/boot/vmlinux-5.4.0-1-generic
    pack_deb root gzip link.deb
    set_up_large_kernels 6000 "${names[@]}"
    sed -i '1i 5.4.0-10-generic-amd64 file=link.deb' kernels.list
    on_terminal 3 50 20 -- -j 2 -l kernels.list -d data run
    has shown '^5.4.0-10-generic-amd64 +failed: holds vmlinux'
    assert_width 50
    assert_clean
}

test_a_line_for_each_step_in_a_pipe() {
    set_up_large_kernels 6000 "${names[@]:0:2}"
    echo "5.4.0-7-generic-amd64 file=site/none.deb" >>kernels.list
    kstruct 3 -l kernels.list -d data run
    lacks err $'\x1b'
    has err '^5.4.0-2-generic-amd64: fetching http'
    has err '^5.4.0-2-generic-amd64: fetched 5.4.0-2-generic-amd64.deb, [0-9]+ bytes$'
    has err '^5.4.0-1-generic-amd64: 6000 structs,'
    has err '^5.4.0-2-generic-amd64: 6000 structs,'
    has err '^kstruct: 5.4.0-7-generic-amd64: .*none.deb'
    has err '^data/report: [0-9]+ pages: [0-9]+ written, '
    has err '^3 kernels: 2 read, 0 up to date, 1 failed$'
    ! grep -vE '^(kstruct: )?(5\.4\.0-|data/report: |3 kernels: )' err || fail "there is more"
}
