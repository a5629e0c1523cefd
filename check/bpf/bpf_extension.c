/* SPDX-License-Identifier: MIT */
#include "check/bpf/bpf_extension.h"

#include <string.h>

enum {
    EXTENSION_MAGIC = 0xeb9f,
    EXTENSION_MAGIC_SWAPPED = 0x9feb,
    EXTENSION_VERSION = 1,
    RECORD_SIZE_MAXIMUM = 4096,
};

/* Where a part's offset and length are in the header. */
static const size_t part_places[] = {[EXTENSION_LINES] = 16, [EXTENSION_RELOCATIONS] = 24};

static struct error *corrupt(const struct bpf_extension *extension, const char *what)
{
    return error_create(ERROR_CORRUPT, extension->where, "its section .BTF.ext %s", what);
}

static uint32_t number_at(const struct bpf_extension *extension, size_t position)
{
    uint32_t number;

    memcpy(&number, extension->bytes + position, sizeof(number));
    return number;
}

static struct error *check_header(const struct bpf_extension *extension, uint32_t *header_size_ret)
{
    uint16_t magic;

    if (extension->length < 8)
        return corrupt(extension, "is cut off");
    memcpy(&magic, extension->bytes, sizeof(magic));
    if (magic == EXTENSION_MAGIC_SWAPPED)
        return error_create(ERROR_UNSUPPORTED, extension->where,
                            "it is for machines of the other byte order");
    if (magic != EXTENSION_MAGIC || extension->bytes[2] != EXTENSION_VERSION)
        return corrupt(extension, "is of an unknown kind");
    *header_size_ret = number_at(extension, 4);
    if (*header_size_ret > extension->length || *header_size_ret < 8)
        return corrupt(extension, "has a header that is too long");
    return NULL;
}

struct error *bpf_records_begin(const struct bpf_extension *extension, enum bpf_extension_part part,
                                uint32_t record_size_minimum, struct bpf_records *records_ret)
{
    struct bpf_records records = {.extension = extension};
    uint32_t header_size = 0;

    *records_ret = records;
    if (extension->length == 0)
        return NULL;
    TRY(check_header(extension, &header_size));
    if (header_size < part_places[part] + 8)
        return NULL;
    uint64_t start = (uint64_t)header_size + number_at(extension, part_places[part]);
    uint64_t length = number_at(extension, part_places[part] + 4);
    if (length == 0)
        return NULL;
    if (start + length > extension->length || length < sizeof(uint32_t))
        return corrupt(extension, "has a part that lies outside of it");
    records.record_size = number_at(extension, (size_t)start);
    if (records.record_size < record_size_minimum || records.record_size > RECORD_SIZE_MAXIMUM)
        return corrupt(extension, "has records of an impossible size");
    records.position = (size_t)start + sizeof(uint32_t);
    records.end = (size_t)(start + length);
    *records_ret = records;
    return NULL;
}

struct error *bpf_records_next(struct bpf_records *records, bool *has_section_ret)
{
    const struct bpf_extension *extension = records->extension;

    *has_section_ret = records->position < records->end;
    if (!*has_section_ret)
        return NULL;
    if (records->end - records->position < 8)
        return corrupt(extension, "ends within a section's head");
    records->name_offset = number_at(extension, records->position);
    records->count = number_at(extension, records->position + 4);
    records->position += 8;
    if ((uint64_t)records->count * records->record_size > records->end - records->position)
        return corrupt(extension, "ends within a section's records");
    records->records = extension->bytes + records->position;
    records->position += (size_t)records->count * records->record_size;
    return NULL;
}

void bpf_records_copy(const struct bpf_records *records, uint32_t index, void *record, size_t size)
{
    memcpy(record, records->records + (size_t)index * records->record_size, size);
}
