/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/utf8.h"
#include "cli/options.h"

struct error *cli_usage_error(const char *command, const char *format, ...)
{
    va_list arguments;
    char *why = NULL;

    va_start(arguments, format);
    int length = vasprintf(&why, format, arguments);
    va_end(arguments);
    if (length < 0)
        return error_out_of_memory();
    struct error *error = error_create(ERROR_USAGE, NULL, "%s; see `kstruct %s%s--help`", why,
                                       command, command[0] ? " " : "");
    free(why);
    return error;
}

struct error *cli_begin(struct cli *cli, const struct command *command, int argc, char **argv,
                        const struct option_value *own, int *next_ret)
{
    TRY(options_read(argc, argv, command->name, own, false, &cli->options, next_ret));
    if (cli->options.wants_help) {
        *next_ret = 0;
        return cli_print(command->usage, strlen(command->usage));
    }
    return options_apply(&cli->options, cli);
}

struct error *cli_print_lines(struct buffer *lines)
{
    for (size_t start = 0; start < lines->length;) {
        char *line = lines->data + start;
        const char *end = memchr(line, '\n', lines->length - start);
        size_t length = end ? (size_t)(end - line) : lines->length - start;
        size_t shown = utf8_make_printable(line, length);
        TRY(cli_print(line, shown));
        TRY(cli_print("\n", end ? 1 : 0));
        start += length + 1;
    }
    return NULL;
}

struct error *cli_print(const char *text, size_t length)
{
    if (fwrite(text, 1, length, stdout) != length)
        return error_create_errno(errno, "standard output", "cannot write");
    return NULL;
}

const char *cli_output_path(const char *word)
{
    return word && strcmp(word, "-") == 0 ? NULL : word;
}

struct error *cli_write_output(const char *path, const struct buffer *text)
{
    return path ? file_replace(path, buffer_text(text), text->length)
                : cli_print(buffer_text(text), text->length);
}
