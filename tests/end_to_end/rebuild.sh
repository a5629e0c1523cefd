# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# The data set made anew, beside the old one.

# Three kernels as local files, and what a run makes of them.
set_up() {
    local number
    for number in 1 2 3; do
        write_many_structs "many$number.c" 60 "$number"
        make_vmlinux "many$number.c" "5.4.0-$number-generic" "vmlinux$number"
    done
    write_list
    kstruct 0 -l kernels.list -d data run
    export_all before
    cp -r data/report report_before
}

write_list() {
    local number
    for number in 1 2 3; do
        echo "5.4.0-$number-generic-amd64 file=vmlinux$number"
    done >kernels.list
}

export_all() { # DIRECTORY
    local number
    mkdir -p "$1"
    for number in 1 2 3; do
        kstruct 0 -d data export -k "5.4.0-$number-generic-amd64" -o "$1/$number"
    done
}

# Everything is as the first run has made it, and nothing of a rebuild is left.
check_same() {
    export_all after
    same before after
    same report_before data/report
    is_gone data/kstruct.db.new data/kstruct.db.new-wal data/kstruct.db.new-shm
}

test_comes_out_the_same() {
    set_up
    local inode
    inode=$(stat -c %i data/kstruct.db)
    kstruct 0 -l kernels.list -d data rebuild
    has err '^3 kernels: 3 the same as before$'
    [ "$(stat -c %i data/kstruct.db)" != "$inode" ] || fail "it is the old file"
    is_gone data/kstruct.db.old
    check_same
    kstruct 0 -j 1 -l kernels.list -d data rebuild --keep-old
    exists data/kstruct.db.old
    check_same
    kstruct 0 -l kernels.list -d data run
    has err '^nothing to do'
}

test_tells_what_differs() {
    set_up
    write_many_structs other.c 60 7
    make_vmlinux other.c 5.4.0-2-generic vmlinux2
    sed -i '/^5.4.0-3-/d' kernels.list
    kstruct 0 -l kernels.list -d data rebuild
    has err '^kstruct: warning: 5.4.0-2-generic-amd64: differs from before: 60 structs, 60 before$'
    has err '^kstruct: warning: 5.4.0-3-generic-amd64: is not in the list, and gone; .*kept as kstruct.db.old$'
    has err '^2 kernels: 1 the same as before$'
    [ "$(sqlite3 data/kstruct.db 'SELECT count(*) FROM kernel')" = 2 ] || fail "a third kernel is left"
}

test_the_old_one_stays_when_a_kernel_fails() {
    set_up
    mv vmlinux2 elsewhere
    kstruct 3 -l kernels.list -d data rebuild
    has err '1 of 3 kernels failed; the old data set stays'
    export_all after
    same before after
    # Who watches must hear of it.
    kstruct 0 -l kernels.list -d data status --json
    [ "$(jq -r .last_run.outcome out)" = partly ] || fail "what the rebuild came to is not noted"
    mv elsewhere vmlinux2
    kstruct 0 -l kernels.list -d data rebuild
    lacks err '^5.4.0-1-generic-amd64: 60 structs'
    has err '^5.4.0-2-generic-amd64: 60 structs'
    check_same
    kstruct 0 -l kernels.list -d data status --json
    [ "$(jq -r .last_run.outcome out)" = "done" ] || fail "that the rebuild has done all is not noted"
}

# Nobody knows then whether what was done is damaged.
test_a_disk_that_fails_costs_nothing_that_was_done() {
    set_up
    build_fault
    mv vmlinux2 elsewhere
    kstruct 3 -l kernels.list -d data rebuild
    mv elsewhere vmlinux2
    KSTRUCT_FAULT=run:read:kstruct.db.new:1:EIO LD_PRELOAD=$PWD/fault_at.so \
        kstruct 1 -l kernels.list -d data rebuild
    has err 'kstruct.db.new: .*disk I/O error'
    lacks err 'not gone on with'
    kstruct 0 -l kernels.list -d data rebuild
    lacks err '^5.4.0-1-generic-amd64: 60 structs'
    check_same
}

# What is left of a rebuild of another list is no part of this one.
test_what_is_left_of_another_list_is_dropped() {
    set_up
    mv vmlinux2 elsewhere
    kstruct 3 -l kernels.list -d data rebuild
    mv elsewhere vmlinux2
    sed -i '/^5.4.0-1-/d' kernels.list
    kstruct 0 -l kernels.list -d data rebuild
    [ "$(sqlite3 data/kstruct.db 'SELECT count(*) FROM kernel')" = 2 ] || fail "a third kernel is there"
}

test_a_reader_is_not_cut_off() {
    set_up
    mkfifo questions
    sqlite3 data/kstruct.db <questions >answers &
    at_exit+=("end_job $!")
    exec 7>questions
    echo 'BEGIN; SELECT count(*) FROM kernel;' >&7
    wait_until test -s answers
    kstruct 1 -l kernels.list -d data rebuild
    has err 'data/kstruct.db: .*(another program has it open|database is locked)'
    echo 'SELECT count(*) FROM layout;' >&7
    wait_until grep -q '^[0-9]*[1-9][0-9]*$' answers
    exec 7>&-
    wait
    export_all after
    same before after
    kstruct 0 -l kernels.list -d data rebuild
    check_same
}

test_takes_the_place_of_a_damaged_one() {
    set_up
    head -c 100000 /dev/urandom >damaged
    cp damaged data/kstruct.db
    kstruct 0 -l kernels.list -d data rebuild
    has err 'warning: data/kstruct.db: the old data set cannot be compared with'
    check_same
    # It may hold kernels that are nowhere else.
    cmp damaged data/kstruct.db.damaged || fail "the damaged one is not kept"
}

# Has a rebuild end with the beginning of a data set: the first two of three kernels, from a server.
leave_a_beginning() {
    local number
    mkdir site
    serve site
    for number in 1 2 3; do
        write_many_structs "many$number.c" 60 "$number"
        make_vmlinux "many$number.c" "5.4.0-$number-generic" vmlinux
        set_machine vmlinux 62
        make_deb vmlinux "5.4.0-$number-generic" xz "site/$number.deb"
        echo "5.4.0-$number-generic-amd64 url=$SERVER/$number.deb"
    done >kernels.list
    kstruct 0 -l kernels.list -d data run
    export_all before
    cp -r data/report report_before
    mv site/3.deb elsewhere
    rm data/packages/5.4.0-3-generic-amd64.deb
    kstruct 3 -l kernels.list -d data rebuild
    mv elsewhere site/3.deb
}

# The next rebuild reads so many kernels, the others being there already.
reads() { # COUNT
    kstruct 0 -l kernels.list -d data rebuild
    mv err rebuild.err
    cat rebuild.err
    [ "$(grep -c '^5.4.0-[123]-generic-amd64: 60 structs,' rebuild.err)" -eq "$1" ] ||
        fail "it does not read $1 kernels"
    check_same
}

test_what_was_read_of_the_locked_packages_is_gone_on_with() {
    leave_a_beginning
    reads 1
    lacks rebuild.err 'not gone on with'
}

test_what_another_version_has_read_is_dropped() {
    leave_a_beginning
    sqlite3 data/kstruct.db.new "UPDATE kernel SET reader = '0.0.1' WHERE name LIKE '%-2-%'"
    reads 3
    has rebuild.err 'kstruct.db.new: not gone on with: 5.4.0-2-generic-amd64 was read by another version'
}

test_what_was_read_of_another_package_is_dropped() {
    leave_a_beginning
    sqlite3 data/kstruct.db.new "UPDATE kernel SET sha256 = replace(sha256, '0', '1')"
    reads 3
    has rebuild.err 'kstruct.db.new: not gone on with: 5.4.0-1-generic-amd64 .*another package than is locked'
}

# Without its line in the lock file, another package may be taken.
test_what_is_locked_no_more_is_dropped() {
    leave_a_beginning
    sed -i '/^5.4.0-2-/d' kernels.lock
    reads 3
    has rebuild.err 'kstruct.db.new: not gone on with: 5.4.0-2-generic-amd64 .*another package than is locked'
}

test_a_damaged_beginning_is_dropped() {
    leave_a_beginning
    head -c 100000 /dev/urandom |
        dd of=data/kstruct.db.new bs=1000 seek=100 conv=notrunc status=none
    reads 3
    has rebuild.err 'kstruct.db.new: not gone on with: '
}

# With nothing wanted there is nothing to put in the old one's place.
test_of_nothing() {
    set_up
    snapshot data >unchanged
    : >empty.list
    refused 2 'empty.list: has no kernels in it' -- -l empty.list -d data rebuild
    sed 's/$/ skip=later/' kernels.list >skipped.list
    refused 2 'skipped.list: all its kernels are skipped' -- -l skipped.list -d data rebuild
    snapshot data >found
    same unchanged found
}

# What the new one would lack stays, and somebody is told.
test_kernels_that_are_nowhere_else_stay() {
    set_up
    kstruct 0 -l kernels.list -d data run
    make_good_vmlinux own
    kstruct 0 -d data analyze -k 5.4.0-77-own-amd64 own
    kstruct 0 -q -l kernels.list -d data rebuild
    has err '^kstruct: warning: 5.4.0-77-own-amd64: is not in the list, and gone.*kept as kstruct.db.old$'
    sqlite3 data/kstruct.db.old 'SELECT name FROM kernel' | grep -q 5.4.0-77-own-amd64 ||
        fail "the old one does not have it"
    rm data/kstruct.db.old
    kstruct 0 -q -l kernels.list -d data rebuild
    is_empty err
    is_gone data/kstruct.db.old
}

# A second damaged one does not take the first one's place.
test_no_damaged_one_is_thrown_away() {
    local number
    set_up
    for number in '' .2 .3; do
        kstruct 0 -q -l kernels.list -d data rebuild
        printf 'damage%s' "$number" >data/kstruct.db
        rm -f data/kstruct.db-*
        kstruct 0 -q -l kernels.list -d data rebuild
        has err "is kept as kstruct.db.damaged$number:"
    done
    for number in '' .2 .3; do
        [ "$(cat "data/kstruct.db.damaged$number")" = "damage$number" ] || fail "damaged$number is lost"
    done
}

# One of an older program is not damaged.
test_of_the_first_version() {
    set_up
    kstruct 0 -l kernels.list -d data run
    sqlite3 data/kstruct.db "$(sql_to_first_version)"
    kstruct 0 -q -l kernels.list -d data rebuild
    is_empty err
    is_gone data/kstruct.db.damaged
}

# What adds to the data set waits until it has its place.
test_nobody_adds_to_the_old_one() {
    set_up
    kstruct 0 -l kernels.list -d data run
    make_good_vmlinux own
    python3 -c 'import fcntl, time
lock = open("data/lock", "r+")
fcntl.lockf(lock, fcntl.LOCK_EX)
open("is_locked", "w").close()
time.sleep(30)' &
    at_exit+=("end_job $!")
    wait_until [ -e is_locked ]
    refused 1 'data/lock: another kstruct' -- -d data analyze -k 5.4.0-26-generic-amd64 own
    mkdir -p published/types_struct
    refused 1 'data/lock: another kstruct' -- -d data import published
}

test_no_word_is_wanted() {
    refused 2 'no word is wanted' -- rebuild 5.4.0-1-generic-amd64
}
