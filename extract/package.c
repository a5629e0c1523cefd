/* SPDX-License-Identifier: MIT */
#include "extract/package.h"

#include <ar.h>
#include <inttypes.h>
#include <string.h>

#include "base/system/file.h"
#include "extract/extract.h"

/* A package has three members; a few more are allowed to carry signatures. */
enum { MAXIMUM_MEMBERS = 32 };

struct member {
    char name[PACKAGE_MEMBER_NAME_LENGTH + 1];
    uint64_t byte_offset; /* of its bytes, from the start of the file */
    uint64_t byte_size;
};

bool package_has_magic(int file_descriptor)
{
    char magic[SARMAG];
    size_t length = 0;
    const struct byte_source source = {.file_descriptor = file_descriptor};
    struct error *error = bytes_read_at(&source, 0, magic, SARMAG, &length);

    error_destroy(error);
    return !error && length == SARMAG && memcmp(magic, ARMAG, SARMAG) == 0;
}

/* Numbers are decimal digits with blanks after them. */
static bool parse_size(const char *digits, size_t length, uint64_t *ret)
{
    uint64_t value = 0;
    size_t i = 0;

    for (; i < length && digits[i] >= '0' && digits[i] <= '9'; i++)
        value = value * 10 + (uint64_t)(digits[i] - '0');
    if (i == 0)
        return false;
    for (size_t blank = i; blank < length; blank++) {
        if (digits[blank] != ' ')
            return false;
    }
    *ret = value;
    return true;
}

/* Names end in blanks; some writers of ar put a slash before those. */
static void copy_name(const struct ar_hdr *header, char *name)
{
    size_t length = sizeof(header->ar_name);

    while (length > 0 && header->ar_name[length - 1] == ' ')
        length--;
    if (length > 0 && header->ar_name[length - 1] == '/')
        length--;
    memcpy(name, header->ar_name, length);
    name[length] = '\0';
}

static struct error *read_member(const struct byte_source *source, uint64_t header_offset,
                                 struct member *ret)
{
    const char *path = source->path;
    struct ar_hdr header;
    size_t length = 0;

    TRY(bytes_read_at(source, header_offset, &header, sizeof(header), &length));
    if (length < sizeof(header))
        return byte_range_cut_short(path, header_offset + length, header_offset + sizeof(header));
    if (memcmp(header.ar_fmag, ARFMAG, sizeof(header.ar_fmag)) != 0 ||
        !parse_size(header.ar_size, sizeof(header.ar_size), &ret->byte_size))
        return error_create_at(ERROR_CORRUPT, path, header_offset,
                               "not an ar member's header: the package is damaged, fetch it again");
    copy_name(&header, ret->name);
    ret->byte_offset = header_offset + sizeof(header);
    return NULL;
}

static struct error *no_data_member(const char *path, bool is_debian, uint64_t file_size)
{
    if (is_debian)
        return error_create(ERROR_CORRUPT, path,
                            "is cut short at byte %" PRIu64
                            ", before its data.tar member: fetch it again",
                            file_size);
    return error_create(ERROR_NOT_A_PACKAGE, path,
                        "is an ar archive without a data.tar member: give a .deb or .ddeb");
}

/* The first member whose name begins with PREFIX. */
static struct error *find_member(const struct byte_source *source, uint64_t file_size,
                                 const char *prefix, struct member *ret)
{
    const char *path = source->path;
    uint64_t header_offset = SARMAG;
    /* Of an ar archive without members, more was to come. */
    bool is_debian = file_size == SARMAG;

    for (unsigned count = 0; header_offset < file_size; count++) {
        if (count == MAXIMUM_MEMBERS)
            return error_create(ERROR_NOT_A_PACKAGE, path,
                                "has no data.tar among its first %d ar members: give a .deb or "
                                ".ddeb",
                                MAXIMUM_MEMBERS);
        TRY(read_member(source, header_offset, ret));
        uint64_t end_offset = ret->byte_offset + ret->byte_size;
        if (end_offset > file_size)
            return byte_range_cut_short(path, file_size, end_offset);
        if (strncmp(ret->name, prefix, strlen(prefix)) == 0)
            return NULL;
        is_debian = is_debian || strcmp(ret->name, "debian-binary") == 0;
        header_offset = end_offset + (ret->byte_size & 1);
    }
    return no_data_member(path, is_debian, file_size);
}

static struct error *find_size(const struct byte_source *source, uint64_t *size_ret)
{
    if (!source->arrival)
        return file_regular_size(source->file_descriptor, source->path, size_ret);
    *size_ret = source->arrival->total_size;
    return NULL;
}

static struct error *find_archive(const struct byte_source *source, const char *prefix,
                                  struct package_data *ret)
{
    uint64_t package_size = 0;
    struct member member;
    char magic[SARMAG];
    size_t length = 0;

    TRY(find_size(source, &package_size));
    TRY(bytes_read_at(source, 0, magic, sizeof(magic), &length));
    if (length < sizeof(magic) || memcmp(magic, ARMAG, SARMAG) != 0)
        return error_create(ERROR_NOT_A_PACKAGE, source->path,
                            "does not begin as a Debian package does: give a .deb or .ddeb, or "
                            "fetch it again if it should be one");
    TRY(find_member(source, package_size, prefix, &member));
    memcpy(ret->name, member.name, sizeof(ret->name));
    ret->package_size = package_size;
    ret->bytes = (struct byte_range){
        .source = *source,
        .byte_offset = member.byte_offset,
        .end_offset = member.byte_offset + member.byte_size,
    };
    return NULL;
}

struct error *package_find_data(const struct byte_source *source, struct package_data *ret)
{
    return find_archive(source, "data.tar", ret);
}

struct error *package_find_control(const struct byte_source *source, struct package_data *ret)
{
    return find_archive(source, "control.tar", ret);
}
