/* SPDX-License-Identifier: MIT */
#include "check/list/field_check.h"

#include <inttypes.h>
#include <string.h>

enum { TEXT_MAXIMUM = 1024 * 1024 };

/* What became of a word in a kernel. */
struct field_result {
    enum field_outcome outcome;
    const struct expected_field *field; /* what it was compared with last */
};

static const char *const outcome_words[] = {
#define X(outcome, word) [outcome] = word,
    FIELD_OUTCOMES(X)
#undef X
};

static bool texts_agree(const char *expected, const char *found)
{
    return !expected || (found && strcmp(expected, found) == 0);
}

/* An offset or a size that is not known may be the expected one; what has none at all, has not. */
static bool offsets_agree(const struct expected_field *field, const struct field_fact *fact)
{
    if (!field->has_bit_offset || (fact->is_member && !fact->has_bit_offset))
        return true;
    return fact->is_member && field->bit_offset == fact->bit_offset;
}

static bool has_size(const struct field_fact *fact)
{
    return !fact->value; /* it is no enumerator */
}

static bool sizes_agree(const struct expected_field *field, const struct field_fact *fact)
{
    if (!field->has_byte_size || (has_size(fact) && !fact->has_byte_size))
        return true;
    return has_size(fact) && field->byte_size == fact->byte_size;
}

/* Is something expected that nobody knows of this kernel? */
static bool lacks_expected(const struct expected_field *field, const struct field_fact *fact)
{
    return (field->has_bit_offset && !fact->has_bit_offset) ||
           (field->has_byte_size && !fact->has_byte_size);
}

/* Is it as expected, as far as both are known? */
static bool agrees(const struct expected_field *field, const struct field_fact *fact)
{
    return offsets_agree(field, fact) && sizes_agree(field, fact) &&
           texts_agree(field->type, fact->type) && texts_agree(field->value, fact->value);
}

static bool is_about(const struct expected_field *field, const char *kernel)
{
    return field->kernel && strcmp(field->kernel, kernel) == 0;
}

static enum field_outcome outcome_of(const struct expected_field *field,
                                     const struct field_fact *fact)
{
    if (fact->is_unknown)
        return FIELD_IS_UNKNOWN;
    if (!fact->is_found)
        return field->is_optional ? FIELD_MATCHES : FIELD_IS_MISSING;
    if (!agrees(field, fact))
        return FIELD_DIFFERS;
    return lacks_expected(field, fact) ? FIELD_IS_UNKNOWN : FIELD_MATCHES;
}

/* How far it is from being right. */
static unsigned badness(enum field_outcome outcome)
{
    if (outcome == FIELD_MATCHES)
        return 0;
    return outcome == FIELD_IS_UNKNOWN ? 1 : 2;
}

/* In a text all lines about a word must be right: the worst one counts. In a table the kernel's own
 * row, or where it has none, the best of any kernel's: the program knows that one. */
static struct field_result compare(const struct field_check *check, size_t word, size_t kernel)
{
    const struct expected_word *expected = &check->list->words[word];
    const struct expected_field *fields = &check->list->fields[expected->first];
    const struct field_fact *fact = &check->facts[word][kernel];
    struct field_result result = {FIELD_MATCHES, NULL};
    bool has_own = false;

    for (size_t i = 0; i < expected->count; i++)
        has_own |= is_about(&fields[i], check->kernels[kernel]);
    for (size_t i = 0; i < expected->count; i++) {
        const struct expected_field *field = &fields[i];
        if (has_own && !is_about(field, check->kernels[kernel]))
            continue;
        enum field_outcome outcome = outcome_of(field, fact);
        bool counts = field->kernel ? badness(outcome) < badness(result.outcome)
                                    : badness(outcome) > badness(result.outcome);
        if (!result.field || counts)
            result = (struct field_result){outcome, field};
    }
    return result;
}

/* "24", "24:3" */
static void append_offset(struct buffer *out, uint64_t bit_offset, bool is_bitfield)
{
    buffer_append_format(out, "%" PRIu64, bit_offset / BITS_PER_BYTE);
    if (is_bitfield || bit_offset % BITS_PER_BYTE)
        buffer_append_format(out, ":%" PRIu64, bit_offset % BITS_PER_BYTE);
}

/* "offset 24, not 16; type pid_t, not int" */
static void append_difference(struct buffer *out, const struct expected_field *field,
                              const struct field_fact *fact)
{
    const char *separator = "";

    if (!offsets_agree(field, fact)) {
        buffer_append_text(out, "offset ");
        if (fact->is_member)
            append_offset(out, fact->bit_offset, fact->is_bitfield);
        else
            buffer_append_text(out, "none");
        buffer_append_text(out, ", not ");
        append_offset(out, field->bit_offset, fact->is_bitfield);
        separator = "; ";
    }
    if (!sizes_agree(field, fact)) {
        buffer_append_format(out, "%ssize ", separator);
        if (has_size(fact))
            buffer_append_format(out, "%" PRIu64, fact->byte_size);
        else
            buffer_append_text(out, "none");
        buffer_append_format(out, ", not %" PRIu64, field->byte_size);
        separator = "; ";
    }
    if (!texts_agree(field->type, fact->type)) {
        buffer_append_format(out, "%stype %s, not %s", separator, fact->type ? fact->type : "none",
                             field->type);
        separator = "; ";
    }
    if (!texts_agree(field->value, fact->value))
        buffer_append_format(out, "%svalue %s, not %s", separator,
                             fact->value ? fact->value : "none", field->value);
}

static struct error *add_finding(const struct field_check *check, size_t word, size_t kernel,
                                 const struct field_result *result, struct arena *arena,
                                 struct buffer *text, struct verdict *verdict)
{
    const struct field_fact *fact = &check->facts[word][kernel];
    struct finding finding = {
        .subject = check->list->words[word].text,
        .why = fact->why ? fact->why : "",
        .hint = fact->hint,
        .is_unknown = result->outcome == FIELD_IS_UNKNOWN,
    };

    if (finding.is_unknown && !fact->is_unknown)
        finding.why = "its offset or size is not known: the kernel was imported";
    buffer_append_format(text, "line %u", result->field->line);
    TRY(buffer_keep_text(text, "a finding", arena, &finding.place));
    if (result->outcome == FIELD_DIFFERS) {
        append_difference(text, result->field, fact);
        TRY(buffer_keep_text(text, "a finding", arena, &finding.why));
    }
    return verdict_add(verdict, arena, &finding);
}

struct error *field_check_judge(const struct field_check *check, struct arena *arena,
                                struct verdict **verdicts_ret)
{
    CLEANUP(buffer_deinit) struct buffer text;
    struct verdict *verdicts = arena_allocate(arena, check->kernel_count, sizeof(*verdicts));

    buffer_init(&text, TEXT_MAXIMUM);
    if (!verdicts)
        return error_out_of_memory();
    for (size_t i = 0; i < check->kernel_count; i++) {
        verdicts[i].kernel = check->kernels[i];
        for (size_t word = 0; word < check->list->word_count; word++) {
            const struct field_result result = compare(check, word, i);
            if (result.outcome != FIELD_MATCHES)
                TRY(add_finding(check, word, i, &result, arena, &text, &verdicts[i]));
        }
    }
    *verdicts_ret = verdicts;
    return NULL;
}

static void set_fact(struct json_document *document, json_t *object, const struct field_fact *fact)
{
    json_value_set(document, object, "byte_offset",
                   json_value_number_or_null(fact->is_found && fact->has_bit_offset,
                                             fact->bit_offset / BITS_PER_BYTE));
    json_value_set(
        document, object, "bit_offset",
        json_value_number_or_null(fact->is_found && fact->has_bit_offset, fact->bit_offset));
    json_value_set(
        document, object, "byte_size",
        json_value_number_or_null(fact->is_found && fact->has_byte_size, fact->byte_size));
    json_value_set(document, object, "type",
                   fact->is_found && fact->type ? json_value_text(fact->type) : json_null());
    json_value_set(document, object, "value",
                   fact->is_found && fact->value ? json_value_text(fact->value) : json_null());
    json_value_set(document, object, "hint",
                   fact->hint[0] ? json_value_text(fact->hint) : json_null());
}

struct error *field_check_set_json(const struct field_check *check, struct json_document *document,
                                   json_t *object)
{
    json_value_set(document, object, "file", json_value_text(check->list->path));
    json_t *fields = json_value_set_array(document, object, "fields");
    for (size_t word = 0; word < check->list->word_count; word++) {
        json_t *field = json_value_add_object(document, fields);
        json_value_set(document, field, "field", json_value_text(check->list->words[word].text));
        json_t *kernels = json_value_set_array(document, field, "kernels");
        for (size_t i = 0; i < check->kernel_count; i++) {
            const struct field_result result = compare(check, word, i);
            json_t *kernel = json_value_add_object(document, kernels);
            json_value_set(document, kernel, "kernel", json_value_text(check->kernels[i]));
            json_value_set(document, kernel, "line", json_value_number(result.field->line));
            json_value_set(document, kernel, "result", json_string(outcome_words[result.outcome]));
            set_fact(document, kernel, &check->facts[word][i]);
        }
    }
    return NULL;
}
