/* SPDX-License-Identifier: MIT */
/* The address that a server listens at. */
#ifndef KSTRUCT_RUN_SERVING_HTTP_HTTP_LISTENING_H
#define KSTRUCT_RUN_SERVING_HTTP_HTTP_LISTENING_H

#include "base/error.h"

/* Opens a socket at "127.0.0.1:8080", "[::1]:8080", "localhost:0"; port 0 is any that is free.
 * *ADDRESS_RET, for the caller to free, is the address that it has: "127.0.0.1:40123".
 * ERROR_USAGE if the text is no address. */
struct error *http_listen(const char *text, int *socket_ret, char **address_ret) MUST_CHECK;

#endif
