# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2016 # backticks are Markdown's here
#
# What a report says of its kernels, Coverage.md, and of what is new in it, changes.md: over small
# kernels from files, with `kstruct run`.

base=5.4.0-26-generic-amd64
later=5.8.0-25-generic-amd64
last=5.11.0-16-generic-amd64

# From one kernel to the next a struct comes, one goes, one grows and one only moves.
build_kernels() {
    build_kernel "$base" 'struct stays { int a; } stays_object;
        struct goes { int a; } goes_object;
        struct grows { int a; } grows_object;
        struct moves { int a; int b; long end; } moves_object;'
    build_kernel "$later" 'struct stays { int a; } stays_object;
        struct comes { int a; } comes_object;
        struct grows { int a; int b; } grows_object;
        struct moves { int b; int a; long end; } moves_object;'
    build_kernel "$last" 'struct stays { int a; } stays_object;
        struct comes { int a; } comes_object;
        struct grows { int a; int b; } grows_object;
        struct moves { int b; int a; long end; } moves_object;'
}

build_kernel() { # KERNEL SOURCE
    echo "$2" >source.c
    make_vmlinux source.c "${1%-*}" "$1"
    set_machine "$1" 62
}

set_up() {
    build_kernels
    printf '%s file=%s baseline\n' "$base" "$base" >kernels.list
    kstruct 0 -l kernels.list -d data run
}

add() { # KERNEL
    echo "$1 file=$1" >>kernels.list
    kstruct 0 -l kernels.list -d data run
}

# Against the schemas in report/schemas, and the feed against what RFC 4287 demands.
check_documents() { # REPORT
    local schemas=$E2E_DIRECTORY/../../report/schemas
    need python3
    python3 -c 'import jsonschema' 2>/dev/null || skip "there is no python3-jsonschema here"
    python3 - "$schemas" "$1" <<'END' || fail "a document is not as it should be"
import csv, json, re, sys, xml.etree.ElementTree as xml
import jsonschema
schemas, report = sys.argv[1:]

for name, path in ("coverage", "tables/coverage.json"), ("changes", "changes.json"):
    schema = json.load(open(f"{schemas}/{name}.schema.json", encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.load(open(f"{report}/{path}", encoding="utf-8")), schema)
    # Every key of every object that there is has a description.
    def look(node, where):
        for key, value in node.get("properties", {}).items():
            assert "description" in value, f"{name}: {where}{key} has no description"
            look(value, f"{where}{key}.")
    for part in [schema, *schema["$defs"].values()]:
        look(part, "")

kernels = json.load(open(f"{report}/tables/coverage.json", encoding="utf-8"))["kernels"]
rows = list(csv.DictReader(open(f"{report}/tables/coverage.csv", encoding="utf-8", newline="")))
assert [row["kernel"] for row in rows] == [kernel["kernel"] for kernel in kernels]
assert list(rows[0]) == list(kernels[0])

atom = "{http://www.w3.org/2005/Atom}"
feed = xml.parse(f"{report}/changes.atom").getroot()
assert feed.tag == atom + "feed"
log = json.load(open(f"{report}/changes.json", encoding="utf-8"))
assert feed.find(atom + "id").text == log["id"]
assert feed.find(f"{atom}author/{atom}name").text
entries = feed.findall(atom + "entry")
assert [entry.find(atom + "id").text for entry in entries] == [e["id"] for e in log["entries"]]
ids = [node.text for node in feed.iter(atom + "id")]
assert len(set(ids)) == len(ids)
for node in [feed, *entries]:
    for name in "id", "title", "updated":
        assert len(node.findall(atom + name)) == 1 and node.find(atom + name).text, name
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
                        node.find(atom + "id").text)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", node.find(atom + "updated").text)
    links = node.findall(atom + "link")
    assert len([link for link in links if link.get("rel") == "alternate"]) == 1
    assert all(link.get("href") for link in links)
times = [entry.find(atom + "updated").text for entry in entries]
assert times == sorted(set(times), reverse=True)
assert feed.find(atom + "updated").text == times[0]
assert all(entry.find(atom + "summary").text for entry in entries)
END
    ! command -v xmllint >/dev/null || xmllint --noout "$1/changes.atom" || fail "no XML"
}

test_first_report_and_an_added_kernel() {
    set_up
    check_documents data/report
    has data/report/changes.md '^## 20..-..-..: 1 kernel to begin with$'
    jq -e '.entries | length == 1 and .[0].kind == "beginning"' data/report/changes.json

    add "$later"
    check_documents data/report
    has data/report/changes.md "^## 20..-..-..: \`$later\` added\$"
    has data/report/changes.md '^\*\*Added, 1:\*\* \[`comes`\]\(Struct/c/comes.md\)$'
    has data/report/changes.md '^\*\*Removed, 1:\*\* \[`goes`\]\(Struct/g/goes.md\)$'
    has data/report/changes.md '^\*\*Changed, 1:\*\* \[`grows`\]\(Struct/g/grows.md\)$'
    has data/report/changes.md '^\*\*Only moved, 1:\*\* \[`moves`\]\(Struct/m/moves.md\)$'
    lacks data/report/changes.md stays
    has data/report/changes.md '^- 20..-..-..: 1 kernel to begin with.$'
    jq -e --arg kernel "$later" '.entries[0] |
        .kind == "update" and .kernels_added == [$kernel] and .comparisons[0].after == $kernel and
        (.comparisons[0] | .group == "Regular" and .added == ["comes"] and .removed == ["goes"] and
            .changed == ["grows"] and .only_moved == ["moves"])' data/report/changes.json
    has data/report/changes.atom "<title>$later added</title>"
}

test_older_entries_keep_counts_only() {
    set_up
    add "$later"
    add "$last"
    check_documents data/report
    has data/report/changes.md '^Nothing differs\.$'
    has data/report/changes.md \
        "^- .*: \`$later\` added.*: 1 definition added, 1 removed, 1 changed, 1 only moved\.\$"
    jq -e '.entries | length == 3 and .[1].comparisons[0].added_count == 1 and
        (.[1].comparisons[0] | has("added") | not)' data/report/changes.json
}

test_nothing_new_touches_nothing() {
    set_up
    add "$later"
    snapshot data/report | grep -v kstruct-report >before
    sleep 0.01
    kstruct 0 -j 1 -l kernels.list -d data report -o data/report
    snapshot data/report | grep -v kstruct-report >after
    same before after
    rm data/report/changes.md
    kstruct 0 -j 7 -l kernels.list -d data report -o data/report
    has data/report/changes.md "^## .*\`$later\` added\$"
    snapshot data/report | grep -v -e kstruct-report -e changes.md >after
    grep -v changes.md before >others
    same others after
}

test_removed_and_changed_kernels() {
    set_up
    add "$later"
    add "$last"
    sed -i "/^$last/d" kernels.list
    build_kernel "$later" 'struct stays { long a; } stays_object;'
    touch -d '+3 seconds' "$later"
    kstruct 0 -l kernels.list -d data run
    check_documents data/report
    jq -e --arg later "$later" --arg last "$last" '.entries[0] | .kernels_added == [] and
        .kernels_removed == [$last] and .kernels_changed == [$later] and
        .comparisons[0].changed == ["stays"]' data/report/changes.json
    has data/report/changes.md "^## .*\`$last\` removed; \`$later\` changed\$"
}

# Whatever is in its place, the report is made and a new log begun.
test_damaged_log_begins_anew() {
    local damage
    set_up
    add "$later"
    cp data/report/changes.json good.json
    for damage in '300q;s/{//' 's/"version": 1/"version": 2/' 's/kstruct-changes/mine/' '5q'; do
        sed "$damage" good.json >data/report/changes.json
        ! cmp -s good.json data/report/changes.json || fail "$damage does no damage"
        kstruct 0 -l kernels.list -d data report -o data/report
        jq -e '.entries | length == 1 and .[0].kind == "beginning"' data/report/changes.json
        check_documents data/report
    done
}

# Killed before changes.json was written, the next run tells of the same kernel.
test_interrupted_report() {
    local tries
    set_up
    cp -r data/report old
    add "$later"
    cp -r data/report wanted
    rm -f wanted/.kstruct-report
    for ((tries = 0; tries < 20; tries++)); do
        rm -rf data/report
        cp -r old data/report
        "$KSTRUCT" -q -l kernels.list -d data report -o data/report &
        sleep "0.0$((tries % 10))"
        kill -9 $! 2>/dev/null || true
        wait $! 2>/dev/null || true
        kstruct 0 -l kernels.list -d data report -o data/report
        rm -f data/report/.kstruct-report* # a stamp that was being written may be left
        same wanted data/report
    done
}

test_coverage() {
    build_kernels
    cat >kernels.list <<END
4.4.0-21-generic-amd64 skip="a | \`b\` <script>alert(1)</script>"
4.15.0-20-generic-amd64 file=nowhere.deb
$base file=$base baseline
END
    kstruct 3 -l kernels.list -d data run
    echo "$later file=$later" >>kernels.list
    kstruct 0 -l kernels.list -d data report -o data/report
    check_documents data/report
    has data/report/Coverage.md \
        '^4 kernels are wanted: 1 analyzed, 1 not yet tried, 1 failed, 1 skipped\.$'
    has data/report/Coverage.md '^\| `4.4.0-21-generic-amd64` \| skipped \| a &#124; &#96;b&#96; '
    has data/report/Coverage.md '^\| `4.15.0-20-generic-amd64` \| failed \| not found: .*nowhere'
    has data/report/Coverage.md "^\\| \`$later\` \\| not yet \\| "
    has data/report/Coverage.md "^\\| \`$base\` \\| 4 \\| not read \| 20..-..-.. \\| 5 \\| GCC: "
    lacks data/report/Coverage.md '<script>'
    lacks data/report/Coverage.md '[Aa]bsent'
    jq -e --arg hash "$(sha256 "$base")" '.kernels[] | select(.state == "analyzed") |
        .sha256 == $hash and .baseline and .in_report and .structs == 4 and
        (.url | startswith("file:///"))' data/report/tables/coverage.json
    jq -e '[.kernels[].state] == ["skipped", "failed", "analyzed", "not yet"]' \
        data/report/tables/coverage.json
}
