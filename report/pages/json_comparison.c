/* SPDX-License-Identifier: MIT */
#include "report/pages/json_comparison.h"

#include "report/pages/json_layout.h"

/* Readers rely on these, whatever becomes of the words for people. */
static const struct {
    unsigned kind;
    const char *word;
} change_words[] = {
    {CHANGE_ADDED_AT_END, "added_at_the_end"},
    {CHANGE_INSERTED, "inserted"},
    {CHANGE_REMOVED, "removed"},
    {CHANGE_MOVED, "moved"},
    {CHANGE_RESIZED, "resized"},
    {CHANGE_WIDTH, "width_changed"},
    {CHANGE_TYPE, "type_changed"},
    {CHANGE_NESTING, "nesting_changed"},
    {CHANGE_ORDER, "reordered"},
    {CHANGE_STRUCT_SIZE, "size_changed"},
};

static void set_words(struct json_document *document, json_t *object, unsigned kinds)
{
    json_t *words = json_value_set_array(document, object, "changes");

    for (size_t i = 0; i < ARRAY_LENGTH(change_words); i++) {
        if (kinds & change_words[i].kind)
            json_value_add(document, words, json_string(change_words[i].word));
    }
}

/* A member on one side, or null. */
static void set_side(struct json_document *document, json_t *change, const char *key,
                     const struct layout *layout, const struct member_path *path,
                     struct buffer *scratch)
{
    if (!path) {
        json_value_set(document, change, key, json_null());
        return;
    }
    json_t *side = json_value_set_object(document, change, key);
    json_value_set(document, side, "path", json_value_text(path->path));
    json_member_set(document, side, layout, path->member, scratch);
    json_t *nesting = json_value_set_array(document, side, "nesting");
    for (const char *letter = path->nesting; *letter; letter++)
        json_value_add(document, nesting, json_string(*letter == 'u' ? "union" : "struct"));
}

static void set_hint(struct json_document *document, json_t *object,
                     const struct member_change *change)
{
    static const char *const words[] = {
        [HINT_RENAMED] = "renamed",
        [HINT_RENESTED] = "renested",
        [HINT_EMBEDDED] = "embedded",
    };

    if (change->hint == HINT_NONE) {
        json_value_set(document, object, "hint", json_null());
        return;
    }
    json_t *hint = json_value_set_object(document, object, "hint");
    json_value_set(document, hint, "guess", json_string(words[change->hint]));
    json_value_set(document, hint, "path", json_value_text(change->hint_path));
    json_value_set(document, hint, "struct",
                   change->hint_struct ? json_value_text(change->hint_struct) : json_null());
}

void json_comparison_set(struct json_document *document, json_t *object,
                         const struct layout_comparison *comparison, struct buffer *scratch)
{
    set_words(document, object, comparison->kinds);
    json_t *list = json_value_set_array(document, object, "member_changes");
    for (uint32_t i = 0; i < comparison->change_count; i++) {
        const struct member_change *change = &comparison->changes[i];
        json_t *item = json_value_add_object(document, list);
        set_words(document, item, change->kinds);
        set_side(document, item, "before", comparison->before, change->before, scratch);
        set_side(document, item, "after", comparison->after, change->after, scratch);
        set_hint(document, item, change);
    }
}
