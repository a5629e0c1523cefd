// SPDX-License-Identifier: MIT
// Looks up names of definitions, members and enumerators in the files that
// report/site/search/search_index.h describes; each is fetched when it is first needed.
"use strict";
const findNames = (() => {
    const SHOWN = 40;
    const files = new Map();
    let names = null;
    let directory = "";

    function fetchLines(name) {
        if (!files.has(name)) {
            const lines = fetch(directory + name)
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
        return entry.kind + "/" + file + ".html" + (part ? "#field-" + part : "");
    }

    // Whole names first, then those that begin with it, then those that have it inside.
    function rank(low, wanted) {
        if (low === wanted) return 0;
        if (low.startsWith(wanted)) return 1;
        return low.includes(wanted) ? 2 : -1;
    }

    function findDefinitions(wanted) {
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
        const wanted = text.toLowerCase().replace(/^(struct|union|enum|typedef|int)\s+/, "");
        if (!names) await loadNames();
        const pieces = wanted.split(/\.|->/);
        if (pieces.length > 1) return findParts(pieces.pop(), pieces.shift(), pieces.join("."));
        return findDefinitions(wanted).concat(await findParts(wanted)).slice(0, SHOWN);
    }

    return async (text, top) => {
        directory = top + "search/";
        const found = await find(text);
        return found.map(({ entry, part }) => ({
            kind: entry.kind,
            name: entry.name,
            path: part || null,
            address: address(entry, part),
        }));
    };
})();
