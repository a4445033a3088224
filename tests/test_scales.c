/* What pictures are measured by: contours against circles, scales of heights, ticks, labels, and whether
 * themes are legible. */
#include "test.h"

#include "canvas.h"
#include "heatmap.h"
#include "rng.h"
#include "theme.h"
#include "ticks.h"

#include <stdlib.h>
#include <string.h>

static void contours_lie_on_circles(void **state) {
    (void)state;
    enum { N = 120 };
    static double grid[N * N];
    static Point points[8 * N];
    for (int y = 0; y < N; y++)
        for (int x = 0; x < N; x++) grid[y * N + x] = (x - 60.3) * (x - 60.3) + (y - 58.8) * (y - 58.8);
    for (double radius = 5; radius < 50; radius += 4.9) {
        int n = contour_segments(grid, N, N, radius * radius, points, 8 * N);
        assert_int_equal(n % 2, 0);
        double length = 0;
        for (int i = 0; i < n; i++)
            assert_true(fabs(hypot((double)points[i].x - 60.3, (double)points[i].y - 58.8) - radius) < 0.1);
        for (int i = 0; i < n; i += 2)
            length += hypot((double)(points[i].x - points[i + 1].x), (double)(points[i].y - points[i + 1].y));
        assert_near(length, 2 * 3.14159265 * radius, 0.02);
        assert_true(contour_segments(grid, N, N, radius * radius, points, 6) <= 6);
    }
    assert_int_equal(contour_segments(grid, N, N, -1, points, 8 * N), 0);
}

static void contours_keep_off_what_is_not_finite(void **state) {
    (void)state;
    const double grid[] = {0, 1, 2, 3, NAN, 5, 6, INFINITY, 8};
    Point points[64];
    assert_int_equal(contour_segments(grid, 3, 3, 1.5, points, 64), 0);
    const double saddle[] = {1, 0, 0, 1.5}; /* the mean is above the level: the two high corners are joined */
    assert_int_equal(contour_segments(saddle, 2, 2, 0.5, points, 64), 4);
    assert_true(points[0].y == 0 && points[1].x == 1 && points[2].y == 1 && points[3].x == 0);
    const double plane[] = {0, 1, 2, 0, 1, 2};
    assert_int_equal(contour_segments(plane, 3, 2, 0.75, points, 64), 2);
    assert_near(points[0].x, 0.75, 1e-6);
    assert_near(points[1].x, 0.75, 1e-6);
}

static void height_scales_are_monotone(void **state) {
    (void)state;
    enum { N = 64 };
    static double grid[N * N];
    for (int i = 0; i < N * N; i++) grid[i] = 3 + pow(i % N - 20.5, 2) + 100 * pow(i / N - 30.2, 2);
    grid[5] = NAN;
    grid[6] = INFINITY;
    for (int logarithmic = 0; logarithmic < 2; logarithmic++) {
        HeightScale scale = height_scale_of(grid, N, N, logarithmic, 2);
        assert_true(scale.low == 2 && scale.high > scale.low);
        assert_near(height_scale_position(&scale, scale.low), 0, 1e-12);
        assert_near(height_scale_position(&scale, scale.high), 1, 1e-12);
        for (double h = -5; h < 1e5; h += 7.7)
            assert_true(height_scale_position(&scale, h + 7.7) > height_scale_position(&scale, h));
        static uint32_t pixels[N * N];
        heatmap_shade(grid, N, 0, N / 2, &scale, &theme_dark, pixels);
        heatmap_shade(grid, N, N / 2, N, &scale, &theme_dark, pixels);
        assert_int_equal(pixels[5], theme_dark.map[THEME_MAP_STOPS - 1]);
        assert_int_equal(pixels[6], theme_dark.map[THEME_MAP_STOPS - 1]);
        for (int i = 7; i < N * N; i++) {
            double stop = fmin(1, height_scale_position(&scale, grid[i])) * (THEME_MAP_STOPS - 1);
            bool below = pixels[i] == theme_dark.map[(int)(stop + 0.49)];
            assert_true(below || pixels[i] == theme_dark.map[(int)fmin(stop + 0.51, THEME_MAP_STOPS - 1)]);
        }
        double levels[CONTOUR_LEVELS_MAX];
        bool strong[CONTOUR_LEVELS_MAX];
        for (int wanted = 4; wanted <= 20; wanted++) {
            int n = contour_levels(&scale, wanted, levels, strong);
            assert_in_range(n, wanted / 2, 2 * wanted);
            for (int i = 0; i < n; i++) {
                assert_true(levels[i] > scale.low && levels[i] < scale.high);
                if (i) assert_true(levels[i] > levels[i - 1]);
                if (logarithmic && strong[i])
                    assert_near(log10(levels[i] - scale.low), nearbyint(log10(levels[i] - scale.low)), 1e-9);
            }
        }
    }
    const double flat[] = {7, 7, 7, 7}, nothing[] = {NAN, INFINITY}, wide[] = {-1.7e308, 1.7e308};
    HeightScale scale = height_scale_of(flat, 2, 2, true, NAN);
    assert_true(scale.low == 7 && scale.high > 7 && isfinite(height_scale_position(&scale, 7)));
    scale = height_scale_of(nothing, 2, 1, false, NAN);
    assert_true(scale.low < scale.high);
    scale = height_scale_of(wide, 2, 1, true, NAN);
    assert_true(isfinite(scale.low) && isfinite(scale.high) && isfinite(scale.high - scale.low));
}

static void assert_ticks(int n, const Tick *ticks, const char *labels) {
    char joined[TICKS_MAX * TICK_LABEL_BYTES] = "";
    for (int i = 0; i < n; i++) {
        if (i) strcat(joined, " ");
        strcat(joined, ticks[i].label);
    }
    assert_string_equal(joined, labels);
}

static void ticks_are_round(void **state) {
    (void)state;
    Tick ticks[TICKS_MAX];
    assert_ticks(ticks_linear(-4.6, 1.6, 6, ticks), ticks, "-4 -3 -2 -1 0 1");
    assert_ticks(ticks_linear(-0.5, 0.5, 4, ticks), ticks, "-0.4 -0.2 0.0 0.2 0.4");
    assert_ticks(ticks_linear(0, 1, 2, ticks), ticks, "0.0 0.5 1.0");
    assert_ticks(ticks_linear(0.1, 0.3, 2, ticks), ticks, "0.1 0.2 0.3");
    assert_ticks(ticks_linear(0, 128, 5, ticks), ticks, "0 20 40 60 80 100 120");
    assert_ticks(ticks_linear(1, 1.00004, 4, ticks), ticks, "1.00000 1.00001 1.00002 1.00003 1.00004");
    assert_ticks(ticks_linear(0, 4e6, 4, ticks), ticks, "0e+00 1e+06 2e+06 3e+06 4e+06");
    assert_ticks(ticks_linear(0, 4e-7, 4, ticks), ticks, "0e+00 1e-07 2e-07 3e-07 4e-07");
    assert_ticks(ticks_logarithmic(1e-8, 1e2, 6, ticks), ticks, "1e-08 1e-06 1e-04 1e-02 1e+00 1e+02");
    assert_ticks(ticks_logarithmic(0.5, 200, 6, ticks), ticks, "1e+00 1e+01 1e+02");
    assert_int_equal(ticks_linear(1, 1, 5, ticks), 0);
    assert_int_equal(ticks_linear(NAN, 1, 5, ticks), 0);
    assert_int_equal(ticks_linear(0, INFINITY, 5, ticks), 0);
    assert_int_equal(ticks_linear(1, 1 + 1e-15, 5, ticks), 0);
    assert_int_equal(ticks_logarithmic(0, 1, 5, ticks), 0);
    assert_true(ticks_linear(-1.7e308, 1.7e308, 5, ticks) > 2);
    assert_true(ticks[0].value >= -1.7e308);
    Rng rng = rng_seed(11);
    for (int turn = 0; turn < 2000; turn++) {
        double middle = rng_uniform(&rng, -1, 1) * pow(10, rng_uniform(&rng, -6, 8));
        double span = fabs(middle) * pow(10, rng_uniform(&rng, -8, 2)) + 1e-9;
        int wanted = 3 + turn % 10, n = ticks_linear(middle - span, middle + span, wanted, ticks);
        assert_in_range(n, wanted / 2, 2 * wanted + 1);
        for (int i = 0; i < n; i++) {
            assert_true(ticks[i].value >= middle - span && ticks[i].value <= middle + span);
            assert_true(strlen(ticks[i].label) < TICK_LABEL_BYTES - 1);
            if (i) assert_string_not_equal(ticks[i].label, ticks[i - 1].label);
        }
    }
}

static void labels_make_room(void **state) {
    (void)state;
    float two[] = {10, 11};
    labels_spread(two, 2, 5, 0, 100);
    assert_near(two[0], 8, 1e-6);
    assert_near(two[1], 13, 1e-6);
    float alone[] = {50};
    labels_spread(alone, 1, 5, 0, 100);
    assert_near(alone[0], 50, 1e-9);
    float full[] = {5, 5, 5, 5};
    labels_spread(full, 4, 10, 0, 25); /* room for two: the last ones go */
    assert_true(isnan(full[2]) && isnan(full[3]) && full[0] == 5 && full[1] == 15);
    Rng rng = rng_seed(2);
    for (int turn = 0; turn < 3000; turn++) {
        float wanted[24] = {0}, got[24];
        int n = 1 + turn % 24;
        float size = (float)rng_uniform(&rng, 1, 12), low = (float)rng_uniform(&rng, -20, 20);
        float high = low + (float)rng_uniform(&rng, 20, 200);
        for (int i = 0; i < n; i++) {
            wanted[i] = (float)rng_uniform(&rng, -50, 250);
            if (turn % 7 == 0 && i % 5 == 0) wanted[i] = INFINITY;
            if (turn % 11 == 0 && i % 4 == 0) wanted[i] = NAN;
        }
        memcpy(got, wanted, sizeof wanted);
        labels_spread(got, n, size, low, high);
        bool gone = false;
        for (int i = 0; i < n; i++) {
            if (isnan(wanted[i])) continue;
            assert_true(!gone || isnan(got[i])); /* only the last ones go */
            gone = gone || isnan(got[i]);
            if (gone) continue;
            assert_true(got[i] >= low + size / 2 - 1e-3f && got[i] <= high - size / 2 + 1e-3f);
            for (int k = 0; k < i; k++) {
                if (isnan(got[k])) continue;
                assert_true(fabsf(got[i] - got[k]) >= size - 1e-3f);
                bool clamped =
                    (wanted[i] <= low && wanted[k] <= low) || (wanted[i] >= high && wanted[k] >= high);
                if (!clamped && wanted[i] != wanted[k])
                    assert_true((wanted[i] < wanted[k]) == (got[i] < got[k]));
            }
        }
    }
}

static double linear_of(int byte) {
    double value = byte / 255.0;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double luminance(Colour colour) {
    return 0.2126729 * linear_of(colour.r) + 0.7151522 * linear_of(colour.g) +
           0.0721750 * linear_of(colour.b);
}

static Colour colour_of(uint32_t pixel) {
    return (Colour){(uint8_t)(pixel >> 16), (uint8_t)(pixel >> 8), (uint8_t)pixel, 255};
}

static double lightness(Colour colour) {
    double y = luminance(colour);
    return y > 216.0 / 24389 ? 116 * cbrt(y) - 16 : y * 24389 / 27;
}

/* WCAG 2. */
static double contrast(Colour a, Colour b) {
    double la = luminance(a) + 0.05, lb = luminance(b) + 0.05;
    return fmax(la, lb) / fmin(la, lb);
}

static Colour over(Colour top, Colour bottom) {
    double a = top.a / 255.0;
    return (Colour){(uint8_t)(top.r * a + bottom.r * (1 - a)), (uint8_t)(top.g * a + bottom.g * (1 - a)),
        (uint8_t)(top.b * a + bottom.b * (1 - a)), 255};
}

static void themes_are_legible(void **state) {
    (void)state;
    const Theme *themes[] = {theme_find("dark"), theme_find("light")};
    assert_null(theme_find("solarized"));
    for (int t = 0; t < 2; t++) {
        const Theme *theme = themes[t];
        const Colour backs[] = {theme->background, theme->panel, theme->raised};
        for (int b = 0; b < 3; b++) {
            assert_true(contrast(theme->text, backs[b]) >= 7);
            assert_true(contrast(theme->dim, backs[b]) >= 4.5);
            assert_true(contrast(theme->faint, backs[b]) >= 2);
            assert_true(contrast(theme->warning, backs[b]) >= 4.5);
        }
        assert_true(contrast(theme->on_accent, theme->accent) >= 4.5);
        for (int i = 0; i < THEME_MAP_STOPS; i += 15) {
            Colour map = colour_of(theme->map[i]), label = over(theme->label_back, map);
            assert_true(contrast(theme->text, label) >= 7);
            for (int r = 0; r < RACER_COLOURS; r++) {
                Colour edge = over(theme->trail_edge, map);
                assert_true(fmax(contrast(theme->racers[r], map), contrast(theme->racers[r], edge)) >= 1.8);
                assert_true(contrast(theme->racers[r], label) >= 2.1);
            }
        }
        for (int r = 0; r < RACER_COLOURS; r++)
            assert_true(contrast(theme->racers[r], theme->background) >= 2.1);
    }
}

static void maps_have_even_steps_of_lightness(void **state) {
    (void)state;
    const Theme *themes[] = {&theme_dark, &theme_light};
    for (int t = 0; t < 2; t++) {
        const uint32_t *map = themes[t]->map;
        double low = lightness(colour_of(map[0])), high = lightness(colour_of(map[THEME_MAP_STOPS - 1]));
        assert_true(high - low > 12);
        for (int i = 0; i < THEME_MAP_STOPS; i++) {
            double even = low + (high - low) * i / (THEME_MAP_STOPS - 1);
            assert_true(
                fabs(lightness(colour_of(map[i])) - even) < 0.2); /* a level of one byte is about 0.3 */
            assert_int_equal(map[i] >> 24, 255);
        }
        double step = (high - low) / 5;
        for (int i = 0; i < 5; i++) {
            double here = lightness(colour_of(map[51 * (i + 1)])) - lightness(colour_of(map[51 * i]));
            assert_true(fabs(here - step) < 0.1 * step);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contours_lie_on_circles),
        cmocka_unit_test(contours_keep_off_what_is_not_finite),
        cmocka_unit_test(height_scales_are_monotone),
        cmocka_unit_test(ticks_are_round),
        cmocka_unit_test(labels_make_room),
        cmocka_unit_test(themes_are_legible),
        cmocka_unit_test(maps_have_even_steps_of_lightness),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
