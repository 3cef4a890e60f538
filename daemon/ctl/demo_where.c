/* Looking for things; see demo_where.h. */
#include "ctl/demo_where.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct demo_path demo_where_self(void)
{
    struct demo_path path = {""};
    ssize_t length = readlink("/proc/self/exe", path.text, sizeof path.text - 1);
    path.text[length > 0 ? length : 0] = '\0';
    return path;
}

/* `name` below the folder of this program; "" where it would not fit. */
static struct demo_path beside(const char *name)
{
    struct demo_path self = demo_where_self(), path;
    char *slash = strrchr(self.text, '/');
    size_t folder = slash != NULL ? (size_t)(slash + 1 - self.text) : 0;
    if (folder + strlen(name) >= sizeof path.text)
        return (struct demo_path){""};
    memcpy(path.text, self.text, folder);
    strcpy(path.text + folder, name);
    return path;
}

struct demo_path demo_where_sendad(void)
{
    struct demo_path path = beside("sendad");
    if (access(path.text, X_OK) != 0)
        strcpy(path.text, "sendad");
    return path;
}

static bool is_site(const struct demo_path *path)
{
    char file[PATH_MAX + 16];
    snprintf(file, sizeof file, "%s/site.lua", path->text);
    return path->text[0] != '\0' && access(file, R_OK) == 0;
}

struct demo_path demo_where_shop(void)
{
    static const char *const places[] = {"../../scripts/shop", "../share/senda/shop",
                                         "../share/senda/scripts/shop"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct demo_path path = beside(places[i]), whole;
        if (is_site(&path) && realpath(path.text, whole.text) != NULL)
            return whole;
    }
    return (struct demo_path){""};
}

struct demo_path demo_where_short(const char *path)
{
    struct demo_path here, out;
    size_t length = getcwd(here.text, sizeof here.text) != NULL ? strlen(here.text) : 0;
    bool below = length > 1 && strncmp(path, here.text, length) == 0 && path[length] == '/';
    snprintf(out.text, sizeof out.text, "%s", below ? path + length + 1 : path);
    return out;
}

/* ---- Offers ---- */

static unsigned line_at(struct text content, const char *place)
{
    unsigned line = 1;
    for (const char *p = content.bytes; p < place; p++)
        line += *p == '\n';
    return line;
}

/* In Lua as `offer "NAME"`; in a table, at the beginning of a row. */
static bool find_offer(struct bundle_file file, const char *offer, struct demo_line *where)
{
    char sought[256];
    bool lua = file.path.length > 4 && memcmp(file.path.bytes + file.path.length - 4, ".lua", 4) == 0;
    int length = snprintf(sought, sizeof sought, lua ? "offer \"%s\"" : "\n%s,", offer);
    if (length < 0 || (size_t)length >= sizeof sought)
        return false;
    const char *place = memmem(file.content.bytes, file.content.length, sought, (size_t)length);
    if (place == NULL)
        return false;
    *where = (struct demo_line){file.path, line_at(file.content, place + !lua)};
    return true;
}

bool demo_where_offer(const struct bundle *bundle, const char *offer, struct demo_line *where)
{
    for (size_t i = 0; i < bundle_count(bundle); i++) {
        struct bundle_file file = bundle_file(bundle, i);
        if (strncmp(file.path.bytes, "offers/", 7) == 0 && find_offer(file, offer, where))
            return true;
    }
    return false;
}
