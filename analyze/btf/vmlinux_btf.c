/* SPDX-License-Identifier: MIT */
#include "analyze/btf/vmlinux_btf.h"

#include "analyze/btf/analyze_btf.h"
#include "analyze/elf/elf_image.h"
#include "analyze/elf/kernel_identity.h"

static const char *const wanted_sections[] = {".BTF", KERNEL_IDENTITY_SECTIONS, NULL};

static struct error *read_image(const struct elf_image *image, struct kernel_layouts *layouts_ret)
{
    const struct elf_section *section = elf_image_find(image, ".BTF");
    struct kernel_layouts layouts;

    if (!section)
        return error_create(ERROR_NO_DWARF, image->path,
                            "it has neither debug information (.debug_info) nor BTF (.BTF)");
    const struct btf_bytes bytes = {image->path, section->bytes, section->byte_size};
    TRY(analyze_btf(&bytes, NULL, NULL, &layouts));
    struct error *error = kernel_identity_read(image, &layouts.arena, &layouts.identity);
    if (error) {
        kernel_layouts_deinit(&layouts);
        return error;
    }
    layouts.identity.dwarf_versions = BTF_INSTEAD_OF_DWARF;
    *layouts_ret = layouts;
    return NULL;
}

struct error *analyze_vmlinux_btf(int file_descriptor, const char *path,
                                  struct kernel_layouts *layouts_ret)
{
    struct elf_image image;

    TRY(elf_image_open(file_descriptor, path, wanted_sections, &image));
    struct error *error = read_image(&image, layouts_ret);
    elf_image_close(&image);
    return error;
}
