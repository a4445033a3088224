/* record: the canvases of shapes: files that are well formed whatever is written on them, text, clips, lines
 * with fewer points, the same bytes. paint: curves against conics in closed form. */
#include "test.h"

#include "base64.h"
#include "curves.h"
#include "pdf_canvas.h"
#include "png_text.h"
#include "rng.h"
#include "simplify.h"
#include "svg_canvas.h"
#include "type.h"

#include <png.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const Colour ink = {10, 20, 30, 255}, half = {10, 20, 30, 128};
static const Page page = {.width = 320, .height = 240, .width_mm = 80, .height_mm = 60, .scale = 2};

/* Something of every kind. */
static void draw(Canvas *canvas, const char *label) {
    uint32_t pixels[6] = {0xff000000, 0xffffffff, 0xff123456, 0xff000000, 0xff654321, 0xff00ff00};
    canvas_reset_clip(canvas);
    canvas_fill_rect(canvas, (Rect){0, 0, 320, 240}, 0, (Colour){255, 255, 255, 255});
    canvas_image(canvas, pixels, 3, 2, (Rect){10, 10, 30, 20});
    canvas_set_clip(canvas, (Rect){20, 20, 200.5f, 100});
    canvas_stroke_rect(canvas, (Rect){30, 30, 40, 20}, 5, 2, half);
    canvas_polyline(canvas, (Point[]){{0, 0}, {50, 50}, {NAN, 0}, {70, 80}}, 4, 1.5f, ink);
    canvas_segments(canvas, (Point[]){{0, 5}, {9, 5}, {INFINITY, 5}, {9, 5}}, 2, 1, ink);
    canvas_polygon(canvas, (Point[]){{0, 0}, {10, 0}, {5, 8}}, 3, half);
    canvas_circle(canvas, (Point){100, 100}, 7, ink);
    canvas_reset_clip(canvas);
    for (int font = 0; font < FONT_COUNT; font++)
        canvas_text(canvas, 160, 40 + 20 * (float)font, (Align)(font % 3), (Font)font, 12, ink, label);
}

static Text svg_of(const char *label, const char *title) {
    Status status = status_ok();
    Page titled = page;
    titled.title = title;
    SvgCanvas *svg = svg_canvas_create(&titled, &status);
    Text out = {0};
    assert_non_null(svg);
    draw(svg_canvas_canvas(svg), label);
    svg_canvas_write(svg, &out);
    svg_canvas_destroy(svg);
    return out;
}

/* Reads a document as XML does: tags in pairs, attributes in quotes, no stray & or <. */
static void assert_well_formed(const char *at) {
    enum { DEEP = 16 };
    char names[DEEP][32];
    int depth = 0;
    bool rooted = false;
    while (*at) {
        if (*at == '&') {
            size_t length = strcspn(at, ";");
            assert_true(strncmp(at, "&amp;", 5) == 0 || strncmp(at, "&lt;", 4) == 0 ||
                        strncmp(at, "&gt;", 4) == 0 || strncmp(at, "&quot;", 6) == 0);
            at += length;
        } else if (*at == '<' && at[1] == '?') {
            at = strstr(at, "?>") + 2;
        } else if (*at == '<') {
            bool closes = at[1] == '/';
            char name[32] = "";
            assert_int_equal(sscanf(at + 1 + closes, "%31[a-zA-Z]", name), 1);
            at += 1 + closes + strlen(name);
            while (*at != '>' && *at != '/') { /* attributes */
                at += strspn(at, " \n");
                if (*at == '>' || *at == '/') break;
                at += strcspn(at, "=<>\"");
                assert_memory_equal(at, "=\"", 2);
                at += 2;
                at += strcspn(at, "\"<");
                assert_int_equal(*at++, '"');
            }
            bool empty = *at == '/';
            at += 1 + empty;
            if (closes) {
                assert_true(depth > 0);
                assert_string_equal(names[--depth], name);
            } else if (!empty) {
                assert_true(depth < DEEP && (depth > 0 || !rooted));
                rooted = true;
                strcpy(names[depth++], name);
            }
        } else {
            assert_true(*at != '>');
            at++;
        }
    }
    assert_int_equal(depth, 0);
}

static void svg_is_well_formed(void **state) {
    (void)state;
    static const char *const labels[] = {"Adam", "a < b && c > \"d\" </text>", "x² − ∇f <!-- ]]> &amp;",
        "bad \xff\xc3( bytes \x01\x02", "", "  blanks  "};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        Text svg = svg_of(labels[i], labels[i]);
        assert_well_formed(text_string(&svg));
        text_finish(&svg);
    }
}

static void svg_says_what_was_drawn(void **state) {
    (void)state;
    Text svg = svg_of("a < b & c", NULL);
    const char *text = text_string(&svg);
    assert_non_null(strstr(text, "width=\"80mm\" height=\"60mm\" viewBox=\"0 0 320 240\""));
    assert_non_null(strstr(text, ">a &lt; b &amp; c</text>"));
    assert_non_null(strstr(text, "text-anchor=\"middle\""));
    assert_non_null(strstr(text, "font-style=\"italic\""));
    assert_non_null(strstr(text, "font-family:\"JetBrains Mono\""));
    /* A clip is a group of its own, and what comes after is out of it. */
    assert_non_null(
        strstr(text, "<clipPath id=\"clip0\"><rect x=\"20\" y=\"20\" width=\"200.5\" height=\"100\"/>"));
    const char *group = strstr(text, "<g clip-path=\"url(#clip0)\">"), *end = strstr(group, "</g>");
    assert_true(strstr(text, "<image") < group && strstr(group, "<circle") < end);
    assert_true(strstr(group, "<text") > end);
    /* The stroke lies inside of the edge. */
    assert_non_null(strstr(text, "<rect x=\"31\" y=\"31\" width=\"38\" height=\"18\" rx=\"4\" fill=\"none\" "
                                 "stroke=\"#0a141e\" stroke-opacity=\"0.502\" stroke-width=\"2\"/>"));
    /* A line broken by what is no number, its last piece a dot. */
    assert_non_null(strstr(text, "<path d=\"M0 0l50 50m20 30l0 0\""));
    assert_null(strstr(text, "nan"));
    text_finish(&svg);
}

static Text pdf_of(const char *label) {
    Status status = status_ok();
    PdfCanvas *pdf = pdf_canvas_create(&page, &status);
    Text out = {0};
    assert_non_null(pdf);
    draw(pdf_canvas_canvas(pdf), label);
    assert_true(pdf_canvas_write(pdf, &out, &status));
    pdf_canvas_destroy(pdf);
    return out;
}

static void the_same_calls_give_the_same_bytes(void **state) {
    (void)state;
    Text first = svg_of("Adam & Eve", "t"), second = svg_of("Adam & Eve", "t");
    assert_string_equal(text_string(&first), text_string(&second));
    text_finish(&first);
    text_finish(&second);
    first = pdf_of("Adam & Eve"), second = pdf_of("Adam & Eve");
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.bytes, second.bytes, first.length);
    assert_memory_equal(first.bytes, "%PDF-", 5);
    text_finish(&first);
    text_finish(&second);
}

static void text_is_as_wide_on_both(void **state) {
    (void)state;
    Status status = status_ok();
    SvgCanvas *svg = svg_canvas_create(&page, &status);
    PdfCanvas *pdf = pdf_canvas_create(&page, &status);
    Canvas *a = svg_canvas_canvas(svg), *b = pdf_canvas_canvas(pdf);
    for (int font = 0; font < FONT_COUNT; font++) {
        float once = canvas_text_width(a, (Font)font, 10, "0000");
        assert_true(once > 10 && once < 40);
        assert_near(canvas_text_width(a, (Font)font, 30, "0000"), 3 * once, 1e-5);
        assert_near(canvas_text_width(b, (Font)font, 10, "0000"), once, 1e-6);
    }
    /* Kerning draws these together; in a font of one width nothing does. */
    float apart = canvas_text_width(a, FONT_TEXT, 10, "A") + canvas_text_width(a, FONT_TEXT, 10, "V");
    assert_true(canvas_text_width(a, FONT_TEXT, 10, "AV") < apart - 0.1f);
    assert_near(
        canvas_text_width(a, FONT_MONO, 10, "AV"), 2 * canvas_text_width(a, FONT_MONO, 10, "i"), 1e-5);
    svg_canvas_destroy(svg);
    pdf_canvas_destroy(pdf);
}

static void base64_is_that_of_the_standard(void **state) {
    (void)state;
    static const char *const vectors[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}}; /* RFC 4648, section 10 */
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        Text out = {0};
        base64_append(&out, (const unsigned char *)vectors[i][0], strlen(vectors[i][0]));
        assert_string_equal(text_string(&out), vectors[i][1]);
        text_finish(&out);
    }
}

/* Few colours become a palette, many do not; libpng reads back the same pixels. */
static void pictures_in_memory_read_back(void **state) {
    (void)state;
    enum { WIDTH = 37, HEIGHT = 29 };
    static const int colours[] = {2, 256, 257, WIDTH * HEIGHT};
    for (size_t k = 0; k < sizeof colours / sizeof *colours; k++) {
        uint32_t pixels[WIDTH * HEIGHT];
        for (int i = 0; i < WIDTH * HEIGHT; i++)
            pixels[i] = 0xff000000u | (uint32_t)(i % colours[k]) * 2654435u % 0x1000000u;
        Text png = {0};
        assert_true(png_append(&png, pixels, WIDTH, HEIGHT));
        png_image image = {.version = PNG_IMAGE_VERSION};
        assert_true(png_image_begin_read_from_memory(&image, png.bytes, png.length));
        assert_int_equal((image.format & PNG_FORMAT_FLAG_COLORMAP) != 0, colours[k] <= 256);
        assert_true(image.width == WIDTH && image.height == HEIGHT);
        image.format = PNG_FORMAT_BGRA;
        uint32_t read[WIDTH * HEIGHT];
        assert_true(png_image_finish_read(&image, NULL, read, 0, NULL));
        assert_memory_equal(read, pixels, sizeof pixels);
        text_finish(&png);
    }
}

static double distance_to_segment(Point p, Point a, Point b) {
    double dx = (double)b.x - (double)a.x, dy = (double)b.y - (double)a.y, square = dx * dx + dy * dy;
    double px = (double)p.x - (double)a.x, py = (double)p.y - (double)a.y;
    double t = square > 0 ? fmin(fmax((px * dx + py * dy) / square, 0), 1) : 0;
    return hypot(px - t * dx, py - t * dy);
}

/* Every point that was dropped lies near what is left, and the ends stay. */
static void assert_near_line(const Point *points, int n, const Point *left, int n_left) {
    assert_memory_equal(&points[0], &left[0], sizeof *points);
    assert_memory_equal(&points[n - 1], &left[n_left - 1], sizeof *points);
    for (int i = 0; i < n; i++) {
        double nearest = INFINITY;
        for (int k = 1; k < n_left; k++)
            nearest = fmin(nearest, distance_to_segment(points[i], left[k - 1], left[k]));
        assert_true(nearest <= 1.05 * (double)SIMPLIFY_TOLERANCE);
    }
}

static void lines_with_fewer_points_look_the_same(void **state) {
    (void)state;
    enum { N = 2000 };
    static Point points[N], left[N];
    for (int i = 0; i < N; i++) { /* a circle of radius 100 */
        float angle = 6.2831853f * (float)i / (N - 1);
        points[i] = (Point){100 * cosf(angle), 100 * sinf(angle)};
    }
    memcpy(left, points, sizeof points);
    int n = simplify(left, N, SIMPLIFY_TOLERANCE);
    /* A chord that leaves the circle by t spans 2 acos(1 - t / r). */
    assert_true(n < 250 && n > 6.2831853 / (2 * acos(1 - 2 * 0.02 / 100)));
    assert_near_line(points, N, left, n);

    Rng rng = rng_seed(3);
    points[0] = (Point){0, 0};
    for (int i = 1; i < N; i++) /* a walk that turns back all the time */
        points[i] = (Point){points[i - 1].x + (float)rng_uniform(&rng, -1, 1),
            points[i - 1].y + (float)rng_uniform(&rng, -1, 1)};
    memcpy(left, points, sizeof points);
    n = simplify(left, N, SIMPLIFY_TOLERANCE);
    assert_near_line(points, N, left, n);

    Point back[] = {{0, 0}, {1, 0}, {2, 0}, {1, 0}, {NAN, NAN}, {5, 5}, {6, 5}, {7, 5}};
    n = simplify(back, 8, SIMPLIFY_TOLERANCE);
    assert_int_equal(n, 6); /* there, the turn, back; the break; two ends */
    assert_true(back[1].x == 2 && back[2].x == 1 && isnan(back[3].x) && back[5].x == 7);
}

/* Curves. */

enum { COLUMNS = 160, ROWS = 120 };

typedef double Height(double x, double y);

static double ellipse(double x, double y) {
    x -= 79.3, y -= 60.2;
    return x * x / 2500 + x * y / 4000 + y * y / 400;
}

static double saddle(double x, double y) {
    x -= 79.37, y -= 60.21;
    return x * x / 900 - y * y / 900;
}

/* A gradient by differences, for the distance of a point from its level to first order. */
static double distance_from(Height *height, CurvePoint point, double level) {
    const double h = 1e-4;
    double gx = (height(point.x + h, point.y) - height(point.x - h, point.y)) / (2 * h);
    double gy = (height(point.x, point.y + h) - height(point.x, point.y - h)) / (2 * h);
    return fabs(height(point.x, point.y) - level) / hypot(gx, gy);
}

/* Traces, and holds every point and the middle of every piece against the true curve. Returns the length. */
static double trace(Curves *curves, Height *height, double level, double tolerance) {
    static double heights[ROWS * COLUMNS];
    for (int y = 0; y < ROWS; y++)
        for (int x = 0; x < COLUMNS; x++) heights[y * COLUMNS + x] = height(x, y);
    assert_true(curves_trace(curves, heights, COLUMNS, ROWS, level));
    double length = 0;
    for (int i = 0, begin = 0; i < curves->n; begin = curves->ends[i++]) {
        for (int k = begin; k < curves->ends[i]; k++) {
            CurvePoint a = curves->points[k], b = curves->points[k > begin ? k - 1 : k];
            CurvePoint middle = {(a.x + b.x) / 2, (a.y + b.y) / 2};
            assert_true(distance_from(height, a, level) < tolerance);
            assert_true(distance_from(height, middle, level) < tolerance);
            length += hypot(a.x - b.x, a.y - b.y);
        }
    }
    return length;
}

static bool is_closed(const Curves *curves, int i) {
    CurvePoint first = curves->points[i > 0 ? curves->ends[i - 1] : 0];
    CurvePoint last = curves->points[curves->ends[i] - 1];
    return first.x == last.x && first.y == last.y;
}

static void curves_follow_conics(void **state) {
    (void)state;
    Curves curves = {0};
    for (double level = 0.05; level < 0.9; level += 0.07) {
        double length = trace(&curves, ellipse, level, 0.1);
        assert_int_equal(curves.n, 1);
        assert_true(is_closed(&curves, 0));
        /* Semi-axes from the eigenvalues of the form; the circumference by Ramanujan (1914). */
        double a = 1 / 2500.0, c = 1 / 400.0, b = 1 / 8000.0, root = hypot((a - c) / 2, b);
        double p = sqrt(level / ((a + c) / 2 - root)), q = sqrt(level / ((a + c) / 2 + root));
        double h = (p - q) * (p - q) / ((p + q) * (p + q));
        double circumference = 3.14159265358979 * (p + q) * (1 + 3 * h / (10 + sqrt(4 - 3 * h)));
        assert_near(length, circumference, 2e-3 * circumference);
    }
    static const double levels[] = {-1, -0.2, 0.2, 1};
    for (int i = 0; i < 4; i++) { /* two branches each, from edge to edge */
        trace(&curves, saddle, levels[i], 0.05);
        assert_int_equal(curves.n, 2);
        assert_true(!is_closed(&curves, 0) && !is_closed(&curves, 1));
    }
    curves_finish(&curves);
}

static void curves_leave_out_what_is_no_number(void **state) {
    (void)state;
    Curves curves = {0};
    double heights[5 * 5], none[4] = {1, 1, 1, 1};
    for (int i = 0; i < 25; i++) heights[i] = i % 5;
    assert_true(curves_trace(&curves, heights, 5, 5, 1.5));
    assert_int_equal(curves.n, 1);
    assert_int_equal(curves.n_points, 5);
    heights[2 * 5 + 1] = NAN; /* the four squares around it are gone, of them two on the way */
    assert_true(curves_trace(&curves, heights, 5, 5, 1.5));
    assert_int_equal(curves.n, 2);
    assert_int_equal(curves.n_points, 4);
    assert_true(curves_trace(&curves, none, 2, 2, 0.5) && curves.n == 0);
    /* A peak in the middle of one cell: a ring through the four edges around it. */
    for (int i = 0; i < 25; i++) heights[i] = i == 12;
    assert_true(curves_trace(&curves, heights, 5, 5, 0.25));
    assert_int_equal(curves.n, 1);
    assert_int_equal(curves.n_points, 5);
    assert_true(is_closed(&curves, 0));
    assert_true(
        curves_trace(&curves, heights, 5, 5, 1)); /* the level of the peak itself: no more than a point */
    assert_int_equal(curves.n, 0);
    curves_finish(&curves);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(svg_is_well_formed),
        cmocka_unit_test(svg_says_what_was_drawn),
        cmocka_unit_test(the_same_calls_give_the_same_bytes),
        cmocka_unit_test(text_is_as_wide_on_both),
        cmocka_unit_test(base64_is_that_of_the_standard),
        cmocka_unit_test(pictures_in_memory_read_back),
        cmocka_unit_test(lines_with_fewer_points_look_the_same),
        cmocka_unit_test(curves_follow_conics),
        cmocka_unit_test(curves_leave_out_what_is_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
