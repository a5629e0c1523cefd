/* SPDX-License-Identifier: MIT */
#include <unistd.h>
#include <zlib.h>

#include "run/serving/http/http_body.h"
#include "run/serving/http/http_cache.h"
#include "run/serving/http/http_listening.h"
#include "tests/unit/unit.h"

enum { CACHE_BYTES = 100000, LARGE_BYTES = 20000 };

static struct http_body *make_body(size_t length, char character, bool compress)
{
    struct http_answer answer;
    struct http_body *body;

    http_answer_init(&answer);
    for (size_t i = 0; i < length; i++)
        buffer_append_char(&answer.contents, character);
    assert_success(http_body_make(&answer, compress, &body));
    http_answer_deinit(&answer);
    return body;
}

static void a_body_is_known_by_its_tag(void **state UNUSED)
{
    struct http_body *body = make_body(10, 'a', true);
    struct http_body *same = make_body(10, 'a', false);
    struct http_body *other = make_body(11, 'a', false);
    char tags[200];

    assert_false(body->is_compressed);
    assert_string_equal(body->tag, same->tag);
    assert_string_not_equal(body->tag, other->tag);
    assert_true(http_body_is_tagged(body, body->tag));
    assert_true(http_body_is_tagged(body, "*"));
    assert_false(http_body_is_tagged(body, other->tag));
    assert_false(http_body_is_tagged(body, ""));
    assert_false(http_body_is_tagged(body, "\""));
    snprintf(tags, sizeof(tags), "%s , W/%s", other->tag, body->tag);
    assert_true(http_body_is_tagged(body, tags));
    /* A beginning is no tag. */
    snprintf(tags, sizeof(tags), "%.10s", body->tag);
    assert_false(http_body_is_tagged(body, tags));
    http_body_release(body);
    http_body_release(same);
    http_body_release(other);
}

static void what_is_long_is_compressed_on_demand(void **state UNUSED)
{
    struct http_body *plain = make_body(LARGE_BYTES, 'b', false);
    struct http_body *packed = make_body(LARGE_BYTES, 'b', true);
    char unpacked[LARGE_BYTES];
    z_stream stream = {.next_in = (Bytef *)packed->bytes,
                       .avail_in = (uInt)packed->length,
                       .next_out = (Bytef *)unpacked,
                       .avail_out = sizeof(unpacked)};

    assert_true(packed->is_compressed);
    assert_true(packed->length < plain->length / 10);
    assert_string_not_equal(packed->tag, plain->tag);
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    inflateEnd(&stream);
    assert_memory_equal(unpacked, plain->bytes, LARGE_BYTES);
    http_body_release(plain);
    http_body_release(packed);
}

static void put(struct http_cache *cache, unsigned generation, const char *key, size_t length)
{
    struct http_body *body = make_body(length, 'c', false);

    http_cache_put(cache, generation, key, body);
    http_body_release(body);
}

static bool has(struct http_cache *cache, const char *key)
{
    struct http_body *body = http_cache_find(cache, key);

    http_body_release(body);
    return body != NULL;
}

static void the_oldest_answers_go_first(void **state UNUSED)
{
    struct http_cache *cache;

    assert_success(http_cache_create(CACHE_BYTES, &cache));
    unsigned generation = http_cache_generation(cache);
    put(cache, generation, "first", LARGE_BYTES);
    put(cache, generation, "second", LARGE_BYTES);
    put(cache, generation, "third", LARGE_BYTES);
    put(cache, generation, "fourth", LARGE_BYTES);
    assert_true(has(cache, "first"));
    put(cache, generation, "fifth", LARGE_BYTES);
    assert_false(has(cache, "second"));
    assert_true(has(cache, "first"));
    assert_true(has(cache, "fifth"));
    /* One that would drive out most others is not kept. */
    put(cache, generation, "huge", CACHE_BYTES / 2);
    assert_false(has(cache, "huge"));
    http_cache_destroy(cache);
}

static void what_has_changed_is_forgotten(void **state UNUSED)
{
    struct http_cache *cache;

    assert_success(http_cache_create(CACHE_BYTES, &cache));
    unsigned generation = http_cache_generation(cache);
    put(cache, generation, "page", 10);
    struct http_body *held = http_cache_find(cache, "page");
    http_cache_forget(cache);
    assert_false(has(cache, "page"));
    /* Whoever has one may send it nevertheless. */
    assert_int_equal(held->bytes[0], 'c');
    http_body_release(held);
    /* One that was made before is not put in after. */
    put(cache, generation, "page", 10);
    assert_false(has(cache, "page"));
    put(cache, http_cache_generation(cache), "page", 10);
    assert_true(has(cache, "page"));
    http_cache_destroy(cache);
}

static void addresses_to_listen_at(void **state UNUSED)
{
    static const char *const wrong[] = {
        "",       ":80",     "localhost",    "localhost:",      "127.0.0.1:http",     "[]:80",
        "[::1:8", "::1]:80", "1.2.3.4.5:80", "127.0.0.1:65536", "127.0.0.1:000000080"};
    char *address = NULL;
    int opened = -1;

    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++)
        assert_failure(http_listen(wrong[i], &opened, &address), ERROR_USAGE, "address");
    assert_success(http_listen("127.0.0.1:0", &opened, &address));
    assert_memory_equal(address, "127.0.0.1:", 10);
    assert_string_not_equal(address, "127.0.0.1:0");
    int other = -1;
    char *none = NULL;
    assert_failure(http_listen(address, &other, &none), ERROR_SYSTEM, "cannot listen");
    close(opened);
    free(address);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_is_known_by_its_tag),
        cmocka_unit_test(what_is_long_is_compressed_on_demand),
        cmocka_unit_test(the_oldest_answers_go_first),
        cmocka_unit_test(what_has_changed_is_forgotten),
        cmocka_unit_test(addresses_to_listen_at),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
