# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# How far each kernel has come: `kstruct status`, the manifest, when failures are tried again, what
# is read again, and what goes.

old=4.15.0-20-generic-amd64
base=5.4.0-26-generic-amd64
new=5.8.0-25-generic-amd64

# A kernel with so many structs at local/NAME.
make_kernel() { # NAME COUNT
    mkdir -p local
    write_many_structs "$1.c" "$2" 1
    make_vmlinux "$1.c" "${1%-*}" "local/$1"
}

set_up() {
    local name
    for name in "$old" "$base" "$new"; do
        make_kernel "$name" 40
        echo "$name file=local/$name"
    done >kernels.list
}

run_all() { # STATUS ARGUMENT...
    local wanted=$1
    shift
    kstruct "$wanted" -l kernels.list -d data run "$@"
}

# The manifest, which must be as its schema says, and what `status --json` prints.
check_manifest() {
    kstruct 0 -l kernels.list -d data status --json
    cmp out data/status.json || fail "status --json prints something else than status.json"
    validate manifest data/status.json || fail "the manifest is not as its schema says"
}

# The value of a jq expression on a kernel of the manifest.
is_in_manifest() { # KERNEL EXPRESSION
    jq -e --arg name "$1" "(.kernels[] | select(.name == \$name)) | $2" data/status.json >/dev/null ||
        fail "status.json does not have $2 of $1: $(jq -c --arg name "$1" \
            '.kernels[] | select(.name == $name)' data/status.json)"
}

change_dataset() { # SQL
    sqlite3 data/kstruct.db "$1"
}

test_manifest_follows_every_kernel() {
    need python3 jq
    python3 -c 'import jsonschema' 2>/dev/null || skip "there is no python3-jsonschema"
    set_up
    mv "local/$new" away
    echo "4.4.0-21-generic-amd64 skip=\"not today\"" >>kernels.list
    run_all 3
    check_manifest
    is_in_manifest "$base" '.state == "reported" and .since == .analyzed.at and .failure == null'
    is_in_manifest "$base" '.analyzed.struct_count == 40 and (.analyzed.is_outdated | not)'
    is_in_manifest "$new" '.state == "missing" and .failure.tries == 1'
    is_in_manifest "$new" '.failure.next_try == "next run" and .analyzed == null'
    is_in_manifest 4.4.0-21-generic-amd64 '.state == "skipped" and .skip_reason == "not today"'
    run_all 3
    check_manifest
    is_in_manifest "$new" '.state == "missing" and .failure.tries == 2'
    is_in_manifest "$new" '.since == .failure.since and .since <= .failure.last_try'
    mv away "local/$new"
    sed -i "/$old/d" kernels.list
    run_all 0
    check_manifest
    is_in_manifest "$new" '.state == "reported" and .failure == null'
    is_in_manifest "$old" '.state == "analyzed" and (.is_listed | not)'
    snapshot_but_time data >before
    run_all 0
    has err '^nothing to do: 2 kernels'
    snapshot_but_time data >after
    same before after
}

# What was analyzed, and is not in the report as it is there; what is fetched; what is only wanted.
test_states_between() {
    set_up
    kstruct 0 -l kernels.list -d data status
    has out "^$old +wanted +not tried yet$"
    make_deb "local/$base" "${base%-*}" none site/baseline.ddeb
    serve site
    echo "$base url=$SERVER/baseline.ddeb" >kernels.list
    kstruct 0 -l kernels.list -d data fetch
    kstruct 0 -l kernels.list -d data status
    has out "^$base +fetched +20..-..-..T..:..:..Z$"
    run_all 0
    kstruct 0 -l kernels.list -d data status
    has out "^$base +reported +40 structs"
    rm -r data/report
    kstruct 0 -l kernels.list -d data status
    has out "^$base +analyzed +40 structs"
}

# What lies in the package is tried once more at once, then ever more seldom; what may pass by
# itself every time.
test_tries_become_seldom() {
    set_up
    strip --strip-debug "local/$new"
    mv "local/$old" away
    # A file that has changed in the second of a try may have changed after it.
    sleep 1.1
    run_all 3
    has err "^kstruct: $new: .* has no .debug_info section"
    run_all 3
    has err "^3 kernels: 0 read, 1 up to date, 2 failed$"
    run_all 3
    has err "^$new: failed 2 times, last at 20.*: no DWARF: .*\`kstruct run $new\` tries it now$"
    has err "^3 kernels: 0 read, 1 up to date, 1 failed, 1 failed before and wait$"
    kstruct 0 -l kernels.list -d data status
    has out "^$new +no DWARF +2 tries since 20.*; tried again not before 20"
    has out "^$old +missing +.*tried again by the next run$"
    mv away "local/$old"
    run_all 3
    run_all 3
    has err '^nothing to do: 2 kernels and their pages are up to date, 1 failed before and wait$'
    # Quietly, it is no news; and the status says it nevertheless.
    kstruct 3 -q -l kernels.list -d data run
    is_empty err
    # By name, after a day, after a change to the line, and by another version it is tried.
    kstruct 1 -l kernels.list -d data run "$new"
    has err '^1 kernel: 0 read, 0 up to date, 1 failed$'
    run_all 3
    has err '1 failed before and wait$'
    change_dataset "UPDATE failure SET tries = 2,
        failed_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-21 hours')"
    run_all 3
    has err '^3 kernels: 0 read, 2 up to date, 1 failed$'
    change_dataset "UPDATE failure SET reader = '0.0.1'"
    run_all 3
    has err '^3 kernels: 0 read, 2 up to date, 1 failed$'
    change_dataset "UPDATE failure SET tries = 9"
    run_all 3
    has err '1 failed before and wait$'
    sed -i "s,file=local/$new,file=./local/$new," kernels.list
    run_all 3
    has err '^3 kernels: 0 read, 2 up to date, 1 failed$'
    # A clock that was set back.
    change_dataset "UPDATE failure SET tries = 9,
        failed_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+1 days')"
    run_all 3
    has err '^3 kernels: 0 read, 2 up to date, 1 failed$'
    # The file that the line names is another one now.
    change_dataset "UPDATE failure SET tries = 9"
    make_kernel "$new" 40
    run_all 0
    has err '^3 kernels: 1 read, 2 up to date, 0 failed$'
}

# What a failure tells people to change has it tried at once: the reader's limits, and the lock.
test_other_limits_of_a_reader_are_due() {
    local setting
    without_address_sanitizer
    set_up
    sed -i "/^$base /!d" kernels.list
    sleep 1.1 # as above
    for setting in child_memory=20M memory=20M; do
        printf '[kstruct]\n%s\n' "$setting" >small.ini
        rm -rf data
        kstruct 1 -c small.ini -l kernels.list -d data run
        kstruct 1 -c small.ini -l kernels.list -d data run
        kstruct 1 -c small.ini -l kernels.list -d data run
        has err 'it is not due again'
        kstruct 0 -l kernels.list -d data status
        has out "^$base +failed .*memory.*; tried again by the next run$"
        run_all 0
    done
}

test_another_locked_package_is_due() {
    set_up
    strip --strip-debug "local/$base"
    make_deb "local/$base" "${base%-*}" xz site/base.ddeb
    serve site
    echo "$base url=$SERVER/base.ddeb" >kernels.list
    rm -rf data
    run_all 1
    has kernels.lock "^$base "
    run_all 1
    run_all 1
    has err 'it is not due again'
    sed -i "/^$base /d" kernels.lock
    kstruct 0 -l kernels.list -d data status
    has out "^$base +no DWARF .*; tried again by the next run$"
    run_all 1
}

# A kernel that an older reader read, whose layouts may come out otherwise, is read again.
test_older_reader() {
    set_up
    run_all 0
    change_dataset "UPDATE kernel SET reader_revision = reader_revision - 1 WHERE name = '$base'"
    kstruct 0 -l kernels.list -d data status
    has out "^$base +reported .*; that is not what the list asks for now, and run will read it$"
    run_all 0
    has err '^3 kernels: 1 read, 2 up to date, 0 failed$'
    run_all 0
    has err '^nothing to do'
}

# The first version's data set is brought up to date by whoever writes, and refused by who reads.
test_data_set_of_the_first_version() {
    set_up
    run_all 0
    kstruct 0 -d data export -k "$base" -o before
    change_dataset "$(sql_to_first_version)"
    refused 1 'was made by an older kstruct; .kstruct run. brings it up to date' -- \
        -l kernels.list -d data status
    # What its reader has read is read again, by today's.
    run_all 0
    has err '^3 kernels: 3 read'
    kstruct 0 -d data export -k "$base" -o after
    same before after
}

test_few_structs_are_suspicious() {
    set_up
    make_kernel "$new" 29
    run_all 0
    has err "^kstruct: warning: $new: has 29 structs only, where $base has 40; is its package complete\\?$"
    kstruct 0 -l kernels.list -d data status
    has out "^$new +reported +29 structs.*; it has 29 structs only, where $base has 40"
    # Told once, when it was read.
    kstruct 0 -q -l kernels.list -d data run
    is_empty err
    make_kernel "$new" 30
    run_all 0
    lacks err "structs only"
}

# Who names a kernel that the list skips is told so; it is not read and then left out of the report.
test_a_skipped_kernel_is_not_run_by_name() {
    set_up
    sed -i "s|^$new .*|$new file=local/$new skip=\"it is broken\"|" kernels.list
    refused 2 "skips $new: it is broken" -- -l kernels.list -d data run "$new"
    run_all 0
    kstruct 0 -l kernels.list -d data status --check
    has out '^KSTRUCT OK: 2 of 2 kernels there;'
}

test_prune() {
    set_up
    run_all 0
    sed -i "/$old/d" kernels.list
    run_all 0
    kstruct 0 -l kernels.list -d data status
    has out "^$old +analyzed +not in the list"
    refused 2 '--prune is for the whole list' -- -l kernels.list -d data run --prune "$base"
    run_all 0 --prune
    has err "^$old: is not in the list, and removed$"
    kstruct 0 -l kernels.list -d data status
    lacks out "$old"
    # As if it had never been there.
    kstruct 0 -l kernels.list -d fresh run
    kstruct 0 -d data export -k "$base" -o one
    kstruct 0 -d fresh export -k "$base" -o other
    same one other
    [ "$(sqlite3 data/kstruct.db 'SELECT count(*) FROM member')" -eq \
        "$(sqlite3 fresh/kstruct.db 'SELECT count(*) FROM member')" ] || fail "members are left"
    # A skipped kernel is in the list.
    sed -i "s/^$base.*/& skip=later/" kernels.list
    run_all 0 --prune
    lacks err "is not in the list"
    snapshot_but_time data >before
    run_all 0 --prune
    has err '^nothing to do'
    snapshot_but_time data >after
    same before after
}

# Nothing is removed from what is damaged.
test_prune_of_a_damaged_data_set() {
    set_up
    run_all 0
    sed -i "/$old/d" kernels.list
    change_dataset "UPDATE member SET bit_offset = bit_offset + 8 WHERE layout = 1 AND ordinal = 0"
    kstruct 1 -l kernels.list -d data run --prune
    has err '^kstruct: data/kstruct.db: .*kstruct rebuild'
    [ "$(sqlite3 data/kstruct.db 'SELECT count(*) FROM kernel')" -eq 3 ] || fail "a kernel is removed"
}

# A kernel that was read again may have other lines, which pages in the full form show.
test_report_of_a_kernel_that_was_read_again() {
    set_up
    printf '[report]\nformat = md-full\n' >kstruct.ini
    kstruct 0 -c kstruct.ini -l kernels.list -d data run
    change_dataset "UPDATE definition SET line = line + 100"
    change_dataset "UPDATE kernel SET read_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+1 seconds')"
    kstruct 0 -c kstruct.ini -l kernels.list -d data report -o data/report
    has err '^data/report: 43 pages: 40 written' # base types are declared nowhere
}

# Nobody has to infer from silence what a run has come to.
test_a_run_of_which_all_fails_is_summed_up() {
    printf '%s file=local/none\n' "$old baseline" "$new" >kernels.list
    run_all 1
    has err '^2 kernels: 0 read, 0 up to date, 2 failed$'
    lacks err baseline
    run_all 1
    has err '^2 kernels: 0 read, 0 up to date, 2 failed$'
    kstruct 1 -q -l kernels.list -d data run
    [ "$(wc -l <err)" -eq 2 ] || fail "more than the two failures is told"
}

test_status_without_a_list() {
    set_up
    run_all 0
    cat >kstruct.ini <<'END'
[kstruct]
list = elsewhere.list
data_dir = data
END
    kstruct 0 -c kstruct.ini status
    has err '^elsewhere.list: there is no such list; the whole data set is shown$'
    has out "^$old +reported +not in the list: 40 structs, read "
    [ "$(wc -l <out)" -eq 3 ] || fail "not the three kernels of the data set"
    kstruct 0 -q -c kstruct.ini status --json
    is_empty err
    validate manifest out
    # A list that is named has to be there; and without either there is nothing to tell of.
    refused 2 'no such list' -- -l elsewhere.list -d data status
    refused 2 'no such list' -- -c kstruct.ini -d nothing status
}

# What `status --check` prints, which must end with that status.
check() { # STATUS EXPRESSION [ARGUMENT...]
    kstruct "$1" -l kernels.list -d data status --check "${@:3}"
    [ "$(wc -l <out)" -eq 1 ] || fail "a check is one line: $(cat out)"
    has out "$2"
    is_empty err
}

last_run() { # EXPRESSION
    check_manifest
    jq -e ".last_run | $1" data/status.json >/dev/null || fail "last_run is $(jq -c .last_run data/status.json)"
}

test_checks_for_who_watches() {
    set_up
    check 2 '^KSTRUCT CRITICAL: 0 of 3 kernels there; no run has ended yet; '
    run_all 0
    last_run '.outcome == "done" and .began <= .ended'
    check 0 '^KSTRUCT OK: 3 of 3 kernels there; last run done .* \| kernels=3 lacking=0 age='
    # A night with nothing to do is one that ended, and touches nothing else.
    snapshot_but_time data >before
    sed -i 's/"ended": "....-/"ended": "2001-/' data/status.json
    check 2 'which is too long ago'
    check 0 '^KSTRUCT OK' --max-age 36500d
    run_all 0
    last_run '.outcome == "done" and .ended > "2020"'
    snapshot_but_time data >after
    same before after
    check 0 '^KSTRUCT OK'
    # Some kernels are not there; then none.
    echo '6.2.0-20-generic-amd64 file=local/nowhere' >>kernels.list
    run_all 3
    last_run '.outcome == "partly"'
    check 1 '^KSTRUCT WARNING: 3 of 4 kernels there; .*; 6.2.0-20-generic-amd64 \(missing\) \|'
    echo '6.2.0-20-generic-amd64 skip="not wanted | now"' >>kernels.list
    sed -i '/nowhere/d' kernels.list
    check 0 '^KSTRUCT OK: 3 of 3 kernels there; .* \| kernels=3 lacking=0 age='
    echo '6.2.0-20-generic-amd64 file=local/nowhere' >kernels.list
    run_all 1
    last_run '.outcome == "failed"'
    check 2 '^KSTRUCT CRITICAL: 0 of 1 kernel there; last run failed'
    # What cannot be known.
    kstruct 3 -c nowhere.ini status --check
    has out '^KSTRUCT UNKNOWN: nowhere.ini: '
    echo nonsense >kernels.list
    kstruct 3 -l kernels.list -d data status --check
    has out '^KSTRUCT UNKNOWN: '
    echo '{"last_run": {"began": 5, "ended": "x", "outcome": "y"}}' >data/status.json
    set_up
    check 2 'no run has ended yet'
    refused 2 'no time' -- -l kernels.list -d data status --check --max-age 5
    refused 2 'no time' -- -l kernels.list -d data status --check --max-age 99999999999999999999d
    refused 2 '--check' -- -l kernels.list -d data status --max-age 5h
    refused 2 'two things' -- -l kernels.list -d data status --check --json
}

test_the_journal_is_told_how_urgent_a_line_is() {
    set_up
    echo '6.2.0-20-generic-amd64 file=local/nowhere' >>kernels.list
    : >journal
    local stream
    stream=$(stat -c %d:%i journal)
    JOURNAL_STREAM=$stream "$KSTRUCT" -v -l kernels.list -d data run >out 2>>journal || true
    has journal '^<3>kstruct: 6.2.0-20-generic-amd64: '
    has journal '^<6>4 kernels: '
    [ "$(grep -c '^<[3-7]>' journal)" -eq "$(wc -l <journal)" ] || fail "a line has no priority: $(cat journal)"
    # Elsewhere nobody understands them.
    JOURNAL_STREAM=1:2 "$KSTRUCT" -l kernels.list -d data run >out 2>err || true
    lacks err '^<'
}
