/* SPDX-License-Identifier: MIT */
/* Transfers from file URLs, in the thread that asks for them: a file may be on a disk that does not
 * answer, which must not hold what comes from servers. */
#ifndef KSTRUCT_FETCH_HTTP_TRANSFER_FILE_H
#define KSTRUCT_FETCH_HTTP_TRANSFER_FILE_H

#include "fetch/http/transfer.h"

bool transfer_is_of_file(const struct transfer_request *request);

/* As transfer_run(), for such a request. Only regular files are read, and always whole. */
struct error *transfer_file(const struct transfer_request *request) MUST_CHECK;

#endif
