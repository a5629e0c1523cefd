#!/bin/bash
# Installs the Debian or Ubuntu packages that a purpose needs, if any of them are missing.
# usage: install_packages.sh PURPOSE…   build, test, real, bench, lint, fuzz
set -euo pipefail

declare -A packages=(
    [build]="gcc libc6-dev make pkg-config libcurl4-openssl-dev libarchive-dev liblzma-dev
        libzstd-dev libelf-dev libdwarf-dev libsqlite3-dev libjansson-dev libssl-dev libinih-dev
        libseccomp-dev gpgv"
    [test]="libcmocka-dev binutils bzip2 zstd xz-utils dpkg-dev gnupg sqlite3 python3 procps jq
        python3-jsonschema mount util-linux nginx-light openssl mandoc systemd zsh
        gcc-aarch64-linux-gnu gcc-arm-linux-gnueabihf gcc-s390x-linux-gnu clang"
    [real]="dwarves bpftool python3 xz-utils time curl ca-certificates nginx-light"
    [bench]="nginx-light curl python3 gcc util-linux"
    [lint]="clang clang-format shellcheck cppcheck mandoc"
    [fuzz]="clang dpkg-dev zstd"
)

wanted=()
for purpose in "$@"; do
    [ -n "${packages[$purpose]:-}" ] || { echo "install_packages: no purpose $purpose" >&2; exit 2; }
    read -r -d '' -a words <<<"${packages[$purpose]}" || true
    wanted+=("${words[@]}")
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "install_packages: no apt here; make sure these are installed: ${wanted[*]}" >&2
    exit 0
fi

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=()
for package in "${wanted[@]}"; do
    is_installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
        echo "install_packages: run this as root: apt-get install ${missing[*]}" >&2
        exit 1
    }
    as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq

# A cross compiler or a newer tool may not exist everywhere: what needs it skips with a clear line.
available=()
for package in "${missing[@]}"; do
    policy=$(apt-cache policy "$package" 2>/dev/null)
    if [[ $policy =~ Candidate:\ [^\(] ]]; then
        available+=("$package")
    else
        echo "install_packages: apt has no $package here" >&2
    fi
done
[ ${#available[@]} -gt 0 ] || exit 0
echo "installing: ${available[*]}" >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${available[@]}" >/dev/null
