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

static void put_row(const PngPicture *picture, const uint32_t *from, png_bytep row) {
    const int bytes = picture->has_alpha ? 4 : 3;
    for (int x = 0; x < picture->width; x++) {
        png_bytep to = row + bytes * x;
        to[0] = (png_byte)(from[x] >> 16);
        to[1] = (png_byte)(from[x] >> 8);
        to[2] = (png_byte)from[x];
        if (picture->has_alpha) to[3] = (png_byte)(from[x] >> 24);
    }
}

/* libpng copies them; its struct wants them changeable. */
static void put_texts(png_structp png, png_infop info, const PngPicture *picture, png_textp texts) {
    for (int i = 0; i < picture->n_texts; i++) {
        texts[i].compression = PNG_ITXT_COMPRESSION_NONE;
        texts[i].key = (png_charp)(uintptr_t)picture->texts[i].key;
        texts[i].text = (png_charp)(uintptr_t)picture->texts[i].text;
    }
    if (picture->n_texts > 0) png_set_text(png, info, texts, picture->n_texts);
}

/* Everything that may jump out lives here: nothing in this frame is changed after setjmp and read after the
 * jump. False where libpng gave up; the message is in the output. */
static bool encode(png_structp png, png_infop info, PngOutput *output, const PngPicture *picture,
    png_textp texts, png_bytep row) {
    if (setjmp(png_jmpbuf(png))) return false;
    png_set_write_fn(png, output, write_bytes, flush_bytes);
    png_set_IHDR(png, info, (png_uint_32)picture->width, (png_uint_32)picture->height, 8,
        picture->has_alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
        PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    put_texts(png, info, picture, texts);
    /* Fixed, so that the bytes do not follow libpng's defaults. One filter for all rows: choosing one a row
     * takes three times as long and saves little. */
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
    png_set_compression_level(png, 6);
    png_set_compression_strategy(png, 0);
    png_set_compression_mem_level(png, 8);
    png_set_compression_window_bits(png, 15);
    png_write_info(png, info);
    for (int y = 0; y < picture->height; y++) {
        put_row(picture, picture->pixels + (size_t)y * (size_t)picture->width, row);
        png_write_row(png, row);
    }
    png_write_end(png, info);
    png_write_flush(png);
    return true;
}

bool png_write(FILE *file, const PngPicture *picture, Status *status) {
    PngOutput output = {.file = file, .message = "out of memory"};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &output, note_error, ignore_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    png_bytep row = malloc(4 * (size_t)picture->width);
    png_textp texts = calloc((size_t)picture->n_texts + 1, sizeof *texts);
    bool done = info && row && texts && encode(png, info, &output, picture, texts, row);
    free(texts);
    free(row);
    png_destroy_write_struct(&png, &info);
    return done || status_fail(status, STATUS_BAD_INPUT, "cannot write the PNG: %s", output.message);
}

enum { SIGNATURE_BYTES = 8 };

bool png_is(const char *path) {
    png_byte bytes[SIGNATURE_BYTES];
    FILE *file = fopen(path, "rb");
    bool is = file && fread(bytes, 1, sizeof bytes, file) == sizeof bytes &&
              png_sig_cmp(bytes, 0, sizeof bytes) == 0;
    if (file) fclose(file);
    return is;
}

static void fail_quietly(png_structp png, png_const_charp message) {
    (void)message;
    png_longjmp(png, 1);
}

/* As encode, for reading: up to the pixels. */
static bool read_info(png_structp png, png_infop info, FILE *file) {
    if (setjmp(png_jmpbuf(png))) return false;
    png_init_io(png, file);
    /* Of a picture from somebody else nothing is believed: chunks are small and few. */
    png_set_chunk_malloc_max(png, PNG_TEXT_BYTES_MAX);
    png_set_chunk_cache_max(png, 64);
    png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_WARN_DISCARD);
    png_read_info(png, info);
    return true;
}

static bool find_text(png_structp png, png_infop info, const char *key, Text *text) {
    png_textp texts = NULL;
    const int n = png_get_text(png, info, &texts, NULL);
    for (int i = 0; i < n; i++) {
        if (strcmp(texts[i].key, key) != 0 || !texts[i].text) continue;
        text_append(text, "%s", texts[i].text);
        return true;
    }
    return false;
}

bool png_read_text(const char *path, const char *key, Text *text) {
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, fail_quietly, ignore_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    bool found = info && read_info(png, info, file) && find_text(png, info, key, text);
    png_destroy_read_struct(&png, &info, NULL);
    fclose(file);
    return found;
}
