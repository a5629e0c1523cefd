# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# The site and the JSON interface, live: `kstruct serve`.

# shellcheck source=tests/end_to_end/example_site.sh
source "$E2E_DIRECTORY/example_site.sh"

ask() { # CHECK [ARGUMENT...]
    need python3
    python3 "$E2E_DIRECTORY/serving.py" "$SERVED" "$@" >told 2>&1 || fail "$(cat told) $(tail -n 5 serve.log)"
    has told '^fine$'
}

stop_serving() {
    local status=0
    kill "$SERVING"
    wait "$SERVING" || status=$?
    [ "$status" -eq 0 ] || fail "serve ended with status $status: $(tail -n 5 serve.log)"
}

serve_two_kernels() {
    write_two_kernels
    start_serving -l kernels.list
}

test_its_pages_are_those_of_the_static_site() {
    write_two_kernels
    printf '[report]\nurl = https://example.org\n' >settings.ini
    write_site site -c settings.ini
    start_serving -l kernels.list -c settings.ini
    ask site site
    # What only a server can do is on the front page.
    curl -s "$SERVED/" >front.html
    has front.html '<form action="compare">'
    has front.html '<form action="search.html"'
    stop_serving
}

test_any_two_kernels_are_compared() {
    serve_two_kernels
    curl -s -o page.html -w '%{http_code} %{redirect_url}' "$SERVED/compare?before=$new&after=$old" >told
    has_text told "302 $SERVED/pair/$new..$old.html"
    curl -s "$SERVED/pair/$new..$old.html" >page.html
    has page.html '<h2 id="added">Added: 1</h2>'
    has_text page.html '<a href="../struct/gone.html">gone</a>'
}

test_search_without_javascript() {
    serve_two_kernels
    curl -s "$SERVED/search.html?q=EVI" >page.html
    has_text page.html '<a href="struct/device.html">device</a>'
    curl -s "$SERVED/search.html?q=device.header.len" >page.html
    has_text page.html '<a href="struct/device.html#field-header.length">device.header.length</a>'
    curl -s "$SERVED/search.html?q=%3Cscript%3E" >page.html
    has page.html 'Nothing of that name'
    lacks page.html '<script>'
}

test_the_json_interface_is_as_it_is_described() {
    need python3
    python3 -c 'import jsonschema' 2>/dev/null || skip "there is no python3-jsonschema here"
    serve_two_kernels
    ask interface "$old" "$new"
    lacks serve.log '^kstruct: '
}

test_http_is_spoken_well() {
    serve_two_kernels
    ask rules
    stop_serving
}

test_who_asks_for_too_much_is_told() {
    serve_two_kernels
    ask limits
    ask many 1500
    stop_serving
}

has_kernel() { # NAME
    curl -s "$SERVED/api/v2/kernels" | grep -q "\"name\": \"$1\""
}

lacks_kernel() { # NAME
    ! has_kernel "$1"
}

test_it_follows_what_run_does() {
    write_two_kernels
    cp kernels.list all.list
    sed -i "/$new/d" kernels.list
    rm -r data
    kstruct 0 -l kernels.list -d data run
    start_serving -l kernels.list
    ! has_kernel "$new" || fail "there is a kernel too many"
    cp all.list kernels.list
    kstruct 0 -l kernels.list -d data run
    wait_until has_kernel "$new"
    curl -s "$SERVED/struct/arrived.html" >page.html
    has_text page.html '<small>struct</small> arrived'
    # What the list does not have any more is not served, and not told of.
    sed -i "/$old/d" kernels.list
    wait_until lacks_kernel "$old"
    curl -s "$SERVED/api/v2/offsets?path=device" >told
    lacks told "$old"
    cp all.list kernels.list
    wait_until has_kernel "$old"
    # Another file in the place of the data set, while somebody reads all the time.
    while curl -s -o /dev/null "$SERVED/health"; do :; done &
    at_exit+=("kill $! 2>/dev/null")
    kstruct 0 -l kernels.list -d data rebuild
    wait_until has_kernel "$new"
    curl -s "$SERVED/struct/device.html" >page.html
    has_text page.html 'In 2 of 2 kernels'
    stop_serving
}

test_what_cannot_be_served() {
    write_two_kernels
    refused 2 'address' -- -l kernels.list -d data serve --listen nonsense
    refused 2 'address' -- -l kernels.list -d data serve --listen 127.0.0.1:
    refused 2 'address' -- -l kernels.list -d data serve --listen 127.0.0.1:70000
    refused 2 'no word' -- -l kernels.list -d data serve now
    refused 1 'nowhere' -- -l kernels.list -d nowhere serve --listen 127.0.0.1:0
    start_serving -l kernels.list
    refused 1 'cannot listen' -- -l kernels.list -d data serve --listen "${SERVED#http://}"
    ask rules
    stop_serving
}

# What is wrong with a question is said, also where `.` is the data directory.
test_a_relative_data_directory() {
    serve_two_kernels
    curl -s "$SERVED/api/v2/offsets?path=device.nosuch" >wanted
    has wanted 'no such field'
    stop_serving
    cd data || return
    start_serving -d . -l ../kernels.list
    curl -s "$SERVED/api/v2/offsets?path=device.nosuch" >../found
    stop_serving
    cd ..
    same wanted found
}
