#!/bin/bash
# Installs the Debian or Ubuntu packages that a purpose needs, if any of them are missing.
# usage: install_packages.sh PURPOSE…   build, test, real, bench, lint, fuzz, site, npm, slurm, deb
set -euo pipefail

declare -A packages=(
    [build]="gcc libc6-dev make pkg-config libcurl4-openssl-dev libmicrohttpd-dev libarchive-dev zlib1g-dev liblzma-dev
        libzstd-dev libelf-dev libdwarf-dev libsqlite3-dev libjansson-dev libssl-dev libinih-dev
        libseccomp-dev libbpf-dev gpgv"
    [test]="libcmocka-dev curl binutils bzip2 zstd xz-utils dpkg-dev gnupg sqlite3 python3 procps jq
        python3-jsonschema mount util-linux nginx-light openssl mandoc systemd zsh
        gcc-aarch64-linux-gnu gcc-arm-linux-gnueabihf gcc-s390x-linux-gnu clang"
    [real]="dwarves bpftool python3 xz-utils time curl ca-certificates nginx-light clang binutils"
    [bench]="nginx-light curl python3 gcc util-linux"
    [lint]="clang clang-format shellcheck cppcheck mandoc"
    [fuzz]="clang dpkg-dev zstd"
    [site]="chromium default-jre-headless"
    [npm]="nodejs npm"
    [slurm]="slurm-wlm munge"
    [deb]="build-essential debhelper dpkg-dev fakeroot libcmocka-dev zstd"
)

declare -A what_for=(
    [build]="to build kstruct" [test]="to run its tests" [real]="to read real kernels and compare"
    [bench]="to measure" [lint]="to look at its style" [fuzz]="to fuzz its readers"
    [site]="to try the site in a browser" [npm]="to get what tries it" [deb]="to make a Debian package"
    [slurm]="to try an array job of Slurm"
)

has_apt() {
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null
}

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=()
for purpose in "$@"; do
    [ -n "${packages[$purpose]:-}" ] || { echo "install_packages: no purpose $purpose" >&2; exit 2; }
    read -r -d '' -a wanted <<<"${packages[$purpose]}" || true
    lacking=()
    for package in "${wanted[@]}"; do
        { has_apt && is_installed "$package"; } || lacking+=("$package")
    done
    [ ${#lacking[@]} -eq 0 ] || echo "${what_for[$purpose]}: ${lacking[*]}" >&2
    missing+=("${lacking[@]}")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if ! has_apt; then
    echo "install_packages: no apt here; make sure these are installed" >&2
    exit 0
fi

as_root=()
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
        echo "install_packages: run this as root: apt-get install ${missing[*]}" >&2
        exit 1
    }
    as_root=(sudo)
    echo "These packages are missing; apt-get installs them now, by sudo." >&2
fi
"${as_root[@]}" apt-get update -qq

# A cross compiler or a newer tool may not exist everywhere: what needs it skips with a clear line.
available=()
for package in "${missing[@]}"; do
    policy=$(apt-cache policy "$package" 2>/dev/null)
    if [[ $policy =~ Candidate:\ [^\(] ]]; then
        available+=("$package")
    else
        echo "install_packages: apt has no $package here" >&2
    fi
done
[ ${#available[@]} -gt 0 ] || exit 0

# The tests want the programs nginx and Slurm, and no server of this machine: one that comes with them is
# neither started nor started by later boots. One that was here before is left as it is.
service_policy=${SERVICE_POLICY:-/usr/sbin/policy-rc.d}
has_own_policy=no
new_services=()

list_new_services() {
    local package
    for package in "${available[@]}"; do
        case $package in
            nginx-light) is_installed nginx-common || new_services+=(nginx) ;;
            slurm-wlm)
                is_installed slurmctld || new_services+=(slurmctld)
                is_installed slurmd || new_services+=(slurmd)
                ;;
            munge) new_services+=(munge) ;;
        esac
    done
}

hold_services() {
    [ ! -e "$service_policy" ] || return 0
    has_own_policy=yes
    {
        echo '#!/bin/sh'
        local service
        for service in "${new_services[@]}"; do
            echo "case \" \$* \" in *\" $service \"* | *\" $service.service \"*) exit 101 ;; esac"
        done
    } | "${as_root[@]}" tee "$service_policy" >/dev/null
    "${as_root[@]}" chmod 755 "$service_policy"
}

disable_services() {
    local service
    for service in "${new_services[@]}"; do
        if command -v systemctl >/dev/null; then
            "${as_root[@]}" systemctl --quiet disable "$service" 2>/dev/null || true
            "${as_root[@]}" systemctl --quiet stop "$service" 2>/dev/null || true
        elif command -v update-rc.d >/dev/null; then
            "${as_root[@]}" update-rc.d "$service" disable >/dev/null 2>&1 || true
        fi
    done
}

# Also when apt-get has failed after some of them came.
settle_services() {
    disable_services
    [ "$has_own_policy" = no ] || "${as_root[@]}" rm -f "$service_policy"
}

list_new_services
if [ ${#new_services[@]} -gt 0 ]; then
    trap settle_services EXIT
    hold_services
fi
echo "installing: ${available[*]}" >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${available[@]}" >/dev/null
