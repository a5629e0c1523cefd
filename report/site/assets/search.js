// The search's field and what it shows. findNames(text, top) is what comes before this file: it
// promises a list of {kind, name, path, address}, of which PATH may be null.
(() => {
    const top = document.currentScript.dataset.top;
    const place = document.getElementById("search");
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

    // The list says for which text it is.
    function show(text, found) {
        list.replaceChildren();
        list.dataset.text = text;
        for (const [i, { kind, name, path, address }] of found.entries()) {
            const item = document.createElement("li");
            item.id = "found-" + i;
            item.setAttribute("role", "option");
            item.dataset.address = top + address;
            const word = document.createElement("small");
            word.textContent = kind + " ";
            item.append(word, path ? name + "." + path : name);
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
            found = await findNames(text, top);
        } catch {
            found = [];
        }
        if (number === latest) show(text, found);
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
