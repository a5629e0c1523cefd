# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# `kstruct offsets` over small kernels, of which the compiler and the data set say the same.

kernels=(5.3.0-18-generic-amd64 5.4.0-26-generic-amd64 5.8.0-25-generic-amd64
    5.4.0-26-generic-arm64)

# Until 5.4 start_boottime is called real_start_time; in 5.8 the watchers are in a struct of their
# own, and there is one struct more.
write_source() { # KERNEL FILE
    local start=real_start_time watchers='unsigned long watchers;'
    case $1 in
    5.8.0-*) start=start_boottime watchers='struct links links;' ;;
    esac
    cat >"$2" <<END
typedef int pid_t;
typedef unsigned long u64;
typedef struct { int raw; } lock_t;
struct mm { u64 pgd; };
struct entity { u64 load; u64 vruntime; };
struct links { unsigned long watchers; };
struct task {
    u64 flags;
    pid_t pid;
    unsigned int on_rq : 3, frozen : 1;
    struct entity se;
    struct entity others[4];
    struct mm *mm;
    lock_t lock;
    union { int first; struct { short second, third; }; };
    struct { u64 length; struct { char tag[8]; } deeper; } header;
    u64 $start;
    $watchers
    char comm[16];
    union kept { int a; u64 b; } kept;
} task_object;
struct links links_object;
struct mm mm_object;
END
    [[ $1 != 5.8.0-* ]] || echo 'struct extra { char a; u64 b; } extra_object;' >>"$2"
}

# The data set is made once and copied for each test.
set_up() {
    once offsets make_data
    cp -r "$E2E_CACHE/offsets" data
}

make_data() {
    local kernel machine
    for kernel in "${kernels[@]}"; do
        machine=62
        [[ $kernel != *-arm64 ]] || machine=183
        write_source "$kernel" source.c
        make_vmlinux source.c "${kernel%-*}" vmlinux
        set_machine vmlinux $machine
        kstruct 0 -q -d made analyze vmlinux
    done
}

# A kernel that tells places, but not the sizes of members; and one that tells neither.
import_kernels() {
    mkdir types_struct
    cat >types_struct/4.15.0-20-generic-amd64.jsonl <<'END'
{"kind": "STRUCT", "name": "mm", "size": 16, "members": [{"name": "lock", "bits_offset": 0, "type": {"kind": "INT", "name": "long int"}}, {"name": "pgd", "bits_offset": 64, "type": {"kind": "TYPEDEF", "name": "u64"}}]}
END
    cat >types_struct/4.4.0-21-generic-amd64.jsonl <<'END'
{"kind": "STRUCT", "name": "mm", "size": 0, "members": [{"name": "lock", "bits_offset": 0, "type": {"kind": "INT", "name": "long int"}}, {"name": "pgd", "bits_offset": 0, "type": {"kind": "TYPEDEF", "name": "u64"}}]}
END
    kstruct 0 -q -d data import .
}

check_schema() { # FILE
    need python3
    python3 -c 'import jsonschema' 2>/dev/null || skip "there is no python3-jsonschema here"
    python3 - "$E2E_DIRECTORY/../../report/schemas/offsets.schema.json" "$1" <<'END'
import json, jsonschema, sys
schema, document = (json.load(open(path)) for path in sys.argv[1:])
jsonschema.Draft202012Validator.check_schema(schema)
jsonschema.Draft202012Validator(schema).validate(document)
END
}

# How a tool takes an answer out of the document; and that all answers are those of the data set's
# view, and the view has no others.
check_answers() { # DATABASE JSON
    need python3
    python3 - "$@" <<'END'
import json, sqlite3, sys
database, path = sys.argv[1:]
document = json.load(open(path))
indexes = {kernel["name"]: i for i, kernel in enumerate(document["kernels"])}

def look_up(kernel, struct, field):
    n = indexes[kernel]
    found = [answer for answer in document["structs"][struct]["fields"][field]
             if any(first <= n <= last for first, last in answer["ranges"])]
    assert len(found) == 1, (kernel, struct, field, found)
    return found[0]

rows = {}
query = """SELECT kernel, CASE kind WHEN 'struct' THEN struct ELSE kind || ' ' || struct END,
                  field, bit_offset, byte_offset, field.byte_size, bitfield_size, type,
                  kernel IN ('4.4.0-21-generic-amd64', '4.15.0-20-generic-amd64'), struct_byte_size
           FROM field"""
for row in sqlite3.connect(database).execute(query):
    rows.setdefault(row[:3], row[3:])
for key, (bit, byte, size, bits, text, is_imported, struct_size) in rows.items():
    answer = look_up(*key)
    wanted = {"type": text, "bit_offset": bit, "byte_offset": byte}
    if is_imported and struct_size == 0:
        wanted.update(bit_offset=None, byte_offset=None)
    wanted.update(bitfield_size=bits or None, byte_size=size)
    found = {name: value for name, value in answer.items() if name != "ranges"}
    assert found == wanted, (key, found, wanted)
for struct, entry in document["structs"].items():
    for field in entry["fields"]:
        for kernel in indexes:
            answer = look_up(kernel, struct, field)
            is_there = (kernel, struct, field) in rows
            assert is_there == ("absent" not in answer) or "." in field, (kernel, struct, field)
print(len(rows), "answers are those of the data set")
END
}

test_text() {
    set_up
    kstruct 0 -d data offsets task.start_boottime task.watchers task.frozen extra
    is_empty err
    cat >wanted <<'END'
task.start_boottime
  kernels                                              offset   hex  size  type
  5.3.0-18-generic-amd64 … 5.4.0-26-generic-amd64 (2)  absent (renamed? real_start_time at 128)
  5.8.0-25-generic-amd64                                  128  0x80     8  u64
  5.4.0-26-generic-arm64                               absent (renamed? real_start_time at 128)

task.watchers
  kernels                                              offset   hex  size  type
  5.3.0-18-generic-amd64 … 5.4.0-26-generic-amd64 (2)     136  0x88     8  long unsigned int
  5.8.0-25-generic-amd64                               absent (embedded? links.watchers at 136)
  5.4.0-26-generic-arm64                                  136  0x88     8  long unsigned int

task.frozen
  kernels        offset    hex   size  type
  all 4 kernels    12:3  0xc:3  1 bit  unsigned int

extra
  kernels                                              size
  5.3.0-18-generic-amd64 … 5.4.0-26-generic-amd64 (2)  not in vmlinux
  5.8.0-25-generic-amd64                                 16
  5.4.0-26-generic-arm64                               not in vmlinux
END
    same wanted out
}

# Against the compiler, not against what was read: structs in structs and elements of arrays.
test_nested_places_are_the_compilers() {
    local path wanted
    set_up
    write_source "${kernels[0]}" source.c
    for path in flags se se.vruntime 'others[3].vruntime' 'others[2]' third header.length \
        header.deeper 'comm[5]' lock lock.raw kept.b header.deeper.tag 'header.deeper.tag[7]'; do
        kstruct 0 -d data offsets -k "${kernels[0]}" --format json "task.$path"
        wanted=$(jq ".structs.task.fields[\"$path\"][0].byte_offset" out)
        echo "_Static_assert(__builtin_offsetof(struct task, $path) == $wanted, \"$path\");"
    done >assertions
    cat assertions >>source.c
    [ "$(wc -l <assertions)" -eq 14 ] || fail "$(wc -l <assertions) assertions instead of 14"
    gcc -std=gnu11 -fsyntax-only source.c || fail "the compiler has other offsets"
}

test_json_of_everything() {
    set_up
    kstruct 0 -d data offsets --format json -o all.json
    is_empty out
    is_empty err
    check_schema all.json
    check_answers data/kstruct.db all.json
    [ "$(jq -r '.kernels[].name' all.json | tr '\n' ' ')" = "${kernels[*]} " ] ||
        fail "the kernels are not in their order"
    [ "$(jq -r '.kernels[0].release' all.json)" = 5.3.0-18-generic ] || fail "no release"
    jq -r '.structs | keys[]' all.json >found
    printf '%s\n' entity extra links mm task "typedef lock_t" "union kept" >wanted
    same wanted found
    jq -c '.structs.task.fields.start_boottime[0]' all.json >found
    echo '{"ranges":[[0,1],[3,3]],"absent":"no field","reason":"no such field","hint":{"kind":"renamed","path":"real_start_time","bit_offset":1024,"byte_offset":128}}' >wanted
    same wanted found
    kstruct 0 -d data offsets --format json
    same all.json out
}

# A word is answered as it is among everything.
test_json_of_words() {
    set_up
    kstruct 0 -d data offsets --format json -o all.json
    kstruct 0 -d data offsets --format json task.pid extra task.se.vruntime 'struct task.watchers' \
        task.pid
    check_schema out
    jq -c '[.structs | keys_unsorted, (.task.fields | keys_unsorted)]' out >found
    echo '[["task","extra"],["pid","se.vruntime","watchers"]]' >wanted
    same wanted found
    for path in .kernels .structs.task.answers .structs.task.fields.pid .structs.extra.answers \
        .structs.task.fields.watchers; do
        [ "$(jq -c "$path" out)" = "$(jq -c "$path" all.json)" ] || fail "$path is another"
    done
    jq -r '.structs.extra.answers[] | "\(.absent // .byte_size) \(.ranges)"' out >found
    printf '%s\n' 'no struct [[0,1],[3,3]]' '16 [[2,2]]' >wanted
    same wanted found
}

test_same_as_show() {
    set_up
    kstruct 0 -d data show task -k "${kernels[2]}"
    mv out shown
    kstruct 0 -d data offsets -k "${kernels[2]}" --format csv task.pid task.mm task.links task.kept
    sed 1d out | while IFS=, read -r _ _ field _ _ offset _ size _; do
        has shown "[ *]$field;.*/\* +$offset +$size \*/"
    done
}

test_csv() {
    set_up
    kstruct 0 -d data offsets --format csv task.start_boottime extra
    cat >wanted <<'END'
kernel,struct,field,struct_byte_size,bit_offset,byte_offset,bitfield_size,byte_size,type,absent,hint,hint_path,hint_bit_offset,value,kind,image
5.3.0-18-generic-amd64,task,start_boottime,168,"","","","","",no such field,renamed,real_start_time,1024,"",struct,vmlinux
5.4.0-26-generic-amd64,task,start_boottime,168,"","","","","",no such field,renamed,real_start_time,1024,"",struct,vmlinux
5.8.0-25-generic-amd64,task,start_boottime,168,1024,128,"",8,u64,"","","","","",struct,vmlinux
5.4.0-26-generic-arm64,task,start_boottime,168,"","","","","",no such field,renamed,real_start_time,1024,"",struct,vmlinux
5.3.0-18-generic-amd64,extra,"","","","","","","",not in vmlinux,"","","","",struct,""
5.4.0-26-generic-amd64,extra,"","","","","","","",not in vmlinux,"","","","",struct,""
5.8.0-25-generic-amd64,extra,"",16,"","","","","","","","","","",struct,vmlinux
5.4.0-26-generic-arm64,extra,"","","","","","","",not in vmlinux,"","","","",struct,""
END
    same wanted out
    kstruct 0 -d data offsets --format csv -o all.csv
    is_empty out
    has all.csv '^5.8.0-25-generic-amd64,task,start_boottime,168,1024,128,"",8,u64,'
    has all.csv '^5.8.0-25-generic-amd64,task,header.length,'
    is_gone all.csv.tmp*
}

test_some_kernels() {
    set_up
    kstruct 0 -d data offsets -k "${kernels[3]},${kernels[0]}" task.pid
    has out '^  all 2 kernels  +8 '
    kstruct 1 -d data offsets -k "${kernels[1]}" task.start_boottime
    has out "^  ${kernels[1]} +absent \(renamed\? real_start_time at 128\)$"
    has err '^kstruct: task.start_boottime: no such field; 1 other kernel of the data set has it$'
    kstruct 0 -d data offsets -k "${kernels[1]}" --format json
    check_schema out
    [ "$(jq -c '[.kernels[].name, (.structs | keys), (.structs.task.fields | has("start_boottime"))]' out)" = \
        '["5.4.0-26-generic-amd64",["entity","links","mm","task","typedef lock_t","union kept"],false]' ] ||
        fail "there is something of other kernels"
}

# What is wrong with one word does not keep the others from being answered.
# A struct with a name in one kernel, and with a typedef's in another: user_pt_regs is such.
test_another_kind_in_another_kernel() {
    local -a kernels=(5.4.0-26-generic-amd64 5.8.0-25-generic-amd64)
    echo 'struct regs { long first, second; } regs;' >one.c
    echo 'typedef struct { int flags; long first, second; } regs; regs other; struct more { int a; } more;' >two.c
    make_vmlinux one.c 5.4.0-26-generic one.elf gcc
    make_vmlinux two.c 5.8.0-25-generic two.elf gcc
    kstruct 0 -d data analyze one.elf
    kstruct 0 -d data analyze two.elf
    kstruct 0 -d data offsets regs.second regs
    has out "^  ${kernels[0]} +8 "
    has out "^  ${kernels[1]} +16 "
    has out "^  ${kernels[1]} +24$"
    kstruct 0 -d data offsets -k "${kernels[1]}" regs.second
    has out "^  ${kernels[1]} +16 "
    kstruct 0 -d data offsets struct regs.second
    has out "^  ${kernels[1]} +not in vmlinux$"
}

test_what_is_not_there() {
    set_up
    kstruct 1 -d data offsets task.pdi tsak.pid task.pid task.se.vruntmie task.mm.pgd \
        task.others.load task.flags.x task.load task.lock.rwa 'task.comm[16]' elsewhere
    cat >wanted <<'END'
kstruct: task.pdi: no such field in any kernel; did you mean `pid`?
kstruct: task.se.vruntmie: no such field in struct entity in any kernel; did you mean `vruntime`?
kstruct: task.mm.pgd: `mm` is a pointer, which is not followed; ask for mm.pgd
kstruct: task.others.load: `others` is an array; say which element, as in others[0]
kstruct: task.flags.x: `flags` has no members in any kernel
kstruct: task.load: no such field in any kernel; did you mean `se.load`?
kstruct: task.lock.rwa: no such field in lock_t in any kernel; did you mean `raw`?
kstruct: task.comm[16]: `comm` has only 16 elements
kstruct: tsak: no such struct in any kernel, as far as it was read; did you mean `task`?
kstruct: elsewhere: no such struct in any kernel, as far as it was read
END
    same wanted err
    has out '^task.pid$'
    [ "$(grep -c '^[a-z]' out)" -eq 1 ] || fail "there is more than one block"
    kstruct 1 -d data offsets task.pdi --format json
    check_schema out
    # Where nothing else is asked for, too.
    kstruct 1 -d data offsets tsak.pid
    has err '^kstruct: tsak: .*; did you mean .task.\?$'
}

test_usage() {
    set_up
    refused 2 'all structs and fields are told with --format json' -- -d data offsets
    refused 2 'there is no format .xml.' -- -d data offsets --format xml task
    refused 2 'task->mm: .->. is not followed' -- -d data offsets 'task->mm'
    refused 2 'task\.: a name is missing' -- -d data offsets task.
    refused 2 'written NAME\[N\]' -- -d data offsets 'task.comm[x]'
    refused 1 '5.4.0-62-generic-amd64: .*did you mean .5.4.0-26-generic-amd64.' -- \
        -d data offsets task -k 5.4.0-62-generic-amd64
    refused 1 'nowhere' -- -d nowhere offsets task
    kstruct 0 -d data offsets struct task
    has out '^task$'
    kstruct 1 -d data offsets task -o no/such/directory/file
}

# Where nothing tells places, none is told.
test_imported_kernels() {
    set_up
    import_kernels
    kstruct 0 -d data offsets mm mm.pgd
    cat >wanted <<'END'
mm
  kernels                                              size
  4.4.0-21-generic-amd64                                  ?
  4.15.0-20-generic-amd64                                16
  5.3.0-18-generic-amd64 … 5.8.0-25-generic-amd64 (3)     8
  5.4.0-26-generic-arm64                                  8

mm.pgd
  kernels                                              offset  hex  size  type
  4.4.0-21-generic-amd64                                    ?    ?     ?  u64
  4.15.0-20-generic-amd64                                   8  0x8     ?  u64
  5.3.0-18-generic-amd64 … 5.8.0-25-generic-amd64 (3)       0  0x0     8  u64
  5.4.0-26-generic-arm64                                    0  0x0     8  u64
END
    same wanted out
    kstruct 0 -d data offsets --format json -o all.json
    check_schema all.json
    check_answers data/kstruct.db all.json
}

test_no_control_character_reaches_a_terminal() {
    mkdir types_struct
    cat >types_struct/4.15.0-20-generic-amd64.jsonl <<'END'
{"kind": "STRUCT", "name": "odd", "size": 8, "members": [{"name": "x", "bits_offset": 0, "type": {"kind": "TYPEDEF", "name": "a\u001b[31mb\u009b"}}, {"name": "y\u001b]0;z\u0007", "bits_offset": 32, "type": {"kind": "INT", "name": "int"}}]}
END
    kstruct 0 -q -d data import .
    kstruct 0 -d data offsets odd.x $'odd.y\e]0;z\a'
    kstruct 1 -d data offsets $'odd.y\e]0;z' $'o\edd'
    cat err >>out
    if LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' out; then
        fail "there is a control character"
    fi
    kstruct 0 -d data offsets --format json
    check_schema out
}

test_published_data_set() {
    set_up_published
    kstruct 0 -d data offsets --format json -o all.json
    [ "$(jq '[.kernels, .structs] | map(length) | join(" ")' all.json)" = '"25 15509"' ] ||
        fail "there are not 25 kernels and 15509 structs"
    kstruct 0 -d data offsets task_struct.start_boottime
    has out '^  4.4.0-21-generic-amd64 … 5.4.0-26-generic-amd64 \(9\) +absent \(renamed\? real_start_time\)$'
    has out '^  5.4.0-26-generic-armhf +absent \(renamed\? real_start_time\)$'
}
