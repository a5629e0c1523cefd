#!/bin/bash
# Puts the BPF objects that the programs of Debian's libbpf-tools embed into DIRECTORY/objects, unless
# they are there.
#
# usage: get_objects.sh DIRECTORY
set -euo pipefail
cd "$(dirname "$0")/../.."
directory=$(realpath "$1")

[ ! -d "$directory/objects" ] || exit 0
rm -rf "$directory/tools"
mkdir -p "$directory/tools"
(cd "$directory/tools" && apt-get download libbpf-tools >/dev/null 2>&1 &&
    dpkg-deb -x libbpf-tools_*.deb .) || { echo "libbpf-tools cannot be had"; exit 1; }
python3 tests/real/carve_objects.py "$directory/objects" "$directory"/tools/usr/sbin/*
