// SPDX-License-Identifier: MIT
// Asks the server that the page came from.
"use strict";
const findNames = async (text, top) => {
    const answer = await fetch(top + "api/v2/search?q=" + encodeURIComponent(text));
    return answer.ok ? (await answer.json()).found : [];
};
