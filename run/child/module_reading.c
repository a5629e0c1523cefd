/* SPDX-License-Identifier: MIT */
#include "run/child/module_reading.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/analyze.h"
#include "base/compiler.h"
#include "extract/module_members.h"
#include "model/module_merge.h"

/* Modules that were taken out and are not yet part of the kernel: so many, and so many bytes of
 * their files. A larger one is read alone. */
enum { MODULES_AT_ONCE = 64 };
#define BYTES_AT_ONCE (UINT64_C(128) << 20)

/* A module on its way, in this order. */
enum slot_state { SLOT_EMPTY, SLOT_TAKEN_OUT, SLOT_BEING_READ, SLOT_READ };

struct slot {
    enum slot_state state;
    struct module_member member;
    uint64_t file_bytes;           /* that count for BYTES_AT_ONCE */
    struct error *failure;         /* why it could not be read */
    struct kernel_layouts layouts; /* what was read, if nothing failed */
};

/* Modules are numbered in the package's order; module N is in slot N % MODULES_AT_ONCE. */
struct reading {
    const struct known_definitions *known;
    struct module_merge merge; /* of whoever set IS_MERGING */
    pthread_mutex_t mutex;     /* guards all below */
    pthread_cond_t changed;
    struct slot slots[MODULES_AT_ONCE];
    size_t taken_out; /* modules so far; the number of the next */
    size_t begun;     /* the number of the next that is to be read */
    size_t merged;    /* the number of the next that is to be merged */
    uint64_t bytes;
    bool is_merging;
    bool is_ended;         /* no further module comes */
    struct error *failure; /* that ends it all */
};

static struct slot *slot_of(struct reading *reading, size_t number)
{
    return &reading->slots[number % MODULES_AT_ONCE];
}

/* Is it the module's own fault? Then it costs that module, not the kernel. */
static bool costs_module(const struct error *error)
{
    enum failure_blame blame = error_failure(error->code)->blame;

    return blame == BLAME_FILE || blame == BLAME_BYTES;
}

static struct error *read_module(const struct reading *reading, struct slot *slot, size_t number)
{
    TRY(module_member_expand(&slot->member));
    const struct module_file file = {
        .bytes = slot->member.bytes,
        .byte_size = slot->member.byte_size,
        .path = slot->member.name,
        .number = number + 1,
    };
    return analyze_module(&file, reading->known, &slot->layouts);
}

static struct error *merge_module(struct reading *reading, struct slot *slot)
{
    struct kernel_layouts *kernel = reading->merge.kernel;
    struct error *failure = slot->failure;

    slot->failure = NULL;
    if (!failure && strcmp(slot->layouts.identity.architecture, kernel->identity.architecture) != 0)
        failure = error_create(ERROR_UNSUPPORTED, NULL, "it is for another machine");
    if (failure && !costs_module(failure))
        return failure;
    struct error *error =
        failure ? kernel_layouts_pass_over(kernel, "module", slot->member.name, failure->why)
                : module_merge_add(&reading->merge, slot->member.name, &slot->layouts);
    error_destroy(failure);
    return error;
}

static void empty_slot(struct slot *slot)
{
    error_destroy(slot->failure);
    if (slot->state == SLOT_READ)
        kernel_layouts_deinit(&slot->layouts);
    module_member_deinit(&slot->member);
    *slot = (struct slot){0};
}

static void keep_failure(struct reading *reading, struct error *failure)
{
    if (!reading->failure)
        reading->failure = failure;
    else
        error_destroy(failure);
}

/* Merges what is next in order and has been read; one thread at a time does. The mutex is held, but
 * not while a module is merged. */
static void merge_read_ones(struct reading *reading)
{
    if (reading->is_merging)
        return;
    reading->is_merging = true;
    while (!reading->failure && slot_of(reading, reading->merged)->state == SLOT_READ) {
        struct slot *slot = slot_of(reading, reading->merged);
        pthread_mutex_unlock(&reading->mutex);
        struct error *error = merge_module(reading, slot);
        pthread_mutex_lock(&reading->mutex);
        if (error)
            keep_failure(reading, error);
        reading->bytes -= slot->file_bytes;
        empty_slot(slot);
        reading->merged++;
        pthread_cond_broadcast(&reading->changed);
    }
    reading->is_merging = false;
}

/* Reads the next module; the mutex is held, but not meanwhile. */
static void read_next(struct reading *reading)
{
    size_t number = reading->begun++;
    struct slot *slot = slot_of(reading, number);

    slot->state = SLOT_BEING_READ;
    pthread_mutex_unlock(&reading->mutex);
    slot->failure = read_module(reading, slot, number);
    if (slot->failure)
        kernel_layouts_init(&slot->layouts);
    free(slot->member.bytes);
    slot->member.bytes = NULL;
    pthread_mutex_lock(&reading->mutex);
    slot->state = SLOT_READ;
    merge_read_ones(reading);
}

static void *run_reader(void *argument)
{
    struct reading *reading = argument;

    pthread_mutex_lock(&reading->mutex);
    while (!reading->failure) {
        if (reading->begun < reading->taken_out)
            read_next(reading);
        else if (reading->is_ended)
            break;
        else
            pthread_cond_wait(&reading->changed, &reading->mutex);
    }
    pthread_mutex_unlock(&reading->mutex);
    return NULL;
}

static bool has_room(struct reading *reading, uint64_t byte_size)
{
    return slot_of(reading, reading->taken_out)->state == SLOT_EMPTY &&
           (reading->bytes == 0 || reading->bytes + byte_size <= BYTES_AT_ONCE);
}

/* A module that was taken out waits for a reader. */
static struct error *take(void *context, struct module_member member)
{
    struct reading *reading = context;

    pthread_mutex_lock(&reading->mutex);
    while (!reading->failure && !has_room(reading, member.byte_size))
        pthread_cond_wait(&reading->changed, &reading->mutex);
    struct error *failure = reading->failure ? error_copy(reading->failure) : NULL;
    if (failure) {
        module_member_deinit(&member);
    } else {
        *slot_of(reading, reading->taken_out++) = (struct slot){
            .state = SLOT_TAKEN_OUT, .member = member, .file_bytes = member.byte_size};
        reading->bytes += member.byte_size;
        pthread_cond_broadcast(&reading->changed);
    }
    pthread_mutex_unlock(&reading->mutex);
    return failure;
}

/* The same without threads: it is read at once. */
static struct error *take_and_read(void *context, struct module_member member)
{
    struct reading *reading = context;

    TRY(take(context, member));
    pthread_mutex_lock(&reading->mutex);
    read_next(reading);
    pthread_mutex_unlock(&reading->mutex);
    return reading->failure ? error_copy(reading->failure) : NULL;
}

static void end_readers(struct reading *reading, pthread_t *threads, unsigned count,
                        struct error *error)
{
    pthread_mutex_lock(&reading->mutex);
    if (error)
        keep_failure(reading, error);
    reading->is_ended = true;
    pthread_cond_broadcast(&reading->changed);
    pthread_mutex_unlock(&reading->mutex);
    for (unsigned i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

static struct error *read_all(struct reading *reading, const struct kernel_input *input)
{
    const struct extract_options options = {.jobs = input->jobs};
    struct module_taker taker = {.take = take, .context = reading};
    unsigned wanted = input->jobs > 1 ? input->jobs : 0;
    pthread_t *threads = calloc(wanted + 1, sizeof(*threads));
    unsigned count = 0;

    if (!threads)
        return error_out_of_memory();
    while (count < wanted && pthread_create(&threads[count], NULL, run_reader, reading) == 0)
        count++;
    if (count == 0)
        taker.take = take_and_read;
    struct error *error = extract_modules(input->file_descriptor, input->path, &options, &taker);
    end_readers(reading, threads, count, error);
    free(threads);
    error = reading->failure;
    reading->failure = NULL;
    return error;
}

static struct error *run(struct reading *reading, const struct kernel_input *input)
{
    struct error *error = read_all(reading, input);

    for (size_t i = 0; i < MODULES_AT_ONCE; i++)
        empty_slot(&reading->slots[i]);
    return error ? error : module_merge_finish(&reading->merge);
}

struct error *module_reading_run(const struct kernel_input *input,
                                 const struct known_definitions *known,
                                 struct kernel_layouts *kernel)
{
    struct reading *reading = calloc(1, sizeof(*reading));

    if (!reading)
        return error_out_of_memory();
    reading->known = known;
    module_merge_begin(&reading->merge, kernel);
    pthread_mutex_init(&reading->mutex, NULL);
    pthread_cond_init(&reading->changed, NULL);
    struct error *error = run(reading, input);
    pthread_cond_destroy(&reading->changed);
    pthread_mutex_destroy(&reading->mutex);
    module_merge_deinit(&reading->merge);
    free(reading);
    if (!error)
        kernel->identity.modules = MODULES_READ;
    return error;
}
