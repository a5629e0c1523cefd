/* SPDX-License-Identifier: MIT */
#include "extract/xz/xz_block_reader.h"

#include <pthread.h>
#include <stdlib.h>

enum { MAXIMUM_JOBS = 64 };

enum slot_state { SLOT_EMPTY, SLOT_BEING_DECODED, SLOT_DECODED };

struct slot {
    enum slot_state state;
    size_t number; /* of the block */
    uint8_t *bytes;
    struct error *error; /* why it could not be decoded */
};

/* Block N is decoded into slot N % slot_count. */
struct xz_block_reader {
    const struct xz_blocks *blocks;
    uint64_t byte_offset;  /* of the next byte to be handed out */
    pthread_mutex_t mutex; /* guards all below */
    pthread_cond_t changed;
    size_t current; /* the block that has that byte; blocks->count at the end */
    size_t next;    /* the block to be decoded next, at least CURRENT */
    size_t slot_count;
    struct slot *slots;
    bool is_ended;
    unsigned thread_count;
    pthread_t threads[MAXIMUM_JOBS];
};

static void empty_slot(struct slot *slot)
{
    free(slot->bytes);
    error_destroy(slot->error);
    *slot = (struct slot){0};
}

static struct error *decode(const struct xz_blocks *blocks, size_t number, uint8_t **bytes_ret)
{
    uint8_t *bytes = malloc(blocks->blocks[number].byte_size);

    if (!bytes)
        return error_out_of_memory();
    struct error *error = xz_blocks_decode(blocks, number, bytes);
    if (error) {
        free(bytes);
        return error;
    }
    *bytes_ret = bytes;
    return NULL;
}

/* Is there a block to be decoded, and room for it? */
static bool has_work(const struct xz_block_reader *reader)
{
    return reader->next < reader->blocks->count &&
           reader->next < reader->current + reader->slot_count &&
           reader->slots[reader->next % reader->slot_count].state == SLOT_EMPTY;
}

/* Decodes the next block; the mutex is held, but not meanwhile. */
static void decode_next(struct xz_block_reader *reader)
{
    size_t number = reader->next++;
    struct slot *slot = &reader->slots[number % reader->slot_count];
    uint8_t *bytes = NULL;

    *slot = (struct slot){.state = SLOT_BEING_DECODED, .number = number};
    pthread_mutex_unlock(&reader->mutex);
    struct error *error = decode(reader->blocks, number, &bytes);
    pthread_mutex_lock(&reader->mutex);
    *slot = (struct slot){SLOT_DECODED, number, bytes, error};
    /* It was gone over meanwhile. */
    if (number < reader->current)
        empty_slot(slot);
    pthread_cond_broadcast(&reader->changed);
}

static void *run(void *argument)
{
    struct xz_block_reader *reader = argument;

    pthread_mutex_lock(&reader->mutex);
    while (!reader->is_ended) {
        if (has_work(reader))
            decode_next(reader);
        else
            pthread_cond_wait(&reader->changed, &reader->mutex);
    }
    pthread_mutex_unlock(&reader->mutex);
    return NULL;
}

struct error *xz_block_reader_create(const struct xz_blocks *blocks, unsigned jobs,
                                     struct xz_block_reader **ret)
{
    struct xz_block_reader *reader = calloc(1, sizeof(*reader));

    if (!reader)
        return error_out_of_memory();
    jobs = jobs < MAXIMUM_JOBS ? jobs : MAXIMUM_JOBS;
    reader->blocks = blocks;
    reader->slot_count = (size_t)jobs + 1;
    reader->slots = calloc(reader->slot_count, sizeof(*reader->slots));
    pthread_mutex_init(&reader->mutex, NULL);
    pthread_cond_init(&reader->changed, NULL);
    if (!reader->slots) {
        xz_block_reader_destroy(reader);
        return error_out_of_memory();
    }
    /* What threads that cannot be started would do, whoever reads does. */
    while (jobs > 1 && reader->thread_count < jobs &&
           pthread_create(&reader->threads[reader->thread_count], NULL, run, reader) == 0)
        reader->thread_count++;
    *ret = reader;
    return NULL;
}

void xz_block_reader_destroy(struct xz_block_reader *reader)
{
    if (!reader)
        return;
    pthread_mutex_lock(&reader->mutex);
    reader->is_ended = true;
    pthread_cond_broadcast(&reader->changed);
    pthread_mutex_unlock(&reader->mutex);
    for (unsigned i = 0; i < reader->thread_count; i++)
        pthread_join(reader->threads[i], NULL);
    for (size_t i = 0; reader->slots && i < reader->slot_count; i++)
        empty_slot(&reader->slots[i]);
    pthread_cond_destroy(&reader->changed);
    pthread_mutex_destroy(&reader->mutex);
    free(reader->slots);
    free(reader);
}

/* Turns to the block of the next byte; earlier ones are needed no longer. The mutex is held. */
static void turn(struct xz_block_reader *reader)
{
    const struct xz_blocks *blocks = reader->blocks;
    size_t current = reader->byte_offset < blocks->byte_size
                         ? xz_blocks_find(blocks, reader->byte_offset)
                         : blocks->count;

    if (current == reader->current)
        return;
    reader->current = current;
    if (reader->next < current)
        reader->next = current;
    for (size_t i = 0; i < reader->slot_count; i++) {
        struct slot *slot = &reader->slots[i];
        if (slot->state == SLOT_DECODED && slot->number < current)
            empty_slot(slot);
    }
    pthread_cond_broadcast(&reader->changed);
}

static struct slot *slot_of_current(struct xz_block_reader *reader)
{
    return &reader->slots[reader->current % reader->slot_count];
}

static bool has_current(struct xz_block_reader *reader)
{
    const struct slot *slot = slot_of_current(reader);

    return slot->state == SLOT_DECODED && slot->number == reader->current;
}

/* Waits for the current block, or decodes it. The mutex is held. */
static struct error *wait_for_current(struct xz_block_reader *reader)
{
    while (!has_current(reader)) {
        if (reader->thread_count == 0)
            decode_next(reader);
        else
            pthread_cond_wait(&reader->changed, &reader->mutex);
    }
    const struct error *error = slot_of_current(reader)->error;
    return error ? error_copy(error) : NULL;
}

struct error *xz_block_reader_read(struct xz_block_reader *reader, const void **bytes_ret,
                                   size_t *length_ret)
{
    struct error *error = NULL;

    *length_ret = 0;
    pthread_mutex_lock(&reader->mutex);
    turn(reader);
    if (reader->current < reader->blocks->count) {
        const struct xz_block *block = &reader->blocks->blocks[reader->current];
        uint64_t start = reader->byte_offset - block->byte_offset;
        error = wait_for_current(reader);
        if (!error) {
            *bytes_ret = slot_of_current(reader)->bytes + start;
            *length_ret = (size_t)(block->byte_size - start);
            reader->byte_offset += *length_ret;
        }
    }
    pthread_mutex_unlock(&reader->mutex);
    return error;
}

uint64_t xz_block_reader_skip(struct xz_block_reader *reader, uint64_t byte_size)
{
    uint64_t left = reader->blocks->byte_size - reader->byte_offset;
    uint64_t length = byte_size < left ? byte_size : left;

    reader->byte_offset += length;
    return length;
}
