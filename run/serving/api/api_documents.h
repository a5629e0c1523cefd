/* SPDX-License-Identifier: MIT */
/* What describes the JSON interface: openapi.json, and the schemas of what it answers. */
#ifndef KSTRUCT_RUN_SERVING_API_API_DOCUMENTS_H
#define KSTRUCT_RUN_SERVING_API_API_DOCUMENTS_H

struct api_document {
    const char *name; /* "openapi.json", "schemas/offsets.schema.json" */
    const char *bytes;
    const char *end;
};

/* The one of that name, or NULL. */
const struct api_document *api_document_find(const char *name);

#endif
