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
    has err '^1 kernels?: 1 read'
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
    rm -r data kernels.lock
    sed -i "s|^mirror = .*|mirror = $SERVER/pool/main/l/linux/{file}|" kstruct.ini
    refused 1 'give version= in the list' -- -c kstruct.ini -q fetch
    echo "$kernel version=$version" >kernels.list
    kstruct 0 -c kstruct.ini fetch
    same "data/packages/$kernel.ddeb" "archive/pool/main/l/linux/$file"
}
