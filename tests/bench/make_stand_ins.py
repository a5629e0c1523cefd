#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes N small kernels of this machine's architecture, for `run` to read.

usage: make_stand_ins.py OUTPUT N

OUTPUT gets KERNEL.vmlinux for each, with ten structs of which one changes from kernel to kernel, and
kernels.list, where each is a file=.
"""
import os
import subprocess
import sys

MACHINES = {"x86_64": "amd64", "aarch64": "arm64", "riscv64": "riscv64", "ppc64le": "ppc64el", "s390x": "s390x"}


def source(release, number):
    lines = [f'const char linux_banner[] = "Linux version {release} (built by make_stand_ins)";']
    for i in range(10):
        members = "".join(f" long m{j};" for j in range(1 + (i + number) % 7 if i == 0 else i + 1))
        lines.append(f"struct stand_in_{i} {{{members} }} object_{i};")
    return "\n".join(lines) + "\n"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    output, count = sys.argv[1], int(sys.argv[2])
    architecture = MACHINES[os.uname().machine]
    os.makedirs(output)
    with open(os.path.join(output, "kernels.list"), "w", encoding="ascii") as kernels:
        for number in range(count):
            release = f"{4 + number // 200}.{number // 20 % 10}.{number % 20}-1-generic"
            path = os.path.join(os.path.abspath(output), f"{release}-{architecture}.vmlinux")
            subprocess.run(["gcc", "-g", "-nostdlib", "-static", "-Wl,--entry=0", "-x", "c", "-", "-o", path], check=True,
                           input=source(release, number).encode())
            kernels.write(f"{release}-{architecture} file={path}{' baseline' if number == 0 else ''}\n")


if __name__ == "__main__":
    main()
