/* SPDX-License-Identifier: MIT */
/* Any bytes as a file of the published schema; what is accepted must be writable again. */
#include "export/json_lines.h"
#include "tests/fuzz/fuzz_input.h"

static struct error *drop_text(void *context, const char *text, size_t length)
{
    (void)context;
    (void)text;
    (void)length;
    return NULL;
}

static void write_again(const struct kernel_layouts *layouts)
{
    const struct layout **list = calloc(layouts->definition_count + 1, sizeof(*list));
    const struct json_lines_kernel kernel = {.count = layouts->definition_count,
                                             .layouts = list,
                                             .types = &layouts->types,
                                             .kinds = DEFINITION_KINDS_ALL,
                                             .is_complete = true};

    for (size_t i = 0; list && i < layouts->definition_count; i++)
        list[i] = layouts->definitions[i].definition.layout;
    if (list && fuzz_is_refused(json_lines_write(&kernel, drop_text, NULL)))
        abort();
    free(list);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    int file_descriptor = fuzz_memory_file(bytes, length);
    struct kernel_layouts layouts;

    if (!fuzz_is_refused(json_lines_read(file_descriptor, "input", &layouts))) {
        write_again(&layouts);
        kernel_layouts_deinit(&layouts);
    }
    close(file_descriptor);
    return 0;
}
