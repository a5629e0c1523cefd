#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a C file that asserts where a kernel's fields are in its exported header.

usage: assert_header.py HEADER JSONL >FILE.c        JSONL: structs and unions, as exported
"""
import json
import sys

# Ends in a va_list, which each machine has otherwise.
LEFT_OUT = {"warn_args"}


def main():
    header, lines = sys.argv[1:]
    print(f'#define BPF_NO_PRESERVE_ACCESS_INDEX\n#include "{header}"')
    with open(lines, encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            kind, name = entry["kind"].lower(), entry["name"]
            if name in LEFT_OUT:
                continue
            for member in entry["members"]:
                if member["name"].startswith("(anon") or member.get("bitfield_size"):
                    continue
                print(f"_Static_assert(__builtin_offsetof({kind} {name}, {member['name']}) == "
                      f"{member['bits_offset'] // 8}, \"{name}.{member['name']}\");")
            print(f"_Static_assert(sizeof({kind} {name}) == {entry['size']}, \"{name}\");")


main()
