#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares an export with the reference list of the same kernel's definitions of one kind.

usage: compare_definitions.py struct|union|enum|typedef EXPORT.jsonl REFERENCE.jsonl
The reference has one object a line: {"name", "size", "members": [[name, bit offset, type text], …]},
{"name", "size", "values": [[name, value], …]} or {"name", "type": type text}.
Enums without a name are not in the reference. Prints what differs, and exits with 1 if anything does.

bpftool prints the 32 bits of an enumerator from 2^31 on as if it were negative and had 64 bits without
a sign. Such enumerators are named; every other difference counts.
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


def body_of(definition):
    """Its size and its parts; of a typedef what it stands for."""
    if definition["kind"] == "TYPEDEF":
        return (None, [type_text(definition["type"])])
    if definition["kind"] == "ENUM":
        return (definition["size"], [[v["name"], int(v["val"])] for v in definition["values"]])
    members = [[m["name"], m["bits_offset"], type_text(m["type"])] for m in definition["members"]]
    return (definition["size"], members)


def read_export(path, kind):
    definitions = {}
    for line in open(path, encoding="utf-8"):
        definition = json.loads(line)
        if definition["kind"] == kind.upper() and definition["name"] != "(anon)":
            definitions[definition["name"]] = body_of(definition)
    return definitions


def read_reference(path):
    definitions = {}
    for line in open(path, encoding="utf-8"):
        definition = json.loads(line)
        parts = definition.get("members", definition.get("values", [definition.get("type")]))
        definitions[definition["name"]] = (definition.get("size"), parts)
    return definitions


def is_misprinted(mine, other):
    """Is OTHER the enumerator MINE as bpftool prints it?"""
    return mine[0] == other[0] and 2**31 <= mine[1] < 2**32 and other[1] == mine[1] + 2**64 - 2**32


def put_right(export, reference, is_told=True):
    """Takes misprinted enumerators out of the reference, and names them."""
    for name, (size, parts) in reference.items():
        ours = export.get(name, (None, []))[1]
        for i, (mine, other) in enumerate(zip(ours, parts)):
            if isinstance(other, list) and len(other) == 2 and is_misprinted(mine, other):
                if is_told:
                    print(f"  {name}.{mine[0]}: {mine[1]}, which bpftool prints as {other[1]}")
                parts[i] = mine


def explain(name, ours, theirs):
    if ours is None or theirs is None:
        return f"{name}: only in {'the reference' if ours is None else 'the export'}"
    if ours[0] != theirs[0]:
        return f"{name}: size {ours[0]}, reference {theirs[0]}"
    for mine, other in zip(ours[1], theirs[1]):
        if mine != other:
            return f"{name}: {mine}, reference {other}"
    return f"{name}: {len(ours[1])} parts, reference {len(theirs[1])}"


def main():
    kind = sys.argv[1]
    export, reference = read_export(sys.argv[2], kind), read_reference(sys.argv[3])
    if kind == "enum":
        put_right(export, reference)
    differing = [n for n in sorted(export.keys() | reference.keys())
                 if export.get(n) != reference.get(n)]
    for name in differing[:SHOWN_AT_MOST]:
        print("  " + explain(name, export.get(name), reference.get(name)))
    parts = sum(len(found) for _, found in reference.values())
    print(f"{kind}: {len(reference)} definitions, {parts} parts, {len(differing)} differences")
    return 1 if differing or not reference else 0


if __name__ == "__main__":
    sys.exit(main())
