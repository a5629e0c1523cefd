/* SPDX-License-Identifier: MIT */
#include "check/finding.h"

#include <string.h>

#include "base/text/counted.h"
#include "model/text/escape.h"

static size_t count_guarded(const struct verdict *verdict)
{
    size_t count = 0;

    for (size_t i = 0; i < verdict->count; i++)
        count += verdict->findings[i].is_guarded;
    return count;
}

static size_t count_unknown(const struct verdict *verdict)
{
    size_t count = 0;

    for (size_t i = 0; i < verdict->count; i++)
        count += verdict->findings[i].is_unknown;
    return count;
}

bool verdict_is_fit(const struct verdict *verdict)
{
    return count_guarded(verdict) + count_unknown(verdict) == verdict->count;
}

static bool is_harm(const struct finding *finding)
{
    return !finding->is_guarded && !finding->is_unknown;
}

static bool is_same(const struct finding *one, const struct finding *other)
{
    return strcmp(one->place, other->place) == 0 && strcmp(one->subject, other->subject) == 0 &&
           strcmp(one->why, other->why) == 0 && one->is_guarded == other->is_guarded &&
           one->is_unknown == other->is_unknown;
}

struct error *verdict_add(struct verdict *verdict, struct arena *arena,
                          const struct finding *finding)
{
    if (verdict->count > 0 && is_same(&verdict->findings[verdict->count - 1], finding))
        return NULL;
    struct finding *findings =
        arena_append(arena, verdict->findings, verdict->count, sizeof(*findings));

    if (!findings)
        return error_out_of_memory();
    findings[verdict->count++] = *finding;
    verdict->findings = findings;
    return NULL;
}

static void append(struct buffer *out, const char *text)
{
    escape_append(out, ESCAPE_NOTHING_MORE, text);
}

/* "    kprobe/x, handler(), x.bpf.c:12: struct request.rq_disk: no such field; renamed? q" */
static void append_finding(struct buffer *out, const struct finding *finding)
{
    buffer_append_text(out, finding->is_guarded   ? "    (guarded) "
                            : finding->is_unknown ? "    (not known) "
                                                  : "    ");
    append(out, finding->place);
    buffer_append_text(out, finding->place[0] ? ": " : "");
    append(out, finding->subject);
    buffer_append_text(out, ": ");
    append(out, finding->why);
    buffer_append_text(out, finding->hint[0] ? "; " : "");
    append(out, finding->hint);
    buffer_append_char(out, '\n');
}

/* "  6.1.0-56-cloud-amd64  does not fit (2)", "  …  fits; 4 guarded" */
static void append_kernel(struct buffer *out, const struct verdict *verdict, size_t width)
{
    size_t guarded = count_guarded(verdict);
    size_t unknown = count_unknown(verdict);
    size_t failing = verdict->count - guarded - unknown;

    buffer_append_text(out, "  ");
    append(out, verdict->kernel);
    for (size_t i = strlen(verdict->kernel); i < width; i++)
        buffer_append_char(out, ' ');
    if (verdict_is_fit(verdict))
        buffer_append_text(out, "  fits");
    else
        buffer_append_format(out, "  does not fit: %zu %s", COUNTED(failing, "place"));
    if (guarded > 0)
        buffer_append_format(out, "; %zu guarded", guarded);
    if (unknown > 0)
        buffer_append_format(out, "; %zu not known", unknown);
    buffer_append_char(out, '\n');
}

void verdicts_append_text(struct buffer *out, const char *name, const char *remark,
                          const struct verdict *verdicts, size_t count, bool has_all)
{
    size_t width = 0;
    size_t fitting = 0;

    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(verdicts[i].kernel);
        width = length > width ? length : width;
        fitting += verdict_is_fit(&verdicts[i]);
    }
    append(out, name);
    buffer_append_format(out, ": fits %zu of %zu %s", fitting, COUNTED(count, "kernel"));
    buffer_append_text(out, remark[0] ? "; " : "");
    buffer_append_text(out, remark);
    buffer_append_char(out, '\n');
    for (size_t i = 0; i < count; i++) {
        append_kernel(out, &verdicts[i], width);
        for (size_t j = 0; j < verdicts[i].count; j++) {
            if (has_all || is_harm(&verdicts[i].findings[j]))
                append_finding(out, &verdicts[i].findings[j]);
        }
    }
}
