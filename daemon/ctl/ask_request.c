/* From the command line to the arguments of `recommend`; see ask_request.h. */
#include "ctl/ask_request.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LONGEST_NAME = 256 }; /* bytes of a NAME in NAME=VALUE */

void ask_request_destroy(struct ask_request *request)
{
    free(request->traits.items);
    free(request->consents.items);
    free(request->context.items);
    free(request->exclude.items);
}

const char *ask_list_add(struct ask_list *list, const char *text)
{
    const char **items = realloc(list->items, (list->count + 1) * sizeof *items);
    if (items == NULL)
        return "memory is out";
    list->items = items;
    list->items[list->count++] = text;
    return NULL;
}

static const char *check_name(size_t length)
{
    if (length == 0)
        return "there is no name in front of the '='";
    return length < LONGEST_NAME ? NULL : "the name is too long";
}

const char *ask_list_add_pair(struct ask_list *list, const char *text)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL)
        return "write NAME=VALUE";
    const char *problem = check_name((size_t)(equals - text));
    return problem != NULL ? problem : ask_list_add(list, text);
}

/* The words for yes and no; false where `text` is neither. */
static bool parse_boolean(const char *text, bool *value)
{
    *value = strcmp(text, "true") == 0 || strcmp(text, "yes") == 0;
    return *value || strcmp(text, "false") == 0 || strcmp(text, "no") == 0;
}

const char *ask_list_add_consent(struct ask_list *list, const char *text)
{
    bool value;
    size_t length = strcspn(text, "=");
    if (text[length] == '=' && !parse_boolean(text + length + 1, &value))
        return "write NAME, NAME=true or NAME=false";
    const char *problem = check_name(length);
    return problem != NULL ? problem : ask_list_add(list, text);
}

static bool parse_figures(const char *text, int64_t *seconds)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    *seconds = number;
    return end != text && *end == '\0' && errno == 0;
}

bool ask_parse_time(const char *text, int64_t *seconds)
{
    static const char *const formats[] = {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"};
    if (parse_figures(text, seconds))
        return true;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        struct tm parts = {.tm_isdst = -1};
        const char *end = strptime(text, formats[i], &parts);
        if (end == NULL || (*end != '\0' && strcmp(end, "Z") != 0))
            continue;
        *seconds = *end == 'Z' ? timegm(&parts) : mktime(&parts);
        return true;
    }
    return false;
}

/* ---- Encoding ---- */

/* A value as the command line spells it: true, false, a number, "quoted text", or text. */
static void put_value(senda_request *request, const char *name, const char *text)
{
    char *end;
    size_t length = strlen(text);
    double number = strtod(text, &end);
    bool is_number = length > 0 && *end == '\0' && isfinite(number);
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
        senda_request_boolean(request, name, text[0] == 't');
    else if (is_number && trunc(number) == number && fabs(number) <= 0x1p53)
        senda_request_integer(request, name, (int64_t)number);
    else if (is_number)
        senda_request_number(request, name, number);
    else if (length >= 2 && text[0] == '"' && text[length - 1] == '"')
        senda_request_string_of(request, name, text + 1, length - 2);
    else
        senda_request_string(request, name, text);
}

static void put_pairs(senda_request *request, const char *key, const struct ask_list *pairs)
{
    if (pairs->count == 0)
        return;
    senda_request_open_map(request, key);
    for (size_t i = 0; i < pairs->count; i++) {
        char name[LONGEST_NAME] = "";
        size_t length = strcspn(pairs->items[i], "=");
        memcpy(name, pairs->items[i], length); /* its length was checked when it was added */
        put_value(request, name, pairs->items[i] + length + 1);
    }
    senda_request_close(request);
}

static void put_consents(senda_request *request, const struct ask_list *consents)
{
    if (consents->count == 0)
        return;
    senda_request_open_map(request, "consents");
    for (size_t i = 0; i < consents->count; i++) {
        char name[LONGEST_NAME] = "";
        bool given = true;
        size_t length = strcspn(consents->items[i], "=");
        memcpy(name, consents->items[i], length);
        if (consents->items[i][length] == '=')
            (void)parse_boolean(consents->items[i] + length + 1, &given);
        senda_request_boolean(request, name, given);
    }
    senda_request_close(request);
}

static void put_list(senda_request *request, const char *key, const struct ask_list *list)
{
    if (list->count == 0)
        return;
    senda_request_open_list(request, key);
    for (size_t i = 0; i < list->count; i++)
        senda_request_string(request, NULL, list->items[i]);
    senda_request_close(request);
}

static void put_texts(senda_request *request, const struct ask_request *ask)
{
    const struct {
        const char *name, *text;
    } texts[] = {
        {"placement", ask->placement},   {"customer", ask->customer}, {"stage", ask->stage},
        {"persona", ask->persona},       {"journey", ask->journey},   {"locale", ask->locale},
        {"touchpoint", ask->touchpoint},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].text != NULL)
            senda_request_string(request, texts[i].name, texts[i].text);
}

senda_request *ask_request_encode(const struct ask_request *ask)
{
    senda_request *request = senda_request_new();
    if (request == NULL)
        return NULL;
    put_texts(request, ask);
    put_pairs(request, "traits", &ask->traits);
    put_pairs(request, "context", &ask->context);
    put_consents(request, &ask->consents);
    put_list(request, "exclude", &ask->exclude);
    if (ask->count > 0)
        senda_request_integer(request, "count", ask->count);
    if (ask->explain)
        senda_request_boolean(request, "explain", true);
    if (ask->dry_run)
        senda_request_boolean(request, "dry_run", true);
    if (ask->at_given)
        senda_request_integer(request, "at", ask->at);
    if (ask->seed_given)
        senda_request_integer(request, "seed", ask->seed);
    return request;
}
