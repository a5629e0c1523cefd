# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2016 # back quotes are the program's own
#
# What a package's modules define besides its vmlinux.

release=5.4.0-26-generic
kernel=$release-amd64
top=usr/lib/debug/lib/modules/$release/kernel

write_sources() {
    cat >common.h <<'C'
struct shared { int a; long b; };                 /* in vmlinux and every module alike */
enum mode { MODE_OFF, MODE_ON };
typedef struct { int value; } wrapped;
C
    cat >vmlinux.c <<'C'
#include "common.h"
struct shared shared;
enum mode mode;
wrapped wrapped_value;
struct private { char only_in_vmlinux; } private;
C
    # Three modules have connection, two of them alike; private is vmlinux's, and otherwise alpha's.
    cat >alpha.c <<'C'
#include "common.h"
struct private { long of_alpha; };
struct connection { struct private first; struct shared state; int flags; };
struct shared shared;
struct connection connection;
enum alpha_mode { ALPHA_NONE, ALPHA_ALL = 7 } alpha_mode;
C
    cat >beta.c <<'C'
#include "common.h"
struct connection { struct shared state; int number; } connection;
C
    sed 's/connection;$/connection; struct only_gamma { wrapped value; } gamma_value;/' beta.c >gamma-ray.c
}

# PACKAGE.root with vmlinux and the modules, built by COMPILER.
build() { # PACKAGE [COMPILER]
    local compiler=${2:-gcc} name
    mkdir -p "$1.root/$top/net" "$1.root/usr/lib/debug/boot"
    make_vmlinux vmlinux.c "$release" "$1.root/usr/lib/debug/boot/vmlinux-$release" "$compiler"
    for name in alpha beta gamma-ray; do
        "$compiler" -g -ffreestanding -c -o "$1.root/$top/net/$name.ko" "$name.c"
    done
}

test_modules_add_what_vmlinux_lacks() {
    write_sources
    build package
    xz "package.root/$top/net/beta.ko"
    mv "package.root/$top/net/gamma-ray.ko" "package.root/$top/net/gamma-ray.ko.debug"
    pack_deb package.root xz package.ddeb
    kstruct 0 -d data analyze package.ddeb
    has err "^$kernel: .*; 3 modules$"

    kstruct 0 -d data show shared
    lacks out module
    kstruct 0 -d data show connection
    has out "^/\* $kernel, modules beta, gamma_ray: .*beta.c:2 \*/$"
    has out '^/\* Another struct of this name is that of module alpha \*/$'
    kstruct 0 -d data show private
    has out '^/\* Another struct of this name is that of module alpha \*/$'
    kstruct 0 -d data show private --image alpha
    has out of_alpha
    lacks out only_in_vmlinux
    kstruct 0 -d data show struct private --image beta
    has out only_in_vmlinux
    kstruct 0 -d data show only_gamma
    has out '^/\* .*, module gamma_ray: '
    refused 1 'no such module.*did you mean alpha\?' -- -d data show private -k "$kernel" --image alpa
    refused 1 'no such module.*did you mean alpha\?' -- -d data show private --image alpa
    refused 1 "only_gamma: no definition of that name in alpha of $kernel; without --image, there is one" -- \
        -d data show only_gamma -k "$kernel" --image alpha
    refused 1 'private: no such union; of another kind, there is one' -- -d data offsets union private

    kstruct 0 -d data offsets connection.number only_gamma enum alpha_mode.ALPHA_ALL shared.b
    has out "^  $kernel +16 +0x10 +4 +int +beta$"
    has out "^  $kernel +4 +gamma_ray$"
    has out "^  $kernel +7 +alpha$"
    has out "^  $kernel +8 +0x8 +8 +long int$"
    # What connection has inside is alpha's own there.
    kstruct 0 -d data offsets connection.first.of_alpha --image alpha
    has out "^  $kernel +0 +0x0 +8 +long int +alpha$"
    kstruct 0 -d data offsets --format json connection.number
    [ "$(jq -r '.structs.connection.fields.number[0].image' out)" = beta ] || fail "no image"
    refused 1 'connection: no such struct in vmlinux; without --image, there is one' -- \
        -d data offsets connection --image vmlinux

    kstruct 0 -d data export -k "$kernel" --kind struct,enum --image alpha
    [ "$(jq -r .name out | paste -s -d ' ')" = "connection private alpha_mode" ] ||
        fail "alpha has not what it has: $(jq -r .name out)"
    kstruct 0 -d data export -k "$kernel"
    [ "$(jq -r .name out | paste -s -d ' ')" = "private shared" ] || fail "vmlinux has other structs"
    kstruct 0 -d data export -k "$kernel" --image all
    [ "$(wc -l <out)" -eq 4 ] || fail "not all structs are there"
    sqlite3 data/kstruct.db 'SELECT count(*) FROM image' | grep -qx 4 || fail "images are missing"
    echo "$kernel file=package.ddeb" >kernels.list
    kstruct 0 -l kernels.list -d data report -o report
    has report/Coverage.md "^\| \`$kernel\` \| 2 \| 3 \|"
    is_gone report/Struct/c/connection.md
}

# A symbol file has one name space: of a module it has the module's own, and a struct and a union of
# one name are told from each other.
test_symbol_file_of_a_module() {
    write_sources
    echo 'struct twice { long of_vmlinux; } twice;' >>vmlinux.c
    echo 'union twice { char of_beta; }; struct user { union twice first; union twice *second; } user;' >>beta.c
    build package
    pack_deb package.root xz package.ddeb
    kstruct 0 -d data analyze package.ddeb
    kstruct 0 -d data export -k "$kernel" --format isf --image alpha -o alpha.json
    [ "$(jq -c '.user_types | [.connection.fields.flags.offset, .private.fields.of_alpha.offset,
        has("only_gamma"), has("user")]' alpha.json)" = '[24,0,false,false]' ] || fail "it is not alpha's"
    kstruct 0 -d data export -k "$kernel" --format isf --image vmlinux -o vmlinux.json
    [ "$(jq -c '.user_types | [has("connection"), has("private")]' vmlinux.json)" = '[false,true]' ] ||
        fail "it is not vmlinux's"
    kstruct 0 -d data export -k "$kernel" --format isf --image all -o all.json
    [ "$(jq -c '.user_types | [has("only_gamma"), (.twice.fields | keys), (.twice__union.fields | keys),
        .user.fields.first.type.name, .user.fields.second.type.subtype.name, .user.fields.second.offset]' all.json)" = \
        '[true,["of_vmlinux"],["of_beta"],"twice__union","twice__union",8]' ] || fail "there is one twice"
}

test_what_no_read_image_has() {
    write_sources
    build package
    pack_deb package.root xz package.ddeb
    printf '[kstruct]\nimages = vmlinux\n' >vmlinux.ini
    kstruct 0 -c vmlinux.ini -d data analyze -k 5.4.0-1-generic-amd64 package.ddeb
    kstruct 0 -d data analyze package.ddeb
    kstruct 0 -d data offsets connection.number
    has out '^  5.4.0-1-generic-amd64 +not in vmlinux$'
    # That one kernel's modules were not read makes no difference of what only they have.
    kstruct 0 -d data diff 5.4.0-1-generic-amd64 "$kernel"
    is_empty out
    # But who asks for it is told.
    refused 2 "^kstruct: connection: is only in modules of $kernel, and the modules of 5.4.0-1-generic-amd64 were not" -- \
        -d data diff 5.4.0-1-generic-amd64 "$kernel" connection
    refused 2 '^kstruct: connection: is only in modules of ' -- -d data diff "$kernel" 5.4.0-1-generic-amd64 connection
    kstruct 0 -d data diff 5.4.0-1-generic-amd64 "$kernel" shared
}

# What only another module's definition of a name has is found, and counts as a use.
test_site_of_further_definitions() {
    write_sources
    build package
    pack_deb package.root xz package.ddeb
    echo "$kernel file=package.ddeb" >kernels.list
    kstruct 0 -q -l kernels.list -d data run
    kstruct 0 -l kernels.list -d data report -o site --format html
    grep -A 3 'id="users"' site/struct/private.html >users
    has users 'struct/connection.html'
    has site/search/fl.txt '^flags	'
    start_serving -l kernels.list
    curl -s "$SERVED/api/v2/search?q=STRUCT%20connection-%3Eflags" >found
    has found '"path": "flags"'
    curl -s "$SERVED/struct/private.html" | grep -A 3 'id="users"' >live
    same users live
    kill "$SERVING"
}

# The setting says what is read; a kernel that lacks something of it is read again.
test_modules_are_read_when_they_are_wanted() {
    write_sources
    build package
    pack_deb package.root xz package.ddeb
    printf '%s file=package.ddeb\n' "$kernel" >kernels.list
    printf '[kstruct]\nimages = vmlinux\n' >vmlinux.ini
    kstruct 0 -c vmlinux.ini -l kernels.list -d data run
    lacks err module
    kstruct 0 -c vmlinux.ini -l kernels.list -d data run
    has err 'nothing to do'
    kstruct 0 -l kernels.list -d data run
    has err '; 3 modules$'
    kstruct 0 -l kernels.list -d data run
    has err 'nothing to do'
    kstruct 0 -c vmlinux.ini -l kernels.list -d data run
    has err 'nothing to do'
    # A vmlinux alone has no modules, and is not read again for them.
    cp "package.root/usr/lib/debug/boot/vmlinux-$release" vmlinux
    printf '%s file=vmlinux\n' "$kernel" >kernels.list
    kstruct 0 -l kernels.list -d other run
    kstruct 0 -l kernels.list -d other run
    has err 'nothing to do'
    printf '[kstruct]\nimages = none\n' >bad.ini
    kstruct 2 -c bad.ini -d data status
    has err '^kstruct: bad.ini:2: `images` is `none`; .*`vmlinux`$'
}

# A module that cannot be read costs itself, and is named.
test_bad_modules_cost_themselves() {
    write_sources
    build package
    head -c 1000 "package.root/$top/net/beta.ko" >"package.root/$top/net/cut.ko"
    echo text >"package.root/$top/net/text.ko"
    : >"package.root/$top/net/empty.ko"
    echo 'no xz' >"package.root/$top/net/bad.ko.xz"
    gcc -ffreestanding -c -o "package.root/$top/net/nodwarf.ko" beta.c
    cp "package.root/$top/net/alpha.ko" "package.root/$top/net/foreign.ko"
    set_machine "package.root/$top/net/foreign.ko" 183
    cp "package.root/$top/net/beta.ko" "package.root/$top/beta.ko"
    pack_deb package.root zstd package.ddeb
    kstruct 0 -d data analyze package.ddeb
    local name
    for name in cut text empty bad nodwarf foreign beta; do
        has err "^kstruct: warning: $kernel: 7 left out: .*module $name: "
    done
    has err '; 3 modules$'
    kstruct 0 -d data show only_gamma
}

# An unknown kind of relocation is told with its number: 250 is none of amd64's.
test_unknown_relocation() {
    write_sources
    build package
    python3 - "package.root/$top/net/beta.ko" <<'END_OF_PROGRAM'
import struct, sys
data = bytearray(open(sys.argv[1], "rb").read())
offset, = struct.unpack_from("<Q", data, 0x28)
size, count, names = struct.unpack_from("<HHH", data, 0x3a)
headers = [struct.unpack_from("<IIQQQQIIQQ", data, offset + i * size) for i in range(count)]
text = headers[names][4]
for header in headers:
    end = data.index(0, text + header[0])
    if data[text + header[0]:end] == b".rela.debug_info":
        data[header[4] + 8] = 250
open(sys.argv[1], "wb").write(data)
END_OF_PROGRAM
    pack_deb package.root xz package.ddeb
    kstruct 0 -d data analyze package.ddeb
    has err 'module beta: \.debug_info has a relocation of kind 250'
    has err '; 2 modules$'
}

# The same on machines of other kinds of relocation, of 32 bits and of the other byte order.
prove() { # COMPILER
    need "$1"
    write_sources
    build package "$1"
    pack_deb package.root xz package.ddeb
    kstruct 0 -d data analyze -k "$kernel" package.ddeb
    has err '; 3 modules$'
    lacks err 'left out'
    kstruct 0 -d data show connection
    has out '^    struct shared state; '
    has out '^    int number; '
    kstruct 0 -d data show connection --image alpha
    has out '^    struct private first; '
    kstruct 0 -d data show enum alpha_mode
    has out 'ALPHA_ALL = 7'
    kstruct 0 -d data show only_gamma
    has out '^    wrapped value; '
}

test_arm64() {
    prove aarch64-linux-gnu-gcc
}

test_armhf() {
    prove arm-linux-gnueabihf-gcc
}

test_s390x() {
    prove s390x-linux-gnu-gcc
}

# However many threads read, and however the package is compressed, the data set is the same.
test_threads_make_no_difference() {
    local jobs compression
    write_sources
    build package
    for jobs in 1 2 7; do
        for compression in xz zstd gzip none; do
            pack_deb package.root "$compression" package.ddeb
            kstruct 0 -d "data$jobs$compression" -j "$jobs" analyze package.ddeb
            sqlite3 "data$jobs$compression/kstruct.db" .dump |
                sed -E "s/'[0-9-]+T[0-9:]+Z'//" | grep -v sqlite_stat >"dump$jobs$compression"
            same dump1xz "dump$jobs$compression"
        done
    done
}

# Pages in Struct/ are vmlinux's; everything else tells of modules, too, and of a kernel whose
# modules were not read that vmlinux lacks what is not there.
test_report_and_diff_tell_of_modules() {
    local old=5.3.0-1-generic-amd64 new=5.5.0-1-generic-amd64
    write_sources
    build package
    pack_deb package.root xz package.ddeb
    printf '[kstruct]\nimages = vmlinux\n' >vmlinux.ini
    kstruct 0 -c vmlinux.ini -d data analyze -k "$old" package.ddeb
    kstruct 0 -d data analyze package.ddeb
    # In the next kernel, connection is larger, and only_gamma has come into vmlinux.
    sed -i 's/int number;/int number; long more;/' gamma-ray.c beta.c
    echo 'struct only_gamma { wrapped value; } gamma_value;' >>vmlinux.c
    build next
    pack_deb next.root xz next.ddeb
    kstruct 0 -d data analyze -k "$new" next.ddeb
    printf '%s file=x\n%s baseline file=x\n%s file=x\n' "$old" "$kernel" "$new" >kernels.list
    kstruct 0 -l kernels.list -d data report -o report --format md,md-full,json

    has report/README.md 'A page in `Struct/` is about vmlinux alone'
    is_gone report/Struct/c/connection.md
    has report/Struct/o/only_gamma.md "^In <code>$kernel</code>: Absent ❓$"
    has report/Struct/o/only_gamma.md "^<summary>Added between <code>$kernel</code> and <code>$new</code> ➕"
    lacks report/Struct/p/private.md of_alpha

    local page=report/Full/c/connection.md
    has "$page" "^\| Regular \| \`$old\` \| Not in vmlinux ❓ \| +\| +\| +\| +\|$"
    has "$page" "^\| +\| \`$kernel\` \| 24 \| .* \| \[layout 1\]\(#layout-1\) \| modules beta, gamma&#95;ray \|$"
    has "$page" "^- \`$new\`: declared in \`.*beta.c:2\`; modules beta, gamma&#95;ray$"
    has "$page" "; module alpha$"
    has "$page" "^Other source files, or modules, of these kernels define another struct"
    lacks "$page" "Added between"
    has "$page" "<summary>Changed between <code>$kernel</code> and <code>$new</code> ❓ 24 ➡️ 32 bytes"
    has report/Full/o/only_gamma.md "\| module gamma&#95;ray \|$"
    has report/Full/o/only_gamma.md "\| vmlinux \|$"
    has report/Full/o/only_gamma.md "^No changes between \`$kernel\` and \`$new\` ✅$"

    [ "$(jq -c '[.kernels[] | [.has_modules, .modules]]' report/Json/c/connection.json)" = \
        '[[false,[]],[true,["beta","gamma_ray"]],[true,["beta","gamma_ray"]]]' ] ||
        fail "connection.json does not say whose it is"
    [ "$(jq -c '[.further_definitions[].modules]' report/Json/c/connection.json)" = \
        '[["alpha"],["alpha"]]' ] || fail "connection.json lacks alpha's"
    validate status report/tables/status.json
    [ "$(jq -r '.structs.connection' report/tables/status.json)" = vPC ] || fail "wrong status"
    [ "$(jq -r '.structs.shared' report/tables/status.json)" = PPP ] || fail "wrong status"
    has report/Status/c.md '^\|\[`connection`\]\(../Full/c/connection.md\)\|∘\|✅\|❓\|$'
    has "report/Differences/$kernel..$new.md" '^- \[`connection`\]\(../Full/c/connection.md\): '
    lacks "report/Differences/$old..$kernel.md" connection

    # The default format alone has no page for what is no vmlinux's, and so no link.
    kstruct 0 -l kernels.list -d data report -o plain
    has plain/Status/c.md '^\|`connection`\|∘\|✅\|❓\|$'

    kstruct 1 -d data diff "$kernel" "$new"
    has out '^~ struct connection, modules beta, gamma_ray: 24 -> 32 bytes'
    kstruct 0 -d data diff "$kernel" "$new" only_gamma
    is_empty out
    kstruct 1 -d data diff --format json "$kernel" "$new"
    [ "$(jq -c '.definitions[0].after.modules' out)" = '["beta","gamma_ray"]' ] || fail "no modules"
    kstruct 1 -d data diff --format md "$kernel" "$new"
    has out '^### `connection`, modules beta, gamma&#95;ray$'
}

# Three kernels with modules, each with its own structs; the first of them is in before/ already.
set_up_three() {
    local number
    for number in 1 2 3; do
        release=5.$number.0-26-generic
        top=usr/lib/debug/lib/modules/$release/kernel
        write_sources
        write_many_structs many.c 200 "$number"
        cat many.c >>vmlinux.c
        sed 's/many_/module_many_/g' many.c >>alpha.c
        build "$number"
        pack_deb "$number.root" xz "$number.ddeb"
        echo "$release-amd64 file=$number.ddeb" >>kernels.list
    done
    head -n 1 kernels.list >first.list
    kstruct 0 -q -l first.list -d before run
}

# All that there is of the kernels that are listed, their modules included.
dump_all() { # DATADIR LIST OUTPUT
    local name
    mkdir "$3"
    cut -d ' ' -f 1 "$2" >names
    while read -r name; do
        kstruct 0 -d "$1" export -k "$name" --image all --kind struct,union,enum,typedef,int \
            -o "$3/$name.jsonl"
    done <names
}

# The kernel that was there is whole right after the kill, and the next run gives what an undisturbed
# one gives.
test_kill_at_any_moment() {
    local round at killed=0 kills=${KSTRUCT_KILLS:-10}
    build_fault
    set_up_three
    dump_all before first.list first
    cp -r before data
    count_calls -q -l kernels.list -d data run
    dump_all data kernels.list wanted
    for ((round = 0; round < kills; round++)); do
        at=$((1 + CALLS * round / kills))
        rm -rf data first_again found
        cp -r before data
        kill_at_call run "$at" -q -l kernels.list -d data run
        # shellcheck disable=SC2153 # kill_at_call sets it
        [ "$STATUS" -ne 137 ] || killed=$((killed + 1))
        dump_all data first.list first_again
        same first first_again
        kstruct 0 -q -l kernels.list -d data run
        is_empty err
        dump_all data kernels.list found
        same wanted found
    done
    echo "$killed of $kills killed within $CALLS calls"
    [ "$killed" -ge $((kills / 2)) ] || fail "only $killed of $kills were at work when they were killed"
}
