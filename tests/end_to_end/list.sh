# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2016 # back quotes are the program's own
#
# What `kstruct list` says of each line of a list, and of what is wrong with it.

zeros=$(printf '0%.0s' {1..64})
ones=$(printf '1%.0s' {1..64})
package=linux-image-unsigned-5.4.0-26-generic-dbgsym_5.4.0-26.30_amd64.ddeb

# A line of each kind; what patterns stand for, and what is locked, is on record.
set_up() {
    mkdir data
    cat >kernels.list <<END
# all kinds of lines
5.4.0-26-generic-amd64     version=5.4.0-26.30 baseline
5.8.0-25-generic-amd64     version=5.8.0-25.26 sha256=$zeros
5.4.0-26-generic-arm64     url=https://example.org/arm.deb
5.4.0-26-lowlatency-amd64  file=vmlinux-lowlatency
5.4.0-26-aws-amd64         apt=linux-image-aws-dbg
5.4.0-99-custom-amd64      file=custom.deb group="Our own"
5.4.0-1009-kvm-amd64       skip="its package has no DWARF"
6.8.0-*-generic-amd64      latest=3
6.8.0-40-generic-amd64     version=6.8.0-40.40
6.9.0-*-generic-amd64      latest=1
6.7.0-*-generic-amd64      latest=1 skip="not yet"
END
    cat >data/resolved.list <<END
6.8.0-31-generic-amd64 version=6.8.0-31.31
6.8.0-40-generic-amd64 version=6.8.0-40.40
6.8.0-101-generic-amd64 version=6.8.0-101.101
END
    cat >kernels.lock <<END
5.4.0-26-generic-amd64 version=5.4.0-26.30 url=https://example.org/$package size=847300000 sha256=$ones
5.8.0-25-generic-amd64 version=5.8.0-25.25 url=https://example.org/old.ddeb size=1000 sha256=$ones
END
}

# The lines that belong to the one that begins with the name.
block() { # NAME
    awk -v name="$1" '/^[^ ]/ { is_it = $1 == name } is_it' out
}

assert_block() { # NAME LINE...
    local name=$1
    shift
    printf '%s\n' "$@" >expected
    block "$name" >found
    same expected found
}

test_every_line_is_explained() {
    set_up
    kstruct 0 -l kernels.list -d data list
    is_empty err
    assert_block 5.4.0-26-generic-amd64 \
        '5.4.0-26-generic-amd64  line 2, baseline' \
        '  from     launchpad, ddebs, version 5.4.0-26.30' \
        "  locked   $package" \
        '           version 5.4.0-26.30, 847.3 MB, SHA-256 1111111111111111…' \
        '  group    Regular, the first one'
    assert_block 5.8.0-25-generic-amd64 \
        '5.8.0-25-generic-amd64  line 3' \
        '  from     launchpad, ddebs, version 5.8.0-25.26' \
        '  demanded SHA-256 0000000000000000…' \
        '  locked   for another request; the next run locks anew instead of' \
        '           old.ddeb' \
        '           version 5.8.0-25.25, 1.0 kB, SHA-256 1111111111111111…' \
        '  group    Regular, compared with 5.4.0-26-generic-amd64'
    assert_block 5.4.0-26-generic-arm64 \
        '5.4.0-26-generic-arm64  line 4' \
        '  from     https://example.org/arm.deb' \
        '  group    Arch, compared with 5.4.0-26-generic-amd64'
    assert_block 5.4.0-26-lowlatency-amd64 \
        '5.4.0-26-lowlatency-amd64  line 5' \
        '  from     file vmlinux-lowlatency' \
        '  group    Flavor, compared with 5.4.0-26-generic-amd64'
    assert_block 5.4.0-26-aws-amd64 \
        '5.4.0-26-aws-amd64  line 6' \
        '  from     apt, package linux-image-aws-dbg' \
        '  group    Flavor, compared with 5.4.0-26-generic-amd64'
    assert_block 5.4.0-99-custom-amd64 \
        '5.4.0-99-custom-amd64  line 7' \
        '  from     file custom.deb' \
        '  group    Our own, compared with 5.4.0-26-generic-amd64'
    assert_block 5.4.0-1009-kvm-amd64 \
        '5.4.0-1009-kvm-amd64  line 8, skipped: its package has no DWARF'
    assert_block '6.8.0-*-generic-amd64' \
        '6.8.0-*-generic-amd64  line 9, the newest 3' \
        '  kernels  6.8.0-31-generic-amd64' \
        '           6.8.0-101-generic-amd64'
    assert_block 6.8.0-101-generic-amd64 \
        '6.8.0-101-generic-amd64  line 9, of 6.8.0-*-generic-amd64' \
        '  from     launchpad, ddebs, version 6.8.0-101.101' \
        '  group    Regular, compared with 6.8.0-40-generic-amd64'
    assert_block 6.8.0-40-generic-amd64 \
        '6.8.0-40-generic-amd64  line 10' \
        '  from     launchpad, ddebs, version 6.8.0-40.40' \
        '  group    Regular, compared with 6.8.0-31-generic-amd64'
    assert_block '6.9.0-*-generic-amd64' \
        '6.9.0-*-generic-amd64  line 11, the newest 1' \
        '  kernels  none is known but those with lines of their own;' \
        '           run and fetch ask anew'
    assert_block '6.7.0-*-generic-amd64' \
        '6.7.0-*-generic-amd64  line 12, the newest 1, skipped: not yet'
    ! grep -E '^.{80,}' out || fail "lines are longer than 80 columns"
}

test_a_list_without_a_baseline() {
    printf '5.8.0-25-generic-amd64\n5.4.0-26-generic-amd64\n' >kernels.list
    kstruct 0 -l kernels.list -d data list
    has out '^5.4.0-26-generic-amd64  line 2, baseline as the first by version$'
    has out '^  group    Regular, compared with 5.4.0-26-generic-amd64$'
    : >kernels.list
    kstruct 0 -l kernels.list -d data list
    is_empty out
}

# Flavors are free, so that a misspelt one is no error.
test_names_that_are_doubtful() {
    printf '%s\n' 5.4.0-26-genreic-amd64 5.4.0-generic-amd64 '6.8.0-*-genric-amd64 latest=1' \
        '5.4.0-27-genreic-amd64 file=x' >kernels.list
    kstruct 0 -l kernels.list -d data list
    has out '^  doubtful no flavor `genreic` is known; did you mean `generic`\?$'
    has out '^  doubtful its name has no ABI number, '
    [ "$(grep -c '^  doubtful' out)" -eq 3 ] || fail "not three names are doubtful"
    printf '%s\n' 6.1.0-56-cloud-amd64-amd64 6.1.0-56-arm64-arm64 6.8.0-31-generic-amd64-amd64 >kernels.list
    kstruct 0 -l kernels.list -d data list
    [ "$(grep -c '^  doubtful the architecture is there twice' out)" -eq 3 ] || fail "$(cat out)"
    printf '[kstruct]\nlist = kernels.list\n[fetch]\nsources = mirror\nmirror = nowhere\n' >mirror.ini
    kstruct 0 -c mirror.ini -d data list
    lacks out doubtful
    sed -i '/^mirror/d' mirror.ini
    echo 5.4.0-26-generic-amd64 >kernels.list
    kstruct 0 -c mirror.ini -d data list
    has out '^  from     mirror \(which is not set\)$'
    mkdir empty
    printf '[kstruct]\nlist = kernels.list\n[fetch]\nsources = mirror, launchpad-files\nmirror = empty\n' \
        >files.ini
    serve empty
    echo "launchpad_files = $SERVER" >>files.ini
    echo '5.4.0-26-genreic-amd64 version=5.4.0-26.30' >kernels.list
    kstruct 1 -c files.ini -d data run
    has err '^kstruct: warning: 5.4.0-26-genreic-amd64: no flavor `genreic` is known'
}

test_what_reports_compare() {
    local base=5.4.0-26-generic-amd64
    make_good_vmlinux "$base"
    echo 'struct kit { int a; long b; } kit_object;' >kit.c
    make_vmlinux kit.c 5.8.0-25-generic 5.8.0-25-generic-amd64
    set_machine 5.8.0-25-generic-amd64 62
    printf '%s file=%s\n' "$base" "$base" 5.8.0-25-generic-amd64 5.8.0-25-generic-amd64 >kernels.list
    kstruct 0 -q -l kernels.list -d data run
    kstruct 0 -l kernels.list -d data list
    has out "^  group    Regular, compared with $base\$"
    exists "data/report/Differences/$base..5.8.0-25-generic-amd64.md"
}

test_json_is_as_its_schema_says() {
    need python3 jq
    python3 -c 'import jsonschema' 2>/dev/null || skip "there is no python3-jsonschema here"
    set_up
    kstruct 0 -l kernels.list -d data list --json
    python3 - "$E2E_DIRECTORY/../../report/schemas/list.schema.json" out <<'END' ||
import json, jsonschema, sys
schema, document = (json.load(open(path)) for path in sys.argv[1:])

# No key is there of which the schema says nothing.
def close(part):
    if isinstance(part, dict):
        if "properties" in part:
            part["additionalProperties"] = False
        for inner in part.values():
            close(inner)
    elif isinstance(part, list):
        for inner in part:
            close(inner)

jsonschema.validators.validator_for(schema).check_schema(schema)
close(schema)
jsonschema.validate(document, schema)
END
        fail "the document is not as its schema says"
    is_true '.list == "kernels.list" and .lock == "kernels.lock"'
    is_true '[.kernels[].name] | length == 10 and index("6.8.0-101-generic-amd64") == 8'
    is_true '.kernels[0] | .is_baseline and .group == "Regular" and .compared_with == null'
    is_true '.kernels[0].locked | .byte_size == 847300000 and (.is_obsolete | not)'
    is_true '.kernels[1] | .locked.is_obsolete and .sources == ["launchpad", "ddebs"]'
    is_true '.kernels[3] | .file == "vmlinux-lowlatency" and .sources == null and .line == 5'
    is_true '.kernels[] | select(.skip_reason) | .name == "5.4.0-1009-kvm-amd64" and .group == null'
    is_true '.kernels[8] | .pattern == "6.8.0-*-generic-amd64" and .line == 9'
    is_true '.patterns[0] | .latest == 3 and .kernels == ["6.8.0-31-generic-amd64", "6.8.0-101-generic-amd64"]'
    is_true '.patterns[1].kernels == [] and .patterns[2].skip_reason == "not yet"'
}

is_true() { # EXPRESSION
    jq -e "$1" out >/dev/null || fail "not true: $1"
}

test_braces_stand_for_many_kernels() {
    cat >kernels.list <<'END'
5.4.0-26-generic-amd64 baseline
6.8.0-{31,35}-{generic,lowlatency}-{amd64,arm64} group=Noble  # eight
{5.15.0-25}-generic-amd64 skip="not now"
END
    kstruct 0 -l kernels.list -d data list --json
    jq -r '.lines[].kernels[]?.name // empty' out >names 2>/dev/null || jq -r '.. | .name? // empty' out >names
    sort -u names | grep -c '^6.8.0' >count
    [ "$(cat count)" -eq 8 ] || fail "the list has $(cat names)"
    kstruct 0 -l kernels.list -d data list
    has out '^6.8.0-35-lowlatency-arm64  line 2$'
    has out '^  group    Noble, compared with '
    kstruct 0 -l kernels.list -d nowhere list --check
    has err '^kernels.list: 10 kernels$'
    [ ! -e nowhere ] || fail "a check has made a data directory"
    printf '%s\n' '6.8.0-31-{a,{b}}-amd64' '6.8.0-31-{a,}-amd64' '6.8.0-31-{}-amd64' '6.8.0-31-{a' '6.8.0-3}-x-amd64' \
        '6.8.0-31-{a,b}-amd64 file=x' '6.8.0-31-{a,b}-amd64 baseline' '6.8.0-*-{a,b}-amd64 latest=2' \
        '6.8.0-31-{a,b}-amd64 nosuch=1' '6.8.0-30-{a,a}-amd64' '6.8.0-{31..35}-a-amd64' >kernels.list
    kstruct 2 -l kernels.list -d nowhere list --check
    has_text err 'kernels.list:1:13: a brace in braces'
    has_text err 'kernels.list:2:13: there is nothing between'
    has_text err 'kernels.list:3:11: there is nothing between'
    has_text err 'kernels.list:4:10: the brace is not closed'
    has_text err 'kernels.list:5:8: a brace is closed'
    has_text err 'kernels.list:6:1: `file=` is of one kernel, and the braces stand for 2'
    has_text err 'kernels.list:7:1: `baseline` is of one kernel'
    has_text err 'kernels.list:8:1: `latest=` is of one kernel'
    has_text err 'kernels.list:9:22: unknown key `nosuch=`'
    has_text err 'is listed twice: here and in line 10'
    has_text err 'kernels.list:11:10: `..` is no range here'
    has_text err 'has 11 errors'
    # Whatever is wrong with it.
    mkdir directory
    kstruct 2 -l directory list --check
    has err 'directory: not a regular file'
}
