/* SPDX-License-Identifier: MIT */
#include "report/write/c/declarator.h"

#include <inttypes.h>
#include <string.h>

#include "model/text/escape.h"

/* A declarator's types from the name to the leaf, without the leaf. */
struct chain {
    const struct type *types[DECLARATOR_DEPTH_MAXIMUM];
    size_t count;
};

static struct error *append_at_depth(struct buffer *out, const struct type *type, const char *name,
                                     enum declarator_zero_dimension zero, unsigned depth);

static const char *qualifier_word(enum type_kind kind)
{
    switch (kind) {
    case TYPE_CONST: return "const";
    case TYPE_VOLATILE: return "volatile";
    case TYPE_RESTRICT: return "restrict";
    case TYPE_ATOMIC: return "_Atomic";
    default: return NULL;
    }
}

static bool is_derived(const struct type *type)
{
    return type->kind == TYPE_PTR || type->kind == TYPE_ARRAY || type->kind == TYPE_FUNC_PROTO ||
           qualifier_word(type->kind);
}

/* The outermost type from which on only qualifiers and arrays follow: they qualify the leaf, as an
 * array's qualifiers are those of its elements. */
static const struct type *leaf_with_qualifiers(const struct type *type)
{
    const struct type *result = type;

    for (; is_derived(type); type = type->target) {
        if (type->kind == TYPE_PTR || type->kind == TYPE_FUNC_PROTO)
            result = type->target;
    }
    return result;
}

void declarator_append_leaf_qualifiers(struct buffer *out, const struct type *type)
{
    for (type = leaf_with_qualifiers(type); is_derived(type); type = type->target) {
        const char *word = qualifier_word(type->kind);
        if (!word)
            continue;
        buffer_append_text(out, word);
        buffer_append_char(out, ' ');
    }
}

void declarator_append_specifier(struct buffer *out, const struct type *type)
{
    const struct type *leaf = type_leaf(type);

    declarator_append_leaf_qualifiers(out, type);
    if (type_is_anonymous_aggregate(leaf) || type_is_anonymous_enum(leaf)) {
        const char *text = type_text(leaf);
        buffer_append(out, text, strcspn(text, " "));
        buffer_append_text(out, " { ... }");
    } else {
        escape_append(out, ESCAPE_NOTHING_MORE, type_text(leaf));
    }
}

/* Between words there is a space; nothing stands between a star or parenthesis and what follows. */
static void append_space(struct buffer *out)
{
    char last = out->length > 0 ? out->data[out->length - 1] : '(';

    if (last != '*' && last != '(' && last != ' ')
        buffer_append_char(out, ' ');
}

static bool needs_parentheses(const struct type *pointer)
{
    const struct type *target = pointer->target;

    while (qualifier_word(target->kind))
        target = target->target;
    return target->kind == TYPE_ARRAY || target->kind == TYPE_FUNC_PROTO;
}

/* What stands left of the name, from the leaf outwards. */
static void append_left(struct buffer *out, const struct chain *chain)
{
    bool is_qualifying_pointer = false;

    for (size_t i = chain->count; i-- > 0;) {
        const struct type *type = chain->types[i];
        const char *qualifier = qualifier_word(type->kind);
        if (type->kind == TYPE_PTR) {
            append_space(out);
            buffer_append_text(out, needs_parentheses(type) ? "(*" : "*");
            is_qualifying_pointer = true;
        } else if (type->kind == TYPE_FUNC_PROTO) {
            /* Qualifiers of functions are the compiler's way to note attributes; C has none. */
            is_qualifying_pointer = false;
        } else if (qualifier && is_qualifying_pointer) {
            buffer_append_char(out, ' ');
            buffer_append_text(out, qualifier);
        }
    }
}

static void append_dimensions(struct buffer *out, const struct type *array, bool is_open)
{
    for (uint32_t i = 0; i < array->count; i++) {
        if (i == 0 && array->dimensions[i] == 0 && is_open)
            buffer_append_text(out, "[]");
        else
            buffer_append_format(out, "[%" PRIu64 "]", array->dimensions[i]);
    }
}

/* A variable argument list is a last `void`; alone it is a function declared without parameters,
 * which says nothing of them. */
static struct error *append_parameters(struct buffer *out, const struct type *function,
                                       unsigned depth)
{
    buffer_append_char(out, '(');
    if (function->count == 0)
        buffer_append_text(out, "void");
    for (uint32_t i = 0; i < function->count; i++) {
        const struct type *parameter = function->parameters[i];
        if (i > 0)
            buffer_append_text(out, ", ");
        if (parameter->kind != TYPE_VOID) {
            declarator_append_specifier(out, parameter);
            TRY(append_at_depth(out, parameter, "", DECLARATOR_FLEXIBLE, depth + 1));
        } else if (function->count > 1) {
            buffer_append_text(out, "...");
        }
    }
    buffer_append_char(out, ')');
    return NULL;
}

/* What stands right of the name, from the name inwards. */
static struct error *append_right(struct buffer *out, const struct chain *chain,
                                  enum declarator_zero_dimension zero, unsigned depth)
{
    /* What a pointer points to may be an array of unknown length. */
    bool is_open = zero == DECLARATOR_FLEXIBLE;

    for (size_t i = 0; i < chain->count; i++) {
        const struct type *type = chain->types[i];
        if (type->kind == TYPE_PTR) {
            buffer_append_text(out, needs_parentheses(type) ? ")" : "");
            is_open = true;
        } else if (type->kind == TYPE_ARRAY) {
            append_dimensions(out, type, is_open);
            is_open = false;
        } else if (type->kind == TYPE_FUNC_PROTO) {
            TRY(append_parameters(out, type, depth));
        }
    }
    return NULL;
}

static struct error *append_at_depth(struct buffer *out, const struct type *type, const char *name,
                                     enum declarator_zero_dimension zero, unsigned depth)
{
    struct chain chain = {.count = 0};

    for (; is_derived(type); type = type->target) {
        if (depth >= DECLARATOR_DEPTH_MAXIMUM || chain.count == DECLARATOR_DEPTH_MAXIMUM)
            return error_create(ERROR_LIMIT, NULL, "a type is nested more than %d deep",
                                DECLARATOR_DEPTH_MAXIMUM);
        chain.types[chain.count++] = type;
    }
    append_left(out, &chain);
    if (name[0]) {
        append_space(out);
        escape_append(out, ESCAPE_NOTHING_MORE, name);
    }
    return append_right(out, &chain, zero, depth);
}

struct error *declarator_append(struct buffer *out, const struct type *type, const char *name,
                                enum declarator_zero_dimension zero)
{
    return append_at_depth(out, type, name, zero, 0);
}

struct error *declaration_append(struct buffer *out, const struct type *type, const char *name,
                                 enum declarator_zero_dimension zero)
{
    declarator_append_specifier(out, type);
    return declarator_append(out, type, name, zero);
}

enum { ALONE_MAXIMUM = TYPE_TEXT_MAXIMUM * 2 };

void declarator_append_type(struct buffer *out, const struct type *type)
{
    CLEANUP(buffer_deinit) struct buffer alone;

    buffer_init(&alone, ALONE_MAXIMUM);
    struct error *error = declaration_append(&alone, type, "", DECLARATOR_ZERO_LENGTH);
    if (!error)
        error = buffer_check(&alone, NULL);
    if (error)
        escape_append(out, ESCAPE_NOTHING_MORE, type_text(type));
    else
        buffer_append(out, buffer_text(&alone), alone.length);
    error_destroy(error);
}
