/* SPDX-License-Identifier: MIT */
#include "base/hash/keyed_hash.h"

#include <string.h>
#include <sys/auxv.h>

/* The kernel gives each program 16 random bytes when it starts it: no call can fail, and there is
 * nothing to keep. */
struct hash_key hash_key_of_process(void)
{
    unsigned long address = getauxval(AT_RANDOM);
    const void *random;
    struct hash_key key = {{0}};

    memcpy(&random, &address, sizeof(random));
    if (random)
        memcpy(key.words, random, sizeof(key.words));
    /* Others use these bytes as they are. */
    for (size_t i = 0; i < 2; i++)
        key.words[i] = keyed_hash(key, &i, sizeof(i));
    return key;
}

static inline uint64_t rotate(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

static inline void mix(uint64_t state[4])
{
    state[0] += state[1];
    state[2] += state[3];
    state[1] = rotate(state[1], 13) ^ state[0];
    state[3] = rotate(state[3], 16) ^ state[2];
    state[0] = rotate(state[0], 32);
    state[2] += state[1];
    state[0] += state[3];
    state[1] = rotate(state[1], 17) ^ state[2];
    state[3] = rotate(state[3], 21) ^ state[0];
    state[2] = rotate(state[2], 32);
}

void keyed_hash_begin(struct keyed_hash *hash, struct hash_key key)
{
    hash->state[0] = key.words[0] ^ UINT64_C(0x736f6d6570736575);
    hash->state[1] = key.words[1] ^ UINT64_C(0x646f72616e646f6d);
    hash->state[2] = key.words[0] ^ UINT64_C(0x6c7967656e657261);
    hash->state[3] = key.words[1] ^ UINT64_C(0x7465646279746573);
}

void keyed_hash_add(struct keyed_hash *hash, uint64_t word)
{
    hash->state[3] ^= word;
    mix(hash->state);
    hash->state[0] ^= word;
}

uint64_t keyed_hash_end(struct keyed_hash *hash)
{
    hash->state[2] ^= 0xff;
    for (int i = 0; i < 3; i++)
        mix(hash->state);
    return hash->state[0] ^ hash->state[1] ^ hash->state[2] ^ hash->state[3];
}

static uint64_t load_little_endian(const unsigned char *bytes, size_t length)
{
    uint64_t word = 0;

    for (size_t i = 0; i < length; i++)
        word |= (uint64_t)bytes[i] << (8 * i);
    return word;
}

uint64_t keyed_hash(struct hash_key key, const void *bytes, size_t length)
{
    const unsigned char *position = bytes;
    struct keyed_hash hash;
    size_t left = length;

    keyed_hash_begin(&hash, key);
    for (; left >= 8; left -= 8, position += 8)
        keyed_hash_add(&hash, load_little_endian(position, 8));
    keyed_hash_add(&hash, load_little_endian(position, left) | (uint64_t)length << 56);
    return keyed_hash_end(&hash);
}
