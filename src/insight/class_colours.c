/* Points are bright, places muted, so that points are seen on their own ground; where a network is undecided
 * the ground goes towards that of the theme. */
#include "class_colours.h"

#include <math.h>

#define RGB(hex) ((Colour){(hex) >> 16 & 0xff, (hex) >> 8 & 0xff, (hex)&0xff, 255})

typedef struct ClassPalette {
    uint32_t points[CLASS_COLOURS], places[CLASS_COLOURS];
    uint32_t undecided, edge;
} ClassPalette;

static const ClassPalette dark = {
    {0xffb454, 0x8cccf5, 0x5fd3a5, 0xe79cc4, 0xf3e56b, 0xff8a5c, 0xb7a7f2, 0xc9ced6},
    {0x7d4c22, 0x2a587d, 0x1f6149, 0x6f3f5c, 0x6b6225, 0x7d3a1f, 0x4b4380, 0x4d545e}, 0x14171c, 0x0d1116};
static const ClassPalette light = {
    {0xd97b00, 0x1f78b8, 0x008e69, 0xb95a8e, 0xa99400, 0xcf4a06, 0x6b57c8, 0x5d6673},
    {0xf6d3a4, 0xb5d8f0, 0xaee0cf, 0xeec7dc, 0xefe6a2, 0xf4bfa4, 0xd0c9f3, 0xd3d7dd}, 0xfbfaf7, 0xffffff};

static const ClassPalette *palette_of(const Theme *theme) {
    return theme == &theme_light ? &light : &dark;
}

Colour class_colour(const Theme *theme, int label) {
    return RGB(palette_of(theme)->points[label % CLASS_COLOURS]);
}

Colour class_edge_colour(const Theme *theme) {
    return RGB(palette_of(theme)->edge);
}

static uint32_t mixed(uint32_t from, uint32_t to, double part) {
    uint32_t out = 0xff;
    for (int shift = 16; shift >= 0; shift -= 8) {
        double a = from >> shift & 0xff, b = to >> shift & 0xff;
        out = out << 8 | (uint32_t)lround(a + part * (b - a));
    }
    return out;
}

void class_shades(const Theme *theme, int label, uint32_t shades[CLASS_SHADES]) {
    const ClassPalette *palette = palette_of(theme);
    for (int i = 0; i < CLASS_SHADES; i++) {
        /* The probability's distance from a half, as two outputs that differ so much would have it. */
        double certain = tanh(0.5 * (double)CLASS_CERTAIN * i / (CLASS_SHADES - 1));
        shades[i] = mixed(palette->undecided, palette->places[label % CLASS_COLOURS], certain);
    }
}

void class_even_shades(const Theme *theme, int label, uint32_t shades[CLASS_SHADES]) {
    const ClassPalette *palette = palette_of(theme);
    int k = label % CLASS_COLOURS;
    uint32_t full = mixed(palette->places[k], palette->points[k], 0.45);
    for (int i = 0; i < CLASS_SHADES; i++)
        shades[i] = mixed(palette->undecided, full, (double)i / (CLASS_SHADES - 1));
}
