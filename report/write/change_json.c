/* SPDX-License-Identifier: MIT */
#include "report/write/change_json.h"

#include "report/write/c/declarator.h"

struct error *change_json_set_member(struct json_document *document, json_t *object,
                                     const struct layout *layout,
                                     const struct layout_member *member, struct buffer *scratch)
{
    buffer_clear(scratch);
    TRY(declaration_append(scratch, member->type, member->name, DECLARATOR_ZERO_LENGTH));
    TRY(buffer_check(scratch, member->name));
    json_value_set(document, object, "type", json_value_text(type_text(member->type)));
    json_value_set(document, object, "declaration", json_value_text(buffer_text(scratch)));
    json_value_set(document, object, "bit_offset",
                   json_value_number_or_null(layout_has_places(layout), member->bit_offset));
    json_value_set(document, object, "byte_size",
                   json_value_number_or_null(!layout->lacks_member_sizes, member->byte_size));
    json_value_set(document, object, "bitfield_size",
                   json_value_number_or_null(member->bitfield_size > 0, member->bitfield_size));
    return NULL;
}

void change_json_set_kinds(struct json_document *document, json_t *object, unsigned kinds)
{
    json_t *keys = json_value_set_array(document, object, "changes");

    for (size_t i = 0; i < CHANGE_KIND_COUNT; i++) {
        if (kinds & change_kind_texts[i].kind)
            json_value_add(document, keys, json_string(change_kind_texts[i].key));
    }
}

/* A member on one side, or null. */
static struct error *set_side(struct json_document *document, json_t *change, const char *key,
                              const struct layout *layout, const struct member_path *path,
                              struct buffer *scratch)
{
    if (!path) {
        json_value_set(document, change, key, json_null());
        return NULL;
    }
    json_t *side = json_value_set_object(document, change, key);
    json_value_set(document, side, "path", json_value_text(path->path));
    if (path->kind == PATH_ENUMERATOR) {
        json_value_set(document, side, "value", json_value_enumerator(path->enumerator));
        return NULL;
    }
    TRY(change_json_set_member(document, side, layout, path->member, scratch));
    if (path->kind == PATH_TYPE) {
        json_value_set(document, side, "bit_offset", json_null());
        json_value_set(document, side, "byte_size", json_null());
    }
    json_t *nesting = json_value_set_array(document, side, "nesting");
    for (const char *letter = path->nesting; *letter; letter++)
        json_value_add(document, nesting, json_string(*letter == 'u' ? "union" : "struct"));
    return NULL;
}

static void set_hint(struct json_document *document, json_t *object,
                     const struct member_change *change)
{
    if (change->hint == HINT_NONE) {
        json_value_set(document, object, "hint", json_null());
        return;
    }
    json_t *hint = json_value_set_object(document, object, "hint");
    json_value_set(document, hint, "kind", json_string(change_hint_key(change->hint)));
    json_value_set(document, hint, "path", json_value_text(change->hint_path));
    json_value_set(document, hint, "struct",
                   change->hint_struct ? json_value_text(change->hint_struct) : json_null());
}

struct error *change_json_set_members(struct json_document *document, json_t *object,
                                      const char *key, const struct layout_comparison *comparison,
                                      struct buffer *scratch)
{
    json_t *list = json_value_set_array(document, object, key);

    for (uint32_t i = 0; i < comparison->change_count; i++) {
        const struct member_change *change = &comparison->changes[i];
        json_t *item = json_value_add_object(document, list);
        change_json_set_kinds(document, item, change->kinds);
        TRY(set_side(document, item, "before", comparison->before, change->before, scratch));
        TRY(set_side(document, item, "after", comparison->after, change->after, scratch));
        set_hint(document, item, change);
    }
    return NULL;
}
