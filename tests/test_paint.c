/* paint: the rasteriser against areas known by geometry, and the recording canvas. */
#include "test.h"

#include "canvas.h"
#include "raster.h"
#include "record_canvas.h"
#include "rng.h"

#include <stdlib.h>
#include <string.h>

static const Colour white = {255, 255, 255, 255}, half_white = {255, 255, 255, 128};
enum { SIDE = 100 };

static int level_at(const Raster *raster, int x, int y) {
    return (int)(raster_pixels(raster)[y * raster_width_px(raster) + x] & 0xff);
}

/* The ink of white on black, in pixels. */
static double ink(const Raster *raster) {
    double sum = 0;
    for (int y = 0; y < raster_height_px(raster); y++)
        for (int x = 0; x < raster_width_px(raster); x++) sum += level_at(raster, x, y) / 255.0;
    return sum;
}

static Raster *blank(void) {
    Raster *raster = raster_create(SIDE, SIDE, 1);
    assert_non_null(raster);
    return raster;
}

static void rectangles_cover_their_area(void **state) {
    (void)state;
    Raster *raster = blank();
    raster_fill_rect(raster, (Rect){10.25f, 20.5f, 30.5f, 10.75f}, 0, white);
    assert_near(ink(raster), 30.5 * 10.75, 2e-3);
    assert_int_equal(level_at(raster, 20, 25), 255);
    assert_int_equal(level_at(raster, 10, 25), 191); /* three quarters */
    assert_int_equal(level_at(raster, 20, 20), 128);
    assert_int_equal(level_at(raster, 9, 25), 0);
    raster_destroy(raster);

    raster = blank();
    raster_fill_rect(raster, (Rect){10, 20, 50, 30}, 8, white);
    assert_near(ink(raster), 50 * 30 - (4 - 3.14159265) * 64, 2e-3);
    raster_destroy(raster);

    raster = blank();
    raster_stroke_rect(raster, (Rect){10, 20, 50, 30}, 0, 1, white); /* inside its edge: sharp */
    assert_near(ink(raster), 2 * 50 + 2 * 28, 1e-6);
    assert_int_equal(level_at(raster, 10, 20), 255);
    assert_int_equal(level_at(raster, 11, 21), 0);
    raster_destroy(raster);
}

static void circles_and_polygons_cover_their_area(void **state) {
    (void)state;
    for (float radius = 1.5f; radius < 40; radius += 3.7f) {
        Raster *raster = blank();
        raster_circle(raster, (Point){50, 50}, radius, white);
        assert_near(ink(raster), 3.14159265 * radius * radius, 0.01 + 0.2 / (double)(radius * radius));
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++) {
                assert_int_equal(level_at(raster, x, y), level_at(raster, SIDE - 1 - x, y));
                assert_int_equal(level_at(raster, x, y), level_at(raster, y, x));
            }
        raster_destroy(raster);
    }
    const Point triangle[] = {{10.3f, 12.7f}, {83.1f, 33.3f}, {24.6f, 91.9f}};
    double twice = (83.1 - 10.3) * (91.9 - 12.7) - (24.6 - 10.3) * (33.3 - 12.7);
    Raster *raster = blank();
    raster_polygon(raster, triangle, 3, white);
    assert_near(ink(raster), twice / 2, 1e-4);
    raster_destroy(raster);

    const Point backwards[] = {{24.6f, 91.9f}, {83.1f, 33.3f}, {10.3f, 12.7f}};
    raster = blank();
    raster_polygon(raster, backwards, 3, white);
    assert_near(ink(raster), twice / 2, 1e-4);
    raster_destroy(raster);

    const Point far_out[] = {{-1000, 30.5f}, {5000, 30.5f}, {5000, 60.25f}, {-1000, 60.25f}};
    raster = blank();
    raster_polygon(raster, far_out, 4, white);
    assert_near(ink(raster), SIDE * 29.75, 1e-3);
    raster_destroy(raster);
}

static void lines_cover_their_area_in_every_direction(void **state) {
    (void)state;
    const float widths[] = {0.5f, 1, 2, 4, 7.5f};
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
        for (int angle = 0; angle < 360; angle += 5) {
            float dx = cosf((float)angle * 0.0174533f), dy = sinf((float)angle * 0.0174533f), length = 60;
            Point ends[] = {{50.3f - dx * length / 2, 49.6f - dy * length / 2},
                {50.3f + dx * length / 2, 49.6f + dy * length / 2}};
            Raster *raster = blank();
            raster_polyline(raster, ends, 2, widths[w], white);
            double radius = (double)widths[w] / 2, area = 60 * 2 * radius + 3.14159265 * radius * radius;
            assert_near(ink(raster), area, widths[w] < 2 ? 0.15 : 0.03); /* hairs fall between pixels */
            raster_destroy(raster);
        }
}

/* Distance of a point to the segment from a to b. */
static double capsule_distance(double x, double y, Point a, Point b) {
    double dx = (double)b.x - (double)a.x, dy = (double)b.y - (double)a.y;
    double t = ((x - (double)a.x) * dx + (y - (double)a.y) * dy) / (dx * dx + dy * dy);
    t = fmin(fmax(t, 0), 1);
    return hypot(x - (double)a.x - t * dx, y - (double)a.y - t * dy);
}

static void lines_are_capsules_pixel_by_pixel(void **state) {
    (void)state;
    Rng rng = rng_seed(7);
    for (int turn = 0; turn < 300; turn++) {
        float width = (float)rng_uniform(&rng, 1, 9);
        double span = turn % 3 == 0 ? 3 : 100; /* short ones too */
        Point ends[2];
        ends[0] = (Point){(float)rng_uniform(&rng, 0, 100), (float)rng_uniform(&rng, 0, 100)};
        ends[1] = (Point){ends[0].x + (float)rng_uniform(&rng, -span, span),
            ends[0].y + (float)rng_uniform(&rng, -span, span)};
        if (turn % 10 == 0) ends[1].y = ends[0].y;
        if (turn % 10 == 1) ends[1].x = ends[0].x;
        Raster *raster = blank();
        raster_segments(raster, ends, 1, width, white);
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++) {
                double away = capsule_distance(x + 0.5, y + 0.5, ends[0], ends[1]);
                double expected = fmin(fmax((double)width / 2 + 0.5 - away, 0), 1) * 255;
                if (fabs(level_at(raster, x, y) - expected) > 2.5)
                    fail_msg(
                        "pixel %d %d is %d, not %g (turn %d)", x, y, level_at(raster, x, y), expected, turn);
            }
        raster_destroy(raster);
    }
}

static void a_line_covers_once(void **state) {
    (void)state;
    const Point cross[] = {{10, 10}, {90, 90}, {90, 10}, {10, 90}, {10, 10}, {90, 90}};
    Raster *raster = blank();
    raster_polyline(raster, cross, 6, 6, half_white);
    int most = 0;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) most = level_at(raster, x, y) > most ? level_at(raster, x, y) : most;
    assert_int_equal(most, 128);
    assert_int_equal(level_at(raster, 50, 50), 128);
    raster_polyline(raster, cross, 2, 6, half_white); /* the mask was cleared: a second line adds */
    assert_int_equal(level_at(raster, 50, 50), 192);
    assert_int_equal(level_at(raster, 90, 50), 128);
    raster_destroy(raster);
}

static void a_bouncing_line_is_the_line(void **state) {
    (void)state;
    Point bounce[400];
    for (int i = 0; i < 400; i++) bounce[i] = i % 2 ? (Point){20.5f, 30.25f} : (Point){80.5f, 70};
    Raster *once = blank(), *often = blank();
    raster_polyline(once, bounce, 2, 5, half_white);
    raster_polyline(often, bounce, 400, 5, half_white);
    assert_memory_equal(raster_pixels(once), raster_pixels(often), SIDE * SIDE * sizeof(uint32_t));
    raster_destroy(once);
    raster_destroy(often);

    const Point there_and_on[] = {{20, 20}, {60, 50}, {20, 20}, {20, 80}};
    const Point both_ways[] = {{20, 20}, {60, 50}, {20, 20}, {20, 80}};
    once = blank();
    often = blank();
    raster_segments(once, both_ways, 2, 5, half_white);
    raster_polyline(often, there_and_on, 4, 5, half_white);
    assert_memory_equal(raster_pixels(once), raster_pixels(often), SIDE * SIDE * sizeof(uint32_t));

    /* Slow drift must not be passed over. */
    for (int i = 0; i < 400; i++) bounce[i].y = (i % 2 ? 30 : 50) + 0.05f * (float)i;
    raster_polyline(often, bounce, 400, 5, white);
    assert_int_equal(level_at(often, 50, 59), 255); /* in the middle of the last but one */
    raster_destroy(once);
    raster_destroy(often);
}

static void far_and_undefined_points_are_safe(void **state) {
    (void)state;
    Raster *raster = blank();
    const Point wild[] = {{50, 50}, {1e30f, 1e30f}, {-1e38f, 5}, {NAN, 3}, {50, INFINITY}, {20, 20},
        {20, -1e30f}, {20, 20.1f}, {20, 20.15f}, {-INFINITY, 0}, {3e38f, 3e38f}, {-3e38f, -3e38f}};
    int n = sizeof wild / sizeof *wild;
    raster_polyline(raster, wild, n, 3, white);
    assert_int_equal(level_at(raster, 80, 80), 255); /* the way to (1e30, 1e30) */
    assert_int_equal(level_at(raster, 20, 5), 255);  /* straight up */
    raster_segments(raster, wild, n / 2, 3, white);
    raster_polygon(raster, wild, n, white);
    raster_circle(raster, (Point){NAN, 1}, 5, white);
    raster_circle(raster, (Point){1e30f, 1}, 5, white);
    raster_circle(raster, (Point){50, 50}, 1e30f, white);
    raster_fill_rect(raster, (Rect){NAN, 0, 5, 5}, 1, white);
    raster_fill_rect(raster, (Rect){-1e30f, -1e30f, 2e30f, 2e30f}, 3, white);
    raster_fill_rect(raster, (Rect){5, 5, -3, 4}, 0, white);
    raster_stroke_rect(raster, (Rect){-1e30f, 5, 2e30f, 10}, 3, 1, white);
    raster_set_clip(raster, (Rect){-1e30f, NAN, INFINITY, 1e30f});
    raster_fill_rect(raster, (Rect){0, 0, 100, 100}, 0, white);
    raster_destroy(raster);
}

static void the_clip_holds(void **state) {
    (void)state;
    Raster *raster = blank();
    raster_set_clip(raster, (Rect){20, 30, 41, 27});
    Rng rng = rng_seed(3);
    for (int turn = 0; turn < 200; turn++) {
        Point points[8];
        for (int i = 0; i < 8; i++)
            points[i] = (Point){(float)rng_uniform(&rng, -50, 150), (float)rng_uniform(&rng, -50, 150)};
        raster_polyline(raster, points, 8, 5, white);
        raster_segments(raster, points, 4, 2, white);
        raster_polygon(raster, points, 8, white);
        raster_circle(raster, points[0], 30, white);
        raster_fill_rect(raster, (Rect){points[0].x, points[0].y, 90, 90}, 9, white);
        raster_stroke_rect(raster, (Rect){points[1].x, points[1].y, 90, 90}, 9, 3, white);
        uint32_t pixel = 0xffffffff;
        raster_image(raster, &pixel, 1, 1, (Rect){points[2].x, points[2].y, 90, 90});
        uint8_t coverage[64];
        memset(coverage, 255, sizeof coverage);
        raster_coverage(raster, coverage, 8, 8, (int)points[3].x, (int)points[3].y, white);
    }
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            bool inside = x >= 20 && x < 61 && y >= 30 && y < 57;
            assert_int_equal(level_at(raster, x, y), inside ? 255 : 0);
        }
    raster_destroy(raster);
}

static void images_are_copied_or_stretched(void **state) {
    (void)state;
    uint32_t pixels[20 * 10];
    Rng rng = rng_seed(5);
    for (int i = 0; i < 200; i++) pixels[i] = 0xff000000 | (uint32_t)(rng_next(&rng) & 0xffffff);
    Raster *raster = blank();
    raster_image(raster, pixels, 20, 10, (Rect){30, 40, 20, 10});
    for (int y = 0; y < 10; y++)
        for (int x = 0; x < 20; x++)
            assert_int_equal(raster_pixels(raster)[(40 + y) * SIDE + 30 + x], pixels[20 * y + x]);
    assert_int_equal(raster_pixels(raster)[40 * SIDE + 50], 0xff000000);
    const uint32_t ramp[] = {0xff000000, 0xffffffff};
    raster_image(raster, ramp, 2, 1, (Rect){0, 0, 100, 20});
    assert_int_equal(level_at(raster, 0, 5), 0);
    assert_int_equal(level_at(raster, 99, 5), 255);
    for (int x = 1; x < SIDE; x++) assert_true(level_at(raster, x, 5) >= level_at(raster, x - 1, 5));
    assert_in_range(level_at(raster, 49, 5), 120, 132);
    raster_destroy(raster);
}

static void blending_is_exact(void **state) {
    (void)state;
    for (int alpha = 0; alpha < 256; alpha += 5) {
        Raster *raster = blank();
        raster_fill_rect(raster, (Rect){0, 0, 11, 1}, 0, (Colour){200, 100, 7, 255});
        raster_fill_rect(raster, (Rect){0, 0, 11, 1}, 0, (Colour){10, 250, 90, (uint8_t)alpha});
        uint32_t expected = 0xff000000;
        const int from[] = {200, 100, 7}, to[] = {10, 250, 90};
        for (int i = 0; i < 3; i++)
            expected |= (uint32_t)((to[i] * alpha + from[i] * (255 - alpha) + 127) / 255) << (16 - 8 * i);
        for (int x = 0; x < 11; x++) assert_int_equal(raster_pixels(raster)[x], expected);
        raster_destroy(raster);
    }
}

static void recordings_answer(void **state) {
    (void)state;
    RecordCanvas *record = record_canvas_create(200, 100);
    Canvas *canvas = record_canvas_canvas(record);
    uint64_t empty = record_canvas_hash(record);
    canvas_text(canvas, 10, 50, ALIGN_LEFT, FONT_MONO, 10, white, "alpha");
    canvas_text(canvas, 25, 50, ALIGN_LEFT, FONT_MONO, 10, white, "beta");
    canvas_text(canvas, 190, 20, ALIGN_LEFT, FONT_MONO, 10, white, "over the edge");
    assert_near(canvas_text_width(canvas, FONT_MONO, 10, "½κab"), 24, 1e-6);
    TextPair pair;
    const Call *cut = NULL;
    assert_int_equal(record_canvas_overlaps(record, &pair, 1), 1);
    assert_string_equal(pair.first->string, "alpha");
    assert_string_equal(pair.second->string, "beta");
    assert_int_equal(record_canvas_cut_texts(record, &cut, 1), 1);
    assert_string_equal(cut->string, "over the edge");
    assert_non_null(record_canvas_find_text(record, "lph"));
    assert_null(record_canvas_find_text(record, "gamma"));
    canvas_fill_rect(canvas, (Rect){0, 0, 200, 100}, 0, white); /* hides all that was there */
    assert_int_equal(record_canvas_overlaps(record, NULL, 0), 0);
    assert_null(record_canvas_find_text(record, "alpha"));
    canvas_set_clip(canvas, (Rect){0, 0, 50, 50});
    canvas_text(canvas, 60, 20, ALIGN_LEFT, FONT_TEXT, 10, white, "outside");
    canvas_text(canvas, 48, 20, ALIGN_RIGHT, FONT_TEXT, 10, white, "inside");
    canvas_text(canvas, 50, 30, ALIGN_CENTRE, FONT_TEXT, 10, white, "both");
    assert_null(record_canvas_find_text(record, "outside"));
    assert_int_equal(record_canvas_cut_texts(record, &cut, 1), 1);
    assert_string_equal(cut->string, "both");
    uint64_t hash = record_canvas_hash(record);
    const Point line[] = {{1, 2}, {NAN, 5}, {11, 12}};
    canvas_polyline(canvas, line, 3, 2, white);
    const Call *call = record_canvas_call(record, record_canvas_count(record) - 1);
    assert_true(call->box.x == 0 && call->box.y == 1 && call->box.width == 12 && call->box.height == 12);
    assert_true(record_canvas_hash(record) != hash);
    record_canvas_clear(record);
    assert_true(record_canvas_hash(record) == empty && record_canvas_count(record) == 0);
    record_canvas_destroy(record);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rectangles_cover_their_area),
        cmocka_unit_test(circles_and_polygons_cover_their_area),
        cmocka_unit_test(lines_cover_their_area_in_every_direction),
        cmocka_unit_test(lines_are_capsules_pixel_by_pixel),
        cmocka_unit_test(a_line_covers_once),
        cmocka_unit_test(a_bouncing_line_is_the_line),
        cmocka_unit_test(far_and_undefined_points_are_safe),
        cmocka_unit_test(the_clip_holds),
        cmocka_unit_test(images_are_copied_or_stretched),
        cmocka_unit_test(blending_is_exact),
        cmocka_unit_test(recordings_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
