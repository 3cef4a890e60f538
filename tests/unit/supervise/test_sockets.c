/* sockets: opening what is configured, failing without leaving anything behind. */
#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "supervise/sockets.h"

struct place {
    char folder[64];      /* made by mkdtemp */
    char listen[96];      /* unix:… in it */
    char control[96];     /* the same */
    struct config config; /* with those addresses */
};

static void set(struct config *config, enum option_id id, const char *const *values, size_t count)
{
    struct error error;
    assert_true(config_set(config, id, values, count, (struct config_origin){CONFIG_FLAG, 0}, &error));
}

static int setup(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    struct error error;
    strcpy(place->folder, "/tmp/senda-sockets-XXXXXX");
    if (mkdtemp(place->folder) == NULL || !config_create(&place->config, &error))
        return -1;
    snprintf(place->listen, sizeof place->listen, "unix:%s/listen", place->folder);
    snprintf(place->control, sizeof place->control, "unix:%s/control", place->folder);
    const char *listen = place->listen, *control = place->control;
    set(&place->config, OPTION_ID_listen, &listen, 1);
    set(&place->config, OPTION_ID_control, &control, 1);
    *state = place;
    return 0;
}

/* The folder has to be empty again. */
static int teardown(void **state)
{
    struct place *place = *state;
    int result = rmdir(place->folder);
    config_destroy(&place->config);
    free(place);
    return result;
}

static const char *path_of(const char *address)
{
    return address + strlen("unix:");
}

static void test_sockets_open_makes_what_is_configured(void **state)
{
    struct place *place = *state;
    struct sockets sockets;
    struct error error;
    struct stat status;
    assert_true(sockets_open(&sockets, &place->config, &error));
    assert_int_equal(sockets.count, 2);
    assert_false(sockets.list[0].control);
    assert_true(sockets.list[1].control);
    assert_string_equal(sockets.list[0].name, place->listen);
    assert_int_equal(stat(path_of(place->control), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    sockets_close(&sockets);
    assert_int_equal(stat(path_of(place->control), &status), -1);
}

static void test_sockets_open_leaves_nothing_when_one_fails(void **state)
{
    struct place *place = *state;
    const char *addresses[] = {place->listen, "unix:/nonexistent/folder/socket"};
    struct sockets sockets;
    struct error error;
    set(&place->config, OPTION_ID_listen, addresses, 2);
    assert_false(sockets_open(&sockets, &place->config, &error));
    assert_string_equal(error.message,
                        "can't listen on unix:/nonexistent/folder/socket: No such file or directory");
    assert_int_equal(sockets.count, 0);
    assert_int_equal(access(path_of(place->listen), F_OK), -1);
}

static void test_sockets_close_leaves_a_followers_file(void **state)
{
    struct place *place = *state;
    struct sockets sockets;
    struct error error;
    assert_true(sockets_open(&sockets, &place->config, &error));
    assert_int_equal(unlink(path_of(place->listen)), 0);
    FILE *file = fopen(path_of(place->listen), "w");
    assert_non_null(file);
    fclose(file);
    sockets_close(&sockets);
    assert_int_equal(unlink(path_of(place->listen)), 0);
}

static void test_sockets_open_guards_the_network(void **state)
{
    struct place *place = *state;
    const char *everywhere = "tcp:0.0.0.0:0", *token = "t";
    struct sockets sockets;
    struct error error;
    set(&place->config, OPTION_ID_listen, &everywhere, 1);
    assert_false(sockets_open(&sockets, &place->config, &error));
    assert_non_null(strstr(error.message, "tcp:0.0.0.0:0 can be reached from other machines"));
    set(&place->config, OPTION_ID_token, &token, 1);
    assert_true(sockets_open(&sockets, &place->config, &error));
    sockets_close(&sockets);
}

static void test_sockets_open_names_an_unknown_host(void **state)
{
    struct place *place = *state;
    const char *address = "tcp:256.0.0.1.invalid:1";
    struct sockets sockets;
    struct error error;
    set(&place->config, OPTION_ID_listen, &address, 1);
    assert_false(sockets_open(&sockets, &place->config, &error));
    assert_non_null(strstr(error.message, "listen: tcp:256.0.0.1.invalid:1: "));
}

#define WITH_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PLACE(test_sockets_open_makes_what_is_configured),
        WITH_PLACE(test_sockets_open_leaves_nothing_when_one_fails),
        WITH_PLACE(test_sockets_close_leaves_a_followers_file),
        WITH_PLACE(test_sockets_open_guards_the_network),
        WITH_PLACE(test_sockets_open_names_an_unknown_host),
    };
    return cmocka_run_group_tests_name("supervise/sockets", tests, NULL, NULL);
}
