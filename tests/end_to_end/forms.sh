# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2016 # back quotes are the program's own
#
# A kernel in the forms of other tools, and out of them: BTF, a C header, Volatility's symbol file.

kernel=5.4.0-26-generic-amd64

write_source() {
    cat >kernel.c <<'C'
typedef unsigned int u32;
typedef struct { int counter; } atomic_t;
typedef enum { LOW, HIGH = 9 } level_t;
enum big { BIG = 1ULL << 40, SMALL = 1 };
enum color { RED = -1, GREEN };
enum mixed { NEGATIVE = -1, LARGE = 0xffffffffu };
union either { long number; char bytes[8]; };
struct inner { u32 a : 3, b : 29; const char *text; };
struct outer {
    struct inner first, table[2][3];
    union { long number; struct { char low, high; }; };
    struct { int x; struct declared *far; } *named[4];
    int (*call)(const struct inner *, unsigned long, ...);
    enum { UP, DOWN } direction;
    _Bool flag : 1;
    atomic_t uses;
    level_t level;
    enum color color;
    enum big big;
    union either either;
    volatile u32 open[];
};
struct outer one;
enum mixed two;
C
}

read_kernel() {
    write_source
    make_vmlinux kernel.c 5.4.0-26-generic vmlinux gcc
    kstruct 0 -d data analyze vmlinux
}

# What is exported as BTF and read again is the kernel that it was, but for what BTF cannot say.
test_btf_there_and_back() {
    read_kernel
    kstruct 0 -d data export -k "$kernel" --format btf -o kernel.btf
    kstruct 0 -d data analyze -k 5.4.1-1-btf-amd64 kernel.btf
    kstruct 1 -d data diff "$kernel" 5.4.1-1-btf-amd64
    has out '^structs: 0 added, 0 removed, 1 changed$'
    # Dimensions are multiplied in BTF.
    has out 'struct inner table\[6\].* type changed; was struct inner table\[2\]\[3\]$'
    equals_lines 1 'type changed'
    # 32 bits hold each of its values, but not both.
    kstruct 0 -d data offsets enum mixed.LARGE -k 5.4.1-1-btf-amd64
    has out ' 4294967295$'
    kstruct 0 -d data show outer -k 5.4.1-1-btf-amd64
    has out '^    /\* bit 0 of 32 |^    _Bool flag : 1;|_Bool flag:1|flag'
    kstruct 0 -d data status
    has out '^5.4.1-1-btf-amd64 .*, read .*, by its BTF$'
    lacks out "^$kernel .*BTF"
    kstruct 0 -d data status --json
    [ "$(jq -r '.kernels[] | select(.name == "5.4.1-1-btf-amd64").analyzed.dwarf_versions' out)" = BTF ] ||
        fail "status.json does not say that it is of BTF"
    printf '%s file=x\n5.4.1-1-btf-amd64 file=x\n' "$kernel" >kernels.list
    kstruct 0 -l kernels.list -d data report -o report
    has report/Coverage.md '\| BTF \|'
}

equals_lines() { # COUNT EXPRESSION
    [ "$(grep -Ec "$2" out)" = "$1" ] || fail "$(grep -Ec "$2" out) lines with $2 instead of $1"
}

# The same bytes packed as BTFHub packs them, inside a vmlinux without DWARF, and by the list.
test_btf_from_everywhere() {
    read_kernel
    kstruct 0 -d data export -k "$kernel" --format btf -o kernel.btf
    tar -cJf 5.4.0-26-generic.btf.tar.xz kernel.btf
    objcopy --add-section .BTF=kernel.btf vmlinux both.elf
    objcopy --strip-debug both.elf only-btf.elf
    kstruct 0 -d data analyze -k 5.4.1-1-plain-amd64 kernel.btf
    kstruct 0 -d data analyze -k 5.4.1-1-packed-amd64 5.4.0-26-generic.btf.tar.xz
    kstruct 0 -d data analyze -k 5.4.1-1-elf-amd64 only-btf.elf
    kstruct 0 -d data diff 5.4.1-1-plain-amd64 5.4.1-1-packed-amd64
    kstruct 0 -d data diff 5.4.1-1-plain-amd64 5.4.1-1-elf-amd64
    refused 2 'does not say which kernel it is; name it with -k' -- -d data analyze kernel.btf
    # A vmlinux with both is read by its DWARF, and one with BTF says which kernel it is.
    kstruct 0 -d both analyze both.elf
    kstruct 0 -d both show outer
    has out 'kernel.c:'
    kstruct 0 -d other analyze only-btf.elf
    kstruct 0 -d other status
    has out "^$kernel "
    printf '5.4.2-1-generic-amd64 file=kernel.btf\n5.4.3-1-generic-amd64 file=5.4.0-26-generic.btf.tar.xz\n' >kernels.list
    kstruct 0 -l kernels.list -d listed run
    kstruct 0 -d listed diff 5.4.2-1-generic-amd64 5.4.3-1-generic-amd64
    has listed/report/Coverage.md '`5.4.2-1-generic-amd64` .*\| BTF \|'
    tar -cJf empty.tar.xz vmlinux
    refused 1 'no file in it whose name ends in .btf' -- -d data analyze -k "$kernel" empty.tar.xz
}

# A module's BTF is on top of its kernel's.
test_split_btf() {
    local top=usr/lib/debug/lib/modules/5.4.0-26-generic/kernel
    write_source
    mkdir -p package.root/usr/lib/debug/boot package.root/$top
    make_vmlinux kernel.c 5.4.0-26-generic package.root/usr/lib/debug/boot/vmlinux-5.4.0-26-generic gcc
    cat >module.c <<'C'
struct inner { unsigned a : 3, b : 29; const char *text; };
struct own { struct inner base; long number; struct own *next; } own;
C
    gcc -g -ffreestanding -c -o package.root/$top/my-module.ko module.c
    pack_deb package.root xz package.ddeb
    kstruct 0 -d data analyze package.ddeb
    kstruct 0 -d data export -k "$kernel" --format btf -o kernel.btf
    kstruct 0 -d data export -k "$kernel" --image my_module --format btf -o my_module.btf
    kstruct 0 -d again analyze -k "$kernel" --base kernel.btf my_module.btf
    has err '; 1 module$'
    kstruct 0 -d again show own
    has out '^/\* .*, module my_module \*/$'
    has out '^    struct inner base; '
    has out '^    long int number; '
    [ "$(stat -c %s my_module.btf)" -lt "$(stat -c %s kernel.btf)" ] || fail "it is not split"
    kstruct 0 -d data export -k "$kernel" --image my_module --format header -o my_module.h
    has my_module.h '^struct own {$'
    has my_module.h '^struct outer {$'
    kstruct 1 -d again analyze -k "$kernel" --base my_module.btf kernel.btf
    # Another module would take the first one's place.
    cp my_module.btf other.btf
    refused 2 'has the module my_module already' -- -d again analyze -k "$kernel" --base kernel.btf other.btf
    kstruct 0 -d again show own
    kstruct 0 -q -d again analyze -k "$kernel" --base kernel.btf my_module.btf
    refused 2 'of one image' -- -d data export -k "$kernel" --image all --format btf
}

# A header that compilers take, in which all is where the kernel has it.
test_header_compiles() {
    read_kernel
    kstruct 0 -d data export -k "$kernel" --format header -o vmlinux.h
    cat >uses.c <<'C'
#include "vmlinux.h"
#define AT(type, field, offset) _Static_assert(__builtin_offsetof(type, field) == (offset), #field)
AT(struct outer, first, 0);
AT(struct outer, table[1], 32);
AT(struct outer, high, 113);
AT(struct outer, named[3], 144);
AT(struct outer, uses.counter, 168);
AT(struct outer, open, 200);
_Static_assert(sizeof(struct outer) == 200, "outer");
_Static_assert(GREEN == 0 && RED == -1 && HIGH == 9 && BIG == 1ULL << 40, "enumerators");
long f(struct outer *outer) { return outer->first.b + outer->call(&outer->first, 1, 2); }
C
    gcc -Wno-attributes -c -o uses.o uses.c
    need clang
    clang -target bpf -g -O2 -c -o bpf.o uses.c
}

# Of an import nobody knows where members are: forms without a word for that are refused.
test_import_without_offsets() {
    local format
    mkdir types_struct
    echo '{"kind": "STRUCT", "name": "mm", "size": 0, "members": [{"name": "lock", "bits_offset": 0, "type":' \
        '{"kind": "INT", "name": "long int"}}]}' >types_struct/5.4.0-26-generic-amd64.jsonl
    kstruct 0 -q -d data import .
    for format in btf header isf; do
        refused 1 "^kstruct: $kernel: was imported without offsets \(mm has none\).* $format " -- \
            -d data export -k "$kernel" --format "$format" -o "kernel.$format"
        is_gone "kernel.$format"
    done
    kstruct 0 -d data export -k "$kernel" -o -
    is_gone -
    mv out wanted
    # A link stays, whether what it leads to is there already or not.
    mkdir place
    ln -s place/second link
    ln -s third place/second
    for format in new old; do
        kstruct 0 -d data export -k "$kernel" -o link
        [ -L link ] || fail "a link was replaced"
        [ -L place/second ] || fail "the second link was replaced"
        same wanted place/third
    done
    ln -s loop loop
    refused 1 'loop: cannot follow the link' -- -d data export -k "$kernel" -o loop
    # A struct that has only an empty array looks as if its offsets were unknown.
    sed -i 's/"size": 0/"size": 8/' types_struct/*.jsonl
    echo '{"kind": "STRUCT", "name": "empty", "size": 0, "members": [{"name": "rest", "bits_offset": 0, "type":' \
        '{"kind": "ARRAY", "name": "(anon)", "nr_elems": 0, "type": {"kind": "INT", "name": "long int"}}}]}' >>types_struct/5.4.0-26-generic-amd64.jsonl
    kstruct 0 -q -d full import .
    kstruct 0 -d full export -k "$kernel" --format isf -o kernel.isf
    [ "$(jq .user_types.mm.size kernel.isf)" = 8 ] || fail "mm has another size"
    # What cannot be printed is no success.
    for format in "show mm" "export -k $kernel" status; do
        # shellcheck disable=SC2086 # words
        ! "$KSTRUCT" -q -d data $format >&- 2>err || fail "$format: lost without a word"
        has err 'standard output: cannot '
    done
}

test_symbol_file() {
    write_source
    echo 'const char linux_banner[] = "Linux version 5.4.0-26-generic (the banner)";' >>kernel.c
    make_vmlinux kernel.c 5.4.0-26-generic vmlinux gcc
    kstruct 0 -d data analyze vmlinux
    kstruct 0 -d data export -k "$kernel" --format isf --vmlinux vmlinux -o isf.json
    [ "$(jq -c '.user_types.outer.fields | [.first.offset, .table.type.count, .flag.type.bit_length,
        .uses.offset, .call.type.subtype.kind]' isf.json)" = '[0,2,1,168,"function"]' ] ||
        fail "outer is another one: $(jq -c .user_types.outer isf.json)"
    [ "$(jq -c '.user_types.atomic_t.size, .enums.color.constants.RED, .enums.level_t.constants.HIGH,
        .base_types.pointer.size, .user_types.declared.size' isf.json | paste -s -d ' ')" = '4 -1 9 8 0' ] || fail "wrong types"
    [ "$(jq -r '.symbols.linux_banner.constant_data' isf.json | base64 -d)" = \
        'Linux version 5.4.0-26-generic (the banner)' ] || fail "another banner"
    [ "$(printf '%016x' "$(jq '.symbols.one.address' isf.json)")" = "$(nm vmlinux | sed -n 's/ . one$//p')" ] ||
        fail "one is elsewhere"
    local schema=$E2E_DIRECTORY/../../../shared/published/isf-schema-6.2.0.json
    refused 2 'for isf' -- -d data export -k "$kernel" --format btf --vmlinux vmlinux
    objcopy --strip-all vmlinux stripped.elf
    refused 1 'no symbol table' -- -d data export -k "$kernel" --format isf --vmlinux stripped.elf
    [ -e "$schema" ] || skip "there is no schema of Volatility's here"
    python3 -c 'import json, sys, jsonschema
jsonschema.Draft4Validator(json.load(open(sys.argv[1]))).validate(json.load(open("isf.json")))' "$schema"
}

# The kernel of this machine, as far as a file says that it is.
test_running() {
    read_kernel
    mkdir -p system/btf
    kstruct 0 -d data export -k "$kernel" --format btf -o system/btf/vmlinux
    printf '[kstruct]\nsystem_dir = system\n' >system.ini
    kstruct 0 -c system.ini -d data offsets -k running outer.uses
    has err 'the data set does not have it$'
    has out '^  .*-running-[a-z0-9]+ +168 '
    kstruct 0 -c system.ini -d none show outer -k running
    # By its build-id it is known.
    gcc -g -ffreestanding -nostdlib -static -Wl,--build-id=0x1234abcd -Wl,-e,0 -o known.elf kernel.c
    kstruct 0 -d data analyze -k "$kernel" known.elf
    objcopy -O binary --only-section=.note.gnu.build-id known.elf system/notes
    kstruct 1 -c system.ini -d data diff running
    has err "the data set has it as $kernel, by its build-id$"
    has out "^--- $kernel"
    kstruct 0 -d data status
    lacks out running
    rm system/btf/vmlinux
    refused 1 'offers no BTF' -- -c system.ini -d data show outer -k running
}

test_find() {
    read_kernel
    sed 's/atomic_t uses/long uses/; s/LOW, HIGH/LOW, MIDDLE, HIGH/' kernel.c >next.c
    echo 'typedef struct inner inner_t; typedef inner_t *inner_p; struct holder { inner_p link; } holder;' >>next.c
    make_vmlinux next.c 5.5.0-1-generic next.elf gcc
    kstruct 0 -d data analyze next.elf
    # What is embedded is one definition by its name; a misspelt one, or a kernel, is told.
    refused 2 'whole name' -- -d data find --embeds 'struct inn*'
    kstruct 1 -d data find --embeds 'struct iner'
    has err '^kstruct: iner: no kernel of the data set defines it; did you mean inner\?$'
    refused 2 'no such kernel' -- -d data find --field uses -k 1.2.3-4-generic-amd64
    kstruct 0 -d data find --field uses
    has out '^struct outer, 200 bytes: 5.4.0-26-generic-amd64$'
    has out '^    uses: atomic_t at 168$'
    has out '^    uses: long int at 168$'
    kstruct 0 -d data find --field 'us*' --type atomic_t
    [ "$(grep -c '^struct' out)" = 1 ] || fail "not one struct"
    kstruct 0 -d data find --enumerator MIDDLE --format csv
    has out '^5.5.0-1-generic-amd64,typedef,level_t,4,vmlinux,MIDDLE,"","",1$'
    kstruct 0 -d data find --embeds 'struct inner'
    has out '^struct outer, .*: '
    has out '^    first: struct inner at 0$'
    lacks out 'call'
    kstruct 0 -d data find --embeds u32 --deep -k "$kernel"
    has out '^    first.a: struct inner at 0$'
    has out '^    table.a: struct inner\[6\] at 16$'
    kstruct 0 -d data find --embeds inner_p --points-to inner
    has out '^    link: inner_p at 0$'
    # One member for each, or one for all.
    kstruct 0 -d data find --embeds 'struct inner' --field uses
    has out '^    first: struct inner at 0$'
    has out '^    uses: atomic_t at 168$'
    kstruct 1 -d data find --embeds 'struct inner' --field nosuch
    # An array's length is no set of digits.
    kstruct 0 -d data find --type 'struct inner[6]'
    has out '^    table: struct inner\[6\] at 16$'
    refused 2 'the less first' -- -d data find --size 10-5
    refused 2 'functions are not read' -- -d data find --kind function --field uses
    kstruct 0 -d data find --points-to declared --format json
    validate find out
    [ "$(jq -c '[.definitions[] | [.name, .places[].path]]' out)" = '[["outer","named->far"],["outer","named->far"]]' ] || fail "$(cat out)"
    kstruct 0 -d data find --size 8-16 --kind struct,union
    has out '^struct inner, 16 bytes: all 2 kernels$'
    has out '^union either, 8 bytes: all 2 kernels$'
    lacks out outer
    kstruct 0 -d data find --field uses --size 8-18446744073709551615
    has out "^struct outer, 200 bytes: "
    kstruct 1 -d data find --field nothing
    is_empty out
    refused 2 'say what to look for' -- -d data find
    refused 2 '--size' -- -d data find --size big
    refused 2 '--deep' -- -d data find --deep --field x
}
