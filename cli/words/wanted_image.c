/* SPDX-License-Identifier: MIT */
#include "cli/words/wanted_image.h"

#include <string.h>

#include "cli/words/suggestion.h"

const char *image_of_word(const char *word)
{
    return word && strcmp(word, "all") == 0 ? NULL : word;
}

struct error *image_is_in(struct dataset *dataset, const char *image, const char *kernel_name,
                          bool *is_in_ret)
{
    CLEANUP(dataset_names_deinit) struct dataset_names names = {0};

    *is_in_ret = true;
    if (!image_is_module(image))
        return NULL;
    TRY(dataset_list_modules(dataset, kernel_name, &names));
    *is_in_ret = dataset_names_have(&names, image);
    return NULL;
}

struct error *image_check(struct dataset *dataset, const char *image, size_t kernel_count,
                          const char *const *kernel_names)
{
    CLEANUP(dataset_names_deinit) struct dataset_names names = {0};

    if (!image_is_module(image))
        return NULL;
    for (size_t i = 0; i < kernel_count; i++)
        TRY(dataset_list_modules(dataset, kernel_names[i], &names));
    if (dataset_names_have(&names, image))
        return NULL;
    return suggestion_error(image,
                            names.count > 0
                                ? "no such module in these kernels"
                                : "no modules of these kernels were read (setting `images`)",
                            (const char *const *)names.names, names.count);
}
