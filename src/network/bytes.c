/* Files into memory. What they mean is left to the readers. */
#include "bytes.h"

#include "text.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

void bytes_finish(Bytes *bytes) {
    free(bytes->data);
    *bytes = (Bytes){0};
}

static bool fail_large(const char *name, Status *status) {
    char limit[32];
    text_format_bytes(limit, sizeof limit, (double)BYTES_MAX);
    return status_fail(status, STATUS_BAD_INPUT, "%s: holds more than %s", name, limit);
}

/* Doubles the room; false where it would be more than allowed or than there is. */
static bool grow(Bytes *bytes, size_t *room, const char *name, Status *status) {
    if (*room >= BYTES_MAX) return fail_large(name, status);
    size_t larger = *room ? 2 * *room : 1 << 16;
    uint8_t *data = realloc(bytes->data, larger);
    if (!data) return status_fail(status, STATUS_FAILED, "%s: out of memory", name);
    bytes->data = data;
    *room = larger;
    return true;
}

/* All members of the stream, one after another. */
static bool inflate_all(z_stream *stream, Bytes *bytes, const char *name, Status *status) {
    size_t room = 0;
    for (;;) {
        if (bytes->size == room && !grow(bytes, &room, name, status)) return false;
        size_t left = room - bytes->size;
        stream->next_out = bytes->data + bytes->size;
        stream->avail_out = (uInt)(left < UINT_MAX ? left : UINT_MAX);
        uInt before = stream->avail_out;
        int result = inflate(stream, Z_NO_FLUSH);
        bytes->size += before - stream->avail_out;
        if (result == Z_STREAM_END) {
            if (stream->avail_in == 0) return true;
            if (inflateReset(stream) != Z_OK) result = Z_DATA_ERROR;
        }
        if (result == Z_BUF_ERROR || (result == Z_OK && stream->avail_in == 0 && stream->avail_out > 0))
            return status_fail(status, STATUS_BAD_INPUT, "%s: the compressed data end in the middle", name);
        if (result == Z_MEM_ERROR) return status_fail(status, STATUS_FAILED, "%s: out of memory", name);
        if (result != Z_OK && result != Z_STREAM_END)
            return status_fail(status, STATUS_BAD_INPUT, "%s: the compressed data are damaged", name);
    }
}

bool bytes_unpack(Bytes *bytes, const uint8_t *packed, size_t size, const char *name, Status *status) {
    *bytes = (Bytes){0};
    bool is_gzip = size >= 2 && packed[0] == 0x1f && packed[1] == 0x8b;
    if (size > BYTES_MAX) return fail_large(name, status);
    if (!is_gzip) {
        if (size == 0) return true;
        bytes->data = malloc(size);
        if (!bytes->data) return status_fail(status, STATUS_FAILED, "%s: out of memory", name);
        memcpy(bytes->data, packed, size);
        bytes->size = size;
        return true;
    }
    enum { GZIP_WINDOW = 15 + 16 }; /* zlib's way to ask for gzip's header and checksum */
    z_stream stream = {.next_in = (Bytef *)packed, .avail_in = (uInt)size};
    if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
        return status_fail(status, STATUS_FAILED, "%s: out of memory", name);
    bool good = inflate_all(&stream, bytes, name, status);
    inflateEnd(&stream);
    if (!good) bytes_finish(bytes);
    return good;
}

static bool read_all(FILE *file, Bytes *bytes, const char *path, Status *status) {
    size_t room = 0;
    for (;;) {
        if (bytes->size == room && !grow(bytes, &room, path, status)) return false;
        size_t got = fread(bytes->data + bytes->size, 1, room - bytes->size, file);
        bytes->size += got;
        if (got == 0) break;
    }
    return !ferror(file) ||
           status_fail(status, STATUS_BAD_INPUT, "%s: cannot be read: %s", path, strerror(errno));
}

bool bytes_load(Bytes *bytes, const char *path, Status *status) {
    *bytes = (Bytes){0};
    FILE *file = fopen(path, "rb");
    if (!file) return status_fail(status, STATUS_BAD_INPUT, "%s: cannot be read: %s", path, strerror(errno));
    Bytes packed = {0};
    bool good = read_all(file, &packed, path, status);
    fclose(file);
    if (good && packed.size >= 2 && packed.data[0] == 0x1f && packed.data[1] == 0x8b) {
        good = bytes_unpack(bytes, packed.data, packed.size, path, status);
    } else if (good) {
        *bytes = packed;
        packed = (Bytes){0};
    }
    bytes_finish(&packed);
    return good;
}
