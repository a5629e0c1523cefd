#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Takes the BPF objects out of the programs that embed them: each ELF file of machine EM_BPF.

usage: carve_objects.py DIRECTORY PROGRAM...        writes DIRECTORY/PROGRAM.o
"""
import os
import struct
import sys

EM_BPF = 247
MAGIC = b"\x7fELF\x02\x01\x01"


def carve(data):
    """The bytes of each object: up to the end of its section headers, which are last."""
    place = data.find(MAGIC, 1)
    while place >= 0:
        machine, = struct.unpack_from("<H", data, place + 18)
        if machine == EM_BPF:
            offset, = struct.unpack_from("<Q", data, place + 0x28)
            size, count = struct.unpack_from("<HH", data, place + 0x3a)
            yield data[place:place + offset + size * count]
        place = data.find(MAGIC, place + 1)


def main():
    directory, *programs = sys.argv[1:]
    os.makedirs(directory, exist_ok=True)
    count = 0
    for program in programs:
        if os.path.islink(program):
            continue
        with open(program, "rb") as file:
            data = file.read()
        for number, found in enumerate(carve(data)):
            suffix = f"-{number}" if number else ""
            with open(f"{directory}/{os.path.basename(program)}{suffix}.o", "wb") as file:
                file.write(found)
            count += 1
    print(f"{count} objects")
    return 0 if count else 1


sys.exit(main())
