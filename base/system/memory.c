/* SPDX-License-Identifier: MIT */
#include "base/system/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MEMBERSHIP_MAXIMUM = 16 * 1024, NUMBER_MAXIMUM = 64 };

static uint64_t lesser(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Not by file_read(): these files say that they have no bytes. TEXT becomes "" if there is none. */
static void read_text(const char *path, char *text, size_t size)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = 0;
    size_t total = 0;

    while (descriptor >= 0 && (length = read(descriptor, text + total, size - 1 - total)) > 0)
        total += (size_t)length;
    if (descriptor >= 0)
        close(descriptor);
    text[length < 0 ? 0 : total] = '\0';
}

/* What the file says: a number of bytes, or "max". In a container a group's own file may be out of
 * sight, and the root has none; both are no limit. */
static uint64_t read_limit(const char *directory, const char *name)
{
    char path[PATH_MAX + NAME_MAX];
    char text[NUMBER_MAXIMUM];

    snprintf(path, sizeof(path), "%s/%s", directory, name);
    read_text(path, text, sizeof(text));
    if (text[0] < '0' || text[0] > '9')
        return MEMORY_UNLIMITED;
    errno = 0;
    uintmax_t bytes = strtoumax(text, NULL, 10);
    return errno == 0 ? bytes : MEMORY_UNLIMITED;
}

/* The least limit of the group DIRECTORY, which is cut, and those above it down to its first LENGTH
 * bytes. */
static uint64_t read_limits(char *directory, size_t length, const char *name)
{
    uint64_t least = read_limit(directory, name);

    for (char *slash; strlen(directory) > length && (slash = strrchr(directory + length, '/'));) {
        *slash = '\0';
        least = lesser(least, read_limit(directory, name));
    }
    return least;
}

/* Is "memory" one of the controllers, which have commas between them? */
static bool has_memory(const char *controllers, size_t length)
{
    static const char word[] = "memory";

    for (const char *start = controllers; start < controllers + length;) {
        size_t rest = length - (size_t)(start - controllers);
        const char *end = memchr(start, ',', rest);
        size_t word_length = end ? (size_t)(end - start) : rest;
        if (word_length == strlen(word) && memcmp(start, word, word_length) == 0)
            return true;
        start += word_length + 1;
    }
    return false;
}

/* The limit that follows from a line "0::/GROUP" (version 2) or "4:memory:/GROUP" (version 1). */
static uint64_t limit_of_line(const char *root, const char *line, size_t length)
{
    const char *controllers = memchr(line, ':', length);
    const char *group =
        controllers ? memchr(controllers + 1, ':', length - (size_t)(controllers + 1 - line))
                    : NULL;
    char directory[PATH_MAX];

    if (!group)
        return MEMORY_UNLIMITED;
    size_t controllers_length = (size_t)(group - controllers) - 1;
    bool is_second_version = controllers_length == 0;
    if (!is_second_version && !has_memory(controllers + 1, controllers_length))
        return MEMORY_UNLIMITED;
    const char *below = is_second_version ? "" : "/memory";
    int group_length = (int)(length - (size_t)(group + 1 - line));
    int needed =
        snprintf(directory, sizeof(directory), "%s%s%.*s", root, below, group_length, group + 1);
    if (needed < 0 || (size_t)needed >= sizeof(directory))
        return MEMORY_UNLIMITED;
    return read_limits(directory, strlen(root) + strlen(below),
                       is_second_version ? "memory.max" : "memory.limit_in_bytes");
}

uint64_t memory_of_cgroups(const char *root, const char *membership)
{
    uint64_t least = MEMORY_UNLIMITED;

    for (const char *line = membership; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        least = lesser(least, limit_of_line(root, line, length));
        line += length + (line[length] == '\n');
    }
    return least;
}

uint64_t memory_of_machine(void)
{
    char membership[MEMBERSHIP_MAXIMUM];
    long pages = sysconf(_SC_PHYS_PAGES);
    long page_size = sysconf(_SC_PAGE_SIZE);
    uint64_t physical =
        pages > 0 && page_size > 0 ? (uint64_t)pages * (uint64_t)page_size : MEMORY_UNLIMITED;

    read_text("/proc/self/cgroup", membership, sizeof(membership));
    uint64_t least = lesser(physical, memory_of_cgroups("/sys/fs/cgroup", membership));
    return least == MEMORY_UNLIMITED ? 0 : least;
}
