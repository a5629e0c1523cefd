/* SPDX-License-Identifier: MIT */
#include "dataset/history/wanted_layouts.h"

#include <string.h>

#include "base/hash/string_table.h"

/* More than any data set has, by far; what is above can only be damage. */
enum { LAYOUT_ID_MAXIMUM = 1000 * 1000 * 1000 };

struct lister {
    const struct sql_database *database;
    const struct dataset_selection *selection;
    struct stored_types *types;
    struct arena *arena;
    struct wanted_layouts *wanted;
    struct string_table names; /* those before NAMES_DONE have been looked up */
    sqlite3_stmt *by_name;
    sqlite3_stmt *types_of;
};

static void lister_deinit(struct lister *lister)
{
    string_table_deinit(&lister->names);
    sql_release(&lister->by_name);
    sql_release(&lister->types_of);
}

static struct error *damaged(const struct lister *lister, const char *what)
{
    return error_create(ERROR_DATASET, lister->database->path, "%s" SQL_DAMAGED, what);
}

static struct error *prepare(struct lister *lister)
{
    struct wanted_layouts *wanted = lister->wanted;

    TRY(sql_query_number_kept(lister->database, "SELECT coalesce(max(id), 0) FROM layout",
                              &wanted->last_id));
    if (wanted->last_id > LAYOUT_ID_MAXIMUM)
        return damaged(lister, "a layout has an impossible number");
    wanted->is_wanted =
        arena_allocate(lister->arena, wanted->last_id + 1, sizeof(*wanted->is_wanted));
    return wanted->is_wanted ? NULL : error_out_of_memory();
}

/* Columns: id, kind. */
static struct error *read_row(const struct lister *lister, sqlite3_stmt *row, unsigned kinds,
                              uint64_t *id_ret, bool *is_wanted_ret)
{
    enum definition_kind kind;

    if (!definition_kind_from_word(sql_column_text(row, 1), false, &kind))
        return damaged(lister, "a definition is of an unknown kind");
    *id_ret = sql_column_number(row, 0);
    *is_wanted_ret = *id_ret <= lister->wanted->last_id && (kinds & DEFINITION_KIND_BIT(kind)) != 0;
    return NULL;
}

static struct error *mark_all(const struct lister *lister)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;
    bool is_wanted;
    uint64_t id;

    TRY(sql_prepare(lister->database, "SELECT id, kind FROM layout WHERE id > 0", &statement));
    for (;;) {
        TRY(sql_step(lister->database, statement, &has_row));
        if (!has_row)
            return NULL;
        TRY(read_row(lister, statement, lister->selection->kinds, &id, &is_wanted));
        if (is_wanted)
            lister->wanted->is_wanted[id] = true;
    }
}

static struct error *add(const struct lister *lister, uint64_t id)
{
    struct wanted_layouts *wanted = lister->wanted;

    wanted->is_wanted[id] = true;
    uint64_t *ids = arena_append(lister->arena, wanted->ids, wanted->count, sizeof(*ids));
    if (!ids)
        return error_out_of_memory();
    ids[wanted->count++] = id;
    wanted->ids = ids;
    return NULL;
}

/* Adds the layouts of that name. */
static struct error *add_named(const struct lister *lister, const char *name, unsigned kinds)
{
    bool has_row;
    bool is_wanted;
    uint64_t id;

    sqlite3_reset(lister->by_name);
    sql_bind_text(lister->by_name, 1, name);
    for (;;) {
        TRY(sql_step(lister->database, lister->by_name, &has_row));
        if (!has_row)
            return NULL;
        TRY(read_row(lister, lister->by_name, kinds, &id, &is_wanted));
        if (is_wanted && !lister->wanted->is_wanted[id])
            TRY(add(lister, id));
    }
}

static struct error *note_name(struct lister *lister, const char *name)
{
    uint32_t number;

    return name ? string_table_intern(&lister->names, name, strlen(name), &number) : NULL;
}

/* Notes what a value of the type has in it: what is after a pointer is elsewhere. */
static struct error *note_embedded(struct lister *lister, uint64_t type_id)
{
    const struct type *type;

    TRY(stored_type_find(lister->types, type_id, &type));
    while (type->target && type->kind != TYPE_PTR && type->kind != TYPE_FUNC_PROTO)
        type = type->target;
    return note_name(lister, type->name);
}

/* What a typedef stands for has no member's name. */
static bool is_followed(const struct lister *lister, const char *member_name)
{
    const struct dataset_selection *selection = lister->selection;

    if (!selection->followed || !member_name)
        return true;
    for (size_t i = 0; i < selection->followed_count; i++) {
        if (strcmp(selection->followed[i], member_name) == 0)
            return true;
    }
    return false;
}

/* Notes what the layout embeds, or stands for. */
static struct error *note_types_of(struct lister *lister, uint64_t layout)
{
    bool has_row;

    sqlite3_reset(lister->types_of);
    sql_bind_number(lister->types_of, 1, layout);
    for (;;) {
        TRY(sql_step(lister->database, lister->types_of, &has_row));
        if (!has_row)
            return NULL;
        const char *member_name = sqlite3_column_type(lister->types_of, 1) == SQLITE_NULL
                                      ? NULL
                                      : sql_column_text(lister->types_of, 1);
        if (is_followed(lister, member_name))
            TRY(note_embedded(lister, sql_column_number(lister->types_of, 0)));
    }
}

/* Adds what the wanted layouts embed, and what that embeds, until it is deep enough or nothing is
 * new. */
static struct error *add_embedded(struct lister *lister)
{
    unsigned depth = lister->selection->embedded_depth;
    uint32_t names_done = 0;
    size_t layouts_done = 0;

    TRY(sql_prepare_kept(lister->database,
                         "SELECT type, name FROM member WHERE layout = ?1 UNION"
                         " SELECT type, NULL FROM layout WHERE id = ?1 AND type NOT NULL",
                         &lister->types_of));
    for (; depth > 0 && layouts_done < lister->wanted->count; depth--) {
        for (; layouts_done < lister->wanted->count; layouts_done++)
            TRY(note_types_of(lister, lister->wanted->ids[layouts_done]));
        for (; names_done < lister->names.count; names_done++)
            TRY(add_named(lister, lister->names.texts[names_done], DEFINITION_KINDS_ALL));
    }
    return NULL;
}

static struct error *list_named(struct lister *lister)
{
    const struct dataset_selection *selection = lister->selection;

    TRY(sql_prepare_kept(lister->database, "SELECT id, kind FROM layout WHERE name = ?",
                         &lister->by_name));
    for (size_t i = 0; i < selection->name_count; i++)
        TRY(add_named(lister, selection->names[i], selection->kinds));
    return selection->embedded_depth > 0 ? add_embedded(lister) : NULL;
}

struct error *wanted_layouts_list(const struct sql_database *database,
                                  const struct dataset_selection *selection,
                                  struct stored_types *types, struct arena *arena,
                                  struct wanted_layouts *wanted_ret)
{
    CLEANUP(lister_deinit)
    struct lister lister = {.database = database,
                            .selection = selection,
                            .types = types,
                            .arena = arena,
                            .wanted = wanted_ret};

    *wanted_ret = (struct wanted_layouts){0};
    string_table_init(&lister.names);
    TRY(prepare(&lister));
    return selection->names ? list_named(&lister) : mark_all(&lister);
}
