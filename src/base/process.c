/* A child by posix_spawn between two pipes. Which programs, and what to make of their failure, is left to
 * those who start them. */
#if defined(__linux__)
#define _GNU_SOURCE /* the size of a pipe */
#endif
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum {
    SAID_BYTES = 1024,       /* that are kept of what it says: the last ones */
    PIPE_BYTES_MAX = 1 << 20 /* fewer turns between the two programs; more is not given to everybody */
};

struct Process {
    pid_t pid;
    int input, errors; /* our ends: to write to, to read from; -1: closed */
    char said[SAID_BYTES];
    size_t said_bytes;
};

static void close_pipe(int ends[2]) {
    close(ends[0]);
    close(ends[1]);
}

static bool open_pipe(int ends[2]) {
    if (pipe(ends) != 0) return false;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return true;
}

/* The child's signals are those of a fresh program. Returns what posix_spawnp does. */
static int spawn(pid_t *pid, const char *const *argv, int input, int errors) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, errors, STDERR_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    /* posix_spawn wants the strings changeable, and does not change them. */
    size_t n = 0;
    while (argv[n]) n++;
    char **copy = calloc(n + 1, sizeof *copy);
    int error = copy ? 0 : ENOMEM;
    for (size_t i = 0; !error && i < n; i++)
        if (!(copy[i] = strdup(argv[i]))) error = ENOMEM;
    if (!error) error = posix_spawnp(pid, argv[0], &files, &attributes, copy, environ);
    for (size_t i = 0; copy && i < n; i++) free(copy[i]);
    free(copy);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

Process *process_start(const char *const *argv, bool *is_missing, Status *status) {
    int input[2], errors[2];
    if (is_missing) *is_missing = false;
    Process *process = calloc(1, sizeof *process);
    bool has_input = process && open_pipe(input), has_both = has_input && open_pipe(errors);
    int error = has_both ? spawn(&process->pid, argv, input[0], errors[1]) : errno;
    if (has_both && error == 0) {
        close(input[0]);
        close(errors[1]);
        process->input = input[1];
        process->errors = errors[0];
        fcntl(process->input, F_SETFL, O_NONBLOCK);
        fcntl(process->errors, F_SETFL, O_NONBLOCK);
#if defined(F_SETPIPE_SZ)
        fcntl(process->input, F_SETPIPE_SZ, PIPE_BYTES_MAX);
#endif
        return process;
    }
    if (has_input) close_pipe(input);
    if (has_both) close_pipe(errors);
    free(process);
    if (is_missing) *is_missing = error == ENOENT;
    status_fail(status, STATUS_FAILED, "cannot start %s: %s", argv[0], strerror(error));
    return NULL;
}

static void keep_said(Process *process, const char *bytes, size_t n) {
    if (n > SAID_BYTES) {
        bytes += n - SAID_BYTES;
        n = SAID_BYTES;
    }
    size_t room = SAID_BYTES - n;
    if (process->said_bytes > room) {
        memmove(process->said, process->said + process->said_bytes - room, room);
        process->said_bytes = room;
    }
    memcpy(process->said + process->said_bytes, bytes, n);
    process->said_bytes += n;
}

/* Reads what it has said by now. */
static void listen_to(Process *process) {
    char bytes[SAID_BYTES];
    while (process->errors >= 0) {
        ssize_t n = read(process->errors, bytes, sizeof bytes);
        if (n > 0)
            keep_said(process, bytes, (size_t)n);
        else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
            close(process->errors);
            process->errors = -1;
        } else if (errno == EAGAIN)
            return;
    }
}

/* write() without the signal that a pipe without a reader sends. */
static ssize_t write_quietly(int descriptor, const void *bytes, size_t n) {
    sigset_t pipe_signal, before, pending;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    ssize_t written = write(descriptor, bytes, n);
    int error = errno;
    if (written < 0 && error == EPIPE && !sigismember(&before, SIGPIPE) && sigpending(&pending) == 0 &&
        sigismember(&pending, SIGPIPE)) {
        int taken;
        sigwait(&pipe_signal, &taken);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return written;
}

bool process_write(Process *process, const void *bytes, size_t n) {
    const char *next = bytes;
    while (n > 0) {
        ssize_t written = write_quietly(process->input, next, n);
        if (written > 0) {
            next += written;
            n -= (size_t)written;
            continue;
        }
        if (written < 0 && errno != EAGAIN && errno != EINTR) return false;
        struct pollfd ends[] = {
            {.fd = process->input, .events = POLLOUT}, {.fd = process->errors, .events = POLLIN}};
        poll(ends, 2, -1);
        if (ends[1].revents) listen_to(process);
    }
    return true;
}

bool process_finish(Process *process, Text *said) {
    close(process->input);
    while (process->errors >= 0) {
        struct pollfd end = {.fd = process->errors, .events = POLLIN};
        poll(&end, 1, -1);
        listen_to(process);
    }
    int status = -1;
    pid_t ended;
    do ended = waitpid(process->pid, &status, 0);
    while (ended < 0 && errno == EINTR);
    if (said) {
        while (process->said_bytes > 0 && strchr("\r\n", process->said[process->said_bytes - 1]))
            process->said_bytes--;
        text_append_bytes(said, process->said, process->said_bytes);
        if (ended > 0 && WIFSIGNALED(status))
            text_append(said, "%sit was ended by signal %d (%s)", said->length > 0 ? "; " : "",
                WTERMSIG(status), strsignal(WTERMSIG(status)));
    }
    free(process);
    return ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
