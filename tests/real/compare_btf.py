#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares a kernel's definitions as read from its DWARF with those read from its BTF.

usage: compare_btf.py KSTRUCT DATADIR KERNEL-BY-DWARF KERNEL-BY-BTF

They may differ in what pahole writes otherwise than DWARF has it, and each such kind is counted:
- dimensions: those of an array are multiplied into one;
- double: it is called an integer;
- order: of several definitions of one name another one comes first;
- signs: older ones tell neither those of enumerators nor those of characters.
"""
import collections
import json
import re
import subprocess
import sys


def flattened(text):
    """The declaration with the dimensions of its array multiplied."""
    product = 1
    numbers = re.findall(r"\[(\d+)\]", text)
    for number in numbers:
        product *= int(number)
    return re.sub(r"(\[\d+\])+", f"[{product}]", text, count=1) if numbers else text


def member_kind(member):
    before, after = member["before"], member["after"]
    if not before or not after:
        return None
    if "value" in before:
        same = (int(before["value"]) - int(after["value"])) % 2 ** 32 == 0
        return "signs" if same else None
    if set(member["changes"]) == {"type_changed"} and \
            flattened(before["declaration"]) == flattened(after["declaration"]):
        return "dimensions"
    return None


def kind_of(change):
    if change["status"] != "changed":
        return None
    if change["before"]["further_definitions"]:
        return "order"
    if change["kind"] == "int":
        return {"double": "double", "char": "signs", "signed char": "signs"}.get(change["name"])
    if change["kind"] == "typedef" and not change["members"][0]["before"]["path"].strip():
        return "dimensions"
    kinds = {member_kind(member) for member in change["members"]}
    return kinds.pop() if len(kinds) == 1 else None


def main():
    kstruct, data, one, other = sys.argv[1:]
    text = subprocess.run(
        [kstruct, "-q", "-d", data, "diff", "--image", "vmlinux", "--format", "json", one, other],
        capture_output=True, check=False).stdout
    difference = json.loads(text)
    kinds = collections.Counter()
    unexplained = 0
    for change in difference["definitions"]:
        kind = kind_of(change)
        kinds[kind] += 1
        if not kind:
            unexplained += 1
            print(f"{change['kind']} {change['name']}: {change['status']}")
    count = sum(difference["before"]["counts"].values())
    print(f"BTF against DWARF: {count} definitions, {dict(kinds)} explained, {unexplained} not")
    return 1 if unexplained or not count else 0


sys.exit(main())
