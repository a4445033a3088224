/* A file that the build has made a part of the program. */
#ifndef SLALOM_EMBEDDED_H
#define SLALOM_EMBEDDED_H

#include <stddef.h>

typedef struct EmbeddedFile {
    const unsigned char *bytes;
    size_t size;
    const char *name; /* of the file, without its folder */
} EmbeddedFile;

#endif
