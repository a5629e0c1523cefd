/* SPDX-License-Identifier: MIT */
#include "report/news/change_log_json.h"

#include <stdio.h>
#include <string.h>

#include "model/text/json.h"

#define FORMAT "kstruct-changes"
#define ID_BEGINNING "urn:uuid:"
#define KIND_BEGINNING "beginning"
#define KIND_UPDATE "update"

enum { FORMAT_VERSION = 1, INDENT = 1, UUID_LENGTH = 36 };

static const char *const news_keys[] = {
#define X(news, key, word) [news] = (key),
    KERNEL_NEWS(X)
#undef X
};

/* Reading looks at every value, but goes on when one is wrong: the failure is remembered. */
struct log_reader {
    struct arena *arena;
    bool is_damaged;
    bool lacks_memory;
};

static void *allocate(struct log_reader *reader, size_t count, size_t size)
{
    void *memory = arena_allocate(reader->arena, count + 1, size);

    if (!memory)
        reader->lacks_memory = true;
    return memory;
}

static const char *copy_text(struct log_reader *reader, const json_t *value)
{
    const char *text = NULL;

    if (json_is_string(value)) {
        text = arena_copy_text(reader->arena, json_string_value(value), json_string_length(value));
        if (!text)
            reader->lacks_memory = true;
    } else {
        reader->is_damaged = true;
    }
    return text ? text : "";
}

static const char *read_text(struct log_reader *reader, const json_t *object, const char *key)
{
    return copy_text(reader, json_object_get(object, key));
}

static uint64_t read_count(struct log_reader *reader, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    if (!json_is_integer(value) || json_integer_value(value) < 0) {
        reader->is_damaged = true;
        return 0;
    }
    return (uint64_t)json_integer_value(value);
}

/* An array's length; the array itself in *ARRAY_RET. */
static size_t read_array(struct log_reader *reader, const json_t *object, const char *key,
                         const json_t **array_ret)
{
    *array_ret = json_object_get(object, key);
    if (!json_is_array(*array_ret))
        reader->is_damaged = true;
    return json_array_size(*array_ret);
}

static struct text_list read_texts(struct log_reader *reader, const json_t *object, const char *key)
{
    const json_t *array;
    size_t count = read_array(reader, object, key, &array);
    struct text_list list = {.texts = allocate(reader, count, sizeof(*list.texts))};

    for (size_t i = 0; list.texts && i < count; i++)
        list.texts[list.count++] = copy_text(reader, json_array_get(array, i));
    return list;
}

/* An identifier and a time go into the feed as they are. */
static const char *read_id(struct log_reader *reader, const json_t *object)
{
    const char *id = read_text(reader, object, "id");
    size_t length = strlen(ID_BEGINNING);

    if (strncmp(id, ID_BEGINNING, length) != 0 || strlen(id + length) != UUID_LENGTH ||
        strspn(id + length, "0123456789abcdef-") != UUID_LENGTH)
        reader->is_damaged = true;
    return id;
}

static const char *read_time(struct log_reader *reader, const json_t *object)
{
    const char *time = read_text(reader, object, "updated");
    unsigned parts[6];
    char again[64] = "";

    if (sscanf(time, "%4u-%2u-%2uT%2u:%2u:%2uZ", &parts[0], &parts[1], &parts[2], &parts[3],
               &parts[4], &parts[5]) == 6 &&
        parts[1] >= 1 && parts[1] <= 12 && parts[2] >= 1 && parts[2] <= 31 && parts[3] < 24 &&
        parts[4] < 60 && parts[5] < 60)
        snprintf(again, sizeof(again), "%04u-%02u-%02uT%02u:%02u:%02uZ", parts[0], parts[1],
                 parts[2], parts[3], parts[4], parts[5]);
    if (strcmp(time, again) != 0 || time[0] == '\0')
        reader->is_damaged = true;
    return time;
}

static void read_comparison(struct log_reader *reader, const json_t *object, bool is_newest,
                            struct change_comparison *comparison)
{
    comparison->group = read_text(reader, object, "group");
    comparison->before = read_text(reader, object, "before");
    comparison->after = read_text(reader, object, "after");
    comparison->has_names = is_newest && json_object_get(object, fate_texts[0].key);
    for (size_t i = 0; i < FATE_COUNT; i++) {
        comparison->counts[i] = read_count(reader, object, fate_texts[i].count_key);
        if (!comparison->has_names)
            continue;
        struct text_list names = read_texts(reader, object, fate_texts[i].key);
        comparison->names[i] = names.texts;
        if (names.count != comparison->counts[i])
            reader->is_damaged = true;
    }
}

static void read_entry(struct log_reader *reader, const json_t *object, bool is_newest,
                       struct change_entry *entry)
{
    const json_t *array;

    entry->id = read_id(reader, object);
    entry->updated = read_time(reader, object);
    entry->is_beginning = strcmp(read_text(reader, object, "kind"), KIND_BEGINNING) == 0;
    for (size_t i = 0; i < KERNEL_NEWS_COUNT; i++)
        entry->kernels[i] = read_texts(reader, object, news_keys[i]);
    size_t count = read_array(reader, object, "comparisons", &array);
    entry->comparisons = allocate(reader, count, sizeof(*entry->comparisons));
    for (size_t i = 0; entry->comparisons && i < count; i++) {
        read_comparison(reader, json_array_get(array, i), is_newest, &entry->comparisons[i]);
        entry->comparison_count++;
    }
}

static void read_kernels(struct log_reader *reader, const json_t *root, struct change_log *log)
{
    const json_t *array;
    size_t count = read_array(reader, root, "kernels", &array);

    log->kernels = allocate(reader, count, sizeof(*log->kernels));
    for (size_t i = 0; log->kernels && i < count; i++) {
        const json_t *object = json_array_get(array, i);
        log->kernels[log->kernel_count++] = (struct logged_kernel){
            .name = read_text(reader, object, "name"),
            .digest = read_text(reader, object, "digest"),
        };
    }
}

static void read_log(struct log_reader *reader, const json_t *root, struct change_log *log)
{
    const json_t *array;
    size_t count = read_array(reader, root, "entries", &array);

    if (strcmp(read_text(reader, root, "format"), FORMAT) != 0 ||
        read_count(reader, root, "version") != FORMAT_VERSION || count == 0)
        reader->is_damaged = true;
    if (reader->is_damaged)
        return;
    if (count > CHANGE_LOG_ENTRIES_MAXIMUM)
        count = CHANGE_LOG_ENTRIES_MAXIMUM;
    log->id = read_id(reader, root);
    read_kernels(reader, root, log);
    log->entries = allocate(reader, count, sizeof(*log->entries));
    for (size_t i = 0; log->entries && i < count; i++) {
        read_entry(reader, json_array_get(array, i), i == 0, &log->entries[i]);
        log->entry_count++;
    }
}

struct error *change_log_parse(const char *bytes, size_t length, struct change_log *log_ret)
{
    struct change_log log = {0};
    struct log_reader reader = {.arena = &log.arena};
    json_error_t problem;
    json_t *root = json_loadb(bytes, length, 0, &problem);

    if (!root && json_error_code(&problem) == json_error_out_of_memory)
        return error_out_of_memory();
    read_log(&reader, root, &log);
    json_decref(root);
    if (reader.lacks_memory || reader.is_damaged) {
        change_log_deinit(&log);
        return reader.lacks_memory
                   ? error_out_of_memory()
                   : error_create(ERROR_CORRUPT, NULL, "no log of changes that can be read here");
    }
    *log_ret = log;
    return NULL;
}

static void set_texts(struct json_document *document, json_t *object, const char *key, size_t count,
                      const char *const *texts)
{
    json_t *array = json_value_set_array(document, object, key);

    for (size_t i = 0; i < count; i++)
        json_value_add(document, array, json_value_text(texts[i]));
}

static void add_comparison(struct json_document *document, json_t *array,
                           const struct change_comparison *comparison, bool is_newest)
{
    json_t *object = json_value_add_object(document, array);

    json_value_set(document, object, "group", json_value_text(comparison->group));
    json_value_set(document, object, "before", json_value_text(comparison->before));
    json_value_set(document, object, "after", json_value_text(comparison->after));
    for (size_t i = 0; i < FATE_COUNT; i++)
        json_value_set(document, object, fate_texts[i].count_key,
                       json_value_number(comparison->counts[i]));
    for (size_t i = 0; is_newest && comparison->has_names && i < FATE_COUNT; i++)
        set_texts(document, object, fate_texts[i].key, comparison->counts[i], comparison->names[i]);
}

static void add_entry(struct json_document *document, json_t *array,
                      const struct change_entry *entry, bool is_newest)
{
    json_t *object = json_value_add_object(document, array);

    json_value_set(document, object, "id", json_value_text(entry->id));
    json_value_set(document, object, "updated", json_value_text(entry->updated));
    json_value_set(document, object, "kind",
                   json_string(entry->is_beginning ? KIND_BEGINNING : KIND_UPDATE));
    for (size_t i = 0; i < KERNEL_NEWS_COUNT; i++)
        set_texts(document, object, news_keys[i], entry->kernels[i].count, entry->kernels[i].texts);
    json_t *comparisons = json_value_set_array(document, object, "comparisons");
    for (size_t i = 0; i < entry->comparison_count; i++)
        add_comparison(document, comparisons, &entry->comparisons[i], is_newest);
}

struct error *change_log_append_json(const struct change_log *log, struct buffer *out)
{
    CLEANUP(json_document_deinit) struct json_document document;

    json_document_init(&document, FORMAT, FORMAT_VERSION);
    json_value_set(&document, document.root, "id", json_value_text(log->id));
    json_t *kernels = json_value_set_array(&document, document.root, "kernels");
    for (size_t i = 0; i < log->kernel_count; i++) {
        json_t *object = json_value_add_object(&document, kernels);
        json_value_set(&document, object, "name", json_value_text(log->kernels[i].name));
        json_value_set(&document, object, "digest", json_value_text(log->kernels[i].digest));
    }
    json_t *entries = json_value_set_array(&document, document.root, "entries");
    for (size_t i = 0; i < log->entry_count; i++)
        add_entry(&document, entries, &log->entries[i], i == 0);
    return json_document_append(&document, INDENT, out);
}
