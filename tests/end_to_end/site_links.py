#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads all pages of a site: each link must lead to a file of it and, with a fragment, to an id there;
no page has an id twice; no page refers to another server. Prints what is wrong, and how many links
it followed. Exits with 1 if anything is."""
import html.parser
import os
import sys
import urllib.parse


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.links, self.twice = set(), [], []

    def handle_starttag(self, tag, attrs):
        for key, value in attrs:
            if key == "id":
                if value in self.ids:
                    self.twice.append(value)
                self.ids.add(value)
            elif key in ("href", "src"):
                self.links.append(value)


def read(path):
    page = Page()
    with open(path, encoding="utf-8") as file:
        page.feed(file.read())
    return page


def main(top):
    pages, count, wrong = {}, 0, []
    for folder, _folders, files in os.walk(top):
        for name in files:
            if name.endswith(".html"):
                path = os.path.join(folder, name)
                pages[os.path.realpath(path)] = read(path)
    for path, page in pages.items():
        wrong += ["%s: id %s twice" % (path, text) for text in page.twice]
        for link in page.links:
            parts = urllib.parse.urlsplit(link)
            count += 1
            if parts.scheme or parts.netloc:
                wrong.append("%s: leads to another server: %s" % (path, link))
                continue
            target = os.path.realpath(
                os.path.join(os.path.dirname(path), urllib.parse.unquote(parts.path))
            ) if parts.path else path
            if not os.path.isfile(target):
                wrong.append("%s: leads nowhere: %s" % (path, link))
            elif parts.fragment and parts.fragment not in pages[target].ids:
                wrong.append("%s: no such place: %s" % (path, link))
    for text in wrong[:50]:
        print(text)
    print("%d pages, %d links, %d wrong" % (len(pages), count, len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
