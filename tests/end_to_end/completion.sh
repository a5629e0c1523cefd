# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What the shells suggest.

completions=$(realpath "$E2E_DIRECTORY/../../install/completions")
base=5.4.0-26-generic-amd64
later=5.8.0-25-generic-amd64

# A data set with one of the two kernels of the list.
set_up() {
    make_good_vmlinux vmlinux
    printf '%s file=vmlinux baseline\n%s version=5.8.0-25.26\n' "$base" "$later" >kernels.list
    kstruct 0 -q -l kernels.list -d data run "$base"
    mkdir -p bin
    ln -sf "$KSTRUCT" bin/kstruct
    export PATH=$PWD/bin:$PATH
}

# What bash suggests at the last of the words, of which the first is the program; sorted, in the file
# found. The words are as bash splits them: `=` is one.
complete_line() { # WORD...
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    COMPREPLY=()
    # shellcheck source=/dev/null
    source "$completions/kstruct.bash"
    _kstruct || true
    if [ ${#COMPREPLY[@]} -gt 0 ]; then
        printf '%s\n' "${COMPREPLY[@]}" | sort >found
    else
        : >found
    fi
}

suggests() { # SUGGESTIONS WORD...
    local wanted=$1
    shift
    complete_line bin/kstruct "$@"
    [ "$(paste -s -d ' ' found)" = "$wanted" ] ||
        fail "kstruct $*: suggests '$(paste -s -d ' ' found)', not '$wanted'"
}

test_bash_commands_and_values() {
    bash -n "$completions/kstruct.bash"
    suggests 'diff discover' d
    suggests 'rebuild report run' -q --jobs = 2 r
    suggests 'html json md md-full' report --format ''
    suggests 'json' report --format = j
    suggests 'md-full,html md-full,json md-full,md md-full,md-full' report --format = md-full,
    suggests 'csv json text' offsets --format ''
    suggests 'always auto' diff --color = a
    suggests 'launchpad' discover --source l
    suggests '--series --settings --since --source' discover --s
    suggests '--stream' run --st
    suggests 'enum' find --kind e
    suggests 'union' export --kind un
    suggests '--keep-old' rebuild --k
    suggests '--dry-run' fetch --dr
    suggests '--jobs --json' list --j
    # Behind discover, --version takes a value.
    suggests '' discover --version ''
    suggests '--version' --vers
    suggests '' show ''
    suggests '' nonsense ''
    suggests '' =
}

test_bash_kernels() {
    set_up
    suggests "$base $later" -l kernels.list run ''
    suggests "$later" -l kernels.list fetch 5.8
    suggests "$base $later" --list = kernels.list run "$base" ''
    suggests "$base" -l kernels.list -d data show kit -k ''
    suggests "$base" -l kernels.list -d data export --kernel = 5
    suggests "$base" -l kernels.list --data = data diff ''
    suggests "$base" -l kernels.list -d data diff "$base" ''
    suggests '' -l kernels.list -d data diff "$base" "$base" ''
    suggests "$base,$base" -l kernels.list -d data offsets -k "$base,"
    mkdir -p home
    cp kernels.list home
    # shellcheck disable=SC2088 # bash hands it over as it was typed
    suggests "$later" -l '~/kernels.list' run 5.8
}

# Where nothing can be known, nothing is said.
test_bash_is_quiet() {
    set_up
    suggests '' -l nowhere run '' 2>err
    is_empty err
    suggests '' -l kernels.list -d nowhere show kit -k '' 2>err
    is_empty err
    suggests '' -l /dev/null -d / diff '' 2>err
    is_empty err
}

# Whatever the program says is text, not something to run.
test_bash_expands_nothing() {
    # shellcheck disable=SC2016 # not to be expanded is what this is about
    local word='$(touch${IFS}harm)*`touch'
    mkdir -p bin
    printf '#!/bin/sh\necho '\''%s harm`'\''\n' "$word" >bin/kstruct
    chmod +x bin/kstruct
    suggests "$word" run ''
    is_gone harm
}

# Whatever the help tells of is completed, by both shells; also what was added after this test.
test_nothing_is_missing() {
    local command option taking=0
    local -a commands options
    kstruct 0 --help
    mapfile -t commands < <(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' out)
    mapfile -t options < <(grep -oE '^ +(-[a-z], )?--[a-z-]+' out | grep -oE -e '--[a-z-]+')
    complete_line kstruct ''
    for command in "${commands[@]}"; do
        has found "^$command$"
        has "$completions/_kstruct" "['\"]$command:"
    done
    complete_line kstruct --
    for option in "${options[@]}"; do
        has found "^$option$"
        has "$completions/_kstruct" "[{,')]$option"
    done
    for command in "${commands[@]}"; do
        kstruct 0 "$command" --help
        # What --relock is about are words.
        while read -r option; do
            taking=$((taking + 1))
            _kstruct_command=$command _kstruct_takes_value "$option" ||
                fail "kstruct $command $option: what follows is taken for a word of its own"
        done < <(grep -oE -e '--[a-z-]+ [A-Z]' out | cut -d ' ' -f 1 | grep -v relock)
        for option in $(options_of_command); do
            complete_line kstruct "$command" --
            has found "^$option$"
            has "$completions/_kstruct" "[{,')]$option"
        done
    done
    [ "$taking" -ge 40 ] || fail "only $taking options take a value"
}

# Those of the help in the file out: in the lines of usage, and at the start of others.
options_of_command() {
    sed -n '/^usage/,/^$/p; /^ *\(-[a-z], \)\?--/p' out | grep -oE -e '--[a-z-]+' | sort -u
}

test_zsh() {
    need zsh
    zsh -n "$completions/_kstruct"
    zsh -f -c 'zmodload zsh/zpty' 2>/dev/null || skip "this zsh has no zsh/zpty"
    set_up
    # A terminal in which somebody types, and asks for suggestions, until the text is there.
    cat >type.zsh <<'END'
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1= fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; LISTMAX=0
    zstyle ':completion:*' list-prompt ''; bindkey '^I' list-choices; echo RE''ADY"
zpty -r -m shell text '*READY*'
zpty -w -n shell "$2"$'\t'
zpty -r -m shell text "*$3*"
zpty -d shell
END
    local -a cases=(
        'kstruct di' 'diff*discover'
        'kstruct -l kernels.list run ' "$base*$later"
        'kstruct -l kernels.list -d data show -k ' "$base"
        'kstruct fetch --dr' 'find only'
        'kstruct report --format md,' 'json*md-full'
    )
    local i
    for ((i = 0; i < ${#cases[@]}; i += 2)); do
        timeout 15 zsh -f type.zsh "$completions" "${cases[i]}" "${cases[i + 1]}" >out 2>&1 ||
            fail "zsh does not suggest ${cases[i + 1]} for ${cases[i]}"
    done
}
