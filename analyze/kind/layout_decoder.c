/* SPDX-License-Identifier: MIT */
#include "analyze/kind/layout_decoder.h"

#include <dwarf.h>
#include <stdio.h>
#include <string.h>

#include "analyze/kind/enumerator_decoder.h"
#include "analyze/kind/member_decoder.h"

typedef struct error *decode_body(const struct layout_decoding *decoding,
                                  const struct libdwarf_die *die, struct decoded_layout *decoded);

static struct error *decode_enumerators(const struct layout_decoding *decoding,
                                        const struct libdwarf_die *die,
                                        struct decoded_layout *decoded)
{
    return enumerators_decode(decoding, die, &decoded->layout);
}

/* Goes from the type at PLACE, which is TYPE, along to its end, and opens that. */
static struct error *open_end(struct libdwarf_reader *reader, const struct type *type,
                              struct die_place place, struct libdwarf_die *die_ret)
{
    CLEANUP(libdwarf_die_close) struct libdwarf_die die = {0};
    bool has_type;

    TRY(libdwarf_die_open(reader, place, &die));
    for (; type->target; type = type->target) {
        TRY(libdwarf_die_type(&die, &has_type, &place));
        libdwarf_die_close(&die);
        TRY(libdwarf_die_open(reader, place, &die));
    }
    *die_ret = die;
    die.die = NULL;
    return NULL;
}

/* What a typedef stands for; all of it where that has no name of its own. */
static struct error *decode_typedef(const struct layout_decoding *decoding,
                                    const struct libdwarf_die *die, struct decoded_layout *decoded)
{
    struct layout *layout = &decoded->layout;
    CLEANUP(libdwarf_die_close) struct libdwarf_die end = {0};
    struct die_place place;
    bool has_type;

    TRY(libdwarf_die_type(die, &has_type, &place));
    TRY(type_decode(decoding->decoder, has_type, place, &layout->type));
    bool has_members = type_has_unnamed_members(layout->type);
    if (!has_members && !type_is_anonymous_enum(type_unqualified(layout->type)))
        return NULL;
    TRY(open_end(decoding->decoder->reader, layout->type, place, &end));
    /* An array of it, or a pointer to it, has another size. */
    if (!type_unqualified(layout->type)->target)
        TRY(libdwarf_die_number(&end, DW_AT_byte_size, &has_type, &layout->byte_size));
    return has_members ? members_decode(decoding, &end, decoded)
                       : enumerators_decode(decoding, &end, layout);
}

/* "signed": the constant's name without what all have before it. */
static struct error *decode_encoding(const struct layout_decoding *decoding,
                                     const struct libdwarf_die *die, struct decoded_layout *decoded)
{
    static const char prefix[] = "DW_ATE_";
    const char *name = NULL;
    bool has_encoding;
    uint64_t encoding;

    TRY(libdwarf_die_number(die, DW_AT_encoding, &has_encoding, &encoding));
    decoded->layout.encoding = "";
    if (!has_encoding || encoding > UINT16_MAX ||
        dwarf_get_ATE_name((unsigned)encoding, &name) != DW_DLV_OK)
        return NULL;
    name += strncmp(name, prefix, strlen(prefix)) == 0 ? strlen(prefix) : 0;
    decoded->layout.encoding = arena_copy_text(decoding->arena, name, strlen(name));
    return decoded->layout.encoding ? NULL : error_out_of_memory();
}

static decode_body *const bodies[DEFINITION_KIND_COUNT] = {
    [DEFINITION_STRUCT] = members_decode,   [DEFINITION_UNION] = members_decode,
    [DEFINITION_ENUM] = decode_enumerators, [DEFINITION_TYPEDEF] = decode_typedef,
    [DEFINITION_INT] = decode_encoding,
};

/* An enum without a name is called after its first enumerator. */
static struct error *name_layout(const struct layout_decoding *decoding,
                                 const struct libdwarf_die *die, struct layout *layout)
{
    char name[C_NAME_MAXIMUM + sizeof(UNNAMED_ENUM_FORMAT)];

    if (layout->name)
        return NULL;
    if (layout->enumerator_count == 0)
        return libdwarf_die_error(die, ERROR_BAD_DWARF, "a definition without a name");
    int length = snprintf(name, sizeof(name), UNNAMED_ENUM_FORMAT, layout->enumerators[0].name);
    layout->name = arena_copy_text(decoding->arena, name, (size_t)length);
    return layout->name ? NULL : error_out_of_memory();
}

struct error *layout_decode(const struct layout_decoding *decoding,
                            struct decoded_layout *decoded_ret)
{
    CLEANUP(libdwarf_die_close) struct libdwarf_die die = {0};
    struct decoded_layout decoded = {.layout = {.kind = decoding->kind}};
    bool has_value;
    uint64_t line;

    TRY(libdwarf_die_open(decoding->decoder->reader, decoding->place, &die));
    TRY(libdwarf_die_name(&die, &decoded.layout.name));
    TRY(libdwarf_die_number(&die, DW_AT_byte_size, &has_value, &decoded.layout.byte_size));
    TRY(libdwarf_die_number(&die, DW_AT_decl_file, &decoded.has_declaration_file,
                            &decoded.declaration_file_index));
    TRY(libdwarf_die_number(&die, DW_AT_decl_line, &has_value, &line));
    decoded.declaration_line = line > UINT32_MAX ? 0 : (uint32_t)line;
    TRY(bodies[decoding->kind](decoding, &die, &decoded));
    TRY(name_layout(decoding, &die, &decoded.layout));
    *decoded_ret = decoded;
    return NULL;
}
