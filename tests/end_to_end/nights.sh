# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What tests of nights that go wrong share: an undisturbed run to compare with, and runs that are
# started, killed and looked at.
#
# shellcheck disable=SC2034 # who sources this uses them

names=(5.4.0-26-generic-amd64 5.8.0-25-generic-amd64 5.11.0-16-generic-amd64
    5.13.0-19-generic-amd64 5.15.0-25-generic-amd64 5.19.0-21-generic-amd64)

set_up() { # STRUCTS
    set_up_large_kernels "$1" "${names[@]}"
    RANDOM=41 # the same moments each time
}

# A list, and so a lock file, for each data directory.
use_list() { # DATADIR
    cp kernels.list "$1.list"
}

# What of a report is not compared: it holds times of change.
unlike=(.kstruct-report)

# What was new when may differ, as where a report was first made of some kernels only.
ignore_changes() {
    unlike+=('changes.*')
}

# All that a run leaves for those who read it.
dump() { # DATADIR OUTPUT
    local name
    rm -rf "$2"
    mkdir -p "$2"
    for name in "${names[@]}"; do
        kstruct 0 -d "$1" export -k "$name" -o "$2/$name.jsonl"
    done
    cp -r "$1/report" "$2/report"
    cp "$1.lock" "$2/lock"
    # shellcheck disable=SC2068 # they are patterns
    (cd "$2/report" && rm -f ${unlike[@]})
}

undisturbed() {
    use_list undisturbed
    kstruct 0 -q -l undisturbed.list -d undisturbed run
    dump undisturbed wanted
}

leftovers() { # DATADIR
    find . -name '*.tmp*' -o -name '*.part'
    [ ! -d "$1/work" ] || find "$1/work" -mindepth 1
}

check_no_leftovers() { # DATADIR
    leftovers "$1" >left
    is_empty left
}

# A kernel that is in the data set is in it as a whole.
check_whole() { # DATADIR
    local name
    for name in "${names[@]}"; do
        if "$KSTRUCT" -d "$1" export -k "$name" -o part.jsonl 2>err; then
            same "wanted/$name.jsonl" part.jsonl
        else
            has err 'there is no data set yet|has no kernel|is empty'
        fi
    done
}

check_recovered() { # DATADIR
    kstruct 0 -q -l "$1.list" -d "$1" run
    is_empty err
    dump "$1" found
    same wanted found
    check_no_leftovers "$1"
}

# Starts a command as a terminal does: in a process group of its own, where signals are not ignored.
# Sets PID.
start() { # COMMAND DATADIR [OPTION...]
    local command=$1 data=$2
    shift 2
    : >run.err # who looks into it at once must not find what an earlier one has said
    setsid env --default-signal=INT,QUIT "$KSTRUCT" "$@" -l "$data.list" -d "$data" "$command" \
        >run.out 2>run.err </dev/null &
    PID=$!
    at_exit+=("end_job $PID")
}

start_run() { # DATADIR [OPTION...]
    start run "$@"
}

# Runs a command whose group is killed at one of its calls on files, of which it makes about so many;
# every third time at one of a reader's first.
kill_at_any_call() { # CALLS COMMAND DATADIR
    local process=run number=$((1 + RANDOM % $1))
    if [ $((RANDOM % 3)) -eq 0 ]; then
        process=child number=$((1 + RANDOM % 12))
    fi
    kill_at_call "$process" "$number" -q -l "$3.list" -d "$3" "$2"
    check_no_children "$PID"
}

# Waits for the run to end, and sets STATUS.
end_run() {
    STATUS=0
    wait "$PID" || STATUS=$?
}

# Their process ids.
living_of_session() { # SESSION
    cat /proc/[0-9]*/stat 2>/dev/null | sed 's/ (.*)//' |
        awk -v session="$1" '$5 == session && $2 != "Z" && $2 != "X" { print $1 }' || true
}

# Processes that are being killed need a moment.
check_no_children() { # SESSION
    local tries
    for ((tries = 0; tries < 20; tries++)); do
        [ -n "$(living_of_session "$1")" ] || return 0
        sleep 0.05
    done
    fail "processes are left: $(living_of_session "$1")"
}

has_line() { # FILE EXPRESSION
    grep -Eq -e "$2" "$1"
}
