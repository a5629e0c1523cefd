#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes many kernels out of a few, to measure how time, memory and the data set grow.

usage: make_kernels.py SOURCE OUTPUT [--kernels N] [--baseline KERNEL]

SOURCE/types_struct/ has KERNEL.jsonl in the published schema, as published or as `kstruct export` writes
it, and the folders types_union, types_enum, types_typedef and types_int beside it may have more of the same
kernels. OUTPUT gets the same for N kernels (default 200), and kernels.list, the list of them. The same
SOURCE always makes the same bytes.

Which kernels: all of SOURCE as they are, and, for the rest of N, updates of those of the baseline's flavor
and architecture. 5.4.1-26-generic-amd64 is the first update of 5.4.0-26-generic-amd64, and
5.4.2-26-generic-amd64 the second: each has a version of its own, so it is in the report's group Regular,
between two kernels of SOURCE. Every kernel of SOURCE gets its first update before any gets a second. A
kernel does not depend on N: those of a smaller N are among those of a larger one.

How they differ: an update is the one before it, with about 1 % of the structs changed, so changes
add up from update to update. The next kernel of SOURCE has none of them. A struct's chance grows
with its members, as it does among the published kernels. As there, too, what changes is in 56 % a
member appended, in 26 % one removed, in 18 % another type of one. Besides, a few structs appear
(copies of others, whose names end in the version, as in mutex_v5_4_1) and fewer go. Unions, enums, typedefs
and base types stay what they were.
Where sizes and offsets are known, those of what is made are what a compiler would give it: what is
appended makes a struct larger, and what follows a removed member moves up. Published ones are all 0, and
stay so.
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
STRUCTS = "types_struct"
OTHER_KINDS = ["types_union", "types_enum", "types_typedef", "types_int"]

# Chances in one update. The published kernels have 6.5 members a struct.
CHANGE_OF_MEMBER = 0.0015
APPEARING = 0.0005
GOING = 0.0002

# With their sizes in bytes, on 64 bits.
NEW_TYPES = [
    ({"kind": "TYPEDEF", "name": "u32"}, 4),
    ({"kind": "TYPEDEF", "name": "u64"}, 8),
    ({"kind": "INT", "name": "long unsigned int"}, 8),
    ({"kind": "STRUCT", "name": "list_head"}, 16),
    ({"kind": "PTR", "type": {"name": "void", "kind": "VOID"}}, 8),
    ({"kind": "PTR", "type": {"kind": "STRUCT", "name": "device"}}, 8),
    ({"kind": "ARRAY", "name": "(anon)", "nr_elems": 16, "type": {"kind": "TYPEDEF", "name": "u8"}}, 16),
]
ALIGNMENT = 8


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


def distance(members, index, size):
    """Bits from where a member is to where the next one is, or the struct ends."""
    end = members[index + 1]["bits_offset"] if index + 1 < len(members) else size * 8
    return end - members[index]["bits_offset"]


def remove(parsed, index):
    members = parsed["members"]
    bits = distance(members, index, parsed["size"])
    offsets = [member["bits_offset"] for member in members]
    del members[index]
    # Otherwise it was padded, or some share their bytes: all others stay where they are.
    if bits > 0 and bits % (8 * ALIGNMENT) == 0 and offsets == sorted(set(offsets)):
        parsed["size"] -= bits // 8
        for member in members[index:]:
            member["bits_offset"] -= bits


def append(parsed, name, new_type, byte_size):
    has_places = parsed["size"] > 0
    parsed["members"].append({"name": name, "bits_offset": parsed["size"] * 8, "type": new_type})
    if has_places:
        aligned = -(-byte_size // ALIGNMENT) * ALIGNMENT
        start = -(-parsed["size"] // ALIGNMENT) * ALIGNMENT
        parsed["members"][-1]["bits_offset"] = start * 8
        parsed["size"] = start + aligned


def changed(struct, version, draw):
    parsed = json.loads(struct.line)
    members = parsed["members"]
    kind = draw.chance()
    index = draw.below(len(members))
    new_type, byte_size = NEW_TYPES[draw.below(len(NEW_TYPES))]
    fits = parsed["size"] == 0 or distance(members, index, parsed["size"]) == byte_size * 8
    if kind < 0.26 and len(members) > 1:
        remove(parsed, index)
    elif kind < 0.44 and fits:
        members[index]["type"] = new_type
        # Only integers have bits.
        members[index].pop("bitfield_size", None)
    else:
        append(parsed, "added_" + version.replace(".", "_"), new_type, byte_size)
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


def copy_other_kinds(source, kernel, output, name):
    """What KERNEL has besides structs, NAME has, too."""
    for folder in OTHER_KINDS:
        path = os.path.join(source, folder, kernel + SUFFIX)
        if os.path.exists(path):
            os.makedirs(os.path.join(output, folder), exist_ok=True)
            shutil.copyfile(path, os.path.join(output, folder, name + SUFFIX))


def make_updates(source, kernel, count, output):
    """Writes COUNT updates of KERNEL into OUTPUT, and returns their names."""
    series, last, rest = re.match(r"(\d+\.\d+\.)(\d+)(.*)", kernel).groups()
    names = []
    if count == 0:
        return names
    with open(os.path.join(source, STRUCTS, kernel + SUFFIX), "rb") as file:
        structs = [Struct.from_line(line) for line in file]
    for number in range(1, count + 1):
        version = f"{series}{int(last) + number}"
        structs = list(updated(structs, version))
        names.append(version + rest)
        # Never over another kernel, given or made.
        with open(os.path.join(output, STRUCTS, names[-1] + SUFFIX), "xb") as file:
            file.writelines(struct.line for struct in structs)
        copy_other_kinds(source, kernel, output, names[-1])
    return names


def in_order(kernel):
    return [int(number) for number in re.findall(r"\d+", kernel)]


def given_kernels(source, baseline):
    folder = os.path.join(source, STRUCTS)
    names = [name[: -len(SUFFIX)] for name in os.listdir(folder) if name.endswith(SUFFIX)]
    if baseline not in names:
        raise FileNotFoundError(f"{folder}: has no {baseline}{SUFFIX}")
    return sorted(names, key=lambda name: (in_order(name), name))


def flavor(kernel):
    """'generic-amd64' of 5.4.0-26-generic-amd64, 'cloud-amd64' of 6.12.117+deb13-cloud-amd64."""
    return "-".join(part for part in kernel.split("-")[1:] if not part.isdigit())


def make(source, output, kernel_count, baseline):
    """Writes the kernels into OUTPUT, and returns their names."""
    given = given_kernels(source, baseline)
    regular = [name for name in given if flavor(name) == flavor(baseline)]
    wanted = kernel_count - len(given)
    if wanted < 0:
        raise ValueError(f"--kernels {kernel_count} is less than the {len(given)} in {source}")
    os.makedirs(os.path.join(output, STRUCTS))
    names = []
    for name in given:
        shutil.copyfile(os.path.join(source, STRUCTS, name + SUFFIX),
                        os.path.join(output, STRUCTS, name + SUFFIX))
        copy_other_kinds(source, name, output, name)
        names.append(name)
        if name in regular:
            # Dealt out like cards.
            count = len(range(regular.index(name), wanted, len(regular)))
            names += make_updates(source, name, count, output)
    return names


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, usage=argparse.SUPPRESS,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", metavar="SOURCE")
    parser.add_argument("output", metavar="OUTPUT")
    parser.add_argument("--kernels", metavar="N", type=int, default=200)
    parser.add_argument("--baseline", metavar="KERNEL", default=BASELINE)
    arguments = parser.parse_args()
    try:
        names = make(arguments.source, arguments.output, arguments.kernels, arguments.baseline)
        with open(os.path.join(arguments.output, "kernels.list"), "w", encoding="ascii") as file:
            file.writelines(n + (" baseline\n" if n == arguments.baseline else "\n") for n in names)
    except (OSError, ValueError) as error:
        sys.exit(f"make_kernels.py: {error}")


if __name__ == "__main__":
    main()
