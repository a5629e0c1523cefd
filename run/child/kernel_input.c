/* SPDX-License-Identifier: MIT */
#include "run/child/kernel_input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyze/analyze.h"
#include "analyze/btf/vmlinux_btf.h"
#include "analyze/elf/symbol_table.h"
#include "base/system/file.h"
#include "extract/vmlinux/vmlinux_member.h"
#include "extract/vmlinux/vmlinux_path.h"
#include "model/kernel/kernel_name.h"
#include "run/child/btf_input.h"
#include "run/child/module_reading.h"

/* A file in memory counts for a process only where it is mapped: so it is, as long as it is filled.
 */
struct reservation {
    const struct kernel_input *input;
    void *mapped; /* MAP_FAILED: nothing yet */
    size_t byte_size;
};

static struct error *reserve(void *context, uint64_t byte_size)
{
    struct reservation *reservation = context;

    reservation->byte_size = (size_t)byte_size;
    reservation->mapped = mmap(NULL, reservation->byte_size, PROT_READ, MAP_SHARED,
                               reservation->input->memory_file, 0);
    if (reservation->mapped == MAP_FAILED && errno == ENOMEM)
        return error_create(ERROR_LIMIT, reservation->input->path,
                            "its vmlinux has %" PRIu64
                            " bytes, for which the memory does not suffice that reading it is "
                            "given (child_memory, memory)",
                            byte_size);
    if (reservation->mapped == MAP_FAILED)
        return error_create_errno(errno, reservation->input->path,
                                  "cannot map the vmlinux that is taken out of it");
    return NULL;
}

/* Only what analysis reads; all else of the file in memory is zeros, which take no memory. The
 * banner and the compiler are not worth what it takes to fetch them. */
static struct error *copy_needed(const struct kernel_input *input,
                                 const struct extract_options *options,
                                 struct vmlinux_member *member)
{
    uint64_t byte_size = vmlinux_member_byte_size(member);

    if (ftruncate(input->memory_file, (off_t)byte_size) != 0)
        return error_create_errno(errno, input->path, "no memory for the vmlinux in it");
    TRY(options->expect(options->context, byte_size));
    for (unsigned step = 0; step < ANALYZE_STEP_COUNT; step++) {
        CLEANUP(byte_spans_deinit) struct byte_spans spans = {0};
        TRY(analyze_list_bytes(input->memory_file, input->path, step, !input->arrival, &spans));
        TRY(vmlinux_member_copy(member, &spans, input->memory_file));
    }
    return NULL;
}

/* *PATH_RET, to be freed with free(), is vmlinux's inside the package. */
static struct error *copy_vmlinux(const struct kernel_input *input,
                                  const struct extract_options *options, char **path_ret)
{
    CLEANUP(vmlinux_member_close_pointer) struct vmlinux_member *member = NULL;
    CLEANUP(extract_result_deinit) struct extract_result result = {0};

    TRY(vmlinux_member_open(input->file_descriptor, input->path, options, &member));
    if (member) {
        TRY(copy_needed(input, options, member));
        *path_ret = strdup(vmlinux_member_path(member));
        return *path_ret ? NULL : error_out_of_memory();
    }
    TRY(extract_vmlinux(input->file_descriptor, input->path, options, input->memory_file, &result));
    *path_ret = result.member_path;
    result.member_path = NULL;
    return NULL;
}

static struct error *extract_to_memory(const struct kernel_input *input, char **path_ret)
{
    struct reservation reservation = {.input = input, .mapped = MAP_FAILED};
    const struct extract_options options = {
        .arrival = input->arrival,
        .jobs = input->jobs,
        .maximum_bytes = VMLINUX_BYTES_MAXIMUM,
        .expect = reserve,
        .context = &reservation,
    };
    struct error *error = copy_vmlinux(input, &options, path_ret);

    if (reservation.mapped != MAP_FAILED)
        munmap(reservation.mapped, reservation.byte_size);
    return error;
}

struct error *kernel_input_open(const char *path, bool may_be_empty, int *file_descriptor_ret)
{
    CLEANUP(close_pointer) int file_descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat status;

    if (file_descriptor < 0)
        return error_create_errno(errno, path, "cannot open");
    if (fstat(file_descriptor, &status) != 0)
        return error_create_errno(errno, path, "cannot read");
    if (!S_ISREG(status.st_mode))
        return error_create(ERROR_NOT_A_PACKAGE, path, "is no regular file");
    if (status.st_size == 0 && !may_be_empty)
        return error_create(ERROR_NOT_A_PACKAGE, path, "is empty; fetch it again");
    *file_descriptor_ret = file_descriptor;
    file_descriptor = -1;
    return NULL;
}

/* A package knows its port, of which the machine's kernels may be several. */
static struct error *adopt_architecture(struct kernel_layouts *layouts, const char *architecture)
{
    struct kernel_record *identity = &layouts->identity;

    if (!kernel_name_is_architecture(architecture) || identity->architecture[0] == '\0' ||
        !kernel_input_is_for(layouts, architecture))
        return NULL;
    const char *copy = arena_copy_text(&layouts->arena, architecture, strlen(architecture));
    if (!copy)
        return error_out_of_memory();
    identity->architecture = copy;
    return NULL;
}

/* Of a vmlinux whose banner was not fetched, its path says the release. */
static struct error *adopt_release(struct kernel_layouts *layouts, const char *member_path)
{
    const char *release;
    size_t length;

    if (layouts->identity.release[0] != '\0' || !vmlinux_path_match(member_path, &release, &length))
        return NULL;
    layouts->identity.release = arena_copy_text(&layouts->arena, release, length);
    return layouts->identity.release ? NULL : error_out_of_memory();
}

/* Reads the modules, for which the memory is needed that vmlinux took. */
static struct error *read_modules(const struct kernel_input *input,
                                  const struct known_definitions *known,
                                  struct kernel_layouts *layouts)
{
    if (ftruncate(input->memory_file, 0) != 0)
        return error_create_errno(errno, input->path, "cannot give the memory of its vmlinux back");
    return module_reading_run(input, known, layouts);
}

static struct error *read_package(const struct kernel_input *input,
                                  struct kernel_layouts *layouts_ret)
{
    CLEANUP(known_definitions_deinit) struct known_definitions known;
    CLEANUP(free_pointer) char *architecture = NULL;
    CLEANUP(free_pointer) char *member_path = NULL;

    known_definitions_init(&known);
    /* In the package's order, since it may arrive only once. */
    TRY(extract_architecture(input->file_descriptor, input->path, input->arrival, &architecture));
    TRY(extract_to_memory(input, &member_path));
    TRY(analyze_vmlinux(input->memory_file, input->path, input->jobs,
                        input->wants_modules ? &known : NULL, layouts_ret));
    struct error *error = input->wants_modules ? read_modules(input, &known, layouts_ret) : NULL;
    if (!error && input->arrival)
        error = adopt_release(layouts_ret, member_path);
    if (!error && architecture)
        error = adopt_architecture(layouts_ret, architecture);
    if (error)
        kernel_layouts_deinit(layouts_ret);
    return error;
}

/* One without DWARF may have BTF. */
static struct error *read_vmlinux(const struct kernel_input *input,
                                  struct kernel_layouts *layouts_ret)
{
    struct error *error =
        analyze_vmlinux(input->file_descriptor, input->path, input->jobs, NULL, layouts_ret);

    if (!error || error->code != ERROR_NO_DWARF)
        return error;
    struct error *other = analyze_vmlinux_btf(input->file_descriptor, input->path, layouts_ret);
    if (other && other->code == ERROR_NO_DWARF) {
        error_destroy(other);
        return error;
    }
    error_destroy(error);
    return other;
}

/* Of vmlinux alone; the symbol table of a package's is at its end, so all of it is taken out. */
static struct error *read_symbols(const struct kernel_input *input,
                                  struct kernel_layouts *layouts_ret)
{
    const struct extract_options options = {.jobs = input->jobs,
                                            .maximum_bytes = VMLINUX_BYTES_MAXIMUM};
    CLEANUP(extract_result_deinit) struct extract_result result = {0};

    if (!extract_is_package(input->file_descriptor))
        return analyze_symbols(input->file_descriptor, input->path, layouts_ret);
    TRY(extract_vmlinux(input->file_descriptor, input->path, &options, input->memory_file,
                        &result));
    return analyze_symbols(input->memory_file, input->path, layouts_ret);
}

struct error *kernel_input_read(const struct kernel_input *input,
                                struct kernel_layouts *layouts_ret)
{
    if (input->wants_symbols)
        return read_symbols(input, layouts_ret);
    if (input->arrival || extract_is_package(input->file_descriptor))
        return read_package(input, layouts_ret);
    if (input->base_descriptor > 0 || btf_input_is(input->file_descriptor))
        return btf_input_read(input, layouts_ret);
    TRY(read_vmlinux(input, layouts_ret));
    layouts_ret->identity.modules = input->wants_modules ? MODULES_NOT_THERE : MODULES_NOT_WANTED;
    return NULL;
}

struct error *kernel_input_name(const struct kernel_layouts *layouts, char **name_ret)
{
    const struct kernel_record *identity = &layouts->identity;

    *name_ret = NULL;
    if (identity->release[0] == '\0' || identity->architecture[0] == '\0')
        return NULL;
    return kernel_name_from_release(identity->release, identity->architecture, name_ret);
}

struct error *kernel_input_tell(struct log *log, const char *kernel_name,
                                const struct kernel_layouts *layouts)
{
    CLEANUP(free_pointer) char *passed_over = NULL;
    CLEANUP(free_pointer) char *counts = NULL;

    TRY(kernel_layouts_describe_passed_over(layouts, &passed_over));
    if (passed_over[0] != '\0')
        log_write(log, LOG_WARNING, "%s: %s", kernel_name, passed_over);
    TRY(kernel_layouts_describe_counts(layouts, &counts));
    log_write(log, LOG_NOTICE, "%s: %s", kernel_name, counts);
    return NULL;
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
