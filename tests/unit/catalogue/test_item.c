/* item: the encoded beginning of a reply's item, in every locale that has a title. */
#include "../cmocka_all.h"

#include <msgpack/unpack.h>

#include "../decide/site_builder.h"
#include "catalogue/item.h"
#include "wire/value.h"

static struct snapshot *new_site(void)
{
    struct snapshot *site = site_new();
    site_add_locale(site, "es");
    site_add_locale(site, "en");
    site_add_locale(site, "fr");
    site_add_kind(site, "guide", 0.0);
    site_add_journey(site, "walk")->locale = 0;
    site_add_stage(site, "start");
    return site;
}

/* Decodes the pairs, with a map's header put in front; the zone is the caller's. */
static msgpack_object decode_item(struct text item, msgpack_zone *zone)
{
    char *bytes = msgpack_zone_malloc(zone, item.length + 1);
    msgpack_object object;
    size_t end = 0;
    bytes[0] = (char)(0x80 | ITEM_FIXED_FIELDS);
    memcpy(bytes + 1, item.bytes, item.length);
    assert_int_equal(msgpack_unpack(bytes, item.length + 1, &end, zone, &object), MSGPACK_UNPACK_SUCCESS);
    assert_int_equal(object.via.map.size, ITEM_FIXED_FIELDS);
    return object;
}

static void assert_field(const msgpack_object *item, const char *name, const char *expected)
{
    struct text text;
    const msgpack_object *value = value_map_get(item, text_from(name));
    assert_non_null(value);
    assert_true(value_text(value, &text));
    assert_true(text_equal(text, text_from(expected)));
}

static void test_item_encode_writes_all_fields(void **state)
{
    (void)state;
    struct snapshot *site = new_site();
    struct offer *offer = site_add_offer(site, "crm-guide", 1.0);
    msgpack_zone *zone = msgpack_zone_new(1024);
    offer->titles = site_texts(site, "Guía", "Guide", NULL);
    offer->urls = site_texts(site, "/es/guia", NULL, NULL);
    offer->data = TEXT("\x81\xa5pages\x18");
    site_finish(site);
    msgpack_object item = decode_item(offer->items[1], zone);
    assert_field(&item, "offer", "crm-guide");
    assert_field(&item, "kind", "guide");
    assert_field(&item, "title", "Guide");
    assert_field(&item, "url", "/es/guia"); /* the default journey's, for want of an English one */
    assert_int_equal(value_map_get(value_map_get(&item, TEXT("data")), TEXT("pages"))->via.u64, 24);
    item = decode_item(offer->items[0], zone);
    assert_field(&item, "title", "Guía");
    assert_null(offer->items[2].bytes);
    msgpack_zone_free(zone);
    snapshot_free(site);
}

static void test_item_encode_has_nil_for_no_url(void **state)
{
    (void)state;
    struct snapshot *site = new_site();
    struct offer *offer = site_add_offer(site, "a", 1.0);
    msgpack_zone *zone = msgpack_zone_new(1024);
    site_finish(site);
    msgpack_object item = decode_item(offer->items[0], zone);
    assert_int_equal(value_map_get(&item, TEXT("url"))->type, MSGPACK_OBJECT_NIL);
    assert_int_equal(value_map_get(&item, TEXT("data"))->type, MSGPACK_OBJECT_MAP);
    msgpack_zone_free(zone);
    snapshot_free(site);
}

static void test_item_locale_falls_back_once(void **state)
{
    (void)state;
    struct snapshot *site = new_site();
    struct offer *offer = site_add_offer(site, "a", 1.0);
    offer->titles = site_texts(site, "Guía", "Guide", NULL);
    struct offer *bare = site_add_offer(site, "b", 1.0);
    bare->titles = (struct localized){NULL};
    site_finish(site);
    assert_int_equal(item_locale(offer, 1, 0), 1);
    assert_int_equal(item_locale(offer, 2, 0), 0);
    assert_int_equal(item_locale(offer, 2, 1), 1);
    assert_int_equal(item_locale(offer, 2, 2), SNAPSHOT_NONE);
    assert_int_equal(item_locale(bare, 0, 1), SNAPSHOT_NONE);
    snapshot_free(site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_item_encode_writes_all_fields),
        cmocka_unit_test(test_item_encode_has_nil_for_no_url),
        cmocka_unit_test(test_item_locale_falls_back_once),
    };
    return cmocka_run_group_tests_name("catalogue/item", tests, NULL, NULL);
}
