/* SPDX-License-Identifier: MIT */
#include "run/serving/http/http_listening.h"

#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/system/file.h"

enum {
    WAITING_MAXIMUM = 1024,
    HOST_BYTES = 256,
    PORT_BYTES = 32,
    PORT_DIGITS = 5,
    PORT_MAXIMUM = 65535,
};

static struct error *bad_address(const char *text)
{
    return error_create(ERROR_USAGE, text,
                        "is no address to listen at, such as 127.0.0.1:8080 or [::1]:8080");
}

/* Splits "HOST:PORT" and "[HOST]:PORT". Free *HOST_RET. */
static struct error *split(const char *text, char **host_ret, const char **port_ret)
{
    const char *colon = strrchr(text, ':');
    bool has_brackets = text[0] == '[';

    if (!colon || colon == text || colon[1] == '\0' ||
        strspn(colon + 1, "0123456789") != strlen(colon + 1) || strlen(colon + 1) > PORT_DIGITS ||
        strtoul(colon + 1, NULL, 10) > PORT_MAXIMUM ||
        (has_brackets && (colon - text < 3 || colon[-1] != ']')))
        return bad_address(text);
    *port_ret = colon + 1;
    *host_ret = has_brackets ? strndup(text + 1, (size_t)(colon - text) - 2)
                             : strndup(text, (size_t)(colon - text));
    return *host_ret ? NULL : error_out_of_memory();
}

static struct error *open_socket(const char *text, const struct addrinfo *address, int *socket_ret)
{
    CLEANUP(close_pointer)
    int opened = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                        address->ai_protocol);
    int yes = 1;

    if (opened < 0 || setsockopt(opened, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
        bind(opened, address->ai_addr, address->ai_addrlen) != 0 ||
        listen(opened, WAITING_MAXIMUM) != 0)
        return error_create_errno(errno, text, "cannot listen there");
    *socket_ret = opened;
    opened = -1;
    return NULL;
}

static struct error *describe(int opened, char **address_ret)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof(address);
    char host[HOST_BYTES];
    char port[PORT_BYTES];

    if (getsockname(opened, (struct sockaddr *)&address, &length) != 0 ||
        getnameinfo((struct sockaddr *)&address, length, host, sizeof(host), port, sizeof(port),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return error_create(ERROR_SYSTEM, NULL, "cannot tell the address that is listened at");
    bool has_colon = strchr(host, ':') != NULL;
    if (asprintf(address_ret, "%s%s%s:%s", has_colon ? "[" : "", host, has_colon ? "]" : "", port) <
        0)
        return error_out_of_memory();
    return NULL;
}

struct error *http_listen(const char *text, int *socket_ret, char **address_ret)
{
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    CLEANUP(free_pointer) char *host = NULL;
    const char *port = NULL;
    struct addrinfo *found = NULL;

    TRY(split(text, &host, &port));
    int reason = getaddrinfo(host, port, &wanted, &found);
    if (reason != 0)
        return error_create(ERROR_USAGE, text, "is no address to listen at: %s",
                            gai_strerror(reason));
    struct error *error = open_socket(text, found, socket_ret);
    freeaddrinfo(found);
    TRY(error);
    error = describe(*socket_ret, address_ret);
    if (error)
        close(*socket_ret);
    return error;
}
