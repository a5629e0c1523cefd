#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what `kstruct check` says of BPF objects with what libbpf does, by bpftool's log.

usage: compare_check.py KSTRUCT DATADIR KERNEL KERNEL.btf OBJECT...
"""
import json
import re
import subprocess
import sys

RELOCATION = re.compile(r"prog '([^']*)': relo #(\d+): (<.*)")
CANDIDATE = re.compile(r"prog '([^']*)': relo #(\d+): (non-matching|matching) candidate #\d+ (.*)")
AMBIGUOUS = re.compile(r"prog '([^']*)': relo #(\d+): .*ambiguity")
OFFSET = re.compile(r"@ offset (\d+)(?:\.\d+)?\)")
VALUE = re.compile(r" = (-?\d+)$")


def read_log(btf, name):
    """Each relocation that libbpf resolved: by section and number, the outcome and the place."""
    text = subprocess.run(
        ["bpftool", "-d", "gen", "min_core_btf", btf, "/dev/null", name],
        capture_output=True, text=True, errors="replace", check=False)
    found = {}
    for line in (text.stdout + text.stderr).splitlines():
        match = CANDIDATE.search(line)
        if match:
            key = (match.group(1), int(match.group(2)))
            if match.group(3) == "matching" and found[key][0] == "none":
                place = OFFSET.search(match.group(4)) or VALUE.search(match.group(4))
                found[key] = ("match", int(place.group(1)) if place else None)
            continue
        match = AMBIGUOUS.search(line)
        if match:
            found[(match.group(1), int(match.group(2)))] = ("ambiguous", None)
            continue
        match = RELOCATION.search(line)
        if match:
            found.setdefault((match.group(1), int(match.group(2))), ("none", None))
    return found


def read_check(kstruct, data, kernel, names):
    text = subprocess.run(
        [kstruct, "-q", "-d", data, "check", "--image", "vmlinux", "-k", kernel, "--format", "json"]
        + names, capture_output=True, check=False).stdout
    for item in json.loads(text)["objects"]:
        found = {}
        for relocation in item["relocations"]:
            result = relocation["kernels"][0]
            place = result.get("byte_offset")
            if relocation["kind"].startswith("enumval") and result["result"] == "match":
                place = result["value"] if relocation["kind"] == "enumval_value" else "any"
            key = (relocation["section"], relocation["index"])
            found[key] = (result["result"], place if result["result"] == "match" else None)
        yield item["file"], found


def main():
    kstruct, data, kernel, btf, *names = sys.argv[1:]
    count = differences = 0
    for name, found in read_check(kstruct, data, kernel, names):
        wanted = read_log(btf, name)
        for key in sorted(wanted.keys() | found.keys()):
            one, other = wanted.get(key), found.get(key)
            count += 1
            if one and other and one[0] == other[0] and other[1] in (one[1], "any"):
                continue
            differences += 1
            print(f"{name}: {key[0]} #{key[1]}: libbpf {one}, kstruct {other}")
    print(f"{kernel}: {len(names)} objects, {count} relocations, {differences} differences")
    return 1 if differences or not count else 0


sys.exit(main())
