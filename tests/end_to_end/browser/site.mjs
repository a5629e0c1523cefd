// SPDX-License-Identifier: MIT
// Reads a site in a real browser, as people do: by keyboard and pointer, on a small and a wide screen,
// dark and light, without JavaScript, and by the rules of axe-core.
// With `live`, it is one of `kstruct serve`.
// usage: node site.mjs MODULES CHROMIUM URL [live]
import { createRequire } from "node:module";

const [modules, chromiumPath, site, live] = process.argv.slice(2);
const require = createRequire(modules + "/");
const { chromium } = require("playwright-core");
const axe = require.resolve("axe-core/axe.min.js");

const pages = {
    front: "index.html",
    struct: "struct/device.html",
    enum: "enum/color.html",
    typedef: "typedef/notify_t.html",
    kernel: "kernel/5.4.0-26-generic-amd64.html",
    pair: "pair/5.3.0-18-generic-amd64..5.4.0-26-generic-amd64.html",
    names: "names/index.html",
    letter: "names/d.html",
    changes: "changes.html",
    ...(live && { search: "search.html?q=dev", pairBack: "pair/5.4.0-26-generic-amd64..5.3.0-18-generic-amd64.html" }),
};

let failures = 0;
function check(condition, text) {
    if (condition) return;
    failures++;
    console.log("FAILED: " + text);
}

const browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });

async function open(options, path) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.on("pageerror", (error) => check(false, `${path}: ${error}`));
    // A file of the search that is not there says that nothing begins so.
    page.on("console", (message) =>
        check(
            message.type() !== "error" || message.location().url.includes("/search/"),
            `${path}: ${message.text()}`,
        ),
    );
    page.on("request", (request) =>
        check(request.url().startsWith(site), `${path} asks for ${request.url()}`),
    );
    await page.goto(site + path);
    return page;
}

async function search(page, text) {
    await page.keyboard.press("/");
    await page.locator("#search input").fill("");
    await page.keyboard.type(text);
    // Not what was found for the beginning of the text.
    await page.waitForFunction(
        (wanted) => {
            const list = document.getElementById("found");
            return !list.hidden && list.dataset.text === wanted;
        },
        text,
    );
    return page.locator("#search li").allTextContents();
}

async function searchByKeyboard() {
    const page = await open({}, pages.front);
    const members = await search(page, "device.na");
    check(members[0] === "struct device.name", `device.na finds ${members}`);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/struct/device.html#field-name");
    await page.getByRole("link", { name: "lock", exact: true }).first().click();
    await page.waitForURL("**/struct/lock.html");
    await page.goBack();
    check(page.url().endsWith("#field-name"), "the way back leads to " + page.url());
    // Inside of names, and by the arrows.
    const names = await search(page, "ol");
    check(names.includes("struct holder") && names.includes("enum color"), `ol finds ${names}`);
    const place = names.indexOf("struct holder");
    for (let i = 0; i < place; i++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/struct/holder.html");
    const enumerators = await search(page, "blue");
    check(enumerators.includes("enum color.BLUE"), `blue finds ${enumerators}`);
    await page.keyboard.press("Escape");
    const nested = await search(page, "device.header.len");
    check(nested[0] === "struct device.header.length", `device.header.len finds ${nested}`);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/struct/device.html#field-header.length");
    check((await page.locator("tr:target").count()) === 1, "no place of header.length");
    check((await search(page, "x"))[0] === "struct device.header.x", "x is not found");
    await page.keyboard.press("Escape");
    check(!(await page.locator("#found").isVisible()), "Escape leaves the list open");
    const nothing = await search(page, "zzzz");
    check(nothing[0].startsWith("nothing"), `zzzz finds ${nothing}`);
    await page.context().close();
}

async function compareTwoKernels() {
    const page = await open({}, pages.front);
    await page.locator("table a").first().click();
    await page.waitForURL("**/pair/*");
    await page.getByRole("link", { name: "device", exact: true }).first().click();
    await page.waitForURL("**/struct/device.html");
    check(await page.getByText("5.3.0-18-generic-amd64 → 5.4.0-26-generic-amd64").isVisible(), "no pair");
    await page.context().close();
}

async function askServer() {
    const page = await open({ javaScriptEnabled: false }, pages.front);
    await page.getByLabel("Compare").selectOption("5.4.0-26-generic-amd64");
    await page.getByLabel("with").selectOption("5.3.0-18-generic-amd64");
    await page.getByRole("button", { name: "Compare" }).click();
    await page.waitForURL("**/pair/5.4.0-26-generic-amd64..5.3.0-18-generic-amd64.html");
    await page.goBack();
    await page.getByLabel("Name or part of one:").fill("device.header.x");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("link", { name: "device.header.x" }).click();
    await page.waitForURL("**/struct/device.html#field-header.x");
    await page.context().close();
}

async function chooseWhatIsShown() {
    const page = await open({ javaScriptEnabled: false }, pages.pair);
    const added = page.getByRole("link", { name: "arrived", exact: true });
    const color = page.getByRole("link", { name: "enum color" });
    check((await added.isVisible()) && (await color.isVisible()), "not all is shown at first");
    await page.getByLabel("Added: 1").uncheck();
    check(!(await added.isVisible()), "what was added is shown unasked");
    await page.getByLabel("enums: 1").uncheck();
    check(!(await color.isVisible()), "enums are shown unasked");
    await page.getByLabel("Added: 1").check();
    check(await added.isVisible(), "what was added stays away");
    await page.context().close();
}

async function readWithoutScript() {
    for (const [sort, path] of Object.entries(pages)) {
        const page = await open({ javaScriptEnabled: false }, path);
        check(await page.locator("h1").isVisible(), `${sort} has no heading without JavaScript`);
        check((await page.locator("main a, main code").count()) > 0, `${sort} says nothing`);
        await page.context().close();
    }
}

async function readEverywhere() {
    for (const [sort, path] of Object.entries(pages)) {
        for (const width of [360, 1600]) {
            for (const colorScheme of ["light", "dark"]) {
                const viewport = { width, height: 900 };
                // axe-core is no part of the page, and its policy would not let it in.
                const page = await open({ viewport, colorScheme, bypassCSP: true }, path);
                const wide = await page.evaluate(
                    () => document.documentElement.scrollWidth > window.innerWidth,
                );
                check(!wide, `${sort} scrolls sideways at ${width}`);
                await page.addScriptTag({ path: axe });
                const found = await page.evaluate(() => axe.run());
                for (const violation of found.violations)
                    check(false, `${sort}, ${width}, ${colorScheme}: ${violation.id}: ` +
                        `${violation.help}: ${violation.nodes[0].html}`);
                await page.context().close();
            }
        }
    }
}

await searchByKeyboard();
await compareTwoKernels();
await chooseWhatIsShown();
if (live) await askServer();
await readWithoutScript();
await readEverywhere();
await browser.close();
console.log(failures === 0 ? "the site is fine" : `${failures} failures`);
process.exit(failures === 0 ? 0 : 1);
