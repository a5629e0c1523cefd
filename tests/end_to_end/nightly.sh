# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# `kstruct run` over small kernels named like Ubuntu's, from every kind of source: what a cron job
# sees, and the pages that come out.

base=5.4.0-26-generic-amd64
kernels=(4.15.0-20-generic-amd64 "$base" 5.8.0-25-generic-amd64 5.4.0-26-generic-arm64
    5.4.0-1009-aws-amd64 5.4.0-1010-azure-amd64)

# The sources of the baseline, and what the other kernels have otherwise.
write_source() { # KERNEL FILE
    case $1 in
    4.15.0-*)
        cat >"$2" <<'END'
struct kit_old { int gone; };
struct kit_old old_object;
END
        ;;
    5.8.0-*)
        cat >"$2" <<'END'
struct task_struct;
struct kit_state {
    unsigned long flags;
    long count;
    void *owner;
    struct task_struct *waiters[4];
    union { int a; struct { char b, c; }; };
    int (*notify)(struct kit_state *, const char *, ...);
};
struct _Kit_new { unsigned int ready : 1; };
struct kit_state state_object;
struct _Kit_new new_object;
END
        ;;
    *-arm64)
        cat >"$2" <<'END'
struct task_struct;
struct kit_state {
    unsigned long flags;
    int count;
    const char *name;
    struct task_struct *waiters[4];
    union { int a; struct { char b, c; }; };
    int (*notify)(struct kit_state *, const char *, ...);
    unsigned char tag[2][8];
};
struct kit_old { int gone; };
struct kit_state state_object;
struct kit_old old_object;
END
        ;;
    *-azure-*)
        cat >"$2" <<'END'
struct kit_old { int gone; };
struct kit_azure { volatile int ring[8]; };
struct kit_old old_object;
struct kit_azure *azure_object;
END
        ;;
    *)
        cat >"$2" <<'END'
struct task_struct;
struct kit_state {
    unsigned long flags;
    int count;
    const char *name;
    struct task_struct *waiters[4];
    union { int a; struct { char b, c; }; };
    int (*notify)(struct kit_state *, const char *, ...);
};
struct kit_old { int gone; };
struct kit_state state_object;
struct kit_old old_object;
END
        ;;
    esac
}

# The list is made for amd64; its vmlinux says so wherever this runs.
build_kernel() { # KERNEL OUTPUT
    local machine=62
    write_source "$1" "$2.c"
    make_vmlinux "$2.c" "${1%-*}" "$2"
    [[ $1 != *-arm64 ]] || machine=183
    set_machine "$2" "$machine"
}

# Kernels from a file, a package, http, file:// and apt; and the list and settings of them.
set_up() {
    local kernel
    mkdir site local
    serve site
    for kernel in "${kernels[@]}"; do
        build_kernel "$kernel" "local/$kernel"
    done
    make_deb "local/$base" "${base%-*}" xz local/baseline.ddeb
    make_deb local/5.8.0-25-generic-amd64 5.8.0-25-generic zstd site/groovy_5.8.0-25.26_amd64.ddeb
    make_deb local/5.4.0-26-generic-arm64 5.4.0-26-generic none site/arm.deb
    make_deb local/5.4.0-1009-aws-amd64 5.4.0-1009-aws gzip local/aws.deb
    make_deb local/5.4.0-1010-azure-amd64 5.4.0-1010-azure xz \
        site/linux-image-unsigned-5.4.0-1010-azure-dbgsym_5.4.0-1010.10_amd64.ddeb
    cat >kernels.list <<END
# from a vmlinux
4.15.0-20-generic-amd64  file=local/4.15.0-20-generic-amd64
$base  file=local/baseline.ddeb baseline
5.8.0-25-generic-amd64   url=$SERVER/groovy_5.8.0-25.26_amd64.ddeb version=5.8.0-25.26
5.4.0-26-generic-arm64   url=$SERVER/arm.deb sha256=$(sha256 site/arm.deb)
5.4.0-1009-aws-amd64     url=file://$PWD/local/aws.deb
5.4.0-1010-azure-amd64   apt=linux-image-unsigned-5.4.0-1010-azure-dbgsym
4.4.0-21-generic-amd64   skip="not today"
END
    use_apt_get
    printf '[kstruct]\nlist = kernels.list\ndata_dir = data\nreport_dir = pages\njobs = 2\n' >kstruct.ini
}

# apt-get as it answers for the one package it knows.
use_apt_get() {
    local name=linux-image-unsigned-5.4.0-1010-azure-dbgsym
    local file=${name}_5.4.0-1010.10_amd64.ddeb
    # shellcheck disable=SC2016 # the script expands its own
    install_apt_get 'if [ "$*" = "--print-uris download '$name'" ]; then
    echo "'"'$SERVER/$file'"' '"$file $(stat -c %s "site/$file") SHA256:$(sha256 "site/$file")"'"
else
    echo "E: Unable to locate package $3" >&2
    exit 100
fi'
}

test_everything_once_then_nothing() {
    set_up
    kstruct 0 -c kstruct.ini run
    is_empty out
    has err '^5.8.0-25-generic-amd64: fetched groovy_5.8.0-25.26_amd64.ddeb, [0-9]+ bytes$'
    has err '^5.4.0-26-generic-arm64: fetched arm.deb, [0-9]+ bytes, hash verified$'
    has err '^5.4.0-1010-azure-amd64: fetched .*, hash verified$'
    has err '^5.4.0-26-generic-amd64: 2 structs,'
    has err '^pages: 4 pages: 4 written, 0 unchanged, 0 removed$'
    has err '^6 kernels: 6 read, 0 up to date, 0 failed$'
    find pages/Struct -name '*.md' | sort >found
    printf '%s\n' pages/Struct/k/{_Kit_new,kit_azure,kit_old,kit_state}.md | sort >wanted
    same wanted found
    has pages/Struct/k/kit_old.md '<b>Regular</b>'
    has pages/Struct/k/kit_old.md '<b>Arch</b>'
    has pages/Struct/k/kit_old.md '<b>Flavor</b>'

    snapshot_but_time data pages local >before
    sleep 0.01
    kstruct 0 -c kstruct.ini run
    is_empty out
    has err '^nothing to do: 6 kernels and their pages are up to date$'
    [ "$(wc -l <err)" -eq 1 ] || fail "a run without work has more to say than that"
    snapshot_but_time data pages local >after
    same before after
}

# The page is written by hand from the format of pages.
test_golden_pages() {
    set_up
    kstruct 0 -c kstruct.ini run
    for name in kit_state _Kit_new; do
        same "$E2E_DIRECTORY/golden/$name.md" "pages/Struct/k/$name.md"
    done
}

test_quiet_run_is_silent() {
    set_up
    kstruct 0 -q -c kstruct.ini run
    is_empty out
    is_empty err
    kstruct 0 -c kstruct.ini run -q
    is_empty out
    is_empty err
}

# What cron mails is what went wrong, and nothing else.
test_quiet_run_tells_of_failures() {
    set_up
    echo not a package >local/aws.deb
    kstruct 3 -q -c kstruct.ini run
    [ "$(wc -l <err)" -eq 1 ] || fail "$(wc -l <err) lines instead of one"
    has err '^kstruct: .*aws.deb: '
}

# A try that failed and was made good is nothing to mail about.
test_quiet_run_that_recovers_is_silent() {
    build_kernel "$base" vmlinux
    make_deb vmlinux "${base%-*}" xz package.deb
    run_server server.log <<'END'
import http.server
class handler(http.server.BaseHTTPRequestHandler):
    tries = 0
    def do_GET(self):
        handler.tries += 1
        self.send_response(503 if handler.tries == 1 else 200)
        self.end_headers()
        if handler.tries > 1:
            self.wfile.write(open("package.deb", "rb").read())
END
    echo "$base url=$SERVER/package.deb" >kernels.list
    kstruct 0 -q -l kernels.list -d data run
    exists data/report/Struct/k/kit_state.md
    is_empty out
    is_empty err
}

test_status_and_list() {
    set_up
    kstruct 0 -c kstruct.ini list
    is_empty err
    [ "$(grep -c '^[0-9]' out)" -eq 7 ] || fail "$(grep -c '^[0-9]' out) kernels instead of 7"
    has out '^4.4.0-21-generic-amd64 .*skipped: not today$'

    mv local/baseline.ddeb away
    rm site/arm.deb
    kstruct 3 -c kstruct.ini run
    kstruct 0 -c kstruct.ini status
    is_empty err
    has out '^4.15.0-20-generic-amd64 +reported +1 struct, read 20..-..-..T..:..:..Z from 4.15.0-20-generic-amd64$'
    has out '^5.4.0-26-generic-amd64 +missing +failed 20.*: not found: .*baseline.ddeb'
    has out '^5.4.0-26-generic-arm64 +missing +failed 20.*: not found: http://.*404'
    has out '^4.4.0-21-generic-amd64 +skipped +not today$'
    mv away local/baseline.ddeb
    kstruct 3 -c kstruct.ini run
    kstruct 0 -c kstruct.ini status
    has out '^5.4.0-26-generic-amd64 +reported +2 structs?, read '
    has out '^5.4.0-26-generic-arm64 +missing +2 tries since 20.*Z, failed 20.*; tried again by the next run$'
    sed -i /arm64/d kernels.list
    echo '6.8.0-31-generic-amd64 file=nowhere' >>kernels.list
    sed -i '/^4.15/d' kernels.list
    kstruct 0 -c kstruct.ini status
    has out '^6.8.0-31-generic-amd64 +wanted +not tried yet$'
    has out '^4.15.0-20-generic-amd64 +reported +not in the list: 1 struct, read '
    lacks out arm64
}

test_named_kernels_only() {
    set_up
    kstruct 0 -c kstruct.ini run 5.4.0-26-generic-amd64 4.15.0-20-generic-amd64
    has err '^2 kernels: 2 read, 0 up to date, 0 failed$'
    lacks server.log GET
    kstruct 0 -c kstruct.ini run
    has err '^6 kernels: 4 read, 2 up to date, 0 failed$'
}

test_fetch_prints_paths() {
    local path
    set_up
    kstruct 0 -c kstruct.ini fetch
    [ "$(wc -l <out)" -eq 6 ] || fail "$(wc -l <out) paths instead of 6"
    while read -r path; do
        exists "$path"
    done <out
    : >server.log
    kstruct 0 -c kstruct.ini fetch
    [ "$(wc -l <out)" -eq 6 ] || fail "$(wc -l <out) paths instead of 6 the second time"
    lacks server.log GET
    kstruct 0 -c kstruct.ini run
    lacks server.log GET
}

# A file that was changed is read again; its page changes and no other.
test_changed_file_is_read_again() {
    set_up
    kstruct 0 -c kstruct.ini run
    echo 'struct kit_old { int gone; short added; } old_object;' >changed.c
    make_vmlinux changed.c 4.15.0-20-generic local/4.15.0-20-generic-amd64
    set_machine local/4.15.0-20-generic-amd64 62
    touch -d '+3 seconds' local/4.15.0-20-generic-amd64
    kstruct 0 -c kstruct.ini status
    has out '^4.15.0-20-generic-amd64 +.*run will read it'
    kstruct 0 -c kstruct.ini run
    has err '^6 kernels: 1 read, 5 up to date, 0 failed$'
    has err '^pages: 4 pages: 1 written, 3 unchanged, 0 removed$'
    has pages/Struct/k/kit_old.md '^<code>short int added</code>$'
}

# A file that takes another's place may be older than the last run: moved here, or unpacked with the
# package's times.
test_file_replaced_by_an_older_one_is_read_again() {
    set_up
    echo 'struct kit_old { int gone; short added; } old_object;' >changed.c
    make_vmlinux changed.c 4.15.0-20-generic waiting
    set_machine waiting 62
    touch -d '2020-01-01' waiting
    kstruct 0 -c kstruct.ini run
    mv waiting local/4.15.0-20-generic-amd64
    kstruct 0 -c kstruct.ini run
    has err '^6 kernels: 1 read, 5 up to date, 0 failed$'
    has pages/Struct/k/kit_old.md '^<code>short int added</code>$'
}

test_kernel_leaves_the_list() {
    set_up
    kstruct 0 -c kstruct.ini run
    sed -i '/azure/d' kernels.list
    kstruct 0 -c kstruct.ini run
    has err '^5 kernels: 0 read, 5 up to date, 0 failed$'
    is_gone pages/Struct/k/kit_azure.md
    lacks pages/Struct/k/kit_old.md azure
    has pages/Struct/k/kit_old.md 1009-aws
    sed -i 's/^5.4.0-1009-aws-amd64/& skip="for a while"/' kernels.list
    kstruct 0 -c kstruct.ini run
    lacks pages/Struct/k/kit_old.md '<b>Flavor</b>'
}

test_kernel_joins_the_list() {
    set_up
    grep -v azure kernels.list >whole.list
    mv kernels.list all.list
    mv whole.list kernels.list
    kstruct 0 -c kstruct.ini run
    mv all.list kernels.list
    kstruct 0 -c kstruct.ini run
    has err '^6 kernels: 1 read, 5 up to date, 0 failed$'
    exists pages/Struct/k/kit_azure.md
    kstruct 0 -c kstruct.ini report -o at_once
    # What was new, and when, is all that may differ.
    rm -f {pages,at_once}/{.kstruct-report,changes.*}
    same at_once pages
}

test_new_hash_url_or_version_is_fetched_again() {
    set_up
    kstruct 0 -c kstruct.ini run
    cp site/groovy_5.8.0-25.26_amd64.ddeb site/groovy_5.8.0-25.27_amd64.ddeb
    sed -i 's/5.8.0-25\.26/5.8.0-25.27/g' kernels.list
    kstruct 0 -c kstruct.ini run
    has err '^5.8.0-25-generic-amd64: fetched groovy_5.8.0-25.27_amd64.ddeb'
    has err '^6 kernels: 1 read, 5 up to date, 0 failed$'
    make_deb local/5.4.0-26-generic-arm64 5.4.0-26-generic gzip site/arm.deb
    sed -i "s/sha256=[0-9a-f]*/sha256=$(sha256 site/arm.deb)/" kernels.list
    kstruct 0 -c kstruct.ini run
    has err '^5.4.0-26-generic-arm64: fetched arm.deb'
    has err '^6 kernels: 1 read, 5 up to date, 0 failed$'
}

test_keep_none_removes_packages() {
    set_up
    printf '[fetch]\nkeep = none\n' >>kstruct.ini
    kstruct 0 -c kstruct.ini run
    [ -z "$(find data -name '*deb')" ] || fail "packages are kept: $(find data -name '*deb')"
    exists local/baseline.ddeb local/aws.deb local/4.15.0-20-generic-amd64
    kstruct 0 -c kstruct.ini run
    has err '^nothing to do'
}

# A page that somebody spoiled, or removed, comes back with the next report.
test_report_repairs_pages() {
    set_up
    kstruct 0 -c kstruct.ini run
    cp -r pages wanted
    rm wanted/.kstruct-report
    echo spoiled >pages/Struct/k/kit_state.md
    rm pages/Struct/k/kit_old.md
    kstruct 0 -c kstruct.ini report -o pages
    has err '^pages: 4 pages: 2 written, 2 unchanged, 0 removed$'
    rm -f pages/.kstruct-report
    same wanted pages
}

# Whatever happens to a file of the report, the next night sees it and mends it.
test_run_repairs_the_report() {
    local page=pages/Struct/k/kit_old.md
    set_up
    kstruct 0 -c kstruct.ini run
    cp -rp pages wanted
    rm $page
    kstruct 0 -c kstruct.ini run
    has err '^pages: 4 pages: 1 written, 3 unchanged, 0 removed$'
    rm pages/tables/status.json pages/Coverage.md
    kstruct 0 -c kstruct.ini run
    has err '^pages: [0-9]* tables: 2 written$'
    tr e f <$page >damaged
    cat damaged >$page
    kstruct 0 -c kstruct.ini run
    has err '^pages: 4 pages: 1 written, 3 unchanged, 0 removed$'
    cp $page pages/Struct/k/kit_stray.md
    kstruct 0 -c kstruct.ini run
    has err '^pages: 4 pages: 0 written, 4 unchanged, 1 removed$'
    mv pages/Struct/k elsewhere
    ln -s "$PWD/elsewhere" pages/Struct/k
    kstruct 1 -c kstruct.ini run
    has err 'pages/Struct/k: cannot open the directory'
    rm pages/Struct/k
    kstruct 0 -c kstruct.ini run
    has err '^pages: 4 pages: 4 written, 0 unchanged, 0 removed$'
    kstruct 0 -c kstruct.ini run
    has err '^nothing to do'
    rm {pages,wanted}/.kstruct-report
    same wanted pages
}

# From wherever the list is named, its files are the same.
test_run_from_another_directory() {
    set_up
    kstruct 0 -c kstruct.ini run
    mkdir elsewhere
    cd elsewhere || fail "cannot enter it"
    kstruct 0 -c ../kstruct.ini run
    has err '^nothing to do'
    kstruct 0 -c "$(realpath ../kstruct.ini)" run
    has err '^nothing to do'
}

# Files of the user's do not matter, in whatever folder; pages may lie on another disk.
test_report_beside_other_files() {
    set_up
    kstruct 0 -c kstruct.ini run
    mkdir -p pages/.git/objects pages/_site/Struct
    echo own >pages/.git/objects/own
    echo own >pages/_site/Struct/own.md
    kstruct 0 -c kstruct.ini run
    has err '^nothing to do'
    mv pages/Struct roomier
    ln -s "$PWD/roomier" pages/Struct
    kstruct 0 -c kstruct.ini run
    has err '^nothing to do'
    rm roomier/k/kit_old.md
    kstruct 0 -c kstruct.ini run
    has err '^pages: 4 pages: 1 written, 3 unchanged, 0 removed$'
}

# Pages that are all new appear at once. What a killed run left of them is used as far as it is
# right.
test_new_folder_is_finished() {
    set_up
    kstruct 0 -c kstruct.ini run
    cp -r pages wanted
    rm pages/.kstruct-report
    mv pages/Struct pages/.kstruct-Struct.new
    printf half >pages/.kstruct-Struct.new/k/kit_old.md
    echo stray >pages/.kstruct-Struct.new/k/.kstruct-0.tmp
    kstruct 0 -c kstruct.ini run
    has err '^pages: 4 pages: 1 written, 3 unchanged, 0 removed$'
    is_gone pages/.kstruct-Struct.new
    rm {pages,wanted}/.kstruct-report
    same wanted pages
}

test_failure_is_forgotten_once_the_list_is_right_again() {
    set_up
    kstruct 0 -c kstruct.ini run
    cp kernels.list right.list
    sed -i 's/file=[^ ]*/file=none.deb/' kernels.list
    kstruct 3 -c kstruct.ini run
    kstruct 0 -c kstruct.ini status
    has out 'failed .*none.deb'
    cp right.list kernels.list
    kstruct 0 -c kstruct.ini run
    kstruct 0 -c kstruct.ini status
    lacks out 'failed'
}

test_damaged_package_is_fetched_again() {
    set_up
    local package=site/groovy_5.8.0-25.26_amd64.ddeb
    cp "$package" whole.ddeb
    head -c 2000 whole.ddeb >"$package"
    kstruct 3 -c kstruct.ini run
    has err '^kstruct: .*groovy.*(cut short|is cut)'
    cp whole.ddeb "$package"
    kstruct 0 -c kstruct.ini run
    has err '^5.8.0-25-generic-amd64: fetched groovy'
}

test_empty_list_is_an_error() {
    echo '# nothing yet' >kernels.list
    refused 2 'kernels.list: has no kernels in it' -- -l kernels.list -d data run
}
