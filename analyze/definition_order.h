/* SPDX-License-Identifier: MIT */
/* Puts a kernel's definitions in order, and leaves those out that others stand for. */
#ifndef KSTRUCT_ANALYZE_DEFINITION_ORDER_H
#define KSTRUCT_ANALYZE_DEFINITION_ORDER_H

#include "base/error.h"
#include "model/kernel_layouts.h"

/*
 * Sorts them as kernel_definitions_compare() says. An enum without a name goes where a typedef
 * names it: the typedef has its enumerators then. Of two names that are equal (the name of an enum
 * without one is made up, and a file may have it) the later is passed over.
 */
struct error *definition_order_make(struct kernel_layouts *layouts) MUST_CHECK;

#endif
