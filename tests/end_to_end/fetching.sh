# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What is told of fetching, what is kept of the packages, and how long a dead server is waited for.

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
        [ ! -e "data/packages/5.4.0-$number-generic-amd64.ddeb" ] || printf '%s ' "$number"
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
    echo 'no deb' >"site/$(file_of 4)"
    echo "5.4.0-5-generic-amd64 url=$(refused_url)/x.ddeb" >>kernels.list
    echo "5.4.0-6-generic-amd64 url=$SERVER/$(file_of 2) sha256=$(printf '0%.0s' {1..64})" \
        >>kernels.list
    kstruct 3 -c kstruct.ini fetch
    has err '^ +1  fetched$'
    has err '^ +1  reused$'
    has err '^ +1  missing everywhere$'
    has err '^ +1  inconclusive \(a source did not answer\)$'
    has err '^ +2  corrupt$'
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
    mv out planned
    echo "5.4.0-6-generic-amd64 file=site/nowhere" >>kernels.list
    kstruct 3 -q -c kstruct.ini fetch --dry-run
    has err '^kstruct: 5.4.0-6-generic-amd64: site/nowhere: no such file'
    kstruct 3 -q -c kstruct.ini fetch 5.4.0-6-generic-amd64 5.4.0-5-generic-amd64
    has err '^kstruct: 5.4.0-6-generic-amd64: site/nowhere: no such file'
    sed -i '$d' kernels.list
    mv planned out
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
    has err "^data/packages/5.4.0-1-generic-amd64.ddeb: removed, "
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
    touch -d '-1 day' "data/packages/5.4.0-4-generic-amd64.ddeb"
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

# Of many kernels some few ask, at once or not.
asks_at_most() { # FAULT REQUESTS EXPRESSION
    local number
    : >requests.log
    for ((number = 1; number <= 12; number++)); do
        echo "5.4.0-$number-generic-amd64 url=$SERVER/$1/$number.ddeb"
    done >kernels.list
    kstruct 1 -c kstruct.ini run
    has err "^kstruct: 5.4.0-[0-9]*-generic-amd64: http.*: $3"
    # Those that are under way when the program ends are not in the server's log yet.
    wait_until_idle
    [ "$(grep -c GET requests.log)" -le "$2" ] || fail "$(grep -c GET requests.log) requests, not $2"
}

test_a_server_that_wants_to_be_left_alone_is_asked_once() {
    set_up 0 'transfers = 4'
    serve_faults site requests.log
    asks_at_most 429-after/3600 1 'is not asked for: its server wants to be left alone for another'
}

test_a_silent_server_is_waited_for_by_two() {
    set_up 0 'transfers = 4' 'low_speed_time = 1'
    serve_faults site requests.log
    asks_at_most silence 4 'is not asked for: its server has not answered to others'
}

# A page instead of the package says nothing of the package: the next run asks again, each time.
test_a_page_is_no_lasting_damage() {
    local night
    set_up 1
    echo '<html>Please log in</html>' >page
    echo "5.4.0-1-generic-amd64 url=$SERVER/a.deb" >kernels.list
    for page in page /dev/null; do
        cp "$page" site/a.deb
        for night in 1 2 3; do
            : >server.log
            kstruct 1 -c kstruct.ini run
            [ "$(grep -c GET server.log)" -eq 1 ] || fail "night $night: it does not ask again"
        done
    done
    kstruct 0 -c kstruct.ini status
    has out '^5.4.0-1-generic-amd64 +inconclusive .*tried again by the next run'
    cp "site/$(file_of 1)" site/a.deb
    kstruct 0 -c kstruct.ini run
}

# One that is on a disk that does not answer, here a pipe, does not keep the others waiting.
test_a_file_that_does_not_answer() {
    set_up 1
    mkfifo pipe.deb
    echo "5.4.0-2-generic-amd64 url=file://$PWD/pipe.deb" >>kernels.list
    kstruct 3 -c kstruct.ini run
    has err '^kstruct: 5.4.0-2-generic-amd64: file:.*/pipe.deb: is not a regular file'
    has err '^5.4.0-1-generic-amd64: 1 struct'
}

test_a_limit_to_the_size_of_files() {
    set_up 2
    head -c 600000 /dev/zero >>"site/$(file_of 2)"
    (
        ulimit -f 400
        kstruct 3 -c kstruct.ini run
    )
    has err '^kstruct: 5.4.0-2-generic-amd64: .*\.part: .*File too large'
    has err '^5.4.0-1-generic-amd64: 1 struct'
}

# One vmlinux counts for `keep` as a package does.
test_keep_looks_at_each_package() {
    set_up 1 'keep = 1K'
    dpkg-deb --fsys-tarfile "site/$(file_of 1)" |
        tar -xO ./usr/lib/debug/boot/vmlinux-5.4.0-1-generic >site/vmlinux
    echo "5.4.0-1-generic-amd64 url=$SERVER/vmlinux" >kernels.list
    kstruct 0 -c kstruct.ini run
    [ -z "$(ls data/packages)" ] || fail "left: $(ls data/packages)"
}
