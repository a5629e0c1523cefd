# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Layouts against the compiler that made them: every size and offset of an export goes back to the
# same compiler as an assertion, and every bit-field is filled with ones in an object of which the
# bytes are looked at. So nothing has to run on the machine that is compiled for.

release=5.4.0-26-generic
architecture() { # COMPILER
    case $1 in
    aarch64-*) echo arm64 ;;
    arm-*) echo armhf ;;
    s390x-*) echo s390x ;;
    *) dpkg --print-architecture ;;
    esac
}

write_hard_cases() { # FILE
    cat >"$1" <<'END'
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
enum color { RED, GREEN = 70000, BLUE };
enum small { NO, YES } __attribute__((packed));
struct elsewhere;
struct empty { };
struct list_head { struct list_head *next, *prev; };

struct bits_plain {
    unsigned int a : 1, b : 2, c : 3;
    unsigned int d : 26;
    unsigned int e : 1;
};
struct bits_mixed {
    char before;
    unsigned int a : 5;
    unsigned char b : 3;
    unsigned short c : 9;
    unsigned long d : 31;
    signed int e : 7;
    _Bool f : 1;
    enum color g : 20;
    char behind;
    u64 h : 40;
    u64 i : 24;
};
struct bits_broken {
    unsigned int a : 3;
    unsigned int : 0;
    unsigned int b : 3;
    unsigned int : 5;
    unsigned int c : 9;
    unsigned char : 0;
    unsigned char d : 2;
};
struct __attribute__((packed)) bits_packed {
    u8 before;
    u32 a : 3;
    u32 b : 31;
    u64 c : 61;
    u8 behind;
    u16 d : 9;
};
struct bits_anonymous {
    int before;
    union {
        struct { unsigned int a : 4, b : 12; };
        struct { u16 low; u16 high_a : 6, high_b : 10; };
        u32 whole;
    };
    struct { struct { u64 c : 33; u64 d : 3; }; u8 e : 7; };
};
struct nesting {
    int first;
    struct {
        char one;
        union {
            double two;
            struct { short three; struct { union { long four; char five[3]; }; }; };
        };
    };
    struct { int inner; } named_without_tag;
    struct tagged { char in_tag; struct nested_deeper { long deep; } deeper; } named_with_tag;
    union { int six; void *seven; } choice;
    union kept_apart { char eight; u64 nine; } apart;
    char last;
};
struct arrays {
    char one[3];
    int two[2][3];
    short three[2][3][5];
    struct list_head heads[4];
    char *names[7];
    char (*to_array)[9];
    int none[0];
    const volatile char *const texts[2][2];
    int (*calls[3])(struct arrays *, int);
    long flexible[];
};
struct functions {
    void (*plain)(void);
    int (*two)(struct functions *, const char *);
    long (*variable)(const char *, ...);
    void (*(*returns)(int))(char);
    void (**pointer)(enum color, union kept_apart *);
    struct elsewhere *(*gets)(struct elsewhere *, struct empty);
    int (*array)(int [4], int (*)(void));
};
struct qualified {
    const int a;
    volatile long b;
    const volatile char *c;
    char *const d;
    const char *const *volatile e;
    struct elsewhere *f;
    const struct elsewhere *g;
    void *h;
    const void *i;
};
struct numbers {
    _Bool flag;
    enum color color;
    enum small small;
    char c; signed char sc; unsigned char uc;
    short s; unsigned short us;
    int i; unsigned int ui;
    long l; unsigned long ul;
    char gap;
    long long ll; unsigned long long ull;
    float f; double d; long double ld;
    u8 a; u16 b; u32 e; u64 g;
};
struct wide_on_narrow { char a; u64 b; char c; long long d[2]; char e; };
struct __attribute__((packed)) packed { char a; u64 b; short c; struct bits_plain d; void *e; };
struct __attribute__((packed, aligned(4))) packed_aligned { char a; u32 b; char c; };
struct aligned {
    char a;
    int b __attribute__((aligned(32)));
    char c;
    struct empty nothing;
    char d __attribute__((aligned(16)));
} __attribute__((aligned(64)));
struct of_structs {
    struct packed a;
    struct aligned b;
    struct arrays *c;
    struct empty d[2];
    struct wide_on_narrow e[3];
};

#define KEEP(type) struct type type##_object
KEEP(bits_plain); KEEP(bits_mixed); KEEP(bits_broken); KEEP(bits_packed); KEEP(bits_anonymous);
KEEP(nesting); KEEP(functions); KEEP(numbers); KEEP(packed_aligned); KEEP(of_structs);
struct arrays arrays_object;
struct qualified *qualified_object;
int work(struct numbers *numbers);
int work(struct numbers *numbers)
{
    return numbers->i;
}
END
}

structs_in_hard_cases=19
bit_fields_in_hard_cases=29

# A C file that holds only if sizes and offsets of the export are the compiler's own.
write_assertions() { # EXPORT SOURCE FILE
    {
        echo "#include \"$2\""
        jq -r '.name as $struct
            | "_Static_assert(sizeof(struct \($struct)) == \(.size), \"size of \($struct)\");",
              (.members[] | select(has("bitfield_size") | not)
               | "_Static_assert(__builtin_offsetof(struct \($struct), \(.name)) * 8 == "
                 + "\(.bits_offset), \"\($struct).\(.name)\");")' "$1"
    } >"$3"
}

# A C file with an object of 128 bytes for each bit-field, in which only that field's bits are set.
write_probes() { # EXPORT SOURCE FILE
    {
        echo "#include \"$2\""
        echo "union probe { unsigned char bytes[128];"
        jq -r 'select(any(.members[]; has("bitfield_size"))) | "struct \(.name) as_\(.name);"' "$1"
        echo '}; const union probe probes[] __attribute__((section(".probes"), used)) = {'
        jq -r '.name as $struct | .members[] | select(has("bitfield_size"))
            | "{ .as_\($struct) = { .\(.name) = -1 } },"' "$1"
        echo '};'
        echo '_Static_assert(sizeof(union probe) == 128, "a struct is larger than a probe");'
    } >"$3"
}

# Bit N of a little-endian layout is bit N % 8 of byte N / 8, counted from the lowest; on a
# big-endian machine it is counted from the highest.
check_probes() { # EXPORT PROBES little|big
    python3 - "$@" <<'END'
import json, sys
export, probes, order = sys.argv[1:]
data = open(probes, "rb").read()
fields = [(s["name"], m) for s in map(json.loads, open(export)) for m in s["members"] if "bitfield_size" in m]
if len(data) < 128 * len(fields):
    sys.exit("the probes are cut short")
for i, (struct, member) in enumerate(fields):
    block = data[128 * i:128 * (i + 1)]
    found = [bit for bit in range(1024)
             if block[bit // 8] >> (bit % 8 if order == "little" else 7 - bit % 8) & 1]
    start = member["bits_offset"]
    if found != list(range(start, start + member["bitfield_size"])):
        sys.exit(f"{struct}.{member['name']}: the compiler uses bits {found}, the export says {member}")
END
}

# Compiles, reads and exports FILE, and has the compiler prove the export.
prove() { # COMPILER NAME [FLAG...]
    local compiler=$1 name=$2 prefix=${1%gcc} order=little
    need jq
    shift 2
    [ "$prefix" != "$compiler" ] || prefix=""
    [[ $compiler != s390x-* ]] || order=big
    make_vmlinux hard.c "$release" "$name" "$compiler" "$@"
    kstruct 0 -d "$name.data" analyze "$name"
    kstruct 0 -d "$name.data" export -k "$release-$(architecture "$compiler")" -o "$name.jsonl"
    write_assertions "$name.jsonl" hard.c "$name.assertions.c"
    "$compiler" -std=gnu11 -fsyntax-only "$name.assertions.c" ||
        fail "$compiler $*: the compiler has other sizes or offsets"
    write_probes "$name.jsonl" hard.c "$name.probes.c"
    "$compiler" -std=gnu11 -w -c -o "$name.o" "$name.probes.c"
    "${prefix}objcopy" -O binary -j .probes "$name.o" "$name.probes"
    check_probes "$name.jsonl" "$name.probes" "$order" >bits 2>&1 ||
        fail "$compiler $*: $(head -n 1 bits)"
}

# Nothing was left out of the proof.
check_counts() { # EXPORT
    local structs fields
    structs=$(wc -l <"$1")
    fields=$(jq -r '.members[] | select(has("bitfield_size")) | .name' "$1" | wc -l)
    [ "$structs" -eq "$structs_in_hard_cases" ] ||
        fail "$structs structs instead of $structs_in_hard_cases: $(jq -r .name "$1" | tr '\n' ' ')"
    [ "$fields" -eq "$bit_fields_in_hard_cases" ] ||
        fail "$fields bit-fields instead of $bit_fields_in_hard_cases"
}

test_gcc() {
    write_hard_cases hard.c
    prove gcc default
    check_counts default.jsonl
}

test_clang() {
    need clang
    write_hard_cases hard.c
    prove clang default
    check_counts default.jsonl
}

# clang as kernels are built with: version 4 has no tables of addresses and texts.
test_clang_dwarf_4() {
    need clang
    write_hard_cases hard.c
    prove clang default -gdwarf-4
    check_counts default.jsonl
}

test_arm64() {
    need aarch64-linux-gnu-gcc
    write_hard_cases hard.c
    prove aarch64-linux-gnu-gcc default
    check_counts default.jsonl
}

test_armhf() {
    need arm-linux-gnueabihf-gcc
    write_hard_cases hard.c
    prove arm-linux-gnueabihf-gcc default
    check_counts default.jsonl
}

test_big_endian_s390x() {
    need s390x-linux-gnu-gcc
    write_hard_cases hard.c
    prove s390x-linux-gnu-gcc default
    check_counts default.jsonl
    prove s390x-linux-gnu-gcc old -gdwarf-2 -gstrict-dwarf
    same default.jsonl old.jsonl
    prove s390x-linux-gnu-gcc four -gdwarf-4
    same default.jsonl four.jsonl
}

# Old versions count bit-fields from the other end.
test_dwarf_versions() {
    local -a forms=("-gdwarf-2" "-gdwarf-3" "-gdwarf-4" "-gdwarf-5" "-gdwarf-2 -gstrict-dwarf"
        "-gdwarf-3 -gstrict-dwarf" "-gdwarf-4 -gstrict-dwarf")
    local form
    write_hard_cases hard.c
    prove gcc default
    for form in "${forms[@]}"; do
        # shellcheck disable=SC2086 # several flags
        prove gcc "with${form// /}" $form
        same default.jsonl "with${form// /}.jsonl"
    done
}

test_dwarf_forms() {
    local -a forms=("-gdwarf-4 -gdwarf64" "-gdwarf-5 -gdwarf64" "-gz=zlib" "-gdwarf-4 -gz=zlib"
        "-gdwarf-4 -fdebug-types-section" "-gdwarf-5 -fdebug-types-section"
        "-gdwarf-5 -fdebug-types-section -gz=zlib")
    local form
    write_hard_cases hard.c
    prove gcc default
    for form in "${forms[@]}"; do
        # shellcheck disable=SC2086 # several flags
        prove gcc "with${form// /}" $form
        same default.jsonl "with${form// /}.jsonl"
    done
}

test_compressed_sections() {
    local kind
    write_hard_cases hard.c
    make_vmlinux hard.c "$release" vmlinux
    kstruct 0 -d plain analyze vmlinux
    kstruct 0 -d plain export -k "$release-$(architecture gcc)" -o plain.jsonl
    for kind in zlib zlib-gnu zstd; do
        if ! objcopy --compress-debug-sections=$kind vmlinux "vmlinux-$kind" 2>log; then
            [ $kind = zstd ] || fail "objcopy cannot make $kind: $(cat log)"
            echo "this objcopy cannot make $kind"
            continue
        fi
        kstruct 0 -d "$kind" analyze "vmlinux-$kind"
        kstruct 0 -d "$kind" export -k "$release-$(architecture gcc)" -o "$kind.jsonl"
        same plain.jsonl "$kind.jsonl"
    done
}

# Written by hand from the published schema, in the published spelling.
test_export_schema() {
    cat >source.c <<'END'
struct fwd;
enum e { E };
union u { int a; };
typedef struct { int x; } named_t;
struct everything {
    int i;
    const char *const name;
    volatile struct fwd *fwd;
    enum e e;
    enum { F } no_tag;
    union u u;
    named_t t;
    int (*call)(struct everything *self, unsigned long, ...);
    void (*nothing)(void);
    unsigned bits : 3, more : 7;
    struct { short in; union { char deep; }; };
    struct { int y; } untagged;
    long matrix[2][3];
    char rest[];
};
struct everything object;
END
    cat >members <<'END'
{"name": "i", "bits_offset": 0, "type": {"kind": "INT", "name": "int"}}
{"name": "name", "bits_offset": 64, "type": {"kind": "CONST", "name": "(anon)", "type": {"kind": "PTR", "type": {"kind": "CONST", "name": "(anon)", "type": {"kind": "INT", "name": "char"}}}}}
{"name": "fwd", "bits_offset": 128, "type": {"kind": "PTR", "type": {"kind": "VOLATILE", "name": "(anon)", "type": {"kind": "FWD", "name": "fwd", "fwd_kind": "struct"}}}}
{"name": "e", "bits_offset": 192, "type": {"kind": "ENUM", "name": "e", "size": 4}}
{"name": "no_tag", "bits_offset": 224, "type": {"kind": "ENUM", "name": "(anon)"}}
{"name": "u", "bits_offset": 256, "type": {"kind": "UNION", "name": "u"}}
{"name": "t", "bits_offset": 288, "type": {"kind": "TYPEDEF", "name": "named_t"}}
{"name": "call", "bits_offset": 320, "type": {"kind": "PTR", "type": {"kind": "FUNC_PROTO", "params": [{"name": "(anon)", "type": {"kind": "PTR", "type": {"kind": "STRUCT", "name": "everything"}}}, {"name": "(anon-1)", "type": {"kind": "INT", "name": "long unsigned int"}}, {"name": "(anon-2)", "type": {"name": "void", "kind": "VOID"}}], "ret_type": {"kind": "INT", "name": "int"}}}}
{"name": "nothing", "bits_offset": 384, "type": {"kind": "PTR", "type": {"kind": "FUNC_PROTO", "params": [], "ret_type": {"name": "void", "kind": "VOID"}}}}
{"name": "bits", "bits_offset": 448, "bitfield_size": 3, "type": {"kind": "INT", "name": "unsigned int"}}
{"name": "more", "bits_offset": 451, "bitfield_size": 7, "type": {"kind": "INT", "name": "unsigned int"}}
{"name": "in", "bits_offset": 464, "type": {"kind": "INT", "name": "short int"}}
{"name": "deep", "bits_offset": 480, "type": {"kind": "INT", "name": "char"}}
{"name": "untagged", "bits_offset": 512, "type": {"kind": "STRUCT", "name": "(anon)"}}
{"name": "matrix", "bits_offset": 576, "type": {"kind": "ARRAY", "name": "(anon)", "nr_elems": 6, "type": {"kind": "INT", "name": "long int"}}}
{"name": "rest", "bits_offset": 960, "type": {"kind": "ARRAY", "name": "(anon)", "nr_elems": 0, "type": {"kind": "INT", "name": "char"}}}
END
    printf '{"kind": "STRUCT", "name": "everything", "size": 120, "members": [%s]}\n' \
        "$(sed '$!s/$/, /' members | tr -d '\n')" >wanted.jsonl
    [ "$(architecture gcc)" = amd64 ] || [ "$(architecture gcc)" = arm64 ] || skip "sizes are of amd64"
    make_vmlinux source.c "$release" vmlinux gcc -fsigned-char
    kstruct 0 -d data analyze vmlinux
    kstruct 0 -d data export -k "$release-$(architecture gcc)"
    same wanted.jsonl out
}

# Forty units with structs of their own, shared ones, and one name that means three things.
make_units() { # OUTPUT
    local i
    local -a sources=()
    for ((i = 0; i < 40; i++)); do
        {
            echo "struct shared { int a; struct only_$i *b; long c[$((7))]; };"
            echo "struct only_$i { char a[$((i + 1))]; struct shared s; unsigned x : $((i % 31 + 1)); };"
            echo "struct conflict { long field_$((i % 3)); char size[$((i % 3 + 1))]; };"
            echo "struct shared shared_$i; struct only_$i only_object_$i; struct conflict conflict_$i;"
            write_many_structs more 20 $((i % 3 + 1))
            sed "s/_object;/_object_$i;/" more
        } >"unit_$i.c"
        sources+=("unit_$i.c")
    done
    write_banner "$release" banner.c
    gcc -g -nostdlib -static -ffreestanding -Wl,-e,start -o "$1" "${sources[@]}" banner.c
}

test_any_number_of_threads() {
    local jobs round
    make_units vmlinux
    kstruct 0 -j1 -d one analyze vmlinux
    kstruct 0 -d one export -k "$release-$(architecture gcc)" -o one.jsonl
    [ "$(wc -l <one.jsonl)" -eq 62 ] || fail "$(wc -l <one.jsonl) structs instead of 62"
    for jobs in 2 3 4 16; do
        for round in 1 2 3; do
            kstruct 0 -j$jobs -d "data_$jobs$round" analyze vmlinux
            kstruct 0 -d "data_$jobs$round" export -k "$release-$(architecture gcc)" -o other.jsonl
            cmp one.jsonl other.jsonl || fail "-j$jobs gives another export than -j1"
        done
    done
}

# The first definition of a name, in unit order, is the one that counts; the others are kept.
test_several_structs_of_one_name() {
    make_units vmlinux
    kstruct 0 -d data analyze vmlinux
    kstruct 0 -d data export -k "$release-$(architecture gcc)"
    jq -r 'select(.name == "conflict") | .members[0].name' out >first
    echo field_0 >wanted
    same wanted first
    kstruct 0 -d data show conflict
    has out 'field_0;'
    has out 'field_1;'
    has out 'field_2;'
    has out 'unit_1\.c'
    has out 'unit_38\.c'
}

# Structs inside structs and inside functions count too; declarations and other languages' do not.
test_where_structs_hide() {
    cat >source.c <<'END'
struct outer { struct inner { struct innermost { int a; } b; } c; };
struct outer object;
struct declared;
struct declared *pointer;
long work(int a)
{
    struct in_function { long x; } local = { a };
    {
        struct in_block { short y; } deeper = { (short)a };
        return local.x + deeper.y;
    }
}
END
    make_vmlinux source.c "$release" vmlinux
    kstruct 0 -d data analyze vmlinux
    kstruct 0 -d data export -k "$release-$(architecture gcc)"
    jq -r .name out | sort >found
    printf '%s\n' in_block in_function inner innermost outer >wanted
    same wanted found
}

test_show_and_packages_agree_with_vmlinux() {
    local compression
    write_hard_cases hard.c
    make_vmlinux hard.c "$release" vmlinux
    kstruct 0 -d plain analyze vmlinux
    kstruct 0 -d plain export -k "$release-$(architecture gcc)" -o plain.jsonl
    kstruct 0 -d plain show struct bits_plain
    has out '^struct bits_plain \{$'
    has out '^    unsigned int d:26; +/\* +0: ?6 +4 \*/$'
    for compression in gzip xz zstd none bzip2; do
        make_deb vmlinux "$release" $compression "$compression.ddeb"
        kstruct 0 extract "$compression.ddeb" -o extracted
        cmp vmlinux extracted || fail "$compression: another vmlinux comes out"
        "$KSTRUCT" extract "$compression.ddeb" -o - 2>/dev/null | cmp vmlinux - ||
            fail "$compression: another vmlinux comes out on standard output"
        kstruct 0 -d "$compression" analyze "$compression.ddeb"
        kstruct 0 -d "$compression" export -k "$release-$(architecture gcc)" -o packed.jsonl
        same plain.jsonl packed.jsonl
    done
}

# Another struct of the name, in a file whose name would write to the terminal.
test_hostile_file_names() {
    local hostile=$'#h\x1b[31m\u009b\u202e.c'
    echo 'struct kit { int a; } first_object;' >first.c
    echo 'struct kit { long a; } second_object;' >"$hostile"
    gcc -g -c first.c
    make_vmlinux "$hostile" 5.4.0-26-generic vmlinux gcc first.o
    set_machine vmlinux 62
    kstruct 0 -d data analyze vmlinux
    kstruct 0 -d data show kit
    has out '^ \*   .*#h.*\[31m'
    lacks out $'\x1b|\u009b|\u202e'
}

# Foreign data may tell neither sizes nor offsets: in SQL, too, that is never 0.
test_what_an_import_does_not_know_is_null() {
    mkdir -p in/types_struct
    cat >in/types_struct/5.4.0-26-generic-amd64.jsonl <<'END'
{"kind":"STRUCT","name":"mutex","size":0,"members":[{"name":"owner","bits_offset":0,"type":{"kind":"TYPEDEF","name":"atomic_long_t"}}]}
{"kind":"STRUCT","name":"known","size":8,"members":[{"name":"a","bits_offset":0,"type":{"kind":"INT","name":"int"}},{"name":"b","bits_offset":32,"type":{"kind":"INT","name":"int"}}]}
END
    kstruct 0 -q -d data import in
    sqlite3 -nullvalue NULL data/kstruct.db \
        "SELECT struct, struct_byte_size, byte_offset, bit_offset, byte_size FROM field ORDER BY struct, ordinal" >found
    printf '%s\n' 'known|8|0|0|NULL' 'known|8|4|32|NULL' 'mutex|NULL|NULL|NULL|NULL' >wanted
    same wanted found
}

# A package says for which of the ports that share a machine it is; the list may say so too.
test_port() {
    need dpkg-deb
    echo 'struct kit { int a; } kit_object;' >kit.c
    make_vmlinux kit.c 6.1.0-50-generic vmlinux
    set_machine vmlinux 62
    mkdir -p root/DEBIAN root/usr/lib/debug/boot
    cp vmlinux root/usr/lib/debug/boot/vmlinux-6.1.0-50-generic
    printf '%s\n' 'Package: linux-image-dbg' 'Version: 1' 'Architecture: i386' \
        'Maintainer: Builder <builder@host>' 'Description: a test' >root/DEBIAN/control
    dpkg-deb --root-owner-group -Zxz --build root kernel.deb >out
    kstruct 0 -d data analyze kernel.deb
    has err '^6\.1\.0-50-generic-i386: 1 struct'
    echo "6.1.0-50-generic-i386 file=$PWD/vmlinux" >kernels.list
    kstruct 0 -q -l kernels.list -d run run
    echo "6.1.0-50-generic-arm64 file=$PWD/vmlinux" >kernels.list
    refused 1 'holds a kernel for amd64, not arm64' -- -q -l kernels.list -d run run
}

# A struct that the compiler cannot lay out costs itself.
test_passed_over() {
    cat >variable.c <<'END'
struct keep { int a; } keep_object;
int f(int n);
int f(int n) { struct gone { int a; char b[n]; int c; } v; v.c = 2; return v.c + (int)sizeof(v); }
END
    make_vmlinux variable.c 6.1.0-50-generic vmlinux
    kstruct 0 -d data analyze -k 6.1.0-50-generic-amd64 vmlinux
    has err '6\.1\.0-50-generic-amd64: 1 struct'
    has err '^kstruct: warning: 6\.1\.0-50-generic-amd64: 1 left out: struct gone: '
    [ "$(sqlite3 data/kstruct.db "SELECT passed_over LIKE '1 left out: struct gone: %' FROM kernel")" = 1 ] ||
        fail "the data set does not know"
    kstruct 0 -d data show keep
    refused 1 'gone: no definition of that name' -- -d data show gone
}
