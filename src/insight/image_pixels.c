/* Where pixels are fewer than numbers, each is the mean of those that it covers. */
#include "image_pixels.h"

#include <math.h>

static const Colour sign_middle_dark = {0x14, 0x17, 0x1c, 255}, sign_middle_light = {0xfb, 0xfa, 0xf7, 255};

static uint8_t mixed(uint8_t from, uint8_t to, double share) {
    return (uint8_t)lround(from + share * (to - from));
}

Colour image_sign_colour(const Theme *theme, double sign) {
    const Colour from = theme->background.r < 128 ? sign_middle_dark : sign_middle_light;
    const Colour to = theme->racers[sign < 0 ? 0 : 1]; /* orange and blue in both themes */
    const double share = fmin(fabs(sign), 1);
    return (Colour){mixed(from.r, to.r, share), mixed(from.g, to.g, share), mixed(from.b, to.b, share), 255};
}

static uint32_t opaque(Colour colour) {
    return 0xff000000u | (uint32_t)colour.r << 16 | (uint32_t)colour.g << 8 | colour.b;
}

/* The mean of the numbers under a pixel: columns x0 .. x1 - 1, rows y0 .. y1 - 1. */
static double mean_of(const ImageNumbers *image, int x0, int x1, int y0, int y1) {
    double sum = 0;
    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++) sum += (double)image->numbers[y * image->width + x];
    return sum / ((double)(x1 - x0) * (y1 - y0));
}

/* The first of the numbers under pixel i of n_px, and behind the last. */
static void under(int i, int n, int n_px, int *from, int *to) {
    *from = (int)((int64_t)i * n / n_px);
    *to = (int)((int64_t)(i + 1) * n / n_px);
    if (*to <= *from) *to = *from + 1;
}

void image_pixels(const ImageNumbers *image, double low, double high, const uint32_t shades[IMAGE_SHADES],
    uint32_t *pixels, int width_px, int height_px) {
    const double steps = (IMAGE_SHADES - 1) / (high - low);
    for (int row = 0; row < height_px; row++) {
        int y0, y1, before_y0, before_y1;
        under(row, image->height, height_px, &y0, &y1);
        if (row > 0) {
            under(row - 1, image->height, height_px, &before_y0, &before_y1);
            if (before_y0 == y0 && before_y1 == y1) { /* most rows are like the one above */
                for (int i = 0; i < width_px; i++) pixels[i] = pixels[i - width_px];
                pixels += width_px;
                continue;
            }
        }
        for (int column = 0; column < width_px; column++) {
            int x0, x1;
            under(column, image->width, width_px, &x0, &x1);
            const double step = (mean_of(image, x0, x1, y0, y1) - low) * steps + 0.5;
            *pixels++ = shades[step > 0 ? (int)fmin(step, IMAGE_SHADES - 1) : 0];
        }
    }
}

void image_shades_grey(uint32_t shades[IMAGE_SHADES]) {
    for (int i = 0; i < IMAGE_SHADES; i++) shades[i] = 0xff000000u | (uint32_t)(i / 2) * 0x10101u;
}

void image_shades_signed(const Theme *theme, uint32_t shades[IMAGE_SHADES]) {
    for (int i = 0; i < IMAGE_SHADES; i++)
        shades[i] = opaque(image_sign_colour(theme, 2.0 * i / (IMAGE_SHADES - 1) - 1));
}
