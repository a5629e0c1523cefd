#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares an export with the reference struct list of the same kernel, field by field.

usage: compare_structs.py EXPORT.jsonl REFERENCE.jsonl
The reference has one object a line: {"name", "size", "members": [[name, bit offset, type text], …]}.
Prints what differs, and exits with 1 if anything does.
"""
import json
import sys

SHOWN_AT_MOST = 20


def type_text(type_):
    kind = type_["kind"]
    if kind == "VOID":
        return "void"
    if kind in ("INT", "TYPEDEF"):
        return type_["name"]
    if kind in ("STRUCT", "UNION", "ENUM"):
        return f"{kind.lower()} {type_['name']}"
    if kind == "FWD":
        return f"{type_['fwd_kind']} {type_['name']}"
    if kind == "ARRAY":
        return f"{type_text(type_['type'])}[{type_['nr_elems']}]"
    if kind == "PTR":
        target = type_["type"]
        return type_text(target) + ("" if target["kind"] == "FUNC_PROTO" else " *")
    if kind == "FUNC_PROTO":
        parameters = ", ".join(type_text(p["type"]) for p in type_["params"])
        return f"{type_text(type_['ret_type'])} (*)({parameters})"
    return f"{kind.lower()} {type_text(type_['type'])}"


def read_export(path):
    structs = {}
    for line in open(path, encoding="utf-8"):
        struct = json.loads(line)
        members = [[m["name"], m["bits_offset"], type_text(m["type"])] for m in struct["members"]]
        structs[struct["name"]] = (struct["size"], members)
    return structs


def read_reference(path):
    structs = {}
    for line in open(path, encoding="utf-8"):
        struct = json.loads(line)
        structs[struct["name"]] = (struct["size"], struct["members"])
    return structs


def explain(name, ours, theirs):
    if ours is None or theirs is None:
        return f"{name}: only in {'the reference' if ours is None else 'the export'}"
    if ours[0] != theirs[0]:
        return f"{name}: size {ours[0]}, reference {theirs[0]}"
    for mine, other in zip(ours[1], theirs[1]):
        if mine != other:
            return f"{name}: {mine}, reference {other}"
    return f"{name}: {len(ours[1])} members, reference {len(theirs[1])}"


def main():
    export, reference = read_export(sys.argv[1]), read_reference(sys.argv[2])
    differing = [n for n in sorted(export.keys() | reference.keys())
                 if export.get(n) != reference.get(n)]
    for name in differing[:SHOWN_AT_MOST]:
        print("  " + explain(name, export.get(name), reference.get(name)))
    fields = sum(len(members) for _, members in reference.values())
    print(f"{len(reference)} structs, {fields} fields, {len(differing)} differences")
    return 1 if differing or not reference else 0


sys.exit(main())
