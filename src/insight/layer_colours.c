/* Written out, so that they are the same bits everywhere: nine even steps of OKLab's lightness and hue, from
 * 0.58 to 0.90 on dark and from 0.38 to 0.74 on light, as colourful as sRGB allows up to 0.17. */
#include "layer_colours.h"

#include <math.h>

enum { STOPS = 9 };
static const uint32_t dark[STOPS] = {
    0x606cdd, 0x936bdd, 0xbe6cd0, 0xe171ba, 0xfc7b9d, 0xfe968a, 0xfeaf82, 0xfec57b, 0xfddc5b};
static const uint32_t light[STOPS] = {
    0x2f2e9a, 0x5a2f9e, 0x7f3297, 0xa13787, 0xbd4070, 0xd25055, 0xde6733, 0xdf8401, 0xd6a20a};

Colour layer_colour(const Theme *theme, int layer, int n) {
    const uint32_t *stops = theme == &theme_light ? light : dark;
    const double at = n > 1 ? (double)layer / (n - 1) * (STOPS - 1) : 0;
    const int below = at < STOPS - 1 ? (int)at : STOPS - 2;
    uint8_t channels[3];
    for (int i = 0; i < 3; i++) {
        const int shift = 16 - 8 * i;
        const double from = stops[below] >> shift & 0xff, to = stops[below + 1] >> shift & 0xff;
        channels[i] = (uint8_t)lround(from + (at - below) * (to - from));
    }
    return (Colour){channels[0], channels[1], channels[2], 255};
}
