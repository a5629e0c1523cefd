/* SPDX-License-Identifier: MIT */
#include "base/btf/btf_file.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/buffer.h"

#define BTF_JOINED_MAXIMUM ((size_t)1 << 31)

/* What a look through the types works with. */
struct examiner {
    const char *where;
    const struct btf *btf;
    uint32_t type_count; /* void included */
    uint32_t id;         /* of the type at hand */
};

static struct error *corrupt(const struct examiner *examiner, const char *what)
{
    return error_create(ERROR_CORRUPT, examiner->where, "BTF type %u %s", examiner->id, what);
}

static struct error *check_name(const struct examiner *examiner, uint32_t offset)
{
    return btf__str_by_offset(examiner->btf, offset)
               ? NULL
               : corrupt(examiner, "has a name that lies outside of the strings");
}

static struct error *check_reference(const struct examiner *examiner, uint32_t id)
{
    return id < examiner->type_count ? NULL
                                     : corrupt(examiner, "refers to a type that is not there");
}

static struct error *check_members(const struct examiner *examiner, const struct btf_type *type)
{
    const struct btf_member *members = btf_members(type);

    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        TRY(check_name(examiner, members[i].name_off));
        TRY(check_reference(examiner, members[i].type));
    }
    return NULL;
}

static struct error *check_enumerators(const struct examiner *examiner, const struct btf_type *type)
{
    for (uint32_t i = 0; i < btf_vlen(type); i++)
        TRY(check_name(examiner, btf_is_enum(type) ? btf_enum(type)[i].name_off
                                                   : btf_enum64(type)[i].name_off));
    return NULL;
}

static struct error *check_parameters(const struct examiner *examiner, const struct btf_type *type)
{
    const struct btf_param *parameters = btf_params(type);

    TRY(check_reference(examiner, type->type));
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        TRY(check_name(examiner, parameters[i].name_off));
        TRY(check_reference(examiner, parameters[i].type));
    }
    return NULL;
}

static struct error *check_variables(const struct examiner *examiner, const struct btf_type *type)
{
    for (uint32_t i = 0; i < btf_vlen(type); i++)
        TRY(check_reference(examiner, btf_var_secinfos(type)[i].type));
    return NULL;
}

static struct error *check_type(const struct examiner *examiner, const struct btf_type *type)
{
    TRY(check_name(examiner, type->name_off));
    switch (btf_kind(type)) {
    case BTF_KIND_INT:
    case BTF_KIND_FLOAT:
    case BTF_KIND_FWD: return NULL;
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64: return check_enumerators(examiner, type);
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION: return check_members(examiner, type);
    case BTF_KIND_FUNC_PROTO: return check_parameters(examiner, type);
    case BTF_KIND_DATASEC: return check_variables(examiner, type);
    case BTF_KIND_ARRAY:
        TRY(check_reference(examiner, btf_array(type)->index_type));
        return check_reference(examiner, btf_array(type)->type);
    default: return check_reference(examiner, type->type);
    }
}

static struct error *check_types(const char *where, const struct btf *btf)
{
    struct examiner examiner = {.where = where, .btf = btf, .type_count = btf__type_cnt(btf)};

    for (examiner.id = 1; examiner.id < examiner.type_count; examiner.id++)
        TRY(check_type(&examiner, btf__type_by_id(btf, examiner.id)));
    return NULL;
}

static struct error *make(const char *where, const void *bytes, size_t length, struct btf **btf_ret)
{
    /* What it says is said by the error. */
    libbpf_set_print(NULL);
    if (length > UINT32_MAX)
        return error_create(ERROR_LIMIT, where, "BTF has 32-bit sizes, and this has %zu bytes",
                            length);
    struct btf *btf = btf__new(bytes, (uint32_t)length);
    if (!btf && errno == ENOMEM)
        return error_out_of_memory();
    if (!btf)
        return error_create(errno == ENOTSUP ? ERROR_UNSUPPORTED : ERROR_CORRUPT, where,
                            "libbpf cannot read its BTF: %s", strerror(errno));
    struct error *error = check_types(where, btf);
    if (error) {
        btf__free(btf);
        return error;
    }
    *btf_ret = btf;
    return NULL;
}

/* The header's parts, if it is one of this machine's byte order whose parts are there. */
static bool read_header(const void *bytes, size_t length, struct btf_header *header)
{
    if (length < sizeof(*header))
        return false;
    memcpy(header, bytes, sizeof(*header));
    return header->magic == BTF_MAGIC && header->hdr_len >= sizeof(*header) &&
           (uint64_t)header->hdr_len + header->type_off + header->type_len <= length &&
           (uint64_t)header->hdr_len + header->str_off + header->str_len <= length;
}

static void append_part(struct buffer *out, const void *bytes, const struct btf_header *header,
                        uint32_t offset, uint32_t length)
{
    buffer_append(out, (const char *)bytes + header->hdr_len + offset, length);
}

/* Split BTF counts its types and its strings' bytes on from those of its base: put after them, it
 * is BTF as any other. libbpf 1.1 declares a function that takes it apart from its base, and has
 * none. */
static struct error *join(const char *where, const void *base, size_t base_length,
                          const void *bytes, size_t length, struct buffer *out)
{
    struct btf_header first;
    struct btf_header second;

    if (!read_header(base, base_length, &first) || !read_header(bytes, length, &second))
        return error_create(ERROR_CORRUPT, where, "its BTF has no header that can be used");
    struct btf_header header = first;
    uint64_t type_length = (uint64_t)first.type_len + second.type_len;
    uint64_t string_length = (uint64_t)first.str_len + second.str_len;
    if (type_length + string_length > BTF_JOINED_MAXIMUM)
        return error_create(ERROR_LIMIT, where, "it is too large together with its base");
    header.hdr_len = sizeof(header);
    header.type_off = 0;
    header.type_len = (uint32_t)type_length;
    header.str_off = (uint32_t)type_length;
    header.str_len = (uint32_t)string_length;
    buffer_append(out, &header, sizeof(header));
    append_part(out, base, &first, first.type_off, first.type_len);
    append_part(out, bytes, &second, second.type_off, second.type_len);
    append_part(out, base, &first, first.str_off, first.str_len);
    append_part(out, bytes, &second, second.str_off, second.str_len);
    return buffer_check(out, where);
}

struct error *btf_file_make(const char *where, const void *bytes, size_t length,
                            const struct btf *base, struct btf **btf_ret)
{
    CLEANUP(buffer_deinit) struct buffer joined;
    uint32_t base_length = 0;

    buffer_init(&joined, BTF_JOINED_MAXIMUM + sizeof(struct btf_header));
    if (!base)
        return make(where, bytes, length, btf_ret);
    const void *base_bytes = btf__raw_data(base, &base_length);
    if (!base_bytes)
        return error_out_of_memory();
    TRY(join(where, base_bytes, base_length, bytes, length, &joined));
    return make(where, buffer_text(&joined), joined.length, btf_ret);
}

const char *btf_file_name(const struct btf *btf, const struct btf_type *type)
{
    const char *name = btf__str_by_offset(btf, type->name_off);

    return name ? name : "";
}

const struct btf_type *btf_file_resolve(const struct btf *btf, uint32_t id, uint32_t *id_ret)
{
    const struct btf_type *type = btf__type_by_id(btf, id);

    for (unsigned i = 0; type && (btf_is_mod(type) || btf_is_typedef(type)); i++) {
        if (i == BTF_DEPTH_MAXIMUM)
            return NULL;
        id = type->type;
        type = btf__type_by_id(btf, id);
    }
    if (id_ret)
        *id_ret = id;
    return type;
}

const char *btf_file_kind_word(const struct btf_type *type)
{
    switch (btf_kind(type)) {
    case BTF_KIND_STRUCT: return "struct";
    case BTF_KIND_UNION: return "union";
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64: return "enum";
    case BTF_KIND_TYPEDEF: return "typedef";
    case BTF_KIND_INT: return "int";
    case BTF_KIND_FLOAT: return "float";
    case BTF_KIND_FWD: return btf_kflag(type) ? "union" : "struct";
    case BTF_KIND_FUNC: return "func";
    default: return "type";
    }
}
