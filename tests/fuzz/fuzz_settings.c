/* SPDX-License-Identifier: MIT */
/* Any bytes as a settings file. */
#include "config/settings/settings.h"
#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct config_errors errors = {0};
    struct settings settings;

    if (!fuzz_is_refused(
            settings_parse("fuzz.ini", (const char *)bytes, length, &settings, &errors)))
        settings_deinit(&settings);
    config_errors_deinit(&errors);
    return 0;
}
