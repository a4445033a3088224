/* Output files that appear whole or not at all. */
#include "file.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* mkstemp gives 0600; what a plain fopen would give is what a person expects. */
static mode_t usual_mode(void) {
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static bool open_failed(Output *output, const char *path, Status *status) {
    status_fail(status, STATUS_BAD_INPUT, "%s: cannot write here: %s", path, strerror(errno));
    free(output->path);
    free(output->temporary);
    *output = (Output){0};
    return false;
}

bool output_open(Output *output, const char *path, Status *status) {
    *output = (Output){0};
    if (strcmp(path, "-") == 0) {
        output->file = stdout;
        return true;
    }
    struct stat existing;
    bool exists = stat(path, &existing) == 0;
    output->path = strdup(path);
    if (exists && S_ISDIR(existing.st_mode)) {
        errno = EISDIR;
        return open_failed(output, path, status);
    }
    if (exists && !S_ISREG(existing.st_mode)) { /* a pipe or a device has no half-written state */
        output->file = fopen(path, "wb");
        return output->file || open_failed(output, path, status);
    }
    if (exists && access(path, W_OK) != 0) return open_failed(output, path, status);
    static const char suffix[] = ".part-XXXXXX";
    size_t length = strlen(path);
    output->temporary = malloc(length + sizeof suffix);
    if (!output->temporary) return open_failed(output, path, status);
    memcpy(output->temporary, path, length);
    memcpy(output->temporary + length, suffix, sizeof suffix);
    int descriptor = mkstemp(output->temporary);
    if (descriptor < 0) return open_failed(output, path, status);
    fchmod(descriptor, exists ? existing.st_mode & 07777 : usual_mode());
    output->file = fdopen(descriptor, "wb");
    if (!output->file) {
        close(descriptor);
        unlink(output->temporary);
        return open_failed(output, path, status);
    }
    return true;
}

static void forget(Output *output) {
    free(output->path);
    free(output->temporary);
    *output = (Output){0};
}

bool output_commit(Output *output, Status *status) {
    assert(output->file);
    bool standard = output->file == stdout;
    const char *name = output->path ? output->path : "standard output";
    errno = 0;
    bool written = fflush(output->file) == 0 && !ferror(output->file);
    int error = errno;
    if (!standard && fclose(output->file) != 0 && written) {
        written = false;
        error = errno;
    }
    if (written && output->temporary && rename(output->temporary, output->path) != 0) {
        written = false;
        error = errno;
    }
    if (!written) {
        status_fail(status, STATUS_BAD_INPUT, "%s: could not be written: %s", name,
            error ? strerror(error) : "the device took only a part");
        if (output->temporary) unlink(output->temporary);
    }
    forget(output);
    return written;
}

void output_abandon(Output *output) {
    if (!output->file) return;
    if (output->file != stdout) fclose(output->file);
    if (output->temporary) unlink(output->temporary);
    forget(output);
}
