/* SPDX-License-Identifier: MIT */
/* The kernels of one data set in another: row by row, with new numbers where numbers differ. */
#include "dataset/dataset.h"
#include "dataset/handle.h"
#include "dataset/kernel_table.h"
#include "dataset/merge/merged_types.h"

/* What has which number here: temporary tables, with the number there before. */
static const char numbers[] =
    "CREATE TEMP TABLE merged_type (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);"
    "CREATE TEMP TABLE merged_kernel (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);"
    "CREATE TEMP TABLE merged_image (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);"
    "CREATE TEMP TABLE merged_file (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);"
    "CREATE TEMP TABLE merged_layout (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);";

static const char no_numbers[] =
    "DROP TABLE IF EXISTS merged_type; DROP TABLE IF EXISTS merged_kernel;"
    "DROP TABLE IF EXISTS merged_image; DROP TABLE IF EXISTS merged_file;"
    "DROP TABLE IF EXISTS merged_layout;";

static const char kernels_and_images[] =
    "INSERT INTO main.kernel (" KERNEL_TABLE_COLUMNS ") SELECT " KERNEL_TABLE_COLUMNS
    " FROM other.kernel WHERE name NOT IN (SELECT name FROM main.kernel) ORDER BY name;"
    "INSERT INTO merged_kernel SELECT there.id, here.id FROM other.kernel AS there"
    " JOIN main.kernel AS here ON here.name = there.name"
    " WHERE here.id NOT IN (SELECT kernel FROM main.image);"
    "INSERT INTO main.image (kernel, name, build_id, source_version)"
    " SELECT new, name, build_id, source_version FROM other.image"
    " JOIN merged_kernel ON old = kernel ORDER BY id;"
    "INSERT INTO merged_image SELECT there.id, here.id FROM other.image AS there"
    " JOIN merged_kernel ON old = there.kernel"
    " JOIN main.image AS here ON here.kernel = new AND here.name = there.name;";

static const char files[] =
    "INSERT OR IGNORE INTO main.source_file (path) SELECT path FROM other.source_file"
    " WHERE id IN (SELECT source_file FROM other.definition"
    "               JOIN merged_image ON old = image)"
    " OR id IN (SELECT source_file FROM other.further_user JOIN merged_image ON old = image)"
    " ORDER BY id;"
    "INSERT INTO merged_file SELECT there.id, here.id FROM other.source_file AS there"
    " JOIN main.source_file AS here ON here.path = there.path;";

static const char layouts[] =
    "INSERT INTO main.layout (kind, name, byte_size, lacks_member_sizes, member_count,"
    "                         enumerator_count, type, encoding, digest)"
    " SELECT kind, name, byte_size, lacks_member_sizes, member_count, enumerator_count, new,"
    "        encoding, digest"
    " FROM other.layout LEFT JOIN merged_type ON old = type"
    " WHERE id IN (SELECT layout FROM other.definition JOIN merged_image ON old = image"
    "              UNION SELECT layout FROM other.further_image JOIN merged_image ON old = image)"
    " AND digest NOT IN (SELECT digest FROM main.layout) ORDER BY id;"
    "INSERT INTO merged_layout SELECT there.id, here.id FROM other.layout AS there"
    " JOIN main.layout AS here ON here.digest = there.digest;";

/* Of layouts that are new here. */
static const char parts[] =
    "INSERT INTO main.member (layout, ordinal, depth, name, type, bit_offset, byte_size,"
    "                         bitfield_size, is_field)"
    " SELECT layout.new, ordinal, depth, name, type.new, bit_offset, byte_size, bitfield_size,"
    "        is_field"
    " FROM other.member JOIN merged_layout AS layout ON layout.old = layout"
    " JOIN merged_type AS type ON type.old = type"
    " WHERE layout.new > (SELECT last_layout FROM merge_state) ORDER BY 1, 2;"
    "INSERT INTO main.layout_enumerator (layout, ordinal, name, value, is_unsigned)"
    " SELECT new, ordinal, name, value, is_unsigned"
    " FROM other.layout_enumerator JOIN merged_layout ON old = layout"
    " WHERE new > (SELECT last_layout FROM merge_state) ORDER BY 1, 2;";

static const char definitions[] =
    "INSERT INTO main.definition (image, layout, ordinal, source_file, line, position)"
    " SELECT image.new, layout.new, ordinal, file.new, line, position FROM other.definition"
    " JOIN merged_image AS image ON image.old = image"
    " JOIN merged_layout AS layout ON layout.old = layout"
    " LEFT JOIN merged_file AS file ON file.old = source_file ORDER BY 1, 2;"
    "INSERT INTO main.further_user (image, layout, ordinal, source_file)"
    " SELECT image.new, layout.new, ordinal, file.new FROM other.further_user"
    " JOIN merged_image AS image ON image.old = image"
    " JOIN merged_layout AS layout ON layout.old = layout"
    " JOIN merged_file AS file ON file.old = source_file ORDER BY 1, 2, 3;"
    "INSERT INTO main.further_image (layout, image, position)"
    " SELECT layout.new, image.new, position FROM other.further_image"
    " JOIN merged_image AS image ON image.old = image"
    " JOIN merged_layout AS layout ON layout.old = layout ORDER BY 1, 2;";

static const char failures[] =
    "DELETE FROM main.failure WHERE name IN (SELECT name FROM main.kernel);"
    "INSERT OR IGNORE INTO main.failure (name, kind, reason, first_failed_at, failed_at, tries,"
    "                                    wanted, reader)"
    " SELECT name, kind, reason, first_failed_at, failed_at, tries, wanted, reader"
    " FROM other.failure WHERE name NOT IN (SELECT name FROM main.kernel);";

/* A kernel that both have must be one. */
static struct error *check_names(const struct sql_database *database,
                                 const struct sql_database *source)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    TRY(sql_prepare(database,
                    "SELECT there.name FROM other.kernel AS there"
                    " JOIN main.kernel AS here ON here.name = there.name"
                    " WHERE here.digest <> there.digest ORDER BY 1 LIMIT 1",
                    &statement));
    TRY(sql_step(database, statement, &has_row));
    if (!has_row)
        return NULL;
    return error_create(ERROR_CONFIGURATION, source->path,
                        "has another kernel %s than the data set here: remove one of the two, or "
                        "read it anew",
                        sql_column_text(statement, 0));
}

/* Where the layouts end that were there before. */
static struct error *note_last_layout(const struct sql_database *database, uint64_t *last_ret)
{
    TRY(sql_execute(database, "DROP TABLE IF EXISTS merge_state;"
                              "CREATE TEMP TABLE merge_state AS"
                              " SELECT coalesce(max(id), 0) AS last_layout FROM main.layout"));
    return sql_query_number(database, "SELECT last_layout FROM merge_state", last_ret);
}

static struct error *copy_rows(const struct sql_database *database,
                               const struct sql_database *source, uint64_t *count_ret)
{
    uint64_t last_layout;

    TRY(sql_execute(database, no_numbers));
    TRY(sql_execute(database, numbers));
    TRY(check_names(database, source));
    TRY(note_last_layout(database, &last_layout));
    TRY(merged_types_add(database, source));
    TRY(sql_execute(database, kernels_and_images));
    TRY(sql_execute(database, files));
    TRY(sql_execute(database, layouts));
    TRY(sql_execute(database, parts));
    TRY(sql_execute(database, definitions));
    TRY(sql_execute(database, failures));
    TRY(dataset_check_layouts_above(database, last_layout));
    return sql_query_number(database, "SELECT count(*) FROM merged_kernel", count_ret);
}

static struct error *attach_file(const struct sql_database *database, const char *path)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    TRY(sql_prepare(database, "ATTACH ? AS other", &statement));
    sql_bind_text(statement, 1, path);
    struct error *error = sql_step(database, statement, &has_row);
    if (!error)
        return NULL;
    struct error *located =
        error_create(error->code, path, "cannot be merged into %s: %s", database->path, error->why);
    error_destroy(error);
    return located;
}

/* The copy in memory of one that lies where nobody may write; it must outlive the attachment. It is
 * not declared read-only: a transaction that is to write begins in all files at once. */
static struct error *attach_copy(const struct sql_database *database, const struct dataset *source)
{
    sqlite3_int64 length = (sqlite3_int64)source->copy_length;

    TRY(sql_execute(database, "ATTACH ':memory:' AS other"));
    if (sqlite3_deserialize(database->handle, "other", (unsigned char *)source->copy, length,
                            length, 0) != SQLITE_OK)
        return sql_error(&source->database, "cannot be merged");
    return NULL;
}

static struct error *merge(const struct sql_database *database, const struct dataset *source,
                           uint64_t *count_ret)
{
    TRY(source->copy ? attach_copy(database, source)
                     : attach_file(database, source->database.path));
    struct error *error = sql_begin(database);
    if (!error)
        error = sql_end(database, copy_rows(database, &source->database, count_ret));
    error_keep_first(&error, sql_execute(database, "DETACH other"));
    return error;
}

struct error *dataset_merge(struct dataset *dataset, const char *path, uint64_t *count_ret)
{
    struct dataset *source;

    TRY(dataset_open(path, DATASET_READ, &source));
    struct error *error = dataset_check(source);
    if (!error)
        error = merge(&dataset->database, source, count_ret);
    dataset_close(source);
    return error;
}
