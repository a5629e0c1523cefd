# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Files that are in kstruct's way, and files that were made to harm: what is not its own stays, and one
# bad kernel costs that kernel.

# A vmlinux with one struct, and a list of it.
set_up_one() {
    make_good_vmlinux vmlinux
    echo '5.4.0-26-generic-amd64 file=vmlinux' >kernels.list
}

# A data directory is kstruct's own, or becomes so when it is empty or somebody says so.
test_no_directory_of_somebody_elses_is_taken() {
    local command
    set_up_one
    mkdir -p home types_struct
    echo '{}' >home/status.json
    find home -printf '%p %s\n' | sort >before
    for command in run rebuild fetch 'analyze vmlinux' 'import .'; do
        # shellcheck disable=SC2086 # words
        kstruct 2 -l kernels.list -d home $command
        has err '^kstruct: home: it is not a data directory of kstruct'
        has err 'by an empty file .kstruct-data in it'
    done
    find home -printf '%p %s\n' | sort >after
    same before after
    touch home/.kstruct-data
    kstruct 0 -l kernels.list -d home run
    # What earlier versions have made has no mark.
    rm home/.kstruct-data
    kstruct 0 -l kernels.list -d home run
}

# Children once had their files there.
test_other_peoples_work_stays() {
    local work=data/work
    set_up_one
    mkdir -p data victim
    echo thesis >victim/thesis.tex
    kstruct 0 -q -l kernels.list -d data run
    mkdir "$work"
    cp victim/thesis.tex "$work"
    touch vmlinux
    kstruct 0 -q -l kernels.list -d data run
    same victim/thesis.tex "$work/thesis.tex"
    rm -r "$work"
    ln -s ../victim "$work"
    kstruct 0 -q -l kernels.list -d data rebuild
    has victim/thesis.tex thesis
}

test_a_pipe_as_data_set_is_not_waited_for() {
    local command
    set_up_one
    kstruct 0 -q -l kernels.list -d data run
    rm data/kstruct.db*
    mkfifo data/kstruct.db
    for command in run status rebuild 'show kit' 'analyze vmlinux'; do
        # shellcheck disable=SC2086 # words
        kstruct 1 -l kernels.list -d data $command
        has err '^kstruct: data/kstruct.db: is no regular file'
    done
}

test_rebuild_replaces_no_link_and_no_other_file() {
    set_up_one
    kstruct 0 -q -l kernels.list -d data run
    mkdir elsewhere
    mv data/kstruct.db* elsewhere/
    ln -s ../elsewhere/kstruct.db data/kstruct.db
    kstruct 2 -l kernels.list -d data rebuild
    has err '^kstruct: data/kstruct.db: is a symbolic link'
    [ -L data/kstruct.db ] || fail "the link was replaced"
    rm data/kstruct.db
    mv elsewhere/* data/
    echo thesis >data/kstruct.db.new
    kstruct 2 -l kernels.list -d data rebuild
    has err '^kstruct: data/kstruct.db.new: is in the way'
    has data/kstruct.db.new thesis
    rm data/kstruct.db.new
    sqlite3 data/kstruct.db.old 'CREATE TABLE thesis (text)'
    kstruct 2 -l kernels.list -d data rebuild --keep-old
    has err '^kstruct: data/kstruct.db.old: is in the way'
    [ "$(sqlite3 data/kstruct.db.old .tables)" = thesis ] || fail "another's data base is gone"
}

# A few kilobytes that are a few gigabytes when they are taken out.
test_what_a_package_expands_to_counts() {
    without_address_sanitizer
    make_good_vmlinux vmlinux
    cp vmlinux bomb
    truncate -s 3G bomb
    make_deb vmlinux 5.8.0-25-generic xz good.deb
    make_deb bomb 5.4.0-26-generic zstd bomb.deb
    printf '5.4.0-26-generic-amd64 file=bomb.deb\n' >kernels.list
    printf '[kstruct]\nmemory = 512M\nchild_memory = 512M\n' >kstruct.ini
    kstruct 1 -c kstruct.ini -l kernels.list -d data run
    has err '^kstruct: 5.4.0-26-generic-amd64: bomb.deb: its vmlinux has 3221225472 bytes, for which'
}

# What is opened first would be one of them, and get what is printed, or be covered.
test_closed_standard_files_do_no_harm() {
    set_up_one
    "$KSTRUCT" -d data analyze vmlinux <&- 2>err || fail "with standard input closed: $(cat err)"
    has err '^5.4.0-26-generic-amd64: 1 struct,'
    "$KSTRUCT" -l kernels.list -d other run >out 2>&- || fail "with standard error closed"
    [ ! -s other/lock ] || fail "the lock has $(cat other/lock)"
}

test_a_line_end_in_a_path_garbles_nothing() {
    echo garbage >$'one\ntwo.elf'
    kstruct 1 -d data analyze $'one\ntwo.elf'
    has err '^kstruct: one.two.elf: .*neither an ELF file nor a Debian package'
}
