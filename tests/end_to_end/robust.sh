# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Kills, two at once, full disks, foreign files: whatever happens, the next run gives what an
# undisturbed one gives.

names=(4.15.0-20-generic-amd64 5.4.0-26-generic-amd64 5.8.0-25-generic-amd64 5.11.0-16-generic-amd64
    5.13.0-19-generic-amd64 5.15.0-25-generic-amd64 5.19.0-21-generic-amd64)

set_up() {
    set_up_large_kernels 400 "${names[@]}"
}

# All that a data directory holds for those who read it.
dump() { # DATADIR OUTPUT
    local name
    mkdir -p "$2"
    for name in "${names[@]}"; do
        kstruct 0 -d "$1" export -k "$name" --kind struct,union,enum,typedef,int -o "$2/$name.jsonl"
    done
    cp -r "$1/report" "$2/report"
    rm "$2/report/.kstruct-report" # it knows the files' times
}

undisturbed() {
    kstruct 0 -q -l kernels.list -d undisturbed run
    dump undisturbed wanted
}

check_recovered() { # DATADIR
    kstruct 0 -q -l kernels.list -d "$1" run
    is_empty err
    rm -rf found
    dump "$1" found
    same wanted found
    [ -z "$(find "$1" -name '*.part' -o -name '*.tmp*')" ] ||
        fail "temporary files are left: $(find "$1" -name '*.part' -o -name '*.tmp*')"
    kstruct 0 -l kernels.list -d "$1" run
    has err '^nothing to do'
}

test_kill_at_any_moment() {
    local part killed=0
    build_fault
    set_up
    count_calls -q -l kernels.list -d undisturbed run
    dump undisturbed wanted
    for part in 2 6 12 20 30 42 55 80; do
        rm -rf data
        kill_at_call run $((1 + CALLS * part / 100)) -q -l kernels.list -d data run
        # shellcheck disable=SC2153 # kill_at_call sets it
        [ "$STATUS" -ne 137 ] || killed=$((killed + 1))
        check_recovered data
    done
    [ "$killed" -ge 4 ] || fail "only $killed of 8 runs were still at work when they were killed"
}

test_kill_again_and_again() {
    local round
    build_fault
    set_up
    undisturbed
    for round in 1 2 3 4 5 6 7 8; do
        # Early: a run has to open more files than that.
        kill_at_call run $((4 * round)) -q -l kernels.list -d data run
        [ "$STATUS" -eq 137 ] || fail "exit status $STATUS instead of 137"
    done
    check_recovered data
}

# A reader sees whole kernels at any time, also after a writer that was killed.
test_read_while_written() {
    local pid seen=0 lines
    set_up
    undisturbed
    setsid "$KSTRUCT" -q -l kernels.list -d data run >/dev/null 2>&1 &
    pid=$!
    at_exit+=("end_job $pid")
    while kill -0 "$pid" 2>/dev/null; do
        if "$KSTRUCT" -d data export -k "${names[0]}" --kind struct,union,enum,typedef,int -o part.jsonl 2>err; then
            same "wanted/${names[0]}.jsonl" part.jsonl
            seen=$((seen + 1))
        else
            lines=$(wc -l <err)
            [ "$lines" -eq 1 ] || fail "$lines lines instead of one: $(cat err)"
            has err 'there is no data set yet|has no kernel|is empty'
        fi
    done
    echo "read $seen times"
    wait "$pid"
}

test_two_runs_at_once() {
    local pid
    set_up
    # shellcheck disable=SC2016 # the script expands it
    install_apt_get 'touch asked
until [ -e go ]; do sleep 0.05; done
echo "E: Unable to locate package $3" >&2
exit 100'
    echo '6.8.0-31-generic-amd64 apt=slow' >>kernels.list
    "$KSTRUCT" -l kernels.list -d data run >first.out 2>first.err &
    pid=$!
    at_exit+=("touch go; wait $pid")
    wait_until test -e asked
    # The first one ends when this test says so: the second one cannot wait for it.
    refused 1 'data/lock: another kstruct .process [0-9]+. is at work' 'wait' -- -l kernels.list -d data run
    # What only reads is not in the way.
    kstruct 0 -l kernels.list -d data status
    has out "^${names[0]} +[a-z]+ +400 structs"
    kstruct 0 -d data export -k "${names[0]}" --kind struct,union,enum,typedef,int
    touch go
    local status=0
    wait "$pid" || status=$?
    [ "$status" -eq 3 ] || fail "the first run ends with $status instead of 3"
    has first.err '^8 kernels: 7 read, 0 up to date, 1 failed$'
}

test_second_analyze_changes_nothing() {
    echo 'struct kit { int a; long b; } kit_object;' >kit.c
    make_vmlinux kit.c 5.4.0-26-generic vmlinux
    set_machine vmlinux 62
    kstruct 0 -d data analyze vmlinux
    kstruct 0 -d data export -k 5.4.0-26-generic-amd64 -o first.jsonl
    kstruct 0 -l /dev/null -d data report -o first --all
    kstruct 0 -d data analyze vmlinux
    kstruct 0 -d data export -k 5.4.0-26-generic-amd64 -o second.jsonl
    same first.jsonl second.jsonl
    snapshot first >before
    kstruct 0 -l /dev/null -d data report -o first --all
    snapshot first | grep -v kstruct-report >after
    grep -v kstruct-report before >pages
    same pages after
}

# A kernel that is read anew takes its old layouts with it.
test_replaced_kernel_leaves_nothing() {
    echo 'struct kit { int a; long b; } kit_object; struct gone { int x; } gone_object;' >kit.c
    make_vmlinux kit.c 5.4.0-26-generic first
    echo 'struct kit { long a; } kit_object;' >kit.c
    make_vmlinux kit.c 5.4.0-26-generic second
    kstruct 0 -d data analyze -k 5.4.0-26-generic-amd64 first
    kstruct 0 -d data analyze -k 5.4.0-26-generic-amd64 second
    kstruct 0 -d fresh analyze -k 5.4.0-26-generic-amd64 second
    kstruct 0 -d data export -k 5.4.0-26-generic-amd64 -o data.jsonl
    kstruct 0 -d fresh export -k 5.4.0-26-generic-amd64 -o fresh.jsonl
    same fresh.jsonl data.jsonl
    refused 1 '^kstruct: gone: ' -- -d data show gone
}

test_import_of_an_export() {
    local name
    set_up
    undisturbed
    mkdir -p top/types_struct
    for name in "${names[@]}"; do
        cp "wanted/$name.jsonl" top/types_struct/
    done
    zstd -q --rm "top/types_struct/${names[0]}.jsonl"
    echo ignored >top/types_struct/README
    kstruct 0 -q -d imported import top
    is_empty err
    kstruct 0 -l kernels.list -d imported report -o imported/report
    # What is said of the packages does not come along.
    rm -f {wanted,imported}/report/{Coverage.md,tables/coverage.*,changes.*}
    dump imported found
    same wanted found
}

test_report_leaves_foreign_files_alone() {
    set_up
    kstruct 0 -q -l kernels.list -d data run
    mkdir -p pages/Struct/m pages/Struct/z pages/Struct/notes pages/.git
    echo '# My notes' >pages/Struct/m/notes.md
    echo 'text' >pages/Struct/m/many_3.txt
    echo '# My notes' >pages/Struct/z/notes.md
    echo 'site' >pages/index.html
    echo 'ref' >pages/.git/HEAD
    echo 'x' >pages/Struct/notes/x.md
    ln -s /nowhere pages/Struct/m/link.md
    printf '# Struct: <code>old</code>\n' >pages/Struct/m/old_page.md
    find pages ! -type d ! -name old_page.md | sort >foreign
    xargs stat -c '%n %Y %s %i' <foreign >before
    kstruct 0 -l kernels.list -d data report -o pages --adopt
    has err '^pages: 400 pages: 400 written, 0 unchanged, 1 removed$'
    xargs stat -c '%n %Y %s %i' <foreign >after
    same before after
    is_gone pages/Struct/m/old_page.md
}

test_directories_without_permission() {
    local status
    need setpriv
    echo 'struct kit { int a; long b; } kit_object;' >kit.c
    make_vmlinux kit.c 5.4.0-26-generic vmlinux
    set_machine vmlinux 62
    echo '5.4.0-26-generic-amd64 file=vmlinux' >kernels.list
    cp "$KSTRUCT" program
    mkdir data pages unreadable
    [ "$(id -u)" -ne 0 ] || chown 65534 data unreadable
    chmod 755 .. . program
    chmod 644 kernels.list vmlinux
    as_user true 2>/dev/null || skip "this root cannot become another user"
    as_user ./program -q -l kernels.list -d data run
    chmod 555 pages

    status=0
    as_user ./program -l kernels.list -d data report -o pages >out 2>err || status=$?
    [ "$status" -eq 1 ] || fail "exit status $status instead of 1 for a read-only report directory"
    [ "$(wc -l <err)" -eq 1 ] || fail "not one line: $(cat err)"
    has err '^kstruct: pages: .*Permission denied'

    chmod 000 unreadable
    status=0
    as_user ./program -l kernels.list -d unreadable run >out 2>err || status=$?
    [ "$status" -eq 1 ] || fail "exit status $status instead of 1 for an unreadable data directory"
    has err '^kstruct: unreadable: cannot open the data directory: Permission denied'
    status=0
    as_user ./program -l kernels.list -d unreadable status >out 2>err || status=$?
    [ "$status" -eq 1 ] || fail "exit status $status instead of 1 for an unreadable data set"
    has err '^kstruct: unreadable/kstruct.db: '

    # A data set that can only be read serves those who only read.
    chmod -R a-w data
    chmod 000 vmlinux
    as_user ./program -d data show kit >out 2>err || fail "cannot show: $(cat err)"
    has out '^struct kit \{$'

    [ "$(id -u)" -ne 0 ] || chown 0 vmlinux
    status=0
    as_user ./program -d data analyze vmlinux >out 2>err || status=$?
    [ "$status" -eq 1 ] || fail "exit status $status instead of 1 for an unreadable vmlinux"
    has err '^kstruct: vmlinux: cannot open: Permission denied$'
}

# A kernel that is in the data set is in it as a whole.
check_whole() { # DATADIR
    local name
    for name in "${names[@]}"; do
        if "$KSTRUCT" -d "$1" export -k "$name" --kind struct,union,enum,typedef,int -o part.jsonl 2>part.err; then
            same "wanted/$name.jsonl" part.jsonl
        else
            has part.err 'there is no data set yet|has no kernel|is empty'
        fi
    done
}

# Whatever it is that no longer fits: a package, what a reader has read, the data set, the report.
test_full_disk() {
    local status size failed=0
    set_up
    undisturbed
    mkdir disk
    mount -t tmpfs -o size=100k tmpfs disk 2>/dev/null || skip "mounting a tmpfs is not allowed here"
    at_exit+=("umount -l disk")
    for ((size = 50; size < 16000; size += size / 3)); do
        mount -o "remount,size=${size}k" disk
        status=0
        "$KSTRUCT" -q -l kernels.list -d disk/data run >out 2>err || status=$?
        cat err
        echo "with $size KiB: exit status $status"
        check_whole disk/data
        [ "$status" -ne 0 ] || break
        failed=$((failed + 1))
        [ "$status" -eq 1 ] || [ "$status" -eq 3 ] || fail "exit status $status with a disk of $size KiB"
        has err '^kstruct: .*disk/data.*(No space left on device|is full)'
    done
    [ "$failed" -ge 6 ] || fail "only $failed sizes were too small"
    mount -o remount,size=64m disk
    check_recovered disk/data
}

test_others_can_read_the_data_set() {
    [ "$(id -u)" = 0 ] || skip "only root can become somebody else"
    need sqlite3
    local open
    open=$(mktemp -d)
    chmod 755 "$open"
    cd "$open" || return
    make_good_vmlinux vmlinux
    kstruct 0 -d data analyze -k 5.4.0-26-generic-amd64 vmlinux
    kstruct 0 -d data export -k 5.4.0-26-generic-amd64
    cp out as_root
    cp "$KSTRUCT" program
    setpriv --reuid=65534 --regid=65534 --clear-groups \
        ./program -d data export -k 5.4.0-26-generic-amd64 >as_other 2>err || fail "cannot read: $(cat err)"
    same as_root as_other
    # Who may write beside it takes a log's files away with SQLite's own program.
    sqlite3 data/kstruct.db 'SELECT count(*) FROM layout' >count
    setpriv --reuid=65534 --regid=65534 --clear-groups \
        ./program -d data export -k 5.4.0-26-generic-amd64 >as_other 2>err || fail "locked out: $(cat err)"
    same as_root as_other
    cd / && rm -rf "$open"
}
