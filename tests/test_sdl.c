/* sdl: text has ink where it says it is, the string cache stays small, the same calls give the same bytes. */
#include "test.h"

#include "font.h"
#include "pixel_canvas.h"

#include <stdlib.h>
#include <string.h>

static const Colour white = {255, 255, 255, 255};

static PixelCanvas *blank(int width_px, int height_px, float scale) {
    Status status = status_ok();
    PixelCanvas *canvas = pixel_canvas_create(width_px, height_px, scale, &status);
    if (!canvas) fail_msg("%s", status.message);
    return canvas;
}

/* The box of what is not black: [x0, x1) x [y0, y1). */
typedef struct InkBox {
    int x0, y0, x1, y1;
} InkBox;

static InkBox ink_box(const PixelCanvas *canvas) {
    int width = pixel_canvas_width_px(canvas), height = pixel_canvas_height_px(canvas);
    InkBox box = {width, height, 0, 0};
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            if ((pixel_canvas_pixels(canvas)[y * width + x] & 0xff) < 64) continue;
            box.x0 = x < box.x0 ? x : box.x0;
            box.y0 = y < box.y0 ? y : box.y0;
            box.x1 = x + 1 > box.x1 ? x + 1 : box.x1;
            box.y1 = y + 1 > box.y1 ? y + 1 : box.y1;
        }
    return box;
}

static void text_is_where_it_says(void **state) {
    (void)state;
    for (int font = 0; font < FONT_COUNT; font++)
        for (int align = ALIGN_LEFT; align <= ALIGN_RIGHT; align++) {
            PixelCanvas *pixels = blank(400, 60, 1);
            Canvas *canvas = pixel_canvas_canvas(pixels);
            const char *string = "HMomentumH";
            float width = canvas_text_width(canvas, (Font)font, 20, string);
            canvas_text(canvas, 200, 40, (Align)align, (Font)font, 20, white, string);
            float left = 200 - width * (float)align / 2;
            InkBox box = ink_box(pixels);
            assert_true(fabsf((float)box.x0 - left) <= 3 && fabsf((float)box.x1 - (left + width)) <= 3);
            assert_in_range(box.y1, 40, 41);             /* stands on the baseline */
            assert_true(abs(box.y1 - box.y0 - 15) <= 1); /* a capital is 0.73 em */
            pixel_canvas_destroy(pixels);
        }
}

static void sizes_are_those_of_a_browser(void **state) {
    (void)state;
    PixelCanvas *pixels = blank(100, 50, 1);
    Canvas *canvas = pixel_canvas_canvas(pixels);
    /* Advances from the fonts' own tables (hmtx), in ems: JetBrains Mono 600 / 1000 for every character. */
    assert_near(canvas_text_width(canvas, FONT_MONO, 20, "0123456789"), 120, 0.01);
    assert_near(canvas_text_width(canvas, FONT_MONO, 13, "0.038"),
        canvas_text_width(canvas, FONT_MONO, 13, "1.111"), 1e-9);
    assert_near(canvas_text_width(canvas, FONT_TEXT, 13, "start (drag me)"), 92, 0.03);
    pixel_canvas_destroy(pixels);
}

static void widths_add_up(void **state) {
    (void)state;
    PixelCanvas *pixels = blank(100, 50, 1.5f);
    Canvas *canvas = pixel_canvas_canvas(pixels);
    for (int font = 0; font < FONT_COUNT; font++) {
        float first = canvas_text_width(canvas, (Font)font, 14.5f, "The step that ");
        float second = canvas_text_width(canvas, (Font)font, 14.5f, "suits the wall");
        float both = canvas_text_width(canvas, (Font)font, 14.5f, "The step that suits the wall");
        assert_true(fabsf(first + second - both) < 2.5f);
    }
    assert_true(canvas_text_width(canvas, FONT_TEXT, 13, "") == 0);
    pixel_canvas_destroy(pixels);
}

static void odd_strings_are_safe(void **state) {
    (void)state;
    PixelCanvas *pixels = blank(100, 50, 1);
    Canvas *canvas = pixel_canvas_canvas(pixels);
    char longest[5001];
    memset(longest, 'x', 5000);
    longest[5000] = '\0';
    const char *odd[] = {
        "", " ", "\xff\xfe broken", "\xc3", "½ε²gᵀHg κ ∇ √ ×", "\n", longest, "\xf0\x9f\x8e\xbf"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        for (int font = 0; font < FONT_COUNT; font++) {
            canvas_text(canvas, 5, 20, ALIGN_CENTRE, (Font)font, 13, white, odd[i]);
            canvas_text(canvas, NAN, 1e30f, ALIGN_LEFT, (Font)font, 1e9f, white, odd[i]);
        }
    pixel_canvas_destroy(pixels);
}

static void the_cache_stays_small(void **state) {
    (void)state;
    Status status = status_ok();
    Fonts *fonts = fonts_create(&status);
    assert_non_null(fonts);
    size_t most = 0;
    for (int i = 0; i < 4000; i++) {
        char number[64];
        snprintf(number, sizeof number, "loss %.9e at step %d", 1.0 / (i + 1), i);
        assert_true(fonts_width(fonts, FONT_MONO, 12 + (float)(i % 20), number) > 0);
        most = fonts_cached_bytes(fonts) > most ? fonts_cached_bytes(fonts) : most;
    }
    assert_true(most > 0 && most <= fonts_cached_bytes_max() + 200000);
    size_t before = fonts_cached_bytes(fonts);
    for (int i = 0; i < 1000; i++) fonts_width(fonts, FONT_TEXT, 13, "the same");
    assert_true(fonts_cached_bytes(fonts) <= before + 20000);
    fonts_destroy(fonts);
}

static void draw_picture(Canvas *canvas) {
    canvas_fill_rect(canvas, (Rect){0, 0, canvas->width, canvas->height}, 0, (Colour){20, 23, 28, 255});
    const Point line[] = {{10, 10}, {90, 30}, {20, 44}};
    canvas_polyline(canvas, line, 3, 2, (Colour){230, 159, 0, 255});
    canvas_circle(canvas, (Point){60, 20}, 7, (Colour){86, 180, 233, 200});
    canvas_text(canvas, 50, 40, ALIGN_CENTRE, FONT_STRONG, 13, white, "Momentum");
}

static void the_same_calls_give_the_same_bytes(void **state) {
    (void)state;
    PixelCanvas *a = blank(150, 90, 1.5f), *b = blank(10, 10, 1);
    Status status = status_ok();
    draw_picture(pixel_canvas_canvas(a));
    assert_true(pixel_canvas_resize(b, 150, 90, 1.5f, &status));
    assert_near(pixel_canvas_canvas(b)->width, 100, 1e-6);
    draw_picture(pixel_canvas_canvas(b));
    assert_memory_equal(pixel_canvas_pixels(a), pixel_canvas_pixels(b), 150 * 90 * sizeof(uint32_t));
    for (int i = 0; i < 150 * 90; i++) assert_int_equal(pixel_canvas_pixels(a)[i] >> 24, 255);
    pixel_canvas_destroy(a);
    pixel_canvas_destroy(b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_where_it_says),
        cmocka_unit_test(sizes_are_those_of_a_browser),
        cmocka_unit_test(widths_add_up),
        cmocka_unit_test(odd_strings_are_safe),
        cmocka_unit_test(the_cache_stays_small),
        cmocka_unit_test(the_same_calls_give_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
