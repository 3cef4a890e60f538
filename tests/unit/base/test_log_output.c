/* base/log_output: pipes, sockets and files, each read or not. */
#include "../cmocka_all.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log_output.h"

enum { MUCH = 1024 * 1024 }; /* more than a pipe or a socket holds */

/* Standard error while a test runs, and where its other end is. */
struct way {
    int before, reader;
};

static struct way lead(int writer, int reader)
{
    struct way way = {dup(STDERR_FILENO), reader};
    assert_true(way.before >= 0);
    assert_int_equal(dup2(writer, STDERR_FILENO), STDERR_FILENO);
    close(writer);
    return way;
}

static void restore(struct way *way)
{
    assert_int_equal(dup2(way->before, STDERR_FILENO), STDERR_FILENO);
    close(way->before);
    if (way->reader >= 0)
        close(way->reader);
}

static struct way lead_into_pipe(void)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    return lead(ends[1], ends[0]);
}

static struct text much(void)
{
    static char bytes[MUCH];
    return (struct text){bytes, sizeof bytes};
}

static void test_log_output_gives_a_full_pipe_no_more(void **state)
{
    (void)state;
    struct way way = lead_into_pipe();
    log_output_open();
    size_t taken = log_output_give(much(), 1);
    assert_true(taken > 0 && taken < MUCH);
    assert_int_equal(log_output_give(TEXT("line\n"), 1), 0);
    restore(&way);
}

/* Who shares the pipe waits as before. */
static void test_log_output_leaves_the_open_file_of_others_alone(void **state)
{
    (void)state;
    struct way way = lead_into_pipe();
    int shared = dup(STDERR_FILENO);
    log_output_open();
    assert_true(fcntl(STDERR_FILENO, F_GETFL) & O_NONBLOCK);
    assert_false(fcntl(shared, F_GETFL) & O_NONBLOCK);
    close(shared);
    restore(&way);
}

static void test_log_output_gives_a_full_socket_no_more(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    struct way way = lead(ends[1], ends[0]);
    log_output_open();
    assert_false(fcntl(STDERR_FILENO, F_GETFL) & O_NONBLOCK);
    while (log_output_give(TEXT("line\n"), 0) > 0)
        continue;
    assert_int_equal(log_output_give(TEXT("line\n"), 1), 0);
    restore(&way);
}

static void *read_all(void *context)
{
    const struct way *way = context;
    char *bytes = malloc(MUCH);
    size_t length = 0;
    ssize_t more = 1;
    while (bytes != NULL && length < MUCH && more > 0) {
        more = read(way->reader, bytes + length, MUCH - length);
        length += more > 0 ? (size_t)more : 0;
    }
    free(bytes);
    return length == MUCH ? context : NULL;
}

static void test_log_output_waits_for_who_reads(void **state)
{
    (void)state;
    struct way way = lead_into_pipe();
    pthread_t reader;
    void *all;
    log_output_open();
    assert_int_equal(pthread_create(&reader, NULL, read_all, &way), 0);
    assert_int_equal(log_output_give(much(), 60000), MUCH);
    assert_int_equal(pthread_join(reader, &all), 0);
    assert_ptr_equal(all, &way);
    restore(&way);
}

static void test_log_output_counts_what_nobody_can_take_as_taken(void **state)
{
    (void)state;
    struct way way = lead_into_pipe();
    close(way.reader);
    way.reader = -1;
    log_output_open();
    assert_int_equal(log_output_give(TEXT("line\n"), 60000), 5);
    restore(&way);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_output_gives_a_full_pipe_no_more),
        cmocka_unit_test(test_log_output_leaves_the_open_file_of_others_alone),
        cmocka_unit_test(test_log_output_gives_a_full_socket_no_more),
        cmocka_unit_test(test_log_output_waits_for_who_reads),
        cmocka_unit_test(test_log_output_counts_what_nobody_can_take_as_taken),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
