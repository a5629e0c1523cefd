# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What the plain pages cannot say: `report --format md-full` and `--format json`.
#
# shellcheck disable=SC2016 # backticks are Markdown here

old=5.3.0-18-generic-amd64
new=5.4.0-26-generic-amd64
schema=$E2E_DIRECTORY/../../report/schemas/struct.schema.json

# Two kernels in the data set, from one source with different definitions of what is embedded.
write_two_kernels() {
    cat >kernel.c <<'END'
#ifdef NEW
struct lock { long owner; int depth; } lock_object;
struct lined { char a; int b __attribute__((aligned(64))); } lined_object;
struct word { unsigned flags; unsigned kind:3; unsigned state:7; union { long raw; }; } word_object;
#else
struct lock { int owner; } lock_object;
struct lined { char a; int b; } lined_object;
struct word { unsigned flags; unsigned state:5; unsigned kind:3; unsigned gone; long raw; } word_object;
#endif
struct device { int id; struct lock lock; const char *name; struct { char type; long uses; } stat; } device_object;
struct same { char a; long b; } same_object;
END
    read_old_and_new kernel.c "$old" "$new"
}

report() { # OUTPUT FORMAT [ARGUMENT...]
    kstruct 0 -q -l kernels.list -d data "${@:3}" report -o "$1" --format "$2"
    is_empty err
}

# Names and types are the same, places are not.
test_a_member_that_moved_is_a_change() {
    write_two_kernels
    report pages md,md-full
    has pages/Struct/d/device.md "^No changes between <code>$old</code> and <code>$new</code>"
    lacks pages/Full/d/device.md "^No changes"
    has_text pages/Full/d/device.md "<summary>Changed between <code>$old</code> and <code>$new</code> ❓ 32 ➡️ 48 bytes (+16): 5 moved, 1 resized</summary>"
    has_text pages/Full/d/device.md '| moved, resized | `lock` | 4 ➡️ 8 (+4) | 4 ➡️ 16 | `struct lock` |'
    has_text pages/Full/d/device.md '| moved | `name` to `stat.uses`, 4 members | 8…24 ➡️ 24…40 (+16) | | |'

    has pages/Struct/l/lined.md "^No changes"
    has_text pages/Full/l/lined.md '| moved | `b` | 4 ➡️ 64 (+60) | 4 | `int` |'
    has_text pages/Full/l/lined.md "| Regular | \`$old\` | 8 | 3 bytes | none | [layout 1](#layout-1) |"
    has_text pages/Full/l/lined.md "|  | \`$new\` | 128 | 63 bytes | 60 bytes | [layout 2](#layout-2) |"

    has_text pages/Full/w/word.md '| moved, width changed | `state` | 4:0 ➡️ 4:3 (+3 bits) | 5 bits ➡️ 7 bits | `unsigned int` |'
    has_text pages/Full/w/word.md '| moved, nesting changed (none ➡️ union) | `raw` | 16 ➡️ 8 (-8) | 8 | `long int` |'
    has_text pages/Full/w/word.md '| removed | `gone` | 8 | 4 | `unsigned int` |'
    has_text pages/Full/w/word.md 'bytes (-8): 1 removed, 3 moved, 1 width changed, 1 nesting changed; reordered</summary>'
    has_text pages/Full/s/same.md "No changes between \`$old\` and \`$new\` ✅"
    has_text pages/Full/s/same.md "- \`$old\`, \`$new\`: declared in \`kernel.c:"
}

# What is in a page's fences.
definitions() { # PAGE
    sed -n '/^```c$/,/^```$/p' "$1" | grep -v '^```'
}

test_definitions_are_those_of_show() {
    local name kernel
    write_two_kernels
    report pages md-full
    for name in d/device l/lined w/word; do
        for kernel in "$old" "$new"; do
            kstruct 0 -d data show "${name#*/}" -k "$kernel"
            tail -n +2 out # without the comment that names the kernel
        done >wanted
        definitions "pages/Full/$name.md" >found
        same wanted found
    done
}

test_json_is_as_described() {
    write_two_kernels
    report pages json
    validate pages
    need jq
    jq -c '.groups[0].pairs[0] | [.state, .byte_size_before, .byte_size_after, .changes]' \
        pages/Json/d/device.json >found
    echo '["changed",32,48,["moved","resized","size_changed"]]' >wanted
    same wanted found
    jq -c '.layouts[1] | [.byte_size, .hole_count, .hole_bits, .padding_bits]' \
        pages/Json/l/lined.json >found
    echo '[128,1,504,480]' >wanted
    same wanted found
    jq -c '[.kernels[] | [.name, .is_present, .declaration_file]]' pages/Json/s/same.json >found
    printf '[["%s",true,"kernel.c"],["%s",true,"kernel.c"]]\n' "$old" "$new" >wanted
    same wanted found
}

# Every document in the report is as the schema says; of many, some.
validate() { # REPORT
    need python3
    python3 -c 'import jsonschema' 2>/dev/null || skip "there is no jsonschema for python3 here"
    python3 - "$schema" "$1" <<'END' || fail "a document is not as the schema says"
import glob, json, sys
import jsonschema
schema = json.load(open(sys.argv[1], encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
paths = sorted(glob.glob(sys.argv[2] + "/Json/*/*.json"))
bad = not paths
for path in paths[::max(1, len(paths) // 200)]:
    for error in validator.iter_errors(json.load(open(path, encoding="utf-8"))):
        print(path, error.json_path, error.message[:200])
        bad = True
sys.exit(bad)
END
}

test_files_do_not_depend_on_threads() {
    write_many_structs many.c 300 7
    make_vmlinux many.c 5.3.0-18-generic old.elf gcc
    write_many_structs many.c 280 9
    make_vmlinux many.c 5.4.0-26-generic new.elf gcc
    set_machine old.elf 62
    set_machine new.elf 62
    kstruct 0 -q -d data analyze old.elf
    kstruct 0 -q -d data analyze new.elf
    printf '%s file=old.elf\n%s file=new.elf baseline\n' "$old" "$new" >kernels.list
    report one md-full,json -j1
    report four md-full,json -j4
    rm one/.kstruct-report four/.kstruct-report
    same one four
}

test_further_definitions_are_told() {
    cat >first.c <<'END'
struct state { int a; } first_object;
END
    cat >second.c <<'END'
struct state { long z[2]; } second_object;
END
    gcc -g -c -ffreestanding first.c -o first.o
    make_vmlinux second.c 5.4.0-26-generic new.elf gcc first.o
    set_machine new.elf 62
    kstruct 0 -q -d data analyze new.elf
    printf '%s file=new.elf baseline\n' "$new" >kernels.list
    report pages md-full,json
    has pages/Full/s/state.md '^## Further definitions$'
    has pages/Full/s/state.md "^- \[layout 2\]\(#layout-2\) in \`$new\`: declared in \`(first|second).c:1\`; used by \`(first|second).c\`$"
    validate pages
}

# The order in which kernels were read says nothing.
test_pages_do_not_depend_on_the_order_of_kernels() {
    echo 'struct state { int a; } first_object;' >first.c
    echo 'struct state { long z[2]; } second_object;' >second.c
    gcc -g -c -ffreestanding first.c -o first.o
    make_vmlinux second.c 5.3.0-18-generic old.elf gcc first.o
    make_vmlinux second.c 5.4.0-26-generic new.elf gcc first.o
    set_machine old.elf 62
    set_machine new.elf 62
    printf '%s file=old.elf\n%s file=new.elf baseline\n' "$old" "$new" >kernels.list
    kstruct 0 -q -d data analyze old.elf
    kstruct 0 -q -d data analyze new.elf
    report one md-full,json
    rm -r data
    kstruct 0 -q -d data analyze new.elf
    kstruct 0 -q -d data analyze old.elf
    report other md-full,json
    same one/Full other/Full
    same one/Json other/Json
    has one/Full/s/state.md "in \`$old\`, \`$new\`: declared in"
}

# Names that no compiler writes, and that mean something to Markdown, HTML or Jekyll.
test_foreign_names_are_no_markup() {
    local evil='x\n```\n</details><script>`|*{{y}}'
    mkdir -p in/types_struct
    printf '{"kind": "STRUCT", "name": "%s", "size": 8, "members": [{"name": "%s", "bits_offset": 0, "type": {"kind": "TYPEDEF", "name": "%s"}}]}\n' \
        "$evil" "$evil" "$evil" >"in/types_struct/$old.jsonl"
    printf '{"kind": "STRUCT", "name": "%s", "size": 4, "members": []}\n' "$evil" >"in/types_struct/$new.jsonl"
    kstruct 0 -q -d data import in
    printf '%s\n%s baseline\n' "$old" "$new" >kernels.list
    report pages md-full,json
    find pages/Full -name '*.md' -exec cat {} + >page
    [ "$(grep -c '^```' page)" -eq 4 ] || fail "a fence is ended by a name"
    [ "$(grep -c '^</details>' page)" -eq 3 ] || fail "an element is ended by a name"
    lacks page '\{\{'
    sed '/^```c$/,/^```$/d' page >outside
    lacks outside '<script>'
    has outside 'No known|not compared'
    validate pages
}

test_the_published_kernels() {
    set_up_published
    cp "$E2E_DIRECTORY/../../config/kernels.list" kernels.list
    report pages md-full,json
    [ "$(find pages/Full -name '*.md' | wc -l)" -eq 15509 ] || fail "a full page is missing"
    [ "$(find pages/Json -name '*.json' | wc -l)" -eq 15509 ] || fail "a document is missing"
    validate pages
}
