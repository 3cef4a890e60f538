/*
 * Texts: UTF-8 is told from other bytes as the C library tells it; what is escaped for people is UTF-8
 * without control characters and fits; the nearest name is one of those there are.
 */
#include <locale.h>
#include <wchar.h>

#include "fuzz.h"
#include "input.h"

/* By the C library's C.UTF-8, which knows more characters than RFC 3629. */
static bool is_utf8(struct text text)
{
    static locale_t locale;
    mbstate_t state = {0};
    if (locale == NULL)
        locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
    REQUIRE(locale != NULL);
    uselocale(locale);
    for (size_t at = 0; at < text.length;) {
        wchar_t character;
        size_t length = mbrtowc(&character, text.bytes + at, text.length - at, &state);
        bool surrogate = length > 0 && character >= 0xD800 && character <= 0xDFFF;
        if (length > text.length - at || (length > 0 && character > 0x10FFFF) || surrogate)
            return false;
        at += length == 0 ? 1 : length;
    }
    return true;
}

/* U+0080 to U+009F, which terminals obey as they obey what begins with an escape. */
static bool is_late_control(const char *c)
{
    return (unsigned char)c[0] == 0xC2 && (unsigned char)c[1] < 0xA0;
}

static void check_escaped(struct text text)
{
    char small[16], *large = malloc(4 * text.length + 8);
    REQUIRE(large != NULL);
    REQUIRE(text_escape(text, small, sizeof small) == small && strlen(small) < sizeof small);
    REQUIRE(text_is_utf8(text_from(small)));
    text_escape(text, large, 4 * text.length + 8);
    REQUIRE(text_is_utf8(text_from(large)) && strlen(large) >= text.length);
    for (const char *c = large; *c != '\0'; c++)
        REQUIRE((unsigned char)*c >= 0x20 && *c != 0x7F && !is_late_control(c));
    REQUIRE(strstr(large, "\u202E") == NULL && strstr(large, "\u2066") == NULL);
    free(large);
}

/* Every beginning of a text that is UTF-8 is UTF-8 without the character that was cut. */
static void check_cut(struct text text)
{
    struct text begin = {text.bytes, text.length / 2}, whole = text_drop_cut_character(begin);
    REQUIRE(whole.length <= begin.length && begin.length - whole.length < 4);
    REQUIRE(!text_is_utf8(text) || text_is_utf8(whole));
}

static void check_order(struct text a, struct text b)
{
    int order = text_compare(a, b);
    REQUIRE((order == 0) == text_equal(a, b));
    REQUIRE((order < 0) == (text_compare(b, a) > 0));
}

static void check_nearest(struct text name, struct text a, struct text b)
{
    const struct text candidates[] = {a, b};
    struct text nearest = text_nearest_of(name, candidates, 2);
    REQUIRE(nearest.length == 0 || nearest.bytes == a.bytes || nearest.bytes == b.bytes);
    if (name.length > 0 && text_equal(name, a))
        REQUIRE(nearest.length == 0 || text_equal(nearest, a));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct text text = {(const char *)bytes, length};
    struct input input = {bytes, length};
    REQUIRE(text_is_utf8(text) == is_utf8(text));
    check_escaped(text);
    check_cut(text);
    struct text name = input_piece(&input, 1), a = input_piece(&input, 1), b = input_piece(&input, 1);
    check_order(a, b);
    check_nearest(name, a, b);
    return 0;
}
