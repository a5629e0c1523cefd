# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# One list on many machines: `run --shard`, and `merge`.

set_up() {
    local name seed=1
    mkdir local
    for name in 4.15.0-20-generic-amd64 5.4.0-26-generic-amd64 5.8.0-25-generic-amd64 \
        5.11.0-16-generic-amd64 5.15.0-25-generic-amd64 6.2.0-20-generic-amd64; do
        write_many_structs "$name.c" $((20 + seed)) $((seed++))
        make_vmlinux "$name.c" "${name%-*}" "local/$name"
        set_machine "local/$name" 62
        echo "$name file=local/$name"
    done >kernels.list
    sed -i '2s/$/ baseline/' kernels.list
}

run_shards() { # COUNT
    local number
    for number in $(seq "$1"); do
        kstruct 0 -l kernels.list -d "part$number" run --shard "$number/$1"
        [ ! -e "part$number/report" ] || fail "a part has made a report"
    done
}

exports() { # DATADIR
    local name
    while read -r name _; do
        kstruct 0 -d "$1" export -k "$name" --image all --kind struct,union,enum,typedef,int
        echo "$name"
        cat out
    done <kernels.list
}

test_parts_make_the_whole() {
    set_up
    kstruct 0 -l kernels.list -d whole run
    run_shards 4
    kstruct 0 -d merged merge part1 part2 part3 part4/kstruct.db
    exports whole >whole.json
    exports merged >merged.json
    same whole.json merged.json
    kstruct 0 -l kernels.list -d whole report -o pages1 --format md,md-full,json,html
    kstruct 0 -l kernels.list -d merged report -o pages2 --format md,md-full,json,html
    diff -r -x .kstruct-report pages1 pages2 >differences || fail "the reports differ: $(head differences)"
    # Again, in another order: nothing is new.
    kstruct 0 -d merged merge part4 part2
    has err '^part4: 0 kernels added$'
    kstruct 0 -l kernels.list -d merged run
    has err '^6 kernels: 0 read, 6 up to date, 0 failed$'
}

test_a_kernel_that_is_added_moves_no_other() {
    set_up
    run_shards 3
    for number in 1 2 3; do
        kstruct 0 -l kernels.list -d "part$number" list
        sqlite3 "part$number/kstruct.db" 'SELECT name FROM kernel ORDER BY name' >"before$number"
    done
    cat before[123] | sort >all
    sort -u all >distinct
    [ "$(wc -l <all) $(wc -l <distinct)" = '6 6' ] || fail "the parts have $(cat all)"
    sed -i '4d' kernels.list
    rm -r part[123]
    run_shards 3
    for number in 1 2 3; do
        sqlite3 "part$number/kstruct.db" 'SELECT name FROM kernel ORDER BY name' >"after$number"
        sed -i '/^5.11.0-16-generic-amd64$/d' "before$number"
        same "before$number" "after$number"
    done
}

test_contradictions_and_damage_are_refused() {
    set_up
    kstruct 0 -q -l kernels.list -d one run
    mkdir other
    write_many_structs other.c 33 99
    make_vmlinux other.c 5.8.0-25-generic local/5.8.0-25-generic-amd64
    set_machine local/5.8.0-25-generic-amd64 62
    kstruct 0 -q -l kernels.list -d two run
    exports one >before
    kstruct 1 -d one merge two
    has err 'two/kstruct.db: has another kernel 5.8.0-25-generic-amd64 than the data set here'
    # Of the others, the first two go in, and what is damaged does not.
    cp -r two three
    sqlite3 three/kstruct.db 'UPDATE member SET bit_offset = bit_offset + 8 WHERE rowid IN (SELECT rowid FROM member LIMIT 1)' 2>/dev/null ||
        sqlite3 three/kstruct.db 'UPDATE member SET bit_offset = bit_offset + 8 WHERE layout = (SELECT min(layout) FROM member) AND ordinal = 0'
    kstruct 3 -d new merge three nowhere two
    has err 'three/kstruct.db: .*is not what was written'
    has err 'nowhere'
    has err '^two: 6 kernels added$'
    exports one >after
    same before after
    # Nothing is added to what is damaged.
    kstruct 1 -d three merge one
    has err 'three/kstruct.db: .*is not what was written'
    refused 2 'name the data directories' -- -d one merge
    ln -s one another
    kstruct 1 -d one merge one another/kstruct.db
    [ "$(grep -c 'is the data set that others are merged into' err)" -eq 2 ] || fail "$(cat err)"
    for wrong in 0/4 5/4 1 1/0 a/b 1/4x -1/4 1/99999999999; do
        refused 2 'part of a list' -- -l kernels.list -d one run --shard "$wrong"
    done
    refused 2 '--prune' -- -l kernels.list -d one run --shard 1/2 --prune
}

# One that lies where nobody may write, without the files that SQLite has beside it.
test_a_data_set_on_a_read_only_medium() {
    set_up
    kstruct 0 -q -l kernels.list -d one run
    mkdir medium mine
    cp one/kstruct.db medium
    chmod 555 medium
    [ "$(id -u)" -ne 0 ] || chown 65534 mine
    as_user "$KSTRUCT" -d mine merge medium 2>err || fail "$(cat err)"
    has err '^medium: 6 kernels added$'
    exports one >before
    exports mine >after
    same before after
    chmod 755 medium
}
