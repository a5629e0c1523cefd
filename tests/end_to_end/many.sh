# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2016
#
# Very many kernels: what has a column for each of a few has one for each series of many.

# COUNT updates of each of two series: in one, `grows` gets a member each time, in the other it stays, and
# `late` comes with the 11th.
make_kernels() { # COUNT
    COUNT=$1 python3 - <<'END'
import json
import os

INT = {"kind": "INT", "name": "int"}
os.makedirs("published/types_struct")


def write(kernel, structs):
    with open(f"published/types_struct/{kernel}.jsonl", "w", encoding="ascii") as file:
        for name, count in structs.items():
            members = [{"name": f"m{i}", "bits_offset": 32 * i, "type": INT} for i in range(count)]
            file.write(json.dumps({"kind": "STRUCT", "name": name, "size": 4 * count, "members": members}) + "\n")


for update in range(int(os.environ["COUNT"])):
    write(f"5.4.{update}-1-generic-amd64", {"grows": update + 1, "stays": 1, "common": 1})
    late = {"late": 1} if update >= 10 else {}
    write(f"5.8.{update}-1-generic-amd64", {"grows": 9, "common": 1, **late})
END
    kstruct 0 -d data import published
    for series in 5.4 5.8; do
        for ((update = 0; update < $1; update++)); do
            echo "$series.$update-1-generic-amd64"
        done
    done >kernels.list
}

test_a_column_is_of_a_series() {
    make_kernels 30
    kstruct 0 -d data -l kernels.list report -o report
    has_text report/Status/g.md '|name|5.4 – 5.4.29|5.8 – 5.8.29|'
    has_text report/Status/g.md '|[`grows`](../Struct/g/grows.md)|✅1 ❓29|✅29 ❓1|'
    has_text report/Status/c.md '|[`common`](../Struct/c/common.md)|✅|✅|'
    has_text report/Status/s.md '|[`stays`](../Struct/s/stays.md)|✅|∘|'
    has_text report/Status/l.md '|[`late`](../Struct/l/late.md)|∘|✅19 ➕1 ∘10|'
    has_text report/Status/g.md '5.4 – 5.4.29 = 30 kernels from `5.4.0-1-generic-amd64` to `5.4.29-1-generic-amd64`; 5.8 – 5.8.29 = 30 kernels from'
    has_text report/Status/g.md 'A column of several kernels has the symbols of all'
    # Programs have no use for that.
    [ "$(head -n 1 report/tables/status.csv | tr , '\n' | wc -l)" = 61 ] || fail 'status.csv is folded'
    # As many as have room are not folded.
    sed -i '/\.2[0-9]-1/d' kernels.list
    kstruct 0 -d data -l kernels.list report -o few
    has few/Status/g.md '^\|name\|5\.4\|5\.4\.1\|5\.4\.2\|.*\|5\.8\.19\|$'
    lacks few/Status/g.md 'A column of several'
}

test_a_page_of_the_site_shows_the_last_layout_of_each_series() {
    make_kernels 50
    kstruct 0 -d data -l kernels.list report --format html -o site
    local page=site/struct/grows.html
    has_text $page 'In 100 of 100 kernels, with 50 different layouts'
    # 5.4.49 has the 50th, all of 5.8 the 9th.
    [ "$(grep -o 'id="layout-[0-9]*"' $page | tr '\n' ' ')" = 'id="layout-9" id="layout-50" ' ] ||
        fail "other layouts are shown: $(grep -o 'id="layout-[0-9]*"' $page)"
    has_text $page 'Of the 50 layouts these are the ones that the last kernel of each series has'
    has_text $page '<td><a href="#layout-50">50</a>'
    has_text $page '<tr><td>3<td class="n">12'
    # Each member has its place on the page, also one of a layout that is not shown.
    [ "$(grep -c '<tr id="field-' $page)" = 50 ] || fail 'members are missing'
    has_text site/struct/common.html 'id="layout-1"'
    # The size goes up with each of 5.4, and is the same in all of 5.8: two points tell that.
    has_text $page '<svg viewBox="0 0 972 60" width="972"'
    [ "$(grep -c '<circle' $page)" = 52 ] || fail "$(grep -c '<circle' $page) points"
    lacks site/struct/common.html 'Of the'
    python3 "$E2E_DIRECTORY/site_links.py" site >links || fail "$(cat links)"
}
