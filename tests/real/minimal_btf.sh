#!/bin/bash
# Compares the BTF that an object needs of a kernel, by bpftool, as it comes of two BTFs of that kernel.
# usage: minimal_btf.sh DIRECTORY ONE.btf OTHER.btf OBJECT…        DIRECTORY is for scratch
set -uo pipefail
directory=$1 one=$2 other=$3
shift 3
differing=0

# The types with the names of what they refer to: which numbers they have does not matter.
describe() { # BTF OBJECT OUTPUT
    bpftool gen min_core_btf "$1" "$directory/minimal" "$2" >/dev/null 2>&1 || return 1
    bpftool btf dump file "$directory/minimal" | python3 -c '
import re, sys
types, number = {}, None
for line in sys.stdin:
    match = re.match(r"\[(\d+)\] (.*)", line)
    if match:
        number = int(match.group(1))
        types[number] = [match.group(2)]
    else:
        types[number].append(line.strip())
def name(match):
    other = types.get(int(match.group(2)), ["void"])[0]
    return match.group(1) + "=" + " ".join(other.split()[:2])
for line in sorted(re.sub(r"(\w*type_id)=(\d+)", name, " | ".join(lines)) for lines in types.values()):
    print(line)' >"$3"
}

for object in "$@"; do
    # Of an object without relocations there is none of either.
    describe "$one" "$object" "$directory/one.txt" || : >"$directory/one.txt"
    describe "$other" "$object" "$directory/other.txt" || : >"$directory/other.txt"
    cmp -s "$directory/one.txt" "$directory/other.txt" || {
        diff "$directory/one.txt" "$directory/other.txt" | head -n 4
        echo "$object: another minimal BTF"
        differing=$((differing + 1))
    }
done
echo "minimal BTF: $# objects, $differing differ"
[ "$differing" = 0 ]
