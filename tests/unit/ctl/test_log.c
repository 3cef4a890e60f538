/* ctl/log: sendactl log on a log that was made, with every filter, damage, and none at all. */
#include "running.h"

#include <signal.h>

#include "../decisionlog/scratch.h"

/* Five decisions: two about Ana, two about Bo, one about nobody; one of Bo's is for another place and offer.
 */
static void fill(const struct scratch *scratch)
{
    static const struct record_item other = {
        TEXT("other-offer"), TEXT("tool"), {NULL, 0}, 1, 1, false, false};
    static const char *const customers[] = {"ana", "ana", "bo", "bo", NULL};
    struct log_writer writer;
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    for (uint64_t i = 0; i < 5; i++) {
        struct record record = records_one();
        record.clock_us = SCRATCH_NOON + (int64_t)i * 3600 * SCRATCH_SECOND;
        record.seed = i;
        record.customer = text_from(customers[i]);
        if (i == 3) {
            record.placement = TEXT("foot");
            record.items = &other;
            record.item_count = 1;
        }
        struct text bytes = records_encode(&record);
        log_writer_append(&writer, bytes);
        free((char *)(uintptr_t)bytes.bytes);
    }
    log_writer_destroy(&writer);
}

static int setup(void **state)
{
    unsetenv("SENDA_STATE");
    return scratch_setup(state) != 0 ? -1 : (fill(*state), 0);
}

/* The seeds of what was printed, such as "0 1 4". */
static void assert_seeds(const char *expected)
{
    char seeds[256] = "";
    for (const char *at = running_out; (at = strstr(at, "\"seed\":\"")) != NULL; at++) {
        strcat(seeds, seeds[0] == '\0' ? "" : " ");
        strncat(seeds, at + 8, strspn(at + 8, "0123456789"));
    }
    assert_string_equal(seeds, expected);
}

#define RUN_LOG(...)                                                                                         \
    do {                                                                                                     \
        assert_int_equal(RUN("log", "--state", scratch->state, __VA_ARGS__), CTL_EXIT_OK);                   \
        assert_string_equal(running_err, "");                                                                \
    } while (0)

static void test_log_prints_a_line_for_each_decision(void **state)
{
    const struct scratch *scratch = *state;
    size_t lines = 0;
    RUN_LOG(NULL);
    assert_seeds("0 1 2 3 4");
    for (char *line = strtok(running_out, "\n"); line != NULL; line = strtok(NULL, "\n"), lines++) {
        json_t *decision = json_loads(line, 0, NULL);
        assert_non_null(decision);
        assert_int_equal(json_array_size(json_object_get(decision, "items")), lines == 3 ? 1 : 2);
        json_decref(decision);
    }
    assert_int_equal(lines, 5);
}

static void test_log_of_a_customer_offer_or_placement(void **state)
{
    const struct scratch *scratch = *state;
    RUN_LOG("--customer", "ana");
    assert_seeds("0 1");
    RUN_LOG("--customer=an");
    assert_seeds("");
    RUN_LOG("--offer", "other-offer");
    assert_seeds("3");
    RUN_LOG("--offer", "house");
    assert_seeds("0 1 2 4");
    RUN_LOG("--placement", "foot");
    assert_seeds("3");
    RUN_LOG("--placement", "hero", "--customer", "bo");
    assert_seeds("2");
}

static void test_log_of_a_time(void **state)
{
    const struct scratch *scratch = *state;
    RUN_LOG("--from", "2030-01-01T01:00Z", "--to", "2030-01-01T03:00Z");
    assert_seeds("1 2");
    RUN_LOG("--from", "1893466800");
    assert_seeds("3 4");
    RUN_LOG("--to", "2h"); /* two hours ago there was none yet: the log is of 2030 */
    assert_seeds("");
}

static void test_log_without_what_is_personal(void **state)
{
    const struct scratch *scratch = *state;
    RUN_LOG("--no-personal");
    assert_seeds("0 1 2 3 4");
    assert_null(strstr(running_out, "ana"));
    assert_null(strstr(running_out, "\"customer\""));
    RUN_LOG("--no-personal", "--csv");
    assert_null(strstr(running_out, "ana"));
}

static void test_log_as_csv(void **state)
{
    const struct scratch *scratch = *state;
    size_t lines = 0;
    RUN_LOG("--csv", "--customer", "bo");
    assert_memory_equal(running_out, "decision,time,customer,", 23);
    for (const char *at = running_out; *at != '\0'; at++)
        lines += *at == '\n';
    assert_int_equal(lines, 1 + 2 + 1);
    RUN_LOG("--json", "--json");
    assert_seeds("0 1 2 3 4");
}

static void test_log_of_the_environment(void **state)
{
    const struct scratch *scratch = *state;
    setenv("SENDA_STATE", scratch->state, 1);
    assert_int_equal(RUN("log"), CTL_EXIT_OK);
    assert_seeds("0 1 2 3 4");
    unsetenv("SENDA_STATE");
}

/* What is damaged is named and passed over; the rest is printed. */
static void test_log_with_damage(void **state)
{
    const struct scratch *scratch = *state;
    struct log_writer writer;
    off_t begin = (off_t)SEGMENT_HEADER_BYTES;
    scratch_turn_bits(scratch_path(scratch, SCRATCH_NOON), begin + 200, 1);
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    log_writer_append(&writer, TEXT(""));
    log_writer_destroy(&writer);
    assert_int_equal(RUN("log", "--state", scratch->state), CTL_EXIT_OK);
    assert_seeds("1 2 3 4");
    assert_contains(running_err, "sendactl: 00001893456000000000.log: ");
    assert_contains(running_err, " bytes from 32 on are damaged\n");
    assert_contains(running_err, "sendactl: 1 damaged place was passed over\n");
}

static void test_log_that_is_not_there(void **state)
{
    (void)state;
    assert_int_equal(RUN("log", "--state", "/tmp/no-such-folder-of-senda"), CTL_EXIT_USAGE);
    assert_string_equal(running_out, "");
    assert_contains(running_err, "sendactl: no decision log: /tmp/no-such-folder-of-senda/decisions: ");
}

static void test_log_wrong_command_lines(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"--from", "yesterday"}, {"--to", "2y"},      {"--nonsense", "x"},       {"word", NULL},
        {"--csv", "--json"},     {"--json", "--csv"}, {"--to", "99999999999999"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(RUN("log", wrong[i][0], wrong[i][1]), CTL_EXIT_USAGE);
        assert_contains(running_err, "sendactl log: ");
        assert_string_equal(running_out, "");
    }
}

static void test_log_that_cannot_be_written_out(void **state)
{
    const struct scratch *scratch = *state;
    char command[256];
    snprintf(command, sizeof command, "'%s' log --state '%s' > /dev/full 2> /dev/null", SENDACTL,
             scratch->state);
    assert_int_equal(system(command), CTL_EXIT_NO << 8); /* NOLINT: names made by this test */
}

/* ---- Following ---- */

/* Reads until so many lines have come. */
static void read_lines(int fd, size_t lines)
{
    size_t length = 0;
    while (lines > 0) {
        assert_true(length + 1 < sizeof running_out);
        assert_int_equal(read(fd, running_out + length, 1), 1);
        lines -= running_out[length++] == '\n';
    }
    running_out[length] = '\0';
}

static void test_log_that_is_followed(void **state)
{
    const struct scratch *scratch = *state;
    char *argv[] = {(char *)(uintptr_t) "sendactl",    (char *)(uintptr_t) "log",
                    (char *)(uintptr_t) "-f",          (char *)(uintptr_t) "--state",
                    (char *)(uintptr_t)scratch->state, NULL};
    struct log_writer writer;
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int ends[2], status;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    assert_int_equal(posix_spawn(&pid, SENDACTL, &actions, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    read_lines(ends[0], 5);
    assert_seeds("0 1 2 3 4");
    scratch_open(scratch, &writer, SCRATCH_OPTIONS);
    scratch_append(&writer, "ana", SCRATCH_NOON + LOG_SEGMENT_SPAN_US, 5);
    scratch_append(&writer, "ana", SCRATCH_NOON + 3 * LOG_SEGMENT_SPAN_US, 6);
    log_writer_destroy(&writer);
    read_lines(ends[0], 2);
    assert_seeds("5 6");
    kill(pid, SIGTERM);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    close(ends[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_log_##name, setup, scratch_teardown)
        TEST(prints_a_line_for_each_decision),
        TEST(of_a_customer_offer_or_placement),
        TEST(of_a_time),
        TEST(without_what_is_personal),
        TEST(as_csv),
        TEST(of_the_environment),
        TEST(with_damage),
        TEST(that_is_not_there),
        TEST(wrong_command_lines),
        TEST(that_cannot_be_written_out),
        TEST(that_is_followed),
#undef TEST
    };
    return cmocka_run_group_tests_name("ctl/log", tests, NULL, NULL);
}
