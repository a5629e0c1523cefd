/* SPDX-License-Identifier: MIT */
#include "run/serving/api/api_documents.h"

#include <stddef.h>
#include <string.h>

#include "base/compiler.h"
#include "base/embed.h"

#define SCHEMAS(X) X(check) X(diff) X(error) X(find) X(kernels) X(offsets) X(search) X(struct)

EMBED_FILE(api_document_openapi, "run/serving/api/openapi.json");
#define X(name) EMBED_FILE(api_schema_##name, "report/schemas/" #name ".schema.json");
SCHEMAS(X)
#undef X

static const struct api_document documents[] = {
    {"openapi.json", api_document_openapi, api_document_openapi_end},
#define X(name) {"schemas/" #name ".schema.json", api_schema_##name, api_schema_##name##_end},
    SCHEMAS(X)
#undef X
};

const struct api_document *api_document_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(documents); i++) {
        if (strcmp(documents[i].name, name) == 0)
            return &documents[i];
    }
    return NULL;
}
