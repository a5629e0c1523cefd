# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2016 # back quotes are the program's own
#
# What is wrong is said in one line that names the thing and what to do, with the exit status that
# the help promises; the other kernels are done all the same.

release=5.4.0-26-generic
kernel=$release-amd64

make_good_deb() { # OUTPUT [COMPRESSION]
    make_good_vmlinux "$1.vmlinux"
    make_deb "$1.vmlinux" "$release" "${2:-xz}" "$1"
}

# Packages and files.

test_truncated_packages() {
    local compression size cut
    write_many_structs many.c 2000 5
    make_vmlinux many.c "$release" vmlinux
    for compression in gzip xz zstd none bzip2; do
        make_deb vmlinux "$release" "$compression" whole.ddeb
        size=$(stat -c %s whole.ddeb)
        for cut in 4 9 60 100 $((size / 10)) $((size / 2)) $((size * 9 / 10)); do
            head -c "$cut" whole.ddeb >"cut.ddeb"
            echo "$compression, $cut of $size bytes"
            refused 1 'cut\.ddeb: ' 'fetch it again|give a' -- -d data analyze cut.ddeb
            refused 1 'cut\.ddeb: ' 'fetch it again|give a' -- extract cut.ddeb -o vmlinux.out
            is_gone vmlinux.out vmlinux.out.tmp.* data/kstruct.db
        done
    done
}

# Bytes after vmlinux are not read, so that damage there does no harm; but a package that lacks some
# of them did not arrive whole.
test_package_after_vmlinux() {
    mkdir -p root/usr/lib/debug/boot root/usr/lib/debug/zzz
    make_good_vmlinux vmlinux
    cp vmlinux "root/usr/lib/debug/boot/vmlinux-$release"
    head -c 3000000 /dev/urandom >root/usr/lib/debug/zzz/module.ko
    pack_deb root none package.deb
    cp package.deb damaged.deb
    head -c 500000 /dev/zero | dd of=damaged.deb bs=1000 seek=2000 conv=notrunc status=none
    kstruct 0 extract damaged.deb -o extracted
    cmp vmlinux extracted
    head -c 2000000 package.deb >cut.deb
    refused 1 '^kstruct: cut\.deb: is cut short' 'fetch it again' -- extract cut.deb -o cut
    is_gone cut
}

test_damaged_xz_package() {
    write_many_structs many.c 2000 5
    make_vmlinux many.c "$release" vmlinux
    make_deb vmlinux "$release" xz package.ddeb
    dd if=/dev/zero of=package.ddeb bs=1 seek=$(($(stat -c %s package.ddeb) / 2)) count=64 \
        conv=notrunc status=none
    refused 1 'package\.ddeb: ' 'damaged' 'fetch it again' -- -d data analyze package.ddeb
}

test_text_file_as_package() {
    echo 'This is a note to myself.' >note.ddeb
    refused 1 '^kstruct: note\.ddeb: ' 'neither an ELF file nor a Debian package' 'give a vmlinux' \
        -- -d data analyze note.ddeb
    refused 1 '^kstruct: note\.ddeb: ' 'does not begin as a Debian package' \
        -- extract note.ddeb -o vmlinux
    is_gone vmlinux data
}

test_empty_file_and_odd_files() {
    : >empty.ddeb
    mkdir directory
    mkfifo fifo
    refused 1 '^kstruct: empty\.ddeb: is empty' 'fetch it again' -- -d data analyze empty.ddeb
    refused 1 '^kstruct: empty\.ddeb: ' -- extract empty.ddeb -o vmlinux
    refused 1 '^kstruct: directory: ' 'regular file' -- -d data analyze directory
    refused 1 '^kstruct: nowhere: cannot open: No such file' -- -d data analyze nowhere
    refused 1 '^kstruct: nowhere: cannot open: No such file' -- extract nowhere -o vmlinux
    refused 1 '^kstruct: /dev/null: ' -- -d data analyze /dev/null
    is_gone data vmlinux
}

# A named pipe must not make the program wait for ever.
test_fifo_does_not_block() {
    local status=0
    mkfifo fifo
    timeout 5 "$KSTRUCT" -d data analyze fifo 2>err || status=$?
    [ "$status" -ne 124 ] || fail "kstruct analyze FIFO waits for ever"
    [ "$status" -eq 1 ] || fail "exit status $status instead of 1"
    has err '^kstruct: fifo: '
}

test_wrapper_without_vmlinux() {
    mkdir -p root/usr/share/doc/kernel
    echo nothing >root/usr/share/doc/kernel/copyright
    pack_deb root xz wrapper.ddeb
    refused 1 '^kstruct: wrapper\.ddeb: holds no vmlinux' 'wrapper' 'linux-image-unsigned' \
        -- -d data analyze wrapper.ddeb
    refused 1 '^kstruct: wrapper\.ddeb: holds no vmlinux' -- extract wrapper.ddeb -o vmlinux
    is_gone vmlinux data
}

test_vmlinux_only_as_link() {
    mkdir -p root/usr/lib/debug/boot
    ln -s /elsewhere "root/usr/lib/debug/boot/vmlinux-$release"
    pack_deb root gzip link.deb
    refused 1 '^kstruct: link\.deb: holds vmlinux only as a link' '/elsewhere' \
        -- -d data analyze link.deb
}

test_ar_without_data() {
    echo x >debian-binary
    ar rc other.a debian-binary
    refused 1 '^kstruct: other\.a: ' 'data\.tar' 'fetch it again|give a \.deb' -- -d data analyze other.a
}

test_vmlinux_without_dwarf() {
    make_good_vmlinux vmlinux
    strip vmlinux
    refused 1 '^kstruct: vmlinux: has no \.debug_info' 'dbgsym' -- -d data analyze vmlinux
    gcc -nostdlib -static -ffreestanding -Wl,-e,start -g -gsplit-dwarf -xc -o split - <<END
struct a { int b; } object;
void start(void) { }
END
    refused 1 '^kstruct: split: ' 'split' -- -d data analyze split
}

test_vmlinux_without_structs() {
    echo 'int a;' >plain.c
    make_vmlinux plain.c "$release" vmlinux
    refused 1 '^kstruct: vmlinux: ' 'defines no struct' -- -d data analyze vmlinux
}

test_truncated_vmlinux() {
    local cut size
    make_good_vmlinux vmlinux
    size=$(stat -c %s vmlinux)
    for cut in 3 20 64 $((size / 3)) $((size / 2)) $((size - 100)); do
        head -c "$cut" vmlinux >truncated
        refused 1 '^kstruct: truncated: ' -- -d data analyze truncated
    done
    is_gone data
}

# Any byte of the debug information may be wrong: an error or other structs, but no crash.
test_damaged_dwarf_never_crashes() {
    local round status offset size
    write_many_structs many.c 20 3
    make_vmlinux many.c "$release" vmlinux
    size=$(stat -c %s vmlinux)
    RANDOM=20200423
    for ((round = 0; round < 150; round++)); do
        cp vmlinux damaged
        offset=$(((RANDOM * 32768 + RANDOM) % size))
        printf '\xff\x80\x7f' | dd of=damaged bs=1 seek="$offset" conv=notrunc status=none
        status=0
        timeout 10 "$KSTRUCT" -q -d data analyze -k "$kernel" damaged >/dev/null 2>err || status=$?
        [ "$status" -le 1 ] || fail "exit status $status with the bytes at $offset damaged"
        [ "$status" -eq 0 ] || [ "$(wc -l <err)" -eq 1 ] || fail "not one line: $(cat err)"
    done
}

test_file_that_does_not_say_its_name() {
    echo 'struct kit { int a; long b; } kit_object;' >kit.c
    echo 'void start(void) { }' >>kit.c
    gcc -g -nostdlib -static -ffreestanding -Wl,-e,start -o vmlinux kit.c
    refused 2 '^kstruct: vmlinux: ' 'name it with -k' -- -d data analyze vmlinux
    kstruct 0 -d data analyze vmlinux -k "$kernel"
    kstruct 0 -d data export -k "$kernel"
}

test_bad_kernel_names() {
    make_good_vmlinux vmlinux
    refused 2 'no-number-amd64' 'does not begin with a version' \
        -- -d data analyze -k no-number-amd64 vmlinux
    refused 2 '5.4.0-26-generic-amd46' 'did you mean `amd64`' \
        -- -d data analyze -k 5.4.0-26-generic-amd46 vmlinux
    is_gone data
}

# What a run says, kernel by kernel.

# A list with one good kernel and one bad line: the good one is done, and the bad one said in one
# line with all the expressions.
run_with() { # LINE EXPRESSION...
    local expression line=$1
    shift
    rm -rf data
    [ -e good.deb ] || make_good_deb good.deb
    printf '%s\n%s file=good.deb\n' "$line" "$kernel" >kernels.list
    printf '[fetch]\nsources = mirror\nretry_wait = 0\ntries = 3\n' >quick.ini
    kstruct 3 -c quick.ini -q -l kernels.list -d data run
    cat err
    is_empty out
    grep '^kstruct: ' err | grep -v '^kstruct: warning: ' >errors || fail "no error is told"
    [ "$(wc -l <errors)" -eq 1 ] || fail "$(wc -l <errors) errors instead of one"
    for expression in "$@"; do
        has errors "$expression"
    done
    exists data/report/Struct/k/kit.md
    kstruct 0 -l kernels.list -d data status
    grep -F -- "${line%% *} " out | grep -q ' failed 20' || fail "status does not say that it failed"
    [ -z "$(find data -name '*.part')" ] || fail "a part of a package is left"
}

test_run_other_architecture() {
    make_good_vmlinux vmlinux
    run_with '5.4.0-26-generic-arm64 file=vmlinux' 'vmlinux: ' 'for amd64, not arm64' 'correct the line'
}

test_run_other_kernel() {
    make_good_vmlinux vmlinux
    run_with '5.8.0-25-generic-amd64 file=vmlinux' 'vmlinux: ' \
        'holds kernel 5.4.0-26-generic-amd64, not 5.8.0-25-generic-amd64' 'correct the line'
    kstruct 1 -d data export -k 5.8.0-25-generic-amd64
}

test_run_wrong_hash() {
    local hash
    mkdir site
    serve site
    make_good_deb site/some.deb
    hash=$(printf '%064d' 7)
    run_with "5.8.0-25-generic-amd64 url=$SERVER/some.deb sha256=$hash" "$SERVER/some.deb: " \
        "$hash" "$(sha256 site/some.deb)" 'fetch again'
    is_gone data/packages/5.8.0-25-generic-amd64.deb
    run_with "5.8.0-25-generic-amd64 file=site/some.deb sha256=$hash" 'site/some.deb: ' \
        "$hash" 'correct the list'
}

test_run_html_page() {
    mkdir site
    serve site
    echo '<!DOCTYPE html><html><body>Please log in.</body></html>' >site/login.ddeb
    run_with "5.8.0-25-generic-amd64 url=$SERVER/login.ddeb" "$SERVER/login.ddeb: " \
        'neither a package' '<!DOCTYPE html>' 'browser'
    is_gone data/packages/5.8.0-25-generic-amd64.ddeb
}

test_run_not_found() {
    mkdir site
    serve site
    run_with "5.8.0-25-generic-amd64 url=$SERVER/nowhere.ddeb" "$SERVER/nowhere.ddeb: " 404
    has out 'failed 20..-..-.*Z: not found: '
    run_with "5.8.0-25-generic-amd64 url=file://$PWD/nowhere.ddeb" 'nowhere.ddeb: ' 'cannot open'
    run_with '5.8.0-25-generic-amd64 file=nowhere.ddeb' 'nowhere.ddeb: ' 'no such file'
}

test_run_server_that_refuses() {
    need python3
    local url
    url=$(refused_url)
    run_with "5.8.0-25-generic-amd64 url=$url/some.ddeb" "$url/some.ddeb: " '[Cc]onnect'
    has out 'failed 20..-..-.*Z: inconclusive: '
    kstruct 3 -c quick.ini -l kernels.list -d data run
    [ "$(grep -c 'next try in' err)" -eq 2 ] || fail "it is not tried three times"
}

# The server promises more bytes than it sends.
test_run_connection_that_ends_early() {
    run_server server.log <<'END'
import http.server
class handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b"!<arch>\n" + b"debian-binary   0           0     0     100644  4         `\n2.0\n")
END
    run_with "5.8.0-25-generic-amd64 url=$SERVER/half.ddeb" 'half.ddeb: ' \
        'ended before' 'try again later'
    is_gone data/packages/5.8.0-25-generic-amd64.ddeb
}

test_run_no_vmlinux_or_no_dwarf() {
    mkdir -p root/usr/share
    pack_deb root xz wrapper.ddeb
    run_with '5.8.0-25-generic-amd64 file=wrapper.ddeb' 'wrapper.ddeb: holds no vmlinux'
    make_good_vmlinux stripped
    strip stripped
    run_with '5.8.0-25-generic-amd64 file=stripped' 'stripped: has no .debug_info'
    make_good_deb whole.ddeb
    head -c 900 whole.ddeb >cut.ddeb
    run_with '5.8.0-25-generic-amd64 file=cut.ddeb' 'cut.ddeb: ' 'fetch it again'
}

test_run_apt_does_not_know() {
    # shellcheck disable=SC2016 # the script expands it
    install_apt_get 'echo "E: Unable to locate package $3" >&2; exit 100'
    run_with '5.8.0-25-generic-amd64 apt=linux-image-none' 'linux-image-none: ' \
        'Unable to locate package linux-image-none' 'apt-get update'
    install_apt_get 'echo "E: The lock is held" >&2; exit 100'
    run_with '5.8.0-25-generic-amd64 apt=linux-image-none' 'linux-image-none: ' 'The lock is held'
    has out ' inconclusive: '
}

test_run_pattern() {
    run_with '5.8.0-*-generic-amd64 latest=2' '^kstruct: 5\.8\.0-\*-generic-amd64: ' 'no kernel is known that it stands for'
}

# A failed kernel keeps what is known of it, and says so.
test_failure_keeps_what_was_there() {
    make_good_deb good.deb
    printf '%s file=good.deb\n' "$kernel" >kernels.list
    kstruct 0 -l kernels.list -d data run
    kstruct 0 -d data export -k "$kernel" -o before.jsonl
    echo spoiled >good.deb
    touch -d '+3 seconds' good.deb
    kstruct 1 -l kernels.list -d data run
    kstruct 0 -d data export -k "$kernel" -o after.jsonl
    same before.jsonl after.jsonl
    exists data/report/Struct/k/kit.md
}

test_all_kernels_fail() {
    printf '%s file=nowhere.deb\n' "$kernel" >kernels.list
    refused 1 'nowhere.deb: ' 'no such file' -- -q -l kernels.list -d data run
    refused 1 'nowhere.deb: ' -- -q -l kernels.list -d data fetch
}

# The list and the settings.

test_bad_lines_of_the_list() {
    mkdir site
    serve site
    cat >kernels.list <<END
5.4.0-26-generic-amd64 url=$SERVER/some.deb
5.8.0-25-generic-amd64 verson=5.8.0-25.26
5.8.0-25-generic-amd46
5.4.0-26-generic-amd64
5.5.0-1-generic-amd64 file=a url=$SERVER/b.deb
5.6.0-1-generic-amd64 sha256=abc
5.7.0-1-generic-amd64 skip="no end
5.9.0-1-generic-amd64 colour=red
5.10.0-1-generic-amd64 baseline
5.11.0-1-generic-amd64 baseline
END
    kstruct 2 -l kernels.list -d data run
    cat err
    has err '^kstruct: kernels.list:2:24: .*`verson=`.*did you mean `version=`'
    has err '^kstruct: kernels.list:3:1: .*did you mean `.*amd64`'
    has err '^kstruct: kernels.list:4(:1)?: .*listed twice.*line 1'
    has err '^kstruct: kernels.list:5:23: .*`(url|file)=` and `(url|file)=` both say'
    has err '^kstruct: kernels.list:6:30: .*sha256'
    has err '^kstruct: kernels.list:7:[0-9]+: .*quote'
    has err '^kstruct: kernels.list:8:23: .*unknown key `colour=`'
    has err '^kstruct: kernels.list:10(:[0-9]+)?: .*second `baseline`.*line 9'
    has err '^kstruct: kernels.list: has 8 errors$'
    lacks server.log GET
    is_gone data
    for command in fetch list status "report -o pages"; do
        # shellcheck disable=SC2086 # two words
        kstruct 2 -l kernels.list -d data $command
    done
    is_gone pages
}

test_line_numbers_count_every_line() {
    printf '# one\n\n   # three\n\t5.4.0-26-generic-amd64\r\n  oops\n' >kernels.list
    kstruct 2 -l kernels.list list
    has err '^kstruct: kernels.list:5:3: '
}

test_list_that_is_not_there() {
    refused 2 '^kstruct: nowhere.list: ' 'no such list' '-l' -- -l nowhere.list list
    mkdir directory
    kstruct 1 -l directory list
    has err '^kstruct: directory: '
    # It never begins as UTF-8, so that its first line is wrong whatever comes.
    { printf '\377' && head -c 1999 /dev/urandom; } >random.list
    kstruct 2 -l random.list list
    has err '^kstruct: random.list:1'
    if grep -q '[[:cntrl:]]' err; then
        fail "control characters of the file reach the terminal"
    fi
}

test_bad_settings() {
    echo "$kernel" >kernels.list
    printf '[kstruct]\nlist = kernels.list\ndata_dri = data\n[colours]\nred = 1\n' >kstruct.ini
    kstruct 2 -c kstruct.ini list
    cat err
    has err '^kstruct: kstruct.ini:3(:[0-9]+)?: .*`data_dri`.*did you mean `data_dir`'
    has err '^kstruct: kstruct.ini:[45](:[0-9]+)?: .*colours'
    printf '[kstruct]\nlist = kernels.list\njobs = many\n' >kstruct.ini
    kstruct 2 -c kstruct.ini list
    has err '^kstruct: kstruct.ini:3(:[0-9]+)?: .*jobs.*many'
    refused 2 '^kstruct: nowhere.ini: ' -- -c nowhere.ini -l kernels.list list
}

# Words of the command line.

test_unknown_words() {
    echo "$kernel" >kernels.list
    refused 2 'there is no command `anlyze`' 'did you mean `analyze`' -- anlyze
    refused 2 'there is no command `xyzzy`' 'kstruct --help' -- xyzzy
    refused 2 'no command is given' 'kstruct --help' --
    refused 2 'there is no option -x' 'kstruct --help' -- -x list
    refused 2 'there is no option --colour' 'kstruct list --help' -- list --colour
    refused 2 'there is no option --jsno; did you mean --json\?; see `kstruct list --help`' -- list --jsno
    refused 2 'there is no option --qiuet; did you mean --quiet\?; see' -- --qiuet list
    refused 2 'there is no option --formta=json; did you mean --format\?' -- report --formta=json
    refused 2 'option -l wants a value' -- list -l
    refused 2 'option --list wants a value' -- list --list
    refused 2 '-j wants a number' 'many' -- -l kernels.list -j many list
    refused 2 '-j wants a number' -- -l kernels.list -j -1 list
    refused 2 '-q and -v' -- -l kernels.list -q -v list
    refused 2 'one file is wanted' 'kstruct analyze --help' -- analyze
    refused 2 'kstruct analyze --help' -- analyze one two
    refused 2 'kstruct extract --help' -- extract one
    refused 2 'kstruct export --help' -- export
    refused 2 'kstruct import --help' -- import
    refused 2 'kstruct show --help' -- show
    refused 2 'kstruct report --help' -- report
    refused 2 'no word' -- -l kernels.list list more
    refused 2 'no format `yaml`' 'md' -- -l kernels.list report -o pages --format yaml
    refused 2 'kernels.list: ' 'has no kernel 5.4.0-26-genric-amd64' 'did you mean 5.4.0-26-generic-amd64' \
        -- -l kernels.list -d data run 5.4.0-26-genric-amd64
    is_gone data pages
}

# Options that are glued together, or spelled with a value that they do not take.
test_options_in_odd_forms() {
    echo "$kernel" >kernels.list
    refused 2 'there is no option -x' -- -qx -l kernels.list list
    refused 2 '--quiet' -- --quiet=yes -l kernels.list list
    refused 2 '--l|ambiguous|no option' -- --nothing kernels.list list
}

test_unknown_struct_and_kernel() {
    make_good_vmlinux vmlinux
    kstruct 0 -d data analyze vmlinux
    refused 1 '^kstruct: kitt: no definition of that name in any kernel of the data set; did you mean kit\?$' -- -d data show kitt
    refused 1 '^kstruct: kitt: no definition of that name in 5.4.0-26-generic-amd64; did you mean kit\?$' \
        -- -d data show kitt -k "$kernel"
    refused 1 'data/kstruct.db: has no kernel 5.8.0-25-generic-amd64' 'kstruct status' \
        -- -d data show kit -k 5.8.0-25-generic-amd64
    refused 1 'data/kstruct.db: has no kernel 5.8.0-25-generic-amd64' 'kstruct status' \
        -- -d data export -k 5.8.0-25-generic-amd64
}

# Data sets and directories.

test_no_data_set() {
    echo "$kernel" >kernels.list
    local command
    for command in "export -k $kernel" "show kit" "-l kernels.list report -o pages"; do
        # shellcheck disable=SC2086 # several words
        refused 1 'data/kstruct.db: there is no data set yet' 'kstruct run' -- -d data $command
    done
    is_gone data pages
}

# Before the first run, every kernel is missing: that is an answer, not an error.
test_status_before_the_first_run() {
    echo "$kernel" >kernels.list
    kstruct 0 -l kernels.list -d data status
    has out "^$kernel +wanted +not tried yet$"
    is_gone data
}

test_report_without_a_listed_kernel() {
    make_good_vmlinux vmlinux
    kstruct 0 -d data analyze vmlinux
    echo '6.8.0-31-generic-amd64' >kernels.list
    refused 1 '^kstruct: kernels.list: ' 'none of its kernels' 'kstruct run' '--all' \
        -- -l kernels.list -d data report -o pages
    kstruct 0 -l kernels.list -d data report -o pages --all
    exists pages/Struct/k/kit.md
}

test_data_set_that_is_another_file() {
    echo "$kernel" >kernels.list
    mkdir data
    echo 'Dear diary, this is longer than the header of a data set would be, surely.' >data/kstruct.db
    cp data/kstruct.db diary
    local command
    for command in "export -k $kernel" "show kit" "-l kernels.list status" \
        "-l kernels.list report -o pages" "-l kernels.list run"; do
        # shellcheck disable=SC2086 # several words
        refused 1 'data/kstruct.db: ' 'not a database|not a data set' -- -d data $command
    done
    same diary data/kstruct.db
}

change_database() { # SQL
    need python3
    python3 - "$1" <<'END'
import sqlite3, sys
database = sqlite3.connect("data/kstruct.db")
database.execute(sys.argv[1])
database.commit()
END
}

test_data_set_of_another_program() {
    mkdir data
    change_database 'create table a (b)'
    refused 1 'data/kstruct.db: is an SQLite file of another program' -- -d data show kit
}

test_data_set_of_a_newer_program() {
    make_good_vmlinux vmlinux
    kstruct 0 -d data analyze vmlinux
    change_database 'pragma user_version = 99'
    refused 1 'data/kstruct.db: was made by a newer kstruct' 'another data directory' \
        -- -d data show kit
}

test_directories_that_cannot_be() {
    echo "$kernel" >kernels.list
    : >file
    make_good_vmlinux vmlinux
    refused 1 '^kstruct: file' 'Not a directory|File exists' -- -d file analyze vmlinux
    refused 1 '^kstruct: file' 'Not a directory|File exists' -- -l kernels.list -d file/data run
    kstruct 0 -d data analyze vmlinux
    refused 1 '^kstruct: file' 'Not a directory|File exists' -- -l kernels.list -d data report -o file
    refused 1 '^kstruct: nowhere/out: ' 'No such file' -- -d data export -k "$kernel" -o nowhere/out
    refused 1 '^kstruct: nowhere/types_struct: ' 'No such file' -- -d data import nowhere
}

test_bad_imports() {
    mkdir -p top/types_struct
    refused 1 '^kstruct: top: ' 'KERNEL.jsonl' -- -d data import top
    echo '{"kind": "STRUCT", "name": "kit", "size": 4, "members": []}' >"top/types_struct/$kernel.jsonl"
    echo '{"kind": "STRUCT", "name": ' >top/types_struct/5.8.0-25-generic-amd64.jsonl
    kstruct 3 -q -d data import top
    [ "$(wc -l <err)" -eq 1 ] || fail "not one line"
    has err '^kstruct: top/types_struct/5.8.0-25-generic-amd64.jsonl: line 1 is not JSON'
    kstruct 0 -d data export -k "$kernel"
    rm "top/types_struct/$kernel.jsonl"
    echo '{"kind": "STRUCT", "name": "kit", "members": 7}' >top/types_struct/5.8.0-25-generic-amd64.jsonl
    refused 1 '5.8.0-25-generic-amd64.jsonl: line 1 is not of the published schema' -- -q -d data import top
    mv top/types_struct/5.8.0-25-generic-amd64.jsonl top/types_struct/notes.jsonl
    refused 1 '^kstruct: top/types_struct/notes.jsonl: ' -- -q -d data import top
    mv top/types_struct/notes.jsonl top/types_struct/5.8.0-25-generic-amd64.jsonl.zst
    refused 1 '^kstruct: top/types_struct/5.8.0-25-generic-amd64.jsonl.zst: ' -- -q -d data import top
}

test_object_file() {
    echo 'struct a { int b; } object;' | gcc -g -c -xc -o object.o -
    refused 1 '^kstruct: object.o: is an object file or module' 'linked vmlinux' -- \
        -d data analyze -k 5.4.0-26-generic-amd64 object.o
}

test_output_to_a_device_leaves_it_a_device() {
    make_good_vmlinux vmlinux
    kstruct 0 -d data analyze -k 5.4.0-26-generic-amd64 vmlinux
    mkfifo pipe
    timeout 10 cat pipe >got &
    kstruct 0 -d data export -k 5.4.0-26-generic-amd64 -o pipe
    wait $!
    [ -p pipe ] || fail "the pipe was replaced"
    kstruct 0 -d data export -k 5.4.0-26-generic-amd64
    same out got
    ln -s target link
    touch target
    kstruct 0 -d data export -k 5.4.0-26-generic-amd64 -o link
    [ -L link ] || fail "the link was replaced"
    same target got
}

# A few bytes that say a lot: each of many typedefs has all members of one large struct.
test_btf_that_unfolds_is_refused() {
    python3 - bomb.btf <<'P'
import struct, sys
members, typedefs = 20000, 1000
strings = b"\0int\0m\0"
types = struct.pack("<IIII", 1, 1 << 24, 4, 1 << 24 | 32)
types += struct.pack("<III", 0, 4 << 24 | members, 4 * members)
types += b"".join(struct.pack("<III", 5, 1, 32 * i) for i in range(members))
for i in range(typedefs):
    types += struct.pack("<III", len(strings), 8 << 24, 2)
    strings += b"t%d\0" % i
head = struct.pack("<HBBIIIII", 0xEB9F, 1, 0, 24, 0, len(types), len(types), len(strings))
open(sys.argv[1], "wb").write(head + types + strings)
P
    refused 1 'bomb.btf: its definitions take more than [0-9]+ bytes' -- \
        -d data analyze -k 5.4.0-26-generic-amd64 bomb.btf
}
