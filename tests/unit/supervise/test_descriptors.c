/* descriptors: what is kept stays, everything else goes. */
#include "../cmocka_all.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "supervise/descriptors.h"

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

/* In a child, because it closes what the test program itself needs. */
static int close_in_child(void)
{
    int fds[6];
    for (int i = 0; i < 6; i++)
        fds[i] = open("/dev/null", O_RDONLY);
    int kept[] = {fds[4], fds[1], fds[2]};
    descriptors_close_others(kept, 3);
    bool right = is_open(0) && is_open(1) && is_open(2);
    for (int i = 0; i < 6; i++)
        right = right && is_open(fds[i]) == (i == 1 || i == 2 || i == 4);
    return right ? 0 : 1;
}

static void test_descriptors_close_others_keeps_what_was_named(void **state)
{
    int status;
    (void)state;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(close_in_child());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors_close_others_keeps_what_was_named),
    };
    return cmocka_run_group_tests_name("supervise/descriptors", tests, NULL, NULL);
}
