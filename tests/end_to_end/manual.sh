# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Whether the manual pages tell of everything that there is; also of what was added after this test.

source_tree=$(realpath "$E2E_DIRECTORY/../..")
page=$source_tree/install/man/kstruct.1
settings_page=$source_tree/install/man/kstruct.ini.5

# Those of the help in the file out: in the lines of usage, and at the start of others.
options_in_help() {
    sed -n '/^usage/,/^$/p; /^ *\(-[a-z], \)\?--/p' out | grep -oE -e '--[a-z-]+' | sort -u
}

test_commands_and_options() {
    local command option
    local -a commands
    kstruct 0 --help
    mapfile -t commands < <(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' out)
    [ ${#commands[@]} -gt 10 ] || fail "only ${#commands[@]} commands are found in the help"
    for option in $(options_in_help); do
        has "$page" "^\.It .*Fl -${option#--}( |$)"
    done
    for command in "${commands[@]}"; do
        # Up to the next command's item, or the next section.
        awk -v command="$command" '
            /^\.(It (Xo )?Ic|Sh|Ss) / { is_it = $0 ~ " Ic " command "( |$)" }
            is_it' "$page" >item
        [ -s item ] || fail "the page does not tell of $command"
        kstruct 0 "$command" --help
        for option in $(options_in_help); do
            has item "Fl -${option#--}( |$)"
        done
    done
}

test_words_of_the_list() {
    local word
    local -a words
    # The list's own head explains them.
    mapfile -t words < <(sed -n 's/^#   \([a-z0-9]*\)\(=[^ ]*\)\?  .*/\1/p' \
        "$source_tree/config/kernels.list")
    [ ${#words[@]} -ge 8 ] || fail "only ${#words[@]} words are found in the list"
    for word in "${words[@]}"; do
        has "$page" "^\.It Cm $word(=| |$)"
    done
}

test_settings() {
    local key
    local -a keys
    mapfile -t keys < <(sed -n 's/^; \?\([a-z_]*\) = .*/\1/p' "$source_tree/config/kstruct.ini")
    [ ${#keys[@]} -ge 10 ] || fail "only ${#keys[@]} keys are found in the settings"
    for key in "${keys[@]}"; do
        has "$settings_page" "^\.It (.* )?Cm $key( |$)"
    done
}
