# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Passwords and tokens: where they come from, and that nothing that is written has them.

make_kernel() { # RELEASE OUTPUT
    echo 'struct kit { int a; long b; } kit_object;' >kit.c
    make_vmlinux kit.c "$1" vmlinux
    set_machine vmlinux 62
    make_deb vmlinux "$1" gzip "$2"
}

# Serves site/: below /auth/ for a user and a password, below /token/ for a token.
set_up() {
    mkdir -p site "$HOME"
    make_kernel 5.8.0-25-generic site/a.deb
    run_server server.log <<'END'
import base64, http.server, os
class handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path, _, query = self.path.partition("?")
        user = "Basic " + base64.b64encode(b"user:s3cret").decode()
        if path.startswith("/auth/") and self.headers.get("Authorization") != user or \
                path.startswith("/token/") and query != "token=TOPTOKEN":
            self.send_error(401)
        elif not os.path.exists("site/" + os.path.basename(path)):
            self.send_error(404)
        else:
            body = open("site/" + os.path.basename(path), "rb").read()
            self.send_response(200)
            self.send_header("Content-Length", len(body))
            self.end_headers()
            self.wfile.write(body)
    def log_message(self, *_):
        pass
END
    WITH_USER=${SERVER/:\/\//:\/\/user:s3cret@}
    printf '%s\n' '[kstruct]' 'list = kernels.list' 'data_dir = data' '[fetch]' 'retry_wait = 0' \
        'tries = 2' 'minimum_package = 0' >kstruct.ini
    echo "5.8.0-25-generic-amd64 url=$WITH_USER/auth/a.deb" >kernels.list
}

assert_kept_secret() {
    grep -rlE 's3cret|TOPTOKEN' . | grep -Ev '^./(kernels\.list|kstruct\.ini|server\.py|home/\.netrc)$' >shown || true
    is_empty shown
}

test_nothing_written_has_them() {
    set_up
    make_kernel 5.8.0-26-generic site/b.deb
    cat >>kernels.list <<END
5.8.0-26-generic-amd64 url=$SERVER/token/b.deb?token=TOPTOKEN
5.8.0-27-generic-amd64 url=$WITH_USER/auth/none.deb?token=TOPTOKEN
5.8.0-28-generic-amd64 url=http://user:s3c/s3cret@127.0.0.1/none.deb
END
    kstruct 3 -v -c kstruct.ini run
    has err '401|404'
    cp err first.err
    assert_kept_secret
    has kernels.lock "^5.8.0-25-generic-amd64 given url=$SERVER/auth/a.deb size="
    [ "$(sqlite3 data/kstruct.db 'SELECT url FROM kernel ORDER BY name LIMIT 1')" = "$SERVER/auth/a.deb" ] ||
        fail "another URL is stored"

    # What is locked is asked for as the list says.
    rm -r data
    kstruct 3 -c kstruct.ini fetch
    has err '^5.8.0-25-generic-amd64: fetched a.deb, .* hash verified'
    has err '^5.8.0-26-generic-amd64: fetched b.deb, .* hash verified'
    kstruct 3 -c kstruct.ini fetch --dry-run
    kstruct 0 -c kstruct.ini list
    cp out list.txt
    kstruct 0 -c kstruct.ini list --json
    cp out list.json
    assert_kept_secret
}

test_a_lock_file_from_before_is_cleaned() {
    set_up
    kstruct 0 -c kstruct.ini fetch
    sed -i "s|$SERVER|$WITH_USER|" kernels.lock
    kstruct 0 -c kstruct.ini fetch
    assert_kept_secret
    has kernels.lock "^5.8.0-25-generic-amd64 given url=$SERVER/auth/a.deb size="
}

test_those_of_a_mirror() {
    set_up
    printf 'sources = mirror\nmirror = %s/auth/{kernel}.deb\n' "$WITH_USER" >>kstruct.ini
    mv site/a.deb site/5.8.0-25-generic-amd64.deb
    echo 5.8.0-25-generic-amd64 >kernels.list
    kstruct 0 -c kstruct.ini run
    rm -r data/packages
    kstruct 0 -c kstruct.ini fetch
    has err 'hash verified'
    assert_kept_secret
}

test_those_of_netrc() {
    set_up
    echo "5.8.0-25-generic-amd64 url=$SERVER/auth/a.deb" >kernels.list
    kstruct 1 -c kstruct.ini fetch
    has err 'HTTP status 401'
    echo 'machine 127.0.0.1 login user password s3cret' >"$HOME/.netrc"
    kstruct 0 -c kstruct.ini fetch
    assert_kept_secret
}

test_those_of_a_mistyped_proxy() {
    local proxy
    set_up
    echo "5.8.0-25-generic-amd64 url=http://x.invalid/a.deb" >kernels.list
    for proxy in htp://user:s3cret@127.0.0.1:1 http://user:s3/s3cret@127.0.0.1:1 'user:s3 s3cret@[' \
        user:s3cret@127.0.0.1:port; do
        no_proxy='' http_proxy=$proxy kstruct 1 -c kstruct.ini fetch
        cat err >>all.err
    done
    cat all.err
    assert_kept_secret
}
