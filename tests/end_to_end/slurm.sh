# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# One list as an array job of Slurm: install/slurm/, by a real slurmctld, slurmd and munged that are
# this test's own.

scripts=$E2E_DIRECTORY/../../install/slurm

start() { # PROGRAM ARGUMENT...
    "$@" >"$(basename "$1").out" 2>&1 &
    at_exit+=("end_job $!")
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

is_idle() {
    sinfo -h -o %T 2>/dev/null | grep -q '^idle$'
}

start_slurm() {
    local node
    node=$(hostname -s)
    mkdir state spool
    chmod 711 .
    head -c 1024 /dev/urandom >munge.key
    chmod 400 munge.key
    start munged --force --foreground --key-file="$PWD/munge.key" --socket="$PWD/munge.sock" \
        --pid-file="$PWD/munged.pid" --log-file="$PWD/munged.log" --seed-file="$PWD/munge.seed"
    wait_until test -S munge.sock
    cat >slurm.conf <<END
ClusterName=test
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$PWD/munge.sock
CredType=cred/munge
StateSaveLocation=$PWD/state
SlurmdSpoolDir=$PWD/spool
SlurmctldPidFile=$PWD/slurmctld.pid
SlurmdPidFile=$PWD/slurmd.pid
SlurmctldLogFile=$PWD/slurmctld.log
SlurmdLogFile=$PWD/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
NodeName=$node NodeAddr=127.0.0.1 CPUs=2 RealMemory=4000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
    export SLURM_CONF=$PWD/slurm.conf
    start slurmctld -D -f "$PWD/slurm.conf"
    start slurmd -D -f "$PWD/slurm.conf"
    wait_until is_idle
}

has_ended() {
    [ -z "$(squeue -h)" ]
}

test_an_array_job_makes_what_one_machine_makes() {
    local number
    need slurmctld slurmd munged sbatch python3
    [ "$(id -u)" -eq 0 ] || skip "slurmd wants to be root"
    for number in 1 2 3 4; do
        write_many_structs "$number.c" $((20 + number)) "$number"
        make_vmlinux "$number.c" "5.$number.0-20-generic" "5.$number"
        set_machine "5.$number" 62
        echo "5.$number.0-20-generic-amd64 file=5.$number"
    done >kernels.list
    start_slurm
    mkdir work
    "$scripts/submit.sh" kernels.list work 3 "$KSTRUCT" >submitted 2>&1 || fail "$(cat submitted)"
    wait_until has_ended
    [ -e work/all/kstruct.db ] || fail "nothing is merged: $(cat work/*.log)"
    kstruct 0 -l kernels.list -d one run
    kstruct 0 -l kernels.list -d one report -o one/pages
    diff -r -x .kstruct-report -x 'changes.*' one/pages work/all/report >differences ||
        fail "the reports differ: $(head differences)"
    "$scripts/submit.sh" nowhere work 3 >submitted 2>&1 && fail "a list that is nowhere is submitted"
    has submitted 'there is no list nowhere'
}
