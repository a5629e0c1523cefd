/* SPDX-License-Identifier: MIT */
#include "cli/kernel_input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "analyze/analyze.h"
#include "base/file.h"
#include "config/kernel_name.h"

/* A package knows its port, of which the machine's kernels may be several. */
static struct error *adopt_architecture(struct kernel_layouts *layouts, const char *architecture)
{
    struct kernel_identity *identity = &layouts->identity;

    if (!kernel_name_is_architecture(architecture) || identity->architecture[0] == '\0' ||
        !kernel_input_is_for(layouts, architecture))
        return NULL;
    const char *copy = arena_copy_text(&layouts->arena, architecture, strlen(architecture));
    if (!copy)
        return error_out_of_memory();
    identity->architecture = copy;
    return NULL;
}

struct error *kernel_input_read_arriving(int package, const char *path,
                                         const struct extract_arrival *arrival, unsigned jobs,
                                         struct kernel_layouts *layouts_ret)
{
    const struct extract_options options = {
        .arrival = arrival, .jobs = jobs, .maximum_bytes = VMLINUX_BYTES_MAXIMUM};
    struct extract_result result = {0};
    CLEANUP(close_pointer) int vmlinux = -1;
    CLEANUP(free_pointer) char *architecture = NULL;

    TRY(extract_memory_file(&vmlinux));
    TRY(extract_vmlinux(package, path, &options, vmlinux, &result));
    extract_result_deinit(&result);
    TRY(extract_architecture(package, path, arrival, &architecture));
    TRY(analyze_vmlinux(vmlinux, path, jobs, layouts_ret));
    struct error *error = architecture ? adopt_architecture(layouts_ret, architecture) : NULL;
    if (error)
        kernel_layouts_deinit(layouts_ret);
    return error;
}

struct error *kernel_input_read(const char *path, unsigned jobs, struct kernel_layouts *layouts_ret)
{
    CLEANUP(close_pointer) int file_descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat status;

    if (file_descriptor < 0)
        return error_create_errno(errno, path, "cannot open");
    if (fstat(file_descriptor, &status) != 0)
        return error_create_errno(errno, path, "cannot read");
    if (!S_ISREG(status.st_mode))
        return error_create(ERROR_NOT_A_PACKAGE, path,
                            "is no regular file; give a vmlinux, a .deb or a .ddeb");
    if (status.st_size == 0)
        return error_create(ERROR_NOT_A_PACKAGE, path, "is empty; fetch it again");
    if (extract_is_package(file_descriptor))
        return kernel_input_read_arriving(file_descriptor, path, NULL, jobs, layouts_ret);
    return analyze_vmlinux(file_descriptor, path, jobs, layouts_ret);
}

struct error *kernel_input_name(const struct kernel_layouts *layouts, char **name_ret)
{
    const struct kernel_identity *identity = &layouts->identity;

    *name_ret = NULL;
    if (identity->release[0] == '\0' || identity->architecture[0] == '\0')
        return NULL;
    return kernel_name_from_release(identity->release, identity->architecture, name_ret);
}

bool kernel_input_is_for(const struct kernel_layouts *layouts, const char *architecture)
{
    /* Ports whose kernels are of another machine than their programs, or which share one and differ
     * in a convention that the header does not show. */
    static const struct {
        const char *port;
        const char *machine;
    } others[] = {
        {"armel", "armhf"},   {"i386", "amd64"}, {"mips", "mips64"},   {"mipsel", "mips64el"},
        {"powerpc", "ppc64"}, {"s390", "s390x"}, {"sparc", "sparc64"},
    };
    const char *found = layouts->identity.architecture;

    for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
        if (strcmp(architecture, others[i].port) == 0 && strcmp(found, others[i].machine) == 0)
            return true;
    }
    return found[0] == '\0' || strcmp(architecture, found) == 0;
}
