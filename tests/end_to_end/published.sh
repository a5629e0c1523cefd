# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# The published data set of 25 kernels, where it is at hand: $KSTRUCT_SHARED/published, by default
# ../shared/published beside the source tree.

page_count=15509
sample_count=127

find_published() {
    published=${KSTRUCT_SHARED:-$E2E_DIRECTORY/../../../shared}/published
    [ -f "$published/types_struct.tar.zst" ] ||
        skip "there is no published data set at $published; name its parent in KSTRUCT_SHARED"
    list=$E2E_DIRECTORY/../../config/kernels.list
}

test_pages_and_exports() {
    local kernel file sample
    find_published
    tar --zstd -xf "$published/types_struct.tar.zst"
    kstruct 0 -q -d data import .
    is_empty err

    kstruct 0 -q -l "$list" -d data report -o pages
    is_empty err
    [ "$(find pages/Struct -name '*.md' | wc -l)" -eq $page_count ] ||
        fail "$(find pages/Struct -name '*.md' | wc -l) pages instead of $page_count"
    (cd "$published/pages" && find . -name '*.md') >samples
    [ "$(wc -l <samples)" -eq $sample_count ] || fail "$(wc -l <samples) samples instead of $sample_count"
    while read -r sample; do
        cmp "$published/pages/$sample" "pages/$sample" || fail "$sample is not as published"
    done <samples

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
