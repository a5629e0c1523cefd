#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what modules define with what pahole and bpftool make of their files.

usage: compare_modules.py KSTRUCT DATADIR KERNEL REFERENCE_TOOL MODULE.ko…
What a name means to a module is its own definition, or else vmlinux's: both as exported. Every struct,
union, enum and typedef of the module's file must be as that says, and the module must not have any that
is not in its file. Prints what differs, and exits with 1 if anything does.
"""
import json
import os
import subprocess
import sys
import tempfile

import compare_definitions

KINDS = ["struct", "union", "enum", "typedef"]
SHOWN_AT_MOST = 20


def run(*words):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


def read_export(kstruct, datadir, kernel, image, directory):
    path = os.path.join(directory, "export")
    run(kstruct, "-q", "-d", datadir, "export", "-k", kernel, "--image", image,
        "--kind", ",".join(KINDS), "-o", path)
    return {kind: compare_definitions.read_export(path, kind) for kind in KINDS}


def read_reference(tool, path, directory):
    btf, dump, lines = (os.path.join(directory, name) for name in ("btf", "dump", "lines"))
    run("pahole", "--lang_exclude=rust", f"--btf_encode_detached={btf}", path)
    with open(dump, "wb") as out:
        out.write(run("bpftool", "btf", "dump", "file", btf, "--json"))
    reference = {}
    for kind in KINDS:
        with open(lines, "wb") as out:
            out.write(run("python3", tool, dump, kind))
        reference[kind] = compare_definitions.read_reference(lines)
    return reference


def compare(vmlinux, own, reference):
    """The names that differ, and how many were compared."""
    differing, count = [], 0
    for kind in KINDS:
        seen = {**vmlinux[kind], **own[kind]}
        if kind == "enum":
            compare_definitions.put_right(seen, reference[kind], is_told=False)
        count += len(reference[kind])
        differing += [(kind, compare_definitions.explain(name, seen.get(name), body))
                      for name, body in sorted(reference[kind].items()) if seen.get(name) != body]
        differing += [(kind, compare_definitions.explain(name, own[kind][name], None))
                      for name in sorted(own[kind].keys() - reference[kind].keys())]
    return differing, count


def main():
    kstruct, datadir, kernel, tool = sys.argv[1:5]
    paths = sys.argv[5:]
    definitions = differences = 0
    with tempfile.TemporaryDirectory() as directory:
        vmlinux = read_export(kstruct, datadir, kernel, "vmlinux", directory)
        for path in paths:
            module = os.path.basename(path)[:-len(".ko")].replace("-", "_")
            own = read_export(kstruct, datadir, kernel, module, directory)
            differing, count = compare(vmlinux, own, read_reference(tool, path, directory))
            definitions += count
            differences += len(differing)
            for kind, what in differing[:SHOWN_AT_MOST]:
                print(f"  module {module}: {kind} {what}")
    print(f"modules: {len(paths)} with {definitions} definitions, {differences} differences")
    return 1 if differences or not definitions else 0


if __name__ == "__main__":
    sys.exit(main())
