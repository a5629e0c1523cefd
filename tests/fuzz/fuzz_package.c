/* SPDX-License-Identifier: MIT */
/* Any bytes as a Debian package, of which all of vmlinux is taken out, and what analysis reads. */
#include "analyze/analyze.h"
#include "extract/byte_range.h"
#include "extract/extract.h"
#include "extract/vmlinux/vmlinux_member.h"
#include "tests/fuzz/fuzz_input.h"

static const struct extract_options options = {.jobs = 1, .maximum_bytes = 16 << 20};

static void take_whole(int package)
{
    int output = fuzz_memory_file(NULL, 0);
    struct extract_result result = {0};

    fuzz_is_refused(extract_vmlinux(package, "fuzz", &options, output, &result));
    extract_result_deinit(&result);
    close(output);
}

/* ARRIVAL: NULL, or how the package arrives. */
static void take_parts(int package, const struct extract_arrival *arrival)
{
    const struct extract_options from = {
        .arrival = arrival, .jobs = 1, .maximum_bytes = options.maximum_bytes};
    CLEANUP(vmlinux_member_close_pointer) struct vmlinux_member *member = NULL;
    int output = fuzz_memory_file(NULL, 0);
    bool is_refused = fuzz_is_refused(vmlinux_member_open(package, "fuzz", &from, &member)) ||
                      !member || ftruncate(output, (off_t)vmlinux_member_byte_size(member)) != 0;

    for (unsigned step = 0; step < ANALYZE_STEP_COUNT && !is_refused; step++) {
        CLEANUP(byte_spans_deinit) struct byte_spans spans = {0};
        is_refused = fuzz_is_refused(analyze_list_bytes(output, "fuzz", step, !arrival, &spans)) ||
                     fuzz_is_refused(vmlinux_member_copy(member, &spans, output));
    }
    close(output);
}

static struct error *read_arriving(void *context, uint64_t byte_offset, void *bytes, size_t length,
                                   uint64_t likely_end UNUSED, size_t *length_ret)
{
    const struct byte_source source = {.file_descriptor = *(const int *)context, .path = "fuzz"};

    return bytes_read_at(&source, byte_offset, bytes, length, length_ret);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    int package = fuzz_memory_file(bytes, length);
    const struct extract_arrival arrival = {
        .total_size = length, .has_ranges = true, .read = read_arriving, .context = &package};

    extract_is_package(package);
    take_whole(package);
    take_parts(package, NULL);
    take_parts(package, &arrival);
    close(package);
    return 0;
}
