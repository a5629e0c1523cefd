# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# The lock file: what was taken once is taken again, or nothing.

# Three kernels that are found by their files' names, each package below site/ and of its own bytes.
set_up() {
    local number
    mkdir site
    serve site
    make_good_vmlinux vmlinux
    make_deb vmlinux 5.4.0-26-generic gzip package.ddeb
    : >kernels.list
    for number in 26 9 31; do
        add_kernel "$number"
    done
    write_settings
}

file_of() { # ABI
    echo "linux-image-unsigned-5.4.0-$1-generic-dbgsym_5.4.0-$1.1_amd64.ddeb"
}

add_kernel() { # ABI
    { cat package.ddeb && printf '\n%s\n' "$1"; } >"site/$(file_of "$1")"
    echo "5.4.0-$1-generic-amd64 version=5.4.0-$1.1" >>kernels.list
}

write_settings() { # [LINE...]
    {
        printf '[kstruct]\nlist = kernels.list\ndata_dir = data\n'
        printf '[fetch]\nsources = launchpad-files\nlaunchpad_files = %s\n' "$SERVER"
        printf 'minimum_package = 0\ntries = 2\nretry_wait = 0\n'
        printf '%s\n' "$@"
    } >kstruct.ini
}

# The line that the lock file should have.
line_of() { # ABI [DIRECTORY]
    local file
    file=$(file_of "$1")
    echo "5.4.0-$1-generic-amd64 version=5.4.0-$1.1 url=$SERVER${2:-}/$file" \
        "size=$(stat -c %s "site${2:-}/$file") sha256=$(sha256 "site${2:-}/$file")"
}

# The lock file without what it says of itself.
lines() { # [FILE]
    grep -v '^#' "${1:-kernels.lock}" || true
}

assert_locked() { # ABI...
    local number
    for number in "$@"; do
        line_of "$number"
    done >wanted
    lines >found
    same wanted found
}

test_what_was_fetched_is_locked() {
    set_up
    kstruct 0 -c kstruct.ini fetch
    assert_locked 9 26 31
    has kernels.lock '^# The packages that kstruct took'
    snapshot kernels.lock >before
    kstruct 0 -c kstruct.ini fetch
    snapshot kernels.lock >after
    same before after
}

test_the_order_and_the_threads_make_no_difference() {
    set_up
    kstruct 0 -c kstruct.ini -j 1 fetch
    mv kernels.lock first.lock
    rm -r data
    tac kernels.list >reversed
    mv reversed kernels.list
    write_settings 'transfers = 1'
    kstruct 0 -c kstruct.ini -j 3 fetch
    same first.lock kernels.lock
}

test_run_locks_too() {
    set_up
    sed -i '/-26-/!d' kernels.list
    kstruct 0 -c kstruct.ini run
    assert_locked 26
}

test_the_locked_place_is_asked_first() {
    set_up
    mkdir site/old
    kstruct 0 -c kstruct.ini fetch
    mv "site/$(file_of 9)" site/old
    sed -i "s|$SERVER/\([^ ]*-9.1_\)|$SERVER/old/\1|" kernels.lock
    cp kernels.lock before.lock
    rm -r data
    : >server.log
    kstruct 0 -c kstruct.ini fetch
    has server.log "GET /old/$(file_of 9) .* 200"
    lacks server.log ' 404 '
    has err 'hash verified$'
    same before.lock kernels.lock
}

# What is gone from its place may be had elsewhere, if it has the same bytes.
test_a_package_that_moved_is_found() {
    set_up
    kstruct 0 -c kstruct.ini fetch
    rm -r data
    sed -i "s|$SERVER/\([^ ]*-9.1_\)|$SERVER/gone/\1|" kernels.lock
    kstruct 0 -c kstruct.ini fetch
    has err '^5.4.0-9-generic-amd64: the locked package is now found at http'
    assert_locked 9 26 31
}

test_other_bytes_are_refused() {
    set_up
    kstruct 0 -c kstruct.ini fetch
    rm -r data
    cp kernels.lock before.lock
    sed -i 's/^9$/8/' "site/$(file_of 9)"
    kstruct 3 -c kstruct.ini fetch
    has err '^kstruct: 5.4.0-9-generic-amd64: lock file: .*have SHA-256 .*; Launchpad.s files: .*'
    same before.lock kernels.lock
    is_gone "data/packages/5.4.0-9-generic-amd64.ddeb"
    echo longer >>"site/$(file_of 9)"
    kstruct 3 -c kstruct.ini fetch
    has err '^kstruct: 5.4.0-9-generic-amd64: lock file: .*bytes where [0-9]+ are promised'
    has err '^ +1  corrupt$'
    same before.lock kernels.lock
}

test_the_url_of_the_list_is_locked() {
    set_up
    echo "5.4.0-26-generic-amd64 url=$SERVER/$(file_of 26)" >kernels.list
    kstruct 0 -c kstruct.ini fetch
    lines >found
    line_of 26 | sed 's/ url=/ given&/' >wanted
    same wanted found
    sed -i 's/^26$/27/' "site/$(file_of 26)"
    rm -r data
    kstruct 1 -c kstruct.ini fetch
    has err 'have SHA-256 .* where .* is promised'
    # Without its URL, the list asks for what the sources have.
    echo "5.4.0-26-generic-amd64 version=5.4.0-26.1" >kernels.list
    kstruct 0 -c kstruct.ini fetch
    has err '^5.4.0-26-generic-amd64: the list asks for another package than is locked'
    assert_locked 26
}

test_what_apt_gave_is_locked() {
    set_up
    local file
    file=$(file_of 26)
    echo "5.4.0-26-generic-amd64 apt=linux-image-dbg" >kernels.list
    install_apt_get "echo called >>calls
echo \"'$SERVER/$file' $file $(stat -c %s "site/$file") SHA256:$(sha256 "site/$file")\""
    kstruct 0 -c kstruct.ini fetch
    lines >found
    line_of 26 | sed 's/ url=/ apt=linux-image-dbg&/' >wanted
    same wanted found
    rm -r data calls
    kstruct 0 -c kstruct.ini fetch
    is_gone calls
    sed -i s/-dbg/-dbgsym/ kernels.list
    kstruct 0 -c kstruct.ini fetch
    exists calls
    has kernels.lock ' apt=linux-image-dbgsym '
}

test_a_new_version_is_locked_instead() {
    set_up
    kstruct 0 -c kstruct.ini fetch
    cp "site/$(file_of 26)" site/linux-image-unsigned-5.4.0-26-generic-dbgsym_5.4.0-26.2_amd64.ddeb
    echo new >>site/linux-image-unsigned-5.4.0-26-generic-dbgsym_5.4.0-26.2_amd64.ddeb
    sed -i 's/-26.1/-26.2/' kernels.list
    kstruct 0 -c kstruct.ini fetch
    has err '^5.4.0-26-generic-amd64: the list asks for another package than is locked'
    has kernels.lock '^5.4.0-26-generic-amd64 version=5.4.0-26.2 url=.*_5.4.0-26.2_amd64.ddeb size='
    [ "$(lines | wc -l)" -eq 3 ] || fail "not three lines"
}

test_a_demanded_hash_goes_before_the_locked_one() {
    set_up
    kstruct 0 -c kstruct.ini fetch
    sed -i 's/^9$/8/' "site/$(file_of 9)"
    sed -i "s/^5.4.0-9-.*/& sha256=$(sha256 "site/$(file_of 9)")/" kernels.list
    kstruct 0 -c kstruct.ini fetch
    assert_locked 9 26 31
}

test_kernels_that_left_the_list_stay() {
    set_up
    kstruct 0 -c kstruct.ini fetch
    echo "5.4.0-44-generic-amd64 version=5.4.0-44.1" >kernels.list
    cp package.ddeb "site/$(file_of 44)"
    kstruct 0 -c kstruct.ini fetch
    assert_locked 9 26 31 44
}

test_what_failed_does_not_keep_others_from_being_locked() {
    set_up
    rm "site/$(file_of 26)"
    kstruct 3 -c kstruct.ini fetch
    assert_locked 9 31
}

# What cannot be read may not be taken again.
test_bytes_that_are_no_kernel_are_not_locked_by_run() {
    set_up
    head -c 1500 package.ddeb >"site/$(file_of 26)"
    kstruct 1 -c kstruct.ini run 5.4.0-26-generic-amd64
    is_gone kernels.lock
    cp package.ddeb "site/$(file_of 26)"
    kstruct 0 -c kstruct.ini run 5.4.0-26-generic-amd64
    assert_locked 26
}

test_local_files_are_not_locked() {
    set_up
    echo "5.4.0-26-generic-amd64 file=package.ddeb" >kernels.list
    kstruct 0 -c kstruct.ini run
    is_gone kernels.lock
}

test_a_bad_lock_file_is_told_before_anything_is_fetched() {
    set_up
    printf '%s\n' '# by hand' '5.4.0-26-generic-amd64 url=x' '<<<<<<< HEAD' >kernels.lock
    cp kernels.lock before.lock
    local command
    : >server.log
    for command in run fetch 'fetch --dry-run'; do
        # shellcheck disable=SC2086 # it is two words
        kstruct 2 -c kstruct.ini $command
        has err '^kstruct: kernels.lock:2:28: .url=….: expected a URL'
        has err '^kstruct: kernels.lock:2: .sha256=. is missing$'
        has err '^kstruct: kernels.lock:3:1: kernel name .<<<<<<<.'
        has err '^kstruct: kernels.lock: has [0-9]+ errors$'
    done
    lacks server.log GET
    is_gone data
    same before.lock kernels.lock
}

test_the_settings_say_where_it_is() {
    set_up
    sed -i 's/^data_dir.*/&\nlock = elsewhere.lock/' kstruct.ini
    kstruct 0 -c kstruct.ini fetch
    is_gone kernels.lock
    [ "$(lines elsewhere.lock | wc -l)" -eq 3 ] || fail "not three lines"
}

# As with a list in /etc that belongs to somebody else.
test_a_lock_file_that_cannot_be_written_is_a_warning() {
    set_up
    sed -i 's|^data_dir.*|&\nlock = nowhere/kernels.lock|' kstruct.ini
    kstruct 0 -q -c kstruct.ini fetch
    [ "$(wc -l <err)" -eq 1 ] || fail "not one line"
    has err '^kstruct: warning: nowhere/kernels.lock: .*cannot create.*; name another .* with .lock. in'
    sed -i '/-26-/!d' kernels.list
    kstruct 0 -q -c kstruct.ini run
    [ "$(wc -l <err)" -eq 1 ] || fail "not one line"
    kstruct 0 -q -c kstruct.ini run
    is_empty err
}

# A pool leaves the epoch out of file names; that is not another version.
test_an_epoch_does_not_have_a_kernel_read_again() {
    set_up
    echo "5.4.0-26-generic-amd64 url=$SERVER/$(file_of 26) version=1:5.4.0-26.1" >kernels.list
    kstruct 0 -c kstruct.ini run
    kstruct 0 -c kstruct.ini run
    has err '^nothing to do'
}

# A run that is killed has locked what it has read.
test_a_killed_run_has_locked_what_it_read() {
    set_up
    write_settings
    sed -i '/-26-/!d' kernels.list
    # By another name of the server: who asks one waits for its first answer to anybody.
    echo "5.4.0-31-generic-amd64 url=${SERVER/127.0.0.1/localhost}/slow.ddeb" >>kernels.list
    mkfifo site/slow.ddeb
    "$KSTRUCT" -c kstruct.ini run >out 2>err </dev/null &
    local program=$!
    wait_until grep -q '^5.4.0-26-generic-amd64: 1 struct' err
    wait_until test -e kernels.lock
    kill -9 "$program"
    wait "$program" || true
    assert_locked 26
}

# A list in a place of somebody else's has its lock file in the data directory.
test_without_a_place_beside_the_list_it_is_in_the_data_directory() {
    need setpriv
    set_up
    cp "$KSTRUCT" program
    chmod 755 .. . program
    chmod 644 kstruct.ini kernels.list
    mkdir etc data
    mv kernels.list etc/
    chmod 555 etc
    [ "$(id -u)" -ne 0 ] || chown 65534 data
    as_user true 2>/dev/null || skip "this root cannot become another user"
    as_user ./program -q -c kstruct.ini -l etc/kernels.list -d data fetch >out 2>err || fail "it fails: $(cat err)"
    is_empty err
    is_gone etc/kernels.lock
    [ "$(lines data/kernels.lock | wc -l)" -eq 3 ] || fail "not three lines"

    # It is read there, too: other bytes are refused.
    rm data/packages/*
    sed -i "s/sha256=[0-9a-f]*/sha256=$(printf '%064d' 0)/" data/kernels.lock
    as_user ./program -q -c kstruct.ini -l etc/kernels.list -d data fetch >out 2>err && fail "other bytes are taken"
    has err 'is promised'

    # One that is beside the list already goes before it.
    chmod 755 etc
    mv data/kernels.lock etc/
    chmod 555 etc
    as_user ./program -q -c kstruct.ini -l etc/kernels.list -d data fetch >out 2>err && fail "other bytes are taken"
    is_gone data/kernels.lock
}

# One package, made of a real archive, for the kernel 5.4.0-26, below FAULT; nothing vouches for it.
set_up_fault() { # FAULT
    set_up
    serve_faults site requests.log
    write_settings
    echo "5.4.0-26-generic-amd64 url=$SERVER/$1/package.deb" >kernels.list
    make_deb vmlinux 5.4.0-26-generic none site/package.deb
}

test_a_cut_body_without_a_length_is_fetched_again() {
    set_up_fault no-length-cut
    kstruct 0 -c kstruct.ini fetch
    has err 'what the server sent is cut: it has [0-9]+ bytes and would need [0-9]+ .*next try'
    has kernels.lock "sha256=$(sha256 site/package.deb)$"
    # The same where the length is known from another time.
    rm -r data
    serve_faults site requests.log
    sed -i "s|http://[^/]*|$SERVER|" kernels.list kernels.lock
    kstruct 0 -c kstruct.ini fetch
    has err 'sent [0-9]+ of [0-9]+ bytes: try again later; next try'
}

test_a_cut_package_is_not_locked() {
    set_up_fault part-as-all
    kstruct 1 -c kstruct.ini fetch
    has err 'is cut: .*try again later'
    is_gone kernels.lock data/packages/5.4.0-26-generic-amd64.deb
    kstruct 0 -c kstruct.ini fetch
    has kernels.lock "sha256=$(sha256 site/package.deb)$"
}

test_what_was_locked_wrongly_is_locked_anew() {
    set_up_fault ok
    cp site/package.deb right.deb
    # Of the right length, and no kernel's.
    head -c "$(stat -c %s right.deb)" /dev/zero >site/package.deb
    printf '!<arch>\n' | dd of=site/package.deb conv=notrunc status=none
    kstruct 0 -c kstruct.ini fetch
    kstruct 1 -c kstruct.ini run
    has err 'kstruct fetch --relock 5.4.0-26-generic-amd64. fetches and locks anew'
    cp right.deb site/package.deb
    kstruct 0 -c kstruct.ini fetch # what is there is what is locked
    rm -r data/packages
    kstruct 1 -c kstruct.ini fetch
    has err 'fetch --relock'
    kstruct 2 -c kstruct.ini fetch --relock
    has err '^kstruct: .*--relock wants the names of kernels'
    kstruct 0 -c kstruct.ini fetch --relock 5.4.0-26-generic-amd64
    has err 'is locked anew: SHA-256 '
    has kernels.lock "sha256=$(sha256 right.deb)$"
    kstruct 0 -c kstruct.ini run 5.4.0-26-generic-amd64
    # What is there is no reason not to ask; a hash of the list goes before all.
    kstruct 0 -c kstruct.ini fetch --relock 5.4.0-26-generic-amd64
    has err 'fetched package.deb'
    sed -i "s/$/ sha256=$(printf '%064d' 0)/" kernels.list
    kstruct 1 -c kstruct.ini fetch --relock 5.4.0-26-generic-amd64
    has err 'is promised'
}
