/* channel: whole messages, descriptors along with them, and ends that are gone or full. */
#include "../cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "supervise/channel.h"

struct pair {
    int ends[2];                /* of one channel; -1: closed by the test */
    struct channel_inbox inbox; /* of whoever receives */
};

static int setup(void **state)
{
    struct pair *pair = malloc(sizeof *pair);
    struct error error;
    *state = pair;
    return channel_pair(pair->ends, &error) ? 0 : -1;
}

static int teardown(void **state)
{
    struct pair *pair = *state;
    for (int i = 0; i < 2; i++)
        if (pair->ends[i] >= 0)
            close(pair->ends[i]);
    free(pair);
    return 0;
}

static void send_text(struct pair *pair, enum channel_type type, struct text text)
{
    struct channel_message message = {
        .type = type, .generation = 7, .ticket = UINT64_MAX, .text = text, .fd = -1};
    struct error error;
    assert_true(channel_send(pair->ends[0], &message, &error));
}

static void test_channel_carries_messages_in_order(void **state)
{
    struct pair *pair = *state;
    struct channel_message message;
    send_text(pair, CHANNEL_REFUSED, TEXT("why"));
    send_text(pair, CHANNEL_SWAP, TEXT(""));
    assert_int_equal(channel_receive(pair->ends[1], &pair->inbox, &message), CHANNEL_MESSAGE);
    assert_int_equal(message.type, CHANNEL_REFUSED);
    assert_int_equal(message.generation, 7);
    assert_true(message.ticket == UINT64_MAX);
    assert_true(text_equal(message.text, TEXT("why")));
    assert_int_equal(message.fd, -1);
    assert_int_equal(channel_receive(pair->ends[1], &pair->inbox, &message), CHANNEL_MESSAGE);
    assert_int_equal(message.type, CHANNEL_SWAP);
    assert_int_equal(message.text.length, 0);
    assert_int_equal(channel_receive(pair->ends[1], &pair->inbox, &message), CHANNEL_EMPTY);
}

static void test_channel_carries_descriptors(void **state)
{
    struct pair *pair = *state;
    struct channel_message message = {.type = CHANNEL_LOAD, .fd = STDIN_FILENO}, received;
    struct error error;
    assert_true(channel_send(pair->ends[0], &message, &error));
    assert_int_equal(channel_receive(pair->ends[1], &pair->inbox, &received), CHANNEL_MESSAGE);
    assert_true(received.fd > STDERR_FILENO);
    assert_int_not_equal(fcntl(received.fd, F_GETFD) & FD_CLOEXEC, 0);
    close(received.fd);
}

/* What came is `begin` bytes of what was sent, and the word that there was more. */
static void assert_cut(struct text received, size_t begin)
{
    static const char told[] = "… the rest is too long to be told here\n";
    assert_int_equal(received.length, begin + sizeof told - 1);
    assert_memory_equal(received.bytes + begin, told, sizeof told - 1);
}

static void test_channel_cuts_long_texts_at_a_line(void **state)
{
    struct pair *pair = *state;
    struct channel_message message;
    size_t length = 2 * (size_t)CHANNEL_MOST_TEXT;
    char *text = malloc(length);
    memset(text, 'x', length);
    text[1000] = text[CHANNEL_MOST_TEXT + 10] = '\n';
    send_text(pair, CHANNEL_REFUSED, (struct text){text, length});
    assert_int_equal(channel_receive(pair->ends[1], &pair->inbox, &message), CHANNEL_MESSAGE);
    assert_cut(message.text, 1001);
    text[1000] = 'x';
    send_text(pair, CHANNEL_REFUSED, (struct text){text, length});
    assert_int_equal(channel_receive(pair->ends[1], &pair->inbox, &message), CHANNEL_MESSAGE);
    assert_true(message.text.length <= CHANNEL_MOST_TEXT);
    assert_cut(message.text, CHANNEL_MOST_TEXT - strlen("… the rest is too long to be told here\n"));
    send_text(pair, CHANNEL_REFUSED, (struct text){text, CHANNEL_MOST_TEXT});
    assert_int_equal(channel_receive(pair->ends[1], &pair->inbox, &message), CHANNEL_MESSAGE);
    assert_int_equal(message.text.length, CHANNEL_MOST_TEXT);
    free(text);
}

static void test_channel_notices_the_end(void **state)
{
    struct pair *pair = *state;
    struct channel_message message = {.type = CHANNEL_DRAIN, .fd = -1};
    struct error error;
    send_text(pair, CHANNEL_LOADED, TEXT(""));
    close(pair->ends[0]);
    pair->ends[0] = -1;
    assert_int_equal(channel_receive(pair->ends[1], &pair->inbox, &message), CHANNEL_MESSAGE);
    assert_int_equal(channel_receive(pair->ends[1], &pair->inbox, &message), CHANNEL_CLOSED);
    message = (struct channel_message){.type = CHANNEL_DRAIN, .fd = -1};
    assert_false(channel_send(pair->ends[1], &message, &error));
    assert_int_equal(errno, EPIPE);
}

static void test_channel_never_waits_for_a_reader(void **state)
{
    struct pair *pair = *state;
    struct channel_message message = {.type = CHANNEL_DRAIN, .fd = -1};
    struct error error;
    size_t sent = 0;
    while (channel_send(pair->ends[0], &message, &error))
        sent++;
    assert_true(sent > 10);
    assert_int_equal(errno, EAGAIN);
}

static void test_channel_takes_nonsense_for_the_end(void **state)
{
    struct pair *pair = *state;
    struct channel_message message;
    const uint32_t unknown[4] = {99};
    assert_int_equal(send(pair->ends[0], "short", 5, 0), 5);
    assert_int_equal(channel_receive(pair->ends[1], &pair->inbox, &message), CHANNEL_CLOSED);
    assert_int_equal(send(pair->ends[0], unknown, sizeof unknown, 0), sizeof unknown);
    assert_int_equal(channel_receive(pair->ends[1], &pair->inbox, &message), CHANNEL_CLOSED);
}

#define WITH_PAIR(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PAIR(test_channel_carries_messages_in_order), WITH_PAIR(test_channel_carries_descriptors),
        WITH_PAIR(test_channel_cuts_long_texts_at_a_line), WITH_PAIR(test_channel_notices_the_end),
        WITH_PAIR(test_channel_never_waits_for_a_reader),  WITH_PAIR(test_channel_takes_nonsense_for_the_end),
    };
    return cmocka_run_group_tests_name("supervise/channel", tests, NULL, NULL);
}
