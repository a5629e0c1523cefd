#!/bin/bash
# Takes two real kernels' debug packages, reads them, leaves pages to read in quickstart/, and says
# what else one would look at.
# The kernels are the smallest that this machine's apt offers; where it offers none, two of Ubuntu's
# from the default list. KSTRUCT: the program.
set -euo pipefail
cd "$(dirname "$0")/../.."
kstruct=${KSTRUCT:-build/kstruct}
directory=quickstart
list=$directory/kernels.list
# shellcheck source=install/setup/kernel_packages.sh
source install/setup/kernel_packages.sh

# The smallest, and the smallest of another version, so that there is something to compare; the two
# smallest where there is but one version.
two_of() {
    awk '{
            version = $2
            sub(/^linux-image-(unsigned-)?/, "", version)
            match(version, /^[0-9]+\.[0-9]+/)
            version = substr(version, 1, RLENGTH)
            if (NR == 1) { first = version; print $2 }
            else if (version != first) { print $2; found = 1; exit }
            else if (NR == 2) second = $2
        }
        END { if (!found && second) print second }'
}

write_list() {
    local packages package
    mapfile -t packages < <(offered | two_of)
    if [ ${#packages[@]} -ge 2 ]; then
        for package in "${packages[@]}"; do
            echo "$(kernel_of "$package") apt=$package"
        done
    else
        echo "apt offers no kernel debug packages here: taking two of Ubuntu's" >&2
        grep -E '^5\.4\.0-(26-generic|1009-aws)-amd64 ' config/kernels.list
    fi
}

# How many bytes and minutes, where the sizes are known: by a line of 50 Mbit/s, rounded up.
say_what_is_to_come() {
    local bytes
    echo "Two kernels are fetched and read into $directory/:"
    cut -d' ' -f1 "$list" | sed 's/^/  /'
    bytes=$("$kstruct" -q -l "$list" -d "$directory/data" fetch --dry-run |
        sed -n 's/^.* to fetch, \([0-9]*\) bytes$/\1/p') || true
    if [ -n "$bytes" ]; then
        echo "That is $((bytes / 1000000)) MB to fetch:" \
            "some $((bytes / 6250000 / 60 + 1)) min at 50 Mbit/s, reading included."
    else
        echo "That is some hundred megabytes each: a few minutes, by a fast line."
    fi
}

# A struct that differs between the two: one that everybody knows, or the first.
struct_that_differs() { # KERNEL KERNEL
    "$kstruct" -d "$directory/data" diff --stat "$@" | sed -n 's/^~ struct \([^:]*\):.*/\1/p' |
        awk '{ if (NR == 1 || $0 == "task_struct") name = $0 } END { print name }'
}

say_what_to_look_at() {
    local kernels command=${kstruct#"$PWD"/}\ -d\ $directory/data differing
    mapfile -t kernels < <(cut -d' ' -f1 "$list")
    differing=$(struct_that_differs "${kernels[@]}") || true
    echo
    echo "What to look at:"
    echo "  $directory/data/report/README.md, the front page, which leads to a page for each struct"
    echo "  $command show task_struct"
    echo "  $command diff ${kernels[*]} $differing"
    echo "  $command offsets task_struct.pid"
}

mkdir -p "$directory"
write_list >"$list.new"
mv "$list.new" "$list"
say_what_is_to_come
"$kstruct" -l "$list" -d "$directory/data" run
say_what_to_look_at
