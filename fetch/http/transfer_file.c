/* SPDX-License-Identifier: MIT */
#include "fetch/http/transfer_file.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/system/file.h"

enum { READ_AT_ONCE = 256 << 10 };

bool transfer_is_of_file(const struct transfer_request *request)
{
    return strncasecmp(request->url, "file:", strlen("file:")) == 0;
}

/* Free with curl_free(). */
static struct error *path_of(const char *url, char **path_ret)
{
    CURLU *parts = curl_url();

    if (!parts)
        return error_out_of_memory();
    bool is_url = curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                  curl_url_get(parts, CURLUPART_PATH, path_ret, CURLU_URLDECODE) == CURLUE_OK;
    curl_url_cleanup(parts);
    return is_url
               ? NULL
               : error_create(ERROR_CONFIGURATION, url, "is not the URL of a file on this machine");
}

/* A pipe that nobody writes to must not be waited for. */
static struct error *open_regular(const char *path, const char *url, int *file_descriptor_ret,
                                  uint64_t *byte_size_ret)
{
    CLEANUP(close_pointer) int file_descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

    if (file_descriptor < 0)
        return error_create(ERROR_NOT_FOUND, url, "cannot open the file: %s", strerror(errno));
    TRY(file_regular_size(file_descriptor, url, byte_size_ret));
    *file_descriptor_ret = file_descriptor;
    file_descriptor = -1;
    return NULL;
}

static struct error *hand_on(const struct transfer_request *request, int file_descriptor)
{
    CLEANUP(free_pointer) char *bytes = malloc(READ_AT_ONCE);

    if (!bytes)
        return error_out_of_memory();
    for (;;) {
        if (request->is_cancelled && atomic_load(request->is_cancelled))
            return error_create(ERROR_INTERRUPTED, request->url, "is not wanted any more");
        ssize_t count = read(file_descriptor, bytes, READ_AT_ONCE);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return error_create_errno(errno, request->url, "cannot read");
        if (count == 0)
            return NULL;
        TRY(request->receive(request->context, bytes, (size_t)count));
    }
}

struct error *transfer_file(const struct transfer_request *request)
{
    CLEANUP(close_pointer) int file_descriptor = -1;
    struct transfer_response response = {.validator = ""};
    char *path = NULL;

    TRY(path_of(request->url, &path));
    struct error *error = open_regular(path, request->url, &file_descriptor, &response.total_size);
    curl_free(path);
    if (!error && request->begin)
        error = request->begin(request->context, &response);
    return error ? error : hand_on(request, file_descriptor);
}
