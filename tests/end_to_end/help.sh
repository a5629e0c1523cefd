# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What the command line says of itself, and where options may stand.

commands=(run rebuild fetch extract analyze report list discover status show diff offsets export import)

test_program_help() {
    local command
    for option in --help -h help; do
        kstruct 0 "$option"
        is_empty err
        has out '^usage: kstruct '
        for command in "${commands[@]}"; do
            has out "^  $command +[a-z]"
        done
        has out 'Exit status: 0 all done, 1 failed, 2 usage'
    done
}

# Also commands that were added after this test.
test_every_command_has_help() {
    local -a listed
    kstruct 0 --help
    lacks out '.{81}'
    mapfile -t listed < <(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' out)
    [ "${#listed[@]}" -ge "${#commands[@]}" ] || fail "only ${#listed[@]} commands are listed"
    for command in "${listed[@]}"; do
        kstruct 0 "$command" --help
        is_empty err
        has out "^usage: kstruct $command"
        lacks out '.{81}'
        mv out long
        kstruct 0 "$command" -h
        same out long
        kstruct 0 --help "$command"
        same out long
    done
}

# Help needs neither data set nor list, and no valid rest of the line.
test_help_needs_nothing() {
    kstruct 0 status -d /nonexistent -l /nonexistent --help
    has out '^usage: kstruct status'
    kstruct 0 show --help
    is_gone home
}

test_version() {
    kstruct 0 --version
    is_empty err
    has out '^kstruct [0-9]+\.[0-9]+\.[0-9]+$'
    [ "$(wc -l <out)" -eq 1 ] || fail "more than one line"
}

test_global_options_before_and_after() {
    echo '5.4.0-26-generic-amd64 baseline' >some.list
    kstruct 0 -l some.list list
    has out '^5.4.0-26-generic-amd64 '
    mv out first
    kstruct 0 list -l some.list
    same first out
    kstruct 0 list --list=some.list -j 2 -q
    same first out
    kstruct 0 --list some.list --jobs=2 --quiet list
    same first out
}

# The later of two wins, wherever they stand.
test_option_of_the_command_wins() {
    echo '5.4.0-26-generic-amd64' >one.list
    echo '6.8.0-31-generic-amd64' >two.list
    kstruct 0 -l one.list list -l two.list
    has out '^6.8.0'
    lacks out '^5.4.0'
}

test_full_output_is_an_error() {
    [ -e /dev/full ] || skip "there is no /dev/full here"
    local status=0
    "$KSTRUCT" --help >/dev/full 2>err || status=$?
    [ "$status" -eq 1 ] || fail "exit status $status instead of 1"
    has err '^kstruct: standard output: '
}
