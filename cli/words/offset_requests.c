/* SPDX-License-Identifier: MIT */
#include "cli/words/offset_requests.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text/counted.h"
#include "base/text/nearest_word.h"
#include "cli/words/wanted_names.h"
#include "report/offsets/embedded_member.h"
#include "report/offsets/offset_word.h"

enum { WORD_MAXIMUM = 1024 * 1024 };

/* Do both sets of kinds mean the same of one name? Without a kind's word it is the struct, if there
 * is one. */
static bool are_one(unsigned a, unsigned b)
{
    const unsigned structs = DEFINITION_KIND_BIT(DEFINITION_STRUCT);

    return a == b || ((a & structs) && (b & structs));
}

/* Finds or adds the request about a definition. There is room for one a word. */
static struct error *find_request(struct offset_requests *requests, unsigned kinds,
                                  const char *definition_name, size_t word_count,
                                  struct arena *arena, struct offset_request **request_ret)
{
    size_t i = 0;

    while (i < requests->count &&
           (!are_one(requests->requests[i].kinds, kinds) ||
            strcmp(requests->requests[i].definition_name, definition_name) != 0))
        i++;
    struct offset_request *request = &requests->requests[i];
    if (i == requests->count) {
        *request = (struct offset_request){
            .kinds = kinds,
            .definition_name = definition_name,
            .paths = arena_allocate(arena, word_count, sizeof(*request->paths)),
        };
        if (!request->paths)
            return error_out_of_memory();
        requests->count++;
    }
    request->kinds &= kinds;
    *request_ret = request;
    return NULL;
}

static void add_path(struct offset_request *request, const char *path)
{
    for (size_t i = 0; i < request->path_count; i++) {
        if (strcmp(request->paths[i], path) == 0)
            return;
    }
    request->paths[request->path_count++] = path;
}

struct error *offset_requests_parse(char *const *words, size_t word_count, struct arena *arena,
                                    struct offset_requests *requests_ret)
{
    struct wanted_names names;
    struct offset_requests requests = {
        .requests = arena_allocate(arena, word_count + 1, sizeof(*requests.requests))};

    if (!requests.requests)
        return error_out_of_memory();
    TRY(wanted_names_parse(words, word_count, arena, &names));
    for (size_t i = 0; i < names.count; i++) {
        struct offset_request *request = NULL;
        struct offset_word word;
        TRY(offset_word_parse(names.names[i].name, arena, &word));
        TRY(find_request(&requests, names.names[i].kinds, word.definition_name, word_count, arena,
                         &request));
        if (word.path[0] == '\0')
            request->with_size = true;
        else
            add_path(request, word.path);
    }
    *requests_ret = requests;
    return NULL;
}

/* Adds the names in a path, without indexes of arrays. */
static struct error *add_members(const char *path, struct arena *arena, const char ***names,
                                 size_t *count)
{
    for (const char *name = path; *name != '\0';) {
        size_t length = strcspn(name, ".[");
        *names = arena_append(arena, *names, *count, sizeof(**names));
        const char *copy = arena_copy_text(arena, name, length);
        if (!*names || !copy)
            return error_out_of_memory();
        (*names)[(*count)++] = copy;
        name += length;
        name += strcspn(name, ".");
        name += *name == '.';
    }
    return NULL;
}

struct error *offset_requests_list_members(const struct offset_requests *requests,
                                           struct arena *arena, const char ***names_ret,
                                           size_t *count_ret)
{
    *names_ret = arena_allocate(arena, 1, sizeof(**names_ret));
    *count_ret = 0;
    if (!*names_ret)
        return error_out_of_memory();
    for (size_t i = 0; i < requests->count; i++) {
        for (size_t j = 0; j < requests->requests[i].path_count; j++)
            TRY(add_members(requests->requests[i].paths[j], arena, names_ret, count_ret));
    }
    return NULL;
}

/* Of several, one of the first kind. */
static struct error *nearest_name(struct dataset *dataset, const char *name, struct arena *arena,
                                  const char **nearest_ret)
{
    CLEANUP(dataset_names_deinit) struct dataset_names names = {0};

    for (enum definition_kind kind = 0; kind < DEFINITION_KIND_COUNT; kind++)
        TRY(dataset_list_names(dataset, NULL, DEFINITION_KIND_BIT(kind), &names));
    const char *nearest = nearest_word(name, (const char *const *)names.names, names.count);
    if (!nearest)
        return NULL;
    *nearest_ret = arena_copy_text(arena, nearest, strlen(nearest));
    return *nearest_ret ? NULL : error_out_of_memory();
}

static uint32_t count_names(const struct layout *layout)
{
    return layout ? layout->member_count + layout->enumerator_count : 0;
}

/* Of all members or enumerators that the definition has in any kernel. */
static struct error *nearest_member(const struct history *history, const struct offset_place *place,
                                    const char *name, struct arena *arena, const char **nearest_ret)
{
    const struct history_definition *entry =
        history_find(history, place->kind, place->definition_name);
    const struct layout *last = NULL;
    size_t count = 0;

    for (size_t i = 0; entry && i < history->kernel_count; i++)
        count += count_names(entry->layouts[i]);
    const char **names = arena_allocate(arena, count + 1, sizeof(*names));
    if (!names)
        return error_out_of_memory();
    count = 0;
    for (size_t i = 0; entry && i < history->kernel_count; i++) {
        const struct layout *layout = entry->layouts[i];
        for (uint32_t j = 0; layout && layout != last && j < layout->member_count; j++)
            names[count++] = layout->members[j].name;
        for (uint32_t j = 0; layout && layout != last && j < layout->enumerator_count; j++)
            names[count++] = layout->enumerators[j].name;
        last = layout;
    }
    *nearest_ret = nearest_word(name, names, count);
    return NULL;
}

/* The name that the search in PATH ended at. */
static const char *last_name(const char *path, const struct offset_place *place,
                             struct arena *arena)
{
    size_t start = place->path_end;

    while (start > place->path_start && path[start - 1] != '.')
        start--;
    return arena_copy_text(arena, path + start, place->path_end - start);
}

/* The answer that says most: something in the way is more than a missing field, and that is more
 * than a missing struct; of several the last. */
static const struct offset_place *most_telling(const struct offset_input *input,
                                               const struct offset_row *row)
{
    const struct offset_place *best = &row->answers[0].place;

    for (size_t i = 1; i < input->shown_count; i++) {
        if (row->answers[i].place.status >= best->status)
            best = &row->answers[i].place;
    }
    return best;
}

/* The path to the member of that name that an embedded struct has, in the newest kernel that has
 * one; NULL if none has. */
static struct error *embedded_member(const struct offset_input *input, const char *path,
                                     const struct offset_place *place, const char *name,
                                     struct arena *arena, const char **nearest_ret)
{
    const struct history *history = input->history;
    const struct history_definition *entry =
        history_find(history, place->kind, place->definition_name);

    for (size_t kernel = history->kernel_count; entry && kernel-- > 0 && !*nearest_ret;) {
        const struct scope scope = scope_of_definition(history, kernel, entry);
        if (entry->layouts[kernel])
            TRY(embedded_member_find(&scope, entry->layouts[kernel], name, arena, nearest_ret));
    }
    if (!*nearest_ret)
        return NULL;
    char *whole = arena_allocate(arena, strlen(path) + strlen(*nearest_ret) + 1, 1);
    if (!whole)
        return error_out_of_memory();
    sprintf(whole, "%.*s%s%s", (int)place->path_start, path, *nearest_ret, path + place->path_end);
    *nearest_ret = whole;
    return NULL;
}

/* Is no name wrong, but the way to it, of which the reason tells all? */
static bool is_said_by_reason(const struct offset_place *place)
{
    return place->status != OFFSET_NO_DEFINITION && place->status != OFFSET_NO_FIELD;
}

static struct error *suggest(struct dataset *dataset, const struct offset_input *input,
                             const struct offset_table *table, const struct offset_row *row,
                             const struct offset_place *place, struct arena *arena,
                             const char **nearest_ret)
{
    *nearest_ret = NULL;
    if (is_said_by_reason(place))
        return NULL;
    if (place->status == OFFSET_NO_DEFINITION)
        return nearest_name(dataset, table->definition_name, arena, nearest_ret);
    const char *name = last_name(row->path, place, arena);
    if (!name)
        return error_out_of_memory();
    TRY(embedded_member(input, row->path, place, name, arena, nearest_ret));
    if (*nearest_ret)
        return NULL;
    TRY(nearest_member(input->history, place, name, arena, nearest_ret));
    if (*nearest_ret && strcmp(*nearest_ret, name) == 0)
        *nearest_ret = NULL; /* it is there; what is wrong comes after it */
    return NULL;
}

/* The modules of some kernels may have what no vmlinux has. */
static const char *where_it_was_looked_for(const struct history *history,
                                           const struct offset_place *place)
{
    if (is_said_by_reason(place))
        return "";
    for (size_t i = 0; i < history->kernel_count; i++) {
        if (place->status == OFFSET_NO_DEFINITION && history_lacks_modules(history, i))
            return " in any kernel, as far as it was read";
    }
    return " in any kernel";
}

struct error *offset_request_explain(struct dataset *dataset, const char *image,
                                     const struct offset_input *input,
                                     const struct offset_table *table, const struct offset_row *row,
                                     struct arena *arena)
{
    CLEANUP(buffer_deinit) struct buffer word;
    const struct offset_place *place = most_telling(input, row);
    const char *nearest = NULL;

    buffer_init(&word, WORD_MAXIMUM);
    buffer_append_format(&word, "%s%s%s", table->definition_name, row->path[0] ? "." : "",
                         row->path);
    TRY(buffer_check(&word, "a word"));
    if (row->shown_found_count > 0)
        return NULL;
    if (row->found_count > 0)
        return error_create(
            ERROR_NOT_FOUND, buffer_text(&word), "%s; %zu other %s of the data set ha%s it",
            place->reason, COUNTED(row->found_count, "kernel"), row->found_count == 1 ? "s" : "ve");
    TRY(suggest(dataset, input, table, row, place, arena, &nearest));
    if (place->status == OFFSET_NO_DEFINITION && nearest &&
        strcmp(nearest, table->definition_name) == 0)
        return error_create(ERROR_NOT_FOUND, buffer_text(&word), "%s%s%s; %s",
                            definition_kind_texts[place->kind].absence, image ? " in " : "",
                            image ? image : "",
                            image ? "without --image, there is one"
                                  : "of another kind, there is one: leave the word before it out");
    return error_create(
        ERROR_NOT_FOUND, buffer_text(&word), "%s%s%s%s%s",
        place->status == OFFSET_NO_DEFINITION ? definition_kind_texts[place->kind].absence
                                              : place->reason,
        where_it_was_looked_for(input->history, place), nearest ? "; did you mean `" : "",
        nearest ? nearest : "", nearest ? "`?" : "");
}
