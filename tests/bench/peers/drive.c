/* Drives one system with the reference requests and says how many it answered a second, and how fast. */
#include <argp.h>
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "address.h"
#include "answers.h"
#include "load.h"

struct arguments {
    struct load_options load;
    const char *mix_path;     /* file of the request mix */
    const char *answers_path; /* file to write the answers to; NULL: none */
    unsigned long sample;     /* answers to write */
    bool json;                /* print one JSON object instead of a sentence */
};

enum {
    KEY_JSON = 256,
    KEY_SAMPLE,
    KEY_SCRIPT,
    KEY_WARM_UP,
};

static const struct argp_option OPTIONS[] = {
    {"system", 's', "NAME", 0,
     "What is driven: senda, senda-ping, tarantool, tarantool-ping, redis, redis-function or redis-ping", 0},
    {"address", 'a', "ADDRESS", 0, "Where it listens: unix:PATH or tcp:HOST:PORT", 0},
    {"mix", 'm', "FILE", 0, "The request mix", 0},
    {"connections", 'c', "N", 0, "Connections (default 50)", 0},
    {"depth", 'd', "N", 0, "Requests under way on each connection (default 1)", 0},
    {"seconds", 't', "S", 0, "Seconds to count for (default 2)", 0},
    {"requests", 'n', "N", 0, "Count so many replies instead", 0},
    {"warm-up", KEY_WARM_UP, "S", 0, "Seconds before counting (default 0.3)", 0},
    {"pid", 'p', "PID", 0, "A process of the server, to account its processor time; may be repeated", 0},
    {"script", KEY_SCRIPT, "SHA", 0, "Name of the script loaded into Redis", 0},
    {"answers", 'A', "FILE", 0, "First write the offers answered to a sample of the mix", 0},
    {"sample", KEY_SAMPLE, "N", 0, "Answers to write (default 200)", 0},
    {"json", KEY_JSON, NULL, 0, "Print one JSON object", 0},
    {0},
};

static unsigned long read_count(struct argp_state *state, const char *text, unsigned long least)
{
    char *end;
    unsigned long count = strtoul(text, &end, 10);
    if (*text == '-' || *end != '\0' || end == text || count < least)
        argp_error(state, "'%s' is not a number of at least %lu", text, least);
    return count;
}

static double read_seconds(struct argp_state *state, const char *text)
{
    char *end;
    double seconds = strtod(text, &end);
    if (*end != '\0' || end == text || !(seconds >= 0))
        argp_error(state, "'%s' is not a number of seconds", text);
    return seconds;
}

static const struct protocol *read_system(struct argp_state *state, const char *name)
{
    const struct protocol *protocol = protocol_find(name);
    if (!protocol)
        argp_error(state, "no system '%s'", name);
    return protocol;
}

static void add_pid(struct argp_state *state, struct load_options *load, const char *text)
{
    if (load->pid_count == LOAD_PIDS_MAX)
        argp_error(state, "more than %d processes", LOAD_PIDS_MAX);
    load->pids[load->pid_count++] = (pid_t)read_count(state, text, 1);
}

static void require_all(struct argp_state *state, const struct arguments *arguments)
{
    if (!arguments->load.protocol || !arguments->load.address || !arguments->mix_path)
        argp_error(state, "--system, --address and --mix are needed");
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    struct load_options *load = &arguments->load;
    switch (key) {
    case 's':
        load->protocol = read_system(state, text);
        break;
    case 'a':
        load->address = text;
        break;
    case 'm':
        arguments->mix_path = text;
        break;
    case 'c':
        load->connections = (unsigned)read_count(state, text, 1);
        break;
    case 'd':
        load->depth = (unsigned)read_count(state, text, 1);
        break;
    case 't':
        load->seconds = read_seconds(state, text);
        break;
    case 'n':
        load->requests = read_count(state, text, 1);
        break;
    case 'p':
        add_pid(state, load, text);
        break;
    case 'A':
        arguments->answers_path = text;
        break;
    case KEY_WARM_UP:
        load->warm_up = read_seconds(state, text);
        break;
    case KEY_SCRIPT:
        load->script = text;
        break;
    case KEY_SAMPLE:
        arguments->sample = read_count(state, text, 1);
        break;
    case KEY_JSON:
        arguments->json = true;
        break;
    case ARGP_KEY_END:
        require_all(state, arguments);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static void write_answers(const struct arguments *arguments)
{
    const struct load_options *load = &arguments->load;
    int fd = address_connect(load->address);
    FILE *out = fopen(arguments->answers_path, "w");
    if (!out)
        err(1, "%s", arguments->answers_path);
    load_pass_greeting(fd, load->protocol);
    answers_write(out, fd, load->protocol, load->script, load->mix, arguments->sample);
    if (fclose(out) != 0)
        err(1, "%s", arguments->answers_path);
    close(fd);
}

static void print_result(const struct arguments *arguments, const struct load_result *result)
{
    const char *format =
        arguments->json
            ? "{\"system\": \"%s\", \"connections\": %u, \"depth\": %u, \"seconds\": %.3f, "
              "\"requests\": %llu, \"rate\": %.0f, \"p50_us\": %.1f, \"p99_us\": %.1f, "
              "\"driver_busy\": %.3f, \"server_us\": %.2f}\n"
            : "%s: %u connections, depth %u, %.2f s, %llu replies: %.0f/s, p50 %.1f us, p99 %.1f us, "
              "driver busy %.2f, server %.2f us a request\n";
    double replies = result->replies > 0 ? (double)result->replies : 1;
    printf(format, arguments->load.protocol->name, arguments->load.connections, arguments->load.depth,
           result->seconds, (unsigned long long)result->replies, (double)result->replies / result->seconds,
           (double)latency_quantile(&result->latency, 0.5) / 1e3,
           (double)latency_quantile(&result->latency, 0.99) / 1e3, result->driver_busy,
           result->server_seconds / replies * 1e6);
}

int main(int argc, char **argv)
{
    static const struct argp argp = {.options = OPTIONS,
                                     .parser = parse_option,
                                     .doc =
                                         "Drives one system with the reference requests in a closed loop."};
    static struct load_result result;
    struct arguments arguments = {.load = {.connections = 50, .depth = 1, .seconds = 2, .warm_up = 0.3},
                                  .sample = 200};
    struct mix mix;
    argp_parse(&argp, argc, argv, 0, NULL, &arguments);
    mix_load(&mix, arguments.mix_path);
    arguments.load.mix = &mix;
    if (arguments.answers_path)
        write_answers(&arguments);
    load_run(&arguments.load, &result);
    print_result(&arguments, &result);
    mix_unload(&mix);
    return 0;
}
