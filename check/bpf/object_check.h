/* SPDX-License-Identifier: MIT */
/* An object's results in all kernels that it was checked against, as people and programs read them.
 */
#ifndef KSTRUCT_CHECK_BPF_OBJECT_CHECK_H
#define KSTRUCT_CHECK_BPF_OBJECT_CHECK_H

#include "check/bpf/core_resolve.h"
#include "check/finding.h"
#include "model/text/json.h"

struct object_check {
    const struct bpf_object *object;
    size_t kernel_count;
    const char *const *kernels;   /* their names */
    struct core_result **results; /* by kernel, then by relocation */
    const char **hints;           /* by relocation × kernel; NULL where there is none */
};

/* Does it keep the object, or a program of it, from being loaded? */
static inline bool core_result_is_failure(const struct core_result *result)
{
    return result->is_refused || (result->is_poisoned && !result->is_unreached);
}

/* Is it something that only fails to fit because of what is checked before? */
static inline bool core_result_is_guarded(const struct core_result *result)
{
    return !result->is_refused && result->is_poisoned && result->is_unreached;
}

/* "struct request.rq_disk": what the relocation is about. */
void core_relocation_append(struct buffer *out, const struct core_relocation *relocation);

/* One verdict for each kernel; all is allocated from ARENA or belongs to the object. */
struct error *object_check_judge(const struct object_check *check, struct arena *arena,
                                 struct verdict **verdicts_ret) MUST_CHECK;

/* Puts what there is to say into OBJECT, as report/schemas/check.schema.json has it. */
struct error *object_check_set_json(const struct object_check *check,
                                    struct json_document *document, json_t *object) MUST_CHECK;

#endif
