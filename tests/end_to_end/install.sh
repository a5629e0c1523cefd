# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What `make install` puts where, whether it is fit for use there, and what `make uninstall` leaves.

source_tree=$(realpath "$E2E_DIRECTORY/../..")

# Of the source tree's targets, with the program under test instead of a new one: where the settings
# are is compiled in, so that another PREFIX would build everything anew, and in a folder in use.
make_target() { # TARGET ARGUMENT...
    need make install cmp
    if [ ! -e build/kstruct ]; then
        mkdir -p build
        cp "$KSTRUCT" build/kstruct
    fi
    # The variables that the make which runs the tests was given are not for this one.
    env -u MAKEFLAGS -u MFLAGS -u MAKEOVERRIDES -u MAKELEVEL -u PREFIX -u BINDIR -u SYSCONFDIR \
        make -s -C "$source_tree" -o all BUILD="$PWD/build" DESTDIR="$PWD/root" "$@" >out 2>err ||
        fail "make $*: $(tail -n 1 err)"
}

install_below_usr() {
    make_target install PREFIX=/usr
    is_empty err
}

installed() { # the mode and name of each file, sorted by name
    find root -type f -printf '%m %P\n' | sort -k 2
}

test_files_and_modes() {
    local schema page
    (umask 077 && install_below_usr)
    installed >found
    {
        cat <<'END'
644 etc/kstruct/kernels-extended.list
644 etc/kstruct/kernels.list
644 etc/kstruct/kstruct.ini
755 usr/bin/kstruct
644 usr/lib/systemd/system/kstruct-serve.service
644 usr/lib/systemd/system/kstruct.service
644 usr/lib/systemd/system/kstruct.timer
644 usr/lib/sysusers.d/kstruct.conf
644 usr/share/bash-completion/completions/kstruct
644 usr/share/doc/kstruct/LICENSE
644 usr/share/doc/kstruct/README.md
644 usr/share/doc/kstruct/examples/crontab
644 usr/share/doc/kstruct/examples/kubernetes/kstruct-parts.yaml
644 usr/share/doc/kstruct/examples/logrotate
644 usr/share/doc/kstruct/examples/slurm/kstruct-merge.sbatch
644 usr/share/doc/kstruct/examples/slurm/kstruct-part.sbatch
644 usr/share/doc/kstruct/examples/slurm/submit.sh
644 usr/share/man/man1/kstruct.1
644 usr/share/man/man5/kstruct.ini.5
644 usr/share/zsh/vendor-completions/_kstruct
END
        for schema in "$source_tree"/report/schemas/*.json; do
            echo "644 usr/share/kstruct/schemas/$(basename "$schema")"
        done
        for page in "$source_tree"/docs/*.md; do
            echo "644 usr/share/doc/kstruct/docs/$(basename "$page")"
        done
    } | sort -k 2 >wanted
    same wanted found
    [ -z "$(find root -type d ! -perm -755)" ] || fail "others cannot read all directories"
    "$PWD/root/usr/bin/kstruct" --version >out
    has out '^kstruct [0-9.]+$'
}

# Under /usr/local everything is below it.
test_default_prefix() {
    make_target install
    exists root/usr/local/bin/kstruct root/usr/local/etc/kstruct/kstruct.ini \
        root/usr/local/share/man/man1/kstruct.1 root/usr/local/lib/systemd/system/kstruct.timer \
        root/usr/local/share/zsh/site-functions/_kstruct
    [ "$(ls root)" = usr ] || fail "there is more than usr: $(ls root)"
    has root/usr/local/lib/systemd/system/kstruct.service '^ExecStart=/usr/local/bin/kstruct '
    has root/usr/local/share/man/man1/kstruct.1 '/usr/local/etc/kstruct/kstruct\.ini$'
}

test_places_are_filled_in() {
    local file
    install_below_usr
    find root -type f ! -path root/usr/bin/kstruct >files
    while read -r file; do
        lacks "$file" '@[A-Z]+@'
    done <files
    has root/usr/share/man/man1/kstruct.1 '^\.It Pa /etc/kstruct/kernels\.list$'
    has root/usr/share/doc/kstruct/examples/crontab ' /usr/bin/kstruct '
}

test_pages() {
    need mandoc
    install_below_usr
    mandoc -T lint -W warning root/usr/share/man/man1/kstruct.1 \
        root/usr/share/man/man5/kstruct.ini.5 >out 2>err || fail "mandoc: $(head -n 1 out)"
    is_empty out
    mandoc -T utf8 root/usr/share/man/man1/kstruct.1 >out
    [ "$(wc -l <out)" -gt 300 ] || fail "the page has only $(wc -l <out) lines"
}

# The units, with the program where it is now.
place_units() {
    install_below_usr
    mkdir -p units
    for service in kstruct kstruct-serve; do
        sed "s|/usr/bin/kstruct|$PWD/root&|" "root/usr/lib/systemd/system/$service.service" \
            >"units/$service.service"
    done
    cp root/usr/lib/systemd/system/kstruct.timer units
}

test_units() {
    need systemd-analyze
    place_units
    # Man pages are looked for where man looks for them, which is not here.
    systemd-analyze verify --man=no units/kstruct.service units/kstruct.timer units/kstruct-serve.service >out 2>&1 ||
        fail "systemd-analyze: $(head -n 1 out)"
    is_empty out
    # That it would have found a mistake.
    sed -i 's/^PrivateTmp=yes/PrivateTmpp=yes/; s/^ExecStart=/&\/nonexistent/' units/kstruct.service
    systemd-analyze verify --man=no units/kstruct.service >out 2>&1 || true
    has out 'PrivateTmpp'
    has out '/nonexistent'
}

# In tenths, 0 is the best and 100 the worst.
test_unit_is_confined() {
    need systemd-analyze
    systemd-analyze --help | grep -e --offline >/dev/null || skip "this systemd-analyze has no --offline"
    place_units
    for service in kstruct kstruct-serve; do
        systemd-analyze security --no-pager --offline=true --threshold=20 "units/$service.service" \
            >out 2>&1 || fail "$(tail -n 1 out)"
        has out 'Overall exposure level'
    done
}

test_user() {
    need systemd-sysusers
    install_below_usr
    systemd-sysusers --root="$PWD/root" >out 2>&1 || fail "systemd-sysusers: $(head -n 1 out)"
    has root/etc/passwd '^kstruct:.*:/var/lib/kstruct:/usr/sbin/nologin$'
    has root/etc/group '^kstruct:'
}

# The line's command as cron would run it, but for the user, and below another root.
run_cron_line() {
    sed -n 's/^17 3 \* \* \*  kstruct  //p' root/usr/share/doc/kstruct/examples/crontab |
        sed "s|/usr/bin/|$PWD/root&|; s|/var/|$PWD/root&|g" >line
    [ -s line ] || fail "there is no line for cron"
    ! grep -q % line || fail "cron ends commands at a percent sign"
    env -i HOME=/ LOGNAME=kstruct PATH=/usr/bin:/bin SHELL=/bin/sh \
        /bin/sh -c "$(sed "s|kstruct -d|kstruct -c $PWD/settings.ini -d|" line)" >mail 2>&1
}

test_cron_line() {
    local time='20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[+-][0-9:]{5}'
    install_below_usr
    mkdir -p root/var/log root/var/lib
    make_good_vmlinux vmlinux
    echo "5.4.0-26-generic-amd64 file=$PWD/vmlinux baseline" >kernels.list
    printf '[kstruct]\nlist = kernels.list\n' >settings.ini
    run_cron_line
    is_empty mail
    exists root/var/lib/kstruct/kstruct.db root/var/lib/kstruct/report/Struct/k/kit.md
    has root/var/log/kstruct.log "^$time 1 kernel: 1 read"
    run_cron_line
    is_empty mail
    has root/var/log/kstruct.log "^$time nothing to do"

    # What goes wrong is mailed, in one line.
    echo "5.8.0-25-generic-amd64 file=$PWD/nothing" >>kernels.list
    run_cron_line
    [ "$(wc -l <mail)" -eq 1 ] || fail "$(wc -l <mail) lines are mailed"
    has mail '^kstruct run: exit status 3; see '
    has root/var/log/kstruct.log "^$time kstruct: 5\.8\.0-25-generic-amd64"
    [ "$(grep -cvE "^$time " root/var/log/kstruct.log)" -eq 0 ] || fail "a line has no time"
}

test_log_rotation() {
    need logrotate
    install_below_usr
    mkdir -p root/var/log
    echo "1 kernel: 1 read" >root/var/log/kstruct.log
    sed "s|^/var/|$PWD/root&|; s|kstruct kstruct$|$(id -un) $(id -gn)|" \
        root/usr/share/doc/kstruct/examples/logrotate >logrotate.conf
    # It refuses what others could write.
    chmod 644 logrotate.conf
    chmod 755 root/var/log
    logrotate --force --state "$PWD/state" logrotate.conf >out 2>&1 ||
        fail "logrotate: $(head -n 1 out)"
    exists root/var/log/kstruct.log.1
    is_empty root/var/log/kstruct.log
}

test_uninstall() {
    install_below_usr
    make_target uninstall PREFIX=/usr
    installed >found
    is_empty found
    is_gone root/etc/kstruct root/usr/share/kstruct root/usr/share/doc/kstruct
}

test_settings_stay() {
    install_below_usr
    echo '5.8.0-25-generic-amd64' >>root/etc/kstruct/kernels.list
    cp root/etc/kstruct/kernels.list mine
    (umask 022 && echo data >root/etc/kstruct/kernels.lock)
    install_below_usr
    same mine root/etc/kstruct/kernels.list
    make_target uninstall PREFIX=/usr
    has out 'root/etc/kstruct/kernels.list stays'
    installed >found
    printf '644 etc/kstruct/kernels.list\n644 etc/kstruct/kernels.lock\n' >wanted
    same wanted found
    same mine root/etc/kstruct/kernels.list
}
