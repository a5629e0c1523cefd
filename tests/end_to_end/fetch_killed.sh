# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# `kill -9` at any moment of `kstruct fetch`: the same command again brings what is missing, and
# little of what was there is sent a second time.
#
# KSTRUCT_KILLS  how often (default: 20)

kills=${KSTRUCT_KILLS:-20}
count=4
size=8000000
whole=$((count * size))

# Four packages, from a server that takes half a second for them.
set_up() {
    local i
    mkdir site
    for ((i = 0; i < count; i++)); do
        {
            printf '!<arch>\n'
            head -c $((size - 8)) /dev/urandom
        } >"site/$i.deb"
    done
    serve_faults site requests.log --rate 40000000
    for ((i = 0; i < count; i++)); do
        echo "5.$i.0-26-generic-amd64 url=$SERVER/ok/$i.deb sha256=$(sha256 "site/$i.deb")"
    done >kernels.list
    RANDOM=20 # the same moments each time
}

kept_as() { # NUMBER
    echo "5.$1.0-26-generic-amd64.deb"
}

# Fetches, and is killed at that call on a file.
fetch_until() { # NUMBER
    kill_at_call run "$1" -q -l kernels.list -d data fetch
    [ "$STATUS" -ne 137 ] || killed=$((killed + 1))
    wait_until_idle
}

# How many bytes went out since requests.log was last emptied.
sent() {
    wait_until_idle
    awk -F = '{ sum += $NF } END { print sum + 0 }' requests.log
}

# Nothing that has a package's name is anything else, also before the next run.
check_names() {
    local i file
    for ((i = 0; i < count; i++)); do
        file=data/packages/$(kept_as "$i")
        [ ! -e "$file" ] || cmp "site/$i.deb" "$file" || fail "$file is wrong"
    done
}

check_all() {
    local i
    kstruct 0 -q -l kernels.list -d data fetch
    is_empty err
    check_names
    find data/packages -mindepth 1 -printf '%P\n' | sort >found
    for ((i = 0; i < count; i++)); do
        printf '%s\n' "$(kept_as "$i")" "$(kept_as "$i").from"
    done >wanted
    same wanted found
}

test_kill_at_any_moment() {
    local round again most=0 sum=0 killed=0
    build_fault
    set_up
    count_calls -q -l kernels.list -d data fetch
    check_all
    for ((round = 0; round < kills; round++)); do
        rm -rf data kernels.lock
        : >requests.log
        fetch_until $((1 + RANDOM % CALLS))
        check_names
        check_all
        again=$(($(sent) - whole))
        most=$((again > most ? again : most))
        sum=$((sum + again))
        [ "$again" -le $((size / 4)) ] || fail "$again bytes were sent again after the kill"
    done
    echo "$killed of $kills killed within $CALLS calls; sent again: $most bytes at most, $((sum / kills)) on average"
    [ "$killed" -ge $((kills / 2)) ] || fail "only $killed of $kills were at work when they were killed"
}

# The kill may come when the package has its name and the note on its beginning is still there.
test_kill_after_the_name_is_given() {
    local kept
    set_up
    check_all
    kept=data/packages/$(kept_as 0)
    cp "$kept.from" "$kept.part.from"
    : >requests.log
    check_all
    [ "$(sent)" -eq 0 ] || fail "what was there was fetched again"
}

# However often it is killed, it gets on.
test_kill_again_and_again() {
    local killed=0 round again
    build_fault
    set_up
    count_calls -q -l kernels.list -d data fetch
    rm -rf data kernels.lock
    : >requests.log
    for ((round = 0; round < 10; round++)); do
        fetch_until $((CALLS / 20 + RANDOM % (CALLS / 20)))
        check_names
    done
    check_all
    again=$(($(sent) - whole))
    echo "$killed kills; sent again: $again bytes"
    [ "$again" -le $((size / 4)) ] || fail "$again bytes were sent again after $killed kills"
    [ "$killed" -ge 5 ] || fail "only $killed were at work when they were killed"
}
