/* serve/tls_session: a transport against a client that the test moves by hand. */
#include "certificate_builder.h"

#include "../cmocka_all.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/tls_session.h"

enum { RECORD = 16 * 1024, ROUNDS = 1000, INPUT = 64 * 1024 };

struct session {
    struct tls *tls;
    struct transport transport; /* the server's side */
    SSL_CTX *context;           /* the client's */
    SSL *client;
    int fd; /* the client's */
    char input[INPUT];
};

static struct certificate pair;

static int group_setup(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    pair = certificate_build("here");
    return 0;
}

static int group_teardown(void **state)
{
    (void)state;
    certificate_destroy(&pair);
    return 0;
}

static int setup(void **state)
{
    struct session *session = calloc(1, sizeof *session);
    struct error error;
    int fds[2];
    *state = session;
    if (session == NULL || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) != 0)
        return -1;
    session->tls = tls_new(pair.certificate, pair.key, &error);
    transport_create(&session->transport, fds[0]);
    session->fd = fds[1];
    session->context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(session->context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    session->client = SSL_new(session->context);
    SSL_set_fd(session->client, session->fd);
    SSL_set_connect_state(session->client);
    return transport_secure(&session->transport, session->tls) ? 0 : -1;
}

static int teardown(void **state)
{
    struct session *session = *state;
    transport_destroy(&session->transport);
    SSL_free(session->client);
    SSL_CTX_free(session->context);
    tls_free(session->tls);
    if (session->fd >= 0)
        close(session->fd);
    free(session);
    return 0;
}

static ssize_t receive(struct session *session)
{
    return transport_receive(&session->transport, session->input, sizeof session->input);
}

/* Both sides in turns until they agree. */
static void greet(struct session *session)
{
    assert_true(transport_is_greeting(&session->transport));
    for (int i = 0;
         i < ROUNDS && (transport_is_greeting(&session->transport) || !SSL_is_init_finished(session->client));
         i++) {
        SSL_do_handshake(session->client);
        assert_int_equal(receive(session), TRANSPORT_LATER);
    }
    assert_false(transport_is_greeting(&session->transport));
}

static void client_says(struct session *session, const char *text)
{
    assert_int_equal(SSL_write(session->client, text, (int)strlen(text)), strlen(text));
}

static void test_tls_session_carries_bytes(void **state)
{
    struct session *session = *state;
    char answer[16];
    greet(session);
    client_says(session, "question");
    assert_int_equal(receive(session), 8);
    assert_memory_equal(session->input, "question", 8);
    assert_int_equal(receive(session), TRANSPORT_LATER);
    assert_int_equal(transport_send(&session->transport, "answer", 6), 6);
    assert_int_equal(SSL_read(session->client, answer, sizeof answer), 6);
    assert_memory_equal(answer, "answer", 6);
}

/* What has come is handed out at once, however many records it is in. */
static void test_tls_session_joins_records(void **state)
{
    struct session *session = *state;
    greet(session);
    for (int i = 0; i < 100; i++)
        client_says(session, "x");
    assert_int_equal(receive(session), 100);
    assert_false(transport_holds_input(&session->transport));
}

/* The socket is empty, and the session is not: somebody has to know. */
static void test_tls_session_says_what_it_holds(void **state)
{
    struct session *session = *state;
    char small[10];
    greet(session);
    client_says(session, "123456789012345678901234567890");
    assert_int_equal(transport_receive(&session->transport, small, sizeof small), 10);
    assert_true(transport_holds_input(&session->transport));
    assert_int_equal(recv(session->transport.fd, small, 1, MSG_PEEK), -1);
    assert_int_equal(transport_receive(&session->transport, small, sizeof small), 10);
    assert_true(transport_holds_input(&session->transport));
    assert_int_equal(transport_receive(&session->transport, small, sizeof small), 10);
    assert_false(transport_holds_input(&session->transport));
    assert_int_equal(transport_receive(&session->transport, small, sizeof small), TRANSPORT_LATER);
}

/* Raw bytes of the client's, as they would come over the network. */
static void hand_over(struct session *session, BIO *wire, size_t length)
{
    char bytes[RECORD * 2];
    int taken = BIO_read(wire, bytes, (int)length);
    assert_int_equal(taken, length);
    assert_int_equal(send(session->fd, bytes, length, MSG_NOSIGNAL), length);
}

/* A record that is there in part is nothing to come back for before the rest has come. */
static void test_tls_session_waits_for_the_rest_of_a_record(void **state)
{
    struct session *session = *state;
    BIO *wire = BIO_new(BIO_s_mem());
    greet(session);
    SSL_set0_wbio(session->client, wire);
    client_says(session, "first");
    client_says(session, "second");
    size_t length = BIO_ctrl_pending(wire);
    hand_over(session, wire, length - 1);
    assert_int_equal(receive(session), 5);
    assert_false(transport_holds_input(&session->transport));
    hand_over(session, wire, 1);
    assert_int_equal(receive(session), 6);
    assert_memory_equal(session->input, "second", 6);
}

/* The end came together with the last words; nothing more is announced by the socket. */
static void test_tls_session_holds_the_end_too(void **state)
{
    struct session *session = *state;
    greet(session);
    client_says(session, "last words");
    assert_int_equal(SSL_shutdown(session->client), 0);
    assert_int_equal(receive(session), 10);
    assert_true(transport_holds_input(&session->transport));
    assert_int_equal(receive(session), 0);
    char answer[16];
    assert_int_equal(transport_send(&session->transport, "answer", 6), 6);
    assert_int_equal(SSL_read(session->client, answer, sizeof answer), 6);
    transport_end(&session->transport);
    assert_int_equal(SSL_shutdown(session->client), 1);
}

static void test_tls_session_takes_a_cut_for_the_end(void **state)
{
    struct session *session = *state;
    greet(session);
    client_says(session, "words");
    shutdown(session->fd, SHUT_WR);
    assert_int_equal(receive(session), 5);
    assert_int_equal(receive(session), 0);
}

/* What the client has got, behind what it had before. */
static size_t client_drains(struct session *session, char *got, size_t read, size_t size)
{
    int more = 1;
    while (read < size && (more = SSL_read(session->client, got + read, (int)(size - read))) > 0)
        read += (size_t)more;
    ERR_clear_error();
    return read;
}

/* Much more than the socket takes, from memory that moves between two tries. */
static void test_tls_session_goes_on_where_it_was(void **state)
{
    enum { MUCH = 4 * 1024 * 1024 };
    struct session *session = *state;
    char *bytes = malloc(MUCH), *moved = malloc(MUCH), *got = malloc(MUCH);
    size_t sent = 0, read = 0, waits = 0;
    for (size_t i = 0; i < MUCH; i++)
        bytes[i] = (char)(i * 7 + i / 1000);
    greet(session);
    while (sent < MUCH) {
        memcpy(moved, bytes + sent, MUCH - sent);
        ssize_t taken = transport_send(&session->transport, moved, MUCH - sent);
        memset(moved, 'x', MUCH - sent);
        assert_false(transport_send_needs_input(&session->transport));
        sent += taken > 0 ? (size_t)taken : 0;
        if (taken > 0)
            continue;
        assert_int_equal(taken, TRANSPORT_LATER);
        waits++;
        read = client_drains(session, got, read, MUCH);
    }
    assert_int_equal(client_drains(session, got, read, MUCH), MUCH);
    assert_true(waits > 1);
    assert_memory_equal(got, bytes, MUCH);
    free(bytes);
    free(moved);
    free(got);
}

/* Old versions, and clients that accept none of our ciphers. */
static void assert_no_agreement(struct session *session)
{
    ssize_t outcome = TRANSPORT_LATER;
    for (int i = 0; i < ROUNDS && outcome == TRANSPORT_LATER; i++) {
        SSL_do_handshake(session->client);
        ERR_clear_error();
        outcome = receive(session);
    }
    assert_int_equal(outcome, TRANSPORT_BROKEN);
    assert_non_null(session->transport.problem);
}

static void test_tls_session_refuses_old_versions(void **state)
{
    struct session *session = *state;
    SSL_set_security_level(session->client, 0);
    SSL_set_min_proto_version(session->client, TLS1_VERSION);
    SSL_set_max_proto_version(session->client, TLS1_1_VERSION);
    assert_no_agreement(session);
    assert_string_equal(session->transport.problem, "unsupported protocol");
}

static void test_tls_session_refuses_weak_ciphers(void **state)
{
    struct session *session = *state;
    SSL_set_max_proto_version(session->client, TLS1_2_VERSION);
    assert_int_equal(SSL_set_cipher_list(session->client, "AES128-SHA:ECDHE-ECDSA-AES128-SHA"), 1);
    assert_no_agreement(session);
    assert_string_equal(session->transport.problem, "no shared cipher");
}

static void test_tls_session_speaks_1_2(void **state)
{
    struct session *session = *state;
    SSL_set_max_proto_version(session->client, TLS1_2_VERSION);
    greet(session);
    client_says(session, "question");
    assert_int_equal(receive(session), 8);
    assert_string_equal(SSL_get_version(session->client), "TLSv1.2");
}

static void test_tls_session_does_not_renegotiate(void **state)
{
    struct session *session = *state;
    char answer;
    SSL_set_max_proto_version(session->client, TLS1_2_VERSION);
    greet(session);
    SSL_renegotiate(session->client);
    SSL_do_handshake(session->client);
    assert_int_equal(receive(session), TRANSPORT_LATER);
    assert_int_equal(SSL_read(session->client, &answer, 1), -1);
    assert_int_equal(ERR_GET_REASON(ERR_peek_error()), SSL_R_NO_RENEGOTIATION);
    ERR_clear_error();
}

static void test_tls_session_notices_who_speaks_plainly(void **state)
{
    static const char *const words[] = {"\x94", "GET / HTTP/1.1\r\n\r\n"};
    struct session *session = *state;
    for (size_t i = 0; i < 2; i++) {
        session->transport.problem = NULL;
        assert_int_equal(send(session->fd, words[i], strlen(words[i]), MSG_NOSIGNAL), strlen(words[i]));
        assert_int_equal(receive(session), TRANSPORT_BROKEN);
        assert_string_equal(session->transport.problem, "they do not speak it");
    }
}

static void test_tls_session_waits_for_silent_clients(void **state)
{
    struct session *session = *state;
    assert_int_equal(receive(session), TRANSPORT_LATER);
    assert_int_equal(send(session->fd, "\x16\x03", 2, MSG_NOSIGNAL), 2);
    assert_int_equal(receive(session), TRANSPORT_LATER);
    assert_true(transport_is_greeting(&session->transport));
    transport_end(&session->transport);
    close(session->fd);
    session->fd = -1;
    assert_true(receive(session) <= 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_tls_session_##name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(carries_bytes),
        TEST(joins_records),
        TEST(says_what_it_holds),
        TEST(waits_for_the_rest_of_a_record),
        TEST(holds_the_end_too),
        TEST(takes_a_cut_for_the_end),
        TEST(goes_on_where_it_was),
        TEST(refuses_old_versions),
        TEST(refuses_weak_ciphers),
        TEST(speaks_1_2),
        TEST(does_not_renegotiate),
        TEST(notices_who_speaks_plainly),
        TEST(waits_for_silent_clients),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
