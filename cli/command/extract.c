/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "base/system/file.h"
#include "base/text/counted.h"
#include "cli/cli.h"
#include "extract/extract.h"
#include "run/child/kernel_input.h"

static const char usage[] = "usage: kstruct extract PACKAGE -o FILE\n"
                            "\n"
                            "Takes vmlinux out of a .ddeb or .deb.\n"
                            "\n"
                            "  -o, --output FILE    where to; - is standard output\n";

static struct error *extract_to_file(int package, const char *package_path,
                                     const struct extract_options *options, const char *output,
                                     struct extract_result *result)
{
    CLEANUP(file_replacement_end) struct file_replacement replacement = {.file_descriptor = -1};

    TRY(file_replacement_begin(output, &replacement));
    TRY(extract_vmlinux(package, package_path, options, replacement.file_descriptor, result));
    return file_replacement_commit(&replacement);
}

static struct error *extract(struct cli *cli, const char *path, const char *output)
{
    const struct extract_options options = {.jobs = cli->workspace.jobs,
                                            .maximum_bytes = VMLINUX_BYTES_MAXIMUM};
    struct extract_result result = {0};
    CLEANUP(close_pointer) int package = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

    if (package < 0)
        return error_create_errno(errno, path, "cannot open");
    if (output[0] == '-' && output[1] == '\0')
        TRY(extract_vmlinux(package, path, &options, STDOUT_FILENO, &result));
    else
        TRY(extract_to_file(package, path, &options, output, &result));
    log_write(&cli->workspace.log, LOG_NOTICE,
              "%s: %" PRIu64 " %s to %s, from %" PRIu64 " %s of %s", result.member_path,
              COUNTED(result.byte_size, "byte"), output, COUNTED(result.package_bytes_read, "byte"),
              path);
    extract_result_deinit(&result);
    return NULL;
}

static struct error *run(struct cli *cli, int argc, char **argv, enum exit_status *status UNUSED)
{
    const char *output = NULL;
    const struct option_value own[] = {{'o', "output", &output, NULL}, {0}};
    int next;

    TRY(cli_begin(cli, &command_extract, argc, argv, own, &next));
    if (next == 0)
        return NULL;
    if (argc - next != 1 || !output)
        return cli_usage_error("extract", "one package and -o FILE are wanted");
    return extract(cli, argv[next], output);
}

const struct command command_extract = {
    .name = "extract",
    .summary = "vmlinux out of a .ddeb or .deb",
    .usage = usage,
    .run = run,
};
