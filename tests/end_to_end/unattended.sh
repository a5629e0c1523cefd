# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Nights without anybody there: readers that crash or hang, signals and kills at any moment, two runs
# at once, little memory. What was done is kept, and the next run gives what an undisturbed one gives.
#
# KSTRUCT_RUN_KILLS      how often a run is killed (default: 8)
# KSTRUCT_REBUILD_KILLS  how often a rebuild is killed (default: 8)

run_kills=${KSTRUCT_RUN_KILLS:-8}
rebuild_kills=${KSTRUCT_REBUILD_KILLS:-8}
# shellcheck source=tests/end_to_end/nights.sh
source "$E2E_DIRECTORY/nights.sh"

# --- Readers that go wrong
make_buggy_kernel() { # KERNEL BUG
    {
        echo 'struct kit { int a; long b; } kit_object;'
        [ "$2" = none ] || echo "const char bug_text[] = \"parser bug: $2\";"
    } >kit.c
    make_vmlinux kit.c "${1%-*}" vmlinux
    set_machine vmlinux 62
    mkdir -p bugs
    make_deb vmlinux "${1%-*}" xz "bugs/$1.deb"
}

set_up_bugs() { # BUG...
    local i=0 bug_name
    for bug_name in "$@"; do
        make_buggy_kernel "${names[i]}" "$bug_name"
        echo "${names[i]} url=$SERVER/${names[i]}.deb"
        i=$((i + 1))
    done >data.list
    # A reader that does not hang has more time than it will ever need.
    printf '[kstruct]\nlist = data.list\ndata_dir = data\nchild_memory = 512M\n' >kstruct.ini
    printf '[kstruct]\nlist = data.list\ndata_dir = data\nchild_time = 1\n' >hasty.ini
}

run_with_bugs() { # STATUS [ARGUMENT...]
    local status=$1
    shift
    export LD_PRELOAD=$BUG
    kstruct "$status" -j2 -c kstruct.ini "$@" run
    unset LD_PRELOAD
}

# Runs for one kernel whose reader does not end by itself, however much time it is given.
run_with_a_hang() { # NUMBER
    LD_PRELOAD=$BUG kstruct 1 -c hasty.ini run "${names[$1]}"
    has err "^kstruct: ${names[$1]}: .*does not end within 1 s \(child_time"
    has err '^1 kernel: 0 read, 0 up to date, 1 failed$'
}

test_crash_hang_and_hunger_of_a_reader() {
    local i
    build_parser_bug
    mkdir bugs
    serve bugs
    set_up_bugs crash none hang eat none
    cp data.list all.list
    sed -i "/^${names[2]} /d" data.list
    run_with_bugs 3
    cat err
    has err "^kstruct: ${names[0]}: .*ended by signal 11 \(Segmentation fault\)"
    has err "^kstruct: ${names[3]}: .*memory.*child_memory"
    has err '^4 kernels: 2 read, 0 up to date, 2 failed$'
    cp all.list data.list
    run_with_a_hang 2
    kstruct 0 -c kstruct.ini status
    has out "^${names[0]} +failed +failed .*signal 11"
    has out "^${names[2]} +failed +failed .*child_time"
    has out "^${names[3]} +failed +failed .*child_memory"
    has out "^${names[1]} +reported +1 struct"
    has out "^${names[4]} +reported +1 struct"
    check_no_leftovers data
    for i in 0 1 2 3 4; do
        exists "data/packages/${names[i]}.deb"
    done

    # Once the bug is mended, they are read, and not fetched again.
    : >server.log
    kstruct 0 -c kstruct.ini run
    has err '^5 kernels: 3 read, 2 up to date, 0 failed$'
    lacks server.log 'GET'
    kstruct 0 -c kstruct.ini status
    lacks out failed
}

test_reader_that_spins_or_leaves_without_a_word() {
    build_parser_bug
    mkdir bugs
    serve bugs
    set_up_bugs none leave spin
    cp data.list all.list
    sed -i "/^${names[2]} /d" data.list
    run_with_bugs 3
    cat err
    has err "^kstruct: ${names[1]}: .*ended with status 7 and without a word"
    has err '^2 kernels: 1 read, 0 up to date, 1 failed$'
    cp all.list data.list
    run_with_a_hang 2
    check_no_leftovers data
}

# One that closes its outputs and lives on has the time that any has, and ends with the run.
test_reader_that_hides() {
    build_parser_bug
    mkdir bugs
    serve bugs
    set_up_bugs hide none
    run_with_a_hang 0
    check_no_leftovers data

    LD_PRELOAD=$BUG setsid "$KSTRUCT" -c kstruct.ini run "${names[0]}" >run.out 2>run.err &
    PID=$!
    wait_until reader_hides
    kill -s TERM "$PID"
    end_run
    [ "$STATUS" -eq 1 ] || fail "exit status $STATUS instead of 1"
    check_no_children "$PID"
}

# A process that foreign bytes have taken over says what it likes: its kernel fails, and nothing else.
test_reader_that_was_taken_over() {
    build_parser_bug
    mkdir bugs
    serve bugs
    set_up_bugs lie none flood blame stop
    cp data.list all.list
    sed -i "/^${names[4]}/d" data.list
    run_with_bugs 3
    cat err
    has err "^kstruct: ${names[0]}: .*handed over what no kstruct writes"
    has err "^kstruct: ${names[2]}: .*output is longer than"
    has err "^kstruct: ${names[3]}: .*failed: data set: /elsewhere: all is lost"
    has err '^4 kernels: 1 read, 0 up to date, 3 failed$'
    cp all.list data.list
    run_with_a_hang 4
    check_no_leftovers data
}

test_reader_has_no_way_out() {
    build_parser_bug
    mkdir bugs
    serve bugs
    set_up_bugs escape
    run_with_bugs 1
    ! grep -q 'status 20' err || [ ! -e /proc/sys/kernel/seccomp ] || fail "it has got out"
    has err "^kstruct: ${names[0]}: .*ended with status 2[01]"
}

# What `analyze` and `import` are given is as foreign.
test_analyze_and_import_read_in_a_process_of_their_own() {
    local bug settings
    SERVER=
    build_parser_bug
    mkdir bugs
    set_up_bugs none
    for bug in crash spin eat lie; do
        make_buggy_kernel "${names[0]}" "$bug"
        settings=kstruct.ini
        [ "$bug" != spin ] || settings=hasty.ini
        LD_PRELOAD=$BUG kstruct 1 -c "$settings" analyze "bugs/${names[0]}.deb"
        has err "^kstruct: bugs/${names[0]}.deb: the process that reads it"
        is_gone data/kstruct.db
    done
    mkdir -p in/types_struct
    mkfifo "in/types_struct/${names[0]}.jsonl"
    echo '{"kind":"STRUCT","name":"a","size":0,"members":[]}' >"in/types_struct/${names[1]}.jsonl"
    kstruct 3 -c kstruct.ini import in
    has err "^kstruct: in/types_struct/${names[0]}.jsonl: is no regular file"
    has err "^${names[1]}: 1 struct"
}

# --- Signals

# Starts a run, sends signals to it or (-GROUP) to all its processes once a kernel is done, and
# checks that it ends as told.
interrupt_a_run() { # SIGNAL process|group
    local start target
    rm -rf data data.lock
    use_list data
    start_run data
    wait_until has_line run.err '^5[^ ]*: 1500 structs,'
    target=$PID
    [ "$2" = process ] || target=-$PID
    start=${EPOCHREALTIME/[.,]/}
    kill -s "$1" -- "$target"
    end_run
    echo "$1 to the $2: ended $(((${EPOCHREALTIME/[.,]/} - start) / 1000)) ms later"
    cat run.err
    [ "$(grep -c '1500 structs,' run.err)" -lt "$(wc -l <data.list)" ] || fail "$1: nothing is left undone"
    [ "$STATUS" -eq 1 ] || fail "$1: exit status $STATUS instead of 1"
    has run.err '^kstruct: interrupted'
    lacks run.err 'signal|ended by'
}

check_interrupted() {
    check_no_children "$PID"
    # What was read until then is shown.
    [ -n "$(find data/report/Struct -name '*.md' -print -quit)" ] || fail "there is no report"
    check_no_leftovers data
    check_whole data
    kstruct 0 -l data.list -d data status
    lacks out failed
    has out '1500 structs, read '
    check_recovered data
}

test_interruptions() {
    local number
    ignore_changes
    set_up 1500
    undisturbed
    for number in TERM INT HUP; do
        interrupt_a_run "$number" process
        check_interrupted
    done
}

# A terminal's ^C and `systemctl stop` reach the readers as well.
test_interruption_of_the_whole_group() {
    local number
    ignore_changes
    set_up 1500
    undisturbed
    for number in INT TERM INT TERM; do
        interrupt_a_run "$number" group
        check_interrupted
    done
}

# Has a reader closed its outputs?
reader_hides() {
    local reader
    for reader in $(living_of_session "$PID"); do
        [ "$reader" = "$PID" ] || [ -e "/proc/$reader/fd/1" ] || [ ! -d "/proc/$reader/fd" ] ||
            return 0
    done
    return 1
}

# Is there a reader that has come so far?
reader_ignores_signals() {
    local reader ignored
    for reader in $(living_of_session "$PID"); do
        ignored=$(sed -n 's/^SigIgn:[[:space:]]*//p' "/proc/$reader/status" 2>/dev/null) || continue
        [ "$reader" = "$PID" ] || [ $((16#${ignored:-0} >> 14 & 1)) -eq 0 ] || return 0
    done
    return 1
}

# Whatever the order in which they are reached: a reader does not end by itself.
test_readers_leave_signals_to_the_run() {
    local reader
    build_parser_bug
    mkdir bugs
    serve bugs
    set_up_bugs hang
    sed -i 's/child_time = 1/child_time = 10/' hasty.ini
    LD_PRELOAD=$BUG setsid "$KSTRUCT" -c hasty.ini run >run.out 2>run.err &
    PID=$!
    wait_until reader_ignores_signals
    for reader in $(living_of_session "$PID"); do
        [ "$reader" = "$PID" ] || kill -s TERM "$reader"
    done
    end_run
    [ "$STATUS" -eq 1 ] || fail "exit status $STATUS instead of 1"
    has run.err "^kstruct: ${names[0]}: .*does not end within 10 s \(child_time"
}

test_second_interrupt_ends_on_the_spot() {
    local status=0
    set_up 1500
    undisturbed
    use_list data
    start_run data
    wait_until has_line run.err '^5[^ ]*: 1500 structs,'
    # Stopped meanwhile, it finds both of them.
    kill -s STOP "$PID"
    kill -s INT "$PID"
    kill -s TERM "$PID"
    kill -s CONT "$PID"
    wait "$PID" || status=$?
    [ "$status" -eq 130 ] || [ "$status" -eq 143 ] || fail "exit status $status instead of a signal's"
    check_no_children "$PID"
    check_whole data
    check_recovered data
}

# `nohup` means that the terminal's end is none of the run's business.
test_ignored_hangup_is_ignored() {
    set_up 1500
    use_list data
    trap '' HUP
    start_run data
    trap - HUP
    wait_until has_line run.err '^5[^ ]*: 1500 structs,'
    kill -s HUP "$PID"
    end_run
    [ "$STATUS" -eq 0 ] || fail "exit status $STATUS: $(tail -n 1 run.err)"
}

# --- Kills

test_kill_the_group_at_any_moment() {
    local round killed=0 left=0 most
    build_fault
    set_up 400
    use_list undisturbed
    count_calls -q -l undisturbed.list -d undisturbed run
    most=$CALLS
    dump undisturbed wanted
    for ((round = 0; round < run_kills; round++)); do
        rm -rf data data.lock
        use_list data
        kill_at_any_call "$most" run data
        [ "$STATUS" -ne 137 ] || killed=$((killed + 1))
        [ -z "$(leftovers data)" ] || left=$((left + 1))
        check_whole data
        check_recovered data
    done
    echo "$killed of $run_kills killed within $most calls; temporary files were left by $left"
    [ "$killed" -ge $((run_kills / 2)) ] ||
        fail "only $killed of $run_kills were at work when they were killed"
}

# The old data set is whole and in use until the new one is complete, whatever happens.
test_kill_a_rebuild_at_any_moment() {
    local round killed=0 begun=0 most
    build_fault
    set_up 400
    undisturbed
    use_list data
    kstruct 0 -q -l data.list -d data run
    count_calls -q -l data.list -d data rebuild
    most=$CALLS
    for ((round = 0; round < rebuild_kills; round++)); do
        kill_at_any_call "$most" rebuild data
        [ "$STATUS" -ne 137 ] || killed=$((killed + 1))
        [ ! -e data/kstruct.db.new ] || begun=$((begun + 1))
        dump data found
        same wanted found
        kstruct 0 -q -l data.list -d data rebuild
        is_empty err
        dump data found
        same wanted found
        check_no_leftovers data
        is_gone data/kstruct.db.{new,new-wal,new-shm,old,damaged}
    done
    echo "$killed of $rebuild_kills killed within $most calls; the next went on from what $begun left"
    [ "$killed" -ge $((rebuild_kills / 2)) ] ||
        fail "only $killed of $rebuild_kills were at work when they were killed"
}

# What processes that were killed may leave goes with the next run; what others write stays.
test_leftovers_of_the_dead_go() {
    local dead left
    make_good_vmlinux vmlinux
    mkdir -p site data/report
    touch data/.kstruct-data
    make_deb vmlinux 5.4.0-26-generic xz site/kernel.deb
    serve site
    echo "5.4.0-26-generic-amd64 url=$SERVER/kernel.deb" >data.list
    sleep 0 &
    dead=$!
    wait "$dead"
    for left in {data/report/.kstruct-report,data.lock}.tmp.kstruct."$dead".0123456789abcdef; do
        echo half >"$left"
    done
    echo other >"data.lock.tmp.kstruct.$$.0123456789abcdef"
    echo other >data.lock.tmp."$dead"
    kstruct 0 -q -l data.list -d data run
    leftovers data | sort >found
    printf '%s\n' ./data.lock.{tmp.kstruct."$$".0123456789abcdef,tmp."$dead"} | sort >wanted
    same wanted found
}

# A kill while the very first transaction is written leaves a journal that readers cannot apply.
test_reader_after_a_kill_at_the_very_beginning() {
    need python3
    make_good_vmlinux vmlinux
    echo '5.4.0-26-generic-amd64 file=vmlinux' >data.list
    mkdir data
    python3 - <<'PYTHON' || true
import os, signal, sqlite3
database = sqlite3.connect("data/kstruct.db", isolation_level=None)
database.execute("PRAGMA cache_size = 1")
database.execute("BEGIN")
database.execute("CREATE TABLE kernel (name)")
for i in range(500):
    database.execute("INSERT INTO kernel VALUES (zeroblob(5000))")
os.kill(os.getpid(), signal.SIGKILL)
PYTHON
    exists data/kstruct.db-journal
    refused 1 'data/kstruct.db: the data set is empty.*kstruct run' -- -d data export -k 5.4.0-26-generic-amd64
    kstruct 0 -q -l data.list -d data run
    kstruct 0 -d data export -k 5.4.0-26-generic-amd64
    is_gone data/kstruct.db-journal
}

# The lock file is never behind the data set: a kernel that is in this would not be locked again.
test_package_is_locked_before_it_is_stored() {
    local status=0
    make_good_vmlinux vmlinux
    mkdir site
    make_deb vmlinux 5.4.0-26-generic xz site/kernel.deb
    serve site
    cat >kill.c <<'SOURCE'
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
int rename(const char *from, const char *to)
{
    if (strstr(to, "data.lock"))
        raise(SIGKILL);
    return (int)syscall(SYS_renameat2, -100, from, -100, to, 0);
}
SOURCE
    gcc -shared -fPIC -D_GNU_SOURCE -o kill.so kill.c
    LD_PRELOAD=$PWD/kill.so "$KSTRUCT" --version >out 2>err ||
        skip "this program takes no library into LD_PRELOAD: $(head -n 1 err)"
    echo "5.4.0-26-generic-amd64 url=$SERVER/kernel.deb" >data.list
    LD_PRELOAD=$PWD/kill.so "$KSTRUCT" -q -l data.list -d data run >out 2>err || status=$?
    [ "$status" -eq 137 ] || fail "exit status $status instead of SIGKILL's"
    kstruct 0 -q -l data.list -d data run
    has data.lock '^5.4.0-26-generic-amd64 '
    check_no_leftovers data
}

# --- Others at work

test_two_runs_at_once() {
    set_up 1500
    undisturbed
    use_list data
    start_run data -j1
    wait_until has_line run.err '^5[^ ]*: 1500 structs,'
    kill -s STOP "$PID"
    refused 1 "another kstruct \(process $PID\) is at work" -- -l data.list -d data run
    kill -s CONT "$PID"
    kstruct 0 -l data.list -d data report -o elsewhere
    exists elsewhere/Struct/m/many_3.md
    end_run
    [ "$STATUS" -eq 0 ] || fail "the first run ends with $STATUS: $(tail -n 1 run.err)"
    check_recovered data
}

# A transaction of a reader's that is open all the time sees what was there when it began.
test_reader_with_an_open_transaction() {
    local pid
    need python3
    set_up 400
    ignore_changes
    undisturbed
    use_list data
    kstruct 0 -q -l data.list -d data run "${names[0]}"
    cat >reader.py <<'PYTHON'
import os, sqlite3, time
database = sqlite3.connect("data/kstruct.db", isolation_level=None)
database.execute("BEGIN")
count = "SELECT count(*) FROM kernel"
before = database.execute(count).fetchone()
open("reading", "w")
for i in range(900):
    if os.path.exists("go"):
        break
    time.sleep(0.1)
assert before == database.execute(count).fetchone() == (1,)
database.execute("COMMIT")
assert database.execute(count).fetchone() == (6,)
PYTHON
    python3 reader.py &
    pid=$!
    at_exit+=("touch go; wait $pid")
    wait_until test -e reading
    kstruct 0 -q -l data.list -d data run
    is_empty err
    touch go
    wait "$pid" || fail "the reader does not see what it should"
    check_recovered data
}

test_jobs_make_no_difference() {
    local jobs
    set_up 400
    undisturbed
    for jobs in 1 2 4; do
        use_list "data$jobs"
        kstruct 0 -q -j "$jobs" -l "data$jobs.list" -d "data$jobs" run
        dump "data$jobs" found
        same wanted found
    done
}

# --- Little memory

test_little_address_space() {
    local size status failed=0
    set_up 400
    ignore_changes
    undisturbed
    use_list data
    for size in 30 45 60 80 100 120 150 200 260 350 500 700; do
        size=$((size * 1024))
        # What the dynamic linker says of too little is not the program's.
        (ulimit -v "$size" && exec "$KSTRUCT" --version >out 2>err) || continue
        status=0
        rm -rf data data.lock
        (ulimit -v "$size" && exec "$KSTRUCT" -q -l data.list -d data run >out 2>err) || status=$?
        echo "with $size KiB: exit status $status: $(head -n 1 err)"
        case $status in
        0) is_empty err ;;
        1 | 3)
            has err '^kstruct: '
            failed=$((failed + 1))
            ;;
        *) fail "with $size KiB: exit status $status: $(tail -n 1 err)" ;;
        esac
        check_whole data
    done
    [ "$failed" -ge 1 ] || skip "no size was too small that the program begins with"
    check_recovered data
}

# The most processes that read kernels at once.
count_readers() { # ARGUMENT...
    local pid count
    most=0
    "$KSTRUCT" "$@" >out 2>err </dev/null &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        count=$({ cat "/proc/$pid/task/"*/children 2>/dev/null || true; } | wc -w)
        [ "$count" -le "$most" ] || most=$count
    done
    wait "$pid" || fail "kstruct $* fails"
}

test_memory_bounds_the_readers() {
    local most
    set_up_large_kernels 8000 "${names[@]}"
    printf '[kstruct]\nlist = kernels.list\nmemory = 8G\n' >large.ini
    count_readers -v -j 4 -c large.ini -d large run
    has err '^reads up to 4 kernels at once, each with up to 2048 MiB$'
    [ "$most" -ge 2 ] || fail "at most $most kernels were read at once"
    printf '[kstruct]\nlist = kernels.list\nmemory = 3G\nchild_memory = 4G\n' >small.ini
    count_readers -v -j 4 -c small.ini -d small run
    has err '^reads up to 1 kernel at once, each with up to 3072 MiB$'
    [ "$most" -eq 1 ] || fail "$most kernels were read at once"
}

# One that takes more than there is says which settings are about that.
test_a_reader_that_needs_more_memory() {
    without_address_sanitizer
    set_up_large_kernels 8000 "${names[0]}"
    printf '[kstruct]\nlist = kernels.list\nmemory = 20M\n' >tiny.ini
    kstruct 1 -c tiny.ini -d tiny run "${names[0]}"
    has err "^kstruct: ${names[0]}: .*memory.*\(.*memory\)"
}
