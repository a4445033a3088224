/* Filling in a Status. Printing one is left to the app. */
#include "status.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

Status status_ok(void) {
    return (Status){.code = STATUS_OK, .place = -1};
}

bool status_fail(Status *status, StatusCode code, const char *format, ...) {
    assert(status && code != STATUS_OK);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(status->message, sizeof status->message, format, arguments);
    va_end(arguments);
    status->code = code;
    status->place = -1;
    return false;
}

bool status_prefix(Status *status, const char *format, ...) {
    char prefix[256], rest[STATUS_MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(prefix, sizeof prefix, format, arguments);
    va_end(arguments);
    memcpy(rest, status->message, sizeof rest);
    int used = snprintf(status->message, sizeof status->message, "%s: ", prefix);
    snprintf(status->message + used, sizeof status->message - (size_t)used, "%s", rest);
    return false;
}
