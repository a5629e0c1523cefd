# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Servers and networks that fail, one row a fault: what `kstruct fetch` makes of it, that nothing
# wrong gets a package's name, and that the other kernels of the list arrive all the same.

faulty='linux-image-unsigned-5.8.0-25-generic-dbgsym_5.8.0-25.26~20.04.1+test_amd64.ddeb'
# What the packages are called once they are there.
first=5.4.0-26-generic-amd64.deb
kept=5.8.0-25-generic-amd64.ddeb
last=5.11.0-16-generic-amd64.deb

# Bytes that begin like a package.
make_bytes() { # OUTPUT BYTES
    {
        printf '!<arch>\n'
        head -c $(($2 - 8)) /dev/urandom
    } >"$1"
}

set_up() { # [OPTION-OF-THE-SERVER...]
    mkdir site
    make_bytes site/first.deb 300000
    make_bytes "site/$faulty" 400000
    make_bytes site/last.deb 300000
    write_settings
    serve_faults site requests.log "$@"
}

write_settings() { # [LINE...]
    printf '%s\n' '[kstruct]' 'list = kernels.list' 'data_dir = data' '[fetch]' 'retry_wait = 0' \
        'tries = 3' 'connect_timeout = 5' "$@" >kstruct.ini
}

# The faulty kernel between two good ones.
write_list() { # URL [HASH]
    cat >kernels.list <<END
5.4.0-26-generic-amd64   url=$SERVER/ok/first.deb sha256=$(sha256 site/first.deb)
5.8.0-25-generic-amd64   url=$1 ${2:+sha256=$2}
5.11.0-16-generic-amd64  url=$SERVER/ok/last.deb
END
}

# What is in the packages' directory is what should be there, and no more. LEFT is `part` where the
# beginning of the faulty package stays for another time, or else `-`.
check_packages() { # STATUS LEFT
    local -a wanted=("$first" "$first.from" "$last" "$last.from")
    same site/first.deb "data/packages/$first"
    same site/last.deb "data/packages/$last"
    if [ "$1" -eq 0 ]; then
        same "site/$faulty" "data/packages/$kept"
        wanted+=("$kept" "$kept.from")
    elif [ "$2" = part ]; then
        wanted+=("$kept.part" "$kept.part.from")
        [ -s "data/packages/$kept.part" ] || fail "an empty part is kept"
        cmp -n "$(stat -c %s "data/packages/$kept.part")" "site/$faulty" \
            "data/packages/$kept.part" || fail "the part is not the file's beginning"
    fi
    printf '%s\n' "${wanted[@]}" | sort >wanted
    find data/packages -mindepth 1 -printf '%P\n' | sort >found
    same wanted found
}

row() { # URL STATUS LEFT EXPRESSION [HASH]
    rm -rf data kernels.lock
    write_list "$1" "${5-$(sha256 "site/$faulty")}"
    kstruct "$2" -c kstruct.ini fetch
    echo "$1:"
    cat err
    has err "$4"
    [ "$(wc -l <out)" -eq $(($2 == 0 ? 3 : 2)) ] || fail "$1: $(wc -l <out) paths are printed"
    [ "$(grep -c '^kstruct: ' err)" -eq $(($2 == 0 ? 0 : 1)) ] || fail "$1: not one error"
    check_packages "$2" "$3"
}

# How many requests there were, and how many hundredths of the file were sent in all.
check_requests() { # FAULT COUNT PERCENT
    local count percent
    wait_until_idle
    grep -F " /$1/linux" requests.log >log || true
    count=$(wc -l <log)
    [ "$count" -eq "$2" ] || fail "$1: $count requests instead of $2"
    percent=$(sed 's/.*sent=//' log | awk '{ sum += $1 } END { print int(sum / 4000) }')
    [ "$3" = - ] || [ "$percent" -le "$3" ] || fail "$1: $percent % of the file were sent"
}

# Rows on standard input: the fault, the exit status, requests, percent of the file that are sent at
# most, what is left, and an expression of the messages.
table() { # [HASH]
    local fault status requests percent left expression
    while read -r fault status requests percent left expression; do
        [ -n "$fault" ] || continue
        : >requests.log
        row "$SERVER/$fault/$faulty" "$status" "$left" "$expression" "$@"
        check_requests "$fault" "$requests" "$percent"
    done
}

test_answers() {
    set_up
    table <<'END'
ok              0 1 100 -    fetched linux-.*, hash verified
404             3 1 -   -    has no such file .HTTP status 404
410             3 1 -   -    has no such file .HTTP status 410
403             3 1 -   -    refuses to give the file .HTTP status 403
500             3 3 -   -    cannot answer now .HTTP status 500.: try again later
429             3 3 -   -    cannot answer now .HTTP status 429
503-then/2      0 3 -   -    HTTP status 503.*next try in 0.0 s
503-then/3      3 3 -   -    HTTP status 503
garbage         0 2 100 -    the server.s answer is not HTTP.*next try
html            3 1 -   -    neither a package nor an ELF file.*<!DOCTYPE html>
empty           3 1 -   -    neither a package nor an ELF file
wrong           3 1 100 -    the bytes have SHA-256 [0-9a-f]* where [0-9a-f]* is promised
there           0 1 -   -    hash verified
loop            3 6 -   -    is redirected too often
to-file         3 1 -   -    leads to a protocol that is not allowed
END
}

# What it asks for holds for all that it has: the other kernels come from a server of another name.
test_a_server_that_wants_to_be_left_alone() {
    set_up
    : >requests.log
    row "${SERVER/127.0.0.1/localhost}/429-after/3600/$faulty" 3 - 'cannot answer now .HTTP status 429'
    check_requests 429-after/3600 1 -
}

test_waits_as_long_as_it_is_asked_to() {
    local start
    set_up
    start=${EPOCHREALTIME/[.,]/}
    table <<'END'
429-after/1     0 2 -   -    HTTP status 429.*next try in 1.0 s
END
    [ $((${EPOCHREALTIME/[.,]/} - start)) -ge 1000000 ] || fail "it does not wait for a second"
}

test_cut_with_ranges() {
    set_up
    table <<'END'
cut/0           0 2 101 -    ended before the file did.*next try
cut/1           0 2 101 -    ended before the file did.*next try
cut/2           0 2 101 -    ended before the file did.*next try
cut/3           0 2 101 -    ended before the file did.*next try
cut/4           0 2 101 -    ended before the file did.*next try
cut/5           0 2 101 -    ended before the file did.*next try
cut/6           0 2 101 -    ended before the file did.*next try
cut/7           0 2 101 -    ended before the file did.*next try
cut/8           0 2 101 -    ended before the file did.*next try
cut/9           0 2 101 -    ended before the file did.*next try
cut-always/5    3 3 100 part ended before the file did.*try again later
cut-503         0 3 101 -    HTTP status 503.*next try
cut-status/204  3 2 51  part answered with HTTP status 204
cut-status/304  3 2 51  part answered with HTTP status 304
cut-status/202  3 2 51  part answered with HTTP status 202
reset           0 2 151 -    next try
END
}

test_cut_without_ranges() {
    set_up
    table <<'END'
cut-norange/0   0 2 101 -    ended before the file did.*next try
cut-norange/1   0 2 111 -    ended before the file did.*next try
cut-norange/2   0 2 121 -    ended before the file did.*next try
cut-norange/3   0 2 131 -    ended before the file did.*next try
cut-norange/4   0 2 141 -    ended before the file did.*next try
cut-norange/5   0 2 151 -    ended before the file did.*next try
cut-norange/6   0 2 161 -    ended before the file did.*next try
cut-norange/7   0 2 171 -    ended before the file did.*next try
cut-norange/8   0 2 181 -    ended before the file did.*next try
cut-norange/9   0 2 191 -    ended before the file did.*next try
range-ignored   0 2 151 -    next try
cut-novalidator 0 2 151 -    next try
chunked-cut     0 2 151 -    next try
no-length       0 1 100 -    hash verified
range-whole     0 1 100 -    hash verified
long            3 3 300 part ended before the file did
short           3 1 100 -    the bytes have SHA-256
END
}

# The beginning of one file and the end of another one are no package.
test_rest_that_does_not_fit() {
    set_up
    table <<'END'
range-wrong/bytes 0 3 201 -  fetching all of it again
range-wrong/start 0 3 -   -  sends other bytes than those from 200000 on
range-wrong/none  0 3 -   -  sends other bytes than those from 200000 on
range-wrong/total 0 3 -   -  again|next try
range-wrong/short 0 3 101 -  the server sent 300000 of 400000 bytes
range-refused     0 3 151 -  next try
changed           0 2 151 -  next try
changed-rude      0 3 201 -  next try
END
}

# Where no hash would tell, the server's own words have to.
test_rest_that_does_not_fit_without_a_hash() {
    set_up
    table '' <<'END'
cut/5             0 2 101 -  next try
cut-norange/5     0 2 151 -  next try
cut-novalidator   0 2 151 -  next try
range-wrong/start 0 3 -   -  sends other bytes than those from 200000 on
range-wrong/none  0 3 -   -  sends other bytes than those from 200000 on
range-wrong/total 0 3 -   -  again|next try
range-wrong/short 0 3 101 -  the server sent 300000 of 400000 bytes
range-refused     0 3 151 -  next try
changed           0 2 151 -  next try
changed-rude      0 3 201 -  next try
html              3 1 -   -  neither a package nor an ELF file
long              3 3 300 part ended before the file did
END
}

test_stalls() {
    set_up
    write_settings 'low_speed_time = 1' 'low_speed_limit = 200000' # libcurl looks at the last seconds' average
    table <<'END'
stall-first     0 2 101 -    too slow.*next try
stall           3 3 -   part too slow
silence         3 3 -   -    too slow|timed out
END
}

# Above the limit for a stall, and too slow for its size: given up, and gone on with by the next run.
test_trickles() {
    set_up --rate 50000
    write_settings 'low_speed_time = 1' 'low_speed_limit = 100' 'average_speed_limit = 1000000'
    echo "5.8.0-25-generic-amd64 url=$SERVER/ok/$faulty sha256=$(sha256 "site/$faulty")" >kernels.list
    kstruct 1 -c kstruct.ini fetch
    has err 'comes too slowly, [0-9]+ bytes so far, less on average than average_speed_limit'
    wait_until_idle
    [ "$(grep -c GET requests.log)" -eq 1 ] || fail "it is tried again"
    [ -s "data/packages/$kept.part" ] || fail "what has come is lost"
    serve_faults site requests.log
    write_settings
    sed -i "s|http://[^/]*|$SERVER|" kernels.list "data/packages/$kept.part.from"
    kstruct 0 -c kstruct.ini fetch
    has err 'going on where the last try ended'
}

test_nobody_answers() {
    set_up
    row "$(refused_url)/$faulty" 3 - 'cannot be fetched: .*connect.*next try|[Cc]onnection refused'
    row "http://nobody.invalid/$faulty" 3 - 'cannot be fetched: .*nobody.invalid'
}

# Many transfers wait for few connections, longer than a connection may take to come about.
test_waiting_for_a_connection_is_no_failure() {
    set_up --rate 150000
    write_settings 'transfers = 4' 'connections_per_host = 1'
    sed -i 's/connect_timeout = 5/connect_timeout = 2/' kstruct.ini
    row "$SERVER/ok/$faulty" 0 - 'hash verified'
    lacks err 'next try'
}

test_names_in_urls() {
    local written
    set_up
    for written in "$faulty" "${faulty/\~/%7e}" "$(sed 's/~/%7E/; s/+/%2B/; s/image/%69mage/' <<<"$faulty")"; do
        row "$SERVER/ok/$written" 0 - 'hash verified'
        row "$SERVER/cut/5/$written" 0 - 'hash verified'
    done
}

# Launchpad by file name: redirects to where the file is, which is without a hash and without ranges.
by_name() { # BASE STATUS EXPRESSION
    rm -rf data kernels.lock
    write_settings "launchpad_files = $1" 'sources = launchpad-files' 'minimum_package = 100K'
    cat >kernels.list <<END
5.4.0-26-generic-amd64 url=$SERVER/ok/first.deb
5.8.0-25-generic-amd64 version=5.8.0-25.26~20.04.1+test
5.11.0-16-generic-amd64 url=$SERVER/ok/last.deb
END
    kstruct "$2" -c kstruct.ini fetch
    echo "$1:"
    cat err
    grep -q "$3" err || fail "it does not say $3"
    check_packages "$2" -
}

test_launchpad_by_file_name() {
    local plain=${faulty/unsigned-/}
    set_up
    by_name "$SERVER/there" 0 "fetched $faulty"
    by_name "$SERVER/cut-norange/5" 0 'next try'
    by_name "$SERVER/503-then/1" 0 'next try'
    by_name "$SERVER/404" 3 'status 404.*status 404'
    by_name "$SERVER/html" 3 'neither a package'
    by_name "$SERVER/to-file" 3 'not allowed'
    by_name "$SERVER/500" 3 'status 500'
    # Only an empty wrapper.
    mv "site/$faulty" whole
    make_bytes "site/$plain" 15000
    by_name "$SERVER/ok" 3 '15000 bytes only: a package without debug information'
    # The plain name only.
    cp whole "site/$plain"
    faulty=$plain
    by_name "$SERVER/ok" 0 "fetched $plain"
}

# An authority of our own, and a certificate by it for 127.0.0.1.
make_certificates() { # OPTION-THAT-SAYS-WHEN...
    need openssl
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=test authority' \
        -keyout ca.key -out ca.pem 2>/dev/null
    openssl req -newkey rsa:2048 -nodes -subj '/CN=127.0.0.1' -keyout server.key \
        -out server.csr 2>/dev/null
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial "$@" \
        -extfile <(echo 'subjectAltName = IP:127.0.0.1') -out server.pem 2>/dev/null
}

# SERVER speaks http, SECURE the same over https.
serve_secure() {
    local plain=$SERVER
    serve_faults site secure.log --tls server.pem server.key --http "$plain"
    SECURE=https://${SERVER#http://}
    SERVER=$plain
}

test_https() {
    set_up
    make_certificates -days 2
    serve_secure
    row "$SECURE/ok/$faulty" 3 - 'cannot prove who it is: .*ca-certificates'
    write_settings 'ca_bundle = ca.pem'
    row "$SECURE/ok/$faulty" 0 - 'hash verified'
    row "$SECURE/cut/5/$faulty" 0 - 'next try'
    row "$SECURE/to-http/$faulty" 3 - 'leads to a protocol that is not allowed'
    row "${SECURE/127.0.0.1/localhost}/ok/$faulty" 3 - 'cannot prove who it is'
    write_settings 'ca_bundle = none.pem'
    row "$SECURE/ok/$faulty" 3 - 'none.pem'
}

test_https_with_an_expired_certificate() {
    set_up
    # Each version of openssl has only one of these ways.
    make_certificates -days -1 ||
        make_certificates -not_before 20200101000000Z -not_after 20200102000000Z || true
    [ -s server.pem ] || skip "this openssl makes no expired certificate"
    serve_secure
    write_settings 'ca_bundle = ca.pem'
    row "$SECURE/ok/$faulty" 3 - "cannot prove who it is: .*expired.*clock"
}

# A proxy that refuses to connect to a server is told as what it is, and asked again where that helps.
proxy_row() { # STATUS REQUESTS EXPRESSION
    : >proxy.log
    echo "5.8.0-25-generic-amd64 url=https://status-$1.invalid/a.deb" >kernels.list
    no_proxy='' https_proxy=$SERVER kstruct 1 -c kstruct.ini fetch
    cat err
    has err "^kstruct: 5.8.0-25-generic-amd64: https://status-$1.invalid/a.deb: $3"
    [ "$(grep -c CONNECT proxy.log)" -eq "$2" ] || fail "not $2 requests"
}

test_proxy_that_does_not_connect() {
    write_settings
    run_server proxy.log <<'END'
import http.server, re
class handler(http.server.BaseHTTPRequestHandler):
    def do_CONNECT(self):
        self.send_error(int(re.search("status-([0-9]*)", self.path).group(1)))
END
    proxy_row 403 1 'the proxy refuses to connect to the server \(HTTP status 403\)'
    proxy_row 407 1 'the proxy wants a login \(HTTP status 407\)'
    proxy_row 503 3 'the proxy cannot connect to the server now \(HTTP status 503\)'
}

test_full_disk() {
    set_up
    mkdir data
    mount -t tmpfs -o size=800k tmpfs data 2>/dev/null || skip "mounting a tmpfs is not allowed here"
    at_exit+=("umount -l data")
    touch data/.kstruct-data
    # Its size is known and there is no room; then the size is not known, and the room ends.
    write_list "$SERVER/ok/$faulty" "$(sha256 "site/$faulty")"
    head -c 500000 /dev/zero >data/ballast
    kstruct 1 -c kstruct.ini fetch 5.8.0-25-generic-amd64
    has err '^kstruct: .*data/packages: 400000 bytes are to come and only [0-9]* are free: make room'
    rmdir data/packages || fail "something is left: $(ls data/packages)"
    write_list "$SERVER/no-length/$faulty" "$(sha256 "site/$faulty")"
    kstruct 1 -c kstruct.ini fetch 5.8.0-25-generic-amd64
    has err '^kstruct: .*No space left on device'
    is_gone "data/packages/$kept"
    mount -o remount,size=4m data
    kstruct 0 -c kstruct.ini fetch
    check_packages 0 -
}

test_read_only_packages() {
    local status=0
    need setpriv
    set_up
    write_list "$SERVER/ok/$faulty" "$(sha256 "site/$faulty")"
    cp "$KSTRUCT" program
    mkdir -p data/packages
    touch data/.kstruct-data
    chmod 755 .. . program data
    chmod 555 data/packages
    as_user true 2>/dev/null || skip "this root cannot become another user"
    as_user ./program -q -c kstruct.ini fetch >out 2>err || status=$?
    cat err
    [ "$status" -eq 1 ] || fail "exit status $status instead of 1"
    [ "$(grep -c "^kstruct: [^ ]*: data/packages.*Permission denied" err)" -eq 3 ] || fail "not three errors"
    [ "$(grep -c '' err)" -eq 3 ] || fail "more is said than that"
}

test_two_at_once() {
    local pid status=0
    set_up --rate 400000
    write_list "$SERVER/ok/$faulty" "$(sha256 "site/$faulty")"
    "$KSTRUCT" -c kstruct.ini fetch >first.out 2>first.err &
    pid=$!
    at_exit+=("end_job $pid")
    kstruct 0 -c kstruct.ini fetch
    wait "$pid" || status=$?
    [ "$status" -eq 0 ] || fail "the other one ends with $status: $(cat first.err)"
    same first.out out
    [ "$(grep -c ': fetched' first.err err | awk -F: '{ sum += $2 } END { print sum }')" -eq 3 ] ||
        fail "not each is fetched once"
    check_packages 0 -
    wait_until_idle
    [ "$(wc -l <requests.log)" -eq 3 ] || fail "$(wc -l <requests.log) requests instead of 3"
}

# Files of one name for two kernels of one list: each gets its own, and so does one file for two.
test_names_that_end_alike() {
    set_up
    mkdir site/other
    make_bytes "site/other/$faulty" 200000
    write_list "$SERVER/ok/$faulty" "$(sha256 "site/$faulty")"
    {
        echo "5.8.0-26-generic-amd64 url=$SERVER/ok/other/$faulty sha256=$(sha256 "site/other/$faulty")"
        echo "5.8.0-27-generic-amd64 url=$SERVER/ok/$faulty"
    } >>kernels.list
    kstruct 0 -c kstruct.ini fetch
    [ "$(sort -u out | wc -l)" -eq 5 ] || fail "not five packages"
    same "site/$faulty" "data/packages/$kept"
    same "site/other/$faulty" data/packages/5.8.0-26-generic-amd64.ddeb
    same "site/$faulty" data/packages/5.8.0-27-generic-amd64.ddeb
    wait_until_idle
    : >requests.log
    kstruct 0 -c kstruct.ini fetch
    is_empty requests.log
}

has_half() {
    [ "$(stat -c %s "data/packages/$kept.part" 2>/dev/null || echo 0)" -ge 150000 ]
}

# Leaves a part by kill -9 in the middle of it.
kill_in_the_middle() {
    local pid
    write_list "$SERVER/ok/$faulty" "$(sha256 "site/$faulty")"
    setsid "$KSTRUCT" -c kstruct.ini fetch 5.8.0-25-generic-amd64 >/dev/null 2>&1 &
    pid=$!
    wait_until has_half
    kill -9 "$pid"
    wait "$pid" 2>/dev/null || true
    wait_until_idle
    [ -e "data/packages/$kept.part" ] || fail "it was there already when it was killed"
    size=$(stat -c %s "data/packages/$kept.part")
}

test_part_of_a_killed_one_is_gone_on_with() {
    local size
    set_up --rate 100000
    kill_in_the_middle
    : >requests.log
    kstruct 0 -c kstruct.ini fetch
    has err 'going on where the last try ended'
    check_packages 0 -
    wait_until_idle
    has requests.log "/ok/.*deb range=bytes=$size- status=206 sent=$((400000 - size))$"
}

# What is left in a part's place may be anything; in the end the package is right.
spoiled_part() { # EXPRESSION
    kstruct 0 -c kstruct.ini fetch
    cat err
    has err "$1"
    check_packages 0 -
    wait_until_idle
}

test_spoiled_parts() {
    local size part=data/packages/$kept.part
    touch slow
    set_up --rate 100000 --rate-while slow
    kill_in_the_middle
    rm slow
    cp -r data half

    head -c "$size" /dev/zero >"$part"
    spoiled_part 'fetching all of it again'
    rm -rf data kernels.lock && cp -r half data
    printf 'xxxx' | dd of="$part" bs=1 seek=100000 conv=notrunc status=none
    spoiled_part 'fetching all of it again'
    # Longer than the package; all of it already; of another URL, of another state, without a note.
    rm -rf data kernels.lock && cp -r half data
    make_bytes "$part" 500000
    spoiled_part 'next try|again'
    rm -rf data kernels.lock && cp -r half data
    cp "site/$faulty" "$part"
    : >requests.log
    spoiled_part 'hash verified'
    [ "$(awk -F = '/unsigned/ { sum += $NF } END { print sum + 0 }' requests.log)" -eq 0 ] ||
        fail "what was there in full is sent again"
    rm -rf data kernels.lock && cp -r half data
    sed -i '1s|http://127|http://128|' "$part.from"
    spoiled_part 'hash verified'
    rm -rf data kernels.lock && cp -r half data
    sed -i '2s|.*|"other"|' "$part.from"
    spoiled_part 'hash verified'
    rm -rf data kernels.lock && cp -r half data
    : >"$part.from"
    spoiled_part 'hash verified'
    rm -rf data kernels.lock && cp -r half data
    rm "$part.from"
    spoiled_part 'hash verified'
}

test_over_nginx() {
    set_up
    run_nginx site
    row "$NGINX_URL/$faulty" 0 - 'hash verified'
    row "$NGINX_URL/${faulty/\~/%7e}" 0 - 'hash verified'
    row "$NGINX_URL/none.deb" 3 - 'HTTP status 404'
    grep -q ' 200 400000$' nginx/access.log || fail "nginx has not sent it: $(cat nginx/access.log)"
}

test_over_nginx_after_a_kill() {
    local size
    set_up
    run_nginx site 'limit_rate 200k;'
    SERVER=$NGINX_URL
    mkdir site/ok
    mv site/*deb site/ok
    ln -s ok/first.deb ok/last.deb "ok/$faulty" site/
    wait_until_idle() { :; }
    kill_in_the_middle
    kstruct 0 -c kstruct.ini fetch
    check_packages 0 -
    has nginx/access.log " 206 $((400000 - size))$"
}
