/* The cache against what it is told: it gives back what was stored, or nothing. */
#include "../cmocka_all.h"

#include <stdio.h>

#include "base/cache.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#define assert_text(text, string) assert_true(text_equal((text), text_from(string)))

static struct cache new_cache(size_t limit)
{
    struct cache cache;
    struct error error;
    assert_true(cache_create(&cache, limit, &error));
    return cache;
}

static void assert_kept(const struct cache *cache, const char *key, const char *value)
{
    struct text kept = cache_find(cache, text_from(key));
    assert_non_null(kept.bytes);
    assert_text(kept, value);
    assert_int_equal((uintptr_t)kept.bytes % 16, 0);
}

static void test_cache_gives_back_what_was_stored(void **state)
{
    (void)state;
    struct cache cache = new_cache(1 << 20);
    char key[16], value[32];
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 500; i++) {
            snprintf(key, sizeof key, "%d", i);
            snprintf(value, sizeof value, "value %d of %d", round, i);
            cache_store(&cache, text_from(key), text_from(value));
            assert_kept(&cache, key, value);
        }
    assert_int_equal(cache.entry_count, 500);
    assert_kept(&cache, "0", "value 1 of 0");
    assert_null(cache_find(&cache, TEXT("500")).bytes);
    assert_null(cache_find(&cache, TEXT("")).bytes);
    cache_store(&cache, TEXT(""), TEXT("of no key"));
    assert_kept(&cache, "", "of no key");
    cache_destroy(&cache);
}

static void test_cache_tells_keys_apart_by_every_byte(void **state)
{
    (void)state;
    struct cache cache = new_cache(1 << 20);
    cache_store(&cache, (struct text){"a\0b", 3}, TEXT("1"));
    cache_store(&cache, (struct text){"a\0c", 3}, TEXT("2"));
    cache_store(&cache, (struct text){"a", 1}, TEXT("3"));
    assert_text(cache_find(&cache, (struct text){"a\0b", 3}), "1");
    assert_text(cache_find(&cache, (struct text){"a\0c", 3}), "2");
    assert_kept(&cache, "a", "3");
    cache_destroy(&cache);
}

static uint64_t hash_of(const char *key)
{
    return XXH3_64bits(key, strlen(key));
}

/* Whoever chooses keys that all belong in one place has few of them kept, and makes nobody wait. */
static void test_cache_bears_keys_of_one_place(void **state)
{
    (void)state;
    enum { KEYS = 300, PLACES = 1024 };
    struct cache cache = new_cache(1 << 20);
    char keys[KEYS][16];
    unsigned kept = 0;
    for (unsigned i = 0, found = 0; found < KEYS; i++) {
        snprintf(keys[found], sizeof keys[found], "%u", i);
        found += hash_of(keys[found]) % PLACES == 7;
    }
    for (int i = 0; i < KEYS; i++) {
        cache_store(&cache, text_from(keys[i]), text_from(keys[i]));
        assert_kept(&cache, keys[i], keys[i]);
    }
    assert_true(cache.place_count <= PLACES);
    for (int i = 0; i < KEYS; i++)
        if (cache_find(&cache, text_from(keys[i])).bytes != NULL) {
            assert_kept(&cache, keys[i], keys[i]);
            kept++;
        }
    assert_int_equal(kept, 32);
    assert_int_equal(cache.entry_count, kept);
    cache_destroy(&cache);
}

static void test_cache_keeps_nearly_all(void **state)
{
    (void)state;
    enum { KEYS = 100000 };
    struct cache cache = new_cache(1 << 26);
    char key[16];
    unsigned kept = 0;
    for (int i = 0; i < KEYS; i++) {
        snprintf(key, sizeof key, "%d", i);
        cache_store(&cache, text_from(key), text_from(key));
    }
    for (int i = 0; i < KEYS; i++) {
        snprintf(key, sizeof key, "%d", i);
        if (cache_find(&cache, text_from(key)).bytes != NULL) {
            assert_kept(&cache, key, key);
            kept++;
        }
    }
    assert_in_range(kept, KEYS - KEYS / 1000, KEYS);
    assert_int_equal(cache.entry_count, kept);
    cache_destroy(&cache);
}

static void test_cache_stays_below_its_limit(void **state)
{
    (void)state;
    struct cache cache = new_cache(4096);
    char key[16];
    bool forgot = false;
    for (int i = 0; i < 1000; i++) {
        size_t before = cache.entry_count;
        snprintf(key, sizeof key, "%d", i);
        cache_store(&cache, text_from(key), TEXT("something"));
        assert_kept(&cache, key, "something");
        assert_true(cache.used <= 4096);
        forgot |= cache.entry_count < before;
    }
    assert_true(forgot);
    cache_destroy(&cache);
}

static void test_cache_forgets_what_was_replaced(void **state)
{
    (void)state;
    struct cache cache = new_cache(4096);
    char value[32];
    for (int i = 0; i < 1000; i++) {
        snprintf(value, sizeof value, "value %d", i);
        cache_store(&cache, TEXT("key"), text_from(value));
        assert_kept(&cache, "key", value);
        assert_int_equal(cache.entry_count, 1);
        assert_true(cache.used <= 4096);
    }
    cache_forget(&cache);
    assert_int_equal(cache.used, 0);
    assert_int_equal(cache.entry_count, 0);
    assert_null(cache_find(&cache, TEXT("key")).bytes);
    cache_destroy(&cache);
}

static void test_cache_keeps_nothing_larger_than_itself(void **state)
{
    (void)state;
    static char large[5000];
    struct cache cache = new_cache(4096);
    cache_store(&cache, TEXT("small"), TEXT("stays"));
    cache_store(&cache, TEXT("large"), (struct text){large, sizeof large});
    assert_null(cache_find(&cache, TEXT("large")).bytes);
    assert_kept(&cache, "small", "stays");
    cache_destroy(&cache);
}

static void test_cache_without_room_keeps_nothing(void **state)
{
    (void)state;
    struct cache cache = new_cache(0);
    assert_false(cache_is_kept(&cache));
    cache_store(&cache, TEXT("key"), TEXT("value"));
    assert_null(cache_find(&cache, TEXT("key")).bytes);
    cache_forget(&cache);
    cache_destroy(&cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cache_gives_back_what_was_stored),
        cmocka_unit_test(test_cache_tells_keys_apart_by_every_byte),
        cmocka_unit_test(test_cache_bears_keys_of_one_place),
        cmocka_unit_test(test_cache_keeps_nearly_all),
        cmocka_unit_test(test_cache_stays_below_its_limit),
        cmocka_unit_test(test_cache_forgets_what_was_replaced),
        cmocka_unit_test(test_cache_keeps_nothing_larger_than_itself),
        cmocka_unit_test(test_cache_without_room_keeps_nothing),
    };
    return cmocka_run_group_tests_name("base/cache", tests, NULL, NULL);
}
