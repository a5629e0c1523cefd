# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Completion of kstruct's command line for bash, with or without the package bash-completion. Where
# nothing is suggested, bash completes names of files.

# Where a word has `=` in it, bash hands it over in pieces: _kstruct_words has them in one, up to the
# one before the cursor's.
_kstruct_split() {
    local i word joined=no
    _kstruct_words=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [ ${#_kstruct_words[@]} -gt 0 ] && { [ "$word" = = ] || [ "$joined" = yes ]; }; then
            _kstruct_words[${#_kstruct_words[@]} - 1]+=$word
            joined=no
            [ "$word" != = ] || joined=yes
        else
            _kstruct_words+=("$word")
        fi
    done
    _kstruct_current=${COMP_WORDS[COMP_CWORD]-}
    _kstruct_option=""
    [ ${#_kstruct_words[@]} -gt 0 ] || return 0
    if [ "$_kstruct_current" = = ]; then
        _kstruct_current=""
        _kstruct_option=${_kstruct_words[-1]}
    elif [ "$joined" = yes ]; then
        _kstruct_option=${_kstruct_words[-1]%=}
        unset '_kstruct_words[-1]'
    elif _kstruct_takes_value "${_kstruct_words[-1]}"; then
        _kstruct_option=${_kstruct_words[-1]}
    fi
}

_kstruct_takes_value() { # WORD
    case $1 in
    -c | -l | -d | -j | -o | -k) return 0 ;;
    --settings | --list | --data | --jobs | --output | --kernel | --image | --format | --color) return 0 ;;
    --source | --series | --arch | --flavor | --since | --kind | --base | --vmlinux) return 0 ;;
    --field | --type | --enumerator | --embeds | --points-to | --size) return 0 ;;
    --shard | --max-age | --listen) return 0 ;;
    --version) [ "$_kstruct_command" = discover ] ;;
    *) return 1 ;;
    esac
}

# Sets the command, what stands after it without being an option, and what kstruct needs to be told
# to find the same list and data set.
_kstruct_look() {
    local i word
    _kstruct_command=""
    _kstruct_operands=()
    _kstruct_places=()
    for ((i = 0; i < ${#_kstruct_words[@]}; i++)); do
        word=${_kstruct_words[i]}
        case $word in
        -c | -l | -d | --settings | --list | --data)
            [ $((i + 1)) -lt ${#_kstruct_words[@]} ] || continue
            _kstruct_place "$word" "${_kstruct_words[i + 1]}"
            ;;
        --settings=* | --list=* | --data=*) _kstruct_place "${word%%=*}" "${word#*=}" ;;
        esac
        if _kstruct_takes_value "$word"; then
            i=$((i + 1))
        elif [[ $word != -* ]]; then
            if [ -z "$_kstruct_command" ]; then
                _kstruct_command=$word
            else
                _kstruct_operands+=("$word")
            fi
        fi
    done
}

# The words are as they were typed: of what the shell would expand, only `~/` is of use here.
_kstruct_place() { # OPTION VALUE
    local value=$2
    # shellcheck disable=SC2088 # it was typed, and not expanded
    [[ $value != '~/'* ]] || value=$HOME/${value:2}
    _kstruct_places+=("$1" "$value")
}

# Kernels that the list wants, or that the data set has: the first words of lines that begin with one.
# Silent where there is no list or no data set.
_kstruct_kernels() { # list|status
    local program=${COMP_WORDS[0]}
    # shellcheck disable=SC2088 # as above
    [[ $program != '~/'* ]] || program=$HOME/${program:2}
    "$program" "${_kstruct_places[@]}" "$1" 2>/dev/null </dev/null | case $1 in
    list) awk '/^[^ ]/ { print $1 }' ;;
    status) awk '/ structs?, read / { print $1 }' ;;
    esac
}

# Suggests those of the words that begin with what is there; not by compgen -W, which would expand
# the words.
_kstruct_suggest() { # WORD...
    local word
    for word in "$@"; do
        [[ $word != "$_kstruct_current"* ]] || COMPREPLY+=("$word")
    done
}

_kstruct_suggest_kernels() { # list|status
    local -a kernels
    mapfile -t kernels < <(_kstruct_kernels "$1")
    _kstruct_suggest "${kernels[@]}"
}

# Several with commas between them: only the last one is completed.
_kstruct_suggest_in_series() { # WORD...
    local before="" word
    local -a words=()
    [[ $_kstruct_current != *,* ]] || before=${_kstruct_current%,*},
    for word in "$@"; do
        words+=("$before$word")
    done
    _kstruct_suggest "${words[@]}"
}

_kstruct_suggest_directories() {
    mapfile -t COMPREPLY < <(compgen -d -- "$_kstruct_current")
    compopt -o filenames 2>/dev/null
}

_kstruct_suggest_values() { # OPTION
    local -a kernels
    case $_kstruct_command:$1 in
    report:--format) _kstruct_suggest_in_series md md-full json html ;;
    offsets:--format) _kstruct_suggest text json csv ;;
    diff:--format) _kstruct_suggest text md json ;;
    check:--format) _kstruct_suggest text json ;;
    find:--format) _kstruct_suggest text json csv ;;
    find:--kind) _kstruct_suggest_in_series struct union enum typedef int ;;
    export:--format) _kstruct_suggest jsonl btf header isf ;;
    export:--kind) _kstruct_suggest_in_series struct union enum typedef int ;;
    *:--image) _kstruct_suggest vmlinux all ;;
    diff:--color) _kstruct_suggest auto always never ;;
    discover:--source) _kstruct_suggest launchpad ddebs apt ;;
    discover:--arch) _kstruct_suggest amd64 arm64 armhf i386 ppc64el riscv64 s390x ;;
    discover:--flavor) _kstruct_suggest aws azure gcp generic generic-64k generic-lpae lowlatency ;;
    discover:--series) _kstruct_suggest bionic focal jammy noble xenial ;;
    offsets:-k | offsets:--kernel | check:-k | check:--kernel | find:-k | find:--kernel)
        mapfile -t kernels < <(_kstruct_kernels status)
        _kstruct_suggest_in_series "${kernels[@]}"
        ;;
    analyze:-k | analyze:--kernel) _kstruct_suggest_kernels list ;;
    *:-k | *:--kernel) _kstruct_suggest_kernels status ;;
    *:-d | *:--data | report:-o | report:--output) _kstruct_suggest_directories ;;
    esac
}

_kstruct_suggest_options() {
    _kstruct_suggest -c --settings -l --list -d --data -j --jobs -q --quiet -v --verbose -h --help
    case $_kstruct_command in
    "") _kstruct_suggest --version ;;
    run) _kstruct_suggest --stream --prune --shard ;;
    rebuild) _kstruct_suggest --keep-old ;;
    list) _kstruct_suggest --json --check ;;
    status) _kstruct_suggest --json --check --max-age ;;
    fetch) _kstruct_suggest --dry-run --relock ;;
    extract) _kstruct_suggest -o --output ;;
    analyze) _kstruct_suggest -k --kernel --base ;;
    check) _kstruct_suggest -k --kernel --format --image --all -o --output ;;
    find) _kstruct_suggest --field --type --enumerator --embeds --points-to --deep --size --kind \
        -k --kernel --image --format -o --output ;;
    show) _kstruct_suggest -k --kernel --image ;;
    report) _kstruct_suggest -o --output --format --all --force --adopt ;;
    discover) _kstruct_suggest --source --series --version --arch --flavor --since --new ;;
    diff) _kstruct_suggest --image --format --stat --color -o --output ;;
    offsets) _kstruct_suggest --format -o --output -k --kernel --image ;;
    export) _kstruct_suggest -k --kernel --image --format --kind --vmlinux -o --output ;;
    serve) _kstruct_suggest --listen --all ;;
    esac
}

_kstruct_suggest_operands() {
    case $_kstruct_command in
    "") _kstruct_suggest run rebuild fetch extract analyze report list discover status show diff \
        offsets check find export import merge serve help ;;
    run | fetch) _kstruct_suggest_kernels list ;;
    diff) [ ${#_kstruct_operands[@]} -ge 2 ] || _kstruct_suggest_kernels status ;;
    import) _kstruct_suggest_directories ;;
    esac
}

_kstruct() {
    local _kstruct_command="" _kstruct_current _kstruct_option
    local -a _kstruct_words _kstruct_operands _kstruct_places

    COMPREPLY=()
    _kstruct_split
    _kstruct_look
    # What --version means depends on the command, which was not known before.
    [ "$_kstruct_command" != discover ] || _kstruct_split
    if [ -n "$_kstruct_option" ]; then
        _kstruct_suggest_values "$_kstruct_option"
    elif [[ $_kstruct_current == -* ]]; then
        _kstruct_suggest_options
    else
        _kstruct_suggest_operands
    fi
}

complete -o default -F _kstruct kstruct
