/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a request to `kstruct serve`, as its parts are after HTTP is taken off: a line with
 * the path, a line for each parameter, `name=value`, and the contents after an empty one. What runs
 * a program stops before that.
 */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "base/system/file.h"
#include "run/serving/api/program_line.h"
#include "run/serving/service.h"
#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { PATH_BYTES = 1024 };

static const atomic_bool is_ending = false;
static struct workspace workspace;
static struct service service;
static char data_directory[PATH_BYTES];
static char list_path[] = "/nonexistent";

static void remove_data(void)
{
    char path[PATH_BYTES + 16];

    service_deinit(&service);
    snprintf(path, sizeof(path), "%s/kstruct.db", data_directory);
    unlink(path);
    rmdir(data_directory);
}

static void must(struct error *error)
{
    if (!error)
        return;
    fprintf(stderr, "%s\n", error->why);
    abort();
}

static void copy_file(const char *from, const char *to)
{
    char *bytes = NULL;
    size_t length = 0;

    must(file_read(from, (size_t)1 << 30, &bytes, &length));
    must(file_update(to, bytes, length));
    free(bytes);
}

/* The data set is one of the seeds, which are beside the program. */
static void make_data(const char *program)
{
    char seeds[PATH_BYTES];
    char from[PATH_BYTES * 2];
    char to[PATH_BYTES * 2];
    const struct dirent *entry;

    snprintf(seeds, sizeof(seeds), "%.*s/seeds/dataset",
             strrchr(program, '/') ? (int)(strrchr(program, '/') - program) : 1,
             strrchr(program, '/') ? program : ".");
    DIR *directory = opendir(seeds);
    if (!directory)
        abort();
    do {
        entry = readdir(directory);
    } while (entry && !strstr(entry->d_name, ".db"));
    if (!entry) {
        fprintf(stderr, "there is no data set among the seeds: build kstruct first\n");
        abort();
    }
    snprintf(from, sizeof(from), "%s/%s", seeds, entry->d_name);
    snprintf(to, sizeof(to), "%s/kstruct.db", data_directory);
    copy_file(from, to);
    closedir(directory);
}

int LLVMFuzzerInitialize(int *argc UNUSED, char ***argv)
{
    const char *directory = getenv("TMPDIR");
    struct catalog *catalog;

    snprintf(data_directory, sizeof(data_directory), "%s/kstruct-fuzz-XXXXXX",
             directory ? directory : "/tmp");
    if (!mkdtemp(data_directory))
        abort();
    make_data((*argv)[0]);
    workspace.settings.data_dir = data_directory;
    workspace.settings.list = list_path;
    workspace.jobs = 1;
    const struct catalog_options options = {
        .workspace = &workspace, .takes_all = true, .is_cancelled = &is_ending};
    must(catalog_make(&options, &catalog));
    must(service_init(&service, &workspace, &is_ending, catalog));
    dataset_pool_look(&service.datasets);
    atexit(remove_data);
    return 0;
}

/* The program that would be run for it; NULL: none. */
static const struct program *program_of(const char *path)
{
    static const struct program *const programs[] = {&program_offsets, &program_diff, &program_find,
                                                     &program_check};
    static const char beginning[] = "/api/v2/";

    for (size_t i = 0; i < ARRAY_LENGTH(programs); i++) {
        if (strncmp(path, beginning, strlen(beginning)) == 0 &&
            strcmp(path + strlen(beginning), programs[i]->command) == 0)
            return programs[i];
    }
    return NULL;
}

static const struct program_parameter *option_of(const struct program *program, const char *word)
{
    for (const struct program_parameter *known = program->parameters; known->name; known++) {
        if (known->option && strcmp(known->option, word) == 0)
            return known;
    }
    return NULL;
}

/* Foreign words stay words: after the command, only the program's options begin with a dash, and
 * what follows one of these is its value. */
static void check_line(const struct program *program, const struct program_line *line)
{
    size_t command = 0;

    while (strcmp(line->words[command], program->command) != 0)
        command++;
    for (size_t i = command + 3; i < line->count; i++) {
        const struct program_parameter *option = option_of(program, line->words[i]);
        if (option)
            i += option->kind != VALUE_FLAG;
        else if (line->words[i][0] == '-')
            abort();
    }
}

static void make_line(const struct program *program, const struct http_request *request)
{
    struct catalog *catalog = service_hold_catalog(&service);
    const struct question question = {
        .service = &service, .catalog = catalog, .request = request, .rest = ""};
    struct program_line line;

    if (!fuzz_is_refused(program_line_make(&question, program, "/dev/fd/3", &line)))
        check_line(program, &line);
    program_line_deinit(&line);
    catalog_release(catalog);
}

static void answer(const struct http_request *request)
{
    const struct program *program = program_of(request->path);
    struct http_answer answered;
    struct http_plan plan;

    if (program) {
        make_line(program, request);
        return;
    }
    http_answer_init(&answered);
    service_plan(&service, request, &plan);
    service_answer(&service, request, &answered);
    if (answered.status >= HTTP_INTERNAL_ERROR && answered.status != HTTP_TIMEOUT)
        abort();
    http_answer_deinit(&answered);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct http_request request = {.method = length % 2 ? HTTP_POST : HTTP_GET};
    char *text = calloc(1, length + 2);
    char *rest = text;
    char *line;

    text[0] = '/';
    memcpy(text + 1, bytes, length);
    request.path = strsep(&rest, "\n");
    while ((line = strsep(&rest, "\n")) && line[0] &&
           request.parameter_count < HTTP_PARAMETERS_MAXIMUM) {
        char *value = line;
        const char *name = strsep(&value, "=");
        request.parameters[request.parameter_count++] =
            (struct http_parameter){name, value ? value : ""};
    }
    request.contents = rest ? rest : "";
    request.content_length = strlen(request.contents);
    answer(&request);
    free(text);
    return 0;
}
