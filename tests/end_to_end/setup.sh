# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# install/setup/install_packages.sh, on a machine of stand-ins: apt-get notes what it is asked, and what a
# service would have been told while it installs.

# shellcheck disable=SC2016 # what stands in expands by itself
stand_in() { # NAME SCRIPT
    printf '#!/bin/bash\n%s\n' "$2" >"machine/$1"
    chmod +x "machine/$1"
}

# shellcheck disable=SC2016
set_up() { # INSTALLED PACKAGE...
    mkdir machine
    printf '%s\n' "$@" >installed
    : >called
    : >services
    stand_in id 'echo 1000'
    stand_in sudo 'echo sudo >>called; exec "$@"'
    stand_in dpkg-query 'grep -qx -e "${@: -1}" installed && echo -n installed'
    stand_in apt-cache 'echo "  Candidate: 1"'
    stand_in systemctl 'echo "$*" >>services'
    stand_in apt-get 'echo "$*" >>called
        [ "$1" = install ] || exit 0
        [ -x policy ] || exit 0
        for service in nginx nginx.service ssh; do
            ./policy "$service" start && echo "starts $service" >>called
        done
        exit 0'
    export PATH=$PWD/machine:$PATH SERVICE_POLICY=$PWD/policy
}

install_packages() { # STATUS PURPOSE...
    local wanted=$1 status=0
    shift
    "$E2E_DIRECTORY/../../install/setup/install_packages.sh" "$@" >out 2>err || status=$?
    [ "$status" -eq "$wanted" ] || fail "exit status $status instead of $wanted: $(tail -n 1 err)"
}

test_what_packages_are_for_is_said_before_sudo() {
    set_up bzip2
    stand_in sudo 'exit 1'
    install_packages 1 build test
    has err '^to build kstruct: gcc '
    has err '^to run its tests: .* nginx-light '
    lacks err bzip2
    has err 'by sudo'
}

test_a_web_server_for_the_tests_does_not_serve() {
    set_up bzip2
    install_packages 0 test
    has called '^install .* nginx-light '
    has called '^starts ssh$'
    lacks called '^starts nginx'
    is_gone policy
    has services 'disable nginx$'
    has services 'stop nginx$'
}

test_a_web_server_does_not_serve_after_a_failure() {
    set_up bzip2
    stand_in apt-get '[ "$1" != install ] || exit 100'
    install_packages 100 test
    is_gone policy
    has services 'disable nginx$'
}

# Neither is one that was here before touched, nor are rules for services that somebody has made.
test_a_web_server_of_ones_own_stays() {
    set_up nginx-common
    install_packages 0 test
    has called '^install .* nginx-light '
    is_gone policy
    is_empty services
    rm -r machine
    set_up bzip2
    printf '#!/bin/sh\nexit 101\n' >policy
    chmod +x policy
    cp -p policy before
    install_packages 0 test
    cmp policy before || fail "the rules have changed"
    has services 'disable nginx$'
}

test_nothing_is_said_where_all_is_there() {
    mkdir machine
    printf '#!/bin/bash\necho -n installed\n' >machine/dpkg-query
    printf '#!/bin/bash\nexit 1\n' >machine/apt-get
    chmod +x machine/*
    export PATH=$PWD/machine:$PATH
    install_packages 0 build test lint fuzz
    is_empty out
    is_empty err
}
