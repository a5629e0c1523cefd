/* SPDX-License-Identifier: MIT */
#include "dataset/schema.h"

#include "model/kernel/kernel_record.h"

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

/* What an import does not know is NULL. */
#define LAYOUT_TABLE                                                                               \
    "CREATE TABLE layout (\n"                                                                      \
    "    -- A definition as some compiler laid it out. Each distinct one once.\n"                  \
    "    id INTEGER PRIMARY KEY,\n"                                                                \
    "    kind TEXT NOT NULL,          -- struct union enum typedef int\n"                          \
    "    name TEXT NOT NULL,          -- '(anon-A)': the enum without a name that begins with A\n" \
    "    byte_size INTEGER,           -- NULL: not known; of most typedefs 0\n"                    \
    "    lacks_member_sizes INTEGER NOT NULL, -- 1: imported from where members have no sizes\n"   \
    "    member_count INTEGER NOT NULL,\n"                                                         \
    "    enumerator_count INTEGER NOT NULL,\n"                                                     \
    "    type INTEGER REFERENCES type, -- what a typedef stands for; else NULL\n"                  \
    "    encoding TEXT,               -- of a base type: 'signed', 'boolean', …; else NULL\n"    \
    "    digest BLOB NOT NULL UNIQUE\n"                                                            \
    ");\n"                                                                                         \
    "CREATE INDEX layout_name ON layout (name, kind);\n"

#define MEMBER_TABLE                                                                               \
    "CREATE TABLE member (\n"                                                                      \
    "    -- A layout's members in source order; those of an unnamed struct or union stand right\n" \
    "    -- after the member that has it, one deeper.\n"                                           \
    "    layout INTEGER NOT NULL REFERENCES layout,\n"                                             \
    "    ordinal INTEGER NOT NULL,       -- from 0\n"                                              \
    "    depth INTEGER NOT NULL,         -- 0: the layout's own\n"                                 \
    "    name TEXT NOT NULL,             -- '' if its own members count as the outer one's\n"      \
    "    type INTEGER NOT NULL REFERENCES type,\n"                                                 \
    "    bit_offset INTEGER,             -- from the layout's start; below a pointer, from the\n"  \
    "                                    -- start of what it points to. NULL: not known\n"         \
    "    byte_size INTEGER,              -- of its type; 0 for incomplete types; NULL: not "       \
    "known\n"                                                                                      \
    "    bitfield_size INTEGER NOT NULL, -- bits; 0 if it is no bit-field\n"                       \
    "    is_field INTEGER NOT NULL,      -- 1: the pages show it\n"                                \
    "    PRIMARY KEY (layout, ordinal)\n"                                                          \
    ") WITHOUT ROWID;\n"

#define ENUMERATOR_TABLE                                                                           \
    "CREATE TABLE layout_enumerator (\n"                                                           \
    "    -- Of an enum, or of a typedef of one without a name, in source order.\n"                 \
    "    layout INTEGER NOT NULL REFERENCES layout,\n"                                             \
    "    ordinal INTEGER NOT NULL,       -- from 0\n"                                              \
    "    name TEXT NOT NULL,\n"                                                                    \
    "    value INTEGER NOT NULL,\n"                                                                \
    "    is_unsigned INTEGER NOT NULL,   -- 1: VALUE stands for what is 2^64 more\n"               \
    "    PRIMARY KEY (layout, ordinal)\n"                                                          \
    ") WITHOUT ROWID;\n"

#define VIEWS                                                                                      \
    "CREATE VIEW field AS\n"                                                                       \
    "    -- One row for each kernel, struct, union (or typedef of one without a name) and "        \
    "field.\n"                                                                                     \
    "    -- NULL: it is not known. image: vmlinux; where that lacks it, the first module that "    \
    "has "                                                                                         \
    "it.\n"                                                                                        \
    "    SELECT kernel.name AS kernel, layout.name AS struct,\n"                                   \
    "           layout.byte_size AS struct_byte_size,\n"                                           \
    "           member.name AS field, type.text AS type,\n"                                        \
    "           member.bit_offset / 8 AS byte_offset, member.bit_offset AS bit_offset,\n"          \
    "           member.byte_size AS byte_size,\n"                                                  \
    "           member.bitfield_size AS bitfield_size, member.ordinal AS ordinal,\n"               \
    "           layout.kind AS kind, image.name AS image\n"                                        \
    "    FROM definition\n"                                                                        \
    "    JOIN image ON image.id = definition.image\n"                                              \
    "    JOIN kernel ON kernel.id = image.kernel\n"                                                \
    "    JOIN layout ON layout.id = definition.layout\n"                                           \
    "    JOIN member ON member.layout = layout.id AND member.is_field\n"                           \
    "    JOIN type ON type.id = member.type\n"                                                     \
    "    WHERE definition.ordinal = 0;\n"                                                          \
    "CREATE VIEW enumerator AS\n"                                                                  \
    "    -- One row for each kernel, enum (or typedef of one without a name) and enumerator.\n"    \
    "    SELECT kernel.name AS kernel, layout.name AS enum, layout.kind AS kind,\n"                \
    "           layout.byte_size AS enum_byte_size, one.name AS enumerator,\n"                     \
    "           CASE WHEN one.is_unsigned THEN PRINTF('%u', one.value) ELSE one.value END\n"       \
    "               AS value, one.ordinal AS ordinal, image.name AS image\n"                       \
    "    FROM definition\n"                                                                        \
    "    JOIN image ON image.id = definition.image\n"                                              \
    "    JOIN kernel ON kernel.id = image.kernel\n"                                                \
    "    JOIN layout ON layout.id = definition.layout\n"                                           \
    "    JOIN layout_enumerator AS one ON one.layout = layout.id\n"                                \
    "    WHERE definition.ordinal = 0;\n"                                                          \
    "CREATE VIEW typedef AS\n"                                                                     \
    "    -- One row for each kernel and typedef.\n"                                                \
    "    SELECT kernel.name AS kernel, layout.name AS typedef, type.text AS type,\n"               \
    "           image.name AS image\n"                                                             \
    "    FROM definition\n"                                                                        \
    "    JOIN image ON image.id = definition.image\n"                                              \
    "    JOIN kernel ON kernel.id = image.kernel\n"                                                \
    "    JOIN layout ON layout.id = definition.layout AND layout.kind = 'typedef'\n"               \
    "    JOIN type ON type.id = layout.type\n"                                                     \
    "    WHERE definition.ordinal = 0;\n"

#define TEXT_COLUMN(column, note) "    " #column " TEXT NOT NULL DEFAULT '', -- " note "\n"
#define NUMBER_COLUMN(column, note) "    " #column " INTEGER NOT NULL DEFAULT 0, -- " note "\n"

#define COUNT_COLUMN(kind, word, singular, plural, ...)                                            \
    "    " word "_count INTEGER NOT NULL DEFAULT 0, -- names of " plural "\n"

#define KERNEL_TABLE                                                                               \
    "CREATE TABLE kernel (\n"                                                                      \
    "    -- One kernel that was read.\n"                                                           \
    "    id INTEGER PRIMARY KEY,\n" KERNEL_TEXTS(TEXT_COLUMN) KERNEL_NUMBERS(NUMBER_COLUMN)        \
        DEFINITION_KINDS(                                                                          \
            COUNT_COLUMN) "    digest BLOB NOT NULL -- SHA-256 over all definitions: "             \
                          "equal, nothing differs\n"                                               \
                          ");\n"                                                                   \
                          "CREATE UNIQUE INDEX kernel_name ON kernel (name);\n"

#define OTHER_TABLES                                                                               \
    "CREATE TABLE type (\n"                                                                        \
    "    -- A C type as members use it. Each distinct one once.\n"                                 \
    "    id INTEGER PRIMARY KEY,\n"                                                                \
    "    kind TEXT NOT NULL,      -- VOID INT TYPEDEF STRUCT UNION ENUM CONST VOLATILE RESTRICT\n" \
    "                             -- ATOMIC PTR ARRAY FUNC_PROTO; FWD only from imports\n"         \
    "    name TEXT,               -- of INT TYPEDEF STRUCT UNION ENUM FWD\n"                       \
    "    is_union INTEGER NOT NULL, -- FWD: declared as a union\n"                                 \
    "    target INTEGER REFERENCES type, -- qualified, pointed to, element, returned\n"            \
    "    dimensions TEXT,         -- ARRAY: '3' or '4,16'; 0 for a flexible one\n"                 \
    "    parameters TEXT,         -- FUNC_PROTO: ids of type, '5,17'\n"                            \
    "    text TEXT NOT NULL       -- as the pages print it\n"                                      \
    ");\n"                                                                                         \
    "CREATE TABLE source_file (\n"                                                                 \
    "    id INTEGER PRIMARY KEY,\n"                                                                \
    "    path TEXT NOT NULL UNIQUE       -- in the kernel's source tree\n"                         \
    ");\n"

#define IMAGE_TABLE                                                                                \
    "CREATE TABLE image (\n"                                                                       \
    "    -- What was read of a kernel: vmlinux, or one of its modules.\n"                          \
    "    id INTEGER PRIMARY KEY,\n"                                                                \
    "    kernel INTEGER NOT NULL REFERENCES kernel,\n"                                             \
    "    name TEXT NOT NULL,             -- 'vmlinux', or the module's: 'nf_conntrack'\n"          \
    "    build_id TEXT NOT NULL,         -- hexadecimal; '' if not recorded\n"                     \
    "    source_version TEXT NOT NULL DEFAULT '' -- a module's srcversion; '' if not recorded\n"   \
    ");\n"                                                                                         \
    "CREATE UNIQUE INDEX image_name ON image (kernel, name);\n"

#define DEFINITION_TABLES                                                                          \
    "CREATE TABLE definition (\n"                                                                  \
    "    -- That an image has a definition. A module has what vmlinux lacks or has otherwise;\n"   \
    "    -- where several have it, the first by name stands for all. Ordinal 0 is the first one\n" \
    "    -- of its kind and name in a kernel, vmlinux's if it has one, else that which most\n"     \
    "    -- modules have; the others are different ones.\n"                                        \
    "    image INTEGER NOT NULL REFERENCES image,\n"                                               \
    "    layout INTEGER NOT NULL REFERENCES layout,\n"                                             \
    "    ordinal INTEGER NOT NULL,\n"                                                              \
    "    source_file INTEGER REFERENCES source_file, -- where it is declared\n"                    \
    "    line INTEGER NOT NULL,                      -- 0 if unknown\n"                            \
    "    position INTEGER NOT NULL, -- among those of its kind and name in the image, from 0\n"    \
    "    PRIMARY KEY (image, layout)\n"                                                            \
    ") WITHOUT ROWID;\n"                                                                           \
    "-- Tells which images have it, as what they mean by its name, without a look at the table.\n" \
    "CREATE INDEX definition_layout ON definition (layout, ordinal);\n"                            \
    "CREATE TABLE further_user (\n"                                                                \
    "    -- The source files that use a definition with an ordinal above 0.\n"                     \
    "    image INTEGER NOT NULL REFERENCES image,\n"                                               \
    "    layout INTEGER NOT NULL REFERENCES layout,\n"                                             \
    "    ordinal INTEGER NOT NULL,\n"                                                              \
    "    source_file INTEGER NOT NULL REFERENCES source_file,\n"                                   \
    "    PRIMARY KEY (image, layout, ordinal)\n"                                                   \
    ") WITHOUT ROWID;\n"

#define FURTHER_IMAGE_TABLE                                                                        \
    "CREATE TABLE further_image (\n"                                                               \
    "    -- That a module has a definition, too, for which an earlier one stands.\n"               \
    "    layout INTEGER NOT NULL REFERENCES layout,\n"                                             \
    "    image INTEGER NOT NULL REFERENCES image,\n"                                               \
    "    position INTEGER NOT NULL, -- as that of a definition\n"                                  \
    "    PRIMARY KEY (layout, image)\n"                                                            \
    ") WITHOUT ROWID;\n"

const char dataset_schema[] = KERNEL_TABLE OTHER_TABLES LAYOUT_TABLE MEMBER_TABLE ENUMERATOR_TABLE
    IMAGE_TABLE DEFINITION_TABLES FURTHER_IMAGE_TABLE FAILURE_TABLE VIEWS;

/* What was asked for and who tried is not known of old failures: they are tried again at once. */
static const char from_1_to_2[] =
    "ALTER TABLE kernel ADD COLUMN reader_revision INTEGER NOT NULL DEFAULT 1;\n"
    "ALTER TABLE failure RENAME TO old_failure;\n" FAILURE_TABLE
    "INSERT INTO failure SELECT name, kind, reason, failed_at, failed_at, 1, '', ''"
    " FROM old_failure;\n"
    "DROP TABLE old_failure;\n";

/* The views are made by the last upgrade. */
static const char from_2_to_3[] =
    "ALTER TABLE kernel ADD COLUMN passed_over TEXT NOT NULL DEFAULT '';\n"
    "DROP VIEW field;\n"
    "CREATE VIEW field AS SELECT 1;\n";

#define COUNTS_ADDED                                                                               \
    "ALTER TABLE kernel ADD COLUMN union_count INTEGER NOT NULL DEFAULT 0;\n"                      \
    "ALTER TABLE kernel ADD COLUMN enum_count INTEGER NOT NULL DEFAULT 0;\n"                       \
    "ALTER TABLE kernel ADD COLUMN typedef_count INTEGER NOT NULL DEFAULT 0;\n"                    \
    "ALTER TABLE kernel ADD COLUMN int_count INTEGER NOT NULL DEFAULT 0;\n"

#define OLD_ONES_ASIDE                                                                             \
    "DROP VIEW field;\n"                                                                           \
    "DROP INDEX layout_name;\n"                                                                    \
    "DROP INDEX definition_layout;\n"                                                              \
    "ALTER TABLE layout RENAME TO old_layout;\n"                                                   \
    "ALTER TABLE member RENAME TO old_member;\n"                                                   \
    "ALTER TABLE definition RENAME TO old_definition;\n"                                           \
    "ALTER TABLE further_user RENAME TO old_further_user;\n"

#define HAS_PLACES "(NOT lacks_member_sizes OR old_layout.byte_size > 0 OR member_count = 0)"

/* What was 0 for not known is NULL. A kernel's only image has its number. */
#define OLD_ONES_COPIED                                                                            \
    "INSERT INTO layout SELECT id, 'struct', name, CASE WHEN " HAS_PLACES " THEN byte_size END,"   \
    " lacks_member_sizes, member_count, 0, NULL, NULL, digest FROM old_layout;\n"                  \
    "INSERT INTO member SELECT layout, ordinal, depth, old_member.name, type,"                     \
    " CASE WHEN " HAS_PLACES " THEN bit_offset END,"                                               \
    " CASE WHEN NOT lacks_member_sizes THEN old_member.byte_size END, bitfield_size, is_field"     \
    " FROM old_member JOIN old_layout ON old_layout.id = layout;\n"                                \
    "INSERT INTO image (id, kernel, name, build_id) SELECT id, id, 'vmlinux', build_id FROM "      \
    "kernel;\n"                                                                                    \
    "INSERT INTO definition SELECT *, ordinal FROM old_definition;\n"                              \
    "INSERT INTO further_user SELECT * FROM old_further_user;\n"                                   \
    "DROP TABLE old_further_user;\n"                                                               \
    "DROP TABLE old_definition;\n"                                                                 \
    "DROP TABLE old_member;\n"                                                                     \
    "DROP TABLE old_layout;\n"

/* All that there is are structs, until their kernels are read again. */
static const char from_3_to_4[] =
    COUNTS_ADDED OLD_ONES_ASIDE LAYOUT_TABLE MEMBER_TABLE ENUMERATOR_TABLE IMAGE_TABLE
        DEFINITION_TABLES OLD_ONES_COPIED "CREATE VIEW field AS SELECT 1;\n"
                                          "CREATE VIEW enumerator AS SELECT 1;\n"
                                          "CREATE VIEW typedef AS SELECT 1;\n";

/* No kernel's modules were read. */
static const char from_4_to_5[] =
    "ALTER TABLE kernel ADD COLUMN modules INTEGER NOT NULL DEFAULT 0;\n"
    "ALTER TABLE kernel ADD COLUMN module_count INTEGER NOT NULL DEFAULT 0;\n"
    "DROP VIEW field;\n"
    "DROP VIEW enumerator;\n"
    "DROP VIEW typedef;\n"
    "CREATE TEMP TABLE old_image AS SELECT id, kernel, name, build_id FROM image;\n"
    "DROP TABLE image;\n" IMAGE_TABLE
    "INSERT INTO image (id, kernel, name, build_id) SELECT * FROM old_image;\n"
    "DROP TABLE old_image;\n"
    "CREATE TEMP TABLE old_definition AS SELECT image, layout, ordinal, source_file, line"
    " FROM definition;\n"
    "CREATE TEMP TABLE old_user AS SELECT * FROM further_user;\n"
    "DROP TABLE definition;\n"
    "DROP TABLE further_user;\n" DEFINITION_TABLES
    "INSERT INTO definition SELECT *, ordinal FROM old_definition;\n"
    "INSERT INTO further_user SELECT * FROM old_user;\n"
    "DROP TABLE old_definition;\n"
    "DROP TABLE old_user;\n" FURTHER_IMAGE_TABLE VIEWS;

static const char from_5_to_6[] =
    "DROP INDEX IF EXISTS further_image_image;\n"
    "DROP INDEX definition_layout;\n"
    "CREATE INDEX definition_layout ON definition (layout, ordinal);\n";

const char *const dataset_upgrades[DATASET_SCHEMA_VERSION] = {
    [1] = from_1_to_2, [2] = from_2_to_3, [3] = from_3_to_4, [4] = from_4_to_5, [5] = from_5_to_6,
};
