/* SPDX-License-Identifier: MIT */
#include "analyze/btf/analyze_btf.h"

#include <stdlib.h>
#include <string.h>

#include "analyze/btf/btf_layout.h"
#include "base/btf/btf_file.h"

/* Definitions that are found one after the other. */
struct found_list {
    const struct layout **layouts;
    size_t count;
    size_t capacity;
};

struct btf_analysis {
    struct kernel_layouts *layouts;
    const char *path;
    struct btf *btf;
    struct btf_types types;
    bool *is_named_by_typedef; /* by id, of enums */
};

bool btf_bytes_are_btf(const void *bytes, size_t length)
{
    uint16_t magic;

    if (length < sizeof(struct btf_header))
        return false;
    memcpy(&magic, bytes, sizeof(magic));
    return magic == BTF_MAGIC || magic == (uint16_t)__builtin_bswap16(BTF_MAGIC);
}

static void btf_analysis_close(struct btf_analysis *analysis)
{
    btf_types_deinit(&analysis->types);
    btf__free(analysis->btf);
    free(analysis->is_named_by_typedef);
    *analysis = (struct btf_analysis){.layouts = analysis->layouts};
}

static struct error *append(struct found_list *list, const struct layout *layout)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 4096;
        const struct layout **layouts =
            reallocarray(list->layouts, capacity, sizeof(const struct layout *));
        if (!layouts)
            return error_out_of_memory();
        list->layouts = layouts;
        list->capacity = capacity;
    }
    list->layouts[list->count++] = layout;
    return NULL;
}

/* An enum that a typedef names is told of there. */
static void mark_typedefs(struct btf_analysis *analysis, uint32_t end)
{
    for (uint32_t id = 1; id < end; id++) {
        const struct btf_type *type = btf__type_by_id(analysis->btf, id);
        if (!btf_is_typedef(type))
            continue;
        uint32_t target = type->type;
        const struct btf_type *named = btf__type_by_id(analysis->btf, target);
        for (unsigned i = 0; i < BTF_DEPTH_MAXIMUM && btf_is_mod(named) && !btf_is_typedef(named);
             i++) {
            target = named->type;
            named = btf__type_by_id(analysis->btf, target);
        }
        analysis->is_named_by_typedef[target] = true;
    }
}

static bool is_told_of(const struct btf_analysis *analysis, uint32_t id,
                       enum definition_kind *kind_ret)
{
    const struct btf_type *type = btf__type_by_id(analysis->btf, id);

    if (!btf_layout_kind(analysis->btf, type, kind_ret))
        return false;
    return *kind_ret != DEFINITION_ENUM || btf_file_name(analysis->btf, type)[0] ||
           !analysis->is_named_by_typedef[id];
}

/* One that cannot be used costs itself. */
static struct error *pass_over(struct btf_analysis *analysis, uint32_t id,
                               enum definition_kind kind, struct error *error)
{
    const char *name = btf_file_name(analysis->btf, btf__type_by_id(analysis->btf, id));

    if (error->code != ERROR_LIMIT && error->code != ERROR_CORRUPT)
        return error;
    if (layout_budget_is_exhausted(&analysis->types.budget))
        return error; /* it is the file then that cannot be used */
    struct error *failure = kernel_layouts_pass_over(
        analysis->layouts, definition_kind_texts[kind].singular, name, error->why);
    error_destroy(error);
    return failure;
}

static struct error *list_found(struct btf_analysis *analysis, uint32_t first,
                                struct found_list *list)
{
    uint32_t end = btf__type_cnt(analysis->btf);

    mark_typedefs(analysis, end);
    for (uint32_t id = first; id < end; id++) {
        enum definition_kind kind;
        struct layout *layout;
        if (!is_told_of(analysis, id, &kind))
            continue;
        struct error *error =
            btf_layout_make(&analysis->types, id, kind, &analysis->layouts->arena, &layout);
        TRY(error ? pass_over(analysis, id, kind, error) : append(list, layout));
    }
    return NULL;
}

static int compare_names(const struct layout *a, const struct layout *b)
{
    return a->kind != b->kind ? (int)a->kind - (int)b->kind : strcmp(a->name, b->name);
}

struct ordered {
    const struct layout *layout;
    size_t position; /* in the BTF: the first of a name is the one that counts */
};

static int compare_ordered(const void *left, const void *right)
{
    const struct ordered *a = left;
    const struct ordered *b = right;
    int order = compare_names(a->layout, b->layout);

    return order != 0 ? order : a->position < b->position ? -1 : a->position > b->position;
}

static bool is_known(const struct kernel_definitions *entry, const struct layout *layout)
{
    if (layouts_are_equal(entry->definition.layout, layout))
        return true;
    for (size_t i = 0; i < entry->further_count; i++) {
        if (layouts_are_equal(entry->further[i].layout, layout))
            return true;
    }
    return false;
}

static struct error *add_further(struct kernel_layouts *layouts, struct kernel_definitions *entry,
                                 const struct layout *layout)
{
    if (is_known(entry, layout))
        return NULL;
    if (entry->further_count == KERNEL_FURTHER_MAXIMUM)
        return error_create(ERROR_LIMIT, NULL, "%s has more than %d definitions", entry->name,
                            KERNEL_FURTHER_MAXIMUM + 1);
    struct kernel_definition *further =
        arena_append(&layouts->arena, entry->further, entry->further_count, sizeof(*further));
    if (!further)
        return error_out_of_memory();
    further[entry->further_count++] =
        (struct kernel_definition){.layout = layout, .declaration_file = ""};
    entry->further = further;
    return NULL;
}

/* Puts the definitions of one name together. */
static struct error *group(struct kernel_layouts *layouts, const struct ordered *ordered,
                           size_t count, struct kernel_definitions **definitions_ret,
                           size_t *count_ret)
{
    struct kernel_definitions *definitions =
        arena_allocate(&layouts->arena, count + 1, sizeof(*definitions));
    size_t found = 0;

    if (!definitions)
        return error_out_of_memory();
    for (size_t i = 0; i < count; i++) {
        const struct layout *layout = ordered[i].layout;
        if (i > 0 && compare_names(ordered[i - 1].layout, layout) == 0) {
            TRY(add_further(layouts, &definitions[found - 1], layout));
            continue;
        }
        definitions[found++] = (struct kernel_definitions){
            .kind = layout->kind,
            .name = layout->name,
            .definition = {.layout = layout, .declaration_file = ""},
        };
    }
    *definitions_ret = definitions;
    *count_ret = found;
    return NULL;
}

static struct error *sort_and_group(struct kernel_layouts *layouts, const struct found_list *list,
                                    struct kernel_definitions **definitions_ret, size_t *count_ret)
{
    struct ordered *ordered = calloc(list->count + 1, sizeof(*ordered));

    if (!ordered)
        return error_out_of_memory();
    for (size_t i = 0; i < list->count; i++)
        ordered[i] = (struct ordered){list->layouts[i], i};
    qsort(ordered, list->count, sizeof(*ordered), compare_ordered);
    struct error *error = group(layouts, ordered, list->count, definitions_ret, count_ret);
    free(ordered);
    return error;
}

/* Reads what the analysis' BTF has from type FIRST on. */
static struct error *read_definitions(struct btf_analysis *analysis, uint32_t first,
                                      struct kernel_definitions **definitions_ret,
                                      size_t *count_ret)
{
    struct found_list list = {0};

    analysis->is_named_by_typedef = calloc((size_t)btf__type_cnt(analysis->btf) + 1, sizeof(bool));
    if (!analysis->is_named_by_typedef)
        return error_out_of_memory();
    struct error *error =
        btf_types_init(&analysis->types, analysis->btf, &analysis->layouts->types);
    if (!error)
        error = list_found(analysis, first, &list);
    if (!error)
        error = sort_and_group(analysis->layouts, &list, definitions_ret, count_ret);
    free(list.layouts);
    return error_locate(error, analysis->path);
}

static struct error *check_structs(const struct kernel_layouts *layouts, const char *path)
{
    return kernel_layouts_count(layouts, DEFINITION_STRUCT) > 0
               ? NULL
               : error_create(ERROR_NO_DWARF, path, "its BTF defines no struct");
}

/* A definition that vmlinux has just so is not the module's. */
static void drop_known(const struct kernel_layouts *layouts, struct kernel_image *module)
{
    size_t kept = 0;

    for (size_t i = 0; i < module->definition_count; i++) {
        struct kernel_definitions *own = &module->definitions[i];
        const struct kernel_definitions *known = kernel_layouts_find(layouts, own->kind, own->name);
        if (own->further_count == 0 && known &&
            layouts_are_equal(known->definition.layout, own->definition.layout))
            continue;
        module->definitions[kept++] = *own;
    }
    module->definition_count = kept;
}

static struct error *read_module(struct btf_analysis *vmlinux, const struct btf_bytes *bytes,
                                 const char *name)
{
    struct kernel_layouts *layouts = vmlinux->layouts;
    CLEANUP(btf_analysis_close)
    struct btf_analysis analysis = {.layouts = layouts, .path = bytes->path};
    struct kernel_image *module = arena_allocate(&layouts->arena, 1, sizeof(*module));

    if (!module)
        return error_out_of_memory();
    TRY(btf_file_make(bytes->path, bytes->bytes, bytes->length, vmlinux->btf, &analysis.btf));
    TRY(read_definitions(&analysis, btf__type_cnt(vmlinux->btf), &module->definitions,
                         &module->definition_count));
    *module = (struct kernel_image){
        .name = arena_copy_text(&layouts->arena, name, strlen(name)),
        .build_id = "",
        .source_version = "",
        .definition_count = module->definition_count,
        .definitions = module->definitions,
    };
    if (!module->name)
        return error_out_of_memory();
    drop_known(layouts, module);
    layouts->modules = module;
    layouts->module_count = 1;
    layouts->identity.modules = MODULES_READ;
    return NULL;
}

static struct error *read(struct btf_analysis *analysis, const struct btf_bytes *vmlinux,
                          const struct btf_bytes *module, const char *module_name)
{
    struct kernel_layouts *layouts = analysis->layouts;

    TRY(btf_file_make(vmlinux->path, vmlinux->bytes, vmlinux->length, NULL, &analysis->btf));
    TRY(read_definitions(analysis, 1, &layouts->definitions, &layouts->definition_count));
    TRY(check_structs(layouts, vmlinux->path));
    layouts->identity.dwarf_versions = BTF_INSTEAD_OF_DWARF;
    layouts->identity.is_big_endian = btf__endianness(analysis->btf) == BTF_BIG_ENDIAN;
    layouts->identity.modules = MODULES_NOT_THERE;
    return module ? read_module(analysis, module, module_name) : NULL;
}

struct error *analyze_btf(const struct btf_bytes *vmlinux, const struct btf_bytes *module,
                          const char *module_name, struct kernel_layouts *layouts_ret)
{
    struct kernel_layouts layouts;
    CLEANUP(btf_analysis_close)
    struct btf_analysis analysis = {.layouts = &layouts, .path = vmlinux->path};

    kernel_layouts_init(&layouts);
    struct error *error = read(&analysis, vmlinux, module, module_name);
    if (error) {
        kernel_layouts_deinit(&layouts);
        return error;
    }
    *layouts_ret = layouts;
    return NULL;
}
