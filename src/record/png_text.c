/* By libpng. What a picture's colours are is found by a table of hashes. */
#include "png_text.h"

#include <png.h>

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

enum { COLOURS_MAX = 256, SLOTS = 1024 };

/* The colours of a picture, in the order in which they come. */
typedef struct Colours {
    uint32_t found[COLOURS_MAX];
    int n;
    short slots[SLOTS]; /* 1 + index of a colour; 0: free */
} Colours;

/* Its index; -1 where it is one too many. */
static int index_of(Colours *colours, uint32_t pixel) {
    uint32_t colour = pixel & 0xffffff;
    unsigned slot = (colour * 0x9e3779b1u) >> 22;
    while (colours->slots[slot]) {
        int index = colours->slots[slot] - 1;
        if (colours->found[index] == colour) return index;
        slot = (slot + 1) % SLOTS;
    }
    if (colours->n == COLOURS_MAX) return -1;
    colours->found[colours->n++] = colour;
    colours->slots[slot] = (short)colours->n;
    return colours->n - 1;
}

static bool find_colours(Colours *colours, const uint32_t *pixels, size_t n) {
    memset(colours, 0, sizeof *colours);
    for (size_t i = 0; i < n; i++)
        if (index_of(colours, pixels[i]) < 0) return false;
    return true;
}

static void write_bytes(png_structp png, png_bytep bytes, size_t n) {
    text_append_bytes(png_get_io_ptr(png), (const char *)bytes, n);
}

static void flush_bytes(png_structp png) {
    (void)png;
}

static void give_up(png_structp png, png_const_charp message) {
    (void)message;
    png_longjmp(png, 1);
}

static void ignore_warning(png_structp png, png_const_charp message) {
    (void)png, (void)message;
}

typedef struct Picture {
    const uint32_t *pixels;
    int width, height;
    Colours *colours; /* NULL: too many for a palette */
} Picture;

static void set_palette(png_structp png, png_infop info, const Colours *colours) {
    png_color palette[COLOURS_MAX];
    for (int i = 0; i < colours->n; i++) {
        uint32_t colour = colours->found[i];
        palette[i] = (png_color){(png_byte)(colour >> 16), (png_byte)(colour >> 8), (png_byte)colour};
    }
    png_set_PLTE(png, info, palette, colours->n);
}

static void fill_row(const Picture *picture, const uint32_t *from, png_bytep row) {
    for (int x = 0; x < picture->width; x++) {
        if (picture->colours) {
            row[x] = (png_byte)index_of(picture->colours, from[x]);
            continue;
        }
        row[3 * x] = (png_byte)(from[x] >> 16);
        row[3 * x + 1] = (png_byte)(from[x] >> 8);
        row[3 * x + 2] = (png_byte)from[x];
    }
}

/* Everything that may jump out lives here, and nothing in this frame changes after setjmp. */
static bool encode(png_structp png, png_infop info, const Picture *picture, Text *out, png_bytep row) {
    if (setjmp(png_jmpbuf(png))) return false;
    png_set_write_fn(png, out, write_bytes, flush_bytes);
    png_set_IHDR(png, info, (png_uint_32)picture->width, (png_uint_32)picture->height, 8,
        picture->colours ? PNG_COLOR_TYPE_PALETTE : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
        PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    /* Indices have no slopes that a filter would find; the bytes do not follow libpng's defaults. */
    png_set_filter(png, PNG_FILTER_TYPE_BASE, picture->colours ? PNG_FILTER_NONE : PNG_FILTER_SUB);
    png_set_compression_level(png, 9);
    png_set_compression_strategy(png, 0);
    png_set_compression_mem_level(png, 8);
    png_set_compression_window_bits(png, 15);
    if (picture->colours) set_palette(png, info, picture->colours);
    png_write_info(png, info);
    for (int y = 0; y < picture->height; y++) {
        fill_row(picture, picture->pixels + (size_t)y * (size_t)picture->width, row);
        png_write_row(png, row);
    }
    png_write_end(png, info);
    return true;
}

bool png_append(Text *out, const uint32_t *pixels, int width, int height) {
    Colours colours;
    Picture picture = {pixels, width, height, NULL};
    if (find_colours(&colours, pixels, (size_t)width * (size_t)height)) picture.colours = &colours;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, give_up, ignore_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    png_bytep row = malloc(3 * (size_t)width);
    bool done = info && row && encode(png, info, &picture, out, row);
    free(row);
    png_destroy_write_struct(&png, &info);
    return done;
}
