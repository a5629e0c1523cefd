# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Differences between kernels: real ones, made by the compiler, exit statuses as of diff(1), the
# three forms, and what does not exist.

early=5.4.0-26-generic-amd64
late=5.8.0-25-generic-amd64
schema=$E2E_DIRECTORY/../../report/schemas/diff.schema.json

write_early() { # FILE
    cat >"$1" <<'END'
typedef unsigned long long u64;
struct kept { int a; long b; } kept_object;
struct gone { int a; char b[3]; } gone_object;
struct shifted { int a; long b; long c; } shifted_object;
struct inner { int lock; } inner_object;
struct task {
    u64 start_time;
    u64 real_start_time;
    int prio;
    unsigned flag : 1;
    unsigned width : 3;
    char comm[16];
    struct inner inner;
    void *pgd;
    struct { int x; int y; } pair;
    void (*call)(int);
} task_object;
END
}

write_late() { # FILE
    cat >"$1" <<'END'
typedef unsigned long long u64;
struct kept { int a; long b; } kept_object;
struct fresh { int a; long b; } fresh_object;
struct shifted { int a; long b __attribute__((aligned(32))); long c; } shifted_object;
struct inner { int lock; void *pgd; } inner_object;
struct task {
    u64 start_time;
    u64 start_boottime;
    short prio;
    unsigned flag : 1;
    unsigned width : 4;
    char comm[32];
    struct inner inner;
    struct { int x; long y; } pair;
    void (*call)(int, int);
    int last;
} task_object;
END
}

# The data set in the directory data has both kernels.
make_kernels() {
    once diff make_data
    rm -rf data
    cp -r "$E2E_CACHE/diff" data
}

make_data() {
    write_early early.c
    write_late late.c
    make_vmlinux early.c "${early%-amd64}" early.elf
    make_vmlinux late.c "${late%-amd64}" late.elf
    kstruct 0 -d made analyze -k "$early" early.elf
    kstruct 0 -d made analyze -k "$late" late.elf
}

validate() { # FILE...
    python3 -c 'import jsonschema' 2>/dev/null || skip "there is no jsonschema here"
    python3 - "$schema" "$@" <<'END' || fail "$1 is not as the schema says"
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
kind = jsonschema.validators.validator_for(schema)
kind.check_schema(schema)
for name in sys.argv[2:]:
    kind(schema).validate(json.load(open(name)))
END
}

test_text() {
    make_kernels
    kstruct 1 -d data diff "$early" "$late"
    is_empty err
    cat >expected <<'END'
--- 5.4.0-26-generic-amd64: 5 structs
+++ 5.8.0-25-generic-amd64: 5 structs
structs: 1 added, 1 removed, 3 changed

+ struct fresh: 16 bytes
- struct gone: 8 bytes

~ struct inner: 4 -> 16 bytes; holes 0 -> 4
    late.c:5 (was early.c:5)
  +     8  8  void *pgd  added at the end

~ struct shifted: 24 -> 64 bytes; holes 4 -> 28; padding 0 -> 16
    late.c:4 (was early.c:4)
  > 8 -> 32    2 members, b to c  moved by +24

~ struct task: 72 -> 104 bytes; holes 7:4 -> 5:3; padding 0 -> 4
    late.c:6 (was early.c:6)
  +            8                 8  u64 start_boottime      inserted; renamed? was real_start_time
  -    8                         8  u64 real_start_time     removed; renamed? now start_boottime
  ~           16            4 -> 2  short int prio          resized, type changed; was int prio
  > 20:0 -> 18:0             1 bit  unsigned int flag : 1   moved
  ~ 20:1 -> 18:1  3 bits -> 4 bits  unsigned int width : 4  moved, width changed; was unsigned int width : 3
  ~   21 ->   19          16 -> 32  char comm[32]           moved, resized, type changed; was char comm[16]
  ~   40 ->   56           4 -> 16  struct inner inner      moved, resized
  -   48                         8  void *pgd               removed; moved? now in inner.pgd (struct inner)
  ~   56 ->   72           8 -> 16  struct { ... } pair     moved, resized
  >   56 ->   72                 4  int pair.x              moved
  ~   60 ->   80            4 -> 8  long int pair.y         moved, resized, type changed; was int pair.y
  ~   64 ->   88                 8  void (*call)(int, int)  moved, type changed; was void (*call)(int)
  +           96                 4  int last                added at the end
END
    same expected out
}

test_exit_statuses() {
    make_kernels
    kstruct 0 -d data diff "$early" "$early"
    is_empty out
    kstruct 0 -d data diff "$early" "$late" kept
    is_empty out
    kstruct 0 -d data diff --stat "$early" "$late" kept
    is_empty out
    kstruct 1 -d data diff "$early" "$late" kept task
    kstruct 1 -d data diff "$early" "$late" gone
    refused 2 'two kernels' -- -d data diff "$early"
    refused 2 'two kernels' -- -d data diff
    refused 2 '--format.*text, md or json.*html' -- -d data diff --format html "$early" "$late"
    refused 2 '--color' -- -d data diff --color=red "$early" "$late"
    refused 2 'no option --wrong' -- -d data diff --wrong "$early" "$late"
    refused 2 '^kstruct: nowhere' -- -d nowhere diff "$early" "$late"
    echo 'this is no data set, and long enough to be looked at' >data/kstruct.db
    refused 2 'kstruct.db' -- -d data diff "$early" "$late"
}

# Output that cannot be written is trouble too.
test_full_disk() {
    [ -e /dev/full ] || skip "there is no /dev/full here"
    make_kernels
    local status=0
    "$KSTRUCT" -d data diff "$early" "$late" >/dev/full 2>err || status=$?
    [ "$status" -eq 2 ] || fail "exit status $status instead of 2"
    has err '^kstruct: standard output: '
}

test_unknown_names() {
    make_kernels
    refused 2 "5.8.0-25-generic-amd46: no such kernel.*did you mean $late\\?" -- \
        -d data diff "$early" 5.8.0-25-generic-amd46
    # Nobody means the one that is named already.
    refused 2 "${late%-amd64}-arm64: no such kernel in the data set; did you mean $early" -- \
        -d data diff "$late" "${late%-amd64}-arm64"
    refused 2 'nothing: no such kernel in the data set$' -- -d data diff nothing "$late"
    refused 2 'tsak: no definition of that name in either kernel; did you mean task\?' -- \
        -d data diff "$early" "$late" kept tsak
}

# A struct that was asked for is shown where there is nothing to compare it with.
test_selection() {
    make_kernels
    kstruct 1 -d data diff "$early" "$late" gone kept fresh gone
    has out '^structs: 1 added, 1 removed, 0 changed$'
    has out '^- struct gone: 8 bytes$'
    has out '^    char b\[3\];'
    has out '^\+ struct fresh: 16 bytes$'
    [ "$(grep -c '^struct gone {' out)" -eq 1 ] || fail "a struct that is asked for twice is told twice"
    lacks out kept
}

# As the kernel's struct_group() does it.
test_members_declared_twice() {
    local body="int a; long b; short c;"
    echo "struct skb { union { struct { $body }; struct { $body } group; }; } skb_object;" >one.c
    body="long b; int a; int d; short c;"
    echo "struct skb { union { struct { $body }; struct { $body } group; }; } skb_object;" >two.c
    make_vmlinux one.c "${early%-amd64}" one.elf
    make_vmlinux two.c "${late%-amd64}" two.elf
    kstruct 0 -d data analyze -k "$early" one.elf
    kstruct 0 -d data analyze -k "$late" two.elf
    kstruct 1 -d data diff "$early" "$late"
    has out '^  = +3 members, group.b to group.d +the same as above$'
    [ "$(grep -c group out)" -eq 1 ] || fail "members are told twice"
    kstruct 1 -d data diff --format json "$early" "$late"
    has out '"group.d"'
}

test_reverse() {
    make_kernels
    kstruct 1 -d data diff "$late" "$early"
    has out '^- struct fresh: 16 bytes$'
    has out 'u64 real_start_time +inserted; renamed\? was start_boottime$'
    has out 'void \*pgd +inserted; moved\? was in inner.pgd \(struct inner\)$'
}

test_stat() {
    make_kernels
    kstruct 1 -d data diff --stat "$early" "$late"
    has out '^~ struct task: 72 -> 104 bytes; holes .*; members \+2 -2 ~7 >2$'
    has out '^~ struct shifted: .*; members >2$'
    [ "$(wc -l <out)" -eq 9 ] || fail "$(wc -l <out) lines instead of 9"
}

test_colors() {
    make_kernels
    kstruct 1 -d data diff "$early" "$late"
    lacks out $'\x1b'
    mv out plain
    kstruct 1 -d data diff --color=always "$early" "$late"
    has out $'\x1b\\[32m'
    sed $'s/\x1b\\[[0-9]*m//g' out >stripped
    same plain stripped
    kstruct 1 -d data diff --color=never "$early" "$late"
    same plain out
}

on_terminal() { # COMMAND
    script -qec "$1" /dev/null >terminal </dev/null || true
}

test_colors_on_a_terminal() {
    need script
    make_kernels
    export TERM=xterm
    unset NO_COLOR
    on_terminal "'$KSTRUCT' -d data diff $early $late"
    has terminal $'\x1b\\[32m'
    on_terminal "'$KSTRUCT' -d data diff --color=never $early $late"
    lacks terminal $'\x1b'
    NO_COLOR=1 on_terminal "'$KSTRUCT' -d data diff $early $late"
    lacks terminal $'\x1b'
    TERM=dumb on_terminal "'$KSTRUCT' -d data diff $early $late"
    lacks terminal $'\x1b'
}

test_output_file() {
    make_kernels
    kstruct 1 -d data diff "$early" "$late"
    mv out wanted
    kstruct 1 -d data diff -o file "$early" "$late"
    is_empty out
    same wanted file
    refused 2 'nowhere' -- -d data diff -o nowhere/file "$early" "$late"
}

test_json() {
    need jq
    make_kernels
    kstruct 1 -d data diff --format json "$early" "$late"
    validate out
    mv out all.json
    [ "$(jq -c '[.definitions[] | .name, .status]' all.json)" = \
        '["fresh","added","gone","removed","inner","changed","shifted","changed","task","changed"]' ] ||
        fail "other structs: $(jq -c '[.definitions[] | .name, .status]' all.json)"
    jq -e '.definitions[] | select(.name == "task").members[] | select(.after.path == "width")
        | .changes == ["moved", "width_changed"] and .before.bit_offset == 161
            and .after.bit_offset == 145 and .after.bitfield_size == 4' all.json >/dev/null ||
        fail "the bit-field is not told as it is"
    jq -e '.definitions[] | select(.name == "task").members[] | select(.before.path == "pgd").hint
        == {"kind": "embedded", "path": "inner.pgd", "struct": "inner"}' all.json >/dev/null ||
        fail "there is no hint"
    kstruct 1 -d data diff --format json --stat "$early" "$late"
    jq 'del(.definitions[].members)' all.json >expected
    jq . out >told
    same expected told
    validate out
    kstruct 0 -d data diff --format json "$early" "$early"
    validate out
    kstruct 1 -d data diff --format json "$early" "$late" gone kept
    validate out
}

# shellcheck disable=SC2016 # the backticks are Markdown
test_markdown() {
    make_kernels
    kstruct 1 -d data diff --format md "$early" "$late"
    has out '^# Differences between `5.4.0-26-generic-amd64` and `5.8.0-25-generic-amd64`$'
    has out '^\| `fresh` \| 16 \|$'
    has out '^### `task`$'
    has out '^\| `-` \| 48 \| \| 8 \| `void \*pgd` \| removed; \*moved\? now in\* `inner.pgd` of struct `inner` \|$'
    kstruct 1 -d data diff --format md --stat "$early" "$late"
    has out '^\| `shifted` \| 24 -&#62; 64 bytes.* \| &#62;2 \|$'
    kstruct 0 -d data diff --format md "$early" "$early"
    has out '^Nothing differs.$'
}

test_other_kinds() {
    need jq
    cat >one.c <<'END'
union u { int a; } u_object;
enum state { NEW, RUNNING, DONE = 5 } state_object;
typedef int count_t; count_t count_object;
typedef struct { int val; } id_t; id_t id_object;
union gone { long b; } gone_object;
enum { LONELY, SECOND } lonely_object;
struct kept { int a; } kept_object;
END
    cat >two.c <<'END'
union u { int a; long wide; } u_object;
enum state { NEW, WAITING, RUNNING, DONE = 6 } state_object;
typedef long count_t; count_t count_object;
typedef struct { int val; char tag; } id_t; id_t id_object;
enum { LONELY, SECOND, THIRD } lonely_object;
struct kept { int a; } kept_object;
END
    make_vmlinux one.c "${early%-amd64}" one.elf
    make_vmlinux two.c "${late%-amd64}" two.elf
    kstruct 0 -d data analyze -k "$early" one.elf
    kstruct 0 -d data analyze -k "$late" two.elf
    kstruct 1 -d data diff "$early" "$late"
    cat >expected <<'END'
--- 5.4.0-26-generic-amd64: 1 struct, 2 unions, 2 enums, 2 typedefs
+++ 5.8.0-25-generic-amd64: 1 struct, 1 union, 2 enums, 2 typedefs
unions: 0 added, 1 removed, 1 changed
enums: 0 added, 0 removed, 2 changed
typedefs: 0 added, 0 removed, 2 changed

- union gone: 8 bytes

~ union u: 4 -> 8 bytes
    two.c:1 (was one.c:1)
  +     0  8  long int wide  added at the end

~ enum (anon-LONELY): 4 bytes
    two.c:5 (was one.c:6)
  +     2    THIRD  added at the end

~ enum state: 4 bytes
    two.c:2 (was one.c:2)
  +      1    WAITING  inserted
  ~ 1 -> 2    RUNNING  value changed
  ~ 5 -> 6    DONE     value changed

~ typedef count_t
    two.c:3 (was one.c:3)
  ~         long int count_t  type changed; was int count_t

~ typedef id_t: 4 -> 8 bytes; padding 0 -> 3
    two.c:4 (was one.c:4)
  +     4  1  char tag  added at the end
END
    same expected out
    kstruct 1 -d data diff --format json "$early" "$late"
    validate out
    jq -e '.definitions[] | select(.name == "state").members[0].after == {"path": "WAITING", "value": 1}' \
        out >/dev/null || fail "the enumerator is not told as it is"
    kstruct 1 -d data diff "$early" "$late" enum state
    [ "$(grep -c '^[~+-] ' out)" -eq 1 ] || fail "other definitions are told"
    kstruct 1 -d data diff --format md "$early" "$late" "union u"
    # shellcheck disable=SC2016 # the backticks are Markdown
    has out '^### union `u`$'
    refused 2 'state: no union of that name in either kernel' -- -d data diff "$early" "$late" union state
}

# An import knows less, but nothing else.
test_imported_kernels_do_not_differ() {
    make_kernels
    mkdir -p published/types_struct
    kstruct 0 -d data export -k "$late" -o published/types_struct/9.9.0-1-generic-amd64.jsonl
    kstruct 0 -d data import published
    kstruct 0 -d data diff "$late" 9.9.0-1-generic-amd64
    is_empty out
    kstruct 0 -d data diff 9.9.0-1-generic-amd64 "$late"
    kstruct 1 -d data diff "$early" 9.9.0-1-generic-amd64
    has out '^~ struct task: 72 -> 104 bytes$'
    lacks out 'resized|nesting'
    kstruct 1 -d data diff --format json "$early" 9.9.0-1-generic-amd64
    validate out
}

# Kernels that were made from pages have neither sizes nor offsets: nothing is claimed of them.
test_kernels_from_pages() {
    make_kernels
    mkdir -p published/types_struct
    kstruct 0 -d data export -k "$late"
    sed -E 's/("bits_offset"|"size"): [0-9]+/\1: 0/g' out >published/types_struct/9.9.0-1-generic-amd64.jsonl
    kstruct 0 -d data import published
    kstruct 0 -d data diff "$late" 9.9.0-1-generic-amd64
    kstruct 1 -d data diff "$early" 9.9.0-1-generic-amd64
    lacks out '-> .* bytes|moved by|, moved|resized'
    has out '^\+ struct fresh$'
    kstruct 1 -d data diff --format json "$early" 9.9.0-1-generic-amd64
    validate out
    lacks out '"byte_size": 0,'
}

# Names that would write to the terminal, or be markup.
test_hostile_names() {
    mkdir -p published/types_struct
    printf '%s\n' '{"kind": "STRUCT", "name": "a", "size": 8, "members": [{"name": "x", "bits_offset": 0, "type": {"kind": "INT", "name": "int"}}]}' \
        >published/types_struct/1.1.0-1-generic-amd64.jsonl
    printf '%s\n' '{"kind": "STRUCT", "name": "a", "size": 8, "members": [{"name": "\u001b[31m|<b>`*x", "bits_offset": 0, "type": {"kind": "INT", "name": "int"}}]}' \
        '{"kind": "STRUCT", "name": "b\u001b[2J|<script>", "size": 8, "members": []}' \
        >published/types_struct/1.2.0-1-generic-amd64.jsonl
    kstruct 0 -d data import published
    kstruct 1 -d data diff 1.1.0-1-generic-amd64 1.2.0-1-generic-amd64
    lacks out $'\x1b'
    has out 'struct b.\[2J'
    kstruct 1 -d data diff --format md 1.1.0-1-generic-amd64 1.2.0-1-generic-amd64
    lacks out $'\x1b|<b>|<script>'
    kstruct 1 -d data diff --format json 1.1.0-1-generic-amd64 1.2.0-1-generic-amd64
    lacks out $'\x1b'
    validate out
}
