/* flow/profile_reply: a customer as profile.get tells it, and everything as profile.export hands it over. */
#include "../wire/spelled.h"

#include "flow/profile_reply.h"

static struct buffer out;

static int setup(void **state)
{
    (void)state;
    buffer_create(&out);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    buffer_destroy(&out);
    return 0;
}

#define assert_out(expected) assert_spelled(out.bytes, out.length, (expected))

/* A site whose default journey is `name`: all that is looked at. */
static const struct snapshot *site_with(struct text name)
{
    static struct journey journey;
    static struct snapshot site;
    journey = (struct journey){.name = name};
    site = (struct snapshot){.journeys = &journey, .journey_count = 1};
    return &site;
}

static struct customer nobody(void)
{
    return (struct customer){.id = TEXT("ana"), .revision = 1, .created_ms = 1500};
}

static void test_profile_reply_get_of_somebody_new(void **state)
{
    (void)state;
    struct customer customer = nobody();
    profile_reply_get(&customer, NULL, &out);
    assert_out("{'customer': 'ana', 'journey': null, 'stage': null, 'since': null, 'persona': null, "
               "'locale': null, 'restricted': false, 'traits': {}, 'consents': {}, 'journeys': {}, 'counts': "
               "{}, 'offers': {}}");
}

static struct customer_journey places[] = {
    {.journey = TEXT("talk"),
     .stage = TEXT("hello"),
     .since_ms = 2000,
     .active_ms = 9000,
     .entered_day = 19700101},
    {.journey = TEXT("walk"),
     .stage = TEXT("choosing"),
     .since_ms = 3500,
     .active_ms = 4000,
     .entered_day = 19700101,
     .dropped = true,
     .fixed = true},
};

static void assert_main_place(const struct snapshot *site, const char *expected)
{
    struct customer customer = nobody();
    customer.journeys = places;
    customer.journey_count = 2;
    buffer_clear(&out, SIZE_MAX);
    profile_reply_get(&customer, site, &out);
    assert_non_null(strstr(spelled(out.bytes, out.length), expected));
    assert_non_null(strstr(spelled(out.bytes, out.length),
                           "'journeys': {'talk': {'stage': 'hello', 'since': 2}, 'walk': {'stage': "
                           "'choosing', 'since': 3.5}}"));
}

static void test_profile_reply_get_begins_with_the_default_journey(void **state)
{
    (void)state;
    assert_main_place(site_with(TEXT("walk")), "'journey': 'walk', 'stage': 'choosing', 'since': 3.5,");
    assert_main_place(site_with(TEXT("talk")), "'journey': 'talk', 'stage': 'hello', 'since': 2,");
    assert_main_place(site_with(TEXT("another")), "'journey': 'talk', 'stage': 'hello', 'since': 2,");
    assert_main_place(NULL, "'journey': 'talk', 'stage': 'hello', 'since': 2,");
}

/* Somebody with one of everything. */
static struct customer somebody(void)
{
    static struct text aliases[] = {TEXT("visitor-7")};
    static struct customer_visit visits[] = {{TEXT("walk"), TEXT("curious"), 3500}};
    static int64_t times[] = {1000, 2500};
    static struct customer_progress progress[] = {
        {.rule = UINT64_C(0xFEDCBA9876543210), .times_ms = times, .count = 2}};
    static struct customer_consent consents[] = {{TEXT("marketing"), true, 5000, 4000},
                                                 {TEXT("letters"), false, 5000, 0}};
    static struct customer_event events[] = {{TEXT("purchase"), 3, 6500, 99.5}};
    static struct customer_offer offers[] = {{TEXT("ride"), TEXT("demo"), {5, 4, 3, 2, 1}, 7000},
                                             {TEXT("gone"), {NULL, 0}, {1, 0, 0, 0, 0}, 8000}};
    static struct customer_reservation reservations[] = {{UINT64_C(0x10), 1, 8000}};
    static customer_moment touches[2], moments[1];
    touches[0] = customer_moment_make(7000, TOUCH_CLICK, 0);
    touches[1] = customer_moment_make(8000, TOUCH_DECISION, 1);
    moments[0] = customer_moment_make(6500, 0, 0);
    return (struct customer){.id = TEXT("ana"),
                             .revision = 12,
                             .created_ms = 1000,
                             .last_ms = 8000,
                             .restricted = true,
                             .persona = TEXT("rider"),
                             .locale = TEXT("es"),
                             .traits = TEXT("\x81\xa4"
                                            "size\xa1L"),
                             .aliases = aliases,
                             .alias_count = 1,
                             .journeys = places,
                             .journey_count = 2,
                             .visits = visits,
                             .visit_count = 1,
                             .progress = progress,
                             .progress_count = 1,
                             .consents = consents,
                             .consent_count = 2,
                             .events = events,
                             .event_count = 1,
                             .offers = offers,
                             .offer_count = 2,
                             .reservations = reservations,
                             .reservation_count = 1,
                             .touches = touches,
                             .touch_count = 2,
                             .moments = moments,
                             .moment_count = 1};
}

static void test_profile_reply_get_of_somebody_known(void **state)
{
    (void)state;
    struct customer customer = somebody();
    profile_reply_get(&customer, site_with(TEXT("walk")), &out);
    assert_out("{'customer': 'ana', 'journey': 'walk', 'stage': 'choosing', 'since': 3.5, 'persona': "
               "'rider', 'locale': 'es', 'restricted': true, 'traits': {'size': 'L'}, 'consents': "
               "{'marketing': true, 'letters': false}, 'journeys': {'talk': {'stage': 'hello', 'since': 2}, "
               "'walk': {'stage': 'choosing', 'since': 3.5}}, 'counts': {'purchase': 3}, 'offers': {'ride': "
               "{'decisions': 5, 'impressions': 4, 'clicks': 3, 'dismissals': 2, 'conversions': 1, 'last': "
               "7}, 'gone': {'decisions': 1, 'impressions': 0, 'clicks': 0, 'dismissals': 0, 'conversions': "
               "0, 'last': 8}}}");
}

static void test_profile_reply_export_holds_everything(void **state)
{
    (void)state;
    struct customer customer = somebody();
    profile_reply_export(&customer, 0, &out);
    assert_out("{'customer': 'ana', 'revision': 12, 'created': 1, 'last': 8, 'persona': 'rider', 'locale': "
               "'es', 'restricted': true, 'traits': {'size': 'L'}, 'aliases': ['visitor-7'], 'consents': "
               "{'marketing': {'granted': true, 'at': 5, 'first': 4}, 'letters': {'granted': false, 'at': 5, "
               "'first': null}}, 'journeys': {'talk': {'stage': 'hello', 'since': 2, 'active': 9, "
               "'entered_day': 19700101, 'dropped': false, 'fixed': false}, 'walk': {'stage': 'choosing', "
               "'since': 3.5, 'active': 4, 'entered_day': 19700101, 'dropped': true, 'fixed': true}}, "
               "'visits': [{'journey': 'walk', 'stage': 'curious', 'left': 3.5}], 'progress': [{'rule': "
               "'fedcba9876543210', 'times': [1, 2.5]}], 'events': {'purchase': {'count': 3, 'last': 6.5, "
               "'value': 99.5}}, 'offers': {'ride': {'kind': 'demo', 'decisions': 5, 'impressions': 4, "
               "'clicks': 3, 'dismissals': 2, 'conversions': 1, 'last': 7}, 'gone': {'kind': null, "
               "'decisions': 1, 'impressions': 0, 'clicks': 0, 'dismissals': 0, 'conversions': 0, 'last': "
               "8}}, 'touches': [{'offer': 'ride', 'what': 'click', 'at': 7}, {'offer': 'gone', 'what': "
               "'decision', 'at': 8}], 'moments': [{'event': 'purchase', 'at': 6.5}], 'reservations': "
               "[{'offer': 'gone', 'decision': '0000000000000010', 'at': 8}]}");
}

/* A record of another program version may say what this one does not know. */
static void test_profile_reply_export_survives_positions_that_lead_nowhere(void **state)
{
    (void)state;
    struct customer customer = somebody();
    customer.offer_count = 1;
    customer.event_count = 0;
    customer.touches[0] = customer_moment_make(7000, TOUCH_KINDS, 0);
    profile_reply_export(&customer, 0, &out);
    assert_non_null(strstr(spelled(out.bytes, out.length),
                           "'touches': [{'offer': 'ride', 'what': null, 'at': 7}, {'offer': null, 'what': "
                           "'decision', 'at': 8}], 'moments': [{'event': null, 'at': 6.5}], 'reservations': "
                           "[{'offer': null,"));
}

#define REPLY_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REPLY_TEST(test_profile_reply_get_of_somebody_new),
        REPLY_TEST(test_profile_reply_get_begins_with_the_default_journey),
        REPLY_TEST(test_profile_reply_get_of_somebody_known),
        REPLY_TEST(test_profile_reply_export_holds_everything),
        REPLY_TEST(test_profile_reply_export_survives_positions_that_lead_nowhere),
    };
    return cmocka_run_group_tests_name("flow/profile_reply", tests, NULL, NULL);
}
