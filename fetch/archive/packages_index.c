/* SPDX-License-Identifier: MIT */
#include "fetch/archive/packages_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash/sha256.h"
#include "base/text/control_stanza.h"
#include "fetch/package/package_name.h"

void packages_index_init(struct packages_index *index)
{
    *index = (struct packages_index){0};
    arena_init(&index->arena);
}

void packages_index_deinit(struct packages_index *index)
{
    free(index->packages);
    arena_deinit(&index->arena);
    *index = (struct packages_index){0};
}

static bool has_suffix(const struct control_text *name, const char *suffix)
{
    size_t length = strlen(suffix);

    return name->length > length &&
           memcmp(name->bytes + name->length - length, suffix, length) == 0;
}

static bool is_kernel_package(const struct control_text *name)
{
    static const char prefix[] = "linux-image-";
    const size_t length = strlen(prefix);

    if (name->length <= length || memcmp(name->bytes, prefix, length) != 0)
        return false;
    const struct control_text rest = {name->bytes + length, name->length - length};
    return has_suffix(&rest, "-dbgsym") || has_suffix(&rest, "-dbg");
}

/* Copies the field; *ret is NULL if there is none. */
static struct error *copy_field(struct packages_index *index, const struct control_text *stanza,
                                const char *name, const char **ret)
{
    struct control_text value;

    *ret = NULL;
    if (!control_find_field(stanza, name, &value))
        return NULL;
    *ret = arena_copy_text(&index->arena, value.bytes, value.length);
    return *ret ? NULL : error_out_of_memory();
}

static struct error *append(struct packages_index *index, const struct indexed_package *package)
{
    if (index->count == index->capacity) {
        size_t capacity = index->capacity > 0 ? index->capacity * 2 : 64;
        struct indexed_package *grown =
            reallocarray(index->packages, capacity, sizeof(*index->packages));
        if (!grown)
            return error_out_of_memory();
        index->packages = grown;
        index->capacity = capacity;
    }
    index->packages[index->count++] = *package;
    return NULL;
}

static struct error *add_stanza(struct packages_index *index, const struct control_text *stanza)
{
    struct indexed_package package = {.byte_size = UINT64_MAX};
    struct control_text size;

    TRY(copy_field(index, stanza, "Package", &package.name));
    TRY(copy_field(index, stanza, "Version", &package.version));
    TRY(copy_field(index, stanza, "Architecture", &package.architecture));
    TRY(copy_field(index, stanza, "Filename", &package.path));
    TRY(copy_field(index, stanza, "SHA256", &package.sha256));
    if (!package.name || !package.version || !package.architecture ||
        !package_name_is_valid(package.name) || !package_version_is_valid(package.version))
        return NULL;
    if (package.sha256 && !sha256_is_hex(package.sha256))
        package.sha256 = NULL;
    if (control_find_field(stanza, "Size", &size) &&
        !control_text_number(&size, &package.byte_size))
        package.byte_size = UINT64_MAX;
    return append(index, &package);
}

struct error *packages_index_add(struct packages_index *index, const char *text, size_t length)
{
    struct control_text rest = {text, length};
    struct control_text stanza;
    struct control_text name;

    while (control_next_stanza(&rest, &stanza)) {
        if (control_find_field(&stanza, "Package", &name) && is_kernel_package(&name))
            TRY(add_stanza(index, &stanza));
    }
    return NULL;
}
