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
on_all shellcheck -x -- "${scripts[@]}" .ci/run install/completions/kstruct.bash install/slurm/*.sbatch || fail "shellcheck has something to say"

bash -n install/completions/kstruct.bash || fail "bash cannot read its completions"
if command -v zsh >/dev/null; then
    zsh -n install/completions/_kstruct || fail "zsh cannot read its completions"
else
    echo "lint: there is no zsh here: install/completions/_kstruct is not looked at"
fi
if command -v mandoc >/dev/null; then
    mandoc -T lint -W warning install/man/*.[1-9] || fail "mandoc has something to say"
else
    echo "lint: there is no mandoc here: install/man/ is not looked at"
fi

# What a reader is sent to is there, and the first page is one that is read.
for page in README.md HACKING.md CHANGES.md docs/*.md; do
    while read -r link; do
        [ -e "$(dirname "$page")/$link" ] || fail "$page leads to $link, which is not there"
    done < <(grep -oE '\]\([^)#:]+\)' "$page" | sed 's/^](//; s/)$//')
done
[ "$(wc -l <README.md)" -le 150 ] || fail "README.md has more than 150 lines"

# The parts and what each may include. Stages do not include each other; they meet in run/ and cli/.
declare -A may_include=(
    [base]="base"
    [model]="base model"
    [config]="base model config"
    [fetch]="base model fetch"
    [extract]="base extract"
    [analyze]="base model analyze"
    [dataset]="base model dataset"
    [report]="base model report"
    [check]="base model check"
    [export]="base model export"
    [run]="base model config fetch extract analyze dataset report check export run"
    [cli]="base model config fetch extract analyze dataset report check export run cli"
)
for part in "${!may_include[@]}"; do
    while IFS= read -r -d '' file; do
        while read -r included; do
            case " ${may_include[$part]} " in
            *" $included "*) ;;
            *) fail "$file includes $included/, which $part/ may not" ;;
            esac
        done < <(sed -n 's|^#include "\([a-z]*\)/.*|\1|p' "$file")
    done < <(find "$part" -name '*.[ch]' -print0)
done

# A struct or enum of one tag is one thing: where a header defines it, no other header does.
while read -r kind tag; do
    fail "two headers define $kind $tag"
done < <(git ls-files --cached --others --exclude-standard -- '*.h' ':!tests' |
    xargs sed -nE 's/^((struct|enum|union) [a-z_0-9]+) \{.*/\1/p' | sort | uniq -d)

# A folder is one idea: what has more files wants folders in it.
while read -r count folder; do
    fail "$folder/ has $count files directly in it"
done < <(git ls-files --cached --others --exclude-standard -- '*.[ch]' | xargs -n 1 dirname | sort | uniq -c |
    awk '$1 > 24')

# What CLEANUP frees at a return has a value by then. Compilers do not see it when it has none.
# shellcheck disable=SC2016
if ! awk '
    FNR == 1 || /^}/ { delete unset }
    match($0, /^ +CLEANUP\([a-z_0-9]+\) [^=]*[ *][a-z_0-9]+;$/) {
        name = $0
        gsub(/.*[ *]|;$/, "", name)
        unset[name]
        next
    }
    {
        for (name in unset) {
            if ($0 ~ "&" name "([^a-z_0-9]|$)")
                delete unset[name]
            else if (/(^|[^a-z_])return([^a-z_]|$)|TRY\(/) {
                print FILENAME ":" FNR ": " name " has no value yet"
                found = 1
            }
        }
    }
    END { exit found }' "${sources[@]}" >&2; then
    fail "a return frees what has no value"
fi

# Library code neither prints nor exits.
for part in base model config fetch extract analyze dataset report export; do
    if grep -rnE --include='*.c' '\b(printf|puts|putchar|perror|exit|abort|_exit)\(' "$part" |
        grep -vE '\b(s|sn|vs|as|vas|f)?printf_' | grep -vE '_exit\(127\)' >&2; then
        fail "$part/ prints or exits"
    fi
done

for file in "${sources[@]}"; do
    head -n 1 "$file" | grep -q 'SPDX-License-Identifier: MIT' || fail "$file has no SPDX line"
done

# cppcheck does not know what CLEANUP does, nor that a struct's lifetime may end with its user's.
cppcheck --quiet -j "$(nproc)" --suppress=memleak --suppress=returnDanglingLifetime --suppress=autoVariables \
    --std=c11 --error-exitcode=1 --enable=warning,portability --inline-suppr \
    --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches -I. \
    -D__BYTE_ORDER__=1234 -D__ORDER_BIG_ENDIAN__=4321 \
    base model config fetch extract analyze dataset report export run cli || fail "cppcheck has something to say"

[ "$failed" = 0 ] && echo "lint: fine"
exit "$failed"
