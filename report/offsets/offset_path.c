/* SPDX-License-Identifier: MIT */
#include "report/offsets/offset_path.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/capped.h"
#include "base/text/counted.h"
#include "report/compare/members/member_paths.h"

#define NO_SUCH_FIELD "no such field"
#define NOT_RECORDED "what is in a struct or union without a name is not recorded"

/* Looks in the whole struct, not in a member that has members inside. */
#define WHOLE_STRUCT UINT32_MAX

struct walk {
    const struct scope *scope;
    struct arena *arena;
    const char *path;
    size_t next; /* byte of the path */
    const struct layout *layout;
    size_t layout_start; /* the byte of the path at which the layout was entered */
    uint32_t container;  /* index of the member to look in, or WHOLE_STRUCT */
    bool has_base;       /* is BASE_BITS known? */
    uint64_t base_bits;  /* what is to be added to the layout's own offsets */
    struct offset_place place;
    bool has_ended;
};

/* What a name and the indexes after it lead to. */
struct element {
    uint32_t index; /* of the member */
    const char *name;
    int name_length;
    const struct type *type;
    const struct layout *named_by; /* as scope_resolve() has it, of an array's elements */
    bool has_byte_size;
    uint64_t byte_size;
};

static struct offset_place place_of_member(const struct layout *layout,
                                           const struct layout_member *member)
{
    bool has_byte_size = !layout->lacks_member_sizes;

    return (struct offset_place){
        .status = OFFSET_FOUND,
        .has_bit_offset = layout_has_places(layout),
        .bit_offset = member->bit_offset,
        .has_byte_size = has_byte_size,
        .byte_size = has_byte_size ? member->byte_size : 0,
        .bitfield_size = member->bitfield_size,
        .type = member->type,
    };
}

struct offset_place offset_place_of(const struct layout *layout, const struct member_path *path)
{
    if (path->kind == PATH_ENUMERATOR)
        return (struct offset_place){.status = OFFSET_FOUND, .enumerator = path->enumerator};
    return place_of_member(layout, path->member);
}

struct offset_place offset_place_of_whole(const struct scope *scope, const struct layout *layout)
{
    struct offset_place place = {
        .status = OFFSET_FOUND,
        .has_byte_size = layout_has_byte_size(layout),
        .byte_size = layout->byte_size,
        .stands_for = layout->type,
    };

    if (layout->type && !place.has_byte_size)
        place.has_byte_size = scope_byte_size(scope, layout->type, &place.byte_size);
    return place;
}

struct offset_place offset_place_without_definition(const struct history *history, size_t kernel,
                                                    enum definition_kind kind)
{
    bool lacks_modules = history_lacks_modules(history, kernel);

    return (struct offset_place){
        .status = OFFSET_NO_DEFINITION,
        .reason = lacks_modules ? "not in vmlinux" : definition_kind_texts[kind].absence,
        .lacks_modules = lacks_modules,
        .kind = kind,
    };
}

/* Foreign data names a qualified struct or union without a name "(anon)", and does not tell what is
 * in it. */
static bool has_hidden_members(const struct layout *layout)
{
    if (layout->type && !layout_tells_what_it_is(layout))
        return true;
    for (uint32_t i = 0; layout->lacks_member_sizes && i < layout->member_count; i++) {
        const struct layout_member *member = &layout->members[i];
        if (layout_member_is_unnamed(member) && !layout_member_is_dissolved(member))
            return true;
    }
    return false;
}

struct offset_place offset_place_without_field(const struct layout *layout, const char *path)
{
    bool is_unknown = has_hidden_members(layout);

    return (struct offset_place){
        .status = is_unknown ? OFFSET_UNKNOWN : OFFSET_NO_FIELD,
        .reason = is_unknown ? NOT_RECORDED : NO_SUCH_FIELD,
        .kind = layout->kind,
        .definition_name = layout->name,
        .path_end = strlen(path),
    };
}

/* Ends the search without success; the place's end of the path is set already. */
PRINTF_LIKE(3, 4)
static struct error *end_search(struct walk *walk, enum offset_status status, const char *format,
                                ...)
{
    va_list arguments;
    char *reason = NULL;

    va_start(arguments, format);
    int length = vasprintf(&reason, format, arguments);
    va_end(arguments);
    if (length < 0)
        return error_out_of_memory();
    walk->has_ended = true;
    walk->place.status = status;
    walk->place.reason = arena_copy_text(walk->arena, reason, (size_t)length);
    walk->place.kind = walk->layout->kind;
    walk->place.definition_name = walk->layout->name;
    walk->place.path_start = walk->layout_start;
    free(reason);
    return walk->place.reason ? NULL : error_out_of_memory();
}

static uint32_t find_member(const struct layout *layout, uint32_t container, const char *name,
                            size_t length)
{
    bool is_whole = container == WHOLE_STRUCT;
    uint32_t end = is_whole ? layout->member_count : layout_member_end(layout, container);

    for (uint32_t i = is_whole ? 0 : container + 1; i < end;) {
        if (member_is_transparent(layout, i)) {
            i++;
            continue;
        }
        const char *found = layout->members[i].name;
        if (strncmp(found, name, length) == 0 && found[length] == '\0')
            return i;
        i = layout_member_end(layout, i);
    }
    return MEMBER_PATH_NONE;
}

static struct error *end_without_field(struct walk *walk)
{
    if (walk->container != WHOLE_STRUCT)
        return end_search(walk, OFFSET_NO_FIELD, NO_SUCH_FIELD " in `%s`",
                          walk->layout->members[walk->container].name);
    if (has_hidden_members(walk->layout))
        return end_search(walk, OFFSET_UNKNOWN, NOT_RECORDED);
    if (walk->layout->kind == DEFINITION_ENUM)
        return end_search(walk, OFFSET_NO_FIELD, "no such enumerator");
    if (walk->layout_start > 0)
        return end_search(walk, OFFSET_NO_FIELD, NO_SUCH_FIELD " in %s%s",
                          definition_kind_texts[walk->layout->kind].prefix, walk->layout->name);
    return end_search(walk, OFFSET_NO_FIELD, NO_SUCH_FIELD);
}

/* "[12]" at the path's next byte. False if it is something else. */
static bool read_index(struct walk *walk, uint64_t *index_ret)
{
    const char *start = walk->path + walk->next;
    char *end;

    if (start[0] != '[' || !isdigit((unsigned char)start[1]))
        return false;
    /* One that 64 bits cannot hold becomes the largest: no array has so many, either. */
    *index_ret = strtoull(start + 1, &end, 10);
    if (*end != ']')
        return false;
    walk->next += (size_t)(end + 1 - start);
    return true;
}

/* Takes the size of one element of ARRAY, which ELEMENT is so far. */
static void enter_element(const struct walk *walk, const struct type *array,
                          struct element *element)
{
    uint64_t count = type_element_count(array);

    if (scope_byte_size(walk->scope, array->target, &element->byte_size)) {
        element->has_byte_size = true;
    } else {
        element->has_byte_size = element->has_byte_size && count > 0;
        element->byte_size = element->has_byte_size ? element->byte_size / count : 0;
    }
    element->type = array->target;
}

/* The indexes of one array, of all its dimensions. */
static struct error *take_indexes(struct walk *walk, struct element *element)
{
    const struct resolved_type resolved = scope_resolve(walk->scope, element->type);
    const struct type *array = resolved.type;
    uint64_t number = 0;

    element->named_by = resolved.named_by;
    if (array->kind != TYPE_ARRAY)
        return end_search(walk, OFFSET_NO_ELEMENT, "`%.*s` is no array", element->name_length,
                          element->name);
    for (uint32_t i = 0; i < array->count; i++) {
        uint64_t index;
        if (!read_index(walk, &index))
            return end_search(
                walk, OFFSET_NOT_FOLLOWED, "`%.*s` has %" PRIu32 " %s; say which element in each",
                element->name_length, element->name, COUNTED(array->count, "dimension"));
        if (index >= array->dimensions[i] && (i > 0 || array->dimensions[i] > 0))
            return end_search(walk, OFFSET_NO_ELEMENT, "`%.*s` has only %" PRIu64 " %s",
                              element->name_length, element->name,
                              COUNTED(array->dimensions[i], "element"));
        number = add_capped(multiply_capped(number, array->dimensions[i]), index);
    }
    enter_element(walk, array, element);
    walk->has_base = walk->has_base && (number == 0 || element->has_byte_size);
    if (number > 0)
        walk->base_bits =
            add_capped(walk->base_bits,
                       multiply_capped(multiply_capped(number, element->byte_size), BITS_PER_BYTE));
    return NULL;
}

static struct error *refuse_pointer(struct walk *walk, const struct element *element,
                                    const struct type *pointer)
{
    const struct type *target = type_unqualified(pointer->target);

    if (target->kind == TYPE_STRUCT && strcmp(target->name, TYPE_ANONYMOUS) != 0)
        return end_search(
            walk, OFFSET_NOT_FOLLOWED, "`%.*s` is a pointer, which is not followed; ask for %s%s",
            element->name_length, element->name, target->name, walk->path + walk->next);
    return end_search(walk, OFFSET_NOT_FOLLOWED, "`%.*s` is a pointer, which is not followed",
                      element->name_length, element->name);
}

/* Has the next name looked for in LAYOUT, which begins where the member ELEMENT does. */
static void enter_layout(struct walk *walk, const struct element *element,
                         const struct layout *layout)
{
    walk->base_bits = add_capped(walk->base_bits, walk->layout->members[element->index].bit_offset);
    walk->has_base = walk->has_base && layout_has_places(walk->layout);
    walk->layout = layout;
    walk->layout_start = walk->next + 1;
    walk->container = WHOLE_STRUCT;
}

/* Has the next name looked for in what ELEMENT is. */
static struct error *enter(struct walk *walk, const struct element *element)
{
    const struct resolved_type resolved = scope_resolve(walk->scope, element->type);

    switch (resolved.type->kind) {
    case TYPE_PTR: return refuse_pointer(walk, element, resolved.type);
    case TYPE_ARRAY:
        return end_search(walk, OFFSET_NOT_FOLLOWED,
                          "`%.*s` is an array; say which element, as in %.*s[0]",
                          element->name_length, element->name, element->name_length, element->name);
    case TYPE_VOID:
    case TYPE_INT:
    case TYPE_ENUM:
    case TYPE_FUNC_PROTO:
        return end_search(walk, OFFSET_NO_FIELD, "`%.*s` has no members", element->name_length,
                          element->name);
    default: break;
    }
    if (layout_member_end(walk->layout, element->index) > element->index + 1) {
        walk->container = element->index;
        return NULL;
    }
    const struct layout *layout = resolved.named_by   ? resolved.named_by
                                  : element->named_by ? element->named_by
                                                      : scope_find_type(walk->scope, resolved.type);
    if (!layout)
        return end_search(walk, OFFSET_UNKNOWN, "what is in `%.*s` (%s) is not recorded",
                          element->name_length, element->name, type_text(element->type));
    enter_layout(walk, element, layout);
    return NULL;
}

static void end_with_success(struct walk *walk, const struct element *element)
{
    const struct layout_member *member = &walk->layout->members[element->index];

    walk->place = (struct offset_place){
        .status = OFFSET_FOUND,
        .has_bit_offset = walk->has_base && layout_has_places(walk->layout),
        .bit_offset = add_capped(walk->base_bits, member->bit_offset),
        .has_byte_size = element->has_byte_size,
        .byte_size = element->byte_size,
        .bitfield_size = member->bitfield_size,
        .type = element->type,
    };
    walk->has_ended = true;
}

/* The path of an enum is the name of an enumerator. */
static struct error *take_enumerator(struct walk *walk)
{
    const struct layout *layout = walk->layout;
    const char *name = walk->path + walk->next;

    walk->place.path_end = walk->next + strcspn(name, ".[");
    for (uint32_t i = 0; i < layout->enumerator_count; i++) {
        if (strcmp(layout->enumerators[i].name, name) != 0)
            continue;
        walk->place =
            (struct offset_place){.status = OFFSET_FOUND, .enumerator = &layout->enumerators[i]};
        walk->has_ended = true;
        return NULL;
    }
    return end_search(walk, OFFSET_NO_FIELD, "no such enumerator");
}

/* One name of the path, with the indexes after it. */
static struct error *take_name(struct walk *walk)
{
    struct element element = {.name = walk->path + walk->next};
    size_t length = strcspn(element.name, ".[");

    walk->next += length;
    walk->place.path_end = walk->next;
    element.name_length = (int)length;
    element.index = find_member(walk->layout, walk->container, element.name, length);
    if (element.index == MEMBER_PATH_NONE)
        return end_without_field(walk);
    const struct offset_place place =
        place_of_member(walk->layout, &walk->layout->members[element.index]);
    element.type = place.type;
    element.has_byte_size = place.has_byte_size;
    element.byte_size = place.byte_size;
    while (walk->path[walk->next] == '[' && !walk->has_ended)
        TRY(take_indexes(walk, &element));
    if (walk->has_ended)
        return NULL;
    if (walk->path[walk->next] == '\0') {
        end_with_success(walk, &element);
        return NULL;
    }
    if (walk->path[walk->next] != '.')
        return end_without_field(walk);
    TRY(enter(walk, &element));
    walk->next++;
    return NULL;
}

/* What has the members that people ask LAYOUT for: itself, or what a typedef stands for. */
static const struct layout *layout_with_members(const struct scope *scope,
                                                const struct layout *layout)
{
    if (!layout || layout->kind != DEFINITION_TYPEDEF ||
        layout->member_count + layout->enumerator_count > 0)
        return layout;
    const struct layout *found = scope_find_type(scope, layout->type);
    return found ? found : layout;
}

struct error *offset_path_resolve(const struct scope *scope, enum definition_kind kind,
                                  const char *name, const char *path, struct arena *arena,
                                  struct offset_place *place_ret)
{
    const struct history_definition *entry = history_find(scope->history, kind, name);
    const struct scope seen = scope_of_definition(scope->history, scope->kernel, entry);
    const struct layout *layout = entry ? entry->layouts[scope->kernel] : NULL;
    struct walk walk = {
        .scope = &seen,
        .arena = arena,
        .path = path,
        .layout = layout_with_members(&seen, layout),
        .container = WHOLE_STRUCT,
        .has_base = true,
    };

    if (!walk.layout) {
        *place_ret = offset_place_without_definition(scope->history, scope->kernel, kind);
        return NULL;
    }
    while (!walk.has_ended)
        TRY(walk.layout->enumerator_count > 0 ? take_enumerator(&walk) : take_name(&walk));
    *place_ret = walk.place;
    return NULL;
}
