/* SPDX-License-Identifier: MIT */
#include "fetch/package/stream/stream_window.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "base/system/file.h"

struct error *stream_window_open(struct stream_window *window)
{
    *window = (struct stream_window){.file_descriptor = memfd_create("package", MFD_CLOEXEC)};
    if (window->file_descriptor < 0)
        return error_create_errno(errno, NULL, "cannot create a file in memory");
    return NULL;
}

void stream_window_close(struct stream_window *window)
{
    close_pointer(&window->file_descriptor);
}

struct error *stream_window_put(const struct stream_window *window, const void *bytes,
                                size_t length, const char *url)
{
    return file_write_all_at(window->file_descriptor, bytes, length, window->end_offset, url);
}

/* Without the call, the bytes would only take memory. */
static void forget(const struct stream_window *window, uint64_t end_offset)
{
    if (end_offset > window->start_offset)
        fallocate(window->file_descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                  (off_t)window->start_offset, (off_t)(end_offset - window->start_offset));
}

void stream_window_drop(struct stream_window *window, uint64_t start_offset)
{
    if (start_offset > window->end_offset)
        start_offset = window->end_offset;
    if (start_offset <= window->start_offset)
        return;
    forget(window, start_offset);
    window->start_offset = start_offset;
}

void stream_window_move(struct stream_window *window, uint64_t offset)
{
    forget(window, window->end_offset);
    window->start_offset = offset;
    window->end_offset = offset;
}
