#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares size, holes and padding of every struct of a kernel with what pahole prints.

usage: compare_holes.py VMLINUX REPORT [KERNEL]

REPORT is the directory of `kstruct report --format json`. KERNEL is one of its kernels, and may be
left out if it has only one. Of a name that stands for several structs those are compared whose size
and members' names are the same; pahole prints some of them only. Prints each difference, and exits
with 1 if there is any.
"""
import glob
import json
import os
import re
import subprocess
import sys

SHOWN_AT_MOST = 20
WORDS = ("size", "holes", "sum holes", "padding", "bit holes", "sum bit holes", "bit padding")

PAHOLE = ["pahole", "-j1", "--lang_exclude=rust", "--structs", "--show_private_classes"]
# Holes are counted where they are: pahole leaves their sum out of structs of bit-fields alone.
HOLE = re.compile(r"^\t/\* XXX (\d+) (byte|bit)s? hole, try to pack \*/$")
SUMS = {
    "size": re.compile(r"^\t/\* size: (\d+),"),
    "padding": re.compile(r"^\t/\* padding: (\d+) "),
    "bit padding": re.compile(r"^\t/\* bit_padding: (\d+) "),
}
BEGINNING = re.compile(r"^struct (\S+) \{$")
FUNCTION = re.compile(r"\(\*+ *(?:const |volatile )*(\w+)")
NAME = re.compile(r"(\w+)(?:\[[^]]*\])*(?::\d+)?(?: __attribute__\(\(.*\)\))*;\s*/\*")


class Struct:
    def __init__(self, names, waste):
        self.names = sorted(names)  # of all members, also inside structs without a name
        self.waste = waste  # in the order of WORDS


def member_name(line):
    """The member that a line of pahole's declares, or None."""
    function = FUNCTION.search(line)
    if function:
        return function.group(1)
    name = NAME.search(line)
    return name.group(1) if name else None


def add_comment(sums, line):
    hole = HOLE.match(line)
    if hole:
        word = "holes" if hole.group(2) == "byte" else "bit holes"
        sums[word] += 1
        sums["sum " + word] += int(hole.group(1))
    for word, expression in SUMS.items():
        found = expression.match(line)
        if found:
            sums[word] = int(found.group(1))


def read_pahole(vmlinux):
    """Each name with the list of its structs."""
    structs = {}
    name = None
    with subprocess.Popen(PAHOLE + [vmlinux], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          encoding="utf-8", errors="replace") as process:
        for line in process.stdout:
            beginning = BEGINNING.match(line)
            if beginning:
                name, members, sums = beginning.group(1), [], dict.fromkeys(WORDS, 0)
            elif name and line.startswith("}"):
                structs.setdefault(name, []).append(
                    Struct(members, tuple(sums[word] for word in WORDS)))
                name = None
            elif name and line.startswith("\t/* "):
                add_comment(sums, line)
            elif name:
                members += [member_name(line)] if member_name(line) else []
    return structs


def as_pahole_counts(layout):
    return (layout["byte_size"], layout["hole_count"], layout["hole_bits"] // 8,
            layout["padding_bits"] // 8, layout["bit_hole_count"], layout["bit_hole_bits"],
            layout["bit_padding_bits"])


def read_report(directory, kernel):
    structs = {}
    for path in glob.glob(os.path.join(directory, "Json", "*", "*.json")):
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        if document["kind"] != "struct":
            continue
        numbers = [k["layout"] for k in document["kernels"]
                   if k["is_present"] and not k["modules"] and k["name"] == (kernel or k["name"])]
        numbers += [f["layout"] for f in document["further_definitions"]
                    if not f["modules"] and f["kernel"] == (kernel or f["kernel"])]
        for layout in (document["layouts"][number] for number in numbers):
            names = [member["name"] for member in layout["members"] if member["name"]]
            structs.setdefault(document["name"], []).append(
                Struct(names, as_pahole_counts(layout)))
    return structs


def explain(ours, theirs):
    return ", ".join(f"{word} {mine} instead of {other}"
                     for word, mine, other in zip(WORDS, ours, theirs) if mine != other)


def candidates(ours, other, is_only_one):
    """Those of our structs of a name that may be pahole's."""
    return ours if is_only_one else [
        mine for mine in ours if mine.names == other.names and mine.waste[0] == other.waste[0]]


def count(structs):
    """How many of them waste room, in words."""
    numbers = [sum(1 for struct in structs if struct.waste[WORDS.index(word)])
               for word in ("holes", "padding", "bit holes", "bit padding")]
    return "%d have holes, %d padding, %d bit holes, %d bit padding" % tuple(numbers)


def main():
    report = read_report(sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
    reference = read_pahole(sys.argv[1])
    differences, unmatched, compared = [], [], []
    for name in sorted(report.keys() | reference.keys()):
        ours, theirs = report.get(name, []), reference.get(name, [])
        if not ours or not theirs:
            differences.append(f"{name}: only {'here' if ours else 'in pahole'}")
        for other in theirs if ours else []:
            mine = candidates(ours, other, len(ours) == len(theirs) == 1)
            if not mine:
                unmatched.append(name)
                continue
            compared.append(other)
            if all(one.waste != other.waste for one in mine):
                differences.append(f"{name}: {explain(mine[0].waste, other.waste)}")
    for text in differences[:SHOWN_AT_MOST]:
        print("  " + text)
    for name in unmatched:
        print(f"  {name}: not compared: pahole has one more struct of that name")
    print(f"holes: {len(compared)} structs of {len(reference)} names, of which {count(compared)}; "
          f"{len(unmatched)} not compared, {len(differences)} differences")
    return 1 if differences or not compared else 0


sys.exit(main())
