/* SPDX-License-Identifier: MIT */
#include "run/running/running_kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "analyze/analyze.h"
#include "base/system/file.h"
#include "base/text/hexadecimal.h"
#include "model/kernel/kernel_name.h"
#include "run/child/kernel_child.h"

enum { NOTES_MAXIMUM = 64 * 1024, BUILD_ID_MAXIMUM = 64, NOTE_GNU_BUILD_ID = 3, HEAD_WORDS = 3 };

/* Debian's name of the architecture that uname calls MACHINE. */
static const char *architecture_of(const char *machine)
{
    static const struct {
        const char *machine;
        const char *architecture;
    } names[] = {
        {"x86_64", "amd64"}, {"aarch64", "arm64"},   {"armv7l", "armhf"},
        {"i686", "i386"},    {"ppc64le", "ppc64el"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        if (strcmp(machine, names[i].machine) == 0)
            return names[i].architecture;
    }
    return machine;
}

/* Rounds a part of a note up to whole words. */
static size_t padded(uint32_t length)
{
    return ((size_t)length + 3) & ~(size_t)3;
}

/* The build-id in the kernel's notes (ELF gABI, "Note Section"), of which NULL is none. */
static void read_build_id(const char *bytes, size_t length, struct buffer *build_id)
{
    size_t position = 0;

    while (length - position >= HEAD_WORDS * sizeof(uint32_t)) {
        uint32_t head[HEAD_WORDS]; /* the name's bytes, the contents', the type */
        memcpy(head, bytes + position, sizeof(head));
        position += sizeof(head);
        size_t left = length - position;
        if (padded(head[0]) > left || padded(head[1]) > left - padded(head[0]))
            return;
        const char *contents = bytes + position + padded(head[0]);
        if (head[2] == NOTE_GNU_BUILD_ID && head[0] == sizeof("GNU") &&
            memcmp(bytes + position, "GNU", sizeof("GNU")) == 0 && head[1] <= BUILD_ID_MAXIMUM) {
            hexadecimal_append(build_id, (const uint8_t *)contents, head[1]);
            return;
        }
        position += padded(head[0]) + padded(head[1]);
    }
}

/* Nobody may read the notes, or there are none: then it is not known. */
static struct error *find_build_id(const struct workspace *workspace, struct buffer *build_id)
{
    CLEANUP(free_pointer) char *path = path_join(workspace->settings.system_dir, "notes");
    CLEANUP(free_pointer) char *bytes = NULL;
    size_t length = 0;

    if (!path)
        return error_out_of_memory();
    struct error *error = file_read(path, NOTES_MAXIMUM, &bytes, &length);
    if (error && error->code == ERROR_OUT_OF_MEMORY)
        return error;
    error_destroy(error);
    if (bytes)
        read_build_id(bytes, length, build_id);
    return buffer_check(build_id, "a build-id");
}

static struct error *read_types(struct workspace *workspace, char **path_ret,
                                struct kernel_layouts *layouts)
{
    *path_ret = path_join(workspace->settings.system_dir, "btf/vmlinux");
    if (!*path_ret)
        return error_out_of_memory();
    if (access(*path_ret, R_OK) != 0)
        return error_create(ERROR_NOT_FOUND, *path_ret,
                            "the running kernel offers no BTF: it was built without "
                            "CONFIG_DEBUG_INFO_BTF");
    return kernel_child_read_path(workspace, KERNEL_FORM_VMLINUX, *path_ret, NULL, layouts);
}

static struct error *name_kernel(const struct utsname *machine, struct running_kernel *kernel)
{
    CLEANUP(free_pointer) char *release = NULL;

    if (asprintf(&release, "%s-running", machine->release) < 0) {
        release = NULL;
        return error_out_of_memory();
    }
    return kernel_name_from_release(release, architecture_of(machine->machine), &kernel->name);
}

/* The data set's kernel that it is: by the build-id, or else by the name. */
static struct error *find_twin(struct dataset *dataset, const struct utsname *machine,
                               const char *build_id, struct running_kernel *kernel)
{
    CLEANUP(dataset_kernels_deinit) struct dataset_kernels kernels = {0};
    CLEANUP(free_pointer) char *name = NULL;
    const char *twin = NULL;

    TRY(dataset_list(dataset, &kernels));
    for (size_t i = 0; i < kernels.count && build_id[0] && !twin; i++) {
        if (strcmp(kernels.kernels[i].build_id, build_id) == 0)
            twin = kernels.kernels[i].name;
    }
    kernel->is_known_by_build_id = twin != NULL;
    struct error *error =
        kernel_name_from_release(machine->release, architecture_of(machine->machine), &name);
    error_destroy(error);
    if (!twin && name && dataset_kernels_find(&kernels, name))
        twin = name;
    if (!twin)
        return NULL;
    kernel->twin = strdup(twin);
    return kernel->twin ? NULL : error_out_of_memory();
}

static struct error *store(struct dataset *dataset, const struct utsname *machine, const char *path,
                           const char *build_id, const char *name,
                           const struct kernel_layouts *layouts)
{
    struct kernel_record record = layouts->identity;

    record.name = name;
    record.package = path;
    record.release = machine->release;
    record.architecture = architecture_of(machine->machine);
    record.build_id = build_id;
    record.elf_class = sizeof(void *) == 4 ? 32 : 64;
    record.modules = MODULES_NOT_WANTED;
    record.reader = KSTRUCT_VERSION;
    record.reader_revision = ANALYZE_REVISION;
    return dataset_store(dataset, &record, layouts);
}

static struct error *add(struct workspace *workspace, struct dataset *dataset,
                         struct running_kernel *kernel)
{
    CLEANUP(buffer_deinit) struct buffer build_id;
    CLEANUP(free_pointer) char *path = NULL;
    struct kernel_layouts layouts;
    struct utsname machine;

    buffer_init(&build_id, BUILD_ID_MAXIMUM * 2);
    if (uname(&machine) != 0)
        return error_create(ERROR_SYSTEM, NULL, "uname() does not say what runs here");
    TRY(find_build_id(workspace, &build_id));
    TRY(name_kernel(&machine, kernel));
    TRY(find_twin(dataset, &machine, buffer_text(&build_id), kernel));
    TRY(read_types(workspace, &path, &layouts));
    struct error *error =
        store(dataset, &machine, path, buffer_text(&build_id), kernel->name, &layouts);
    kernel_layouts_deinit(&layouts);
    return error;
}

struct error *running_kernel_open(struct workspace *workspace, struct running_kernel *kernel,
                                  struct dataset **dataset_ret)
{
    CLEANUP(free_pointer) char *path = NULL;
    struct dataset *dataset = NULL;

    *kernel = (struct running_kernel){0};
    TRY(workspace_path(workspace, DATASET_FILE_NAME, &path));
    TRY(dataset_open_in_memory(path, &dataset));
    struct error *error = add(workspace, dataset, kernel);
    if (error) {
        dataset_close(dataset);
        return error;
    }
    *dataset_ret = dataset;
    return NULL;
}

void running_kernel_deinit(struct running_kernel *kernel)
{
    free(kernel->name);
    free(kernel->twin);
    *kernel = (struct running_kernel){0};
}
