/* wire/peek: the method's name in every form that a message may have, customers as they are usually written,
 * and no byte beyond the message. */
#include "../cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "wire/peek.h"

enum { NOTIFICATION = 0x93 /* an array of three, as all of them have here */ };

/* A copy that ends where the message ends, so that a sanitizer sees a look beyond. */
static bool peek(const char *bytes, size_t length, char *out, size_t size)
{
    uint8_t *copy = malloc(length > 0 ? length : 1);
    struct text name = {NULL, 0};
    memcpy(copy, bytes, length);
    bool found = peek_method(copy, length, length > 0 && copy[0] == NOTIFICATION ? 2 : 0, &name);
    if (found) {
        assert_true(name.length < size);
        memcpy(out, name.bytes, name.length);
        out[name.length] = '\0';
    }
    free(copy);
    return found;
}

#define FINDS(message, expected)                                                                             \
    do {                                                                                                     \
        char name_[64];                                                                                      \
        assert_true(peek(message, sizeof(message) - 1, name_, sizeof name_));                                \
        assert_string_equal(name_, expected);                                                                \
    } while (0)

static void test_peek_finds_the_method(void **state)
{
    (void)state;
    FINDS("\x94\x00\x01\xA4ping\x90", "ping");
    FINDS("\x93\x02\xA4ping\x90", "ping");
    FINDS("\x94\x00\x01\xA0\x90", "");
}

static void test_peek_reads_numbers_of_every_width(void **state)
{
    (void)state;
    FINDS("\x94\x00\xCC\xFF\xA4ping\x90", "ping");
    FINDS("\x94\x00\xCD\x01\x02\xA4ping\x90", "ping");
    FINDS("\x94\x00\xCE\x01\x02\x03\x04\xA4ping\x90", "ping");
    FINDS("\x94\x00\xCF\x00\x00\x00\x00\x01\x02\x03\x04\xA4ping\x90", "ping");
    FINDS("\x94\xCC\x00\xD0\x01\xA4ping\x90", "ping");
    FINDS("\x94\xD3\x00\x00\x00\x00\x00\x00\x00\x00\xD2\x00\x00\x00\x01\xA4ping\x90", "ping");
    FINDS("\x93\xCD\x00\x02\xA4ping\x90", "ping");
    FINDS("\x94\xCA\x00\x00\x00\x00\xCB\x3F\xF0\x00\x00\x00\x00\x00\x00\xA4ping\x90", "ping");
    FINDS("\x93\xCB\x40\x00\x00\x00\x00\x00\x00\x00\xA4ping\x90", "ping");
    FINDS("\x93\xCA\x40\x00\x00\x00\xA4ping\x90", "ping");
}

static void test_peek_reads_texts_of_every_form(void **state)
{
    (void)state;
    FINDS("\x94\x00\x01\xD9\x04ping\x90", "ping");
    FINDS("\x94\x00\x01\xDA\x00\x04ping\x90", "ping");
    FINDS("\x94\x00\x01\xDB\x00\x00\x00\x04ping\x90", "ping");
    FINDS("\x94\x00\x01\xC4\x04ping\x90", "ping");
    FINDS("\x94\x00\x01\xC5\x00\x04ping\x90", "ping");
    FINDS("\x94\x00\x01\xC6\x00\x00\x00\x04ping\x90", "ping");
    FINDS("\xDC\x00\x04\x00\x01\xA4ping\x90", "ping");
    FINDS("\xDD\x00\x00\x00\x04\x00\x01\xA4ping\x90", "ping");
}

static void test_peek_finds_no_method_that_is_no_text(void **state)
{
    char name[64];
    (void)state;
    assert_false(peek("\x94\x00\x01\x07\x90", 5, name, sizeof name));
    assert_false(peek("\x94\x00\x01\xC0\x90", 5, name, sizeof name));
    assert_false(peek("\x94\x00\x01\x80\x90", 5, name, sizeof name));
}

/* Whatever is cut off, nothing behind it is looked at. */
static void test_peek_stays_inside(void **state)
{
    static const char *const messages[] = {
        "\x94\x01\xCE\x01\x02\x03\x04\xDA\x01\x04ping", "\xDD\x01\x01\x01\x04\x01\x01\xA4ping",
        "\x94\xCB\x01\x01\x01\x01\x01\x01\x01\x01\x01\xA4ping",
        "\x94\x01\xCF\x01\x01\x01\x01\x01\x01\x01\x01\xC6\x01\x01\x01\x04ping"};
    char name[64];
    (void)state;
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        for (size_t length = 0; length < strlen(messages[i]); length++)
            assert_false(peek(messages[i], length, name, sizeof name) && length < 7);
}

#define RECOMMEND(customer)                                                                                  \
    "\x94\x00\x01\xA9recommend\x91\x82\xA9placement\xA4hero\xA8"                                             \
    "customer" customer
#define NOBODY "\x94\x00\x01\xA9recommend\x91\x81\xA9placement\xA4hero"

/* From a copy that ends where the bytes end. */
static size_t customers(const char *bytes, size_t length, size_t most, size_t *seen, const char *expected)
{
    uint8_t *copy = malloc(length > 0 ? length : 1);
    struct text ids[4];
    char all[256] = "";
    memcpy(copy, bytes, length);
    size_t count = peek_customers(copy, length, ids, most, seen);
    for (size_t i = 0; i < count; i++) {
        strncat(all, ids[i].bytes, ids[i].length);
        strcat(all, ";");
    }
    free(copy);
    if (expected != NULL)
        assert_string_equal(all, expected);
    return count;
}

#define CUSTOMERS(bytes, most, seen, expected) customers(bytes, sizeof(bytes) - 1, most, seen, expected)

static void test_peek_customers_in_their_order(void **state)
{
    size_t seen;
    (void)state;
    CUSTOMERS(RECOMMEND("\xA3"
                        "ana") RECOMMEND("\xD9\x02"
                                         "bo") RECOMMEND("\xA3"
                                                         "cai"),
              4, &seen, "ana;bo;cai;");
    assert_int_equal(seen, sizeof(RECOMMEND("\xA3"
                                            "ana") RECOMMEND("\xD9\x02"
                                                             "bo") RECOMMEND("\xA3"
                                                                             "cai")) -
                               1);
    CUSTOMERS(RECOMMEND("\xA3"
                        "ana") NOBODY RECOMMEND("\xA2"
                                                "bo"),
              4, &seen, "ana;bo;");
    CUSTOMERS(NOBODY NOBODY, 4, &seen, "");
    CUSTOMERS("", 4, &seen, "");
}

static void test_peek_customers_up_to_the_last_that_fits(void **state)
{
    size_t seen;
    (void)state;
    CUSTOMERS(RECOMMEND("\xA3"
                        "ana") RECOMMEND("\xA2"
                                         "bo") RECOMMEND("\xA3"
                                                         "cai"),
              2, &seen, "ana;bo;");
    assert_int_equal(seen, sizeof(RECOMMEND("\xA3"
                                            "ana") RECOMMEND("\xA2"
                                                             "bo")) -
                               1);
}

/* Of events, which are not read for, and where a customer's place has something else. */
static void test_peek_customers_of_recommend_alone(void **state)
{
    size_t seen;
    (void)state;
    CUSTOMERS("\x94\x00\x01\xA5track\x91\x81\xA8"
              "customer\xA3"
              "ana",
              4, &seen, "");
    CUSTOMERS(RECOMMEND("\x07") RECOMMEND("\xA3"
                                          "ana"),
              4, &seen, "");
    CUSTOMERS("\xA9recommen\xA9recommend\xA8"
              "custome\xA8"
              "customer\xA1"
              "x",
              4, &seen, "x;");
}

static void test_peek_customers_stays_inside(void **state)
{
    static const char bytes[] = RECOMMEND("\xA3"
                                          "ana") RECOMMEND("\xDA\x01\x04"
                                                           "bo");
    size_t seen;
    (void)state;
    for (size_t length = 0; length < sizeof bytes; length++) {
        assert_true(customers(bytes, length, 4, &seen, NULL) <= 1);
        assert_int_equal(seen, length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_peek_finds_the_method),
        cmocka_unit_test(test_peek_reads_numbers_of_every_width),
        cmocka_unit_test(test_peek_reads_texts_of_every_form),
        cmocka_unit_test(test_peek_finds_no_method_that_is_no_text),
        cmocka_unit_test(test_peek_stays_inside),
        cmocka_unit_test(test_peek_customers_in_their_order),
        cmocka_unit_test(test_peek_customers_up_to_the_last_that_fits),
        cmocka_unit_test(test_peek_customers_of_recommend_alone),
        cmocka_unit_test(test_peek_customers_stays_inside),
    };
    return cmocka_run_group_tests_name("wire/peek", tests, NULL, NULL);
}
