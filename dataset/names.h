/* SPDX-License-Identifier: MIT */
#ifndef KSTRUCT_DATASET_NAMES_H
#define KSTRUCT_DATASET_NAMES_H

#include "dataset/dataset.h"

/* Adds a copy of NAME at the end. */
struct error *dataset_names_append(struct dataset_names *names, const char *name) MUST_CHECK;

#endif
