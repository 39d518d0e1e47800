#!/usr/bin/env bash
# Unpacks newer Postgres and PgBouncer releases, and the newer peer exporters, into a folder of the checkout, so that
# tests can run them beside the installed ones. The system is not touched: package lists, cache and files are private.
#
#   Tests/tools/newer-databases.sh [FOLDER]      FOLDER defaults to .build/tools
#
# Leaves FOLDER/postgres-RELEASE/bin, FOLDER/pgbouncer-RELEASE/bin and FOLDER/peers-RELEASE/bin for Debian's releases
# trixie and sid. What is already there is kept; what an interrupted run left is done again.
#
# The programs need a newer libc than Debian 12 has, so each release brings its own, and patchelf points the programs to
# it. Their libraries are found in the same way and not through the environment, which would break the shell commands
# that initdb starts. The folder's path is recorded in the programs: it cannot be moved afterwards.
set -euo pipefail

folder=$(realpath -m "${1:-$(dirname "$0")/../../.build/tools}")
triplet=$(gcc -print-multiarch 2>/dev/null || dpkg-architecture -qDEB_HOST_MULTIARCH)

# apt_for RELEASE: sets `apt` to options that see that release only, as on an empty machine.
apt_for() {
    local root="$folder/apt/$1"
    mkdir -p "$root"/{state/lists/partial,cache/archives/partial}
    touch "$root/status"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $1 main" \
        >"$root/sources.list"
    apt=(-qq -o Dir::Etc::sourcelist="$root/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o Dir::State="$root/state" -o Dir::State::status="$root/status" -o Dir::Cache="$root/cache"
        -o Acquire::Languages=none -o APT::Sandbox::User=root -o APT::Install-Recommends=false)
    [[ -n $(find "$root/state/lists" -name '*Packages*' -mmin -1440 -print -quit) ]] || apt-get "${apt[@]}" update
}

# unpack INTO PACKAGE...: downloads packages of the current release and unpacks them.
unpack() {
    local into=$1 packages=$folder/apt/packages
    shift
    rm -rf "$packages" && mkdir -p "$packages" "$into"
    (cd "$packages" && apt-get "${apt[@]}" download "$@")
    for package in "$packages"/*.deb; do dpkg-deb -x "$package" "$into"; done
    rm -rf "$packages"
}

# libraries_of PACKAGE...: the packages and the libraries they load, without interpreters, compilers and services.
libraries_of() {
    apt-get "${apt[@]}" --print-uris --yes install "$@" | sed -nE "s|^'[^']*/([^/_']+)_[^']*'.*|\1|p" |
        sed -E 's/%2b/+/g' | grep -E "^(lib|pgbouncer$|postgresql-(client-)?[0-9]+$)" |
        grep -vE '^lib(.*-perl|perl|llvm|z3|pam-|semanage|debconf|c-l10n|c-gconv|c-bin|proc|text|json|io-|ipc)'
}

# own_libc ROOT PROGRAM...: makes the programs use the loader and the libraries under ROOT.
own_libc() {
    local root=$1 loader
    shift
    loader=$(find "$root" -name 'ld-linux-*.so.*' -print -quit)
    for program in "$@"; do
        "$folder/patchelf/usr/bin/patchelf" --set-interpreter "$loader" --force-rpath \
            --set-rpath "$root/usr/lib/$triplet:$root/lib/$triplet" "$program"
    done
}

# Each of the following ends with the link `bin`, which says that the folder is complete.

postgres() {
    local release=$1 root=$folder/postgres-$1 version
    [[ -e $root/bin ]] && return
    rm -rf "$root"
    apt_for "$release"
    version=$(apt-cache "${apt[@]}" pkgnames postgresql- | sed -nE 's/^postgresql-([0-9]+)$/\1/p' | sort -n | tail -1)
    # shellcheck disable=SC2046
    unpack "$root" $(libraries_of "postgresql-$version")
    own_libc "$root" "$root/usr/lib/postgresql/$version/bin"/{postgres,initdb}
    ln -s "usr/lib/postgresql/$version/bin" "$root/bin"
}

pgbouncer() {
    local release=$1 root=$folder/pgbouncer-$1
    [[ -e $root/bin ]] && return
    rm -rf "$root"
    apt_for "$release"
    # shellcheck disable=SC2046
    unpack "$root" $(libraries_of pgbouncer)
    own_libc "$root" "$root/usr/sbin/pgbouncer"
    ln -s usr/sbin "$root/bin"
}

peers() {
    local release=$1 root=$folder/peers-$1
    [[ -e $root/bin ]] && return
    rm -rf "$root"
    apt_for "$release"
    unpack "$root" prometheus-postgres-exporter prometheus-pgbouncer-exporter
    ln -s usr/bin "$root/bin"
}

if [[ ! -x $folder/patchelf/usr/bin/patchelf ]]; then
    apt_for bookworm
    unpack "$folder/patchelf" patchelf
fi
postgres trixie
postgres sid
pgbouncer trixie
pgbouncer sid
peers sid
