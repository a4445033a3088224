/* Pixels to a PNG file, by libpng, with what a picture says of itself; and that read back. */
#ifndef SLALOM_PNG_FILE_H
#define SLALOM_PNG_FILE_H

#include "status.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* A text in a picture: a keyword of PNG (Latin letters, 1 to 79), and UTF-8. */
typedef struct PngText {
    const char *key, *text;
} PngText;

typedef struct PngPicture {
    const uint32_t *pixels; /* (height, width) 0xAARRGGBB, not premultiplied */
    int width, height;
    bool has_alpha; /* otherwise 8-bit RGB is written, and the alphas do not count */
    const PngText *texts;
    int n_texts;
} PngPicture;

/* The same picture gives the same bytes. False and a status where the stream does not take them. */
bool png_write(FILE *file, const PngPicture *picture, Status *status);

/* Whether a file begins as a PNG does. */
bool png_is(const char *path);
/* Reads the text with a key that stands before the pixels, which are not looked at. False where there is
 * none, and where the file is no sound PNG up to there, or has texts of more than PNG_TEXT_BYTES_MAX bytes.
 */
enum { PNG_TEXT_BYTES_MAX = 1 << 20 };
bool png_read_text(const char *path, const char *key, Text *text);

#endif
