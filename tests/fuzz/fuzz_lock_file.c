/* SPDX-License-Identifier: MIT */
/* Any bytes as a lock file; what can be read is written and read again. */
#include "base/text/text_lines.h"
#include "config/list/lock_file.h"
#include "tests/fuzz/fuzz_input.h"

static void write_and_read(const struct lock_file *lock)
{
    struct config_errors errors = {0};
    struct lock_file again;
    struct buffer text;

    buffer_init(&text, 2 * CONFIG_FILE_MAXIMUM);
    lock_file_format(lock, &text);
    if (text.length <= CONFIG_FILE_MAXIMUM) {
        if (lock_file_parse("again.lock", text.data, text.length, &again, &errors))
            __builtin_trap();
        lock_file_deinit(&again);
    }
    buffer_deinit(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct config_errors errors = {0};
    struct lock_file lock;

    if (!fuzz_is_refused(
            lock_file_parse("fuzz.lock", (const char *)bytes, length, &lock, &errors))) {
        write_and_read(&lock);
        lock_file_deinit(&lock);
    }
    config_errors_deinit(&errors);
    return 0;
}
