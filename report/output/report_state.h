/* SPDX-License-Identifier: MIT */
/* What a report's directory holds, without reading a file of it. */
#ifndef KSTRUCT_REPORT_OUTPUT_REPORT_STATE_H
#define KSTRUCT_REPORT_OUTPUT_REPORT_STATE_H

#include "base/error.h"

enum { REPORT_FINGERPRINT_BYTES = 32 };

struct report_state {
    unsigned formats; /* of enum report_format: those that there are files of */
    /* SHA-256 over the path, the size and the time of change of every file in the report's folders
     * and beside them; hidden ones do not count. Equal: nobody has touched anything. */
    unsigned char fingerprint[REPORT_FINGERPRINT_BYTES];
};

/* A directory that does not exist is like an empty one. */
struct error *report_look(const char *directory, struct report_state *state_ret) MUST_CHECK;

#endif
