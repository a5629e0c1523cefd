/* SPDX-License-Identifier: MIT */
#include "analyze/elf/elf_parts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/samples/analyze_samples.h"
#include "tests/unit/samples/own_directory.h"

static void path_of(const char *name, char *path_ret)
{
    snprintf(path_ret, 512, "%s/%s", directory, name);
}

static void copy_span(int from, int to, const struct byte_span *span)
{
    char *bytes = malloc(span->byte_size);

    assert_int_equal(pread(from, bytes, span->byte_size, (off_t)span->byte_offset),
                     span->byte_size);
    assert_int_equal(pwrite(to, bytes, span->byte_size, (off_t)span->byte_offset), span->byte_size);
    free(bytes);
}

/* Makes DIRECTORY/parts, which has of DIRECTORY/NAME what is listed; returns how many bytes are. */
static uint64_t copy_listed(const char *name)
{
    struct stat status;
    char path[512];
    uint64_t copied = 0;

    path_of(name, path);
    int from = open(path, O_RDONLY | O_CLOEXEC);
    assert_int_equal(fstat(from, &status), 0);
    path_of("parts", path);
    int to = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    assert_int_equal(ftruncate(to, status.st_size), 0);
    for (unsigned step = 0; step < ANALYZE_STEP_COUNT; step++) {
        CLEANUP(byte_spans_deinit) struct byte_spans spans = {0};
        assert_success(analyze_list_bytes(to, path, step, true, &spans));
        for (size_t i = 0; i < spans.count; i++) {
            copy_span(from, to, &spans.spans[i]);
            copied += spans.spans[i].byte_size;
        }
    }
    close(from);
    close(to);
    assert_true(copied <= (uint64_t)status.st_size + 4096);
    return copied;
}

static void assert_same_kernels(const struct kernel_layouts *a, const struct kernel_layouts *b)
{
    assert_int_equal(a->definition_count, b->definition_count);
    for (size_t i = 0; i < a->definition_count; i++)
        assert_memory_equal(a->definitions[i].definition.layout->digest,
                            b->definitions[i].definition.layout->digest, LAYOUT_DIGEST_BYTES);
    assert_string_equal(a->identity.release, b->identity.release);
    assert_string_equal(a->identity.build_id, b->identity.build_id);
    assert_string_equal(a->identity.compiler, b->identity.compiler);
}

#define SOURCE                                                                                     \
    "const char linux_banner[] = \"Linux version 6.8.0-31-generic (x@y) \";\n"                     \
    "__attribute__((section(\".ballast\"))) char ballast[300000] = {1};\n"                         \
    "struct list { struct list *next; }; enum state { NEW, OLD };\n"                               \
    "struct task { int pid; enum state state; struct list list; } task;\n"                         \
    "void _start(void) { task.pid = linux_banner[0]; }\n"

/* What is read of the file is read rightly without the rest. */
static void what_is_listed_is_all_that_is_read(void **state UNUSED)
{
    static const char *const flags[] = {
        LINKED " -g -Wl,--build-id",
        LINKED " -g -gdwarf-4 -fdebug-types-section -Wl,--build-id",
        LINKED " -g -gz=zlib -Wl,--build-id",
        LINKED " -g -Wl,--emit-relocs",
    };

    write_source(directory, "a.c", SOURCE);
    for (size_t i = 0; i < ARRAY_LENGTH(flags); i++) {
        struct kernel_layouts whole;
        struct kernel_layouts parts;
        run_in(directory, "%s %s -o a.elf a.c", sample_compiler(), flags[i]);
        assert_true(copy_listed("a.elf") < 100000);
        assert_success(try_analyze(directory, "a.elf", 1, &whole));
        assert_success(try_analyze(directory, "parts", 1, &parts));
        assert_string_equal(whole.identity.release, "6.8.0-31-generic");
        assert_same_kernels(&whole, &parts);
        kernel_layouts_deinit(&whole);
        kernel_layouts_deinit(&parts);
    }
}

static void what_is_no_elf_file_has_no_parts(void **state UNUSED)
{
    struct kernel_layouts layouts;

    write_source(directory, "text",
                 "this is a text that is long enough to have a header of ELF, "
                 "which it does not have\n");
    assert_int_equal(copy_listed("text"), 64);
    assert_failure(try_analyze(directory, "parts", 1, &layouts), ERROR_NOT_ELF, "neither an ELF");
    write_source(directory, "empty", "");
    assert_int_equal(copy_listed("empty"), 0);
}

/* Numbers in the headers that lead out of the file. */
static void damaged_headers_lead_nowhere(void **state UNUSED)
{
    char path[512];
    size_t length = 0;

    write_source(directory, "a.c", SOURCE);
    run_in(directory, "%s %s -g -o a.elf a.c", sample_compiler(), LINKED);
    path_of("a.elf", path);
    unsigned char *bytes = read_whole(path, &length);
    path_of("bad.elf", path);
    for (size_t place = 16; place < 64; place++) {
        unsigned char kept = bytes[place];
        struct kernel_layouts layouts;
        bytes[place] = 0xff;
        write_file(path, bytes, length);
        bytes[place] = kept;
        copy_listed("bad.elf");
        struct error *error = try_analyze(directory, "parts", 1, &layouts);
        if (!error)
            kernel_layouts_deinit(&layouts);
        error_destroy(error);
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_listed_is_all_that_is_read),
        cmocka_unit_test(what_is_no_elf_file_has_no_parts),
        cmocka_unit_test(damaged_headers_lead_nowhere),
    };
    return cmocka_run_group_tests_name("elf_parts", tests, set_up, tear_down);
}
