/* SPDX-License-Identifier: MIT */
#ifndef KSTRUCT_FETCH_PACKAGE_KERNEL_PACKAGE_NAMES_H
#define KSTRUCT_FETCH_PACKAGE_KERNEL_PACKAGE_NAMES_H

#include "base/error.h"

/* The names that the debug-symbol package of a kernel may have. First Ubuntu's, the likelier first:
 *     linux-image-unsigned-5.4.0-26-generic-dbgsym
 *     linux-image-5.4.0-26-generic-dbgsym
 * A kernel that is signed for Secure Boot has its vmlinux in the first; the second is then an empty
 * wrapper. Where the architecture's kernels are not signed there is the second only. Then Debian's,
 * where most releases end in the architecture already:
 *     linux-image-6.1.0-56-cloud-amd64-dbg
 *     linux-image-6.12.107+deb13-armmp-dbg, of 6.12.107+deb13-armmp-armhf */
enum { UBUNTU_PACKAGE_NAME_COUNT = 2, KERNEL_PACKAGE_NAME_COUNT = 4 };
struct kernel_package_names {
    char *names[KERNEL_PACKAGE_NAME_COUNT];
    const char *architecture; /* points into the kernel's name */
};

/* KERNEL_NAME is "5.4.0-26-generic-amd64" and must outlive the result. ERROR_CONFIGURATION if it
 * does not have that form. */
struct error *kernel_package_names_init(const char *kernel_name,
                                        struct kernel_package_names *ret) MUST_CHECK;
void kernel_package_names_deinit(struct kernel_package_names *names);

#endif
