/* SPDX-License-Identifier: MIT */
#include "model/type.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 1024 };

static const char *const kind_words[] = {
#define X(kind, word) [kind] = word,
    TYPE_KINDS(X)
#undef X
};

const char *type_kind_word(enum type_kind kind)
{
    return kind_words[kind];
}

bool type_kind_from_word(const char *word, enum type_kind *kind_ret)
{
    for (size_t kind = 0; kind < ARRAY_LENGTH(kind_words); kind++) {
        if (strcmp(word, kind_words[kind]) == 0) {
            *kind_ret = (enum type_kind)kind;
            return true;
        }
    }
    return false;
}

const struct type *type_unqualified(const struct type *type)
{
    while (type->kind == TYPE_CONST || type->kind == TYPE_VOLATILE || type->kind == TYPE_ATOMIC ||
           type->kind == TYPE_RESTRICT)
        type = type->target;
    return type;
}

const struct type *type_leaf(const struct type *type)
{
    while (type->target)
        type = type->target;
    return type;
}

bool type_leads_through_pointer(const struct type *type)
{
    for (; type->target; type = type->target) {
        if (type->kind == TYPE_PTR || type->kind == TYPE_FUNC_PROTO)
            return true;
    }
    return false;
}

bool type_is_anonymous_aggregate(const struct type *type)
{
    return type_is_aggregate(type) && strcmp(type->name, TYPE_ANONYMOUS) == 0;
}

bool type_is_anonymous_enum(const struct type *type)
{
    return type->kind == TYPE_ENUM && strcmp(type->name, TYPE_ANONYMOUS) == 0;
}

bool type_has_unnamed_members(const struct type *type)
{
    while (type->kind == TYPE_PTR || type->kind == TYPE_CONST || type->kind == TYPE_VOLATILE ||
           type->kind == TYPE_RESTRICT || type->kind == TYPE_ATOMIC || type->kind == TYPE_ARRAY)
        type = type->target;
    return type_is_anonymous_aggregate(type);
}

bool type_is_complete(const struct type *type)
{
    switch (type->kind) {
    case TYPE_VOID: return type->count == 0;
    case TYPE_INT:
    case TYPE_TYPEDEF:
    case TYPE_STRUCT:
    case TYPE_UNION:
    case TYPE_ENUM:
    case TYPE_FWD: return type->name && type->count == 0;
    case TYPE_ARRAY: return type->target && type->count > 0;
    case TYPE_FUNC_PROTO: return type->target != NULL;
    default: return type->target && type->count == 0;
    }
}

uint64_t type_element_count(const struct type *type)
{
    uint64_t product = 1;

    for (uint32_t i = 0; i < type->count; i++) {
        if (type->dimensions[i] == 0)
            return 0;
        if (__builtin_mul_overflow(product, type->dimensions[i], &product))
            product = UINT64_MAX;
    }
    return product;
}

void type_table_init(struct type_table *table)
{
    *table = (struct type_table){.key = hash_key_of_process()};
    arena_init(&table->arena);
}

void type_table_deinit(struct type_table *table)
{
    arena_deinit(&table->arena);
    free(table->types);
    slots_deinit(&table->slots);
    *table = (struct type_table){0};
}

static uint64_t hash_type(const struct type_table *table, const struct type *type)
{
    struct keyed_hash hash;

    keyed_hash_begin(&hash, table->key);
    keyed_hash_add(&hash, (uint64_t)type->count << 32 | (unsigned)type->kind << 1 | type->is_union);
    if (type->name)
        keyed_hash_add(&hash, keyed_hash(table->key, type->name, strlen(type->name)));
    if (type->target)
        keyed_hash_add(&hash, type->target->number);
    for (uint32_t i = 0; i < type->count; i++)
        keyed_hash_add(&hash, type->kind == TYPE_ARRAY ? type->dimensions[i]
                                                       : type->parameters[i]->number);
    return keyed_hash_end(&hash);
}

static bool lists_are_equal(const struct type *a, const struct type *b)
{
    if (a->count == 0)
        return true;
    if (a->kind == TYPE_ARRAY)
        return memcmp(a->dimensions, b->dimensions, a->count * sizeof(*a->dimensions)) == 0;
    return memcmp(a->parameters, b->parameters, a->count * sizeof(*a->parameters)) == 0;
}

static bool types_are_equal(const struct type *a, const struct type *b)
{
    return a->kind == b->kind && a->target == b->target && a->count == b->count &&
           a->is_union == b->is_union && !a->name == !b->name &&
           (!a->name || strcmp(a->name, b->name) == 0) && lists_are_equal(a, b);
}

static void append_parameters(struct buffer *text, const struct type *type)
{
    buffer_append_char(text, '(');
    for (uint32_t i = 0; i < type->count; i++) {
        if (i > 0)
            buffer_append_text(text, ", ");
        buffer_append_text(text, type->parameters[i]->text);
    }
    buffer_append_char(text, ')');
}

static void append_type_text(struct buffer *text, const struct type *type)
{
    switch (type->kind) {
    case TYPE_VOID: buffer_append_text(text, "void"); break;
    case TYPE_INT:
    case TYPE_TYPEDEF: buffer_append_text(text, type->name); break;
    case TYPE_STRUCT: buffer_append_format(text, "struct %s", type->name); break;
    case TYPE_UNION: buffer_append_format(text, "union %s", type->name); break;
    case TYPE_ENUM: buffer_append_format(text, "enum %s", type->name); break;
    case TYPE_FWD:
        buffer_append_format(text, "%s %s", type->is_union ? "union" : "struct", type->name);
        break;
    case TYPE_CONST: buffer_append_format(text, "const %s", type->target->text); break;
    case TYPE_VOLATILE: buffer_append_format(text, "volatile %s", type->target->text); break;
    case TYPE_RESTRICT: buffer_append_format(text, "restrict %s", type->target->text); break;
    case TYPE_ATOMIC: buffer_append_format(text, "_Atomic %s", type->target->text); break;
    case TYPE_PTR:
        buffer_append_text(text, type->target->text);
        /* A function's own text is already that of a pointer to it. */
        if (type->target->kind != TYPE_FUNC_PROTO)
            buffer_append_text(text, " *");
        break;
    case TYPE_ARRAY:
        buffer_append_format(text, "%s[%" PRIu64 "]", type->target->text, type_element_count(type));
        break;
    case TYPE_FUNC_PROTO:
        buffer_append_format(text, "%s (*)", type->target->text);
        append_parameters(text, type);
        break;
    }
}

static struct error *set_text(struct arena *arena, struct type *type)
{
    struct buffer text;

    buffer_init(&text, TYPE_TEXT_MAXIMUM);
    append_type_text(&text, type);
    struct error *error = buffer_check(&text, "a type's text");
    if (!error) {
        type->text = arena_copy_text(arena, buffer_text(&text), text.length);
        if (!type->text)
            error = error_out_of_memory();
    }
    buffer_deinit(&text);
    return error;
}

static struct error *set_depth(struct type *type)
{
    uint32_t deepest = type->target ? type->target->depth : 0;

    for (uint32_t i = 0; type->kind == TYPE_FUNC_PROTO && i < type->count; i++) {
        if (type->parameters[i]->depth > deepest)
            deepest = type->parameters[i]->depth;
    }
    type->depth = deepest + 1;
    if (type->depth > TYPE_DEPTH_MAXIMUM)
        return error_create(ERROR_LIMIT, NULL, "a type is nested more than %d deep",
                            TYPE_DEPTH_MAXIMUM);
    return NULL;
}

static void *copy_list(struct arena *arena, const void *list, uint32_t count, size_t size)
{
    void *copy = arena_allocate(arena, count, size);

    if (copy)
        memcpy(copy, list, count * size);
    return copy;
}

/* A copy that the arena owns, but for the target and parameters, which the table owns already. */
static struct error *copy_type(struct arena *arena, const struct type *type, struct type **copy_ret)
{
    struct type *copy = arena_allocate(arena, 1, sizeof(*copy));

    if (!copy)
        return error_out_of_memory();
    *copy = *type;
    if (type->name && !(copy->name = arena_copy_text(arena, type->name, strlen(type->name))))
        return error_out_of_memory();
    if (type->count > 0 && type->kind == TYPE_ARRAY) {
        copy->dimensions =
            copy_list(arena, type->dimensions, type->count, sizeof(*type->dimensions));
        if (!copy->dimensions)
            return error_out_of_memory();
    } else if (type->count > 0) {
        copy->parameters =
            copy_list(arena, type->parameters, type->count, sizeof(*type->parameters));
        if (!copy->parameters)
            return error_out_of_memory();
    }
    TRY(set_depth(copy));
    TRY(set_text(arena, copy));
    *copy_ret = copy;
    return NULL;
}

static uint64_t hash_of(const void *table, uint32_t number)
{
    return hash_type(table, ((const struct type_table *)table)->types[number]);
}

static struct error *append_type(struct type_table *table, struct type *type)
{
    if (table->count == table->capacity) {
        uint32_t capacity = table->capacity ? table->capacity * 2 : FIRST_CAPACITY;
        struct type **types = reallocarray(table->types, capacity, sizeof(*types));
        if (!types)
            return error_out_of_memory();
        table->types = types;
        table->capacity = capacity;
    }
    type->number = table->count;
    table->types[table->count++] = type;
    return NULL;
}

struct error *type_intern(struct type_table *table, const struct type *type,
                          const struct type **type_ret)
{
    struct slots *slots = &table->slots;

    TRY(slots_reserve(slots, table->count, hash_of, table));
    uint32_t slot = slots_first(slots, hash_type(table, type));
    for (; slots->numbers[slot]; slot = slots_next(slots, slot)) {
        const struct type *candidate = table->types[slots->numbers[slot] - 1];
        if (types_are_equal(candidate, type)) {
            *type_ret = candidate;
            return NULL;
        }
    }

    if (type->name && strnlen(type->name, C_NAME_MAXIMUM + 1) > C_NAME_MAXIMUM)
        return error_create(ERROR_LIMIT, NULL, "a type's name has more than %d bytes",
                            C_NAME_MAXIMUM);
    struct type *copy = NULL;
    TRY(copy_type(&table->arena, type, &copy));
    TRY(append_type(table, copy));
    slots->numbers[slot] = copy->number + 1;
    *type_ret = copy;
    return NULL;
}
