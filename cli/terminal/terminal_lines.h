/* SPDX-License-Identifier: MIT */
/*
 * Some lines at the end of what a terminal shows, drawn anew in place. Knows how the terminal's
 * width has changed since they were drawn, and takes away as many rows as they take then: terminals
 * break lines that have become too long for them.
 */
#ifndef KSTRUCT_CLI_TERMINAL_TERMINAL_LINES_H
#define KSTRUCT_CLI_TERMINAL_TERMINAL_LINES_H

#include <stddef.h>

#include "base/buffer.h"

struct terminal_lines {
    struct buffer text; /* what is drawn; each line ends with a line end */
    size_t count;
    unsigned columns; /* of the terminal when it was */
    unsigned rows;
};

void terminal_lines_init(struct terminal_lines *lines);
void terminal_lines_deinit(struct terminal_lines *lines);

/* Appends what has the terminal, which is so large now, show the COUNT lines of TEXT in place of
 * those before, and notes them. Nothing is appended if it shows them already. */
void terminal_lines_draw(struct terminal_lines *lines, const char *text, size_t count,
                         unsigned columns, unsigned rows, struct buffer *output);

/* Appends what takes the lines away, and has the cursor where they began: there something else may
 * be written, and after it what terminal_lines_restore() appends. */
void terminal_lines_erase(const struct terminal_lines *lines, unsigned columns, unsigned rows,
                          struct buffer *output);

/* Appends what shows the lines again after terminal_lines_erase(). Where the terminal has another
 * size than they were made for, they stay away until they are drawn anew. */
void terminal_lines_restore(struct terminal_lines *lines, unsigned columns, unsigned rows,
                            struct buffer *output);

#endif
