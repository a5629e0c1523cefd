/* SPDX-License-Identifier: MIT */
#include "dataset/schema.h"

#include "model/kernel_record.h"

#define FAILURE_TABLE                                                                              \
    "CREATE TABLE failure (\n"                                                                     \
    "    -- A kernel that was tried and not read since; gone once it is.\n"                        \
    "    name TEXT PRIMARY KEY,          -- as kernel.name\n"                                      \
    "    kind TEXT NOT NULL,             -- 'not found', 'corrupt', …\n"                         \
    "    reason TEXT NOT NULL,           -- of the last try\n"                                     \
    "    first_failed_at TEXT NOT NULL,  -- the first in a row; UTC, ISO 8601\n"                   \
    "    failed_at TEXT NOT NULL,        -- the last one\n"                                        \
    "    tries INTEGER NOT NULL,         -- how many in a row\n"                                   \
    "    wanted TEXT NOT NULL,           -- what the list asked for\n"                             \
    "    reader TEXT NOT NULL            -- the program's version that tried\n"                    \
    ") WITHOUT ROWID;\n"

/* What an import does not know is 0 in the tables: that all of a struct's numbers are, or only the
 * members' sizes. */
#define FIELD_VIEW                                                                                 \
    "CREATE VIEW field AS\n"                                                                       \
    "    -- One row for each kernel, struct and field. NULL: it is not known.\n"                   \
    "    SELECT kernel.name AS kernel, layout.name AS struct,\n"                                   \
    "           CASE WHEN layout.has_places THEN layout.byte_size END AS struct_byte_size,\n"      \
    "           member.name AS field, type.text AS type,\n"                                        \
    "           CASE WHEN layout.has_places THEN member.bit_offset / 8 END AS byte_offset,\n"      \
    "           CASE WHEN layout.has_places THEN member.bit_offset END AS bit_offset,\n"           \
    "           CASE WHEN NOT layout.lacks_member_sizes THEN member.byte_size END AS byte_size,\n" \
    "           member.bitfield_size AS bitfield_size, member.ordinal AS ordinal\n"                \
    "    FROM definition\n"                                                                        \
    "    JOIN kernel ON kernel.id = definition.kernel\n"                                           \
    "    JOIN (SELECT *, NOT lacks_member_sizes OR byte_size > 0 OR member_count = 0\n"            \
    "                 AS has_places FROM layout) AS layout ON layout.id = definition.layout\n"     \
    "    JOIN member ON member.layout = layout.id AND member.is_field\n"                           \
    "    JOIN type ON type.id = member.type\n"                                                     \
    "    WHERE definition.ordinal = 0;\n"

#define TEXT_COLUMN(column, note) "    " #column " TEXT NOT NULL DEFAULT '', -- " note "\n"
#define NUMBER_COLUMN(column, note) "    " #column " INTEGER NOT NULL DEFAULT 0, -- " note "\n"

const char dataset_schema[] =
    "CREATE TABLE kernel (\n"
    "    -- One kernel that was read.\n"
    "    id INTEGER PRIMARY KEY,\n" KERNEL_TEXTS(TEXT_COLUMN) KERNEL_NUMBERS(
        NUMBER_COLUMN) "    digest BLOB NOT NULL -- SHA-256 over all names and layouts: equal, "
                       "nothing differs\n"
                       ");\n"
                       "CREATE UNIQUE INDEX kernel_name ON kernel (name);\n"
                       "CREATE TABLE type (\n"
                       "    -- A C type as members use it. Each distinct one once.\n"
                       "    id INTEGER PRIMARY KEY,\n"
                       "    kind TEXT NOT NULL,      -- VOID INT TYPEDEF STRUCT UNION ENUM FWD "
                       "CONST VOLATILE "
                       "RESTRICT\n"
                       "                             -- ATOMIC PTR ARRAY FUNC_PROTO\n"
                       "    name TEXT,               -- of INT TYPEDEF STRUCT UNION ENUM FWD\n"
                       "    is_union INTEGER NOT NULL, -- FWD: declared as a union\n"
                       "    target INTEGER REFERENCES type, -- qualified, pointed to, element, "
                       "returned\n"
                       "    dimensions TEXT,         -- ARRAY: '3' or '4,16'; 0 for a flexible "
                       "one\n"
                       "    parameters TEXT,         -- FUNC_PROTO: ids of type, '5,17'\n"
                       "    text TEXT NOT NULL       -- as the pages print it\n"
                       ");\n"
                       "CREATE TABLE layout (\n"
                       "    -- A struct as some compiler laid it out. Each distinct one once.\n"
                       "    id INTEGER PRIMARY KEY,\n"
                       "    name TEXT NOT NULL,\n"
                       "    byte_size INTEGER NOT NULL,\n"
                       "    lacks_member_sizes INTEGER NOT NULL, -- 1: imported from where members "
                       "have no sizes\n"
                       "    member_count INTEGER NOT NULL,\n"
                       "    digest BLOB NOT NULL UNIQUE\n"
                       ");\n"
                       "CREATE INDEX layout_name ON layout (name);\n"
                       "CREATE TABLE member (\n"
                       "    -- A layout's members in source order; those of an unnamed struct or "
                       "union stand right "
                       "behind\n"
                       "    -- the member that has it, one deeper.\n"
                       "    layout INTEGER NOT NULL REFERENCES layout,\n"
                       "    ordinal INTEGER NOT NULL,       -- from 0\n"
                       "    depth INTEGER NOT NULL,         -- 0: the struct's own\n"
                       "    name TEXT NOT NULL,             -- '' if its own members count as the "
                       "outer struct's\n"
                       "    type INTEGER NOT NULL REFERENCES type,\n"
                       "    bit_offset INTEGER NOT NULL,    -- from the struct's start; below a "
                       "pointer, from the "
                       "start\n"
                       "                                    -- of what it points to\n"
                       "    byte_size INTEGER NOT NULL,     -- of its type; 0 for incomplete "
                       "types\n"
                       "    bitfield_size INTEGER NOT NULL, -- bits; 0 if it is no bit-field\n"
                       "    is_field INTEGER NOT NULL,      -- 1: the pages show it\n"
                       "    PRIMARY KEY (layout, ordinal)\n"
                       ") WITHOUT ROWID;\n"
                       "CREATE TABLE source_file (\n"
                       "    id INTEGER PRIMARY KEY,\n"
                       "    path TEXT NOT NULL UNIQUE       -- in the kernel's source tree\n"
                       ");\n"
                       "CREATE TABLE definition (\n"
                       "    -- That a kernel defines a struct. Ordinal 0 is the first definition, "
                       "which the pages "
                       "show;\n"
                       "    -- the others are different structs of the same name.\n"
                       "    kernel INTEGER NOT NULL REFERENCES kernel,\n"
                       "    layout INTEGER NOT NULL REFERENCES layout,\n"
                       "    ordinal INTEGER NOT NULL,\n"
                       "    source_file INTEGER REFERENCES source_file, -- where it is declared\n"
                       "    line INTEGER NOT NULL,                      -- 0 if unknown\n"
                       "    PRIMARY KEY (kernel, layout)\n"
                       ") WITHOUT ROWID;\n"
                       "CREATE INDEX definition_layout ON definition (layout);\n"
                       "CREATE TABLE further_user (\n"
                       "    -- The source files that use a definition with an ordinal above 0.\n"
                       "    kernel INTEGER NOT NULL REFERENCES kernel,\n"
                       "    layout INTEGER NOT NULL REFERENCES layout,\n"
                       "    ordinal INTEGER NOT NULL,\n"
                       "    source_file INTEGER NOT NULL REFERENCES source_file,\n"
                       "    PRIMARY KEY (kernel, layout, ordinal)\n"
                       ") WITHOUT ROWID;\n" FAILURE_TABLE FIELD_VIEW;

/* What was asked for and who tried is not known of old failures: they are tried again at once. */
static const char from_1_to_2[] =
    "ALTER TABLE kernel ADD COLUMN reader_revision INTEGER NOT NULL DEFAULT 1;\n"
    "ALTER TABLE failure RENAME TO old_failure;\n" FAILURE_TABLE
    "INSERT INTO failure SELECT name, kind, reason, failed_at, failed_at, 1, '', ''"
    " FROM old_failure;\n"
    "DROP TABLE old_failure;\n";

static const char from_2_to_3[] =
    "ALTER TABLE kernel ADD COLUMN passed_over TEXT NOT NULL DEFAULT '';\n"
    "DROP VIEW field;\n" FIELD_VIEW;

const char *const dataset_upgrades[DATASET_SCHEMA_VERSION] = {
    [1] = from_1_to_2,
    [2] = from_2_to_3,
};
