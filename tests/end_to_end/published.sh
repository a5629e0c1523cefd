# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# The published data set of 25 kernels, where it is at hand: $KSTRUCT_SHARED/published, by default
# ../shared/published beside the source tree.

page_count=15509
sample_count=127

test_pages_and_exports() {
    local kernel file sample list=$E2E_DIRECTORY/../../config/kernels.list
    set_up_published
    kstruct 0 -q -l "$list" -d data report -o pages
    is_empty err
    [ "$(find pages/Struct -name '*.md' | wc -l)" -eq $page_count ] ||
        fail "$(find pages/Struct -name '*.md' | wc -l) pages instead of $page_count"
    (cd "$PUBLISHED/pages" && find . -name '*.md') >samples
    [ "$(wc -l <samples)" -eq $sample_count ] || fail "$(wc -l <samples) samples instead of $sample_count"
    while read -r sample; do
        cmp "$PUBLISHED/pages/$sample" "pages/$sample" || fail "$sample is not as published"
    done <samples

    check_tables

    for file in types_struct/*.jsonl*; do
        kernel=${file##*/}
        kernel=${kernel%.zst}
        kernel=${kernel%.jsonl}
        echo "$kernel"
    done >kernels
    [ "$(wc -l <kernels)" -eq 25 ] || fail "$(wc -l <kernels) kernels instead of 25"
    mkdir found
    while read -r kernel; do
        kstruct 0 -d data export -k "$kernel" -o "found/$kernel.jsonl"
    done <kernels
    compare_exports || fail "an export is not what was imported"

    snapshot pages >before
    kstruct 0 -q -l "$list" -d data report -o pages
    snapshot pages | grep -v kstruct-report >after
    grep -v kstruct-report before >wanted
    same wanted after
}

# The numbers of structs in all tables, against those that were counted in the published files
# themselves; GitHub renders no page of more than 512 KiB.
check_tables() {
    local line page
    while read -r line; do
        grep -q "^$line," pages/tables/differences.csv || fail "the table has no pair $line"
    done <<'END'
Regular,4.4.0-21-generic-amd64,4.8.0-22-generic-amd64,6160,6599,536,97
Regular,6.5.0-9-generic-amd64,6.8.0-31-generic-amd64,10022,10474,500,48
Arch,5.4.0-26-generic-amd64,5.4.0-26-generic-arm64,8422,9075,1659,1006
Flavor,5.4.0-26-generic-amd64,5.4.0-1009-aws-amd64,8422,8022
END
    [ "$(wc -l <pages/tables/status.csv)" -eq $((page_count + 1)) ] ||
        fail "$(wc -l <pages/tables/status.csv) lines of status instead of one a struct"
    [ "$(cat pages/Status/?.md | grep -c '^|\[')" -eq $page_count ] ||
        fail "the letters' tables do not have $page_count rows"
    [ "$(grep -c '(../Struct/./' pages/Status/README.md)" -eq $page_count ] ||
        fail "the index does not have $page_count links"
    for page in pages/Status/?.md pages/Differences/*.md; do
        [ "$(stat -c %s "$page")" -lt $((512 * 1024)) ] || fail "$page is too large for GitHub"
    done
}

# Line by line, whatever the order of structs.
compare_exports() {
    need python3
    python3 - types_struct found <<'END'
import json, os, subprocess, sys
published, found = sys.argv[1:]
def lines(path):
    if path.endswith(".zst"):
        text = subprocess.run(["zstd", "-dcq", path], stdout=subprocess.PIPE, check=True).stdout
    else:
        text = open(path, "rb").read()
    return sorted(text.splitlines())
for name in sorted(os.listdir(published)):
    wanted = lines(os.path.join(published, name))
    given = lines(os.path.join(found, name.replace(".zst", "")))
    if wanted != given: # the spelling may differ where the JSON does not
        wanted, given = ([json.loads(line) for line in side] for side in (wanted, given))
        key = lambda struct: struct["name"]
        for one, other in zip(sorted(wanted, key=key), sorted(given, key=key)):
            if one != other:
                sys.exit(f"{name}: {one} came back as {other}")
        if len(wanted) != len(given):
            sys.exit(f"{name}: {len(wanted)} structs came back as {len(given)}")
END
}
