# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2016 # back quotes are the program's own
#
# In which kernels a program runs: BPF objects, lists of fields, tables.

old=5.4.0-26-generic-amd64
new=5.5.0-1-generic-amd64

# Two kernels: in the later one, state is called __state, comm and flag have moved, and GREEN is 6.
write_kernels() {
    cat >old.c <<'C'
enum color { RED, GREEN = 5 };
typedef struct { int counter; } atomic_t;
struct inner { int x; int pid; };
struct task {
    long state;
    struct inner in;
    char comm[16];
    struct { int a; union { int u; long v; }; };
    int cpus[4];
    unsigned flag : 3, wide : 17;
    enum color color;
    atomic_t uses;
    unsigned narrow;
} task;
C
    sed 's/long state;/long __state; long filler;/; s/GREEN = 5/GREEN = 6/; s/unsigned narrow/unsigned long narrow/;
        s/unsigned flag : 3, wide : 17/unsigned wide : 17, flag : 3/; s/int x; int pid/int pid; int x/' old.c >new.c
    make_vmlinux old.c 5.4.0-26-generic old.elf gcc
    make_vmlinux new.c 5.5.0-1-generic new.elf gcc
    kstruct 0 -d data analyze old.elf
    kstruct 0 -d data analyze new.elf
}

# NAME.o from the program on standard input, which has the types as the older kernel has them.
compile() { # NAME
    {
        echo '#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)'
        sed 's/ task;$/;/; s/^} task;/};/' old.c
        echo 'struct task___new { long __state; };'
        echo 'struct gone { int x; };'
        echo '#pragma clang attribute pop'
        echo '#define SECTION(name) __attribute__((section(name), used))'
        cat
    } >"$1.bpf.c"
    clang -target bpf -g -O2 -c -o "$1.o" "$1.bpf.c"
}

# The result of the relocations of that kind, about that path, in a kernel: each once.
result() { # KIND PATH KERNEL FILTER
    jq -c "[.objects[0].relocations[] | select(.kind == \"$1\" and .path == \"$2\") |
        .kernels[] | select(.kernel == \"$3\") | $4] | unique" out
}

equals() { # FOUND WANTED
    [ "$1" = "$2" ] || fail "$1 instead of $2"
}

test_relocations_of_each_kind() {
    write_kernels
    compile probe <<'C'
SECTION("kprobe/f") long f(struct task *t)
{
    return t->in.pid + t->comm[3] + t->v + t->cpus[2] + t->uses.counter +
           __builtin_preserve_field_info(t->flag, 0) + __builtin_preserve_field_info(t->flag, 1) * 3 +
           __builtin_preserve_field_info(t->flag, 4) + __builtin_preserve_field_info(t->flag, 5) * 5 +
           __builtin_preserve_field_info(t->in.pid, 3) +
           __builtin_preserve_enum_value(*(enum color *)GREEN, 1) +
           __builtin_preserve_enum_value(*(enum color *)RED, 0) +
           __builtin_preserve_type_info(*(struct gone *)0, 0) +
           __builtin_preserve_type_info(*(struct task *)0, 1);
}
C
    kstruct 0 -d data check --format json probe.o
    validate check out
    equals "$(result byte_off in.pid $old '[.result, .byte_offset]')" '[["match",12]]'
    equals "$(result byte_off in.pid $new '[.result, .byte_offset]')" '[["match",16]]'
    equals "$(result byte_off 'comm[3]' $new .byte_offset)" '[27]'
    equals "$(result byte_off v $old .byte_offset)" '[40]'
    equals "$(result byte_off 'cpus[2]' $old .byte_offset)" '[56]'
    equals "$(result byte_off uses.counter $old .byte_offset)" '[72]'
    equals "$(result byte_off flag $new '[.bit_offset, .value]')" '[[593,72]]'
    equals "$(result byte_sz flag $new .value)" '[4]'
    equals "$(result lshift_u64 flag $old .value)" '[61]'
    equals "$(result lshift_u64 flag $new .value)" '[44]'
    equals "$(result rshift_u64 flag $new .value)" '[61]'
    equals "$(result signed in.pid $new .value)" '[1]'
    equals "$(result enumval_value GREEN $old .value)" '[5]'
    equals "$(result enumval_value GREEN $new .value)" '[6]'
    equals "$(result enumval_exists RED $new '[.result, .value]')" '[["match",1]]'
    equals "$(result type_exists '' $new '[.result, .value]')" '[["none",0]]'
    equals "$(result type_size '' $old .value)" '[80]'
    equals "$(jq -c '[.objects[0].relocations[] | [.section, .type, .local_byte_offset] |
        select(.[2] == 12)] | unique' out)" '[["kprobe/f","struct task",12]]'
    kstruct 0 -d data check probe.o
    has out '^probe.o: fits 2 of 2 kernels; [0-9]+ relocations$'
}

# What is missing does harm only where it is reached.
test_guarded_and_not() {
    write_kernels
    compile guarded <<'C'
SECTION("kprobe/guarded") long f(struct task *t)
{
    struct task___new *other = (void *)t;
    if (__builtin_preserve_field_info(t->state, 2))
        return t->state;
    return other->__state;
}
C
    compile bare <<'C'
SECTION("kprobe/first") long g(struct task *t) { return t->in.x; }
SECTION("kprobe/bare") long f(struct task *t)
{
    return t->state;
}
C
    kstruct 0 -d data check guarded.o
    has out "^  $old +fits; 1 guarded$"
    has out "^  $new +fits; 1 guarded$"
    kstruct 0 -d data check --all -k "$new" guarded.o
    has out '^    \(guarded\) kprobe/guarded, f\(\), .*guarded.bpf.c:[0-9]+: struct task.state: the type has no such field'
    kstruct 1 -d data check guarded.o bare.o
    has out '^guarded.o: fits 2 of 2 kernels'
    has out '^bare.o: fits 1 of 2 kernels'
    has out "^  $old +fits$"
    has out "^  $new +does not fit: 1 place$"
    has out '^    kprobe/bare, f\(\), .*bare.bpf.c:[0-9]+: struct task.state: the type has no such field; renamed\? __state$'
    kstruct 1 -d data check --format json bare.o
    equals "$(result byte_off state $new '[.result, .byte_offset, .fails, .is_guarded]')" '[["none",null,true,false]]'
    equals "$(result byte_off in.x $new '[.result, .fails]')" '[["match",false]]'
    equals "$(jq -c '.objects[0].kernels' out)" \
        "[{\"kernel\":\"$old\",\"fits\":true},{\"kernel\":\"$new\",\"fits\":false}]"
}

# An instruction that loads 4 bytes cannot load 8 of something with a sign; an unsigned one can.
test_a_field_of_another_size() {
    write_kernels
    sed -i 's/int x;/long x;/' new.c
    make_vmlinux new.c 5.5.0-1-generic new.elf gcc
    kstruct 0 -d data analyze new.elf
    compile sizes <<'C'
SECTION("kprobe/signed") long f(struct task *t) { return t->in.x; }
SECTION("kprobe/unsigned") long g(struct task *t) { return t->narrow; }
C
    kstruct 1 -d data check sizes.o
    has out '^    kprobe/signed, f\(\), .*: struct task.in.x: it has another size'
    lacks out 'kprobe/unsigned'
}

# A kernel may have several types of one name.
test_ambiguity() {
    write_kernels
    cat >other.c <<'C'
struct task { char comm[16]; long state; } other_task;
C
    gcc -g -ffreestanding -c -o a.o -x c old.c
    gcc -g -ffreestanding -c -o b.o other.c
    make_vmlinux old.c 5.6.0-1-generic first.elf gcc
    gcc -g -nostdlib -static -Wl,-e,0 -o both.elf a.o b.o
    kstruct 0 -d data analyze -k 5.6.0-1-generic-amd64 both.elf
    compile ambiguous <<'C'
SECTION("kprobe/f") long f(struct task *t) { return t->state; }
SECTION("kprobe/g") long g(struct task *t) { return t->in.pid; }
C
    kstruct 1 -d data check -k 5.6.0-1-generic-amd64 --format json ambiguous.o
    equals "$(result byte_off state 5.6.0-1-generic-amd64 '[.result, .fails]')" '[["ambiguous",true]]'
    # What only one of them has is that one's.
    equals "$(result byte_off in.pid 5.6.0-1-generic-amd64 '[.result, .byte_offset]')" '[["match",12]]'
}

# Types of modules count where vmlinux has none of that name.
test_types_of_modules() {
    write_kernels
    top=usr/lib/debug/lib/modules/5.7.0-1-generic/kernel
    mkdir -p package.root/usr/lib/debug/boot package.root/$top
    make_vmlinux old.c 5.7.0-1-generic package.root/usr/lib/debug/boot/vmlinux-5.7.0-1-generic gcc
    echo 'struct gone { long first; int x; } gone; struct task { int only_here; } own;' >module.c
    gcc -g -ffreestanding -c -o package.root/$top/one.ko module.c
    pack_deb package.root xz package.ddeb
    kstruct 0 -d data analyze package.ddeb
    compile modules <<'C'
SECTION("kprobe/f") int f(struct gone *g, struct task *t) { return g->x + t->in.pid; }
C
    kstruct 1 -d data check --format json modules.o
    equals "$(result byte_off x 5.7.0-1-generic-amd64 '[.result, .byte_offset]')" '[["match",8]]'
    equals "$(result byte_off in.pid 5.7.0-1-generic-amd64 '[.result, .byte_offset]')" '[["match",12]]'
    equals "$(result byte_off x $old .result)" '["none"]'
    kstruct 1 -d data check --image vmlinux -k 5.7.0-1-generic-amd64 --format json modules.o
    equals "$(result byte_off x 5.7.0-1-generic-amd64 .result)" '["none"]'
}

test_lists_of_fields() {
    write_kernels
    cat >agent.list <<'L'
# what the agent reads
task.comm size=16 type=char[16]
task.in.pid offset=0xc
struct task                      # that it is there
task.state?
enum color.GREEN value=5
L
    kstruct 1 -d data check agent.list
    has out '^agent.list: fits 1 of 2 kernels; 5 fields$'
    has out "^  $old +fits$"
    has out '^    line 3: task.in.pid: offset 16, not 12$'
    has out '^    line 6: enum color.GREEN: value 6, not 5$'
    lacks out 'state'
    kstruct 1 -d data check --format json agent.list
    validate check out
    equals "$(jq -c '.lists[0].fields[] | select(.field == "task.in.pid") | .kernels[1] |
        [.result, .byte_offset, .line]' out)" '["differs",16,3]'
    echo 'task.state' >wanted.list
    kstruct 1 -d data check wanted.list
    has out '^    line 1: task.state: no such field; renamed\? __state$'
}

# Nothing of it is unknown: it is not there, or has no such thing.
test_what_cannot_be_so() {
    write_kernels
    cat >wrong.list <<'L'
task.comm[16] type=char
task.narrow[0]
task offset=5
enum color.GREEN size=4 offset=8
task.wide offset=0:4
task.cpus.x
typedef atomic_t type=int
L
    kstruct 1 -d data check -k "$old" wrong.list
    has out '^    line 1: task.comm\[16\]: `comm` has only 16 elements$'
    has out '^    line 2: task.narrow\[0\]: `narrow` is no array$'
    has out '^    line 3: task: offset none, not 5$'
    has out '^    line 4: enum color.GREEN: offset none, not 8; size none, not 4$'
    has out '^    line 5: task.wide: offset [0-9]+:3, not 0:4$'
    has out '^    line 6: task.cpus.x: `cpus` is an array; say which element'
    has out '^    line 7: typedef atomic_t: type struct \(anon\), not int$'
    kstruct 1 -d data check -k "$old" --format json wrong.list
    [ "$(jq -c '[.lists[0].fields[].kernels[].result]' out)" = \
        '["none","none","differs","differs","differs","none","differs"]' ] || fail "$(cat out)"
}

test_numbers_of_lists() {
    write_kernels
    echo 'enum color.GREEN value=0x5' >value.list
    kstruct 0 -d data check -k "$old" value.list
    local line
    for line in 'enum color.GREEN value=five' 'enum color.GREEN value=0x10000000000000000' 'task.comm size=16 size=17' \
        'enum color.GREEN value=5 value=6' 'task.comm offset=0 offset=16'; do
        echo "$line" >wrong.list
        kstruct 2 -d data check -k "$old" wrong.list
        has err '^kstruct: wrong.list: line 1: (the number cannot be read|a condition is there twice)'
    done
}

# What is expected of a kernel whose import does not tell it is not known, and not right.
test_what_an_import_does_not_tell() {
    mkdir types_struct
    echo '{"kind": "STRUCT", "name": "mm", "size": 0, "members": [{"name": "lock", "bits_offset": 0, "type":' \
        '{"kind": "INT", "name": "long int"}}]}' >types_struct/4.4.0-21-generic-amd64.jsonl
    kstruct 0 -q -d data import .
    printf '%s\n' 'mm.lock offset=99' 'mm.lock' 'mm size=4' >wanted.list
    kstruct 0 -d data check --all wanted.list
    has out '^  4.4.0-21-generic-amd64  fits; 2 not known$'
    has out '\(not known\) line 1: mm.lock: its offset or size is not known: the kernel was imported$'
    kstruct 0 -d data check --format json wanted.list
    equals "$(jq -c '[.lists[0].fields[].kernels[].result]' out)" '["unknown","unknown"]'
    # What is known and wrong counts, whatever else is not known.
    printf '%s\n' 'mm.lock offset=0' 'mm.lock type=int' >wanted.list
    kstruct 1 -d data check wanted.list
    has out 'line 2: mm.lock: type long int, not int$'
    tac wanted.list >other.list
    kstruct 1 -d data check other.list
    # In a table one row of another kernel is enough.
    printf '%s\n' kernel,struct,field,byte_offset,type x-1,mm,lock,5,'long int' x-2,mm,lock,7,int >table.csv
    kstruct 0 -d data check --all table.csv
    has out 'fits; 1 not known$'
    printf '%s\n' kernel,struct,field,byte_offset,type x-2,mm,lock,7,int x-1,mm,lock,5,'long int' >table.csv
    kstruct 0 -d data check --all table.csv
    has out 'fits; 1 not known$'
    echo mm.lock >wanted.list
    kstruct 0 -d data check --format json wanted.list
    equals "$(jq -c '[.lists[0].fields[].kernels[].result]' out)" '["match"]'
}

# A table of what was right so far, against a new kernel.
test_tables() {
    write_kernels
    kstruct 0 -d data offsets -k "$old" --format csv task.comm task.in.pid task enum color.RED -o known.csv
    kstruct 1 -d data check known.csv
    has out "^  $old +fits$"
    has out "^    line 4: task.in.pid: offset 16, not 12$"
    has out '^    line 3: task.comm: offset 24, not 16$'
    # The values of each kernel itself are right.
    kstruct 0 -d data offsets --format csv task.comm task.in.pid task enum color.GREEN -o all.csv
    kstruct 0 -d data check all.csv
}

test_bad_files_are_named() {
    write_kernels
    compile good <<'C'
SECTION("kprobe/f") long f(struct task *t) { return t->in.pid; }
C
    head -c 700 good.o >cut.o
    echo 'task.comm size=many' >bad.list
    printf 'kernel,struct\n"x' >bad.csv
    gcc -c -o host.o old.c
    sed 's/-g//' /dev/null >empty.list
    clang -target bpf -O2 -c -o nobtf.o good.bpf.c
    kstruct 2 -d data check good.o cut.o bad.list bad.csv host.o nobtf.o missing.o
    has out '^good.o: fits 2 of 2 kernels'
    has err '^kstruct: cut.o: '
    has err '^kstruct: bad.list: line 1: the number cannot be read$'
    has err '^kstruct: bad.csv: line 2 has a quote without an end$'
    has err '^kstruct: host.o: it is no BPF object'
    has err '^kstruct: nobtf.o: it has no section .BTF; compile it with `clang -g`$'
    has err '^kstruct: missing.o: '
    kstruct 0 -d data check empty.list
    refused 2 'name the program' -- -d data check
    refused 2 '--format is text or json' -- -d data check --format xml good.o
    refused 2 'no such kernel' -- -d data check -k 9.9.9-1-generic-amd64 good.o
}

# libbpf loads such a program only if it is told to.
test_a_program_that_is_not_loaded_by_itself() {
    write_kernels
    compile wanted <<'C'
SECTION("kprobe/f") long f(struct gone *t) { return t->x; }
C
    compile optional <<'C'
SECTION("?kprobe/f") long f(struct gone *t) { return t->x; }
C
    kstruct 1 -d data check wanted.o
    kstruct 0 -d data check optional.o
    has out "^  $old +fits; 1 guarded$"
}

# Only an access of the program's own size is made one of the kernel's.
test_a_part_of_a_field_of_another_size() {
    write_kernels
    compile part <<'C'
SECTION("kprobe/f") long f(struct task *t) { return *(volatile unsigned char *)&t->narrow; }
C
    kstruct 1 -d data check part.o
    has out "^  $old +fits$"
    has out 'struct task.narrow: it has another size, and the instruction is not made for'
}

# As a spreadsheet leaves it.
test_a_table_with_a_byte_order_mark() {
    write_kernels
    kstruct 0 -d data offsets --format csv task.in.pid -o known.csv
    { printf '\xef\xbb\xbf' && sed 's/,16,2,/,8,1,/; s/,128,16,/,8,1,/' known.csv; } >marked.csv
    kstruct 1 -d data check marked.csv
    has out "^  $old +fits$"
    has out ': offset 16, not 1$'
    printf 'task.comm\ttype=char[16]\n' >tab.list
    kstruct 0 -d data check tab.list
}

# Such a file is small, and asks for memory without end.
test_a_section_named_again_and_again() {
    write_kernels
    compile good <<'C'
SECTION("kprobe/f") long f(struct task *t) { return t->in.pid; }
C
    python3 - good.o evil.o <<'P'
import struct, sys
elf = bytearray(open(sys.argv[1], "rb").read())
table, = struct.unpack_from("<Q", elf, 40)
size, count, names = struct.unpack_from("<HHH", elf, 58)
headers = [table + i * size for i in range(count)]
place = lambda header: struct.unpack_from("<QQ", elf, header + 24)
text = place(headers[names])[0]
name = lambda header: bytes(elf[text + struct.unpack_from("<I", elf, header)[0]:]).split(b"\0")[0]
found, = [header for header in headers if name(header) == b".BTF.ext"]
start, length = place(found)
extension = elf[start:start + length]
first = struct.unpack_from("<I", extension, 4)[0] + struct.unpack_from("<I", extension, 24)[0] + 4
records = extension[first:]
struct.pack_into("<I", extension, 28, 4 + 2000 * len(records))
extension = extension[:first] + 2000 * records
struct.pack_into("<QQ", elf, found + 24, len(elf), len(extension))
open(sys.argv[2], "wb").write(elf + extension)
P
    kstruct 2 -d data check evil.o good.o
    has err '^kstruct: evil.o: its sections have more instructions than the file$'
    has out '^good.o: fits 2 of 2 kernels'
}

# What takes it over by a bug in a parser gets nowhere.
test_a_program_has_no_way_out() {
    without_address_sanitizer
    [ -e /proc/sys/kernel/seccomp ] || skip "this kernel has no seccomp"
    build_parser_bug
    write_kernels
    compile good <<'C'
SECTION("kprobe/f") long f(struct task *t) { return t->in.pid; }
C
    { cat good.o && echo 'parser bug: escape'; } >evil.o
    LD_PRELOAD=$BUG kstruct 21 -d data check evil.o
}
