/* flow/logged_list: decisions collected in the order of the log, told in that of time, and not without end.
 */
#include "../model/records.h"
#include "../wire/spelled.h"

#include "flow/logged_list.h"
#include "wire/value.h"

struct listing {
    struct logged_list list;
    msgpack_zone zone;
    struct buffer out;
    msgpack_unpacked told; /* the list, decoded; points into `out` */
};

static int setup(void **state)
{
    struct listing *listing = calloc(1, sizeof *listing);
    if (listing == NULL || !msgpack_zone_init(&listing->zone, 1024))
        return -1;
    logged_list_create(&listing->list);
    msgpack_unpacked_init(&listing->told);
    *state = listing;
    return 0;
}

static int teardown(void **state)
{
    struct listing *listing = *state;
    msgpack_unpacked_destroy(&listing->told);
    msgpack_zone_destroy(&listing->zone);
    buffer_destroy(&listing->out);
    logged_list_destroy(&listing->list);
    free(listing);
    return 0;
}

static void add(struct listing *listing, int64_t clock_us, struct text request)
{
    struct record record = records_one();
    struct error error;
    record.clock_us = clock_us;
    record.request = request;
    assert_true(logged_list_add(&listing->list, &record, &listing->zone, &error));
}

static const msgpack_object_array *put(struct listing *listing)
{
    logged_list_put(&listing->list, &listing->out);
    assert_int_equal(msgpack_unpack_next(&listing->told, listing->out.bytes, listing->out.length, NULL),
                     MSGPACK_UNPACK_SUCCESS);
    assert_int_equal(listing->told.data.type, MSGPACK_OBJECT_ARRAY);
    return &listing->told.data.via.array;
}

static double at(const msgpack_object_array *list, uint32_t index)
{
    double seconds;
    assert_true(value_number(value_map_get(&list->ptr[index], TEXT("at")), &seconds));
    return seconds;
}

static void test_logged_list_of_nobody(void **state)
{
    struct listing *listing = *state;
    assert_int_equal(put(listing)->size, 0);
}

/* Several workers decide, and the ledger takes what each has in turn. */
static void test_logged_list_is_in_order_of_time(void **state)
{
    struct listing *listing = *state;
    const int64_t clocks[] = {3000000, 1000000, 4000000, 1000000, 5000000, 2500000};
    const double seconds[] = {1, 1, 2.5, 3, 4, 5};
    for (size_t i = 0; i < 6; i++)
        add(listing, clocks[i], (struct text){RECORDS_REQUEST, sizeof RECORDS_REQUEST - 1});
    const msgpack_object_array *list = put(listing);
    assert_int_equal(list->size, 6);
    for (uint32_t i = 0; i < 6; i++)
        assert_true(at(list, i) == seconds[i]);
}

/* {"context": {"note": a text of so many bytes}}, to be freed. */
static struct text long_request(uint32_t length)
{
    static const char head[] = "\x81\xA7"
                               "context\x81\xA4note\xDB";
    char *bytes = malloc(sizeof head - 1 + 4 + length);
    assert_non_null(bytes);
    memcpy(bytes, head, sizeof head - 1);
    for (int i = 0; i < 4; i++)
        bytes[sizeof head - 1 + i] = (char)(length >> (24 - 8 * i));
    memset(bytes + sizeof head - 1 + 4, 'x', length);
    return (struct text){bytes, sizeof head - 1 + 4 + length};
}

static void test_logged_list_has_an_end(void **state)
{
    enum { LONG = 200000, FITTING = LOGGED_LIST_BYTES / (LONG + 1000), TRIED = FITTING + 10 };
    struct listing *listing = *state;
    struct text request = long_request(LONG);
    for (int i = 0; i < TRIED; i++)
        add(listing, 1000000 * (i + 1), request);
    add(listing, 1, TEXT("")); /* would fit, but then something before it would be missing */
    free((char *)(uintptr_t)request.bytes);
    const msgpack_object_array *list = put(listing);
    assert_true(list->size >= FITTING);
    assert_int_equal(list->size + listing->list.left_out, TRIED + 1);
    assert_true(listing->list.left_out > 0);
    assert_true(listing->out.length <= LOGGED_LIST_BYTES + 5);
    for (uint32_t i = 0; i < list->size; i++)
        assert_true(at(list, i) == i + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_logged_list_##name, setup, teardown)
        TEST(of_nobody),
        TEST(is_in_order_of_time),
        TEST(has_an_end),
#undef TEST
    };
    return cmocka_run_group_tests_name("flow/logged_list", tests, NULL, NULL);
}
