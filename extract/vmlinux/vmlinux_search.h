/* SPDX-License-Identifier: MIT */
/* Finding vmlinux among the members of a package, and saying why there is none. */
#ifndef KSTRUCT_EXTRACT_VMLINUX_VMLINUX_SEARCH_H
#define KSTRUCT_EXTRACT_VMLINUX_VMLINUX_SEARCH_H

#include "extract/data_tar.h"

/* Steps TAR, which is DATA's, to vmlinux. *RELEASE_RET, from its path, is to be freed with free().
 * ERROR_NO_VMLINUX: not in there as a file with contents. ERROR_LIMIT: it has more than
 * MAXIMUM_BYTES, or there are too many members. */
struct error *vmlinux_search(const struct package_data *data, struct data_tar *tar,
                             uint64_t maximum_bytes, struct data_tar_member *member_ret,
                             char **release_ret) MUST_CHECK;

#endif
