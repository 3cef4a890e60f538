/* Values as JSON text. */
#include "client/json.h"

#include "client/value.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct json_output {
    FILE *file;      /* where the text goes */
    unsigned indent; /* blanks a level; 0: one line */
    unsigned level;  /* containers open */
};

static void write_value(struct json_output *out, const senda_value *value);

/* Bytes of the well-formed UTF-8 sequence at `s`, or 0 (RFC 3629). */
static size_t sequence_length(const unsigned char *s, size_t left)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = s[0] < 0x80   ? 1
                    : s[0] < 0xC2 ? 0
                    : s[0] < 0xE0 ? 2
                    : s[0] < 0xF0 ? 3
                    : s[0] < 0xF5 ? 4
                                  : 0;
    if (length < 2 || left < length)
        return length == 1;
    uint32_t point = s[0] & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        point = point << 6 | (s[i] & 0x3FU);
    }
    bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    return point >= least[length] && point <= 0x10FFFF && !surrogate ? length : 0;
}

/* A character below U+0080. */
static void write_ascii(FILE *file, unsigned char c)
{
    static const char letters[] = "btn\0fr"; /* of 0x08 to 0x0D */
    if (c == '"' || c == '\\')
        fprintf(file, "\\%c", c);
    else if (c >= 0x08 && c <= 0x0D && letters[c - 0x08] != '\0')
        fprintf(file, "\\%c", letters[c - 0x08]);
    else if (c < 0x20 || c == 0x7F)
        fprintf(file, "\\u%04x", c);
    else
        putc(c, file);
}

void client_json_write_string(FILE *file, const char *bytes, size_t size)
{
    const unsigned char *s = (const unsigned char *)bytes;
    putc('"', file);
    for (size_t i = 0; i < size;) {
        size_t length = sequence_length(s + i, size - i);
        if (length == 1)
            write_ascii(file, s[i]);
        else if (length == 2 && s[i] == 0xC2 && s[i + 1] < 0xA0) /* controls, which terminals obey too */
            fprintf(file, "\\u%04x", s[i + 1]);
        else if (length == 0)
            fputs("\xEF\xBF\xBD", file);
        else
            fwrite(s + i, 1, length, file);
        i += length > 0 ? length : 1;
    }
    putc('"', file);
}

void client_json_write_number(FILE *file, double number)
{
    char text[48];
    if (!isfinite(number)) {
        fputs("null", file);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    size_t plain = strspn(text, "0123456789-+e");
    fwrite(text, 1, plain, file);
    size_t rest = plain + strcspn(text + plain, "0123456789");
    if (text[rest] != '\0')
        fprintf(file, ".%s", text + rest);
}

static void write_break(const struct json_output *out)
{
    if (out->indent > 0)
        fprintf(out->file, "\n%*s", (int)(out->indent * out->level), "");
}

/* JSON's keys are strings: any other key is written as the text of its JSON. */
static void write_key(struct json_output *out, const senda_value *key)
{
    if (senda_value_type(key) == SENDA_TYPE_STRING) {
        write_value(out, key);
    } else {
        char *text = senda_value_to_json(key, 0);
        client_json_write_string(out->file, text != NULL ? text : "", text != NULL ? strlen(text) : 0);
        free(text);
    }
    fputs(out->indent > 0 ? ": " : ":", out->file);
}

static void write_container(struct json_output *out, const senda_value *value, const char *brackets)
{
    size_t count = senda_value_count(value);
    bool map = brackets[0] == '{';
    putc(brackets[0], out->file);
    out->level++;
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            putc(',', out->file);
        write_break(out);
        if (map)
            write_key(out, senda_value_key_at(value, i));
        write_value(out, senda_value_at(value, i));
    }
    out->level--;
    if (count > 0)
        write_break(out);
    putc(brackets[1], out->file);
}

static void write_value(struct json_output *out, const senda_value *value)
{
    size_t length;
    const char *text;
    switch (senda_value_type(value)) {
    case SENDA_TYPE_NIL:
    case SENDA_TYPE_OTHER:
        fputs("null", out->file);
        break;
    case SENDA_TYPE_BOOLEAN:
        fputs(senda_value_boolean(value, false) ? "true" : "false", out->file);
        break;
    case SENDA_TYPE_INTEGER:
        fprintf(out->file, "%" PRId64, senda_value_integer(value, 0));
        break;
    case SENDA_TYPE_NUMBER:
        if (value->object.type == MSGPACK_OBJECT_POSITIVE_INTEGER)
            fprintf(out->file, "%" PRIu64, value->object.via.u64);
        else
            client_json_write_number(out->file, value->object.via.f64);
        break;
    case SENDA_TYPE_STRING:
        text = senda_value_string(value, &length);
        client_json_write_string(out->file, text, length);
        break;
    case SENDA_TYPE_LIST:
        write_container(out, value, "[]");
        break;
    case SENDA_TYPE_MAP:
        write_container(out, value, "{}");
        break;
    }
}

char *senda_value_to_json(const senda_value *value, unsigned indent)
{
    char *text = NULL;
    size_t size = 0;
    struct json_output out = {open_memstream(&text, &size), indent, 0};
    if (out.file == NULL)
        return NULL;
    write_value(&out, value);
    bool whole = ferror(out.file) == 0;
    if (fclose(out.file) == 0 && whole)
        return text;
    free(text);
    return NULL;
}
