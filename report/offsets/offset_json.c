/* SPDX-License-Identifier: MIT */
/* A struct is one line of the document, so that the lines of two data sets can be compared. */
#include "model/text/json.h"
#include "report/offsets/offset_writer.h"

static json_t *text_or_null(const char *text)
{
    return text[0] == '\0' ? json_null() : json_value_text(text);
}

static void set_kernel(struct json_document *document, const struct offset_kernel *kernel)
{
    json_t *object = document->root;

    json_value_set(document, object, "name", json_value_text(kernel->name));
    json_value_set(document, object, "version", json_value_text(kernel->version));
    json_value_set(document, object, "abi", json_value_text(kernel->abi));
    json_value_set(document, object, "flavor", json_value_text(kernel->flavor));
    json_value_set(document, object, "architecture", json_value_text(kernel->architecture));
    json_value_set(document, object, "release", text_or_null(kernel->release));
    json_value_set(document, object, "build_id", text_or_null(kernel->build_id));
}

static struct error *begin(const struct offset_writer *writer, struct buffer *out)
{
    const struct offset_input *input = writer->input;

    buffer_append_text(out, "{\"format\": \"kstruct-offsets\", \"version\": 2,\n\"kernels\": [\n");
    for (size_t i = 0; i < input->shown_count; i++) {
        struct json_document document = {.root = json_object()};
        set_kernel(&document, &input->kernels[input->shown[i]]);
        struct error *error = json_value_append(&document, document.root, out);
        json_document_deinit(&document);
        TRY(error);
        buffer_append_text(out, i + 1 < input->shown_count ? ",\n" : "\n");
    }
    buffer_append_text(out, "],\n\"structs\": {");
    return buffer_check(out, "the kernels");
}

static struct error *end(const struct offset_writer *writer UNUSED, struct buffer *out)
{
    buffer_append_text(out, "\n}}\n");
    return buffer_check(out, "the document's end");
}

static void set_offset(struct json_document *document, json_t *object, bool is_known,
                       uint64_t bit_offset)
{
    json_value_set(document, object, "bit_offset",
                   is_known ? json_value_number(bit_offset) : json_null());
    json_value_set(document, object, "byte_offset",
                   is_known ? json_value_number(bit_offset / BITS_PER_BYTE) : json_null());
}

static void set_place(struct json_document *document, json_t *object,
                      const struct offset_place *place)
{
    if (place->enumerator) {
        json_value_set(document, object, "value", json_value_enumerator(place->enumerator));
        return;
    }
    if (place->type)
        set_offset(document, object, place->has_bit_offset, place->bit_offset);
    json_value_set(document, object, "byte_size",
                   json_value_number_or_null(place->has_byte_size, place->byte_size));
    if (place->type)
        json_value_set(document, object, "bitfield_size",
                       json_value_number_or_null(place->bitfield_size > 0, place->bitfield_size));
    if (place->type)
        json_value_set(document, object, "type", json_value_text(type_text(place->type)));
}

static void set_absence(struct json_document *document, json_t *object,
                        const struct offset_answer *answer)
{
    static const char *const words[] = {
        [OFFSET_NO_DEFINITION] = "no struct", [OFFSET_NO_FIELD] = "no field",
        [OFFSET_NO_ELEMENT] = "no field",     [OFFSET_NOT_FOLLOWED] = "unknown",
        [OFFSET_UNKNOWN] = "unknown",
    };
    const struct offset_hint *hint = &answer->hint;

    json_value_set(document, object, "absent", json_string(words[answer->place.status]));
    json_value_set(document, object, "reason", json_value_text(answer->place.reason));
    if (hint->kind == HINT_NONE)
        return;
    json_t *guess = json_value_set_object(document, object, "hint");
    json_value_set(document, guess, "kind", json_string(change_hint_key(hint->kind)));
    json_value_set(document, guess, "path", json_value_text(hint->path));
    if (hint->definition_name)
        json_value_set(document, guess, "struct", json_value_text(hint->definition_name));
    set_offset(document, guess, hint->has_bit_offset, hint->bit_offset);
}

static void add_range(struct json_document *document, json_t *answer, size_t first, size_t last)
{
    json_t *range = json_array();

    json_value_add(document, range, json_value_number(first));
    json_value_add(document, range, json_value_number(last));
    json_value_add(document, json_object_get(answer, "ranges"), range);
}

/* The index of the first answer that is equal to answer INDEX and before it, or INDEX. */
static size_t find_first_equal(const struct offset_row *row, size_t index)
{
    size_t first = 0;

    while (first < index && !offset_answers_are_equal(&row->answers[first], &row->answers[index]))
        first++;
    return first;
}

/* Puts the distinct answers under KEY. */
static void set_answers(struct json_document *document, json_t *object, const char *key,
                        const struct offset_row *row, size_t shown_count)
{
    json_t *answers = json_value_set_array(document, object, key);

    for (size_t i = 0, run_end; i < shown_count && !document->has_failed; i = run_end) {
        run_end = offset_row_run_end(row, i, shown_count);
        if (find_first_equal(row, i) < i)
            continue;
        json_t *answer = json_value_add_object(document, answers);
        json_value_set_array(document, answer, "ranges");
        for (size_t j = i, end_of_run; j < shown_count; j = end_of_run) {
            end_of_run = offset_row_run_end(row, j, shown_count);
            if (offset_answers_are_equal(&row->answers[i], &row->answers[j]))
                add_range(document, answer, j, end_of_run - 1);
        }
        if (row->answers[i].module)
            json_value_set(document, answer, "image", json_value_text(row->answers[i].module));
        if (row->answers[i].place.status == OFFSET_FOUND)
            set_place(document, answer, &row->answers[i].place);
        else
            set_absence(document, answer, &row->answers[i]);
    }
}

/* Puts the answers about a member under its path, which need not be UTF-8 and so not a key. */
static void set_field(struct json_document *document, json_t *fields, const struct offset_row *row,
                      size_t shown_count)
{
    json_t *key = json_value_text(row->path);

    if (key)
        set_answers(document, fields, json_string_value(key), row, shown_count);
    else
        document->has_failed = true;
    json_decref(key);
}

static struct error *append(const struct offset_writer *writer, const struct offset_table *table,
                            bool with_size UNUSED, struct buffer *out)
{
    size_t shown_count = writer->input->shown_count;
    struct json_document document = {.root = json_object()};
    const struct definition_kind_text *kind = &definition_kind_texts[table->kind];
    CLEANUP(buffer_deinit) struct buffer key;

    /* The names of structs are as they were before there were others. */
    buffer_init(&key, C_NAME_MAXIMUM * 2);
    if (table->kind != DEFINITION_STRUCT)
        buffer_append_format(&key, "%s ", kind->word);
    buffer_append_text(&key, table->definition_name);
    TRY(buffer_check(&key, table->definition_name));
    json_t *name = json_value_text(buffer_text(&key));

    json_value_set(&document, document.root, "kind", json_string(kind->word));
    set_answers(&document, document.root, "answers", &table->size, shown_count);
    json_t *fields = json_value_set_object(&document, document.root, "fields");
    for (size_t i = 0; i < table->row_count; i++)
        set_field(&document, fields, &table->rows[i], shown_count);
    buffer_append_text(out, writer->table_count > 0 ? ",\n" : "\n");
    struct error *error = json_value_append(&document, name, out);
    buffer_append_text(out, ": ");
    if (!error)
        error = json_value_append(&document, document.root, out);
    json_decref(name);
    json_document_deinit(&document);
    return error;
}

const struct offset_format offset_format_json = {
    .word = "json",
    .begin = begin,
    .append = append,
    .end = end,
};
