#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the seeds that the fuzz targets start from: DIR/NAME for each fuzz_NAME.c.
#
#     tests/fuzz/make_seeds.sh DIR        to be run in the source tree
#
# KSTRUCT names the program that makes the data sets (default: build/kstruct); without it there are
# none. Tools that are not installed make no seeds.
set -eu

if [ $# -ne 1 ]; then
    echo "usage: $0 DIR" >&2
    exit 2
fi
seeds=$1
kstruct=${KSTRUCT:-build/kstruct}
compiler=${CC:-cc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for target in vmlinux module package json_lines kernel_list lock_file settings dataset kernel_stream \
    bpf_object btf field_list request; do
    mkdir -p "$seeds/$target"
done

number=0
for request in '' names/index.html names/o.html struct/outer.html enum/x.html kernel/6.1.0-5-amd64.html \
    'compare\nbefore=6.1.0-4-amd64\nafter=6.1.0-5-amd64' 'search.html\nq=outer.fir' \
    pair/6.1.0-4-amd64..6.1.0-5-amd64.html 'api/v2/search\nq=<"%_*\nlimit=3' api/v2/kernels \
    'api/v2/offsets\npath=enum a.b\nkernel=6.1.0-5-amd64\nimage=all' api/v2/definition/struct/outer \
    'api/v2/find\nembeds=inner\ndeep=1\nkind=struct' 'api/v2/diff\nbefore=-q\nafter=x' \
    'api/v2/check\n\nouter.first' metrics health api/v2/schemas/find.schema.json; do
    printf '%b' "$request" >"$seeds/request/$number"
    number=$((number + 1))
done

cat >"$work/seed.c" <<'END'
struct declared;
typedef unsigned int u32;
struct inner { u32 a : 3, b : 29; const char *text; };
struct outer {
    struct inner first, table[2][3];
    union { long number; struct { char low, high; }; };
    struct { int x; struct declared *far; } *named[4];
    int (*call)(const struct inner *, unsigned long, ...);
    enum { RED, GREEN } color;
    _Bool flag : 1;
    volatile u32 open[];
};
struct outer one;
const char banner[] = "Linux version 6.1.0-1-amd64 (seed)";
void _start(void) { struct local { int y; } here = {0}; one.flag = here.y; }
END
cp "$work/seed.c" "$work/other.c"
sed -i -e 's/_start/other/; s/one/two/g; s/banner/text/; s/long number/short number/' \
    "$work/other.c"

# compile NAME FLAG...: in $work, where compilers leave what is split off.
compile() {
    name=$1
    shift
    (cd "$work" && "$compiler" "$@" -O1 -nostdlib -static -ffreestanding -Wl,-z,noseparate-code \
        -o compiled seed.c other.c 2>/dev/null) || return 0
    mv "$work/compiled" "$seeds/vmlinux/$name"
}

for version in 2 3 4 5; do
    compile "dwarf$version" "-gdwarf-$version"
done
compile dwarf64 -gdwarf-5 -gdwarf64
compile types4 -gdwarf-4 -fdebug-types-section
compile types5 -gdwarf-5 -fdebug-types-section
compile zlib -gdwarf-5 -gz=zlib
compile zlib-gnu -gdwarf-4 -gz=zlib-gnu
compile split -gdwarf-5 -gsplit-dwarf
if command -v clang >/dev/null; then
    compiler=clang
    compile clang5 -gdwarf-5
    compile clang4 -gdwarf-4
fi

# Object files are what modules are: with relocations.
for version in 4 5; do
    cc "-gdwarf-$version" -ffreestanding -c -o "$seeds/module/dwarf$version" "$work/seed.c"
done

# What a program that is loaded into the kernel asks of it.
cat >"$work/bpf.c" <<'END'
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct inner { int a; int b[4]; };
struct outer___x { long one; struct { struct inner first; }; unsigned f : 3; };
enum color { RED, GREEN };
#pragma clang attribute pop
__attribute__((section("kprobe/f"))) long f(struct outer___x *p)
{
    if (__builtin_preserve_field_info(p->one, 2))
        return p->one;
    return p->first.b[2] + __builtin_preserve_field_info(p->f, 4) +
           __builtin_preserve_enum_value(*(enum color *)GREEN, 1) +
           __builtin_preserve_type_info(*(struct inner *)0, 1);
}
END
if command -v clang >/dev/null; then
    clang -target bpf -g -O2 -c -o "$seeds/bpf_object/clang" "$work/bpf.c"
fi

# pack NAME FILTER...: a package whose data.tar goes through FILTER
pack() {
    member=data.tar$1
    shift
    tar -C "$work/tree" --sort=name --owner=0 --group=0 --mtime=@0 -cf - . | "$@" \
        >"$work/$member" || return 0
    (cd "$work" && ar rcD "package$member" debian-binary control.tar.gz "$member")
    cp "$work/package$member" "$seeds/package/$member.deb"
}

mkdir -p "$work/tree/usr/lib/debug/boot"
head -c 2000 "$seeds/vmlinux/dwarf5" >"$work/tree/usr/lib/debug/boot/vmlinux-6.1.0-1-amd64"
printf '2.0\n' >"$work/debian-binary"
tar -czf "$work/control.tar.gz" -T /dev/null
pack '' cat
pack .gz gzip -n
pack .xz xz -0 --check=crc64 --block-size=4096
command -v zstd >/dev/null && pack .zst zstd -q

cat >"$seeds/json_lines/plain" <<'END'
{"kind":"STRUCT","name":"a","size":8,"members":[{"name":"x","bits_offset":0,"bitfield_size":3,"type":{"kind":"INT","name":"int"}},{"name":"f","bits_offset":32,"type":{"kind":"PTR","type":{"kind":"FUNC_PROTO","params":[{"name":"(anon)","type":{"kind":"VOID","name":"void"}}],"ret_type":{"kind":"CONST","name":"(anon)","type":{"kind":"FWD","name":"b","fwd_kind":"union"}}}}}]}

{"kind":"STRUCT","name":"c","size":0,"members":[{"name":"y","bits_offset":0,"type":{"kind":"ARRAY","name":"(anon)","nr_elems":0,"type":{"kind":"TYPEDEF","name":"u8"}}}]}
END
command -v zstd >/dev/null && zstd -q -f "$seeds/json_lines/plain" -o "$seeds/json_lines/zstd"
gzip -nc "$seeds/json_lines/plain" >"$seeds/json_lines/gzip"

cp config/*.list "$seeds/kernel_list/"
cat >"$seeds/kernel_list/all-words" <<'END'
# every word
6.8.0-31-generic-amd64 baseline version=6.8.0-31.31 group="Two words" url=https://example.org/x.ddeb
6.8.0-*-generic-64k-arm64 latest=3 skip="a \"reason\" with \\"
6.1.0-56-amd64 apt=linux-image-6.1.0-56-amd64-dbg sha256=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
6.12.107+deb13-cloud-arm64 file=../vmlinux
END
cat >"$seeds/lock_file/all-words" <<'END'
# every word
5.4.0-26-generic-amd64 version=5.4.0-26.30 apt=linux-image given url="http://h/\"\\" size=7 sha256=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
END
cp config/*.ini "$seeds/settings/"

cat >"$seeds/field_list/text" <<'END'
# every condition
task_struct.pid offset=0x8 size=4 type=pid_t
?union u.x offset=4:3
enum e.A value=-1
END
printf 'kernel,struct,field,bit_offset,byte_size,type,value,kind,absent,struct_byte_size\nk,s,"f""g",8,4,int,,struct,"",16\n' \
    >"$seeds/field_list/table"

# What the child hands over goes to its standard output: form 0 (an image), the file as descriptor 3,
# no base, no arrival, one thread, 1 GiB, 60 seconds, and this shell as its parent.
if [ -x "$kstruct" ]; then
    for name in dwarf4 dwarf5; do
        "$kstruct" child-of-kstruct 0 "$name" 3 0 0 0 0 1 1073741824 60 $$ \
            3<"$seeds/vmlinux/$name" >"$seeds/kernel_stream/$name" || true
    done
    for name in dwarf4 dwarf5; do
        "$kstruct" -q -d "$work/data" analyze -k "6.1.0-${name#dwarf}-amd64" \
            "$seeds/vmlinux/$name" 2>/dev/null || continue
    done
    "$kstruct" -q -d "$work/data" export -k 6.1.0-5-amd64 --format btf -o "$work/btf" 2>/dev/null &&
        { printf '\0\0'; cat "$work/btf"; } >"$seeds/btf/vmlinux"
    for database in "$work"/data/*.db; do
        [ -e "$database" ] || continue
        # Smaller pages make a smaller file, of which more gets changed.
        command -v sqlite3 >/dev/null && sqlite3 "$database" \
            'PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM' >/dev/null
        cp "$database" "$seeds/dataset/"
    done
fi
