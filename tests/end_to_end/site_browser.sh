# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# The site in a real browser, and its HTML by a validator. `make check-site` gets what it needs.

browser_directory=$E2E_DIRECTORY/browser

# Where playwright-core, axe-core and vnu-jar are.
need_modules() {
    need node
    modules=${KSTRUCT_NODE_MODULES:-}
    [ -d "$modules/node_modules/playwright-core" ] || skip "there is no playwright-core here: make check-site"
}

# shellcheck source=tests/end_to_end/example_site.sh
source "$E2E_DIRECTORY/example_site.sh"

write_example_site() {
    write_two_kernels
    write_site site
}

test_in_a_browser() {
    local chromium
    need_modules
    chromium=$(command -v chromium || command -v chromium-browser) || skip "there is no chromium here"
    write_example_site
    serve site
    node "$browser_directory/site.mjs" "$modules" "$chromium" "$SERVER/" >told || fail "$(cat told)"
    has told '^the site is fine$'
}

# The same pages, and what only a server has.
test_a_live_one_in_a_browser() {
    local chromium
    need_modules
    chromium=$(command -v chromium || command -v chromium-browser) || skip "there is no chromium here"
    write_two_kernels
    start_serving -l kernels.list
    node "$browser_directory/site.mjs" "$modules" "$chromium" "$SERVED/" live >told || fail "$(cat told)"
    has told '^the site is fine$'
}

# The validator of the people who write HTML's standard.
test_its_html_is_valid() {
    local vnu
    need_modules
    need java
    vnu=$modules/node_modules/vnu-jar/build/dist/vnu.jar
    [ -f "$vnu" ] || skip "there is no vnu-jar here: make check-site"
    write_example_site
    java -jar "$vnu" --skip-non-html site >told 2>&1 || fail "$(head -n 40 told)"
    sed -i 's|</main>|</section>|' site/index.html
    ! java -jar "$vnu" --skip-non-html site >told 2>&1 || fail "a wrong tag is not found"
}
