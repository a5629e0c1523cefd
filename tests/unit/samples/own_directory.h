/* SPDX-License-Identifier: MIT */
/* The directory of a test that needs no other fixture. */
#ifndef KSTRUCT_TESTS_UNIT_SAMPLES_OWN_DIRECTORY_H
#define KSTRUCT_TESTS_UNIT_SAMPLES_OWN_DIRECTORY_H

#include "tests/unit/samples/packages.h"

static char *directory;

static int set_up(void **state UNUSED)
{
    directory = make_directory();
    return 0;
}

static int tear_down(void **state UNUSED)
{
    remove_directory(directory);
    return 0;
}

#endif
