/* SPDX-License-Identifier: MIT */
/* Waiting for something that is told, and for something else that is not. */
#ifndef KSTRUCT_BASE_SYSTEM_CONDITION_H
#define KSTRUCT_BASE_SYSTEM_CONDITION_H

#include <pthread.h>

/* As pthread_cond_wait(), but for a fifth of a second at most: then it is time to look whether the
 * work was cancelled, which nobody signals. */
void condition_wait_briefly(pthread_cond_t *condition, pthread_mutex_t *mutex);

#endif
