/* SPDX-License-Identifier: MIT */
#include "report/offsets/offset_table.h"

#include <string.h>

#include "base/hash/string_table.h"
#include "report/compare/members/member_paths.h"
#include "report/offsets/offset_hints.h"

/* The members of one layout that have a row each in a whole struct's table. */
struct listed_layout {
    const struct layout *layout; /* NULL where the kernel does not have the struct */
    struct member_paths paths;
    bool *is_listed; /* by index of the path */
    /* By number of the path among all layouts'; NULL where this one does not have it. */
    const struct member_path **members;
};

struct table_maker {
    const struct offset_input *input;
    struct arena *arena;
    enum definition_kind kind; /* the table's */
    const char *name;
    /* By kernel: what the name means there; NULL: nothing. */
    const struct history_definition **entries;
    struct offset_hinter hinter;
    struct offset_answer *answers; /* of the row in the making, for all kernels */
};

size_t offset_row_run_end(const struct offset_row *row, size_t index, size_t shown_count)
{
    size_t end = index + 1;

    while (end < shown_count && offset_answers_are_equal(&row->answers[index], &row->answers[end]))
        end++;
    return end;
}

/* Makes a row of the answers for all kernels. */
static struct error *finish_row(struct table_maker *maker, const char *path, struct offset_row *row)
{
    const struct offset_input *input = maker->input;
    struct offset_answer *shown =
        arena_allocate(maker->arena, input->shown_count + 1, sizeof(*shown));

    if (!shown)
        return error_out_of_memory();
    if (path[0] != '\0')
        TRY(offset_hints_set(&maker->hinter, path, maker->answers));
    *row = (struct offset_row){.path = path, .answers = shown};
    for (size_t i = 0; i < input->history->kernel_count; i++)
        row->found_count += maker->answers[i].place.status == OFFSET_FOUND;
    for (size_t i = 0; i < input->shown_count; i++) {
        shown[i] = maker->answers[input->shown[i]];
        shown[i].module =
            scope_of_definition(input->history, input->shown[i], maker->entries[input->shown[i]])
                .module;
        row->shown_found_count += shown[i].place.status == OFFSET_FOUND;
    }
    return NULL;
}

static struct error *make_size_row(struct table_maker *maker, struct offset_row *row)
{
    for (size_t i = 0; i < maker->input->history->kernel_count; i++) {
        const struct history_definition *entry = maker->entries[i];
        const struct scope scope = scope_of_definition(maker->input->history, i, entry);
        const struct layout *layout = entry ? entry->layouts[i] : NULL;
        maker->answers[i] = (struct offset_answer){
            .place = layout
                         ? offset_place_of_whole(&scope, layout)
                         : offset_place_without_definition(maker->input->history, i, maker->kind)};
    }
    return finish_row(maker, "", row);
}

static struct error *resolve(struct table_maker *maker, const char *path, size_t kernel)
{
    const struct scope scope = {maker->input->history, kernel, NULL};
    const struct history_definition *entry = maker->entries[kernel];

    maker->answers[kernel] = (struct offset_answer){0};
    return offset_path_resolve(&scope, entry ? entry->kind : maker->kind, maker->name, path,
                               maker->arena, &maker->answers[kernel].place);
}

/* Gives each kernel that has no entry yet the one of that kind, if it has it. */
static void set_entries(struct table_maker *maker, enum definition_kind kind)
{
    const struct history *history = maker->input->history;
    const struct history_definition *entry = history_find(history, kind, maker->name);

    for (size_t i = 0; entry && i < history->kernel_count; i++) {
        if (!maker->entries[i] && entry->layouts[i])
            maker->entries[i] = entry;
    }
}

/* KIND is the one of KINDS that the table is of; where a kernel lacks it, another one counts. */
static struct error *begin(const struct offset_input *input, unsigned kinds,
                           enum definition_kind kind, const char *name, struct arena *arena,
                           struct table_maker *maker, struct offset_table *table)
{
    *maker = (struct table_maker){
        .input = input,
        .arena = arena,
        .kind = kind,
        .name = name,
        .entries = arena_allocate(arena, input->history->kernel_count + 1, sizeof(*maker->entries)),
        .hinter = {.input = input, .kind = kind, .name = name, .arena = arena},
        .answers = arena_allocate(arena, input->history->kernel_count + 1, sizeof(*maker->answers)),
    };
    *table = (struct offset_table){.kind = kind, .definition_name = name};
    if (!maker->answers || !maker->entries)
        return error_out_of_memory();
    set_entries(maker, kind);
    for (enum definition_kind other = 0; other < DEFINITION_KIND_COUNT; other++) {
        if (kinds & DEFINITION_KIND_BIT(other))
            set_entries(maker, other);
    }
    return make_size_row(maker, &table->size);
}

static bool is_shown(const struct offset_input *input, const struct history_definition *entry)
{
    for (size_t i = 0; i < input->shown_count; i++) {
        if (entry->layouts[input->shown[i]])
            return true;
    }
    return false;
}

/* The first of KINDS that a kernel shown has under that name, or else that any has; the first of
 * them if none has it. */
static enum definition_kind choose_kind(const struct offset_input *input, unsigned kinds,
                                        const char *name)
{
    enum definition_kind first = DEFINITION_KIND_COUNT;
    enum definition_kind elsewhere = DEFINITION_KIND_COUNT;

    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        if (!(kinds & DEFINITION_KIND_BIT(kind)))
            continue;
        const struct history_definition *entry = history_find(input->history, kind, name);
        if (entry && is_shown(input, entry))
            return kind;
        if (entry && elsewhere == DEFINITION_KIND_COUNT)
            elsewhere = kind;
        if (first == DEFINITION_KIND_COUNT)
            first = kind;
    }
    return elsewhere != DEFINITION_KIND_COUNT ? elsewhere : first;
}

struct error *offset_table_make(const struct offset_input *input, unsigned kinds, const char *name,
                                const char *const *paths, size_t path_count, struct arena *arena,
                                struct offset_table *table_ret)
{
    struct table_maker maker;
    struct offset_table table;

    TRY(begin(input, kinds, choose_kind(input, kinds, name), name, arena, &maker, &table));
    table.rows = arena_allocate(arena, path_count + 1, sizeof(*table.rows));
    if (!table.rows)
        return error_out_of_memory();
    for (size_t i = 0; i < path_count; i++) {
        for (size_t kernel = 0; kernel < input->history->kernel_count; kernel++)
            TRY(resolve(&maker, paths[i], kernel));
        TRY(finish_row(&maker, paths[i], &table.rows[table.row_count++]));
    }
    *table_ret = table;
    return NULL;
}

/* Numbers the layout's paths that have no pointer and no array around them. */
static struct error *list_paths(struct arena *arena, struct string_table *names,
                                struct listed_layout *listed)
{
    TRY(member_paths_list(listed->layout, arena, &listed->paths));
    listed->is_listed =
        arena_allocate(arena, (size_t)listed->paths.count + 1, sizeof(*listed->is_listed));
    if (!listed->is_listed)
        return error_out_of_memory();
    for (uint32_t i = 0; i < listed->paths.count; i++) {
        const struct member_path *path = &listed->paths.paths[i];
        uint32_t number;
        if (path->kind == PATH_TYPE)
            continue;
        if (path->parent != MEMBER_PATH_NONE) {
            const struct type *type =
                type_unqualified(listed->paths.paths[path->parent].member->type);
            if (!listed->is_listed[path->parent] || !type_is_aggregate(type))
                continue;
        }
        listed->is_listed[i] = true;
        TRY(string_table_intern(names, path->path, strlen(path->path), &number));
    }
    return NULL;
}

static struct error *index_members(struct arena *arena, const struct string_table *names,
                                   struct listed_layout *listed)
{
    listed->members = arena_allocate(arena, (size_t)names->count + 1, sizeof(*listed->members));
    if (!listed->members)
        return error_out_of_memory();
    for (uint32_t i = 0; i < listed->paths.count; i++) {
        if (!listed->is_listed[i])
            continue;
        const struct member_path *path = &listed->paths.paths[i];
        uint32_t number = string_table_find(names, path->path, strlen(path->path));
        if (!listed->members[number])
            listed->members[number] = path;
    }
    return NULL;
}

/* Lists the layouts of all kernels; those that share one share what was listed. */
static struct error *list_layouts(struct table_maker *maker, const struct history_definition *entry,
                                  struct string_table *names, struct listed_layout *listed)
{
    size_t kernel_count = maker->input->history->kernel_count;

    for (size_t i = 0; i < kernel_count; i++) {
        size_t same = 0;
        while (same < i && entry->layouts[same] != entry->layouts[i])
            same++;
        listed[i] = same < i ? listed[same] : (struct listed_layout){.layout = entry->layouts[i]};
        if (same == i && listed[i].layout)
            TRY(list_paths(maker->arena, names, &listed[i]));
    }
    for (size_t i = 0; i < kernel_count; i++) {
        size_t same = 0;
        while (same < i && listed[same].layout != listed[i].layout)
            same++;
        if (same < i)
            listed[i].members = listed[same].members;
        else if (listed[i].layout)
            TRY(index_members(maker->arena, names, &listed[i]));
    }
    return NULL;
}

static struct error *answer_listed(struct table_maker *maker, const struct listed_layout *listed,
                                   uint32_t number, const char *path, size_t kernel)
{
    struct offset_answer *answer = &maker->answers[kernel];

    *answer = (struct offset_answer){0};
    if (!listed->layout)
        answer->place = offset_place_without_definition(maker->input->history, kernel, maker->kind);
    else if (listed->members[number])
        answer->place = offset_place_of(listed->layout, listed->members[number]);
    else if (strchr(path, '.'))
        return resolve(maker, path, kernel); /* here it may be in a struct that has a name */
    else
        answer->place = offset_place_without_field(listed->layout, path);
    return NULL;
}

static struct error *make_rows(struct table_maker *maker, const struct history_definition *entry,
                               struct string_table *names, struct offset_table *table)
{
    size_t kernel_count = maker->input->history->kernel_count;
    struct listed_layout *listed = arena_allocate(maker->arena, kernel_count, sizeof(*listed));

    if (!listed)
        return error_out_of_memory();
    TRY(list_layouts(maker, entry, names, listed));
    table->rows = arena_allocate(maker->arena, (size_t)names->count + 1, sizeof(*table->rows));
    if (!table->rows)
        return error_out_of_memory();
    for (uint32_t number = 0; number < names->count; number++) {
        const char *text = names->texts[number];
        const char *path = arena_copy_text(maker->arena, text, strlen(text));
        struct offset_row *row = &table->rows[table->row_count];
        if (!path)
            return error_out_of_memory();
        for (size_t kernel = 0; kernel < kernel_count; kernel++)
            TRY(answer_listed(maker, &listed[kernel], number, path, kernel));
        TRY(finish_row(maker, path, row));
        if (row->shown_found_count > 0)
            table->row_count++;
    }
    return NULL;
}

struct error *offset_table_make_whole(const struct offset_input *input,
                                      const struct history_definition *entry, struct arena *arena,
                                      struct offset_table *table_ret)
{
    struct table_maker maker;
    struct offset_table table;
    struct string_table names;

    TRY(begin(input, DEFINITION_KIND_BIT(entry->kind), entry->kind, entry->name, arena, &maker,
              &table));
    string_table_init(&names);
    struct error *error = make_rows(&maker, entry, &names, &table);
    string_table_deinit(&names);
    if (!error)
        *table_ret = table;
    return error;
}
