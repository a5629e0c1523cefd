/* SPDX-License-Identifier: MIT */
/*
 * The modules of a package read by several threads while it is still being decompressed. What comes
 * out does not depend on the number of threads.
 */
#ifndef KSTRUCT_RUN_CHILD_MODULE_READING_H
#define KSTRUCT_RUN_CHILD_MODULE_READING_H

#include "analyze/known_definitions.h"
#include "base/error.h"
#include "model/kernel_layouts.h"
#include "run/child/kernel_input.h"

/* Adds the modules of INPUT's package to KERNEL, which was read from its vmlinux; KNOWN is what
 * that defines. A module that cannot be read is passed over; the package's failures are
 * extract_modules()'. */
struct error *module_reading_run(const struct kernel_input *input,
                                 const struct known_definitions *known,
                                 struct kernel_layouts *kernel) MUST_CHECK;

#endif
