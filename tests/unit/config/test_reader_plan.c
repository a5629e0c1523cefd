/* SPDX-License-Identifier: MIT */
#include "config/settings/settings.h"
#include "run/child/reader_plan.h"
#include "tests/unit/unit.h"

#define GIB (UINT64_C(1) << 30)
#define ALL SETTINGS_MEMORY_ALL

static void readers_and_their_memory(void **state UNUSED)
{
    static const struct {
        struct reader_limits limits;
        unsigned count;
        uint64_t memory_bytes;
    } cases[] = {
        /* As many as there are threads, up to four. */
        {{1, ALL, 6 * GIB, 64 * GIB}, 1, 6 * GIB},
        {{2, ALL, 6 * GIB, 64 * GIB}, 2, 6 * GIB},
        {{64, ALL, 6 * GIB, 64 * GIB}, 4, 6 * GIB},
        /* As many as fit, and one in any case; none may take more than there is. */
        {{8, ALL, 6 * GIB, 7 * GIB}, 3, 6 * GIB},
        {{8, ALL, 6 * GIB, 4 * GIB}, 2, 4 * GIB},
        {{8, ALL, 6 * GIB, 4 * GIB - 1}, 1, 4 * GIB - 1},
        {{8, ALL, 6 * GIB, GIB}, 1, GIB},
        /* Nothing is known of the machine. */
        {{8, ALL, 6 * GIB, 0}, 1, 6 * GIB},
        /* What is given is shared out, whatever the machine has. */
        {{8, 8 * GIB, 6 * GIB, 64 * GIB}, 4, 2 * GIB},
        {{2, 8 * GIB, 6 * GIB, 64 * GIB}, 2, 4 * GIB},
        {{1, 8 * GIB, 6 * GIB, 64 * GIB}, 1, 6 * GIB},
        {{8, 5 * GIB, 6 * GIB, 64 * GIB}, 2, 5 * GIB / 2},
        {{8, 3 * GIB, 6 * GIB, 64 * GIB}, 1, 3 * GIB},
        {{8, GIB / 2, 6 * GIB, 64 * GIB}, 1, GIB / 2},
        {{8, 16 * GIB, 6 * GIB, 4 * GIB}, 4, 4 * GIB},
        {{4, 64 * GIB, 6 * GIB, 64 * GIB}, 4, 6 * GIB},
        /* One process has no limit of its own. */
        {{2, ALL, ALL, 8 * GIB}, 2, 8 * GIB},
        {{2, 8 * GIB, ALL, 8 * GIB}, 2, 4 * GIB},
        {{2, ALL, ALL, 0}, 1, ALL},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct reader_plan plan = reader_plan_make(&cases[i].limits);
        if (plan.count != cases[i].count || plan.memory_bytes != cases[i].memory_bytes)
            fail_msg("case %zu: %u readers with %ju bytes", i, plan.count,
                     (uintmax_t)plan.memory_bytes);
    }
}

/* What is given is never exceeded. */
static void all_together_stay_within_the_memory(void **state UNUSED)
{
    for (unsigned jobs = 1; jobs < 10; jobs++) {
        for (uint64_t memory = 1; memory < 40 * GIB; memory += GIB / 3) {
            const struct reader_limits limits = {jobs, memory, 6 * GIB, 64 * GIB};
            struct reader_plan plan = reader_plan_make(&limits);
            assert_true(plan.count >= 1 && plan.count <= jobs);
            assert_true(plan.memory_bytes <= 6 * GIB);
            assert_true(plan.count * plan.memory_bytes <= memory);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_and_their_memory),
        cmocka_unit_test(all_together_stay_within_the_memory),
    };

    return cmocka_run_group_tests_name("reader_plan", tests, NULL, NULL);
}
