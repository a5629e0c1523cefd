// SPDX-License-Identifier: MIT
// Search in the names of definitions, members and enumerators. The files that it looks into are
// described in report/site/search/search_index.h; each is fetched when it is first needed.
"use strict";
(() => {
    const top = document.currentScript.dataset.top;
    const place = document.getElementById("search");
    const SHOWN = 40;
    const files = new Map();
    let names = null;

    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = "Search:  /";
    input.autocomplete = "off";
    input.spellcheck = false;
    input.setAttribute("aria-label", "Search for a definition, member or enumerator");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", "found");
    input.setAttribute("aria-autocomplete", "list");
    const list = document.createElement("ul");
    list.id = "found";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Found");
    place.append(input, list);

    function fetchLines(name) {
        if (!files.has(name)) {
            const lines = fetch(top + "search/" + name)
                .then((answer) => (answer.ok ? answer.text() : ""))
                .then((text) => text.split("\n").slice(1));
            lines.catch(() => files.delete(name));
            files.set(name, lines);
        }
        return files.get(name);
    }

    async function loadNames() {
        const lines = await fetchLines("names.txt");
        const kinds = [];
        let line = 0;
        for (; lines[line]; line++) {
            const [kind, count] = lines[line].split(" ");
            kinds.push([kind, Number(count)]);
        }
        names = [];
        for (const [kind, count] of kinds) {
            for (let i = 0; i < count; i++) {
                const name = lines[++line];
                names.push({ kind, name, low: name.toLowerCase() });
            }
        }
    }

    function encode(text, isPlain) {
        let encoded = "";
        for (const [i, byte] of [...new TextEncoder().encode(text)].entries()) {
            const character = String.fromCharCode(byte);
            const digits = byte.toString(16).toUpperCase().padStart(2, "0");
            encoded += isPlain(character, i) ? character : "%" + digits;
        }
        return encoded;
    }

    // As report/write/page_path.h says; a % of the file's name is one of the name, too.
    function address(entry, path) {
        const isSafe = (character, i) => /[A-Za-z0-9_-]/.test(character) || (character === "." && i > 0);
        const file = encode(entry.name, isSafe).replace(/%/g, "%25");
        const part = path && encode(path, (character) => /[A-Za-z0-9/._~-]/.test(character));
        return top + entry.kind + "/" + file + ".html" + (part ? "#field-" + part : "");
    }

    // Whole names first, then those that begin with it, then those that have it inside.
    function rank(low, wanted) {
        if (low === wanted) return 0;
        if (low.startsWith(wanted)) return 1;
        return low.includes(wanted) ? 2 : -1;
    }

    function findNames(wanted) {
        const found = [[], [], []];
        for (const entry of names) {
            const order = rank(entry.low, wanted);
            if (order >= 0 && found[order].length < SHOWN) found[order].push({ entry });
        }
        return found.flat();
    }

    function key(text) {
        const characters = text.toLowerCase().replace(/[^a-z0-9_]/g, "-");
        return characters.slice(0, 2).padEnd(2, "-") + ".txt";
    }

    // Members that begin so; of one definition if OWNER is said, and inside of those that MIDDLE
    // names. One character is a whole name.
    async function findParts(wanted, owner, middle) {
        const found = [];
        if (!wanted) return found;
        for (const line of await fetchLines(key(wanted))) {
            const [name, places] = line.split("\t");
            if (!places || !name.toLowerCase().startsWith(wanted)) continue;
            for (const place of places.split(" ")) {
                const [number, path = name] = place.split(":");
                const entry = names[parseInt(number, 36)];
                if (!entry || (owner && entry.low !== owner)) continue;
                if (middle && !path.toLowerCase().startsWith(middle)) continue;
                found.push({ entry, part: path });
                if (found.length >= SHOWN) return found;
            }
        }
        return found;
    }

    async function find(text) {
        const wanted = text.toLowerCase().replace(/^(struct|union|enum|typedef)\s+/, "");
        if (!names) await loadNames();
        const pieces = wanted.split(/\.|->/);
        if (pieces.length > 1) return findParts(pieces.pop(), pieces.shift(), pieces.join("."));
        return findNames(wanted).concat(await findParts(wanted)).slice(0, SHOWN);
    }

    function select(item) {
        for (const other of list.children) other.setAttribute("aria-selected", other === item);
        if (item) {
            input.setAttribute("aria-activedescendant", item.id);
            item.scrollIntoView({ block: "nearest" });
        } else {
            input.removeAttribute("aria-activedescendant");
        }
    }

    let latest = 0;

    // What is still looked for is not shown any more.
    function close() {
        latest++;
        list.hidden = true;
        input.setAttribute("aria-expanded", "false");
        select(null);
    }

    function show(found) {
        list.replaceChildren();
        for (const [i, { entry, part }] of found.entries()) {
            const item = document.createElement("li");
            item.id = "found-" + i;
            item.setAttribute("role", "option");
            item.dataset.address = address(entry, part);
            const kind = document.createElement("small");
            kind.textContent = entry.kind + " ";
            item.append(kind, part ? entry.name + "." + part : entry.name);
            list.append(item);
        }
        if (found.length === 0) {
            const item = document.createElement("li");
            item.className = "note";
            item.setAttribute("role", "option");
            item.setAttribute("aria-disabled", "true");
            item.textContent = "nothing of that name";
            list.append(item);
        }
        list.hidden = false;
        input.setAttribute("aria-expanded", "true");
        select(found.length > 0 ? list.firstChild : null);
    }

    input.addEventListener("input", async () => {
        const number = ++latest;
        select(null);
        const text = input.value.trim();
        if (!text) return close();
        let found;
        try {
            found = await find(text);
        } catch {
            found = [];
        }
        if (number === latest) show(found);
    });

    function go(item) {
        if (item && item.dataset.address) {
            close();
            location.href = item.dataset.address;
        }
    }

    input.addEventListener("keydown", (event) => {
        const selected = list.querySelector("[aria-selected=true]");
        if (event.key === "Escape") {
            close();
        } else if (event.key === "Enter") {
            event.preventDefault();
            go(selected);
        } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            const next = event.key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling";
            if (selected && selected[next]) select(selected[next]);
        }
    });
    list.addEventListener("mousedown", (event) => {
        event.preventDefault();
        go(event.target.closest("li"));
    });
    input.addEventListener("blur", close);
    document.addEventListener("keydown", (event) => {
        if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
        if (/^(input|textarea|select)$/i.test(event.target.tagName)) return;
        event.preventDefault();
        input.focus();
    });
})();
