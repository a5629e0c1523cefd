/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/system/sandbox.h"
#include "tests/unit/unit.h"

/* Runs TRIAL in a process that has entered the sandbox: whether it says that all went as it should.
 */
static bool holds_inside(bool (*trial)(void))
{
    int status = -1;
    pid_t child = fork();

    if (child == 0) {
        struct error *error = sandbox_enter();
        _exit(!error && trial() ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool no_file_opens(void)
{
    return open("/etc/passwd", O_RDONLY) < 0 && open("/tmp/made", O_WRONLY | O_CREAT, 0666) < 0 &&
           unlink("/nowhere") < 0 && errno == EPERM;
}

static bool no_socket_opens(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) < 0 && socket(AF_UNIX, SOCK_STREAM, 0) < 0;
}

static bool no_program_runs(void)
{
    execl("/bin/true", "true", (char *)NULL);
    return errno == EPERM || errno == EACCES;
}

static bool no_process_starts(void)
{
    return fork() < 0;
}

static bool nobody_else_is_killed(void)
{
    return kill(getppid(), 0) < 0;
}

/* Not by way of the signal either that comes when something can be read of a pipe. */
static bool nobody_else_is_signalled(void)
{
    int ends[2];

    return pipe(ends) < 0 ||
           (fcntl(ends[0], F_SETOWN, getppid()) < 0 && fcntl(ends[0], F_SETSIG, SIGKILL) < 0 &&
            fcntl(ends[0], F_SETFL, O_ASYNC) < 0);
}

/* The same with a pipe from before. */
static bool no_owner_is_set(void)
{
    return fcntl(STDIN_FILENO, F_SETOWN, getppid()) < 0 &&
           fcntl(STDIN_FILENO, F_SETSIG, SIGKILL) < 0 && fcntl(STDIN_FILENO, F_SETFL, O_ASYNC) < 0;
}

static void *count(void *context)
{
    *(int *)context += 1;
    return NULL;
}

static bool threads_and_memory_work(void)
{
    int counter = 0;
    pthread_t thread;
    void *bytes = malloc(64 << 20);

    if (!bytes || pthread_create(&thread, NULL, count, &counter) != 0)
        return false;
    memset(bytes, 1, 64 << 20);
    pthread_join(thread, NULL);
    free(bytes);
    return counter == 1;
}

static bool open_files_are_read(void)
{
    char byte;

    return read(STDIN_FILENO, &byte, 1) >= 0 && write(STDERR_FILENO, "", 0) == 0;
}

static void foreign_bytes_have_no_way_out(void **state UNUSED)
{
    const char *missing = sandbox_missing();

    if (missing && strstr(missing, "seccomp")) {
        print_message("skipped: this machine has no seccomp\n");
        skip();
    }
    assert_true(holds_inside(no_file_opens));
    assert_true(holds_inside(no_socket_opens));
    assert_true(holds_inside(no_program_runs));
    assert_true(holds_inside(no_process_starts));
    assert_true(holds_inside(nobody_else_is_killed));
    assert_true(holds_inside(nobody_else_is_signalled));
    assert_true(holds_inside(no_owner_is_set));
}

static void reading_goes_on_inside(void **state UNUSED)
{
    assert_true(holds_inside(threads_and_memory_work));
    assert_true(holds_inside(open_files_are_read));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(foreign_bytes_have_no_way_out),
        cmocka_unit_test(reading_goes_on_inside),
    };

    /* Something that can be read. */
    if (!freopen("/dev/null", "r", stdin))
        return 1;
    return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
