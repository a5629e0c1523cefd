/* SPDX-License-Identifier: MIT */
/* Writes one kernel into the data set. */
#include <stdlib.h>
#include <string.h>

#include "base/hash/sha256.h"
#include "base/hash/string_table.h"
#include "base/system/file.h"
#include "base/text/time_text.h"
#include "dataset/dataset.h"
#include "dataset/handle.h"
#include "dataset/kernel_table.h"
#include "dataset/module_definitions.h"
#include "dataset/stored_types.h"
#include "model/type_translation.h"

/* The statements of one store, and what it has stored already. */
struct writer {
    const struct sql_database *database;
    sqlite3_stmt *find_layout;
    sqlite3_stmt *insert_layout;
    sqlite3_stmt *insert_member;
    sqlite3_stmt *insert_enumerator;
    sqlite3_stmt *insert_image;
    sqlite3_stmt *insert_definition;
    sqlite3_stmt *insert_further_image;
    sqlite3_stmt *insert_user;
    sqlite3_stmt *find_file;
    sqlite3_stmt *insert_file;
    struct type_table types; /* the data set's */
    struct type_translation translation;
    uint32_t stored_type_count;
    struct string_table files; /* of this store; ids by number */
    uint64_t *file_ids;
    uint32_t file_capacity;
    uint64_t image_id;    /* of the image whose definitions are stored */
    uint64_t *module_ids; /* of the images of modules */
};

static struct error *prepare(struct writer *writer)
{
    const struct {
        sqlite3_stmt **statement;
        const char *sql;
    } statements[] = {
        {&writer->find_layout, "SELECT id FROM layout WHERE digest = ?"},
        {&writer->insert_layout, "INSERT INTO layout (kind, name, byte_size, lacks_member_sizes,"
                                 " member_count, enumerator_count, type, encoding, digest)"
                                 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
        {&writer->insert_enumerator, "INSERT INTO layout_enumerator (layout, ordinal, name, value,"
                                     " is_unsigned) VALUES (?, ?, ?, ?, ?)"},
        {&writer->insert_member, "INSERT INTO member (layout, ordinal, depth, name, type,"
                                 " bit_offset, byte_size, bitfield_size, is_field)"
                                 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
        {&writer->insert_definition, "INSERT INTO definition (image, layout, ordinal,"
                                     " source_file, line, position) VALUES (?, ?, ?, ?, ?, ?)"},
        {&writer->insert_image,
         "INSERT INTO image (kernel, name, build_id, source_version) VALUES (?, ?, ?, ?)"},
        {&writer->insert_further_image,
         "INSERT INTO further_image (layout, image, position) VALUES (?, ?, ?)"},
        {&writer->insert_user, "INSERT INTO further_user (image, layout, ordinal, source_file)"
                               " VALUES (?, ?, ?, ?)"},
        {&writer->find_file, "SELECT id FROM source_file WHERE path = ?"},
        {&writer->insert_file, "INSERT INTO source_file (path) VALUES (?)"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(statements); i++)
        TRY(sql_prepare(writer->database, statements[i].sql, statements[i].statement));
    TRY(stored_types_load(writer->database, &writer->types));
    writer->stored_type_count = writer->types.count;
    return NULL;
}

static void release(struct writer *writer)
{
    sql_finalize(&writer->find_layout);
    sql_finalize(&writer->insert_layout);
    sql_finalize(&writer->insert_member);
    sql_finalize(&writer->insert_enumerator);
    sql_finalize(&writer->insert_image);
    sql_finalize(&writer->insert_definition);
    sql_finalize(&writer->insert_further_image);
    sql_finalize(&writer->insert_user);
    sql_finalize(&writer->find_file);
    sql_finalize(&writer->insert_file);
    type_translation_deinit(&writer->translation);
    type_table_deinit(&writer->types);
    string_table_deinit(&writer->files);
    free(writer->file_ids);
    free(writer->module_ids);
}

/* The id in the first column of the one row that STATEMENT finds; 0 if it finds none. */
static struct error *find_id(const struct writer *writer, sqlite3_stmt *statement, uint64_t *id_ret)
{
    bool has_row;

    TRY(sql_step(writer->database, statement, &has_row));
    *id_ret = has_row ? sql_column_number(statement, 0) : 0;
    sqlite3_reset(statement);
    return NULL;
}

static uint64_t last_id(const struct writer *writer)
{
    return (uint64_t)sqlite3_last_insert_rowid(writer->database->handle);
}

static struct error *store_file(struct writer *writer, const char *path, uint64_t *id_ret)
{
    uint32_t count_before = writer->files.count;
    uint32_t number;

    TRY(string_table_intern(&writer->files, path, strlen(path), &number));
    if (number < count_before) {
        *id_ret = writer->file_ids[number];
        return NULL;
    }
    if (number == writer->file_capacity) {
        uint32_t capacity = writer->file_capacity ? writer->file_capacity * 2 : 1024;
        uint64_t *ids = reallocarray(writer->file_ids, capacity, sizeof(*ids));
        if (!ids)
            return error_out_of_memory();
        writer->file_ids = ids;
        writer->file_capacity = capacity;
    }
    sql_bind_text(writer->find_file, 1, path);
    TRY(find_id(writer, writer->find_file, id_ret));
    if (*id_ret == 0) {
        sql_bind_text(writer->insert_file, 1, path);
        TRY(sql_run(writer->database, writer->insert_file));
        *id_ret = last_id(writer);
    }
    writer->file_ids[number] = *id_ret;
    return NULL;
}

static struct error *store_member(struct writer *writer, uint64_t layout_id,
                                  const struct layout *layout, uint32_t ordinal, bool is_field)
{
    const struct layout_member *member = &layout->members[ordinal];
    sqlite3_stmt *insert = writer->insert_member;
    const struct type *type;

    sqlite3_clear_bindings(insert);
    TRY(type_translate(&writer->translation, member->type, &type));
    sql_bind_number(insert, 1, layout_id);
    sql_bind_number(insert, 2, ordinal);
    sql_bind_number(insert, 3, member->depth);
    sql_bind_text(insert, 4, member->name);
    sql_bind_number(insert, 5, stored_type_id(type));
    if (layout_has_places(layout))
        sql_bind_number(insert, 6, member->bit_offset);
    if (!layout->lacks_member_sizes)
        sql_bind_number(insert, 7, member->byte_size);
    sql_bind_number(insert, 8, member->bitfield_size);
    sql_bind_number(insert, 9, is_field);
    return sql_run(writer->database, insert);
}

static struct error *store_members(struct writer *writer, uint64_t layout_id,
                                   const struct layout *layout)
{
    struct layout_fields fields = {.layout = layout};
    const struct layout_member *field = layout_next_field(&fields);

    for (uint32_t i = 0; i < layout->member_count; i++) {
        bool is_field = field == &layout->members[i];
        TRY(store_member(writer, layout_id, layout, i, is_field));
        if (is_field)
            field = layout_next_field(&fields);
    }
    return NULL;
}

static struct error *store_enumerators(struct writer *writer, uint64_t layout_id,
                                       const struct layout *layout)
{
    sqlite3_stmt *insert = writer->insert_enumerator;

    for (uint32_t i = 0; i < layout->enumerator_count; i++) {
        const struct enumerator *enumerator = &layout->enumerators[i];
        sql_bind_number(insert, 1, layout_id);
        sql_bind_number(insert, 2, i);
        sql_bind_text(insert, 3, enumerator->name);
        sqlite3_bind_int64(insert, 4, enumerator->value);
        sql_bind_number(insert, 5, enumerator->is_unsigned);
        TRY(sql_run(writer->database, insert));
    }
    return NULL;
}

static struct error *insert_layout(struct writer *writer, const struct layout *layout)
{
    sqlite3_stmt *insert = writer->insert_layout;
    const struct type *type;

    sqlite3_clear_bindings(insert);
    sql_bind_text(insert, 1, definition_kind_texts[layout->kind].word);
    sql_bind_text(insert, 2, layout->name);
    if (layout_has_byte_size(layout))
        sql_bind_number(insert, 3, layout->byte_size);
    sql_bind_number(insert, 4, layout->lacks_member_sizes);
    sql_bind_number(insert, 5, layout->member_count);
    sql_bind_number(insert, 6, layout->enumerator_count);
    if (layout->type) {
        TRY(type_translate(&writer->translation, layout->type, &type));
        sql_bind_number(insert, 7, stored_type_id(type));
    }
    if (layout->encoding)
        sql_bind_text(insert, 8, layout->encoding);
    sql_bind_bytes(insert, 9, layout->digest, sizeof(layout->digest));
    return sql_run(writer->database, insert);
}

static struct error *store_layout(struct writer *writer, const struct layout *layout,
                                  uint64_t *id_ret)
{
    sql_bind_bytes(writer->find_layout, 1, layout->digest, sizeof(layout->digest));
    TRY(find_id(writer, writer->find_layout, id_ret));
    if (*id_ret != 0)
        return NULL;
    TRY(insert_layout(writer, layout));
    *id_ret = last_id(writer);
    TRY(store_members(writer, *id_ret, layout));
    return store_enumerators(writer, *id_ret, layout);
}

static struct error *store_users(struct writer *writer, uint64_t layout_id,
                                 const struct kernel_definition *definition)
{
    for (size_t i = 0; i < definition->user_count; i++) {
        uint64_t file_id;
        TRY(store_file(writer, definition->users[i], &file_id));
        sql_bind_number(writer->insert_user, 1, writer->image_id);
        sql_bind_number(writer->insert_user, 2, layout_id);
        sql_bind_number(writer->insert_user, 3, i);
        sql_bind_number(writer->insert_user, 4, file_id);
        TRY(sql_run(writer->database, writer->insert_user));
    }
    return NULL;
}

static struct error *store_definition(struct writer *writer,
                                      const struct kernel_definition *definition, size_t ordinal,
                                      size_t position, uint64_t *layout_id_ret)
{
    sqlite3_stmt *insert = writer->insert_definition;
    uint64_t file_id;

    TRY(store_layout(writer, definition->layout, layout_id_ret));
    sqlite3_clear_bindings(insert);
    sql_bind_number(insert, 1, writer->image_id);
    sql_bind_number(insert, 2, *layout_id_ret);
    sql_bind_number(insert, 3, ordinal);
    if (definition->declaration_file[0] != '\0') {
        TRY(store_file(writer, definition->declaration_file, &file_id));
        sql_bind_number(insert, 4, file_id);
    }
    sql_bind_number(insert, 5, definition->declaration_line);
    sql_bind_number(insert, 6, position);
    return sql_run(writer->database, insert);
}

static struct error *store_entry(struct writer *writer, const struct kernel_definitions *entry)
{
    uint64_t layout_id;

    TRY(store_definition(writer, &entry->definition, 0, 0, &layout_id));
    for (size_t i = 0; i < entry->further_count; i++) {
        TRY(store_definition(writer, &entry->further[i], i + 1, i + 1, &layout_id));
        TRY(store_users(writer, layout_id, &entry->further[i]));
    }
    return NULL;
}

/* The first of the modules stands for all. */
static struct error *store_module_definition(struct writer *writer,
                                             const struct module_definition *entry)
{
    uint64_t layout_id;

    writer->image_id = writer->module_ids[entry->modules[0].number];
    TRY(store_definition(writer, entry->definition, entry->ordinal, entry->modules[0].position,
                         &layout_id));
    for (uint32_t i = 1; i < entry->module_count; i++) {
        sql_bind_number(writer->insert_further_image, 1, layout_id);
        sql_bind_number(writer->insert_further_image, 2,
                        writer->module_ids[entry->modules[i].number]);
        sql_bind_number(writer->insert_further_image, 3, entry->modules[i].position);
        TRY(sql_run(writer->database, writer->insert_further_image));
    }
    return NULL;
}

static struct error *store_module_definitions(struct writer *writer,
                                              const struct kernel_layouts *layouts)
{
    CLEANUP(module_definitions_deinit) struct module_definitions all = {0};

    TRY(module_definitions_make(layouts, &all));
    for (size_t i = 0; i < all.count; i++)
        TRY(store_module_definition(writer, &all.definitions[i]));
    return NULL;
}

static struct error *store_definitions(struct writer *writer, const struct kernel_layouts *layouts)
{
    for (size_t i = 0; i < layouts->definition_count; i++)
        TRY(store_entry(writer, &layouts->definitions[i]));
    TRY(store_module_definitions(writer, layouts));
    return stored_types_append(writer->database, &writer->types, writer->stored_type_count);
}

static struct error *add_to_digest(struct sha256 *hash, size_t count,
                                   const struct kernel_definitions *definitions)
{
    for (size_t i = 0; i < count; i++) {
        const struct kernel_definitions *entry = &definitions[i];
        TRY(sha256_update(hash, entry->definition.layout->digest, LAYOUT_DIGEST_BYTES));
        for (size_t j = 0; j < entry->further_count; j++)
            TRY(sha256_update(hash, entry->further[j].layout->digest, LAYOUT_DIGEST_BYTES));
    }
    return NULL;
}

/* SHA-256 over all layouts' digests: first definitions by kind and name, further ones after theirs;
 * then each module's name, and its own. */
static struct error *compute_digest(const struct kernel_layouts *layouts,
                                    uint8_t digest[LAYOUT_DIGEST_BYTES])
{
    CLEANUP(sha256_deinit) struct sha256 hash = {0};

    TRY(sha256_init(&hash));
    TRY(add_to_digest(&hash, layouts->definition_count, layouts->definitions));
    for (size_t i = 0; i < layouts->module_count; i++) {
        const struct kernel_image *module = &layouts->modules[i];
        TRY(sha256_update(&hash, module->name, strlen(module->name) + 1));
        TRY(add_to_digest(&hash, module->definition_count, module->definitions));
    }
    return sha256_finish_bytes(&hash, digest);
}

static struct error *insert_image(struct writer *writer, uint64_t kernel_id,
                                  const struct kernel_image *image, uint64_t *id_ret)
{
    sql_bind_number(writer->insert_image, 1, kernel_id);
    sql_bind_text(writer->insert_image, 2, image->name);
    sql_bind_text(writer->insert_image, 3, image->build_id);
    sql_bind_text(writer->insert_image, 4, image->source_version);
    TRY(sql_run(writer->database, writer->insert_image));
    *id_ret = last_id(writer);
    return NULL;
}

static struct error *insert_images(struct writer *writer, uint64_t kernel_id,
                                   const struct kernel_record *record,
                                   const struct kernel_layouts *layouts)
{
    const struct kernel_image vmlinux = {
        .name = VMLINUX_IMAGE, .build_id = record->build_id, .source_version = ""};

    TRY(insert_image(writer, kernel_id, &vmlinux, &writer->image_id));
    writer->module_ids = calloc(layouts->module_count + 1, sizeof(*writer->module_ids));
    if (!writer->module_ids)
        return error_out_of_memory();
    for (size_t i = 0; i < layouts->module_count; i++)
        TRY(insert_image(writer, kernel_id, &layouts->modules[i], &writer->module_ids[i]));
    return NULL;
}

static struct error *insert_kernel(struct writer *writer, const struct kernel_record *record,
                                   const struct kernel_layouts *layouts)
{
    CLEANUP(free_pointer) char *passed_over = NULL;
    struct kernel_record row = *record;
    char now[TIME_TEXT_BYTES];
    uint64_t kernel_id;

    time_text(time(NULL), now);
    TRY(kernel_layouts_describe_passed_over(layouts, &passed_over));
    TRY(compute_digest(layouts, row.digest));
    row.passed_over = passed_over;
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++)
        row.counts[kind] = kernel_layouts_count(layouts, kind);
    row.read_at = now;
    row.module_count = layouts->module_count;
    TRY(kernel_table_insert(writer->database, &row, &kernel_id));
    return insert_images(writer, kernel_id, &row, layouts);
}

static struct error *remove_kernel(const struct dataset *dataset, uint64_t kernel_id)
{
    static const char *const statements[] = {
        "DELETE FROM further_user WHERE image IN (SELECT id FROM image WHERE kernel = ?)",
        "DELETE FROM further_image WHERE image IN (SELECT id FROM image WHERE kernel = ?)",
        "DELETE FROM definition WHERE image IN (SELECT id FROM image WHERE kernel = ?)",
        "DELETE FROM image WHERE kernel = ?",
        "DELETE FROM kernel WHERE id = ?",
    };

    for (size_t i = 0; i < ARRAY_LENGTH(statements); i++) {
        CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
        TRY(sql_prepare(&dataset->database, statements[i], &statement));
        sql_bind_number(statement, 1, kernel_id);
        TRY(sql_run(&dataset->database, statement));
    }
    return NULL;
}

/* Layouts that only a removed kernel had go; types stay, since their ids are their order. */
static struct error *remove_orphans(const struct dataset *dataset)
{
    return sql_execute(&dataset->database,
                       "DELETE FROM member WHERE layout NOT IN (SELECT layout FROM definition);"
                       "DELETE FROM layout_enumerator WHERE layout NOT IN"
                       " (SELECT layout FROM definition);"
                       "DELETE FROM layout WHERE id NOT IN (SELECT layout FROM definition)");
}

/* What does not come out of the data set as it went in is not kept: no later command could read it.
 */
static struct error *check_stored(const struct dataset *dataset, uint64_t last_id_before)
{
    struct error *error = dataset_check_layouts_above(&dataset->database, last_id_before);

    if (!error || error->code != ERROR_DATASET)
        return error;
    struct error *refused = error_create(
        ERROR_INTERNAL, NULL, "cannot be stored as it was read, and is left out: %s", error->why);
    error_destroy(error);
    return refused;
}

static struct error *store(struct dataset *dataset, const struct kernel_record *record,
                           const struct kernel_layouts *layouts, struct writer *writer)
{
    uint64_t last_layout_id;
    uint64_t replaced_id;

    TRY(dataset_find_kernel(dataset, record->name, &replaced_id));
    if (replaced_id != 0)
        TRY(remove_kernel(dataset, replaced_id));
    TRY(sql_query_number(&dataset->database, "SELECT ifnull(max(id), 0) FROM layout",
                         &last_layout_id));
    TRY(prepare(writer));
    TRY(insert_kernel(writer, record, layouts));
    TRY(store_definitions(writer, layouts));
    TRY(check_stored(dataset, last_layout_id));
    TRY(dataset_forget_failure(dataset, record->name));
    return replaced_id != 0 ? remove_orphans(dataset) : NULL;
}

struct error *dataset_store(struct dataset *dataset, const struct kernel_record *record,
                            const struct kernel_layouts *layouts)
{
    struct writer writer = {.database = &dataset->database};

    TRY(sql_begin(&dataset->database));
    type_table_init(&writer.types);
    type_translation_init(&writer.translation, &writer.types);
    string_table_init(&writer.files);
    struct error *error = store(dataset, record, layouts, &writer);
    release(&writer);
    return sql_end(&dataset->database, error);
}

static struct error *remove_all_of(struct dataset *dataset, const char *kernel_name)
{
    uint64_t kernel_id;

    TRY(dataset_find_kernel(dataset, kernel_name, &kernel_id));
    if (kernel_id == 0)
        return NULL;
    TRY(remove_kernel(dataset, kernel_id));
    return remove_orphans(dataset);
}

struct error *dataset_remove_kernel(struct dataset *dataset, const char *kernel_name)
{
    TRY(sql_begin(&dataset->database));
    return sql_end(&dataset->database, remove_all_of(dataset, kernel_name));
}
