/* SPDX-License-Identifier: MIT */
/* Files of the source tree as bytes of the program. */
#ifndef KSTRUCT_BASE_EMBED_H
#define KSTRUCT_BASE_EMBED_H

/* The assembler puts the file's bytes between SYMBOL and SYMBOL_end. It is run in the source's
 * directory. That the object depends on PATH is said in the Makefile. */
#define EMBED_FILE(symbol, path) EMBED_FILES(symbol, ".incbin \"" path "\"\n")

/* The same of several files, one after the other; FILES has a line of .incbin for each. */
#define EMBED_FILES(symbol, files)                                                                 \
    __asm__(".section .rodata\n" #symbol ":\n" files #symbol "_end:\n.byte 0\n.previous\n");       \
    extern const char symbol[];                                                                    \
    extern const char symbol##_end[]

#endif
