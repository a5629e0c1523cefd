# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Which debug packages of kernels this machine's apt offers, and whose they are. To be sourced.

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
kernel_of() { # PACKAGE [ARCHITECTURE]
    local release=$1 architecture=${2:-}
    [ -n "$architecture" ] || architecture=$(dpkg --print-architecture)
    release=${release#linux-image-}
    release=${release#unsigned-}
    release=${release%-dbg}
    release=${release%-dbgsym}
    case $release in
    *-"$architecture") echo "$release" ;;
    *) echo "$release-$architecture" ;;
    esac
}

# The same of a package's file, NAME_VERSION_ARCHITECTURE.deb
kernel_of_file() { # PATH
    local name=${1##*/} architecture
    architecture=${name##*_}
    kernel_of "${name%%_*}" "${architecture%%.*}"
}

# Puts several kernels' packages into a new directory: links to those named in PACKAGES, or the COUNT
# smallest that apt offers. Returns 1 if it does not offer two.
collect_packages() { # DIRECTORY COUNT
    local -a wanted
    local file
    mkdir "$1"
    if [ -n "${PACKAGES:-}" ]; then
        read -r -d '' -a wanted <<<"$PACKAGES" || true
        for file in "${wanted[@]}"; do
            file=$(realpath -e "$file") || return
            ln -s "$file" "$1/${file##*/}"
        done
        return
    fi
    mapfile -t wanted < <(offered | head -n "$2" | cut -d' ' -f2)
    [ ${#wanted[@]} -ge 2 ] || return 1
    (cd "$1" && apt-get download -qq "${wanted[@]}" >&2)
}
