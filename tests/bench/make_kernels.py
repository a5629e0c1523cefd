#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes many kernels out of the published ones, to measure how time and memory of the report grow.

usage: make_kernels.py PUBLISHED OUTPUT [--kernels N]

PUBLISHED/types_struct/ has KERNEL.jsonl in the published schema. OUTPUT gets the same for N kernels
(default 200), and kernels.list, the list of them. The same PUBLISHED always makes the same bytes.

Which kernels: all the published ones as they are, and, for the rest of N, updates of those in the
report's group Regular. 5.4.1-26-generic-amd64 is the first update of 5.4.0-26-generic-amd64, and
5.4.2-26-generic-amd64 the second: each has a version of its own, so it is Regular too, and between
two published ones. Every published kernel gets its first update before any gets a second. A kernel
does not depend on N: those of a smaller N are among those of a larger one.

How they differ: an update is the one before it, with about 1 % of the structs changed, so changes
add up from update to update. The next published kernel has none of them. A struct's chance grows
with its members, as it does among the published kernels. As there, too, what changes is in 56 % a
member appended, in 26 % one removed, in 18 % another type of one. Besides, a few structs appear
(copies of others, whose names end in the version, as in mutex_v5_4_1) and fewer go.
Published sizes and offsets are all 0, and so are those of what is made.
"""
import argparse
import hashlib
import json
import os
import re
import shutil
import sys

BASELINE = "5.4.0-26-generic-amd64"
SUFFIX = ".jsonl"

# Chances in one update. The published kernels have 6.5 members a struct.
CHANGE_OF_MEMBER = 0.0015
APPEARING = 0.0005
GOING = 0.0002

NEW_TYPES = [
    {"kind": "TYPEDEF", "name": "u32"},
    {"kind": "TYPEDEF", "name": "u64"},
    {"kind": "INT", "name": "long unsigned int"},
    {"kind": "STRUCT", "name": "list_head"},
    {"kind": "PTR", "type": {"name": "void", "kind": "VOID"}},
    {"kind": "PTR", "type": {"kind": "STRUCT", "name": "device"}},
    {"kind": "ARRAY", "name": "(anon)", "nr_elems": 16, "type": {"kind": "TYPEDEF", "name": "u8"}},
]


class Struct:
    """A line of a file, with what has to be known of it; parsed again only to be changed."""

    def __init__(self, line, name, member_count):
        self.line = line
        self.name = name
        self.member_count = member_count

    @classmethod
    def from_line(cls, line):
        parsed = json.loads(line)
        return cls(line, parsed["name"], len(parsed["members"]))

    @classmethod
    def from_parsed(cls, parsed):
        line = json.dumps(parsed).encode() + b"\n"
        return cls(line, parsed["name"], len(parsed["members"]))


class Draw:
    """Random numbers that depend on nothing but the kernel and the struct, not even on Python."""

    def __init__(self, kernel, struct_name):
        digest = hashlib.sha256(f"{kernel} {struct_name}".encode()).digest()
        self.words = [int.from_bytes(digest[i : i + 4], "big") for i in range(0, 32, 4)]

    def chance(self):
        return self.words.pop() / 2**32

    def below(self, limit):
        return self.words.pop() % limit


def changed(struct, version, draw):
    parsed = json.loads(struct.line)
    members = parsed["members"]
    kind = draw.chance()
    index = draw.below(len(members))
    new_type = NEW_TYPES[draw.below(len(NEW_TYPES))]
    if kind < 0.26 and len(members) > 1:
        del members[index]
    elif kind < 0.44:
        members[index]["type"] = new_type
        # Only integers have bits.
        members[index].pop("bitfield_size", None)
    else:
        name = "added_" + version.replace(".", "_")
        members.append({"name": name, "bits_offset": 0, "type": new_type})
    return Struct.from_parsed(parsed)


def copied(struct, version):
    parsed = json.loads(struct.line)
    parsed["name"] += "_v" + version.replace(".", "_")
    return Struct.from_parsed(parsed)


def updated(structs, version):
    """The structs of the update VERSION of a kernel that has STRUCTS."""
    for struct in structs:
        draw = Draw(version, struct.name)
        if draw.chance() < CHANGE_OF_MEMBER * struct.member_count:
            struct = changed(struct, version, draw)
        fate = draw.chance()
        if fate < GOING:
            continue
        yield struct
        if fate > 1 - APPEARING:
            yield copied(struct, version)


def make_updates(source, kernel, count, directory):
    """Writes COUNT updates of KERNEL into DIRECTORY, and returns their names."""
    version, rest = kernel.split("-", 1)
    series, last = version.rsplit(".", 1)
    names = []
    if count == 0:
        return names
    with open(os.path.join(source, kernel + SUFFIX), "rb") as file:
        structs = [Struct.from_line(line) for line in file]
    for number in range(1, count + 1):
        version = f"{series}.{int(last) + number}"
        structs = list(updated(structs, version))
        names.append(f"{version}-{rest}")
        # Never over another kernel, published or made.
        with open(os.path.join(directory, names[-1] + SUFFIX), "xb") as file:
            file.writelines(struct.line for struct in structs)
    return names


def in_order(kernel):
    return [int(number) for number in re.findall(r"\d+", kernel)]


def published_kernels(source):
    names = [name[: -len(SUFFIX)] for name in os.listdir(source) if name.endswith(SUFFIX)]
    if BASELINE not in names:
        raise FileNotFoundError(f"{source}: has no {BASELINE}{SUFFIX}")
    return sorted(names, key=lambda name: (in_order(name), name))


def make(source, directory, kernel_count):
    """Writes the kernels into DIRECTORY, and returns their names."""
    published = published_kernels(source)
    flavor = "-" + BASELINE.split("-", 2)[2]
    regular = [name for name in published if name.endswith(flavor)]
    wanted = kernel_count - len(published)
    if wanted < 0:
        raise ValueError(f"--kernels {kernel_count} is less than the {len(published)} published")
    os.makedirs(directory)
    names = []
    for name in published:
        shutil.copyfile(os.path.join(source, name + SUFFIX), os.path.join(directory, name + SUFFIX))
        names.append(name)
        if name in regular:
            # Dealt out like cards.
            count = len(range(regular.index(name), wanted, len(regular)))
            names += make_updates(source, name, count, directory)
    return names


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, usage=argparse.SUPPRESS,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("published", metavar="PUBLISHED")
    parser.add_argument("output", metavar="OUTPUT")
    parser.add_argument("--kernels", metavar="N", type=int, default=200)
    arguments = parser.parse_args()
    try:
        names = make(os.path.join(arguments.published, "types_struct"),
                     os.path.join(arguments.output, "types_struct"), arguments.kernels)
        with open(os.path.join(arguments.output, "kernels.list"), "w", encoding="ascii") as file:
            file.writelines(n + (" baseline\n" if n == BASELINE else "\n") for n in names)
    except (OSError, ValueError) as error:
        sys.exit(f"make_kernels.py: {error}")


if __name__ == "__main__":
    main()
