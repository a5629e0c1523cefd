# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# `kstruct fetch` from a signed archive of debug symbols, and from a mirror of one's own.

package=linux-image-unsigned-5.4.0-26-generic-dbgsym
version=5.4.0-26.30
kernel=5.4.0-26-generic-amd64
file=${package}_${version}_amd64.ddeb

# A package, and the index of a suite with it and with an empty wrapper.
write_archive() { # DATE
    local pool=pool/main/l/linux dist=archive/dists/focal-updates
    mkdir -p "archive/$pool" "$dist/main/binary-amd64"
    if [ ! -e "archive/$pool/$file" ]; then
        make_good_vmlinux vmlinux
        make_deb vmlinux 5.4.0-26-generic xz "archive/$pool/$file"
    fi
    {
        printf 'Package: %s\nVersion: %s\nArchitecture: amd64\nSize: 10\nFilename: x.ddeb\n' \
            linux-image-5.4.0-26-generic-dbgsym "$version"
        printf 'SHA256: %s\n\n' "$(sha256 vmlinux)"
        printf 'Package: %s\nSource: linux\nVersion: %s\nArchitecture: amd64\n' "$package" "$version"
        printf 'Filename: %s\nSize: %s\n' "$pool/$file" "$(stat -c %s "archive/$pool/$file")"
        printf 'SHA256: %s\n' "$(sha256 "archive/$pool/$file")"
    } | xz >"$dist/main/binary-amd64/Packages.xz"
    {
        printf 'Origin: Ubuntu\nSuite: focal-updates\nDate: %s\nSHA256:\n' "$1"
        printf ' %s %s main/binary-amd64/Packages.xz\n' \
            "$(sha256 "$dist/main/binary-amd64/Packages.xz")" \
            "$(stat -c %s "$dist/main/binary-amd64/Packages.xz")"
    } >Release
    sign_archive Archive
}

sign_archive() { # KEY
    gpg --homedir keys --batch --quiet --yes -u "$1" --clearsign \
        -o archive/dists/focal-updates/InRelease Release
}

set_up() {
    need gpg gpgv gpgconf
    make_key Archive
    write_archive 'Thu, 25 Apr 2024 15:11:23 UTC'
    serve archive
    echo "$kernel" >kernels.list
    cat >kstruct.ini <<END
[kstruct]
list = kernels.list
data_dir = data
[fetch]
sources = ddebs
ddebs = $SERVER
ddebs_keyring = Archive.gpg
ddebs_suites = focal focal-updates
minimum_package = 100
END
}

test_a_kernel_by_its_name_alone() {
    set_up
    kstruct 0 -c kstruct.ini fetch
    same "data/packages/$kernel.ddeb" "archive/pool/main/l/linux/$file"
    has out "data/packages/$kernel.ddeb\$"
    has err "fetched $file, [0-9]+ bytes, hash verified"
    kstruct 0 -c kstruct.ini -q fetch
    is_empty err
    [ "$(grep -c 'GET .*Packages.xz' server.log)" -eq 1 ] || fail "Packages is fetched twice"
    [ "$(grep -c 'GET .*ddeb' server.log)" -eq 1 ] || fail "the package is fetched twice"
    kstruct 0 -c kstruct.ini run
    has err '^1 kernel: 1 read'
}

test_kernels_share_the_index() {
    set_up
    printf '5.4.0-%s-generic-amd64\n' 21 22 23 24 25 >>kernels.list
    kstruct 3 -c kstruct.ini fetch
    [ "$(grep -c 'focal-updates/InRelease' server.log)" -eq 1 ] || fail "InRelease is asked for again"
    has err '5.4.0-21-generic-amd64: is in none of the suites focal focal-updates$'
}

test_an_index_that_nobody_vouches_for() {
    set_up
    make_key Stranger
    sign_archive Stranger
    refused 1 'InRelease: is signed with key [0-9A-F]+, which is not in .*Archive.gpg' \
        -- -c kstruct.ini -q fetch
    cp Release archive/dists/focal-updates/InRelease
    refused 1 'InRelease: has no signature' -- -c kstruct.ini -q fetch
    sign_archive Archive
    sed -i 's/^Date: .*/Date: Fri, 26 Apr 2024 00:00:00 UTC/' archive/dists/focal-updates/InRelease
    refused 1 'the text was changed after it was signed' -- -c kstruct.ini -q fetch
    mv Archive.gpg elsewhere.gpg
    refused 1 'Archive.gpg: .*install the package ubuntu-dbgsym-keyring' -- -c kstruct.ini -q fetch
    is_gone "data/packages/$kernel.ddeb"
}

test_an_index_from_before() {
    set_up
    write_archive 'Thu, 02 May 2024 15:11:23 UTC'
    kstruct 0 -c kstruct.ini fetch
    rm -r data/packages kernels.lock
    write_archive 'Thu, 25 Apr 2024 15:11:23 UTC'
    refused 1 'is older than the index that was there before' -- -c kstruct.ini -q fetch
}

test_a_mirror_of_ones_own() {
    set_up
    sed -i "s|^sources.*|sources = mirror|; s|^ddebs = .*|mirror = archive/pool/main/l/linux|" \
        kstruct.ini
    mkdir elsewhere
    (cd elsewhere && kstruct 0 -c ../kstruct.ini fetch)
    same "data/packages/$kernel.ddeb" "archive/pool/main/l/linux/$file"
    # With the names that Debian gives them, too.
    mkdir pool
    cp "archive/pool/main/l/linux/$file" "pool/linux-image-${kernel%-*}-dbg_${version}_amd64.deb"
    (cd elsewhere && sed 's|^mirror = .*|mirror = ../pool|' ../kstruct.ini >debian.ini &&
        kstruct 0 -c debian.ini -l ../kernels.list -d data fetch)
    rm -r data kernels.lock
    sed -i "s|^mirror = .*|mirror = $SERVER/pool/main/l/linux/{file}|" kstruct.ini
    refused 1 'give version= in the list' -- -c kstruct.ini -q fetch
    echo "$kernel version=$version" >kernels.list
    kstruct 0 -c kstruct.ini fetch
    same "data/packages/$kernel.ddeb" "archive/pool/main/l/linux/$file"
}

# The index of a night: the kernels of these ABI numbers. Their packages are in built/, and those that
# are not missing in the archive.
write_night() { # DATE ABI...
    local dist=archive/dists/focal-updates pool=${POOL:-pool/main/l/linux} abi name
    printf '' >Packages
    printf 'Origin: Ubuntu\nSuite: focal-updates\nDate: %s\nSHA256:\n' "$1" >Release
    shift
    for abi in "$@"; do
        name=linux-image-unsigned-5.4.0-$abi-generic-dbgsym
        printf 'Package: %s\nSource: linux\nVersion: 5.4.0-%s.30\nArchitecture: amd64\n' "$name" "$abi"
        printf 'Filename: %s\nSize: %s\nSHA256: %s\n\n' "$pool/$name.ddeb" \
            "$(stat -c %s "built/$name.ddeb")" "$(sha256 "built/$name.ddeb")"
    done >Packages
    xz -c Packages >"$dist/main/binary-amd64/Packages.xz"
    printf ' %s %s main/binary-amd64/Packages.xz\n' \
        "$(sha256 "$dist/main/binary-amd64/Packages.xz")" \
        "$(stat -c %s "$dist/main/binary-amd64/Packages.xz")" >>Release
    sign_archive Archive
}

build_package() { # ABI
    mkdir -p built
    echo "struct kit { int of_$1; } kit_object;" >kit.c
    make_vmlinux kit.c "5.4.0-$1-generic" vmlinux
    set_machine vmlinux 62
    make_deb vmlinux "5.4.0-$1-generic" gzip "built/linux-image-unsigned-5.4.0-$1-generic-dbgsym.ddeb"
}

publish_package() { # ABI
    cp "built/linux-image-unsigned-5.4.0-$1-generic-dbgsym.ddeb" archive/pool/main/l/linux
}

# A pattern's newest kernel is in the index before its package is in the pool.
test_a_kernel_stays_until_the_newer_one_is_read() {
    set_up
    build_package 26
    build_package 27
    echo '5.4.0-*-generic-amd64 latest=1 group="Newest"' >kernels.list
    write_night 'Thu, 02 May 2024 15:11:23 UTC' 26
    publish_package 26
    kstruct 0 -c kstruct.ini run --prune
    has data/report/Struct/k/kit.md of_26

    write_night 'Fri, 03 May 2024 15:11:23 UTC' 26 27
    kstruct 1 -c kstruct.ini run --prune
    has err '5.4.0-27-generic-amd64: .*index lists it, but the server does not have it: .*try again later'
    has data/report/Coverage.md '5.4.0-26-generic-amd64'
    has data/report/Struct/k/kit.md of_26
    kstruct 0 -c kstruct.ini status
    has out '^5.4.0-26-generic-amd64 +reported '
    has out '^5.4.0-27-generic-amd64 +inconclusive '
    lacks out 'not in the list'
    kstruct 0 -c kstruct.ini report -o again
    has again/Struct/k/kit.md of_26
    # It is not one of those that the pattern stands for.
    kstruct 1 -c kstruct.ini fetch
    is_empty out

    publish_package 27
    kstruct 0 -c kstruct.ini run
    has data/report/Struct/k/kit.md of_27
    lacks data/report/Coverage.md '5.4.0-26'
    kstruct 0 -c kstruct.ini status
    has out '^5.4.0-26-generic-amd64 +analyzed +not in the list'
    kstruct 0 -c kstruct.ini run --prune
    has err '^5.4.0-26-generic-amd64: is not in the list, and removed$'
}

# Two suites list the same package, and one of them at a place where it is no more.
test_a_package_that_another_suite_has_too() {
    set_up
    build_package 26
    publish_package 26
    POOL=pool/main/l/elsewhere write_night 'Thu, 02 May 2024 15:11:23 UTC' 26
    cp -r archive/dists/focal-updates archive/dists/focal
    write_night 'Thu, 02 May 2024 15:11:23 UTC' 26
    kstruct 0 -c kstruct.ini fetch
    has server.log 'GET /pool/main/l/elsewhere/.* 404'
    has out "data/packages/$kernel.ddeb\$"
    rm -r data kernels.lock
    echo "$kernel version=5.4.0-26.30" >kernels.list
    kstruct 0 -c kstruct.ini fetch
    rm -r data kernels.lock archive/pool
    refused 1 'index lists it, but the server does not have it' -- -q -c kstruct.ini fetch
}

# Night after night a suite's InRelease is asked for; while it is the same, it does not come.
test_an_index_that_has_not_changed_does_not_come_again() {
    set_up
    touch -d '-1 hour' archive/dists/focal-updates/InRelease
    kstruct 0 -c kstruct.ini fetch
    rm -r data/packages kernels.lock
    kstruct 0 -q -c kstruct.ini fetch
    [ "$(grep -c 'focal-updates/InRelease HTTP/1.1" 200' server.log)" -eq 1 ] || fail "it comes again"
    has server.log 'focal-updates/InRelease HTTP/1.1" 304'
    # One in the cache that does not prove itself is none.
    echo more >>data/cache/ddebs/*/focal-updates/InRelease
    touch -d '-1 hour' data/cache/ddebs/*/focal-updates/InRelease
    rm -r data/packages kernels.lock
    kstruct 0 -q -c kstruct.ini fetch
    [ "$(grep -c 'focal-updates/InRelease HTTP/1.1" 200' server.log)" -eq 2 ] || fail "it does not come"
    # And another one comes.
    write_archive 'Thu, 02 May 2024 15:11:23 UTC'
    rm -r data/packages kernels.lock
    kstruct 0 -q -c kstruct.ini fetch
    cmp data/cache/ddebs/*/focal-updates/InRelease archive/dists/focal-updates/InRelease ||
        fail "the cache has another one"
}
