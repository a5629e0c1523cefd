#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what two builds of kstruct say of the same kernels.

usage: compare_programs.py BEFORE AFTER

BEFORE and AFTER are directories, each with what one of the two programs wrote:
  report/      of `kstruct report --format md,md-full,json`
  offsets.csv  of `kstruct offsets --format csv -o offsets.csv`
What only AFTER has, such as pages of a new kind, columns and keys, is counted and allowed. All else is
a difference: the first ones are printed, all are counted, and the exit status is 1. The digest of a
kernel may differ, and so may the words that say why a field is absent; such rows are counted.
"""
import collections
import csv
import json
import os
import sys

SHOWN_AT_MOST = 20
MAY_DIFFER = {"digest", "absent", "hint"}  # but be there or not
EXACT = ("Struct", "Full")


class Comparison:
    def __init__(self):
        self.differences = 0
        self.counts = collections.Counter()

    def differs(self, what):
        self.differences += 1
        if self.differences <= SHOWN_AT_MOST:
            print(f"differs: {what}")


def files_below(directory):
    for parent, _, names in os.walk(directory):
        for name in names:
            yield os.path.relpath(os.path.join(parent, name), directory)


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


def compare_pages(before, after, comparison):
    """Byte for byte."""
    old, new = set(files_below(before)), set(files_below(after))
    if not old:
        comparison.differs(f"{before} has no files")
    for name in sorted(old - new):
        comparison.differs(f"{after}/{name} is missing")
    for name in sorted(old & new):
        comparison.counts["pages"] += 1
        if read_bytes(f"{before}/{name}") != read_bytes(f"{after}/{name}"):
            comparison.differs(f"{after}/{name}")
    comparison.counts["pages only after"] += len(new - old)


def compare_values(old, new, where, comparison):
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old:
            if key not in new:
                comparison.differs(f"{where}/{key} is missing")
            else:
                compare_values(old[key], new[key], f"{where}/{key}", comparison)
        comparison.counts["keys only after"] += len(new.keys() - old.keys())
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for old_item, new_item in zip(old, new):
            compare_values(old_item, new_item, f"{where}[]", comparison)
    elif old != new:
        comparison.differs(f"{where}: {old!r}, now {new!r}")


def compare_documents(before, after, comparison):
    """JSON, key for key."""
    names = sorted(files_below(before))
    if not names:
        comparison.differs(f"{before} has no files")
    for name in names:
        comparison.counts["JSON documents"] += 1
        try:
            new = json.loads(read_bytes(f"{after}/{name}"))
        except OSError:
            comparison.differs(f"{after}/{name} is missing")
            continue
        compare_values(json.loads(read_bytes(f"{before}/{name}")), new, f"{after}/{name}", comparison)


def rows_of(path, columns, words_count):
    """The rows of a CSV file, counted: their order may differ."""
    with open(path, newline="", encoding="utf-8") as file:
        return collections.Counter(
            tuple(row.get(column) if words_count or column not in MAY_DIFFER
                  else bool(row.get(column)) for column in columns)
            for row in csv.DictReader(file))


def compare_rows(before, after, comparison):
    with open(before, newline="", encoding="utf-8") as file:
        heading = next(csv.reader(file))
    old = rows_of(before, heading, False)
    comparison.counts["rows"] += sum(old.values())
    for row in old - rows_of(after, heading, False):
        comparison.differs(f"{after} has no row {dict(zip(heading, row))}")
    other_words = rows_of(before, heading, True) - rows_of(after, heading, True)
    comparison.counts["rows with other words or another digest"] += sum(other_words.values())


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    before, after = sys.argv[1:]
    comparison = Comparison()
    for folder in EXACT:
        compare_pages(f"{before}/report/{folder}", f"{after}/report/{folder}", comparison)
    compare_documents(f"{before}/report/Json", f"{after}/report/Json", comparison)
    tables = [name for name in os.listdir(f"{before}/report/tables") if name.endswith(".csv")]
    for path in [f"report/tables/{name}" for name in sorted(tables)] + ["offsets.csv"]:
        compare_rows(f"{before}/{path}", f"{after}/{path}", comparison)
    for what, count in comparison.counts.items():
        print(f"{count} {what}")
    print(f"{comparison.differences} differences")
    return 1 if comparison.differences else 0


if __name__ == "__main__":
    sys.exit(main())
