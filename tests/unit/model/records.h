/* A record of a decision for tests, with something in each of its members. */
#ifndef SENDA_TESTS_MODEL_RECORDS_H
#define SENDA_TESTS_MODEL_RECORDS_H

#include "../cmocka_all.h"

#include <stdlib.h>

#include "model/record.h"

/* {"placement": "hero", "customer": "ana@example.org"} */
#define RECORDS_REQUEST                                                                                      \
    "\x82\xA9placement\xA4hero\xA8"                                                                          \
    "customer\xAF"                                                                                           \
    "ana@example.org"

static const struct record_item records_items[] = {
    {TEXT("spring-sale"), TEXT("banner"), TEXT("newcomers"), 12.5, 0.25, true, false},
    {TEXT("house"), TEXT("article"), {NULL, 0}, 1, 1, false, true},
};

static const struct record_candidate records_candidates[] = {
    {TEXT("spring-sale"), 0, 12.5},
    {TEXT("caf\xC3\xA9"), 9, 3},
    {TEXT("rested-one"), 255, 0},
};

static const uint32_t records_claims[] = {0, 77, 262143};

static inline struct record records_one(void)
{
    return (struct record){
        .clock_us = INT64_C(1893456000500000),
        .seed = UINT64_C(0xFEDCBA9876543210),
        .version = TEXT("0123456789abcdef0123456789abcdef"),
        .customer = TEXT("ana@example.org"),
        .journey = TEXT("five-stages"),
        .stage = TEXT("consideration"),
        .persona = TEXT("tinkerer"),
        .placement = TEXT("hero"),
        .locale = TEXT("es"),
        .strategy = TEXT("newcomers"),
        .fallback = TEXT("deadline"),
        .because = TEXT("Ana looked at it twice"),
        .request = {RECORDS_REQUEST, sizeof RECORDS_REQUEST - 1},
        .state = TEXT("what was known of Ana"),
        .personal = true,
        .items = records_items,
        .item_count = sizeof records_items / sizeof *records_items,
        .candidates = records_candidates,
        .candidate_count = sizeof records_candidates / sizeof *records_candidates,
        .claims = records_claims,
        .claim_count = sizeof records_claims / sizeof *records_claims,
    };
}

/* Its bytes, to be freed. */
static inline struct text records_encode(const struct record *record)
{
    size_t length = record_size(record);
    char *bytes = malloc(length);
    assert_non_null(bytes);
    record_encode(record, bytes);
    return (struct text){bytes, length};
}

#endif
