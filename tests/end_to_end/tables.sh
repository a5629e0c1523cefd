# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2016
#
# The tables of a report: what is in them, that JSON is as its schema says, that links lead somewhere.

# Three kernels, among whose structs one is the same, one is changed, one has only moved in itself,
# one comes and one goes; and a fourth that is not there.
set_up() {
    cat >early.c <<'END'
struct kit_same { int a; };
struct kit_changed { int a; };
struct kit_moved { int a, b; } __attribute__((packed, aligned(4)));
struct kit_gone { long a; };
struct __kit_x__ { int a; };
struct kit_same same_object;
struct kit_changed changed_object;
struct kit_moved moved_object;
struct kit_gone gone_object;
struct __kit_x__ x_object;
END
    cat >late.c <<'END'
struct kit_same { int a; };
struct kit_changed { int a; char *b; };
struct kit_moved { int b, a; } __attribute__((packed, aligned(4)));
struct Kit_new { long a; };
struct __kit_x__ { int a; };
struct kit_same same_object;
struct kit_changed changed_object;
struct kit_moved moved_object;
struct Kit_new new_object;
struct __kit_x__ x_object;
END
    make_kernel early.c 5.4.0-26-generic
    make_kernel late.c 5.8.0+x~1-generic
    make_kernel early.c 5.4.0-1009-aws
    cat >kernels.list <<END
5.4.0-26-generic-amd64     file=5.4.0-26-generic baseline
5.8.0+x~1-generic-amd64    file=5.8.0+x~1-generic
5.4.0-1009-aws-amd64       file=5.4.0-1009-aws
5.4.0-1009-gcp-amd64       file=missing
END
    kstruct 3 -q -l kernels.list -d data run
    report=data/report
}

make_kernel() { # SOURCE RELEASE
    make_vmlinux "$1" "$2" "$2"
    set_machine "$2" 62
}

# A line of a file, whatever is in it.
has_line() { # FILE LINE
    grep -Fxq -e "$2" "$1" || {
        head -n 60 "$1"
        fail "$1 has no line $2"
    }
}

test_status_of_structs() {
    set_up
    has_line $report/Status/k.md '|name|5.4|5.8|aws|'
    has_line $report/Status/k.md '|[`Kit_new`](../Struct/k/Kit_new.md)|∘|➕|∘|'
    has_line $report/Status/k.md '|[`kit_changed`](../Struct/k/kit_changed.md)|✅|❓|✅|'
    has_line $report/Status/k.md '|[`kit_gone`](../Struct/k/kit_gone.md)|✅|∘|✅|'
    has_line $report/Status/k.md '|[`kit_moved`](../Struct/k/kit_moved.md)|✅|↔|✅|'
    has_line $report/Status/k.md '|[`kit_same`](../Struct/k/kit_same.md)|✅|✅|✅|'
    has $report/Status/k.md 'not read: `5.4.0-1009-gcp-amd64` \(failed\); \[Coverage\]'
    has_line $report/Status/README.md '[`kit_gone`](../Struct/k/kit_gone.md) (2),'
    has_line $report/tables/status.csv 'kit_moved,present,moved,present'
    has_line $report/tables/status.csv "Kit_new,not in vmlinux,added,not in vmlinux"
    lacks $report/tables/status.csv gcp
}

test_differences_of_pairs() {
    local page
    set_up
    page=$report/Differences/5.4.0-26-generic-amd64..5.8.0+x~1-generic-amd64.md
    has_line $report/tables/differences.csv \
        'Regular,5.4.0-26-generic-amd64,5.8.0+x~1-generic-amd64,5,5,1,1,2,1,0,0,1,1'
    has_line $report/tables/differences.csv \
        'Flavor,5.4.0-26-generic-amd64,5.4.0-1009-aws-amd64,5,5,0,0,0,0,0,0,0,0'
    has $report/Differences/README.md '\(5.4.0-26-generic-amd64..5.8.0%2Bx~1-generic-amd64.md\) \| 5 \| 5 \| 1'
    has_line "$page" '- [`kit_changed`](../Struct/k/kit_changed.md): added at the end, size changed'
    has_line "$page" '## Only moved: 1'
    has_line "$page" '[`Kit_new`](../Struct/k/Kit_new.md)'
}

test_json_is_as_its_schema_says() {
    local name
    need python3
    python3 -c 'import jsonschema' 2>/dev/null || skip "there is no python3-jsonschema here"
    set_up
    for name in status differences; do
        validate "$name" "$report/tables/$name.json" || fail "$name.json is not as its schema says"
        # Nothing is in it that the schema does not describe, and a wrong value is found.
        jq '.version = 2' "$report/tables/$name.json" >wrong.json
        ! validate "$name" wrong.json 2>/dev/null || fail "the schema of $name takes anything"
    done
}

# Links in all pages lead to files, by the relative path as it stands: so any renderer follows them.
test_links_lead_somewhere() {
    need python3
    set_up
    python3 - $report <<'END' || fail "a link leads nowhere"
import os, re, sys, urllib.parse
top, bad, count = sys.argv[1], 0, 0
for folder, _, files in os.walk(top):
    for file in files:
        if not file.endswith(".md") or "/Struct" in folder:
            continue
        path = os.path.join(folder, file)
        for link in re.findall(r"\]\(([^)]*)\)", open(path).read()):
            count += 1
            if not os.path.isfile(os.path.join(folder, urllib.parse.unquote(link))):
                print(path, link)
                bad += 1
sys.exit(bad > 0 or count < 30)
END
}

test_nothing_is_written_twice() {
    set_up
    snapshot $report >before
    sleep 0.01
    kstruct 0 -l kernels.list -d data report -o $report
    has err ": up to date$"
    kstruct 0 -l kernels.list -d data report -o $report --force
    has err ' tables: 0 written$'
    snapshot $report >after
    same before after
}

# What the size and the time of change do not tell, --force finds.
test_damage_behind_a_files_back() {
    set_up
    touch -r $report/Status/k.md time
    tr e f <$report/Status/k.md >damaged
    cp $report/Status/k.md wanted
    cat damaged >$report/Status/k.md
    touch -r time $report/Status/k.md
    kstruct 0 -l kernels.list -d data report -o $report
    has err ": up to date$"
    kstruct 0 -l kernels.list -d data report -o $report --force
    same wanted $report/Status/k.md
}

# A table that somebody spoiled comes back; one of a pair that is no more goes.
test_tables_follow_the_list() {
    set_up
    echo spoiled >$report/Status/k.md
    rm $report/tables/status.json
    sed -i /aws/d kernels.list
    kstruct 0 -q -l kernels.list -d data report -o $report
    has_line $report/Status/k.md '|name|5.4|5.8|'
    exists $report/tables/status.json
    is_gone $report/Differences/5.4.0-26-generic-amd64..5.4.0-1009-aws-amd64.md
}

test_someone_elses_readme_stays() {
    set_up
    mkdir mine
    echo '# My project' >mine/README.md
    refused 2 'mine/README.md: it is not a report.s' 'choose another directory' \
        -- -l kernels.list -d data report -o mine
    [ "$(cat mine/README.md)" = '# My project' ] || fail "README.md is replaced"
    [ "$(find mine -mindepth 1 | wc -l)" -eq 1 ] || fail "something is written beside it"
}

test_another_directory_is_refused_once() {
    local command
    set_up
    mkdir -p mine/tables mine/Status
    echo mine | tee mine/tables/coverage.csv mine/Status/README.md >mine/changes.json
    printf '[kstruct]\nlist = kernels.list\ndata_dir = data\nreport_dir = mine\n' >kstruct.ini
    snapshot mine >before
    for command in "report -o mine" "run" "rebuild"; do
        # shellcheck disable=SC2086 # words
        refused 2 '^kstruct: mine: ' 'not empty' 'kstruct report -o DIR --adopt' -- -c kstruct.ini $command
        snapshot mine >after
        same before after
    done
    kstruct 0 -c kstruct.ini report -o mine --adopt
    lacks mine/tables/coverage.csv mine
    kstruct 3 -c kstruct.ini run # one kernel is nowhere
    has err '4 kernels: 0 read, 3 up to date, 1 failed$'
}

# The page of a name that Markdown would print in bold.
test_heading_is_no_markup() {
    set_up
    has_line "$report/Struct/k/__kit_x__.md" '# Struct: <code>&#95;&#95;kit_x__</code>'
    has_line $report/Status/k.md '|[`__kit_x__`](../Struct/k/__kit_x__.md)|✅|✅|✅|'
}
