/* ctl/profile_view: the whole view of a customer. */
#include "printed.h"

#include "ctl/profile_view.h"

static void put_place(senda_request *profile, const char *journey, const char *stage, int64_t since)
{
    senda_request_open_map(profile, journey);
    senda_request_string(profile, "stage", stage);
    senda_request_integer(profile, "since", since);
    senda_request_close(profile);
}

static void put_offer(senda_request *profile, const char *offer, int64_t last)
{
    static const char *const names[] = {"decisions", "impressions", "clicks", "dismissals", "conversions"};
    senda_request_open_map(profile, offer);
    for (int i = 0; i < 5; i++)
        senda_request_integer(profile, names[i], 5 - i);
    senda_request_integer(profile, "last", last);
    senda_request_close(profile);
}

static void put_known(senda_request *profile)
{
    senda_request_open_map(profile, "traits");
    senda_request_string(profile, "size", "L");
    senda_request_integer(profile, "visits", 3);
    senda_request_close(profile);
    senda_request_open_map(profile, "consents");
    senda_request_boolean(profile, "marketing", true);
    senda_request_boolean(profile, "letters", false);
    senda_request_close(profile);
    senda_request_open_map(profile, "counts");
    senda_request_integer(profile, "page_view", 12);
    senda_request_close(profile);
    senda_request_open_map(profile, "offers");
    put_offer(profile, "guide", 1767225600);
    senda_request_close(profile);
}

static void test_profile_view_shows_everything(void **state)
{
    (void)state;
    struct print print = begin(false);
    senda_request *profile = senda_request_new();
    senda_request_string(profile, "customer", "ana");
    senda_request_string(profile, "journey", "five-stages");
    senda_request_string(profile, "stage", "decision");
    senda_request_integer(profile, "since", 1767225600);
    senda_request_string(profile, "persona", "rider");
    senda_request_string(profile, "locale", "es");
    senda_request_boolean(profile, "restricted", true);
    senda_request_open_map(profile, "journeys");
    put_place(profile, "five-stages", "decision", 1767225600);
    put_place(profile, "club", "member", 1767229200);
    senda_request_close(profile);
    put_known(profile);
    profile_view_write(&print, decode(profile));
    assert_printed(&print, "Who      ana, rider, speaks es\n"
                           "         restricted: nothing of theirs is used, and nothing new is kept\n"
                           "Where    decision on the journey five-stages, since 2026-01-01 00:00\n"
                           "also     member on the journey club, since 2026-01-01 01:00\n"
                           "Traits   size L, visits 3\n"
                           "Consents marketing yes, letters no\n"
                           "Did      page_view 12\n"
                           "\n"
                           "offer  decided  shown  clicks  dismissed  converted  last\n"
                           "guide        5      4       3          2          1  2026-01-01 00:00\n");
    forget(profile);
}

static void test_profile_view_of_somebody_new_is_short(void **state)
{
    (void)state;
    struct print print = begin(false);
    senda_request *profile = senda_request_new();
    senda_request_string(profile, "customer", "ana");
    senda_request_nil(profile, "stage");
    senda_request_nil(profile, "persona");
    senda_request_boolean(profile, "restricted", false);
    senda_request_open_map(profile, "traits");
    senda_request_close(profile);
    profile_view_write(&print, decode(profile));
    assert_printed(&print, "Who      ana\n");
    forget(profile);
}

static int in_utc(void **state)
{
    (void)state;
    return setenv("TZ", "UTC", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_profile_view_shows_everything),
        cmocka_unit_test(test_profile_view_of_somebody_new_is_short),
    };
    return cmocka_run_group_tests_name("ctl/profile_view", tests, in_utc, NULL);
}
