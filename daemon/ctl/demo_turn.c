/* Inviting to change the site; see demo_turn.h. */
#include "ctl/demo_turn.h"

#include "ctl/demo_view.h"
#include "ctl/demo_where.h"
#include "ctl/paragraph.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { STEP_COLUMNS = 5 }; /* in front of a step's text */

static const char *copy(char *out, size_t size, struct text text)
{
    snprintf(out, size, "%.*s", (int)text.length, text.bytes);
    return text.length > 0 ? out : NULL;
}

bool demo_turn_create(struct demo_turn *turn, const char *customer, struct text placement,
                      const char *decision)
{
    *turn = (struct demo_turn){.request = NULL};
    snprintf(turn->customer, sizeof turn->customer, "%s", customer);
    snprintf(turn->decision, sizeof turn->decision, "%s", decision);
    turn->ask.customer = turn->customer;
    turn->ask.placement = copy(turn->placement, sizeof turn->placement, placement);
    turn->ask.dry_run = true;
    turn->request = ask_request_encode(&turn->ask);
    return turn->request != NULL;
}

void demo_turn_destroy(struct demo_turn *turn)
{
    ask_request_destroy(&turn->ask);
    senda_request_free(turn->request);
}

/* ---- The steps ---- */

static void write_step(const struct demo *demo, const char *number, const char *text)
{
    struct paragraph paragraph;
    paragraph_begin(&paragraph, &demo->print, demo->width, STEP_COLUMNS, number);
    paragraph_add(&paragraph, PRINT_PLAIN, text);
    paragraph_end(&paragraph);
}

/* A command to copy: never broken where a shell would take the halves for two. */
static void write_command(const struct demo *demo, const char *first, const char *rest)
{
    bool fits = demo->width == 0 || STEP_COLUMNS + print_width(first) + 1 + print_width(rest) <= demo->width;
    fprintf(demo->print.file, "%*s", STEP_COLUMNS, "");
    print_styled(&demo->print, PRINT_BOLD, first);
    if (!fits && rest[0] != '\0') {
        print_styled(&demo->print, PRINT_BOLD, " \\");
        putc('\n', demo->print.file);
        fprintf(demo->print.file, "%*s", STEP_COLUMNS + 4, "");
    } else if (rest[0] != '\0') {
        putc(' ', demo->print.file);
    }
    print_styled(&demo->print, PRINT_BOLD, rest);
    putc('\n', demo->print.file);
}

static void write_edit(const struct demo *demo, const senda_value *result)
{
    const senda_value *first = senda_value_at(senda_value_get(result, "items"), 0);
    const char *offer = senda_value_string(senda_value_get(first, "offer"), NULL);
    struct demo_line where;
    char text[2 * PATH_MAX];
    bool found = offer != NULL && demo_where_offer(demo->bundle, offer, &where);
    if (found)
        snprintf(text, sizeof text,
                 "Change what that visitor sees: in %s/%.*s, line %u, give %s another title.", demo->site,
                 (int)where.file.length, where.file.bytes, where.line, offer);
    else
        snprintf(text, sizeof text, "Change what that visitor sees: edit and save the files in %s.",
                 demo->site);
    write_step(demo, "  2", text);
}

static void write_strategy(const struct demo *demo, const senda_value *result)
{
    const struct snapshot *site = demo->plan->site;
    const char *name = senda_value_string(senda_value_get(result, "strategy"), NULL);
    char text[2 * PATH_MAX];
    for (uint32_t i = 0; name != NULL && i < site->strategy_count; i++) {
        const struct strategy *strategy = &site->strategies[i];
        if (!text_equal(strategy->name, text_from(name)))
            continue;
        snprintf(text, sizeof text, "Who gets what, and why, is decided by %s: %s/%.*s, line %u.", name,
                 demo->site, (int)strategy->file.length, strategy->file.bytes, strategy->line);
        write_step(demo, "", text);
    }
}

static void write_ask(const struct demo *demo, const struct demo_turn *turn, const char *program)
{
    char first[PATH_MAX + 512], rest[512];
    snprintf(first, sizeof first, "%s ask -c %s -p %s", program, demo->daemon->tcp, turn->placement);
    snprintf(rest, sizeof rest, "--customer %s", turn->customer);
    write_command(demo, first, rest);
}

static void note_version(struct demo_turn *turn, const senda_value *result)
{
    const char *version = senda_value_string(senda_value_get(result, "version"), NULL);
    snprintf(turn->version, sizeof turn->version, "%s", version != NULL ? version : "");
}

/* This program as a shell in the current folder finds it. */
static struct demo_path name_program(void)
{
    struct demo_path self = demo_where_self(), path = demo_where_short(self.text);
    if (strchr(path.text, '/') != NULL)
        return path;
    snprintf(path.text, sizeof path.text, "./sendactl");
    return path;
}

/* A command that asks the demo's daemon about its memory. */
static void write_look(const struct demo *demo, const char *program, const char *command, const char *rest)
{
    char first[PATH_MAX + 512];
    snprintf(first, sizeof first, "%s %s", program, command);
    write_command(demo, first, rest);
}

/* What is remembered of them, and of everybody. */
static void write_looks(const struct demo *demo, const struct demo_turn *turn, const char *program)
{
    char command[512], where[PATH_MAX];
    snprintf(where, sizeof where, "-c %s", demo->daemon->tcp);
    write_step(demo, "  4",
               "See what it remembers: of that visitor, of all, of one decision, of every decision:");
    snprintf(command, sizeof command, "profile get %s", turn->customer);
    write_look(demo, program, command, where);
    write_look(demo, program, "map", where);
    snprintf(command, sizeof command, "explain %s", turn->decision);
    if (turn->decision[0] != '\0')
        write_look(demo, program, command, where);
    snprintf(where, sizeof where, "--state %s", demo->daemon->state);
    write_look(demo, program, "log", where);
}

void demo_turn_write(const struct demo *demo, struct demo_turn *turn, const senda_value *result)
{
    struct demo_path program = name_program(), here;
    char first[PATH_MAX + 64], rest[512];
    note_version(turn, result);
    print_styled(&demo->print, PRINT_BOLD, "Your turn");
    fprintf(demo->print.file, ": in another terminal, in %s\n\n",
            getcwd(here.text, sizeof here.text) != NULL ? here.text : "this folder");
    write_step(demo, "  1", "Ask what one of them sees:");
    write_ask(demo, turn, program.text);
    write_edit(demo, result);
    write_strategy(demo, result);
    write_step(demo, "  3", "Load what you saved. A mistake is refused with its line, and nothing changes:");
    snprintf(first, sizeof first, "%s reload", program.text);
    snprintf(rest, sizeof rest, "--control %s", demo->daemon->control);
    write_command(demo, first, rest);
    write_looks(demo, turn, program.text);
    fputs("\nWhat that visitor sees then is shown here. Ctrl-C ends the demo. Now it is:\n\n",
          demo->print.file);
    demo_view_write_answer(demo, turn->customer, result);
    putc('\n', demo->print.file);
}

void demo_turn_compare(const struct demo *demo, struct demo_turn *turn, const senda_value *result)
{
    const char *version = senda_value_string(senda_value_get(result, "version"), NULL);
    if (version == NULL || strcmp(version, turn->version) == 0)
        return;
    note_version(turn, result);
    print_styled(&demo->print, PRINT_GOOD, "The site was loaded again.");
    fputs(" Now it is:\n\n", demo->print.file);
    demo_view_write_answer(demo, turn->customer, result);
    putc('\n', demo->print.file);
}
