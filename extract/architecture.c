/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/buffer.h"
#include "base/system/memory.h"
#include "base/text/control_stanza.h"
#include "extract/data_tar.h"
#include "extract/extract.h"
#include "extract/package.h"

/* Real control files have a page of text, in an archive of some files. */
enum { CONTROL_MAXIMUM = 256 * 1024, MEMBERS_MAXIMUM = 32 };

/* Steps to the control file; *IS_FOUND_RET is false if there is none. */
static struct error *find_control(struct data_tar *tar, bool *is_found_ret)
{
    struct data_tar_member member;
    bool is_end = false;

    *is_found_ret = false;
    for (int i = 0; i < MEMBERS_MAXIMUM && !is_end && !*is_found_ret; i++) {
        TRY(data_tar_next(tar, &member, &is_end));
        if (!is_end && member.kind == DATA_TAR_FILE)
            *is_found_ret =
                strcmp(member.path, "./control") == 0 || strcmp(member.path, "control") == 0;
    }
    return NULL;
}

static struct error *read_control(struct data_tar *tar, struct buffer *text)
{
    struct data_tar_piece piece;
    bool is_end = false;

    for (;;) {
        TRY(data_tar_read(tar, &piece, &is_end));
        if (is_end)
            return buffer_check(text, "a control file");
        buffer_append(text, piece.bytes, piece.length);
        TRY(buffer_check(text, "a control file"));
    }
}

static struct error *find_field(const struct buffer *text, char **architecture_ret)
{
    const struct control_text control = {buffer_text(text), text->length};
    struct control_text value;
    struct control_text word;

    if (!control_find_field(&control, "Architecture", &value) || !control_next_word(&value, &word))
        return NULL;
    *architecture_ret = strndup(word.bytes, word.length);
    return *architecture_ret ? NULL : error_out_of_memory();
}

static struct error *read_architecture(const struct byte_source *source, char **architecture_ret)
{
    CLEANUP(data_tar_destroy_pointer) struct data_tar *tar = NULL;
    CLEANUP(buffer_deinit) struct buffer text;
    struct package_data control;
    bool is_found = false;

    buffer_init(&text, CONTROL_MAXIMUM);
    TRY(package_find_control(source, &control));
    TRY(data_tar_create(&control, 1, &tar));
    TRY(find_control(tar, &is_found));
    if (!is_found)
        return NULL;
    TRY(read_control(tar, &text));
    return find_field(&text, architecture_ret);
}

struct error *extract_architecture(int package_descriptor, const char *package_path,
                                   const struct extract_arrival *arrival, char **architecture_ret)
{
    const struct byte_source source = {
        .file_descriptor = package_descriptor, .path = package_path, .arrival = arrival};

    *architecture_ret = NULL;
    struct error *error = read_architecture(&source, architecture_ret);
    if (error && error->code != ERROR_OUT_OF_MEMORY && error->code != ERROR_INTERRUPTED) {
        error_destroy(error);
        error = NULL;
    }
    return error;
}
