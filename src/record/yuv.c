/* ITU-R BT.709, items 3.2 to 3.5, in 16-bit integers: loops that a compiler makes SIMD of. */
#include "yuv.h"

/* Weights times 219/255 (brightness) or 224/255 (colour) in 1/16384: (channel << 8) * weight >> 16 has six
 * binary digits behind the point. */
enum {
    Y_R = 2991, /* .2126 * 219/255 * 2^14 */
    Y_G = 10063,
    Y_B = 1016,
    CB_R = 1649, /* .2126 / 1.8556 * 224/255 * 2^14 */
    CB_G = 5547,
    C_MOST = 7196, /* .5 * 224/255 * 2^14 */
    CR_G = 6536,   /* .7152 / 1.5748 * 224/255 * 2^14 */
    CR_B = 660,
};
enum {
    POINT = 64, /* 1 with six binary digits */
    HALF = POINT / 2,
    CUT = 1,  /* what cutting off the digits behind the six takes away, about, of three products */
    SPAN = 64 /* chroma samples that are handled at a time */
};

int yuv_side(int side_px) {
    return side_px + (side_px & 1);
}

size_t yuv_bytes(int width_px, int height_px) {
    return (size_t)yuv_side(width_px) * (size_t)yuv_side(height_px) / 2 * 3;
}

static inline uint16_t times(uint16_t a, uint16_t b) {
    return (uint16_t)((uint32_t)a * b >> 16);
}

static void convert_brightness(const uint32_t *restrict pixels, int n, uint8_t *restrict out) {
    for (int i = 0; i < n; i++) {
        uint32_t pixel = pixels[i];
        uint16_t r = (uint16_t)(pixel >> 8 & 0xff00), g = (uint16_t)(pixel & 0xff00),
                 b = (uint16_t)(pixel << 8 & 0xff00);
        uint16_t sum = (uint16_t)(times(r, Y_R) + times(g, Y_G) + times(b, Y_B) + 16 * POINT + HALF + CUT);
        out[i] = (uint8_t)(sum >> 6);
    }
}

/* Red and blue of a pixel in the two halves of a number, and green alone: sums of eight of them fit. */
static const uint32_t RED_BLUE = 0xff00ff;

/* Sums of two rows over 2 * SPAN + 1 columns. 0..510 in each half. */
typedef struct Sums {
    uint32_t red_blue[2 * SPAN + 1], green[2 * SPAN + 1];
} Sums;

static void add_rows(
    const uint32_t *restrict above, const uint32_t *restrict below, int n, Sums *restrict sums, int at) {
    for (int i = 0; i < n; i++) {
        sums->red_blue[at + i] = (above[i] & RED_BLUE) + (below[i] & RED_BLUE);
        sums->green[at + i] = (above[i] >> 8 & 0xff) + (below[i] >> 8 & 0xff);
    }
}

/* Eight times the means around the samples, up to 2040, moved to where times() takes them. */
typedef struct Means {
    uint16_t r[SPAN], g[SPAN], b[SPAN];
} Means;

static void find_means(const Sums *restrict sums, int n, Means *restrict means) {
    for (int i = 0; i < n; i++) {
        const uint32_t *red_blue = sums->red_blue + 2 * i, *green = sums->green + 2 * i;
        const uint32_t both = red_blue[0] + 2 * red_blue[1] + red_blue[2];
        means->r[i] = (uint16_t)(both >> 16 << 5);
        means->b[i] = (uint16_t)(both << 5);
        means->g[i] = (uint16_t)((green[0] + 2 * green[1] + green[2]) << 5);
    }
}

static void convert_colour(const Means *restrict means, int n, uint8_t *restrict cb, uint8_t *restrict cr) {
    for (int i = 0; i < n; i++) {
        const uint16_t r = means->r[i], g = means->g[i], b = means->b[i];
        const uint16_t blue =
            (uint16_t)(128 * POINT + HALF + times(b, C_MOST) - times(r, CB_R) - times(g, CB_G));
        const uint16_t red =
            (uint16_t)(128 * POINT + HALF + times(r, C_MOST) - times(g, CR_G) - times(b, CR_B));
        cb[i] = (uint8_t)(blue >> 6);
        cr[i] = (uint8_t)(red >> 6);
    }
}

/* Of two rows. */
static void convert_colours(
    const uint32_t *above, const uint32_t *below, int width_px, uint8_t *cb, uint8_t *cr) {
    Sums sums;
    Means means;
    const int samples = yuv_side(width_px) / 2;
    for (int sample = 0; sample < samples; sample += SPAN) {
        const int n = samples - sample < SPAN ? samples - sample : SPAN;
        /* The columns around the samples; the first and the last of the picture are continued. */
        const int first = 2 * sample - 1, last = 2 * (sample + n) - 1;
        const int from = first < 0 ? 0 : first, to = last < width_px ? last : width_px - 1;
        add_rows(above + from, below + from, to - from + 1, &sums, from - first);
        if (first < 0) add_rows(above, below, 1, &sums, 0);
        if (last >= width_px) add_rows(above + width_px - 1, below + width_px - 1, 1, &sums, 2 * n);
        find_means(&sums, n, &means);
        convert_colour(&means, n, cb + sample, cr + sample);
    }
}

void yuv_convert(const uint32_t *pixels, int width_px, int height_px, uint8_t *out) {
    const size_t width = (size_t)yuv_side(width_px), height = (size_t)yuv_side(height_px);
    uint8_t *cb = out + width * height, *cr = cb + width * height / 4;
    for (size_t y = 0; y < height; y++) {
        const size_t row = y < (size_t)height_px ? y : (size_t)height_px - 1;
        uint8_t *to = out + y * width;
        convert_brightness(pixels + row * (size_t)width_px, width_px, to);
        if (width > (size_t)width_px) to[width - 1] = to[width - 2];
    }
    for (size_t y = 0; y < height; y += 2) {
        const uint32_t *above = pixels + y * (size_t)width_px;
        const uint32_t *below = y + 1 < (size_t)height_px ? above + width_px : above;
        convert_colours(above, below, width_px, cb + y / 2 * (width / 2), cr + y / 2 * (width / 2));
    }
}
