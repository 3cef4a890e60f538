/*
 * What people type: amounts, file modes, moments, days and NAME=VALUE. What is taken means what it says, also
 * when it is written again; what is not taken is no number that slipped through. The first byte of an input
 * says which.
 */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "config/value.h"
#include "ctl/pairs.h"
#include "ctl/when.h"
#include "fuzz.h"
#include "input.h"
#include "reading.h"
#include "wire/value.h"

enum { KINDS = 3 };

static const int64_t now = 1790000000;

static bool is_digits(const char *text)
{
    return *text != '\0' && strspn(text, "0123456789") == strlen(text);
}

/* Nothing but digits is a number; units only make it larger. */
static void check_amount(const char *text)
{
    uint64_t number = 0, bytes = 0, mode = 0;
    bool is_number = value_parse_number(text, &number), is_amount = value_parse_bytes(text, &bytes);
    char again[32];
    REQUIRE(!is_number || (is_digits(text) && is_amount && bytes == number));
    if (is_amount && bytes > 0) {
        snprintf(again, sizeof again, "%llu", (unsigned long long)bytes);
        REQUIRE(value_parse_number(again, &number) && number == bytes);
    }
    if (value_parse_mode(text, &mode)) {
        snprintf(again, sizeof again, "%04o", (unsigned)mode);
        REQUIRE(mode <= 07777 && strcmp(again + (strlen(text) == 3 && mode < 01000), text) == 0);
    }
}

static void check_moment(const char *text)
{
    int64_t seconds;
    char words[32], again[32];
    if (when_parse(text, now, &seconds)) {
        REQUIRE(text_is_utf8(text_from(when_words((double)seconds, words))));
        REQUIRE(words[0] != '\0' && strlen(words) < sizeof words);
        snprintf(again, sizeof again, "%lld", (long long)seconds);
        int64_t same;
        REQUIRE(when_parse(again, now, &same) && same == seconds);
    }
    if (when_is_date(text))
        REQUIRE(when_parse(text, now, &seconds));
}

/* One pair as a map of one: MessagePack that the daemon takes. */
static void check_pair(const char *text)
{
    struct pairs pairs = {NULL, 0}, consents = {NULL, 0};
    senda_request *request = senda_request_new();
    size_t length, wanted = 0;
    REQUIRE(request != NULL);
    if (pairs_add_value(&pairs, text) == NULL) {
        pairs_put_map(request, "traits", &pairs);
        wanted++;
    }
    if (pairs_add_consent(&consents, text) == NULL) {
        pairs_put_consents(request, "consents", &consents);
        wanted++;
    }
    const void *bytes = senda_request_bytes(request, &length);
    REQUIRE(bytes != NULL);
    const msgpack_object *map = reading_decode((struct text){bytes, length});
    REQUIRE(map != NULL && map->type == MSGPACK_OBJECT_MAP && map->via.map.size == wanted);
    for (size_t i = 0; i < wanted; i++)
        REQUIRE(map->via.map.ptr[i].val.type == MSGPACK_OBJECT_MAP &&
                map->via.map.ptr[i].val.via.map.size == 1);
    senda_request_free(request);
    pairs_destroy(&pairs);
    pairs_destroy(&consents);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static void (*const checks[KINDS])(const char *) = {check_amount, check_moment, check_pair};
    if (length == 0)
        return 0;
    char *text = input_string((struct text){(const char *)bytes + 1, length - 1});
    setenv("TZ", "UTC", 1);
    checks[bytes[0] % KINDS](text);
    free(text);
    return 0;
}
