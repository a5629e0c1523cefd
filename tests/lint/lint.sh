#!/bin/bash
# Checks what a compiler does not: style, which part may include which, sizes, shell scripts.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
failed=0

fail() {
    echo "lint: $*" >&2
    failed=1
}

mapfile -t sources < <(git ls-files --cached --others --exclude-standard '*.[ch]')
mapfile -t scripts < <(git ls-files --cached --others --exclude-standard '*.sh')

# Runs a program on many files, on all processors.
on_all() { # PROGRAM [OPTION...] -- FILE...
    local -a program=()
    while [ "$1" != -- ]; do
        program+=("$1")
        shift
    done
    shift
    printf '%s\0' "$@" | xargs -0 -n 8 -P "$(nproc)" "${program[@]}"
}

on_all clang-format --dry-run -Werror -- "${sources[@]}" || fail "clang-format -i mends the above"
on_all shellcheck -x -- "${scripts[@]}" .ci/run completions/kstruct.bash || fail "shellcheck has something to say"

bash -n completions/kstruct.bash || fail "bash cannot read its completions"
if command -v zsh >/dev/null; then
    zsh -n completions/_kstruct || fail "zsh cannot read its completions"
else
    echo "lint: there is no zsh here: completions/_kstruct is not looked at"
fi
if command -v mandoc >/dev/null; then
    mandoc -T lint -W warning man/*.[1-9] || fail "mandoc has something to say"
else
    echo "lint: there is no mandoc here: man/ is not looked at"
fi

# The parts and what each may include. Stages do not include each other; they meet in cli/.
declare -A may_include=(
    [base]="base"
    [model]="base model"
    [config]="base model config"
    [fetch]="base fetch"
    [extract]="base extract"
    [analyze]="base model analyze"
    [dataset]="base model dataset"
    [report]="base model report"
    [cli]="base model config fetch extract analyze dataset report cli"
)
for part in "${!may_include[@]}"; do
    for file in "$part"/*.[ch]; do
        while read -r included; do
            case " ${may_include[$part]} " in
            *" $included "*) ;;
            *) fail "$file includes $included/, which $part/ may not" ;;
            esac
        done < <(sed -n 's|^#include "\([a-z]*\)/.*|\1|p' "$file")
    done
done

# Library code neither prints nor exits.
for part in base model config fetch extract analyze dataset report; do
    if grep -nE '\b(printf|puts|putchar|perror|exit|abort|_exit)\(' "$part"/*.c |
        grep -vE '\b(s|sn|vs|as|vas|f)?printf_' | grep -vE '_exit\(127\)' >&2; then
        fail "$part/ prints or exits"
    fi
done

for file in "${sources[@]}"; do
    head -n 1 "$file" | grep -q 'SPDX-License-Identifier: MIT' || fail "$file has no SPDX line"
    lines=$(wc -l <"$file")
    [ "$lines" -le 500 ] || fail "$file has $lines lines; split it"
done

# cppcheck does not know what CLEANUP does, nor that a struct's lifetime may end with its user's.
cppcheck --quiet -j "$(nproc)" --suppress=memleak --suppress=returnDanglingLifetime --suppress=autoVariables \
    --std=c11 --error-exitcode=1 --enable=warning,portability --inline-suppr \
    --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches -I. \
    -D__BYTE_ORDER__=1234 -D__ORDER_BIG_ENDIAN__=4321 \
    base model config fetch extract analyze dataset report cli || fail "cppcheck has something to say"

[ "$failed" = 0 ] && echo "lint: fine"
exit "$failed"
