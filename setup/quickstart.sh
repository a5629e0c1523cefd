#!/bin/bash
# Takes two real kernels' debug packages, reads them, and leaves pages to read in quickstart/.
# The kernels are the smallest that this machine's apt offers; where it offers none, two of Ubuntu's
# from the default list. KSTRUCT: the program.
set -euo pipefail
cd "$(dirname "$0")/.."
kstruct=${KSTRUCT:-build/kstruct}
directory=quickstart
list=$directory/kernels.list
smallest_bytes=10000000 # below that it is a package without a kernel in it

# "BYTES PACKAGE" of the kernel debug packages that apt knows, smallest first.
offered() {
    apt-cache --names-only search '^linux-image-.*-(dbg|dbgsym)$' 2>/dev/null | cut -d' ' -f1 |
        xargs -r apt-cache show --no-all-versions 2>/dev/null |
        awk -v smallest=$smallest_bytes '
            /^Package: / { package = $2 }
            /^Size: / { if ($2 >= smallest) print $2, package }' |
        sort -n | uniq
}

# linux-image-6.1.0-56-cloud-amd64-dbg -> 6.1.0-56-cloud-amd64; Ubuntu's get their architecture.
kernel_of() {
    local release=$1 architecture
    architecture=$(dpkg --print-architecture)
    release=${release#linux-image-}
    release=${release#unsigned-}
    release=${release%-dbg}
    release=${release%-dbgsym}
    case $release in
    *-"$architecture") echo "$release" ;;
    *) echo "$release-$architecture" ;;
    esac
}

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
