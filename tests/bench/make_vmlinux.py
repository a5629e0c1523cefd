#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes a vmlinux of each published kernel, so that `run` can read as many structs as there really are.

usage: make_vmlinux.py PUBLISHED OUTPUT

PUBLISHED/types_struct/ has KERNEL.jsonl in the published schema. OUTPUT gets KERNEL.vmlinux for each,
and kernels.list, where each is a file=. They have the published structs, with the published members in
their order; but as nothing is published of unions, enums and what typedefs stand for, types are simpler
than they were: those held by value become pointers to them, and functions have no parameters.
What gcc makes for this machine says in its header that it is for the kernel's.
"""
import json
import os
import re
import subprocess
import sys

BASELINE = "5.4.0-26-generic-amd64"
SUFFIX = ".jsonl"
# ELF's numbers of Debian's architectures. armhf is of another class than what gcc makes here, so that
# kernel is taken for one of arm64.
MACHINES = {"amd64": 62, "arm64": 183, "riscv64": 243, "ppc64el": 21}
STAND_INS = {"armhf": "arm64"}
IDENTIFIER = re.compile(r"[A-Za-z_]\w*\Z")
INTEGERS = {"_Bool", "char", "int", "short int", "long int", "long long int", "signed char",
            "unsigned char", "unsigned int", "short unsigned int", "long unsigned int",
            "long long unsigned int"}


def declarator(type_, name, typedefs):
    """The member NAME of that type, in C."""
    kind = type_["kind"]
    if kind in ("CONST", "VOLATILE"):
        return f"{kind.lower()} " + declarator(type_["type"], name, typedefs)
    if kind == "PTR":
        target = type_["type"]
        while target["kind"] in ("CONST", "VOLATILE"):
            target = target["type"]
        if target["kind"] == "FUNC_PROTO":
            return f"void (*{name})(void)"
        if target["kind"] == "ARRAY":
            return f"void *{name}"
        return declarator(type_["type"], "*" + name, typedefs)
    if kind == "ARRAY":
        if not name.startswith("*"):
            name += f"[{type_['nr_elems']}]"
        return declarator(type_["type"], name, typedefs)
    named = type_.get("name", "")
    if kind == "INT":
        return f"{named if named in INTEGERS else 'int'} {name}"
    if kind == "TYPEDEF" and IDENTIFIER.match(named) and not named.startswith("__builtin"):
        typedefs.add(named)
        return f"{named} {name}"
    if kind in ("STRUCT", "FWD") and IDENTIFIER.match(named):
        return f"struct {named} *{name}".replace("**", "*")
    # Unions and enums; a struct may have the same tag.
    return f"{'void' if name.startswith('*') else 'int'} {name}"


def source_of(path):
    """The C of a kernel's structs, and how many there are."""
    typedefs, structs = set(), {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            struct = json.loads(line)
            if not IDENTIFIER.match(struct["name"]):
                continue
            members = {}
            for member in struct["members"]:
                if IDENTIFIER.match(member["name"]):
                    members[member["name"]] = declarator(member["type"], member["name"], typedefs)
            structs[struct["name"]] = "".join(f"    {text};\n" for text in members.values())
    # A pointer to a struct that is declared nowhere else would be of another struct in each place.
    texts = [f"struct {name};\n" for name in structs]
    texts += [f"typedef long {name};\n" for name in sorted(typedefs)]
    texts += [f"struct {name} {{\n{members}}};\n" for name, members in structs.items()]
    return "".join(texts), len(structs)


def make_vmlinux(source, kernel, architecture, output):
    text, count = source_of(source)
    release = kernel.rpartition("-")[0]
    text += (f'const char banner[] = "Linux version {release} (builder@host) (a compiler) #1 SMP";\n'
             "void start(void);\nvoid start(void) { }\n")
    # -std=c11: by default words such as `linux` and `asm` are no names.
    subprocess.run(["gcc", "-std=c11", "-w", "-g", "-fno-eliminate-unused-debug-types", "-nostdlib",
                    "-static", "-ffreestanding", "-Wl,-e,start", "-x", "c", "-", "-o", output],
                   input=text.encode(), check=True)
    with open(output, "r+b") as file:
        file.seek(18)
        file.write(MACHINES[architecture].to_bytes(2, "little"))
    return count


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    published, output = os.path.join(sys.argv[1], "types_struct"), os.path.abspath(sys.argv[2])
    os.makedirs(output)
    lines = []
    for name in sorted(os.listdir(published)):
        if not name.endswith(SUFFIX):
            continue
        kernel = name[: -len(SUFFIX)]
        release, _, architecture = kernel.rpartition("-")
        architecture = STAND_INS.get(architecture, architecture)
        made = f"{release}-{architecture}"
        if os.path.exists(f"{output}/{made}.vmlinux"):
            made = f"{release}hf-{architecture}"
        make_vmlinux(os.path.join(published, name), made, architecture, f"{output}/{made}.vmlinux")
        lines.append(f"{made} file={output}/{made}.vmlinux{' baseline' * (made == BASELINE)}\n")
    with open(os.path.join(output, "kernels.list"), "w", encoding="utf-8") as file:
        file.writelines(lines)


if __name__ == "__main__":
    main()
