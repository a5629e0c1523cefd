/* SPDX-License-Identifier: MIT */
#include "analyze/dwarf/source_files.h"

#include <dwarf.h>
#include <string.h>

/* Debian's and Ubuntu's kernels are built in a directory of this name below the source tree. */
#define BUILD_DIRECTORY "/debian/build/"

/* Debian builds a variant such as rt from a copy of the tree, called source_VARIANT, below it. */
#define COPY_OF_TREE "debian/build/source_"

enum { ENTRY_FORMATS_MAXIMUM = 16 };

struct entry_format {
    uint64_t content; /* DW_LNCT_… */
    uint64_t form;
};

/* A file or directory of the table. */
struct entry {
    const char *path; /* "" if it has none */
    uint64_t directory_index;
};

/* A cursor in .debug_line, and what its program's header says of sizes. */
struct line_header {
    const struct dwarf_sections *sections;
    struct dwarf_cursor cursor;
    unsigned version;
    unsigned offset_byte_size;
    const char *compilation_directory;
};

static struct error *malformed(const struct line_header *header, const char *what)
{
    return error_create_at(
        ERROR_BAD_DWARF, header->sections->path,
        (uint64_t)(header->cursor.position - header->sections->ranges[DWARF_LINE].bytes),
        "in .debug_line: %s", what);
}

/* Moves to the directory table. */
static struct error *open_header(struct line_header *header, uint64_t section_offset)
{
    const struct section_bytes *range = &header->sections->ranges[DWARF_LINE];
    struct dwarf_cursor *cursor = &header->cursor;

    *cursor = (struct dwarf_cursor){
        .position = range->bytes,
        .end = range->bytes + range->byte_size,
        .is_big_endian = header->sections->is_big_endian,
    };
    cursor_skip(cursor, section_offset);
    uint64_t length = cursor_unsigned(cursor, 4);
    header->offset_byte_size = 4;
    if (length == UINT32_MAX) {
        header->offset_byte_size = 8;
        length = cursor_unsigned(cursor, 8);
    }
    if (cursor->is_overrun || length > cursor_left(cursor))
        return malformed(header, "a line table reaches past the section's end");
    cursor->end = cursor->position + length;
    header->version = (unsigned)cursor_unsigned(cursor, 2);
    if (header->version < 2 || header->version > 5)
        return malformed(header, "a line table is of an unknown version");
    if (header->version >= 5)
        cursor_skip(cursor, 2);
    cursor_skip(cursor, header->offset_byte_size);
    /* minimum_instruction_length, (since 4) maximum_operations_per_instruction, default_is_stmt,
     * line_base, line_range */
    cursor_skip(cursor, header->version >= 4 ? 5 : 4);
    uint64_t opcode_base = cursor_unsigned(cursor, 1);
    cursor_skip(cursor, opcode_base > 0 ? opcode_base - 1 : 0);
    return cursor->is_overrun ? malformed(header, "a line table's header is cut short") : NULL;
}

static const char *text_at(struct line_header *header, enum dwarf_section section, uint64_t offset)
{
    const struct section_bytes *range = &header->sections->ranges[section];

    if (offset >= range->byte_size) {
        cursor_overrun(&header->cursor);
        return "";
    }
    return (const char *)range->bytes + offset;
}

static void read_value(struct line_header *header, const struct entry_format *format,
                       struct entry *entry)
{
    struct dwarf_cursor *cursor = &header->cursor;
    const char *text = "";
    uint64_t number = 0;

    switch (format->form) {
    case DW_FORM_string: text = cursor_text(cursor); break;
    case DW_FORM_line_strp:
        text = text_at(header, DWARF_LINE_STR, cursor_unsigned(cursor, header->offset_byte_size));
        break;
    case DW_FORM_strp:
        text = text_at(header, DWARF_STR, cursor_unsigned(cursor, header->offset_byte_size));
        break;
    case DW_FORM_udata: number = cursor_uleb128(cursor); break;
    case DW_FORM_data1: number = cursor_unsigned(cursor, 1); break;
    case DW_FORM_data2: number = cursor_unsigned(cursor, 2); break;
    case DW_FORM_data4: number = cursor_unsigned(cursor, 4); break;
    case DW_FORM_data8: number = cursor_unsigned(cursor, 8); break;
    case DW_FORM_data16: cursor_skip(cursor, 16); break;
    case DW_FORM_block: cursor_skip(cursor, cursor_uleb128(cursor)); break;
    default: cursor_overrun(cursor); break;
    }
    if (format->content == DW_LNCT_path)
        entry->path = text;
    else if (format->content == DW_LNCT_directory_index)
        entry->directory_index = number;
}

/* Reads a table of entries (DWARF 5); keeps the one of number WANTED, if there is one. */
static void read_entries(struct line_header *header, uint64_t wanted, struct entry *entry_ret)
{
    struct dwarf_cursor *cursor = &header->cursor;
    struct entry_format formats[ENTRY_FORMATS_MAXIMUM];
    uint64_t format_count = cursor_unsigned(cursor, 1);

    if (format_count > ENTRY_FORMATS_MAXIMUM) {
        cursor_overrun(cursor);
        return;
    }
    for (uint64_t i = 0; i < format_count; i++) {
        formats[i].content = cursor_uleb128(cursor);
        formats[i].form = cursor_uleb128(cursor);
    }
    uint64_t count = cursor_uleb128(cursor);
    for (uint64_t i = 0; i < count && !cursor->is_overrun; i++) {
        struct entry entry = {.path = ""};
        for (uint64_t j = 0; j < format_count; j++)
            read_value(header, &formats[j], &entry);
        if (i == wanted)
            *entry_ret = entry;
        if (format_count == 0)
            break;
    }
}

/* The directories are in front of the files that name them by number, so they are read again once
 * the file is known. */
static void find_entries(struct line_header *header, uint64_t index, struct entry *file,
                         struct entry *directory)
{
    const struct dwarf_cursor start = header->cursor;
    struct entry compilation = {.path = ""};

    read_entries(header, 0, &compilation);
    read_entries(header, index, file);
    if (header->cursor.is_overrun)
        return;
    /* Directory 0 is the compilation's, which type units do not name. */
    if (header->compilation_directory[0] == '\0')
        header->compilation_directory = compilation.path;
    header->cursor = start;
    read_entries(header, file->directory_index, directory);
}

/* Before DWARF 5: lists of texts that end with an empty one, counted from 1. Directory 0 is the
 * compilation's. */
static const char *old_directory(struct line_header *header, uint64_t wanted)
{
    const char *found = "";

    for (uint64_t i = 1; !header->cursor.is_overrun; i++) {
        const char *directory = cursor_text(&header->cursor);
        if (directory[0] == '\0')
            break;
        if (i == wanted)
            found = directory;
    }
    return found;
}

static void find_old_entries(struct line_header *header, uint64_t index, struct entry *file,
                             struct entry *directory)
{
    struct dwarf_cursor *cursor = &header->cursor;
    const struct dwarf_cursor start = *cursor;

    old_directory(header, 0);
    for (uint64_t i = 1; !cursor->is_overrun; i++) {
        struct entry entry = {.path = cursor_text(cursor)};
        if (entry.path[0] == '\0')
            break;
        entry.directory_index = cursor_uleb128(cursor);
        cursor_uleb128(cursor); /* time of modification */
        cursor_uleb128(cursor); /* size */
        if (i == index)
            *file = entry;
    }
    if (cursor->is_overrun)
        return;
    *cursor = start;
    directory->path = old_directory(header, file->directory_index);
}

/* The length of the source tree's path with a slash after it, at the start of PATH; 0 if PATH is
 * not in it. */
static size_t source_tree_length(const char *path, const char *compilation_directory)
{
    const char *build = strstr(compilation_directory, BUILD_DIRECTORY);
    size_t length = build ? (size_t)(build - compilation_directory) : strlen(compilation_directory);

    while (length > 0 && compilation_directory[length - 1] == '/')
        length--;
    if (length == 0 || strncmp(path, compilation_directory, length) != 0 || path[length] != '/')
        return 0;
    return length + 1;
}

/* Removes "." components, and ".." together with the component before it. */
static void append_normalized(struct buffer *path, const char *text)
{
    size_t start = path->length;

    if (text[0] == '/')
        buffer_append_char(path, '/');
    while (*text) {
        size_t length = strcspn(text, "/");
        bool is_parent = length == 2 && text[0] == '.' && text[1] == '.';
        const char *last = path->length > start ? strrchr(path->data + start, '/') : NULL;
        const char *component = last ? last + 1 : buffer_text(path) + start;
        if (is_parent && path->length > start && component[0] != '\0' &&
            strcmp(component, "..") != 0) {
            path->length = last && last != path->data + start ? (size_t)(last - path->data)
                                                              : start + (last ? 1 : 0);
            path->data[path->length] = '\0';
        } else if (length > 0 && !(length == 1 && text[0] == '.')) {
            if (path->length > start && path->data[path->length - 1] != '/')
                buffer_append_char(path, '/');
            buffer_append(path, text, length);
        }
        text += length;
        text += *text == '/';
    }
}

static void leave_out_copy_of_tree(struct buffer *path)
{
    size_t known = sizeof(COPY_OF_TREE) - 1;

    if (path->length < known || memcmp(path->data, COPY_OF_TREE, known) != 0)
        return;
    const char *rest = strchr(path->data + known, '/');
    if (!rest)
        return;
    rest++;
    path->length -= (size_t)(rest - path->data);
    memmove(path->data, rest, path->length + 1);
}

/* Joins what the table says into one path, without the source tree's own. */
static struct error *append_path(struct buffer *path, const char *directory, const char *name,
                                 const char *compilation_directory)
{
    struct buffer joined;

    buffer_init(&joined, SOURCE_PATH_MAXIMUM);
    buffer_clear(path);
    if (name[0] != '/' && directory[0] != '\0') {
        buffer_append_text(&joined, directory);
        buffer_append_char(&joined, '/');
    }
    buffer_append_text(&joined, name);
    struct error *error = buffer_check(&joined, "a source file's path");
    if (!error) {
        const char *text = buffer_text(&joined);
        append_normalized(path, text + source_tree_length(text, compilation_directory));
        leave_out_copy_of_tree(path);
        error = buffer_check(path, "a source file's path");
    }
    buffer_deinit(&joined);
    return error;
}

static const char *unit_text(struct die_reader *reader, const struct die *unit_die,
                             enum attribute_slot slot)
{
    struct dwarf_name name;

    return die_text(reader, unit_die, slot, &name) ? name.text : "";
}

struct error *source_file_of_unit(struct die_reader *reader, const struct unit *unit,
                                  struct buffer *path)
{
    buffer_clear(path);
    TRY(die_reader_enter(reader, unit));
    struct die unit_die = die_read(reader);
    if (unit_die.abbreviation)
        TRY(append_path(path, "", unit_text(reader, &unit_die, SLOT_NAME),
                        unit_text(reader, &unit_die, SLOT_COMPILATION_DIRECTORY)));
    return die_reader_check(reader);
}

static struct error *read_file_name(struct line_header *header, uint64_t index, struct buffer *path)
{
    struct entry file = {.path = ""};
    struct entry directory = {.path = ""};

    if (header->version >= 5)
        find_entries(header, index, &file, &directory);
    else
        find_old_entries(header, index, &file, &directory);
    if (header->cursor.is_overrun)
        return malformed(header, "a line table's file names are malformed");
    if (file.path[0] == '\0')
        return NULL;
    return append_path(path, directory.path, file.path, header->compilation_directory);
}

struct error *source_file_by_index(struct die_reader *reader, const struct unit *unit,
                                   uint64_t index, struct buffer *path)
{
    struct line_header header = {.sections = reader->sections};
    uint64_t section_offset;

    buffer_clear(path);
    TRY(die_reader_enter(reader, unit));
    struct die unit_die = die_read(reader);
    if (!unit_die.abbreviation ||
        !die_unsigned(reader, &unit_die, SLOT_STMT_LIST, &section_offset) ||
        section_offset >= reader->sections->ranges[DWARF_LINE].byte_size)
        return die_reader_check(reader);
    header.compilation_directory = unit_text(reader, &unit_die, SLOT_COMPILATION_DIRECTORY);
    TRY(die_reader_check(reader));
    TRY(open_header(&header, section_offset));
    return read_file_name(&header, index, path);
}
