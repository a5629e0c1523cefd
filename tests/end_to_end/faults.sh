# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# A fault at each stage of `kstruct run` and `kstruct rebuild`: a full disk, too little memory,
# SIGTERM, a damaged data set, a clock that is set back, others at work. Whatever it is, it is told
# by the file's name, nothing is lost, and the next one gives what an undisturbed one gives.
#
# KSTRUCT_TOGETHER  how often runs and a report are started together (default: 3)

together=${KSTRUCT_TOGETHER:-3}
# shellcheck source=tests/end_to_end/nights.sh
source "$E2E_DIRECTORY/nights.sh"
names=("${names[@]:0:4}")

# Runs kstruct for a data directory, with a fault; see fault_at.c.
faulty() { # STATUS FAULT COMMAND DATADIR
    export KSTRUCT_FAULT=$2 LD_PRELOAD=$PWD/fault_at.so
    kstruct "$1" -l "$4.list" -d "$4" "$3"
    unset KSTRUCT_FAULT LD_PRELOAD
}

# The data set as it was, and a rebuild that gives the same.
check_rebuilt() { # DATADIR
    dump "$1" found
    same wanted found
    kstruct 0 -q -l "$1.list" -d "$1" rebuild
    is_empty err
    check_recovered "$1"
}

# --- A full disk

# A disk of so many KiB at the directory.
mount_disk() { # DIRECTORY KIB
    mkdir -p "$1"
    mount -t tmpfs -o "size=${2}k" tmpfs "$1" 2>/dev/null || skip "mounting a tmpfs is not allowed here"
    at_exit+=("umount -l '$PWD/$1'")
}

# With a disk of so many KiB at a directory, a run says that it is full, and names it; with room, the
# next one does the rest.
full_disk() { # DIRECTORY KIB STATUS EXPRESSION
    rm -rf data data.lock
    use_list data
    mount_disk "$1" "$2"
    touch data/.kstruct-data
    kstruct "$3" -q -c kstruct.ini -l data.list -d data run
    cat err
    has err "^kstruct: .*$4"
    check_whole data
    mount -o remount,size=64m "$1"
    kstruct 0 -q -c kstruct.ini -l data.list -d data run
    is_empty err
    dump data found
    same wanted found
    umount "$1"
}

test_full_disk_at_each_stage_of_a_run() {
    set_up 100
    ignore_changes
    undisturbed
    echo '[kstruct]' >kstruct.ini
    full_disk data/packages 4 3 'data/packages: .*are to come and only .* are free: make room'
    full_disk data/report 60 1 'data/report.*: No space left on device'
}

# Packages and what is read from them elsewhere, so that nothing but the data set fills the disk.
test_full_disk_when_a_kernel_is_stored() {
    local size failed=0
    set_up 100
    ignore_changes
    undisturbed
    use_list data
    mount_disk data 60
    mkdir packages report
    ln -s "$PWD"/{packages,report} data/
    touch data/.kstruct-data
    for ((size = 60; size < 4000; size *= 2)); do
        mount -o "remount,size=${size}k" data
        STATUS=0
        "$KSTRUCT" -q -l data.list -d data run >out 2>err || STATUS=$?
        [ "$STATUS" -ne 0 ] || break
        has err '^kstruct: .*data/kstruct.db.*(is full|disk I/O error|No space left on device)'
        failed=$((failed + 1))
        check_whole data
    done
    [ "$failed" -ge 2 ] || fail "only $failed sizes were too small"
    check_recovered data
}

# A kernel that is in the data set and not in the lock file would not be locked by a later run.
test_full_disk_of_the_lock_file() {
    set_up 100
    ignore_changes
    undisturbed
    use_list data
    printf '[kstruct]\nlock = locks/data.lock\n' >kstruct.ini
    mount_disk locks 16
    dd if=/dev/zero of=locks/full bs=1k 2>/dev/null || true
    kstruct 3 -c kstruct.ini -l data.list -d data run
    cat err
    has err "^kstruct: ${names[1]}: locks/data.lock: .*No space left on device"
    has err '^4 kernels: 2 read, 0 up to date, 2 failed$'
    rm locks/full
    kstruct 0 -q -c kstruct.ini -l data.list -d data run
    is_empty err
    cp locks/data.lock data.lock
    dump data found
    same wanted found
}

test_full_disk_at_each_stage_of_a_rebuild() {
    local size extra used=0 failed=0
    set_up 100
    undisturbed
    mount_disk disk 64000
    cp undisturbed.list disk/data.list
    ln -s "$PWD/site" disk/site # where the list looks for files
    cp -r undisturbed disk/data
    cp undisturbed.lock disk/data.lock
    rm -r disk/data/packages
    used=$(du -sk disk | cut -f 1)
    for ((extra = 20; extra < 8000; extra *= 2)); do
        size=$((used + extra))
        mount -o "remount,size=${size}k" disk 2>/dev/null || continue
        STATUS=0
        "$KSTRUCT" -q -l disk/data.list -d disk/data rebuild >out 2>err || STATUS=$?
        echo "with $extra KiB more: exit status $STATUS: $(head -n 1 err)"
        [ "$STATUS" -ne 0 ] || break
        has err '^kstruct: .*disk/data.*(No space left on device|is full|are free: make room)'
        failed=$((failed + 1))
        dump disk/data found
        same wanted found
    done
    [ "$failed" -ge 4 ] || fail "only $failed sizes were too small"
    mount -o remount,size=64m disk
    check_rebuilt disk/data
}

# The last step of a rebuild: in the old one's place.
test_full_disk_when_the_new_data_set_is_put_in_place() {
    build_fault
    set_up 100
    undisturbed
    use_list data
    kstruct 0 -q -l data.list -d data run
    faulty 1 run:rename:data/kstruct.db:1:ENOSPC rebuild data
    has err '^kstruct: data/kstruct.db: .*No space left on device'
    check_rebuilt data
}

# Once nothing can be stored, nothing is waited for.
test_a_failure_of_the_data_set_ends_what_is_under_way() {
    build_fault
    set_up 100
    ignore_changes
    undisturbed
    mkdir slow
    {
        printf '!<arch>\n'
        head -c 20000000 /dev/zero
    } >slow/slow.deb
    serve_faults slow requests.log --rate 20000 # longer than a test may take
    echo "6.8.0-31-generic-amd64 url=$SERVER/ok/slow.deb" >data.list
    grep file= kernels.list >>data.list
    faulty 1 run:write:data/kstruct.db-wal:1:EIO run data
    cat err
    has err '^kstruct: data/kstruct.db: .*disk I/O error'
    rm -f data/packages/6.8.0-31-generic-amd64.deb.part*
    use_list data
    check_recovered data
}

# --- Little memory

test_little_memory_for_a_rebuild() {
    local size status failed=0
    set_up 100
    undisturbed
    use_list data
    kstruct 0 -q -l data.list -d data run
    for size in 45 80 200; do
        size=$((size * 1024))
        (ulimit -v "$size" && exec "$KSTRUCT" --version >out 2>err) || continue
        status=0
        (ulimit -v "$size" && exec "$KSTRUCT" -q -l data.list -d data rebuild >out 2>err) || status=$?
        echo "with $size KiB: exit status $status: $(head -n 1 err)"
        case $status in
        0) ;;
        1 | 3)
            has err '^kstruct: '
            failed=$((failed + 1))
            ;;
        *) fail "with $size KiB: exit status $status: $(tail -n 1 err)" ;;
        esac
        dump data found
        same wanted found
    done
    [ "$failed" -ge 1 ] || skip "no size was too small that the program begins with"
    check_rebuilt data
}

test_little_memory_for_a_reader() {
    local size failed=0
    set_up 100
    ignore_changes
    undisturbed
    for size in 16M 24M 32M 64M; do
        rm -rf data data.lock
        use_list data
        printf '[kstruct]\nchild_memory = %s\n' "$size" >kstruct.ini
        STATUS=0
        "$KSTRUCT" -q -c kstruct.ini -l data.list -d data run >out 2>err || STATUS=$?
        echo "with $size: exit status $STATUS: $(head -n 1 err)"
        [ "$STATUS" -ne 0 ] || continue
        failed=$((failed + 1))
        [ "$STATUS" -eq 1 ] || [ "$STATUS" -eq 3 ] || fail "exit status $STATUS with $size"
        has err '^kstruct: 5.*(child_memory|ended with status|shared librar)'
        check_whole data
    done
    [ "$failed" -ge 1 ] || skip "no size was too small"
    check_recovered data
}

# A group of processes with so much memory, as a container has it; the kernel ends what takes more.
test_little_memory_for_all() {
    local group=/sys/fs/cgroup/memory/kstruct-test.$$ size killed=0
    set_up 100
    ignore_changes
    undisturbed
    mkdir "$group" 2>/dev/null || skip "there is no group for memory here that this may write to"
    at_exit+=("rmdir '$group'")
    for size in 4 8 16 32; do
        rm -rf data data.lock
        use_list data
        echo 0 >"$group/memory.force_empty" 2>/dev/null || true
        echo $((size << 20)) >"$group/memory.limit_in_bytes" || skip "the group takes no limit"
        STATUS=0
        # shellcheck disable=SC2016 # the inner shell expands these
        bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group" \
            "$KSTRUCT" -q -l data.list -d data run >out 2>err || STATUS=$?
        echo "with $size MiB: exit status $STATUS: $(tail -n 1 err)"
        [ "$STATUS" -eq 0 ] || killed=$((killed + 1))
        check_whole data
    done
    [ "$killed" -ge 1 ] || skip "no size was too small"
    check_recovered data
}

# --- A damaged data set

# Damages data/kstruct.db: noise over so many bytes at a place, or the file cut there.
damage() { # noise|cut OFFSET BYTES
    case $1 in
    noise)
        head -c "$3" /dev/urandom >noise
        dd if=noise of=data/kstruct.db bs=4096 seek="$2" oflag=seek_bytes conv=notrunc status=none
        ;;
    cut) truncate -s "$2" data/kstruct.db ;;
    esac
}

# A run with a kernel to store says what is wrong and what to do, before it changes anything; so does
# what reads all of it. A rebuild makes a new one, and keeps the damaged one.
check_damaged() { # WHAT
    local advice='kstruct rebuild.*makes a new one' before
    before=$(sha256 data/kstruct.db)
    echo "$1:"
    kstruct 1 -q -l data.list -d data run
    cat err
    has err "^kstruct: data/kstruct.db: .*$advice"
    [ "$(wc -l <err)" -eq 1 ] || fail "$1: $(wc -l <err) lines instead of one"
    [ "$(sha256 data/kstruct.db)" = "$before" ] || fail "$1: it was written into"
    kstruct 1 -q -d data analyze -k 5.4.0-1-kit-amd64 vmlinux
    has err "^kstruct: data/kstruct.db: .*$advice"
    [ "$(sha256 data/kstruct.db)" = "$before" ] || fail "$1: it was written into"
    kstruct 0 -q -l data.list -d data rebuild
    has err "warning: data/kstruct.db: .*is kept as kstruct.db.damaged"
    [ "$(sha256 data/kstruct.db.damaged)" = "$before" ] || fail "$1: it is not kept"
    rm data/kstruct.db.damaged
    check_recovered data
}

set_up_damage() {
    set_up 100
    ignore_changes
    undisturbed
    make_good_vmlinux vmlinux
    use_list data
    # All but one, so that something is to be stored.
    kstruct 0 -q -l data.list -d data run "${names[@]:0:3}"
    rm -rf whole
    cp -r data whole
    cp data.lock whole.lock
}

restore() {
    rm -rf data
    cp -r whole data
    cp whole.lock data.lock
}

test_damaged_data_set() {
    local size kind place
    set_up_damage
    size=$(stat -c %s data/kstruct.db)
    while read -r kind place; do
        restore
        damage "$kind" $((size * place / 100)) 40000
        check_damaged "$kind at $place %"
    done <<'END'
cut 0
cut 50
noise 0
noise 2
noise 30
noise 60
noise 95
END
}

# Where SQLite sees nothing: a text. What is published is never wrong.
test_damaged_text_in_the_data_set() {
    local name kernel command
    set_up_damage
    python3 - <<'PYTHON'
data = open("data/kstruct.db", "rb").read()
at = data.index(b"field_3")
open("data/kstruct.db", "wb").write(data[:at] + b"fjeld" + data[at + 5:])
PYTHON
    [ "$(sqlite3 data/kstruct.db 'PRAGMA integrity_check')" = ok ] || fail "SQLite sees it"
    IFS='|' read -r kernel name < <(sqlite3 data/kstruct.db \
        "SELECT kernel, struct FROM field WHERE field LIKE 'fjeld%' LIMIT 1")
    for command in "report -o pages" "export -k $kernel" "offsets --format json" "show $name -k $kernel"; do
        # shellcheck disable=SC2086 # words
        kstruct 1 -l data.list -d data $command
        has err "^kstruct: data/kstruct.db: .*struct $name is not what was written.*kstruct rebuild"
        is_empty out
    done
    kstruct 2 -d data diff "$kernel" "${names[0]}" "$name"
    check_damaged "a text"
}

# What does not look at all of it says so, too, when it meets the damage.
test_commands_on_a_damaged_data_set() {
    local place command
    set_up_damage
    for place in 'noise 0 20000' 'cut 100000' 'cut 0'; do
        restore
        # shellcheck disable=SC2086 # words
        damage $place
        for command in status "report -o pages" "show many_3" "export -k ${names[0]}"; do
            # shellcheck disable=SC2086 # words
            kstruct 1 -l data.list -d data $command
            has err '^kstruct: data/kstruct.db: .*kstruct rebuild.*makes a new one'
        done
    done
}

# --- SIGTERM

# The signal at a stage, to a run with one reader, since each reader would send one: it ends with
# work left, says so, and the next one does the rest.
interrupted_at() { # FAULT COMMAND
    echo "$2, $1:"
    KSTRUCT_FAULT=$1 LD_PRELOAD=$PWD/fault_at.so start "$2" data -j1
    end_run
    cat run.err
    has run.err 'Terminated: ending at the next safe point'
    [ "$STATUS" -eq 1 ] || fail "$1: exit status $STATUS of $2 instead of 1"
    has run.err '^kstruct: interrupted; what was done is kept'
    check_no_children "$PID"
    # The beginning of a package is no leftover: it is gone on with.
    leftovers data | grep -v '\.part$' >left || true
    is_empty left
}

test_sigterm_at_each_stage_of_a_run() {
    local fault
    build_fault
    set_up 100
    ignore_changes
    undisturbed
    for fault in run:open:.part:1 run:write:.part:2 run:open:packages/:1 \
        run:write:kstruct.db:1 run:write:kstruct.db-wal:20 run:rename:data.lock:1 \
        run:write:data/report:1 run:write:data/report:40; do
        rm -rf data data.lock
        use_list data
        interrupted_at "$fault:TERM" run
        check_whole data
        check_recovered data
    done
}

test_sigterm_at_each_stage_of_a_rebuild() {
    local fault
    build_fault
    set_up 100
    undisturbed
    use_list data
    kstruct 0 -q -l data.list -d data run
    for fault in run:open:.part:1 run:write:.part:2 run:open:packages/:1 \
        run:write:kstruct.db.new:1 run:write:kstruct.db.new-wal:20 run:write:data/report:1 \
        run:write:data/report:40; do
        rm -rf data/packages data/kstruct.db.new*
        # So that there is something to write.
        [[ $fault != *report* ]] || rm -r data/report
        interrupted_at "$fault:TERM" rebuild
        [[ $fault == *report* ]] || check_rebuilt data
        check_recovered data
    done
}

test_sigterm_while_nothing_comes() {
    build_fault
    set_up 100
    ignore_changes
    undisturbed
    mkdir slow
    head -c 2000000 /dev/zero >slow/slow.deb
    serve_faults slow requests.log
    use_list data
    echo "6.8.0-31-generic-amd64 url=$SERVER/silence/slow.deb" >>data.list
    # Nothing comes for longer than a test may take.
    printf '[fetch]\nlow_speed_time = 3600\n' >kstruct.ini
    start run data -c kstruct.ini
    wait_until has_line run.err 'fetching .*slow.deb'
    kill -s TERM "$PID"
    end_run
    [ "$STATUS" -eq 1 ] || fail "exit status $STATUS instead of 1"
    use_list data
    check_recovered data
}

# It asks for four names, one after the other.
test_sigterm_while_apt_get_thinks() {
    set_up 100
    ignore_changes
    use_list data
    # shellcheck disable=SC2016 # the script expands its own
    install_apt_get 'echo "$*" >>'"$PWD"'/asked; sleep 60; echo "E: Unable to locate package" >&2; exit 100'
    echo '6.8.0-31-generic-amd64' >data.list
    printf '[fetch]\nsources = apt\n' >kstruct.ini
    start run data -c kstruct.ini
    wait_until test -s asked
    kill -s TERM "$PID"
    end_run
    [ "$STATUS" -eq 1 ] || fail "exit status $STATUS instead of 1"
    has run.err '^kstruct: interrupted; what was done is kept'
    [ "$(wc -l <asked)" -eq 1 ] || fail "another name was asked for"
}

# What was read until then is looked into like any other: SQLite must know what its tables are like.
test_an_interrupted_run_leaves_statistics() {
    build_fault
    set_up 100
    ignore_changes
    use_list data
    interrupted_at run:write:kstruct.db-wal:60:TERM run
    [ "$(sqlite3 data/kstruct.db 'SELECT count(*) FROM kernel')" -gt 0 ] || skip "nothing was read yet"
    [ "$(sqlite3 data/kstruct.db "SELECT count(*) FROM sqlite_stat1")" -gt 0 ] || fail "no statistics"
}

# --- The clock

# Days later by the clock, or sooner.
with_clock() { # DAYS STATUS ARGUMENT...
    export KSTRUCT_CLOCK=$(($1 * 86400)) LD_PRELOAD=$PWD/fault_at.so
    shift
    kstruct "$@"
    unset KSTRUCT_CLOCK LD_PRELOAD
}

test_clock_that_is_set_back() {
    build_fault
    set_up 100
    ignore_changes
    unlike+=(Coverage.md 'tables/coverage.*') # when a kernel was read
    undisturbed
    use_list data
    with_clock 10 0 -q -l data.list -d data run "${names[@]:0:2}"
    is_empty err
    kstruct 0 -q -l data.list -d data run
    is_empty err
    dump data found
    same wanted found
    kstruct 0 -l data.list -d data run
    has err '^nothing to do'
    with_clock -10 0 -l data.list -d data run
    has err '^nothing to do'
    with_clock -10 0 -q -l data.list -d data rebuild
    dump data found
    same wanted found
    kstruct 0 -l data.list -d data run
    has err '^nothing to do'
}

# A file that is changed after that is older than its reading is said to be.
test_file_that_changes_after_the_clock_was_set_back() {
    build_fault
    set_up 100
    undisturbed
    cp -L "site/${names[2]}.deb" first.deb
    echo "${names[2]} file=first.deb" >data.list
    with_clock 10 0 -q -l data.list -d data run
    kstruct 0 -l data.list -d data run
    has err '^nothing to do'
    write_many_structs many.c 100 9
    make_vmlinux many.c "${names[2]%-*}" vmlinux
    set_machine vmlinux 62
    make_deb vmlinux "${names[2]%-*}" xz first.deb
    kstruct 0 -l data.list -d data run
    has err '^1 kernel: 1 read, 0 up to date, 0 failed$'
    kstruct 0 -l data.list -d data run
    has err '^nothing to do'
}

# --- Others at work

# Two runs and a report into the same directory: one run says that the other is at work.
test_two_runs_and_a_report_together() {
    local round first second report
    set_up 100
    ignore_changes
    undisturbed
    for ((round = 0; round < together; round++)); do
        rm -rf data data.lock
        use_list data
        kstruct 0 -q -l data.list -d data run "${names[@]:0:2}"
        "$KSTRUCT" -q -l data.list -d data run >first.out 2>first.err &
        first=$!
        "$KSTRUCT" -q -l data.list -d data run >second.out 2>second.err &
        second=$!
        "$KSTRUCT" -q -l data.list -d data report -o data/report >report.out 2>report.err &
        report=$!
        end_of "$first"
        first=$STATUS
        end_of "$second"
        second=$STATUS
        end_of "$report"
        cat first.err second.err report.err
        [ $((first + second)) -le 1 ] || fail "the runs end with $first and $second"
        [ $((first + second)) -eq 0 ] || cat first.err second.err >both.err
        [ $((first + second)) -eq 0 ] || has both.err 'another kstruct .process [0-9]+. is at work'
        [ "$STATUS" -eq 0 ] || fail "the report ends with $STATUS"
        check_recovered data
    done
}

end_of() { # PROCESS
    STATUS=0
    wait "$1" || STATUS=$?
}

# A reader who has the data set open for hours does not lose it, and does not keep a rebuild from
# being gone on with later.
test_reader_with_an_open_transaction_and_a_rebuild() {
    local pid
    need python3
    set_up 100
    undisturbed
    use_list data
    kstruct 0 -q -l data.list -d data run
    cat >reader.py <<'PYTHON'
import os, sqlite3, time
database = sqlite3.connect("data/kstruct.db", isolation_level=None)
database.execute("BEGIN")
count = "SELECT count(*), sum(struct_count) FROM kernel"
before = database.execute(count).fetchone()
open("reading", "w")
for i in range(900):
    if os.path.exists("go"):
        break
    time.sleep(0.1)
assert before == database.execute(count).fetchone()
PYTHON
    python3 reader.py &
    pid=$!
    at_exit+=("touch go; wait $pid")
    wait_until test -e reading
    kstruct 1 -q -l data.list -d data rebuild
    has err '^kstruct: data/kstruct.db: .*(another program has it open|database is locked)'
    touch go
    wait "$pid" || fail "the reader does not see what it should"
    exists data/kstruct.db.new
    kstruct 0 -l data.list -d data rebuild
    lacks err ': 100 structs'
    check_rebuilt data
}
