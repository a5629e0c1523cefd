# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2016 # backticks are the output's
#
# Unions, enums, typedefs and base types: what is shown, asked, exported, read back and reported.

old=5.4.0-26-generic-amd64
new=5.8.0-25-generic-amd64
schemas=$(realpath "$E2E_DIRECTORY/../../report/schemas")

write_source() { # RUNNING
    cat <<END
union sigval { int sival_int; void *sival_ptr; } sigval_object;
enum state { NEW = -1, RUNNING = $1, DONE } state_object;
enum { LONELY = 7 } lonely_object;
enum wide { HUGE = 0xffffffffffffffffULL } wide_object;
typedef struct { int counter; } atomic_t;
typedef atomic_t count_t;
typedef enum { MODE_A, MODE_B } mode_t;
typedef struct holder holder_t;
struct inner { atomic_t users; int deep; };
struct holder {
    union sigval value;
    count_t count;
    struct inner inner;
    mode_t mode;
    struct { union sigval pair[2]; };
} holder_object;
holder_t *pointer_object;
END
}

# The data set in the directory data has both kernels.
set_up() {
    once kinds make_data
    cp -r "$E2E_CACHE/kinds" data
}

make_data() {
    write_source 1 >old.c
    write_source 2 >new.c
    make_vmlinux old.c "${old%-amd64}" old.elf
    make_vmlinux new.c "${new%-amd64}" new.elf
    kstruct 0 -d made analyze -k "$old" old.elf
    has err "^$old: 2 structs, 1 union, 3 enums, 4 typedefs, [0-9]+ base types$"
    kstruct 0 -d made analyze -k "$new" new.elf
}

test_show() {
    set_up
    kstruct 0 -d data show -k "$old" state
    cat >wanted <<'END'
/* 5.4.0-26-generic-amd64: old.c:2 */
enum state {
    NEW = -1,
    RUNNING = 1,
    DONE = 2,
};
/* size: 4, enumerators: 3 */
END
    same wanted out
    kstruct 0 -d data show -k "$old" union sigval
    has out '^union sigval \{$'
    kstruct 0 -d data show -k "$old" 'typedef atomic_t'
    has out '^\} atomic_t;$'
    kstruct 0 -d data show -k "$old" holder_t
    has out '^typedef struct holder holder_t;$'
    kstruct 0 -d data show -k "$old" mode_t
    has out '^    MODE_B = 1,$'
    kstruct 0 -d data show -k "$old" enum wide
    has out 'HUGE = 18446744073709551615,$'
    kstruct 0 -d data show -k "$old" '(anon-LONELY)'
    has out '^enum \{$'
    kstruct 0 -d data show -k "$old" int
    has out 'base type int: size: 4, encoding: signed'
    refused 1 'state: no union of that name in any kernel of the data set' -- -d data show union state
    refused 2 'one name is wanted' -- -d data show
    refused 2 'union: the name after it is missing' -- -d data show union
}

# The compiler's own offsets, through typedefs and unions.
test_offsets() {
    local path
    set_up
    for path in value.sival_ptr count.counter inner.users.counter 'pair[1].sival_int'; do
        kstruct 0 -d data offsets -k "$old" --format json "holder.$path"
        echo "_Static_assert(__builtin_offsetof(struct holder, $path) ==" \
            "$(jq ".structs.holder.fields[\"$path\"][0].byte_offset" out), \"$path\");"
    done >assertions
    write_source 1 | cat - assertions >source.c
    gcc -std=gnu11 -fsyntax-only source.c || fail "the compiler has other offsets"
    kstruct 0 -d data offsets enum state.RUNNING state.NEW wide.HUGE holder_t.mode count_t union sigval
    cat >wanted <<'END'
enum state.RUNNING
  kernels                 value
  5.4.0-26-generic-amd64      1
  5.8.0-25-generic-amd64      2

enum state.NEW
  kernels        value
  all 2 kernels     -1

enum wide.HUGE
  kernels                       value
  all 2 kernels  18446744073709551615

holder_t.mode
  kernels        offset   hex  size  type
  all 2 kernels      20  0x14     4  mode_t

count_t
  kernels        size
  all 2 kernels     4

union sigval
  kernels        size
  all 2 kernels     8
END
    same wanted out
    kstruct 1 -d data offsets holder.deep holder.counter holder.mode.x enum state.RUNING
    has err 'holder.deep: no such field in any kernel; did you mean `inner.deep`\?$'
    has err 'holder.counter: no such field in any kernel; did you mean `count.counter`\?$'
    has err 'holder.mode.x: `mode` has no members in any kernel$'
    has err 'state.RUNING: no such enumerator in any kernel; did you mean `RUNNING`\?$'
    kstruct 0 -d data offsets --format csv enum state.RUNNING
    has out '^5.4.0-26-generic-amd64,state,RUNNING,4,.*,1,enum,vmlinux$'
}

test_what_is_exported_is_imported() {
    set_up
    mkdir -p top/types_struct top/types_union top/types_enum top/types_typedef top/types_int
    local kind
    for kind in struct union enum typedef int; do
        kstruct 0 -d data export -k "$old" --kind $kind -o "top/types_$kind/$old.jsonl"
    done
    zstd -q --rm "top/types_enum/$old.jsonl"
    kstruct 0 -d again import top
    has err "^$old: 2 structs, 1 union, 3 enums, 4 typedefs, [0-9]+ base types$"
    kstruct 0 -d data export -k "$old" --kind struct,union,enum,typedef,int -o wanted
    kstruct 0 -d again export -k "$old" --kind struct,union,enum,typedef,int
    same wanted out
    refused 2 'there is no kind `unions`' -- -d data export -k "$old" --kind unions
    refused 2 'functions are not read' -- -d data export -k "$old" --kind function
    refused 1 'vfs_read.*functions are not read' -- -d data show 'vfs_read()'
    refused 1 'functions are not read' -- -d data show function vfs_read
    refused 1 'no definition of that name' -- -d data show function
}

# What an import does not have is not known, not absent, and nothing came or went with it.
test_what_was_not_read_is_not_told_of() {
    set_up
    mkdir -p top/types_struct
    kstruct 0 -d data export -k "$new" -o top/types_struct/6.8.0-31-generic-amd64.jsonl
    kstruct 0 -d data import top
    kstruct 0 -d data report --all --format md,md-full -o report
    has report/tables/status.csv '^union sigval,present,present,unknown$'
    has report/tables/status.csv '^holder,'
    has 'report/Full/s/union~sigval.md' '6.8.0-31-generic-amd64` \| Not known'
    lacks report/Differences/5.8.0-25-generic-amd64..6.8.0-31-generic-amd64.md sigval
    kstruct 0 -d data diff "$new" 6.8.0-31-generic-amd64
    is_empty out
}

# The published schema tells neither encodings, nor what is in what only a typedef names.
test_what_an_export_does_not_tell_is_no_change() {
    set_up
    mkdir -p top/types_struct top/types_typedef top/types_int
    local kind
    for kind in struct typedef int; do
        kstruct 0 -d data export -k "$old" --kind $kind -o "top/types_$kind/5.4.0-27-generic-amd64.jsonl"
    done
    kstruct 0 -d data import top
    kstruct 0 -d data diff "$old" 5.4.0-27-generic-amd64 typedef atomic_t typedef mode_t int
    is_empty out
    kstruct 1 -d data offsets -k 5.4.0-27-generic-amd64 'typedef atomic_t.counter'
    has err 'atomic_t.counter: what is in a struct or union without a name is not recorded'
}

# Its structs were not read, and so none of them has gone.
test_an_import_of_enums_alone_says_nothing_of_structs() {
    set_up
    mkdir -p top/types_enum
    kstruct 0 -d data export -k "$new" --kind enum -o top/types_enum/6.8.0-31-generic-amd64.jsonl
    kstruct 0 -d data import top
    kstruct 0 -d data diff "$new" 6.8.0-31-generic-amd64
    is_empty out
    kstruct 0 -d data report --all --format md,md-full -o report
    has report/tables/status.csv '^holder,[a-z]+,[a-z]+,unknown$'
    has report/Full/h/holder.md '6.8.0-31-generic-amd64` \| Not known'
}

test_a_kernel_without_a_kind_is_imported() {
    set_up
    mkdir -p top/types_struct top/types_union
    kstruct 0 -d data export -k "$old" -o "top/types_struct/$old.jsonl"
    : >"top/types_union/$old.jsonl"
    kstruct 0 -d again import top
    has err "^$old: 2 structs$"
    : >"top/types_struct/$old.jsonl"
    kstruct 1 -d again import top
    has err "types_struct/$old.jsonl: has no definitions"
    rm "top/types_struct/$old.jsonl"
    kstruct 1 -d again import top
    has err "types_union/$old.jsonl: has no definitions"
}

# Its build-id may be missing; that it was read, and not imported, is known otherwise.
test_an_export_of_what_was_read_tells_what_is_only_declared() {
    set_up
    kstruct 0 -d data export -k "$old" -o wanted
    sqlite3 data/kstruct.db "UPDATE kernel SET build_id = ''"
    kstruct 0 -d data export -k "$old"
    same wanted out
}

test_a_member_that_is_called_as_its_typedef_is_found() {
    echo 'typedef struct { int pos_t; } pos_t; struct outer { pos_t place; } object;' >odd.c
    make_vmlinux odd.c "${old%-amd64}" odd.elf
    kstruct 0 -d data analyze -k "$old" odd.elf
    kstruct 1 -d data offsets outer.pos_t
    has err 'outer.pos_t: no such field in any kernel; did you mean `place.pos_t`\?$'
}

test_pages_and_documents() {
    need python3
    python3 -c 'import jsonschema' 2>/dev/null || skip "there is no python3-jsonschema here"
    set_up
    kstruct 0 -d data report --all --format md-full,json,md -o report
    has 'report/Full/s/enum~state.md' '^\| value changed \| `RUNNING` \| 1 ➡️ 2 \|'
    has 'report/Full/a/typedef~atomic_t.md' '^`struct \(anon\)`, 4 bytes, 1 member;'
    has report/Status/s.md '^\|enum \[`state`\]\(\.\./Full/s/enum~state\.md\)\|✅\|❓\|$'
    has report/Status/h.md '^\|\[`holder`\]\(\.\./Full/h/holder\.md\) \(\[names\]\(\.\./Struct/h/holder\.md\)\)\|'
    [ "$(find report/Struct -name '*.md' | wc -l)" -eq 2 ] || fail "Struct/ has other pages than structs'"
    find report/Json -name '*.json' >documents
    [ "$(wc -l <documents)" -gt 10 ] || fail "only $(wc -l <documents) documents"
    python3 - "$schemas/struct.schema.json" documents <<'END' || fail "a document is not as the schema says"
import json, sys, jsonschema
validator = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
for path in open(sys.argv[2]).read().split("\n")[:-1]:
    validator.validate(json.load(open(path)))
END
    [ "$(jq -c '[.kind, .layouts[0].enumerators[0]]' 'report/Json/s/enum~state.json')" = \
        '["enum",{"name":"NEW","value":-1}]' ] || fail "the enum is told otherwise"
    jq -e '.groups[].pairs[].enums.changed == ["state"]' report/tables/differences.json >/dev/null ||
        fail "the enum that changed is not in the table"
}

test_views() {
    set_up
    [ "$(sqlite3 -readonly data/kstruct.db "SELECT value FROM enumerator
        WHERE enumerator = 'RUNNING' ORDER BY kernel" | paste -s -d ' ')" = '1 2' ] ||
        fail "the enumerator has other values"
    [ "$(sqlite3 -readonly data/kstruct.db "SELECT DISTINCT type FROM typedef
        WHERE typedef = 'count_t'")" = atomic_t ] || fail "the typedef stands for something else"
    [ "$(sqlite3 -readonly data/kstruct.db "SELECT DISTINCT kind FROM field
        WHERE struct = 'sigval'")" = union ] || fail "the union's fields have another kind"
}

test_sizes_of_what_only_a_typedef_names() {
    cat >source.c <<'END'
typedef struct { int a; int b; } *pointers_t[4];
typedef struct { char c[24]; } rows_t[3];
struct user { pointers_t pointers; rows_t rows; } user_object;
END
    make_vmlinux source.c 5.4.0-26-generic vm.elf
    kstruct 0 -d data analyze -k "$old" vm.elf
    kstruct 0 -d data offsets --format csv 'user.pointers[1]' 'user.rows[2]' 'typedef pointers_t' -o all.csv
    has all.csv "^$old,user,pointers\[1\],104,64,8,\"\",8,"
    has all.csv "^$old,user,rows\[2\],104,640,80,\"\",24,"
    has all.csv "^$old,pointers_t,\"\",\"\","
    # What is not told is never 0.
    kstruct 0 -d data show pointers_t
    has out '^/\* size: \?, members: 2 \*/$'
    kstruct 0 -q -d data report --all --format md-full,json -o report
    has 'report/Full/p/typedef~pointers_t.md' "$old\` \| \? \|"
    [ "$(jq '.layouts[0].byte_size' 'report/Json/p/typedef~pointers_t.json')" = null ] ||
        fail "the typedef has a size"
    [ "$(sqlite3 -readonly data/kstruct.db "SELECT DISTINCT byte_size IS NULL FROM layout
        WHERE kind = 'typedef'")" = 1 ] || fail "the data set has sizes that are not told"
}

test_words_of_two_kinds() {
    set_up
    kstruct 2 -d data offsets enum 'struct inner'
    has err 'struct inner: is of another kind than the word before it'
}

test_a_link_that_leads_nowhere_is_no_kernel() {
    mkdir -p from/types_struct
    ln -s nowhere from/types_struct/5.4.0-26-generic-amd64.jsonl
    kstruct 1 -d data import from
    has err 'from: the files of 5.4.0-26-generic-amd64 cannot be opened'
}
