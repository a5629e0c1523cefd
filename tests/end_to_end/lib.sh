# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What the test files share. run.sh sources this file in the test's own shell, with -euo pipefail,
# in an empty directory.

export LC_ALL=C.UTF-8
export HOME=$PWD/home # no default may lead to the caller's files
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
export no_proxy=127.0.0.1

at_exit=()

run_at_exit() {
    local command
    for command in "${at_exit[@]}"; do
        eval "$command" || true
    done
}
trap run_at_exit EXIT

# Kills a process that this shell has started, unless it has ended: then its number may be that of
# somebody else's.
end_job() { # PROCESS
    ! jobs -rp | grep -qx "$1" || kill -9 "$1"
    wait "$1" 2>/dev/null || true
}

fail() { # WHY
    echo "$1" >"$E2E_REASON"
    echo "FAILED: $1" >&2
    exit 1
}

skip() { # WHY
    echo "$1" >"$E2E_REASON"
    exit 77
}

need() { # PROGRAM...
    local program
    for program in "$@"; do
        command -v "$program" >/dev/null || skip "there is no $program here"
    done
}

# Runs kstruct, which must exit with STATUS. Its output is in the files out and err afterwards.
kstruct() { # STATUS ARGUMENT...
    local wanted=$1 status=0
    shift
    "$KSTRUCT" "$@" >out 2>err </dev/null || status=$?
    if [ "$status" -ne "$wanted" ]; then
        head -n 20 err
        fail "kstruct $*: exit status $status instead of $wanted"
    fi
}

# Runs kstruct, which must exit with STATUS and say why in one line in which all the extended regular
# expressions are found, with nothing on standard output.
refused() { # STATUS EXPRESSION... -- ARGUMENT...
    local status=$1
    local -a expressions=()
    shift
    while [ "$1" != -- ]; do
        expressions+=("$1")
        shift
    done
    shift
    kstruct "$status" "$@"
    cat err
    [ ! -s out ] || fail "kstruct $*: prints to standard output: $(head -n 1 out)"
    [ "$(wc -l <err)" -eq 1 ] || fail "kstruct $*: $(wc -l <err) lines instead of one"
    [[ $(cat err) == "kstruct: "* ]] || fail "kstruct $*: does not begin with its name"
    local expression
    for expression in "${expressions[@]}"; do
        has err "$expression"
    done
}

has() { # FILE EXPRESSION
    grep -Eq -e "$2" "$1" || {
        head -n 20 "$1"
        fail "$1 has no line with $2"
    }
}

# The same with a text as it stands.
has_text() { # FILE TEXT
    grep -Fq -e "$2" "$1" || {
        cat "$1"
        fail "$1 has no $2"
    }
}

lacks() { # FILE EXPRESSION
    ! grep -E -e "$2" "$1" || fail "$1 has a line with $2"
}

is_empty() { # FILE
    [ ! -s "$1" ] || fail "$1 is not empty: $(head -n 1 "$1")"
}

exists() { # PATH...
    local path
    for path in "$@"; do
        [ -e "$path" ] || fail "there is no $path"
    done
}

is_gone() { # PATH...
    local path
    for path in "$@"; do
        [ ! -e "$path" ] || fail "there is $path"
    done
}

# The stamp of a report tells when its files were written.
same() { # FILE|DIRECTORY FILE|DIRECTORY
    diff -r -u -x .kstruct-report "$1" "$2" || fail "$1 and $2 differ"
}

# Is the document as report/schemas/NAME.schema.json says? All objects with listed keys count as closed,
# so that every key has a description.
validate() { # NAME FILE
    python3 - "$E2E_DIRECTORY/../../report/schemas/$1.schema.json" "$2" <<'END'
import json, jsonschema, sys
schema, document = (json.load(open(path)) for path in sys.argv[1:])
def close(node, key=None):
    if isinstance(node, dict):
        if "properties" in node:
            node.setdefault("additionalProperties", False)
            for name, value in node["properties"].items():
                assert value.get("description"), f"{name} has no description"
        for name, value in node.items():
            close(value)
    elif isinstance(node, list):
        for value in node:
            close(value)
close(schema)
jsonschema.validators.validator_for(schema).check_schema(schema)
jsonschema.validate(document, schema)
END
}

# Name, size, time and inode of every file below, but for what SQLite keeps its readers' locks in.
snapshot() { # DIRECTORY...
    find "$@" -type f ! -name '*.db-shm' -printf '%p %s %T@ %i\n' | sort
}

sha256() { # FILE
    sha256sum "$1" | cut -d ' ' -f 1
}

# Makes $E2E_CACHE/NAME unless it is there: the command has to leave it in made. Tests that run at the
# same time wait for whoever makes it; if that one fails or is killed, the next one tries.
once() { # NAME COMMAND [ARGUMENT...]
    local place=$E2E_CACHE/$1
    [ ! -e "$place" ] || return 0
    shift
    (
        flock 8
        if [ ! -e "$place" ]; then
            rm -rf made
            "$@" 8>&-
            mv made "$place"
        fi
    ) 8>>"$place.lock"
}

# A C file with the text by which a kernel says which one it is.
write_banner() { # RELEASE FILE
    cat >"$2" <<END
const char banner[] = "Linux version $1 (builder@host) (a compiler) #1 SMP";
void start(void);
void start(void) { }
END
}

# vmlinux out of a C file; everything after the output is for the compiler. Tests that want the same one
# share it, unless its text depends on other files.
make_vmlinux() { # SOURCE RELEASE OUTPUT [COMPILER [FLAG...]]
    local source=$1 release=$2 output=$3 known word
    shift 3
    [ $# -gt 0 ] || set -- gcc
    known=$E2E_CACHE/vmlinux_$({
        echo "$source $release $*"
        cat "$source"
        for word in "$@"; do
            [ ! -f "$word" ] || cat "$word"
        done
    } | md5sum | cut -d ' ' -f 1)
    if [ -e "$known" ] && ! grep -q '#include "' "$source"; then
        cp "$known" "$output"
        return
    fi
    compile_vmlinux "$source" "$release" "$output" "$@"
    cp "$output" "$known.$BASHPID"
    mv -f "$known.$BASHPID" "$known"
}

compile_vmlinux() { # SOURCE RELEASE OUTPUT COMPILER [FLAG...]
    local source=$1 release=$2 output=$3 compiler=$4
    shift 4
    write_banner "$release" "$output.banner.c"
    "$compiler" -g -nostdlib -static -ffreestanding -fno-stack-protector -Wl,-e,start "$@" \
        -o "$output" "$source" "$output.banner.c"
    rm "$output.banner.c"
}

# Has an ELF file say that it is for another machine: ELF's number, such as 62 for amd64 and 183 for
# arm64.
set_machine() { # FILE NUMBER
    # shellcheck disable=SC2059 # the format is made here
    printf "\\x$(printf %x "$2")\\x00" | dd of="$1" bs=1 seek=18 conv=notrunc status=none
}

# A .deb with the files of a directory; COMPRESSION: gzip, xz, zstd or none, or bzip2, which dpkg-deb
# no longer writes. Level 1, since nobody needs it small.
pack_deb() { # DIRECTORY COMPRESSION OUTPUT
    mkdir -p "$1/DEBIAN"
    cat >"$1/DEBIAN/control" <<END
Package: linux-image-unsigned-dbgsym
Version: 1
Architecture: all
Maintainer: Builder <builder@host>
Description: a test
END
    if [ "$2" = bzip2 ]; then
        pack_bzip2 "$1" "$3"
    else
        dpkg-deb --root-owner-group -Z"$2" -z1 --build "$1" "$3" >/dev/null
    fi
}

pack_bzip2() { # DIRECTORY OUTPUT
    local members=$2.members output
    output=$(realpath -m "$2")
    mkdir "$members"
    echo 2.0 >"$members/debian-binary"
    tar -C "$1/DEBIAN" -czf "$members/control.tar.gz" ./control
    tar -C "$1" --exclude=./DEBIAN -cjf "$members/data.tar.bz2" .
    rm -f "$output"
    (cd "$members" && ar rc "$output" debian-binary control.tar.gz data.tar.bz2)
    rm -r "$members"
}

# A debug-symbol package with the vmlinux.
make_deb() { # VMLINUX RELEASE COMPRESSION OUTPUT
    local root=$4.root
    mkdir -p "$root/usr/lib/debug/boot" "$root/usr/share/doc/kernel"
    cp "$1" "$root/usr/lib/debug/boot/vmlinux-$2"
    echo "Kernel $2" >"$root/usr/share/doc/kernel/README"
    pack_deb "$root" "$3" "$4"
    rm -r "$root"
}

# Two kernels in the data set `data` and the list, of one machine and from one source, with NEW
# defined for the later one.
read_old_and_new() { # SOURCE OLD NEW
    make_vmlinux "$1" "${2%-*}" old.elf gcc
    make_vmlinux "$1" "${3%-*}" new.elf gcc -DNEW
    set_machine old.elf 62
    set_machine new.elf 62
    kstruct 0 -q -d data analyze old.elf
    kstruct 0 -q -d data analyze new.elf
    printf '%s file=old.elf\n%s file=new.elf baseline\n' "$2" "$3" >kernels.list
}

# A source with many structs, so that reading it takes some time.
write_many_structs() { # FILE COUNT SEED
    awk -v count="$2" -v seed="$3" 'BEGIN {
        for (i = 0; i < count; i++) {
            printf "struct many_%d {\n", i
            for (j = 0; j < 5 + (i * seed) % 7; j++)
                printf "    %s field_%d;\n", (i + j * seed) % 3 ? "long" : "char *", j
            if (i > 0)
                printf "    struct many_%d *before;\n", i - 1
            printf "} many_%d_object;\n", i
        }
    }' >"$1"
}

# Packages of kernels with so many structs that a run takes a while, made once for all tests, in
# site/; and kernels.list, in which every other one comes from a server.
set_up_large_kernels() { # STRUCTS NAME...
    local number=0 name cached
    cached=large_$(md5sum <<<"$*" | cut -d ' ' -f 1)
    once "$cached" make_large_kernels "$@"
    ln -s "$E2E_CACHE/$cached" site
    shift
    serve site
    for name in "$@"; do
        if [ $((number++ % 2)) -eq 0 ]; then
            echo "$name file=site/$name.deb"
        else
            echo "$name url=$SERVER/$name.deb"
        fi
    done >kernels.list
}

make_large_kernels() { # STRUCTS NAME...
    local structs=$1 seed=2 name
    shift
    mkdir made
    for name in "$@"; do
        write_many_structs many.c "$structs" $((seed++))
        make_vmlinux many.c "${name%-*}" vmlinux
        set_machine vmlinux 62
        make_deb vmlinux "${name%-*}" xz "made/$name.deb"
    done
}

# The published kernels in types_struct/, and the data set of them in data/; sets PUBLISHED, where they
# are from.
set_up_published() {
    PUBLISHED=${KSTRUCT_SHARED:-$E2E_DIRECTORY/../../../shared}/published
    [ -f "$PUBLISHED/types_struct.tar.zst" ] ||
        skip "there is no published data set at $PUBLISHED; name its parent in KSTRUCT_SHARED"
    once published make_published
    cp -r "$E2E_CACHE/published/." .
}

make_published() {
    mkdir made
    tar -C made --zstd -xf "$PUBLISHED/types_struct.tar.zst"
    kstruct 0 -q -d made/data import made
    is_empty err
}

# A key to sign an archive with, in the home keys/, and its public half as NAME.gpg.
make_key() { # NAME
    mkdir -p -m 700 keys
    at_exit+=("gpgconf --homedir '$PWD/keys' --kill gpg-agent")
    gpg --homedir keys --batch --quiet --passphrase '' --pinentry-mode loopback \
        --quick-gen-key "$1 <$1@example.org>" ed25519 sign never
    gpg --homedir keys --export "$1" >"$1.gpg"
}

# The same without what tells when the last run was.
snapshot_but_time() { # DIRECTORY...
    snapshot "$@" | grep -v '^data/status.json '
}

# Serves a directory on 127.0.0.1 until the test ends, or should have; sets SERVER to its URL. Its log is in the file server.log.
serve() { # DIRECTORY
    run_server server.log "$1" <<'END'
import functools, http.server
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
END
}

# Starts `kstruct serve` on any free port; sets SERVED to its URL and SERVING to its process.
start_serving() { # [ARGUMENT...]
    "$KSTRUCT" -v -d data "$@" serve --listen 127.0.0.1:0 >serve.log 2>&1 &
    SERVING=$!
    at_exit+=("kill $SERVING 2>/dev/null")
    wait_until grep -q '^serving http' serve.log
    # shellcheck disable=SC2034 # the tests ask there
    SERVED=$(sed -n 's|^serving \(http://.*\)/$|\1|p' serve.log)
}

# Serves a directory as fault_server.py does; what follows are options of that. Sets SERVER; the
# requests are in LOG.
serve_faults() { # DIRECTORY LOG [OPTION...]
    need python3
    : >"$2"
    start_server "$2.err" "$E2E_DIRECTORY/fault_server.py" "$@"
}

# Waits until no answer of the server at SERVER is under way, so that its log has all of them.
wait_until_idle() {
    exec 9<>"/dev/tcp/127.0.0.1/${SERVER##*:}"
    printf 'GET /idle HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&9
    grep -q idle <&9 || fail "the server is not idle"
    exec 9>&-
}

# Serves a directory with nginx; sets NGINX_URL. The log is in nginx/access.log.
run_nginx() { # DIRECTORY [DIRECTIVES]
    local status=0
    need python3
    # shellcheck source=tests/end_to_end/nginx.sh
    source "$E2E_DIRECTORY/nginx.sh"
    start_nginx "$1" nginx "${2:-}" || status=$?
    [ "$status" -ne 1 ] || skip "there is no nginx here"
    [ "$status" -eq 0 ] || fail "nginx does not start: $(tail -n 1 nginx/messages)"
    at_exit+=("end_job $NGINX_PID")
}

# A server whose HANDLER is made by the Python code on standard input; sets SERVER.
run_server() { # LOG ARGUMENT...
    local log=$1
    shift
    need python3
    {
        printf 'import signal, sys\nsignal.alarm(%d)\n' "$KSTRUCT_TEST_SECONDS"
        cat
        printf 'server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)\n'
        printf 'print("port", server.server_address[1], flush=True)\nserver.serve_forever()\n'
    } >server.py
    start_server "$log" server.py "$@"
}

# Starts a program that says "port NUMBER" on its standard output once it listens; the rest of what it
# says is in LOG.
start_server() { # LOG PROGRAM ARGUMENT...
    local log=$1 word="" port="" answer
    shift
    : >"$log"
    rm -f answer.fifo
    mkfifo answer.fifo
    python3 "$@" 2>>"$log" >answer.fifo </dev/null &
    at_exit+=("end_job $!")
    exec {answer}<answer.fifo
    read -r -t 60 word port <&"$answer" || true
    exec {answer}<&-
    [ "$word" = port ] || fail "the web server does not start: $(tail -n 1 "$log")"
    export SERVER=http://127.0.0.1:$port
}

# A URL where nobody answers: a port that was free a moment ago.
refused_url() {
    python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print("http://127.0.0.1:%d" % s.getsockname()[1])'
}

# Waits until the command succeeds.
wait_until() { # COMMAND ARGUMENT...
    local tries
    for ((tries = 0; tries < 2000; tries++)); do
        if "$@"; then
            return
        fi
        sleep 0.05
    done
    fail "waited for too long: $*"
}

# As root nothing is read-only; so the program runs as nobody then.
as_user() { # COMMAND ARGUMENT...
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
    else
        "$@"
    fi
}

# Puts an apt-get into PATH that runs the given script.
install_apt_get() { # SCRIPT
    mkdir -p bin
    printf '#!/bin/bash\n%s\n' "$1" >bin/apt-get
    chmod +x bin/apt-get
    export PATH=$PWD/bin:$PATH
}

# A program with it reserves more memory than any limit would leave, so it has none.
without_address_sanitizer() {
    ! grep -qa __asan_init "$KSTRUCT" || skip "with the address sanitizer no memory is bounded"
}

# NAME.so for LD_PRELOAD, out of NAME.c, made once for all tests.
build_library() { # NAME
    once "$1.so" gcc -shared -fPIC -D_GNU_SOURCE -o made "$E2E_DIRECTORY/$1.c" -ldl
    ln -s "$E2E_CACHE/$1.so" .
}

# $BUG: a library for LD_PRELOAD that has parsers misbehave, as parser_bug.c says.
build_parser_bug() {
    local status=0
    build_library parser_bug
    BUG=$PWD/parser_bug.so
    LD_PRELOAD=$BUG "$KSTRUCT" --version >out 2>err || status=$?
    [ "$status" -eq 0 ] || skip "this program takes no library into LD_PRELOAD: $(head -n 1 err)"
}

# fault_at.so: a library for LD_PRELOAD that has something happen at a call, as fault_at.c says.
build_fault() {
    build_library fault_at
    LD_PRELOAD=$PWD/fault_at.so "$KSTRUCT" --version >out 2>err ||
        skip "this program takes no library into LD_PRELOAD: $(head -n 1 err)"
}

# Runs kstruct, which must be done, and sets CALLS to how many calls on files its own process has made:
# moments at which it may be killed, however fast the machine is.
count_calls() { # ARGUMENT...
    : >calls
    KSTRUCT_FAULT=run:any:/:0:COUNT KSTRUCT_FAULT_COUNT=$PWD/calls LD_PRELOAD=$PWD/fault_at.so \
        kstruct 0 "$@"
    # shellcheck disable=SC2034 # who calls this uses it
    CALLS=$(stat -c %s calls)
}

# Runs kstruct in a process group of its own, all of which is killed at that call on a file of the
# process, `run` or `child`. Sets STATUS: 137 if it came to that.
kill_at_call() { # PROCESS NUMBER ARGUMENT...
    local fault=$1:any:/:$2:KILL-GROUP
    shift 2
    STATUS=0
    KSTRUCT_FAULT=$fault LD_PRELOAD=$PWD/fault_at.so setsid "$KSTRUCT" "$@" \
        >run.out 2>run.err </dev/null &
    PID=$!
    # shellcheck disable=SC2034
    wait "$PID" 2>/dev/null || STATUS=$?
}

# A kernel 5.4.0-26-generic for amd64, with one struct.
make_good_vmlinux() { # OUTPUT
    echo 'struct kit { int a; long b; } kit_object;' >kit.c
    make_vmlinux kit.c 5.4.0-26-generic "$1"
    set_machine "$1" 62
}

# What makes a data set one of the first version, which had structs only.
sql_to_first_version() {
    cat <<'END'
DROP VIEW field; DROP VIEW enumerator; DROP VIEW typedef; DROP TABLE layout_enumerator;
DROP TABLE further_image;
ALTER TABLE kernel DROP COLUMN modules;
ALTER TABLE kernel DROP COLUMN module_count;
DELETE FROM definition WHERE layout IN (SELECT id FROM layout WHERE kind <> 'struct');
DELETE FROM member WHERE layout IN (SELECT id FROM layout WHERE kind <> 'struct');
DELETE FROM layout WHERE kind <> 'struct';
ALTER TABLE layout RENAME TO new_layout;
ALTER TABLE member RENAME TO new_member;
DROP INDEX layout_name;
CREATE TABLE layout (id INTEGER PRIMARY KEY, name TEXT NOT NULL, byte_size INTEGER NOT NULL,
    lacks_member_sizes INTEGER NOT NULL, member_count INTEGER NOT NULL, digest BLOB NOT NULL UNIQUE);
CREATE INDEX layout_name ON layout (name);
CREATE TABLE member (layout INTEGER NOT NULL REFERENCES layout, ordinal INTEGER NOT NULL,
    depth INTEGER NOT NULL, name TEXT NOT NULL, type INTEGER NOT NULL REFERENCES type,
    bit_offset INTEGER NOT NULL, byte_size INTEGER NOT NULL, bitfield_size INTEGER NOT NULL,
    is_field INTEGER NOT NULL, PRIMARY KEY (layout, ordinal)) WITHOUT ROWID;
INSERT INTO layout SELECT id, name, ifnull(byte_size, 0), lacks_member_sizes, member_count, digest
    FROM new_layout;
INSERT INTO member SELECT layout, ordinal, depth, name, type, ifnull(bit_offset, 0), ifnull(byte_size, 0),
    bitfield_size, is_field FROM new_member;
DROP TABLE new_layout;
DROP TABLE new_member;
CREATE TABLE old_definition (kernel INTEGER NOT NULL REFERENCES kernel, layout INTEGER NOT NULL
    REFERENCES layout, ordinal INTEGER NOT NULL, source_file INTEGER REFERENCES source_file,
    line INTEGER NOT NULL, PRIMARY KEY (kernel, layout)) WITHOUT ROWID;
INSERT INTO old_definition SELECT kernel, layout, ordinal, source_file, line
    FROM definition JOIN image ON image.id = image;
DROP TABLE definition;
ALTER TABLE old_definition RENAME TO definition;
CREATE INDEX definition_layout ON definition (layout);
CREATE TABLE old_user (kernel INTEGER NOT NULL REFERENCES kernel, layout INTEGER NOT NULL REFERENCES layout,
    ordinal INTEGER NOT NULL, source_file INTEGER NOT NULL REFERENCES source_file,
    PRIMARY KEY (kernel, layout, ordinal)) WITHOUT ROWID;
INSERT INTO old_user SELECT kernel, layout, ordinal, source_file
    FROM further_user JOIN image ON image.id = image;
DROP TABLE further_user;
ALTER TABLE old_user RENAME TO further_user;
DROP TABLE image;
CREATE VIEW field AS SELECT 1;
ALTER TABLE kernel DROP COLUMN union_count;
ALTER TABLE kernel DROP COLUMN enum_count;
ALTER TABLE kernel DROP COLUMN typedef_count;
ALTER TABLE kernel DROP COLUMN int_count;
ALTER TABLE kernel DROP COLUMN reader_revision;
ALTER TABLE kernel DROP COLUMN passed_over;
DROP TABLE failure;
CREATE TABLE failure (name TEXT PRIMARY KEY, failed_at TEXT NOT NULL, kind TEXT NOT NULL,
    reason TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 1;
END
}
