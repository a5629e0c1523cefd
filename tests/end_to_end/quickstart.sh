# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# The quick start, with an apt that offers two small kernels.

# A package of Debian's with a kernel in it, and what makes it large enough to be taken for one.
make_kernel_package() { # RELEASE SOURCE
    local release=$1 source=$2
    mkdir -p root/usr/lib/debug/boot site
    make_vmlinux "$source" "$release" "root/usr/lib/debug/boot/vmlinux-$release"
    set_machine "root/usr/lib/debug/boot/vmlinux-$release" 62
    head -c 11000000 /dev/urandom >root/usr/lib/debug/rest
    pack_deb root none "site/linux-image-$release-dbg_1_amd64.deb"
    rm -r root
}

# Answers as apt does for the packages in site/.
use_apt() {
    local tree=$PWD
    # shellcheck disable=SC2016 # the script expands its own
    install_apt_get "cd $tree/site"'
file=${!#}_1_amd64.deb
echo "'"'$SERVER"'/$file'"'"' $file $(stat -c %s "$file") SHA256:$(sha256sum "$file" | cut -d " " -f 1)"'
    cat >bin/apt-cache <<END
#!/bin/bash
cd $tree/site
for file in *.deb; do
    name=\${file%%_*}
    case \$1 in
    show) printf 'Package: %s\nSize: %s\n\n' "\$name" "\$(stat -c %s "\$file")" ;;
    *) echo "\$name - a kernel" ;;
    esac
done
END
    printf '#!/bin/sh\necho amd64\n' >bin/dpkg
    chmod +x bin/apt-cache bin/dpkg
}

test_says_what_comes_and_what_to_look_at() {
    local tree=$E2E_DIRECTORY/../..
    echo 'struct task_struct { int pid; } t; struct also { int a; } a;' >old.c
    echo 'struct task_struct { long state; int pid; } t; struct also { long a; } a;' >new.c
    make_kernel_package 6.1.0-1-amd64 old.c
    make_kernel_package 6.12.0-1-amd64 new.c
    serve site
    use_apt
    mkdir -p start/install
    cp -r "$tree/install/setup" start/install
    cp -r "$tree/config" start
    KSTRUCT=$KSTRUCT start/install/setup/quickstart.sh >out 2>err || fail "it fails: $(tail -n 1 err)"
    cat out
    has out '^That is 2[0-9] MB to fetch: some 1 min at 50 Mbit/s, reading included\.$'
    cd start || fail "there is no such directory"
    exists quickstart/data/report/README.md
    # What it says to do does something.
    grep "^  $KSTRUCT " ../out >commands
    [ "$(wc -l <commands)" -eq 3 ] || fail "it names $(wc -l <commands) commands"
    has commands ' diff 6.1.0-1-amd64 6.12.0-1-amd64 task_struct$'
    while read -r command; do
        $command >said || [ $? -eq 1 ] || fail "$command fails"
        has said pid
    done <commands
}
