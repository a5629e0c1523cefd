/* SPDX-License-Identifier: MIT */
#include "model/type_translation.h"

#include <stdlib.h>
#include <string.h>

void type_translation_init(struct type_translation *translation, struct type_table *target)
{
    *translation = (struct type_translation){.target = target};
}

void type_translation_deinit(struct type_translation *translation)
{
    free(translation->translated);
    *translation = (struct type_translation){0};
}

static struct error *reserve(struct type_translation *translation, uint32_t number)
{
    uint32_t capacity = translation->capacity ? translation->capacity : 1024;

    if (number < translation->capacity)
        return NULL;
    while (capacity <= number)
        capacity = capacity > UINT32_MAX / 2 ? UINT32_MAX : capacity * 2;
    const struct type **translated =
        reallocarray(translation->translated, capacity, sizeof(*translated));
    if (!translated)
        return error_out_of_memory();
    memset(translated + translation->capacity, 0,
           (capacity - translation->capacity) * sizeof(*translated));
    translation->translated = translated;
    translation->capacity = capacity;
    return NULL;
}

static struct error *translate_function(struct type_translation *translation, struct type *copy,
                                        const struct type **type_ret)
{
    const struct type **parameters = calloc((size_t)copy->count + 1, sizeof(*parameters));
    struct error *error = parameters ? NULL : error_out_of_memory();

    for (uint32_t i = 0; i < copy->count && !error; i++)
        error = type_translate(translation, copy->parameters[i], &parameters[i]);
    copy->parameters = parameters;
    if (!error)
        error = type_intern(translation->target, copy, type_ret);
    free(parameters);
    return error;
}

struct error *type_translate(struct type_translation *translation, const struct type *type,
                             const struct type **type_ret)
{
    struct type copy = *type;

    TRY(reserve(translation, type->number));
    if (!translation->translated[type->number]) {
        const struct type *translated;
        if (type->target)
            TRY(type_translate(translation, type->target, &copy.target));
        if (type->kind == TYPE_FUNC_PROTO)
            TRY(translate_function(translation, &copy, &translated));
        else
            TRY(type_intern(translation->target, &copy, &translated));
        translation->translated[type->number] = translated;
    }
    *type_ret = translation->translated[type->number];
    return NULL;
}
