#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Reads a list on a Slurm cluster, in parts, and merges what they have read. All nodes have to see LIST
# and DIRECTORY, which gets part1, part2 and so on, and at the end all/, with the report in it.
#
# usage: submit.sh LIST DIRECTORY PARTS [KSTRUCT]
set -euo pipefail
[ $# -ge 3 ] || { sed -n '4,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
list=$(realpath "$1") directory=$(realpath "$2") parts=$3 kstruct=${4:-kstruct}
here=$(dirname "$(realpath "$0")")
if [ ! -f "$list" ] || [ ! -d "$directory" ]; then
    echo "submit: there is no list $1, or no directory $2" >&2
    exit 2
fi

array=$(sbatch --parsable --array="1-$parts" --output="$directory/part%a.log" \
    "$here/kstruct-part.sbatch" "$list" "$directory" "$kstruct")
# Also where a part has failed for good: the others have what they have.
sbatch --dependency="afterany:$array" --output="$directory/merge.log" \
    "$here/kstruct-merge.sbatch" "$list" "$directory" "$kstruct"
