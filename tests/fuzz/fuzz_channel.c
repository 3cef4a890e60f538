/*
 * Packets between supervisor and workers. The first byte of an input chooses: 0, the rest is a packet; else
 * it tells what message to send. What is received is sent again as the same message.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "input.h"
#include "supervise/channel.h"

static int ends[2]; /* live as long as the program */

static void check_same(const struct channel_message *a, const struct channel_message *b)
{
    REQUIRE(a->type == b->type && a->generation == b->generation && a->ticket == b->ticket);
    REQUIRE(a->tickets == b->tickets && text_equal(a->text, b->text) && (a->fd >= 0) == (b->fd >= 0));
}

/* Sends it and takes it out at the other end. */
static void echo(const struct channel_message *message)
{
    static struct channel_inbox inbox;
    struct channel_message back;
    struct error error;
    REQUIRE(channel_send(ends[0], message, &error));
    REQUIRE(channel_receive(ends[1], &inbox, &back) == CHANNEL_MESSAGE);
    check_same(message, &back);
    if (back.fd >= 0)
        close(back.fd);
}

static void receive(struct text packet)
{
    static struct channel_inbox inbox;
    struct channel_message message;
    REQUIRE(send(ends[0], packet.bytes, packet.length, MSG_NOSIGNAL) == (ssize_t)packet.length);
    enum channel_receipt receipt = channel_receive(ends[1], &inbox, &message);
    REQUIRE(receipt == CHANNEL_MESSAGE || receipt == CHANNEL_CLOSED);
    if (receipt != CHANNEL_MESSAGE)
        return;
    REQUIRE(message.type >= CHANNEL_LOAD && message.type <= CHANNEL_RELOAD && message.fd < 0);
    REQUIRE(message.text.length < packet.length);
    echo(&message);
}

static void make(struct input input)
{
    struct channel_message message = {.fd = -1};
    message.type = (enum channel_type)(CHANNEL_LOAD + input_number(&input, 1) % CHANNEL_RELOAD);
    message.generation = (uint32_t)input_number(&input, 4);
    message.ticket = input_number(&input, 8);
    message.tickets = input_number(&input, 8);
    if (input_number(&input, 1) & 1)
        message.fd = ends[0];
    message.text = input_take(&input, CHANNEL_MOST_TEXT);
    echo(&message);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct error error;
    if (length < 2)
        return 0;
    if (ends[1] == 0)
        REQUIRE(channel_pair(ends, &error));
    if (bytes[0] == 0)
        receive((struct text){(const char *)bytes + 1, length - 1});
    else
        make((struct input){bytes + 1, length - 1});
    return 0;
}
