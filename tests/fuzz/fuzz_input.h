/* SPDX-License-Identifier: MIT */
/* A fuzzer's bytes as a file, for what reads files. */
#ifndef KSTRUCT_TESTS_FUZZ_FUZZ_INPUT_H
#define KSTRUCT_TESTS_FUZZ_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"

/* What the fuzzer calls. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { FUZZ_PATH_LENGTH = 64 };

/* A file in memory that holds the bytes, read from its start; close() it. */
static inline int fuzz_memory_file(const uint8_t *bytes, size_t length)
{
    int file_descriptor = memfd_create("fuzz", MFD_CLOEXEC);

    if (file_descriptor < 0 || write(file_descriptor, bytes, length) != (ssize_t)length ||
        lseek(file_descriptor, 0, SEEK_SET) != 0)
        abort();
    return file_descriptor;
}

/* A path by which that file can be opened again. */
static inline void fuzz_path(int file_descriptor, char path[FUZZ_PATH_LENGTH])
{
    snprintf(path, FUZZ_PATH_LENGTH, "/proc/self/fd/%d", file_descriptor);
}

/* Input may be refused, but with an error that can be shown. True if there was one. */
static inline int fuzz_is_refused(struct error *error)
{
    if (!error)
        return 0;
    free(error_to_line(error));
    error_destroy(error);
    return 1;
}

#endif
