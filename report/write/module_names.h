/* SPDX-License-Identifier: MIT */
/* The modules that have a definition, in words. */
#ifndef KSTRUCT_REPORT_WRITE_MODULE_NAMES_H
#define KSTRUCT_REPORT_WRITE_MODULE_NAMES_H

#include "base/buffer.h"
#include "model/history.h"
#include "model/text/escape.h"

/* Appends "module kvm", "modules kvm, kvm_intel", "modules af_alg, ansi_cprng and 31 others";
 * nothing if there are none. */
void module_names_append(struct buffer *out, enum escape_context context,
                         const struct history_modules *modules);

#endif
