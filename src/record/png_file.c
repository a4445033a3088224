/* PNG files by libpng. Opening, naming and renaming the file is up to base/file. */
#include "png_file.h"

#include <png.h>

#include <errno.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

/* What libpng's callbacks know: where the bytes go and what went wrong first. */
typedef struct PngOutput {
    FILE *file;
    char message[256];
} PngOutput;

static void write_bytes(png_structp png, png_bytep bytes, size_t n) {
    PngOutput *output = png_get_io_ptr(png);
    errno = 0;
    if (fwrite(bytes, 1, n, output->file) != n) png_error(png, errno ? strerror(errno) : "cannot write");
}

static void flush_bytes(png_structp png) {
    PngOutput *output = png_get_io_ptr(png);
    errno = 0;
    if (fflush(output->file) != 0) png_error(png, errno ? strerror(errno) : "cannot write");
}

static void note_error(png_structp png, png_const_charp message) {
    PngOutput *output = png_get_error_ptr(png);
    snprintf(output->message, sizeof output->message, "%s", message);
    png_longjmp(png, 1);
}

static void ignore_warning(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

/* Everything that may jump out lives here: nothing in this frame is changed after setjmp and read after the
 * jump. False where libpng gave up; the message is in the output. */
static bool encode(png_structp png, png_infop info, PngOutput *output, const uint32_t *pixels, int width,
    int height, png_bytep row) {
    if (setjmp(png_jmpbuf(png))) return false;
    png_set_write_fn(png, output, write_bytes, flush_bytes);
    png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, 8, PNG_COLOR_TYPE_RGB,
        PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    /* Fixed, so that the bytes do not follow libpng's defaults. One filter for all rows: choosing one a row
     * takes three times as long and saves little. */
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
    png_set_compression_level(png, 6);
    png_set_compression_strategy(png, 0);
    png_set_compression_mem_level(png, 8);
    png_set_compression_window_bits(png, 15);
    png_write_info(png, info);
    for (int y = 0; y < height; y++) {
        const uint32_t *from = pixels + (size_t)y * (size_t)width;
        for (int x = 0; x < width; x++) {
            row[3 * x] = (png_byte)(from[x] >> 16);
            row[3 * x + 1] = (png_byte)(from[x] >> 8);
            row[3 * x + 2] = (png_byte)from[x];
        }
        png_write_row(png, row);
    }
    png_write_end(png, info);
    png_write_flush(png);
    return true;
}

bool png_write(FILE *file, const uint32_t *pixels, int width, int height, Status *status) {
    PngOutput output = {.file = file, .message = "out of memory"};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &output, note_error, ignore_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    png_bytep row = malloc(3 * (size_t)width);
    bool done = info && row && encode(png, info, &output, pixels, width, height, row);
    free(row);
    png_destroy_write_struct(&png, &info);
    return done || status_fail(status, STATUS_BAD_INPUT, "cannot write the PNG: %s", output.message);
}
