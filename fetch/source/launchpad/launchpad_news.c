/* SPDX-License-Identifier: MIT */
#include "fetch/source/launchpad/launchpad_news.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash/string_table.h"
#include "base/system/file.h"
#include "base/text/time_text.h"
#include "fetch/package/kernel_package.h"
#include "fetch/source/launchpad/launchpad_publications.h"

/* A publication is Pending for less than an hour, and clocks differ: two days are plenty. More
 * pages than that are asked for in longer time than it takes to ask for some kernels one by one. */
enum { UNDER_WAY_SECONDS = 2 * 24 * 60 * 60, PAGES_MAXIMUM = 40, DATE_LENGTH = 10 };

struct launchpad_news {
    time_t since;
    pthread_mutex_t mutex;
    bool is_asked;
    bool is_answered;
    struct string_table names; /* of kernels that there is something new of */
};

struct launchpad_news *launchpad_news_create(time_t since)
{
    struct launchpad_news *news = calloc(1, sizeof(*news));

    if (!news)
        return NULL;
    if (pthread_mutex_init(&news->mutex, NULL) != 0) {
        free(news);
        return NULL;
    }
    news->since = since;
    string_table_init(&news->names);
    return news;
}

void launchpad_news_destroy(struct launchpad_news *news)
{
    if (!news)
        return;
    string_table_deinit(&news->names);
    pthread_mutex_destroy(&news->mutex);
    free(news);
}

static struct error *take_publication(void *context, const char *url UNUSED,
                                      const struct launchpad_publication *publication)
{
    struct launchpad_news *news = context;
    CLEANUP(free_pointer) char *name = NULL;
    uint32_t number;

    TRY(kernel_name_of_package(publication->package, publication->architecture, &name));
    return name ? string_table_intern(&news->names, name, strlen(name), &number) : NULL;
}

static struct error *ask(struct launchpad_news *news, const struct fetch_settings *settings)
{
    char since[TIME_TEXT_BYTES];
    const struct launchpad_publications_filter filter = {
        .package = "linux-image-",
        .is_part = true,
        .since = since,
        .maximum_pages = PAGES_MAXIMUM,
    };

    time_text(news->since - UNDER_WAY_SECONDS, since);
    since[DATE_LENGTH] = '\0';
    return launchpad_publications_visit(settings, &filter, take_publication, news);
}

bool launchpad_news_may_have(struct launchpad_news *news, const struct fetch_settings *settings,
                             const char *kernel_name)
{
    pthread_mutex_lock(&news->mutex);
    if (!news->is_asked) {
        struct error *error = ask(news, settings);
        news->is_asked = true;
        news->is_answered = !error;
        if (error)
            log_write(settings->log, LOG_DETAIL,
                      "what is new at Launchpad is not known, so it is asked for each kernel: %s",
                      error->why);
        error_destroy(error);
    }
    bool may_have =
        !news->is_answered ||
        string_table_find(&news->names, kernel_name, strlen(kernel_name)) != STRING_NOT_FOUND;
    pthread_mutex_unlock(&news->mutex);
    return may_have;
}
