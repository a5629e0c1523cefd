/* SPDX-License-Identifier: MIT */
#include "report/offsets/offset_writer.h"

#include <string.h>

const struct offset_format *offset_format_find(const char *word)
{
    const struct offset_format *const formats[] = {
        &offset_format_text,
        &offset_format_json,
        &offset_format_csv,
    };

    for (size_t i = 0; i < ARRAY_LENGTH(formats); i++) {
        if (strcmp(formats[i]->word, word) == 0)
            return formats[i];
    }
    return NULL;
}

struct error *offset_writer_begin(struct offset_writer *writer, const struct offset_input *input,
                                  const struct offset_format *format, struct buffer *out)
{
    *writer = (struct offset_writer){.input = input, .format = format};
    return format->begin(writer, out);
}

struct error *offset_writer_append(struct offset_writer *writer, const struct offset_table *table,
                                   bool with_size, struct buffer *out)
{
    TRY(writer->format->append(writer, table, with_size, out));
    writer->table_count++;
    return NULL;
}

struct error *offset_writer_end(struct offset_writer *writer, struct buffer *out)
{
    return writer->format->end(writer, out);
}
