/* Showing a configuration as a file that would give it but for its secrets, with where each value came from.
 */
#include <inttypes.h>
#include <string.h>

#include "config/config.h"
#include "config/secret_file.h"

static const char mask[] = "********";

enum { ORIGIN_COLUMN = 40 };

/* A Lua string with the same bytes. Returns the columns written, taking each byte for one. */
static int print_quoted(const char *text, FILE *out)
{
    int columns = fprintf(out, "\"");
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            columns += fprintf(out, "\\%c", *text);
        else if ((unsigned char)*text < 0x20 || *text == 0x7F)
            columns += fprintf(out, "\\%03d", (unsigned char)*text);
        else
            columns += fprintf(out, "%c", *text);
    }
    return columns + fprintf(out, "\"");
}

static int print_list(const struct config_list *list, FILE *out)
{
    int columns = fprintf(out, "{");
    for (size_t i = 0; i < list->count; i++) {
        columns += fprintf(out, "%s", i == 0 ? " " : ", ");
        columns += print_quoted(list->items[i], out);
    }
    return columns + fprintf(out, " }");
}

static int print_bytes(uint64_t bytes, FILE *out)
{
    static const char *const units[] = {"KiB", "MiB", "GiB"};
    int unit = -1;
    while (unit < 2 && bytes >= 1024 && bytes % 1024 == 0) {
        bytes /= 1024;
        unit++;
    }
    if (unit < 0)
        return fprintf(out, "%" PRIu64, bytes);
    return fprintf(out, "\"%" PRIu64 " %s\"", bytes, units[unit]);
}

static int print_value(const struct option_description *option, const void *value, FILE *out)
{
    switch (option->type) {
    case OPTION_PATH:
    case OPTION_TEXT:
    case OPTION_LEVEL:
    case OPTION_ADDRESS: {
        const char *text = *(char *const *)value;
        return print_quoted(option->secret && *text != '\0' ? mask : text, out);
    }
    case OPTION_ADDRESSES:
        return print_list(value, out);
    case OPTION_NUMBER:
        return fprintf(out, "%" PRIu64, *(const uint64_t *)value);
    case OPTION_BYTES:
        return print_bytes(*(const uint64_t *)value, out);
    case OPTION_MODE:
        return fprintf(out, "\"%04" PRIo64 "\"", *(const uint64_t *)value);
    }
    return 0;
}

static void print_origin(const struct config *config, enum option_id id, FILE *out)
{
    const struct config_origin *origin = &config->origins[id];
    switch (origin->source) {
    case CONFIG_DEFAULT:
        fprintf(out, "default");
        break;
    case CONFIG_CREDENTIAL:
        fprintf(out, "credential");
        break;
    case CONFIG_FILE:
        fprintf(out, "%s:%d", config->file, origin->line);
        break;
    case CONFIG_FLAG:
        fprintf(out, "flag");
        break;
    case CONFIG_TOKEN_FILE:
        fprintf(out, "%s", config->token_file);
        break;
    }
}

static bool is_masked(const struct option_description *option, const void *value)
{
    return option->secret && **(char *const *)value != '\0';
}

static void print_gap(int columns, FILE *out)
{
    fprintf(out, "%*s-- ", columns < ORIGIN_COLUMN ? ORIGIN_COLUMN - columns : 1, "");
}

/* The one credential that no option stands for. */
static void print_site_token(FILE *out)
{
    char path[SECRET_PATH_SIZE];
    if (!secret_credential("site-token", path))
        return;
    print_gap(fprintf(out, "-- site-token = \"%s\"", mask), out);
    fprintf(out, "credential\n");
}

void config_print(const struct config *config, FILE *out)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        const struct option_description *option = option_describe((enum option_id)i);
        const void *value = (const char *)config + option->offset;
        int columns = fprintf(out, "%s%s = ", is_masked(option, value) ? "-- " : "", option->name);
        print_gap(columns + print_value(option, value, out), out);
        print_origin(config, (enum option_id)i, out);
        fprintf(out, "\n");
    }
    print_site_token(out);
}
