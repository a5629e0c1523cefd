/* SPDX-License-Identifier: MIT */
#include "report/write/c/c_text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "model/text/escape.h"
#include "report/compare/holes.h"
#include "report/compare/waste.h"
#include "report/write/c/declarator.h"
#include "report/write/known_number.h"
#include "report/write/module_names.h"

enum { INDENT = 4, COMMENT_COLUMN = 52 };

struct definition_writer {
    const struct layout *layout;
    struct buffer *out;
    size_t line_start;         /* bytes into OUT */
    struct waste_sum sum;      /* of the struct's own members */
    unsigned cache_line_bytes; /* 0: they are not told */
    uint64_t cache_line;       /* of the last member, from 0 */
};

static struct error *render_members(struct definition_writer *writer, uint32_t container,
                                    unsigned depth);

static void append(struct definition_writer *writer, const char *text)
{
    buffer_append_text(writer->out, text);
}

static void begin_line(struct definition_writer *writer, unsigned depth)
{
    writer->line_start = writer->out->length;
    buffer_append_format(writer->out, "%*s", (int)(depth * INDENT), "");
}

static void append_waste_line(struct definition_writer *writer, unsigned depth, const char *what,
                              const struct waste *waste)
{
    begin_line(writer, depth);
    buffer_append_format(writer->out, "/* %s: ", what);
    waste_append(writer->out, waste);
    append(writer, " */\n");
}

/* The end of a member's line: padded to a column, the place and the size. */
static void append_place(struct definition_writer *writer, const struct layout_member *member)
{
    size_t line_length = writer->out->length - writer->line_start;
    uint64_t start = member->bit_offset;
    char bits[24] = "";

    if (member->bitfield_size)
        snprintf(bits, sizeof(bits), ":%" PRIu64, start % BITS_PER_BYTE);
    if (line_length < COMMENT_COLUMN)
        buffer_append_format(writer->out, "%*s", (int)(COMMENT_COLUMN - line_length), "");
    if (!layout_has_places(writer->layout))
        buffer_append_format(writer->out, " /* %5s */\n", "?");
    else if (writer->layout->lacks_member_sizes)
        buffer_append_format(writer->out, " /* %5" PRIu64 " */\n", start / BITS_PER_BYTE);
    else
        buffer_append_format(writer->out, " /* %5" PRIu64 "%-3s %6" PRIu64 " */\n",
                             start / BITS_PER_BYTE, bits, member->byte_size);
}

/* Where the compiler would put a bit-field that may begin at GAP_START. */
static uint64_t natural_place(uint64_t gap_start, const struct layout_member *member)
{
    struct layout_member moved = *member;
    struct bit_range unit;

    moved.bit_offset = gap_start;
    unit = bitfield_unit(&moved);
    if (unit.end - unit.start == member->byte_size * BITS_PER_BYTE)
        return gap_start;
    uint64_t unit_size = member->byte_size * BITS_PER_BYTE;
    return unit_size ? (gap_start / unit_size + 1) * unit_size : gap_start;
}

/* Any type of the unit's size will do; unlike the member's own it has no range narrower than that,
 * as _Bool has. */
static const char *filler_type(uint64_t byte_size)
{
    switch (byte_size) {
    case 1: return "unsigned char";
    case 2: return "unsigned short";
    case 4: return "unsigned int";
    case 8: return "unsigned long long";
    default: return NULL;
    }
}

/* Moves the bit-field after the gap that begins at GAP_START to its place. */
static void append_fillers(struct definition_writer *writer, uint64_t gap_start,
                           const struct layout_member *member, unsigned depth)
{
    const char *type = filler_type(member->byte_size);
    uint64_t unit_start = bitfield_unit(member).start;

    if (!type || natural_place(gap_start, member) == member->bit_offset)
        return;
    if (gap_start < unit_start) {
        begin_line(writer, depth);
        buffer_append_format(writer->out, "%s :0;\n", type);
        gap_start = unit_start;
    }
    if (gap_start < member->bit_offset) {
        begin_line(writer, depth);
        buffer_append_format(writer->out, "%s :%" PRIu64 ";\n", type,
                             member->bit_offset - gap_start);
    }
}

static void append_hole(struct definition_writer *writer, const struct hole *hole, unsigned depth)
{
    struct waste waste = {
        .bits_in_bytes = hole->is_in_bitfield ? 0 : hole->bit_size,
        .bitfield_bits = hole->is_in_bitfield ? hole->bit_size : 0,
    };

    append_waste_line(writer, depth, "hole", &waste);
}

/* The holes before a member, the first of which is number *NEXT; moves *NEXT after them. */
static void append_holes_before(struct definition_writer *writer, uint32_t index,
                                const struct holes *holes, size_t *next, unsigned depth)
{
    const struct layout_member *member = &writer->layout->members[index];
    uint64_t gap_start = member->bit_offset;

    if (*next < holes->count && holes->holes[*next].before_member == index)
        gap_start = holes->holes[*next].bit_offset;
    for (; *next < holes->count && holes->holes[*next].before_member == index; (*next)++)
        append_hole(writer, &holes->holes[*next], depth);
    if (member->bitfield_size && gap_start < member->bit_offset)
        append_fillers(writer, gap_start, member, depth);
}

/* Only the struct's own members count: they are in order, and none is after a pointer. */
static void append_cache_line(struct definition_writer *writer, const struct layout_member *member,
                              unsigned depth)
{
    if (writer->cache_line_bytes == 0 || member->depth > 0 || !layout_has_places(writer->layout))
        return;
    uint64_t line = member->bit_offset / BITS_PER_BYTE / writer->cache_line_bytes;
    if (line <= writer->cache_line)
        return;
    writer->cache_line = line;
    begin_line(writer, depth);
    buffer_append_format(writer->out, "/* cache line %" PRIu64 " */\n", line);
}

static struct error *render_member(struct definition_writer *writer, uint32_t index,
                                   enum declarator_zero_dimension zero, unsigned depth)
{
    const struct layout_member *member = &writer->layout->members[index];
    const char *name = layout_member_is_unnamed(member) ? "" : member->name;

    append_cache_line(writer, member, depth);
    begin_line(writer, depth);
    if (layout_member_end(writer->layout, index) > index + 1) {
        bool is_union = type_leaf(member->type)->kind == TYPE_UNION;
        declarator_append_leaf_qualifiers(writer->out, member->type);
        append(writer, is_union ? "union {\n" : "struct {\n");
        TRY(render_members(writer, index, depth + 1));
        begin_line(writer, depth);
        append(writer, "}");
    } else {
        declarator_append_specifier(writer->out, member->type);
    }
    TRY(declarator_append(writer->out, member->type, name, zero));
    if (member->bitfield_size)
        buffer_append_format(writer->out, ":%" PRIu32, member->bitfield_size);
    append(writer, ";");
    append_place(writer, member);
    return NULL;
}

static struct error *render_members(struct definition_writer *writer, uint32_t container,
                                    unsigned depth)
{
    const struct layout *layout = writer->layout;
    bool is_whole = container == HOLES_WHOLE_STRUCT;
    uint32_t first = is_whole ? 0 : container + 1;
    uint32_t end = is_whole ? layout->member_count : layout_member_end(layout, container);
    bool is_union = is_whole ? layout_is_union(layout)
                             : type_leaf(layout->members[container].type)->kind == TYPE_UNION;
    CLEANUP(holes_deinit) struct holes holes = {0};

    /* Without sizes every gap would look like a hole. */
    if (!layout->lacks_member_sizes)
        TRY(holes_find(layout, container, &holes));
    size_t next_hole = 0;
    for (uint32_t i = first; i < end; i = layout_member_end(layout, i)) {
        bool is_last = layout_member_end(layout, i) == end;
        bool may_be_flexible = is_last && i > first && !is_union;
        append_holes_before(writer, i, &holes, &next_hole, depth);
        TRY(render_member(writer, i, may_be_flexible ? DECLARATOR_FLEXIBLE : DECLARATOR_ZERO_LENGTH,
                          depth));
    }
    const struct waste_sum sum = waste_sum_of(&holes);
    if (holes.padding_bits > 0)
        append_waste_line(writer, depth, "padding", &sum.padding);
    if (is_whole)
        writer->sum = sum;
    return NULL;
}

static void append_source(struct definition_writer *writer, const struct definition_source *source)
{
    append(writer, "/* ");
    escape_append(writer->out, ESCAPE_NOTHING_MORE, source->kernel_name);
    if (source->modules.count > 0)
        append(writer, ", ");
    module_names_append(writer->out, ESCAPE_NOTHING_MORE, &source->modules);
    if (source->declaration_file && source->declaration_file[0]) {
        append(writer, ": ");
        escape_append(writer->out, ESCAPE_NOTHING_MORE, source->declaration_file);
        if (source->declaration_line > 0)
            buffer_append_format(writer->out, ":%" PRIu32, source->declaration_line);
    }
    append(writer, " */\n");
}

static void append_summary(struct definition_writer *writer)
{
    struct layout_fields fields = {.layout = writer->layout};
    uint32_t member_count = 0;

    while (layout_next_field(&fields))
        member_count++;
    append(writer, "/* size: ");
    known_number_append(writer->out, layout_has_byte_size(writer->layout),
                        writer->layout->byte_size);
    buffer_append_format(writer->out, ", members: %" PRIu32 " */\n", member_count);
    if (!layout_has_places(writer->layout)) {
        append(writer, "/* sizes, offsets and holes are not known: it was imported */\n");
        return;
    }
    if (writer->layout->lacks_member_sizes) {
        append(writer,
               "/* the members' sizes, and so the holes, are not known: it was imported */\n");
        return;
    }
    append(writer, "/* ");
    waste_sum_append(writer->out, &writer->sum);
    append(writer, " */\n");
}

/* Members or enumerators, in braces. */
static struct error *render_aggregate(struct definition_writer *writer, const char *keyword,
                                      const char *name)
{
    append(writer, keyword);
    escape_append(writer->out, ESCAPE_NOTHING_MORE, name);
    append(writer, name[0] != '\0' ? " {\n" : "{\n");
    TRY(error_locate(render_members(writer, HOLES_WHOLE_STRUCT, 1), writer->layout->name));
    append(writer, "}");
    return NULL;
}

static void render_enumerators(struct definition_writer *writer, const char *name)
{
    const struct layout *layout = writer->layout;

    append(writer, "enum ");
    escape_append(writer->out, ESCAPE_NOTHING_MORE, name);
    append(writer, name[0] != '\0' ? " {\n" : "{\n");
    for (uint32_t i = 0; i < layout->enumerator_count; i++) {
        begin_line(writer, 1);
        escape_append(writer->out, ESCAPE_NOTHING_MORE, layout->enumerators[i].name);
        append(writer, " = ");
        enumerator_append_value(writer->out, &layout->enumerators[i]);
        append(writer, ",\n");
    }
    append(writer, "}");
}

static void append_enum_summary(struct definition_writer *writer)
{
    buffer_append_format(writer->out, "/* size: %" PRIu64 ", enumerators: %" PRIu32 " */\n",
                         writer->layout->byte_size, writer->layout->enumerator_count);
}

static struct error *render_struct(struct definition_writer *writer)
{
    TRY(render_aggregate(writer, definition_kind_texts[writer->layout->kind].prefix,
                         writer->layout->name));
    append(writer, ";\n");
    append_summary(writer);
    return NULL;
}

static struct error *render_enum(struct definition_writer *writer)
{
    const struct layout *layout = writer->layout;

    render_enumerators(writer, layout_is_unnamed_enum(layout) ? "" : layout->name);
    append(writer, ";\n");
    append_enum_summary(writer);
    return NULL;
}

/* What has no other name is written out. */
static struct error *render_typedef(struct definition_writer *writer)
{
    const struct layout *layout = writer->layout;

    append(writer, "typedef ");
    if (layout->member_count > 0) {
        declarator_append_leaf_qualifiers(writer->out, layout->type);
        TRY(render_aggregate(writer, layout_is_union(layout) ? "union " : "struct ", ""));
    } else if (layout->enumerator_count > 0) {
        render_enumerators(writer, "");
    } else {
        declarator_append_specifier(writer->out, layout->type);
    }
    TRY(declarator_append(writer->out, layout->type, layout->name, DECLARATOR_ZERO_LENGTH));
    append(writer, ";\n");
    if (layout->member_count > 0)
        append_summary(writer);
    else if (layout->enumerator_count > 0)
        append_enum_summary(writer);
    return NULL;
}

/* C has no words for it: a comment. */
static struct error *render_int(struct definition_writer *writer)
{
    const struct layout *layout = writer->layout;

    append(writer, "/* base type ");
    escape_append(writer->out, ESCAPE_NOTHING_MORE, layout->name);
    buffer_append_format(writer->out, ": size: %" PRIu64 ", encoding: ", layout->byte_size);
    escape_append(writer->out, ESCAPE_NOTHING_MORE, layout->encoding[0] ? layout->encoding : "?");
    append(writer, " */\n");
    return NULL;
}

typedef struct error *render_kind(struct definition_writer *writer);

static render_kind *const renderers[DEFINITION_KIND_COUNT] = {
    [DEFINITION_STRUCT] = render_struct, [DEFINITION_UNION] = render_struct,
    [DEFINITION_ENUM] = render_enum,     [DEFINITION_TYPEDEF] = render_typedef,
    [DEFINITION_INT] = render_int,
};

struct error *definition_render(const struct layout *layout, const struct definition_source *source,
                                unsigned cache_line_bytes, struct buffer *out)
{
    struct definition_writer writer = {
        .layout = layout, .out = out, .cache_line_bytes = cache_line_bytes};

    if (source)
        append_source(&writer, source);
    TRY(renderers[layout->kind](&writer));
    return buffer_check(out, layout->name);
}
