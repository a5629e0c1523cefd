/* SPDX-License-Identifier: MIT */
#include "run/serving/catalog/search_table.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/hash/string_table.h"
#include "dataset/sql.h"
#include "model/definition_kind.h"

enum {
    TRIGRAM = 3,            /* shorter texts are looked for at the beginning of parts only */
    TEXT_MAXIMUM = 512,     /* that is looked for */
    WORDS_MAXIMUM = 100,    /* different names of parts that are looked into */
    QUERY_SECONDS = 2,      /* then a question is given up */
    PROGRESS_STEPS = 10000, /* of SQLite's, between two looks at the clock */
};

struct search_table {
    struct sql_database database;
    pthread_mutex_t mutex; /* the data base is for one thread at a time */
    time_t deadline;
    sqlite3_stmt *add_name;
    sqlite3_stmt *add_word;
    sqlite3_stmt *add_part;
    struct string_table words; /* while it is filled: a word's id is its number */
};

static const char tables[] =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384;"
    "CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL);"
    "CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL);"
    "CREATE TABLE part (definition INTEGER NOT NULL, word INTEGER NOT NULL, path TEXT NOT NULL,"
    " PRIMARY KEY (definition, word, path)) WITHOUT ROWID;"
    "BEGIN";

#define TEXT_INDEX(table)                                                                          \
    "CREATE INDEX " table "_beginning ON " table " (text COLLATE NOCASE);"                         \
    "CREATE VIRTUAL TABLE " table "_text USING fts5(text, content='" table                         \
    "', content_rowid='id', columnsize=0, tokenize='trigram');"                                    \
    "INSERT INTO " table "_text(" table "_text) VALUES ('rebuild');"

static const char indexes[] = TEXT_INDEX("name")
    TEXT_INDEX("word") "CREATE INDEX part_word ON part (word, definition);"
                       "COMMIT;"
                       "PRAGMA cache_size = -4096; PRAGMA query_only = 1; PRAGMA shrink_memory";

static int look_at_clock(void *context)
{
    const struct search_table *table = context;

    return table->deadline != 0 && time(NULL) > table->deadline;
}

static struct error *open_database(struct search_table *table)
{
    struct sql_database *database = &table->database;

    database->path = strdup("the table of names");
    if (!database->path)
        return error_out_of_memory();
    /* An empty name is a temporary file of SQLite's, which nobody else sees. */
    if (sqlite3_open_v2("", &database->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK)
        return database->handle ? sql_error(database, "cannot open") : error_out_of_memory();
    sqlite3_progress_handler(database->handle, PROGRESS_STEPS, look_at_clock, table);
    TRY(sql_execute(database, tables));
    TRY(sql_prepare(database, "INSERT INTO name VALUES (?, ?)", &table->add_name));
    TRY(sql_prepare(database, "INSERT INTO word VALUES (?, ?)", &table->add_word));
    return sql_prepare(database, "INSERT OR IGNORE INTO part VALUES (?, ?, ?)", &table->add_part);
}

struct error *search_table_create(struct search_table **table_ret)
{
    struct search_table *table = calloc(1, sizeof(*table));

    if (!table)
        return error_out_of_memory();
    pthread_mutex_init(&table->mutex, NULL);
    string_table_init(&table->words);
    struct error *error = open_database(table);
    if (error) {
        search_table_destroy(table);
        return error;
    }
    *table_ret = table;
    return NULL;
}

static void end_filling(struct search_table *table)
{
    sql_finalize(&table->add_name);
    sql_finalize(&table->add_word);
    sql_finalize(&table->add_part);
    string_table_deinit(&table->words);
}

void search_table_destroy(struct search_table *table)
{
    if (!table)
        return;
    end_filling(table);
    sqlite3_close(table->database.handle);
    free(table->database.path);
    pthread_mutex_destroy(&table->mutex);
    free(table);
}

static struct error *find_word(struct search_table *table, const char *text, uint32_t *id_ret)
{
    uint32_t count = table->words.count;

    TRY(string_table_intern(&table->words, text, strlen(text), id_ret));
    if (table->words.count == count)
        return NULL;
    sql_bind_number(table->add_word, 1, *id_ret);
    sql_bind_text(table->add_word, 2, text);
    return sql_run(&table->database, table->add_word);
}

struct error *search_table_add(struct search_table *table, uint32_t definition, const char *path,
                               const char *name)
{
    uint32_t word;

    if (path[0] == '\0') {
        sql_bind_number(table->add_name, 1, definition);
        sql_bind_text(table->add_name, 2, name);
        return sql_run(&table->database, table->add_name);
    }
    TRY(find_word(table, name, &word));
    sql_bind_number(table->add_part, 1, definition);
    sql_bind_number(table->add_part, 2, word);
    sql_bind_text(table->add_part, 3, path);
    return sql_run(&table->database, table->add_part);
}

struct error *search_table_complete(struct search_table *table)
{
    end_filling(table);
    return sql_execute(&table->database, indexes);
}

/* A text that is looked for, in the forms in which SQL wants it. */
struct wanted_text {
    char text[TEXT_MAXIMUM + 1];       /* in lower case */
    char end[TEXT_MAXIMUM + 2];        /* comes after all that begin with it */
    char phrase[2 * TEXT_MAXIMUM + 3]; /* as a string of FTS5's: section 3.1 */
    bool is_short;
};

static void copy_text(const char *text, size_t length, struct wanted_text *wanted)
{
    char *phrase = wanted->phrase;

    *phrase++ = '"';
    for (size_t i = 0; i < length; i++) {
        wanted->text[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
        *phrase++ = wanted->text[i];
        if (text[i] == '"')
            *phrase++ = '"';
    }
    *phrase++ = '"';
    *phrase = '\0';
    wanted->text[length] = '\0';
    memcpy(wanted->end, wanted->text, length);
    memcpy(wanted->end + length, "\xff", 2);
    size_t characters = 0;
    for (size_t i = 0; i < length; i++)
        characters += ((unsigned char)text[i] & 0xc0) != 0x80;
    wanted->is_short = characters < TRIGRAM;
}

#define RANK                                                                                       \
    " ORDER BY CASE WHEN one.text = ?2 COLLATE NOCASE THEN 0"                                      \
    " WHEN one.text >= ?2 COLLATE NOCASE AND one.text < ?3 COLLATE NOCASE THEN 1 ELSE 2 END,"      \
    " length(one.text), one.text LIMIT ?4"
#define BY_PART(table)                                                                             \
    "SELECT one.id FROM " table "_text(?1) AS found JOIN " table                                   \
    " AS one ON one.id = found.rowid" RANK
#define BY_BEGINNING(table)                                                                        \
    "SELECT one.id FROM " table " AS one WHERE one.text >= ?2 COLLATE NOCASE"                      \
    " AND one.text < ?3 COLLATE NOCASE AND ?1 NOT NULL" RANK

/* What is too short for the index is looked for in each of the definitions' names. */
#define BY_LOOKING(table)                                                                          \
    "SELECT one.id FROM " table " AS one"                                                          \
    " WHERE instr(lower(one.text), ?2) > 0 AND ?1 NOT NULL" RANK

/* The ids of texts that have the wanted one in them, the best first. */
static struct error *list_ids(const struct search_table *table, const char *by_part,
                              const char *if_short, const struct wanted_text *wanted, uint32_t *ids,
                              size_t maximum, size_t *count_ret)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    bool has_row;

    *count_ret = 0;
    TRY(sql_prepare(&table->database, wanted->is_short ? if_short : by_part, &statement));
    sql_bind_text(statement, 1, wanted->phrase);
    sql_bind_text(statement, 2, wanted->text);
    sql_bind_text(statement, 3, wanted->end);
    sql_bind_number(statement, 4, maximum);
    while (*count_ret < maximum) {
        TRY(sql_step(&table->database, statement, &has_row));
        if (!has_row)
            break;
        ids[(*count_ret)++] = (uint32_t)sql_column_number(statement, 0);
    }
    return NULL;
}

struct finder {
    struct search_table *table;
    size_t maximum;
    struct arena *arena;
    struct search_hits *hits;
};

static struct error *add_hit(struct finder *finder, uint32_t definition, const char *path)
{
    struct search_hits *hits = finder->hits;
    struct search_hit *grown =
        arena_append(finder->arena, hits->hits, hits->count, sizeof(*hits->hits));

    if (!grown)
        return error_out_of_memory();
    grown[hits->count++] = (struct search_hit){definition, path};
    hits->hits = grown;
    return NULL;
}

static struct error *add_names(struct finder *finder, const struct wanted_text *wanted)
{
    uint32_t *ids = arena_allocate(finder->arena, finder->maximum, sizeof(*ids));
    size_t count;

    if (!ids)
        return error_out_of_memory();
    TRY(list_ids(finder->table, BY_PART("name"), BY_LOOKING("name"), wanted, ids, finder->maximum,
                 &count));
    for (size_t i = 0; i < count; i++)
        TRY(add_hit(finder, ids[i], ""));
    return NULL;
}

/* Columns: definition, path. */
static struct error *add_rows(struct finder *finder, sqlite3_stmt *statement)
{
    const char *path;
    bool has_row;

    while (finder->hits->count < finder->maximum) {
        TRY(sql_step(&finder->table->database, statement, &has_row));
        if (!has_row)
            return NULL;
        TRY(sql_copy_text(statement, 1, finder->arena, &path));
        TRY(add_hit(finder, (uint32_t)sql_column_number(statement, 0), path));
    }
    return NULL;
}

static struct error *add_parts(struct finder *finder, const struct wanted_text *wanted)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;
    uint32_t ids[WORDS_MAXIMUM];
    size_t count;

    TRY(list_ids(finder->table, BY_PART("word"), BY_BEGINNING("word"), wanted, ids, WORDS_MAXIMUM,
                 &count));
    TRY(sql_prepare(&finder->table->database,
                    "SELECT definition, path FROM part WHERE word = ? ORDER BY definition, path",
                    &statement));
    for (size_t i = 0; i < count; i++) {
        sqlite3_reset(statement);
        sql_bind_number(statement, 1, ids[i]);
        TRY(add_rows(finder, statement));
    }
    return NULL;
}

/* Parts of the definitions that are called OWNER, whose path after that begins like the wanted. */
static struct error *add_parts_of(struct finder *finder, const struct wanted_text *owner,
                                  const struct wanted_text *wanted)
{
    CLEANUP(sql_finalize) sqlite3_stmt *statement = NULL;

    TRY(sql_prepare(&finder->table->database,
                    "SELECT part.definition, part.path FROM name"
                    " JOIN part ON part.definition = name.id"
                    " JOIN word ON word.id = part.word"
                    " WHERE name.text = ?1 COLLATE NOCASE"
                    " AND ((path >= ?2 COLLATE NOCASE AND path < ?3 COLLATE NOCASE)"
                    "  OR (word.text >= ?2 COLLATE NOCASE AND word.text < ?3 COLLATE NOCASE))"
                    " ORDER BY path = ?2 COLLATE NOCASE DESC, length(path), path LIMIT ?4",
                    &statement));
    sql_bind_text(statement, 1, owner->text);
    sql_bind_text(statement, 2, wanted->text);
    sql_bind_text(statement, 3, wanted->end);
    sql_bind_number(statement, 4, finder->maximum);
    return add_rows(finder, statement);
}

/* After "struct " or the like. */
static const char *after_kind(const char *text)
{
    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++) {
        size_t length = strlen(definition_kind_texts[kind].word);
        if (strncasecmp(text, definition_kind_texts[kind].word, length) == 0 && text[length] == ' ')
            return text + length + strspn(text + length, " ");
    }
    return text;
}

/* The text without its kind and the blanks around it, and with a point for each arrow. How long it
 * is; 0 if it is longer than any name. */
static size_t copy_plain(const char *text, char plain[TEXT_MAXIMUM + 1])
{
    size_t length = 0;

    text = after_kind(text + strspn(text, " "));
    for (; *text && length < TEXT_MAXIMUM; text++) {
        bool is_arrow = strncmp(text, "->", 2) == 0;
        plain[length++] = is_arrow ? '.' : *text;
        text += is_arrow;
    }
    while (length > 0 && plain[length - 1] == ' ')
        length--;
    plain[length] = '\0';
    return *text ? 0 : length;
}

static struct error *find(struct finder *finder, const char *words)
{
    struct wanted_text *wanted = arena_allocate(finder->arena, 2, sizeof(*wanted));
    char text[TEXT_MAXIMUM + 1];
    size_t length = copy_plain(words, text);

    if (!wanted)
        return error_out_of_memory();
    if (length == 0)
        return NULL;
    size_t owner_length = strcspn(text, ".");
    if (owner_length < length) {
        copy_text(text, owner_length, &wanted[0]);
        copy_text(text + owner_length + 1, length - owner_length - 1, &wanted[1]);
        return add_parts_of(finder, &wanted[0], &wanted[1]);
    }
    copy_text(text, length, wanted);
    TRY(add_names(finder, wanted));
    return add_parts(finder, wanted);
}

struct error *search_table_find(struct search_table *table, const char *text, size_t maximum,
                                struct arena *arena, struct search_hits *hits)
{
    struct finder finder = {table, maximum, arena, hits};

    *hits = (struct search_hits){0};
    pthread_mutex_lock(&table->mutex);
    table->deadline = time(NULL) + QUERY_SECONDS;
    struct error *error = find(&finder, text);
    bool is_late = time(NULL) > table->deadline;
    pthread_mutex_unlock(&table->mutex);
    if (!error || !is_late)
        return error;
    error_destroy(error);
    return error_create(ERROR_LIMIT, NULL, "the search took too long; look for a longer text");
}
