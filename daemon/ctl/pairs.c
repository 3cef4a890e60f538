/* Repeated options; see pairs.h. */
#include "ctl/pairs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 256 }; /* bytes of a NAME in NAME=VALUE */

void pairs_destroy(struct pairs *pairs)
{
    free(pairs->items);
    *pairs = (struct pairs){NULL, 0};
}

const char *pairs_add(struct pairs *pairs, const char *text)
{
    const char **items = realloc(pairs->items, (pairs->count + 1) * sizeof *items);
    if (items == NULL)
        return "memory is out";
    pairs->items = items;
    pairs->items[pairs->count++] = text;
    return NULL;
}

static const char *check_name(size_t length)
{
    if (length == 0)
        return "there is no name in front of the '='";
    return length < LONGEST_NAME ? NULL : "the name is too long";
}

const char *pairs_add_value(struct pairs *pairs, const char *text)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL)
        return "write NAME=VALUE";
    const char *problem = check_name((size_t)(equals - text));
    return problem != NULL ? problem : pairs_add(pairs, text);
}

/* The words for yes and no; false where `text` is neither. */
static bool parse_boolean(const char *text, bool *value)
{
    *value = strcmp(text, "true") == 0 || strcmp(text, "yes") == 0;
    return *value || strcmp(text, "false") == 0 || strcmp(text, "no") == 0;
}

const char *pairs_add_consent(struct pairs *pairs, const char *text)
{
    bool value;
    size_t length = strcspn(text, "=");
    if (text[length] == '=' && !parse_boolean(text + length + 1, &value))
        return "write NAME, NAME=true or NAME=false";
    const char *problem = check_name(length);
    return problem != NULL ? problem : pairs_add(pairs, text);
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

void pairs_put_values(senda_request *request, const struct pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        char name[LONGEST_NAME] = "";
        size_t length = strcspn(pairs->items[i], "=");
        memcpy(name, pairs->items[i], length); /* its length was checked when it was added */
        put_value(request, name, pairs->items[i] + length + 1);
    }
}

void pairs_put_map(senda_request *request, const char *key, const struct pairs *pairs)
{
    if (pairs->count == 0)
        return;
    senda_request_open_map(request, key);
    pairs_put_values(request, pairs);
    senda_request_close(request);
}

void pairs_put_consents(senda_request *request, const char *key, const struct pairs *consents)
{
    if (consents->count == 0)
        return;
    senda_request_open_map(request, key);
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

void pairs_put_list(senda_request *request, const char *key, const struct pairs *texts)
{
    if (texts->count == 0)
        return;
    senda_request_open_list(request, key);
    for (size_t i = 0; i < texts->count; i++)
        senda_request_string(request, NULL, texts->items[i]);
    senda_request_close(request);
}
