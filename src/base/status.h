/* The outcome of a call that can fail on bad input or on the world outside.
 *
 * A function that can fail takes a Status * last and returns false or NULL after filling it in; on success
 * it leaves the Status alone. A broken contract is not a status: it asserts. Only main turns a status into
 * an exit code, and only the app folder prints one. */
#ifndef SLALOM_STATUS_H
#define SLALOM_STATUS_H

#include <stdbool.h>

enum { STATUS_MESSAGE_BYTES = 2048 };

typedef enum StatusCode {
    STATUS_OK = 0,
    STATUS_FAILED = 1,    /* something failed while running (no memory, no display) */
    STATUS_BAD_INPUT = 2, /* the person asked for something that cannot be (also the exit code) */
} StatusCode;

typedef struct Status {
    StatusCode code;
    char message[STATUS_MESSAGE_BYTES]; /* one message that names the place; may hold newlines (a caret) */
    long place; /* byte offset of the mistake in the text that was being read; -1 where there is none */
} Status;

/* A fresh, successful status. */
Status status_ok(void);

/* Fills in a failure without a place. Returns false, so that `return status_fail(...)` reads well. */
bool status_fail(Status *status, StatusCode code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "prefix: " in front of a failure's message. Returns false. */
bool status_prefix(Status *status, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
