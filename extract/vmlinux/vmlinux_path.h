/* SPDX-License-Identifier: MIT */
/* Where debug-symbol packages keep vmlinux. */
#ifndef KSTRUCT_EXTRACT_VMLINUX_VMLINUX_PATH_H
#define KSTRUCT_EXTRACT_VMLINUX_VMLINUX_PATH_H

#include <stdbool.h>
#include <stddef.h>

/* Is PATH, with or without a leading "./", exactly one of
 *     usr/lib/debug/boot/vmlinux-RELEASE
 *     usr/lib/debug/lib/modules/RELEASE/vmlinux
 * with a RELEASE such as `uname -r` prints? If so, *release_ret points to it inside PATH. */
bool vmlinux_path_match(const char *path, const char **release_ret, size_t *release_length_ret);

#endif
