/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/system/file.h"
#include "base/system/sandbox.h"
#include "base/text/utf8.h"
#include "cli/cli.h"
#include "export/json_lines.h"
#include "model/stream/kernel_stream.h"
#include "run/child/kernel_child.h"
#include "run/child/kernel_input.h"

enum { OPEN_FILES_MAXIMUM = 256 };

/* Where memory runs short, this goes rather than the process that all others depend on: added to
 * what the kernel's out-of-memory killer makes of its size, up to 1,000. */
#define FIRST_TO_GO "800"

static struct error *limit(int resource, uint64_t maximum)
{
    struct rlimit wanted = {maximum, maximum};
    struct rlimit there;

    /* A stricter limit that holds already stays. */
    if (getrlimit(resource, &there) == 0) {
        wanted.rlim_max = there.rlim_max < maximum ? there.rlim_max : maximum;
        wanted.rlim_cur = there.rlim_cur < maximum ? there.rlim_cur : maximum;
    }
    if (setrlimit(resource, &wanted) != 0)
        return error_create_errno(errno, NULL, "cannot limit itself");
    return NULL;
}

/* What ends the parent at a safe point often comes to all its children: from systemd, say. A child
 * that it ended would look like one that crashed; so the parent ends it. */
static void leave_signals_to_parent(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
}

/* Nothing is left when the parent is killed, also if it was before this. */
static struct error *die_with(long parent)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        return error_create_errno(errno, NULL, "cannot tie itself to its parent");
    if (getppid() != parent)
        raise(SIGKILL);
    return NULL;
}

/* Without /proc there is nothing to be done. */
static void offer_itself(void)
{
    CLEANUP(close_pointer) int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

    if (file >= 0 && write(file, FIRST_TO_GO, sizeof(FIRST_TO_GO) - 1) < 0)
        return;
}

static struct error *confine_itself(uint64_t memory, uint64_t seconds, unsigned jobs)
{
    TRY(limit(RLIMIT_CORE, 0));
    TRY(limit(RLIMIT_NOFILE, OPEN_FILES_MAXIMUM));
    TRY(limit(RLIMIT_CPU, seconds * jobs));
    /* Of the one file that it can write to, which is in memory. */
    TRY(limit(RLIMIT_FSIZE, memory));
    if (HAS_SANITIZER)
        return NULL;
    TRY(limit(RLIMIT_AS, memory));
    return sandbox_enter();
}

static uint64_t number_of(char **words, int position)
{
    return strtoull(words[position], NULL, 10);
}

static struct error *read_image(char **words, int memory_file, struct kernel_layouts *layouts_ret)
{
    struct arrival_reader reader = {
        .ends = {.requests = (int)number_of(words, KERNEL_CHILD_REQUESTS),
                 .replies = (int)number_of(words, KERNEL_CHILD_REPLIES),
                 .total_size = number_of(words, KERNEL_CHILD_TOTAL_SIZE),
                 .has_ranges = number_of(words, KERNEL_CHILD_RANGES) != 0},
        .file_descriptor = (int)number_of(words, KERNEL_CHILD_FILE),
        .path = words[KERNEL_CHILD_PATH],
        .mutex = PTHREAD_MUTEX_INITIALIZER,
    };
    const struct extract_arrival arrival = {.total_size = reader.ends.total_size,
                                            .has_ranges = reader.ends.has_ranges,
                                            .read = arrival_reader_read,
                                            .context = &reader};
    const struct kernel_input input = {
        .file_descriptor = (int)number_of(words, KERNEL_CHILD_FILE),
        .base_descriptor = (int)number_of(words, KERNEL_CHILD_BASE),
        .path = words[KERNEL_CHILD_PATH],
        .arrival = reader.ends.requests > 0 ? &arrival : NULL,
        .memory_file = memory_file,
        .wants_modules = number_of(words, KERNEL_CHILD_FORM) == KERNEL_FORM_IMAGES,
        .wants_symbols = number_of(words, KERNEL_CHILD_FORM) == KERNEL_FORM_SYMBOLS,
        .jobs = (unsigned)number_of(words, KERNEL_CHILD_JOBS),
    };

    return kernel_input_read(&input, layouts_ret);
}

static struct error *read_confined(char **words, int memory_file,
                                   struct kernel_layouts *layouts_ret)
{
    TRY(confine_itself(number_of(words, KERNEL_CHILD_MEMORY),
                       number_of(words, KERNEL_CHILD_SECONDS),
                       (unsigned)number_of(words, KERNEL_CHILD_JOBS)));
    if (number_of(words, KERNEL_CHILD_FORM) == KERNEL_FORM_JSON_LINES)
        return json_lines_read((int)number_of(words, KERNEL_CHILD_FILE), words[KERNEL_CHILD_PATH],
                               layouts_ret);
    return read_image(words, memory_file, layouts_ret);
}

static struct error *hand_over(const struct kernel_layouts *layouts, const char *path)
{
    struct buffer stream;

    buffer_init(&stream, KERNEL_STREAM_BYTES_MAXIMUM);
    kernel_stream_append(layouts, &stream);
    struct error *error = buffer_check(&stream, path);
    if (!error)
        error = file_write_all(STDOUT_FILENO, stream.data, stream.length, "the parent's pipe");
    buffer_deinit(&stream);
    return error;
}

static struct error *read_and_hand_over(char **words)
{
    CLEANUP(close_pointer) int memory_file = -1;
    struct kernel_layouts layouts;

    leave_signals_to_parent();
    TRY(die_with((long)number_of(words, KERNEL_CHILD_PARENT)));
    offer_itself();
    TRY(extract_memory_file(&memory_file));
    TRY(read_confined(words, memory_file, &layouts));
    struct error *error = hand_over(&layouts, words[KERNEL_CHILD_PATH]);
    kernel_layouts_deinit(&layouts);
    return error;
}

/* Says to the parent what went wrong: a line each for kind, place, offset and reason. */
static struct error *run(struct cli *cli UNUSED, int argc, char **argv, enum exit_status *status)
{
    if (argc != KERNEL_CHILD_WORD_COUNT)
        return cli_usage_error("", "%s is for kstruct's own use", KERNEL_CHILD_COMMAND);
    struct error *error = read_and_hand_over(argv);
    if (!error)
        return NULL;
    /* Each is one line then. */
    if (error->where)
        utf8_make_text_printable(error->where);
    if (error != error_out_of_memory())
        utf8_make_text_printable(error->why);
    printf("%s\n%s\n%" PRIu64 "\n%s\n", error_code_text(error->code),
           error->where ? error->where : "", error->offset, error->why);
    error_destroy(error);
    *status = STATUS_FAILED;
    return NULL;
}

const struct command command_kernel_child = {
    .name = KERNEL_CHILD_COMMAND,
    .summary = "",
    .usage = "",
    .run = run,
};
