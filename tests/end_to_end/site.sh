# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# The report as a site: `report --format html`.

# shellcheck source=tests/end_to_end/example_site.sh
source "$E2E_DIRECTORY/example_site.sh"

test_a_definition_has_all_of_it_on_one_page() {
    write_two_kernels
    write_site site
    local page=site/struct/device.html
    # The newest definition, its types as links, and where it is from.
    has_text $page 'struct <a href="../struct/lock.html">lock</a> lock;'
    has_text $page '<a href="../typedef/notify_t.html">notify_t</a> notify;'
    has_text $page 'enum <a href="../enum/color.html">color</a> color;'
    has_text site/typedef/notify_t.html '(struct <a href="../struct/device.html">device</a> *, <a href="../typedef/atomic_t.html">atomic_t</a> *)'
    has_text site/struct/big.html '<i>/* cache line 1 */</i>'
    has_text site/struct/big.html '<i>/* hole: 4 bytes */</i>'
    # Each place in each layout; what is alike is one cell.
    has_text $page '<tr id="field-id"><th scope="row">id<td>int<td colspan="2">0'
    has_text $page '<tr id="field-name"><th scope="row">name<td>long unsigned int<td class="t">8<td>24'
    has $page '<tr id="field-state"><th scope="row">state<td>unsigned int:4<td class="t">16:3<td>32:3$'
    has site/enum/color.html '<tr id="field-BLUE"><th scope="row">BLUE<td><td class="a"><td>-3$'
    # The kernels, by stable addresses.
    has_text $page "<b id=\"$old\">$old</b>"
    # What changed and what uses it.
    has_text $page '<code>state</code> moved, width changed: 5 → 4 bits; 16:3 → 32:3'
    has_text site/typedef/foo.html '<tr id="field-foo"><th scope="row">foo<td>int<td>0'
    has_text $page '<li><code>lock</code> moved, resized; 4 → 8'
    has_text $page '<code>const char *</code> → <code>long unsigned int</code>'
    has_text site/enum/color.html '<li class="add">+ <code>BLUE</code> = -3'
    has_text site/struct/lock.html '<li><a href="../struct/device.html">device</a>'
    has $page '^<h3>Embedded in</h3>$'
    has_text $page '<li><a href="../struct/holder.html">holder</a>'
    has_text $page '<svg viewBox='
    lacks site/struct/same.html '<svg'
    has_text site/struct/same.html 'None between the kernels that are compared.'
}

test_pages_of_kernels_pairs_and_names() {
    write_two_kernels
    write_site site
    has_text site/index.html "<a href=\"kernel/$old.html\">$old</a>"
    has_text site/index.html "<a href=\"pair/$old..$new.html\">$new</a>"
    has_text "site/kernel/$new.html" '<summary>6 structs</summary>'
    local pair=site/pair/$old..$new.html
    has_text "$pair" '<input type="checkbox" id="show-added" checked>Added: 1</label>'
    has_text "$pair" '<input type="checkbox" id="show-enum" checked>enums: 1</label>'
    # What changed itself is told apart from what only embeds it.
    sed -n '/id="changed"/,/<\/details>/p' "$pair" >changed
    sed -n '/id="embeds"/,/<\/details>/p' "$pair" >embeds
    has changed '>device</a>: moved, resized, width changed, type changed, size changed$'
    has changed '>lock</a>: '
    has embeds '>holder</a>$'
    lacks changed 'holder'
    has_text site/names/d.html '<a href="../struct/device.html">device</a>'
    has_text "site/kernel/$new.html" '<li><a href="../struct/arrived.html">arrived</a>'
    lacks "site/kernel/$new.html" 'gone'
    has_text site/names/index.html '<a href="d.html">d</a>'
    has site/changes.html '^<h2><time>[0-9-]*</time>: 2 kernels to begin with</h2>$'
    has site/index.html '^<li><time>[0-9-]*</time>: 2 kernels to begin with\.$'
    exists site/.nojekyll
    exists site/robots.txt
}

test_no_link_leads_nowhere() {
    need python3
    write_two_kernels
    write_site site
    python3 "$E2E_DIRECTORY/site_links.py" site >links || fail "$(cat links)"
    has links '^[0-9]{2,} pages, [0-9]{3,} links, 0 wrong$'
    # The check finds one that does.
    rm site/struct/lock.html
    ! python3 "$E2E_DIRECTORY/site_links.py" site >links || fail "a dead link is not found"
    has links 'leads nowhere: ../struct/lock.html'
}

test_what_the_search_looks_up() {
    write_two_kernels
    write_site site
    sed -n 1,5p site/search/names.txt >beginning
    printf 'kstruct search 1\nstruct 7\nunion 0\nenum 1\ntypedef 3\n' | diff - beginning ||
        fail "$(cat beginning)"
    # Places in the list: arrived big device gone holder lock same, as they are sorted.
    local place
    place=$(sed '1,/^$/d' site/search/names.txt | grep -n '^lock$' | cut -d: -f1)
    has site/search/ow.txt "^owner	$((place - 1))$"
    has site/search/bl.txt '^BLUE	7$'
    has site/search/na.txt '^name	[0-9]$'
    has site/search/le.txt '^length	[0-9]:header.length$'
    has site/search/x-.txt '^x	[0-9]:header.x$'
}

test_nothing_is_touched_twice_and_jobs_make_no_difference() {
    write_two_kernels
    write_site site -j 1
    write_site other -j 3
    same site other
    touch -d '2001-01-01' site/struct/*.html
    kstruct 0 -l kernels.list -d data report -o site --format html
    has err '^site: 16 pages: 0 written, 16 unchanged, 0 removed$'
    [ -z "$(find site/struct -newermt 2002-01-01 -name '*.html')" ] || fail "pages were touched"
    # A definition that is gone has no page any more.
    kstruct 0 -q -d data analyze new.elf
    sed -i "/$old/d" kernels.list
    write_site site
    is_gone site/struct/gone.html
    is_gone "site/pair/$old..$new.html"
    exists site/struct/arrived.html
    has site/changes.html "^<h2><time>[0-9-]*</time>: <code>$old</code> removed</h2>$"
    has site/index.html "^<li><time>[0-9-]*</time>: <code>$old</code> removed\.$"
}

# The layout that is shown is the one that the others are told apart from, also where it came back.
test_a_layout_that_comes_back() {
    local kernel
    echo 'struct turn { int a;
#ifdef MIDDLE
    long b;
#else
    int b;
#endif
} turn_object;' >turn.c
    for kernel in 5.3.0-18 5.4.0-26 5.5.0-10; do
        make_vmlinux turn.c "$kernel-generic" "$kernel.elf" gcc "$([ $kernel = 5.4.0-26 ] && echo -DMIDDLE || echo -DOTHER)"
        set_machine "$kernel.elf" 62
        kstruct 0 -q -d data analyze "$kernel.elf"
        echo "$kernel-generic-amd64 file=$kernel.elf" >>kernels.list
    done
    write_site site
    has_text site/struct/turn.html 'layout <a href="#layout-1">1</a>:'
    has_text site/struct/turn.html '<tr id="field-b"><th scope="row">b<td>int<td>4<td class="t">8'
}

# Whatever is in foreign data, no page has markup of it.
test_foreign_names_are_text() {
    need python3
    mkdir -p in/types_struct
    cat >in/types_struct/$new.jsonl <<'END'
{"name": "a<script>alert(1)</script>&\"'", "kind": "STRUCT", "size": 4, "members": [{"name": "x<b>", "type": {"name": "int", "kind": "INT"}, "bits_offset": 0}]}
{"name": "plain", "kind": "STRUCT", "size": 4, "members": [{"name": "y", "type": {"name": "a<script>alert(1)</script>&\"'", "kind": "STRUCT"}, "bits_offset": 0}]}
END
    kstruct 0 -q -d data import in
    echo "$new" >kernels.list
    write_site site
    ! grep -rE '<script>alert|<b>"|x<b>' site --include='*.html' || fail "markup of foreign data"
    python3 "$E2E_DIRECTORY/site_links.py" site >links || fail "$(cat links)"
}

test_beside_the_other_formats() {
    write_two_kernels
    kstruct 0 -q -l kernels.list -d data report -o site --format md,md-full,html
    exists site/Struct/d/device.md
    exists site/struct/device.html
    # Markdown links Markdown.
    has site/Status/d.md '\.\./Full/d/device\.md'
    kstruct 0 -q -l kernels.list -d data report -o plain --format md,md-full
    same site/Status plain/Status
    same site/Full plain/Full
}

test_search_engines_find_its_pages() {
    need python3
    write_two_kernels
    write_site site
    lacks site/robots.txt '^Sitemap'
    [ ! -e site/sitemap.xml ] || fail "there is a sitemap of an unknown place"
    printf '[report]\nurl = https://example.org/a&b/\n' >settings.ini
    write_site site -c settings.ini
    has site/robots.txt '^Sitemap: https://example.org/a&b/sitemap.xml$'
    python3 - site <<'END' || fail "the sitemap is wrong"
import pathlib, sys, urllib.parse
import xml.etree.ElementTree as xml

site = pathlib.Path(sys.argv[1])
name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
top = "https://example.org/a&b/"

def places(file):
    return [place.text for place in xml.parse(site / file).iter(name + "loc")]

parts = places("sitemap.xml")
assert parts == [top + "sitemap-1.xml"], parts
pages = places("sitemap-1.xml")
assert len(pages) == len(set(pages)) > 15
for page in pages:
    assert page.startswith(top), page
    file = site / (urllib.parse.unquote(page[len(top):]) or "index.html")
    assert file.is_file(), file
kinds = ["struct", "union", "enum", "typedef", "int", "kernel", "pair"]
files = sum(len(list((site / kind).glob("*.html"))) for kind in kinds)
assert len(pages) == files + 1, (len(pages), files)
END
}
