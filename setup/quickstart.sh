#!/bin/bash
# Takes two real kernels' debug packages, reads them, and leaves pages to read in quickstart/.
# The kernels are the smallest that this machine's apt offers; where it offers none, two of Ubuntu's
# from the default list. KSTRUCT: the program.
set -euo pipefail
cd "$(dirname "$0")/.."
kstruct=${KSTRUCT:-build/kstruct}
directory=quickstart
list=$directory/kernels.list
# shellcheck source=setup/kernel_packages.sh
source setup/kernel_packages.sh

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

mkdir -p "$directory"
write_list >"$list.new"
mv "$list.new" "$list"
echo "reading these kernels, some hundred megabytes each:"
cut -d' ' -f1 "$list" | sed 's/^/  /'
"$kstruct" -l "$list" -d "$directory/data" run
echo
echo "Pages to read: $directory/data/report/Struct/t/task_struct.md and its neighbours."
echo "Try also: ${kstruct#"$PWD"/} -d $directory/data show task_struct"
