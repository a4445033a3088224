/* Each call appends an element to the body. A clip is a group that is opened when something is drawn in it;
 * numbers have two decimals, paths are relative. */
#include "svg_canvas.h"

#include "base64.h"
#include "png_text.h"
#include "simplify.h"
#include "type.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CLIPS_MAX = 256 };

struct SvgCanvas {
    Canvas canvas; /* first: the methods get a pointer to it */
    Page page;
    Type *type;
    Text body;
    Rect clips[CLIPS_MAX]; /* that are in use */
    int n_clips;
    Rect clip;
    int open;      /* the clip whose group is open; -1: none */
    Point *points; /* of the line under way */
    size_t room;
};

static SvgCanvas *svg_of(Canvas *canvas) {
    return (SvgCanvas *)canvas;
}

/* Numbers. */

static const float HUNDREDTHS = 100, FARTHEST = 1e6f;

/* In hundredths; what is not a number or far away is cut, so that every number can be written. */
static long fixed(float value) {
    return lrintf(fminf(fmaxf(value, -FARTHEST), FARTHEST) * HUNDREDTHS);
}

static void put_fixed(Text *out, long hundredths) {
    long whole = labs(hundredths) / 100, part = labs(hundredths) % 100;
    if (hundredths < 0) text_append(out, "-");
    if (whole > 0 || part == 0) text_append(out, "%ld", whole);
    if (part % 10 > 0)
        text_append(out, ".%02ld", part);
    else if (part > 0)
        text_append(out, ".%ld", part / 10);
}

/* Two numbers, told apart by a blank or by the minus of the second. */
static void put_pair(Text *out, long x, long y) {
    put_fixed(out, x);
    if (y >= 0) text_append(out, " ");
    put_fixed(out, y);
}

static void put_attribute(Text *out, const char *name, float value) {
    text_append(out, " %s=\"", name);
    put_fixed(out, fixed(value));
    text_append(out, "\"");
}

static void put_rect(Text *out, Rect rect) {
    put_attribute(out, "x", rect.x);
    put_attribute(out, "y", rect.y);
    put_attribute(out, "width", fmaxf(rect.width, 0));
    put_attribute(out, "height", fmaxf(rect.height, 0));
}

/* `what`: fill or stroke. */
static void put_paint(Text *out, const char *what, Colour colour) {
    text_append(out, " %s=\"#%02x%02x%02x\"", what, colour.r, colour.g, colour.b);
    if (colour.a < 255) text_append(out, " %s-opacity=\"%.3g\"", what, colour.a / 255.0);
}

/* Text between tags and in attributes. What XML has no character for becomes a question mark. */
static void put_escaped(Text *out, const char *string) {
    Text copy = {0};
    text_append(&copy, "%s", string);
    if (copy.bytes) text_make_printable(copy.bytes);
    for (const char *at = text_string(&copy); *at;) {
        size_t plain = strcspn(at, "&<>\"");
        text_append_bytes(out, at, plain);
        at += plain;
        switch (*at) {
        case '&': text_append(out, "&amp;"); break;
        case '<': text_append(out, "&lt;"); break;
        case '>': text_append(out, "&gt;"); break;
        case '"': text_append(out, "&quot;"); break;
        default: continue;
        }
        at++;
    }
    text_finish(&copy);
}

/* Clips. */

static bool same_rect(Rect a, Rect b) {
    return a.x == b.x && a.y == b.y && a.width == b.width && a.height == b.height;
}

static bool is_everything(const SvgCanvas *svg) {
    const Rect *clip = &svg->clip;
    return clip->x <= 0 && clip->y <= 0 && clip->x + clip->width >= svg->canvas.width &&
           clip->y + clip->height >= svg->canvas.height;
}

static void close_group(SvgCanvas *svg) {
    if (svg->open >= 0) text_append(&svg->body, "</g>\n");
    svg->open = -1;
}

/* The number of the clip; a picture with more of them than there is room for goes on with the last. */
static int clip_index(SvgCanvas *svg) {
    for (int i = 0; i < svg->n_clips; i++)
        if (same_rect(svg->clips[i], svg->clip)) return i;
    if (svg->n_clips < CLIPS_MAX) svg->clips[svg->n_clips++] = svg->clip;
    return svg->n_clips - 1;
}

/* What is drawn next goes into the right group. */
static Text *begin(SvgCanvas *svg) {
    if (is_everything(svg)) {
        close_group(svg);
        return &svg->body;
    }
    int clip = clip_index(svg);
    if (clip != svg->open) {
        close_group(svg);
        text_append(&svg->body, "<g clip-path=\"url(#clip%d)\">\n", clip);
        svg->open = clip;
    }
    return &svg->body;
}

static void set_clip(Canvas *canvas, Rect clip) {
    svg_of(canvas)->clip = clip;
}

/* Shapes. */

static bool is_visible(Colour colour) {
    return colour.a > 0;
}

static bool is_finite_rect(Rect rect) {
    return isfinite(rect.x) && isfinite(rect.y) && isfinite(rect.width) && isfinite(rect.height);
}

static void fill_rect(Canvas *canvas, Rect rect, float corner_radius, Colour colour) {
    if (!is_visible(colour) || !is_finite_rect(rect) || rect.width <= 0 || rect.height <= 0) return;
    Text *out = begin(svg_of(canvas));
    text_append(out, "<rect");
    put_rect(out, rect);
    if (corner_radius > 0)
        put_attribute(out, "rx", fminf(corner_radius, 0.5f * fminf(rect.width, rect.height)));
    put_paint(out, "fill", colour);
    text_append(out, "/>\n");
}

/* The stroke lies inside of the edge. */
static void stroke_rect(Canvas *canvas, Rect rect, float corner_radius, float width, Colour colour) {
    if (!is_visible(colour) || !is_finite_rect(rect) || rect.width <= 0 || rect.height <= 0) return;
    width = fminf(width, fminf(rect.width, rect.height));
    Rect middle = {rect.x + 0.5f * width, rect.y + 0.5f * width, rect.width - width, rect.height - width};
    Text *out = begin(svg_of(canvas));
    text_append(out, "<rect");
    put_rect(out, middle);
    float radius = fminf(corner_radius, 0.5f * fminf(rect.width, rect.height)) - 0.5f * width;
    if (radius > 0) put_attribute(out, "rx", radius);
    text_append(out, " fill=\"none\"");
    put_paint(out, "stroke", colour);
    put_attribute(out, "stroke-width", width);
    text_append(out, "/>\n");
}

/* A copy of the points that may be changed; NULL where memory is out. */
static Point *copy_points(SvgCanvas *svg, const Point *points, int n) {
    if ((size_t)n > svg->room) {
        Point *more = realloc(svg->points, (size_t)n * sizeof *more);
        if (!more) return NULL;
        svg->points = more;
        svg->room = (size_t)n;
    }
    memcpy(svg->points, points, (size_t)n * sizeof *points);
    return svg->points;
}

/* A path's data, from where the pen was before, which it moves on. */
typedef struct PathPen {
    Text *out;
    long x, y;
    bool begun, draws; /* something was written; the last was a line, so that the next needs no letter */
} PathPen;

static void move_pen(PathPen *pen, Point point, bool draws) {
    long x = fixed(point.x), y = fixed(point.y);
    long dx = pen->begun ? x - pen->x : x, dy = pen->begun ? y - pen->y : y;
    if (!draws)
        text_append(pen->out, pen->begun ? "m" : "M");
    else if (!pen->draws)
        text_append(pen->out, "l");
    else if (dx >= 0)
        text_append(pen->out, " ");
    put_pair(pen->out, dx, dy);
    *pen = (PathPen){pen->out, x, y, true, draws};
}

static void put_stroke(Text *out, float width, Colour colour) {
    text_append(out, "\" fill=\"none\"");
    put_paint(out, "stroke", colour);
    put_attribute(out, "stroke-width", width);
    text_append(out, " stroke-linecap=\"round\" stroke-linejoin=\"round\"/>\n");
}

static bool is_finite(Point point) {
    return isfinite(point.x) && isfinite(point.y);
}

static void polyline(Canvas *canvas, const Point *points, int n, float width, Colour colour) {
    SvgCanvas *svg = svg_of(canvas);
    Point *line = n > 0 && is_visible(colour) ? copy_points(svg, points, n) : NULL;
    if (!line) return;
    n = simplify(line, n, SIMPLIFY_TOLERANCE);
    PathPen pen = {.out = NULL};
    for (int i = 0; i < n; i++) {
        if (!is_finite(line[i])) continue;
        if (!pen.out) {
            pen.out = begin(svg);
            text_append(pen.out, "<path d=\"");
        }
        bool first = i == 0 || !is_finite(line[i - 1]), last = i + 1 == n || !is_finite(line[i + 1]);
        move_pen(&pen, line[i], !first);
        if (first && last) move_pen(&pen, line[i], true); /* a dot */
    }
    if (pen.out) put_stroke(pen.out, width, colour);
}

static void segments(Canvas *canvas, const Point *points, int n, float width, Colour colour) {
    if (!is_visible(colour)) return;
    PathPen pen = {.out = NULL};
    for (int i = 0; i < n; i++) {
        if (!is_finite(points[2 * i]) || !is_finite(points[2 * i + 1])) continue;
        if (!pen.out) {
            pen.out = begin(svg_of(canvas));
            text_append(pen.out, "<path d=\"");
        }
        move_pen(&pen, points[2 * i], false);
        move_pen(&pen, points[2 * i + 1], true);
    }
    if (pen.out) put_stroke(pen.out, width, colour);
}

static void polygon(Canvas *canvas, const Point *points, int n, Colour colour) {
    if (n < 3 || !is_visible(colour)) return;
    for (int i = 0; i < n; i++)
        if (!is_finite(points[i])) return;
    PathPen pen = {.out = begin(svg_of(canvas))};
    text_append(pen.out, "<path d=\"");
    for (int i = 0; i < n; i++) move_pen(&pen, points[i], i > 0);
    text_append(pen.out, "z\"");
    put_paint(pen.out, "fill", colour);
    text_append(pen.out, "/>\n");
}

static void circle(Canvas *canvas, Point centre, float radius, Colour colour) {
    if (!is_visible(colour) || !is_finite(centre) || !(radius > 0)) return;
    Text *out = begin(svg_of(canvas));
    text_append(out, "<circle");
    put_attribute(out, "cx", centre.x);
    put_attribute(out, "cy", centre.y);
    put_attribute(out, "r", radius);
    put_paint(out, "fill", colour);
    text_append(out, "/>\n");
}

static void image(Canvas *canvas, const uint32_t *pixels, int width, int height, Rect rect) {
    Text png = {0};
    if (is_finite_rect(rect) && png_append(&png, pixels, width, height)) {
        Text *out = begin(svg_of(canvas));
        text_append(out, "<image preserveAspectRatio=\"none\"");
        put_rect(out, rect);
        text_append(out, " xlink:href=\"data:image/png;base64,");
        base64_append(out, (const unsigned char *)png.bytes, png.length);
        text_append(out, "\"/>\n");
    }
    text_finish(&png);
}

/* Text. */

static float text_width(Canvas *canvas, Font font, float size, const char *string) {
    return size * type_shape(svg_of(canvas)->type, font, string).advance;
}

static bool has_blanks_to_keep(const char *string) {
    size_t length = strlen(string);
    return strstr(string, "  ") || string[0] == ' ' || (length > 0 && string[length - 1] == ' ');
}

static void text(
    Canvas *canvas, float x, float y, Align align, Font font, float size, Colour colour, const char *string) {
    static const char *const anchors[] = {[ALIGN_CENTRE] = "middle", [ALIGN_RIGHT] = "end"};
    SvgCanvas *svg = svg_of(canvas);
    if (!string[0] || !is_visible(colour) || !isfinite(x) || !isfinite(y)) return;
    const TypeFamily *family = &type_families[font];
    type_use(svg->type, font, string);
    Text *out = begin(svg);
    text_append(out, "<text");
    put_attribute(out, "x", x);
    put_attribute(out, "y", y);
    text_append(out, " font-family=\"%s, %s\"", family->name, family->fallbacks);
    if (family->weight != 400) text_append(out, " font-weight=\"%d\"", family->weight);
    if (family->italic) text_append(out, " font-style=\"italic\"");
    put_attribute(out, "font-size", size);
    put_paint(out, "fill", colour);
    if (align != ALIGN_LEFT) text_append(out, " text-anchor=\"%s\"", anchors[align]);
    put_attribute(out, "textLength", text_width(canvas, font, size, string));
    if (has_blanks_to_keep(string)) text_append(out, " xml:space=\"preserve\"");
    text_append(out, ">");
    put_escaped(out, string);
    text_append(out, "</text>\n");
}

static const CanvasMethods methods = {
    .set_clip = set_clip,
    .fill_rect = fill_rect,
    .stroke_rect = stroke_rect,
    .polygon = polygon,
    .polyline = polyline,
    .segments = segments,
    .circle = circle,
    .image = image,
    .text = text,
    .text_width = text_width,
};

/* The whole. */

SvgCanvas *svg_canvas_create(const Page *page, Status *status) {
    SvgCanvas *svg = calloc(1, sizeof *svg);
    if (!svg) {
        status_fail(status, STATUS_FAILED, "out of memory for the picture");
        return NULL;
    }
    svg->canvas = (Canvas){&methods, page->width, page->height, page->scale, true};
    svg->page = *page;
    svg->open = -1;
    svg->clip = (Rect){0, 0, page->width, page->height};
    svg->type = type_create(status);
    if (svg->type) return svg;
    svg_canvas_destroy(svg);
    return NULL;
}

void svg_canvas_destroy(SvgCanvas *svg) {
    if (!svg) return;
    type_destroy(svg->type);
    text_finish(&svg->body);
    free(svg->points);
    free(svg);
}

Canvas *svg_canvas_canvas(SvgCanvas *svg) {
    return &svg->canvas;
}

/* The fonts, as far as they are used. */
static void put_fonts(const SvgCanvas *svg, Text *out) {
    text_append(out, "<style>\n");
    for (int font = 0; font < FONT_COUNT; font++) {
        Text subset = {0};
        const TypeFamily *family = &type_families[font];
        if (type_subset(svg->type, (Font)font, &subset))
            text_append(out,
                "@font-face{font-family:\"%s\";font-weight:%d;font-style:%s;"
                "src:url(data:font/otf;base64,%s)}\n",
                family->name, family->weight, family->italic ? "italic" : "normal", text_string(&subset));
        text_finish(&subset);
    }
    text_append(out, "</style>\n");
}

static void put_clips(const SvgCanvas *svg, Text *out) {
    for (int i = 0; i < svg->n_clips; i++) {
        text_append(out, "<clipPath id=\"clip%d\"><rect", i);
        put_rect(out, svg->clips[i]);
        text_append(out, "/></clipPath>\n");
    }
}

void svg_canvas_write(SvgCanvas *svg, Text *out) {
    const Page *page = &svg->page;
    close_group(svg);
    text_append(out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
        "version=\"1.1\" width=\"%.6gmm\" height=\"%.6gmm\" viewBox=\"0 0 ",
        page->width_mm, page->height_mm);
    put_pair(out, fixed(page->width), fixed(page->height));
    text_append(out, "\">\n");
    if (page->title) {
        text_append(out, "<title>");
        put_escaped(out, page->title);
        text_append(out, "</title>\n");
    }
    if (page->source) {
        text_append(out, "<desc>");
        put_escaped(out, page->source);
        text_append(out, "</desc>\n");
    }
    text_append(out, "<defs>\n");
    put_fonts(svg, out);
    put_clips(svg, out);
    text_append(out, "</defs>\n");
    text_append_bytes(out, text_string(&svg->body), svg->body.length);
    text_append(out, "</svg>\n");
}
