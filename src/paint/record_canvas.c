/* The recording canvas: appends each call to a list with what tests ask about. It knows nothing of pixels. */
#include "record_canvas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct RecordCanvas {
    Canvas canvas; /* first: the methods get a pointer to it */
    Rect clip;
    Call *calls;
    int n, capacity;
    uint64_t hash;
};

static const uint64_t empty_hash = 0xcbf29ce484222325;

/* Advance of a character in ems: close to the fonts' average; exact for the mono font. */
static const float advances[FONT_COUNT] = {
    [FONT_TEXT] = 0.54f, [FONT_STRONG] = 0.57f, [FONT_MONO] = 0.6f, [FONT_ITALIC] = 0.54f};
static const float ascent = 0.75f, descent = 0.2f; /* of the letters' ink, in ems */
static const int hiding_alpha = 190; /* a rectangle from this alpha on hides the texts behind it */

static RecordCanvas *record_of(Canvas *canvas) {
    return (RecordCanvas *)canvas;
}

/* Eight bytes at a time: pictures are megabytes, and a test draws hundreds. */
static void hash_bytes(RecordCanvas *record, const void *bytes, size_t n) {
    const unsigned char *at = bytes;
    uint64_t hash = record->hash;
    for (size_t size; n > 0; at += size, n -= size) {
        uint64_t word = 0;
        size = n < sizeof word ? n : sizeof word;
        memcpy(&word, at, size);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15;
        hash ^= hash >> 32;
    }
    record->hash = hash;
}

static void append(RecordCanvas *record, Call call) {
    if (record->n == record->capacity) {
        record->capacity = record->capacity ? 2 * record->capacity : 256;
        record->calls = realloc(record->calls, (size_t)record->capacity * sizeof *record->calls);
        if (!record->calls) abort();
    }
    call.clip = record->clip;
    hash_bytes(record, &call.type, sizeof call.type);
    hash_bytes(record, &call.box, sizeof call.box);
    hash_bytes(record, &call.clip, sizeof call.clip);
    hash_bytes(record, &call.colour, sizeof call.colour);
    hash_bytes(record, &call.line_width, sizeof call.line_width);
    record->calls[record->n++] = call;
}

static Rect cut(Rect a, Rect b) {
    float x0 = fmaxf(a.x, b.x), x1 = fminf(a.x + a.width, b.x + b.width);
    float y0 = fmaxf(a.y, b.y), y1 = fminf(a.y + a.height, b.y + b.height);
    return (Rect){x0, y0, fmaxf(0, x1 - x0), fmaxf(0, y1 - y0)};
}

static Rect whole(const RecordCanvas *record) {
    return (Rect){0, 0, record->canvas.width, record->canvas.height};
}

static Rect box_around(const Point *points, int n, float margin) {
    float x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
    for (int i = 0; i < n; i++) {
        if (!isfinite(points[i].x) || !isfinite(points[i].y)) continue;
        x0 = fminf(x0, points[i].x);
        y0 = fminf(y0, points[i].y);
        x1 = fmaxf(x1, points[i].x);
        y1 = fmaxf(y1, points[i].y);
    }
    if (x0 > x1) return (Rect){0, 0, 0, 0};
    return (Rect){x0 - margin, y0 - margin, x1 - x0 + 2 * margin, y1 - y0 + 2 * margin};
}

static void set_clip(Canvas *canvas, Rect clip) {
    RecordCanvas *record = record_of(canvas);
    record->clip = cut(clip, whole(record));
}

static void fill_rect(Canvas *canvas, Rect rect, float corner_radius, Colour colour) {
    RecordCanvas *record = record_of(canvas);
    hash_bytes(record, &corner_radius, sizeof corner_radius);
    append(record, (Call){.type = CALL_FILL_RECT, .box = rect, .colour = colour});
}

static void stroke_rect(Canvas *canvas, Rect rect, float corner_radius, float width, Colour colour) {
    RecordCanvas *record = record_of(canvas);
    hash_bytes(record, &corner_radius, sizeof corner_radius);
    append(record, (Call){.type = CALL_STROKE_RECT, .box = rect, .line_width = width, .colour = colour});
}

static void polygon(Canvas *canvas, const Point *points, int n, Colour colour) {
    RecordCanvas *record = record_of(canvas);
    hash_bytes(record, points, (size_t)n * sizeof *points);
    append(record, (Call){.type = CALL_POLYGON, .box = box_around(points, n, 0), .n = n, .colour = colour});
}

static void polyline(Canvas *canvas, const Point *points, int n, float width, Colour colour) {
    RecordCanvas *record = record_of(canvas);
    hash_bytes(record, points, (size_t)n * sizeof *points);
    append(record, (Call){.type = CALL_POLYLINE,
                       .box = box_around(points, n, width / 2),
                       .n = n,
                       .line_width = width,
                       .colour = colour});
}

static void segments(Canvas *canvas, const Point *points, int n, float width, Colour colour) {
    RecordCanvas *record = record_of(canvas);
    hash_bytes(record, points, 2 * (size_t)n * sizeof *points);
    append(record, (Call){.type = CALL_SEGMENTS,
                       .box = box_around(points, 2 * n, width / 2),
                       .n = n,
                       .line_width = width,
                       .colour = colour});
}

static void circle(Canvas *canvas, Point centre, float radius, Colour colour) {
    append(record_of(canvas),
        (Call){.type = CALL_CIRCLE, .box = box_around(&centre, 1, radius), .colour = colour});
}

static void image(Canvas *canvas, const uint32_t *pixels, int width, int height, Rect rect) {
    RecordCanvas *record = record_of(canvas);
    hash_bytes(record, pixels, (size_t)width * (size_t)height * sizeof *pixels);
    append(record, (Call){.type = CALL_IMAGE, .box = rect, .n = width * height});
}

static float text_width(Canvas *canvas, Font font, float size, const char *string) {
    (void)canvas;
    int characters = 0;
    for (const char *byte = string; *byte; byte++)
        characters += ((unsigned char)*byte & 0xc0) != 0x80; /* UTF-8: not a continuation */
    return (float)characters * advances[font] * size;
}

static void text(
    Canvas *canvas, float x, float y, Align align, Font font, float size, Colour colour, const char *string) {
    RecordCanvas *record = record_of(canvas);
    float width = text_width(canvas, font, size, string);
    float left = align == ALIGN_LEFT ? x : align == ALIGN_CENTRE ? x - width / 2 : x - width;
    size_t bytes = strlen(string) + 1;
    char *copy = malloc(bytes);
    if (!copy) abort();
    memcpy(copy, string, bytes);
    hash_bytes(record, string, bytes);
    append(record, (Call){.type = CALL_TEXT,
                       .box = {left, y - ascent * size, width, (ascent + descent) * size},
                       .colour = colour,
                       .font = font,
                       .size = size,
                       .string = copy});
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

RecordCanvas *record_canvas_create(float width, float height) {
    RecordCanvas *record = calloc(1, sizeof *record);
    if (!record) abort();
    record->canvas = (Canvas){.methods = &methods, .width = width, .height = height, .scale = 1};
    record_canvas_clear(record);
    return record;
}

void record_canvas_clear(RecordCanvas *canvas) {
    for (int i = 0; i < canvas->n; i++) free((char *)canvas->calls[i].string);
    canvas->n = 0;
    canvas->clip = whole(canvas);
    canvas->hash = empty_hash;
}

void record_canvas_destroy(RecordCanvas *canvas) {
    if (!canvas) return;
    record_canvas_clear(canvas);
    free(canvas->calls);
    free(canvas);
}

Canvas *record_canvas_canvas(RecordCanvas *canvas) {
    return &canvas->canvas;
}

int record_canvas_count(const RecordCanvas *canvas) {
    return canvas->n;
}

const Call *record_canvas_call(const RecordCanvas *canvas, int i) {
    return &canvas->calls[i];
}

uint64_t record_canvas_hash(const RecordCanvas *canvas) {
    return canvas->hash;
}

static bool hides(const Call *call) {
    return call->type == CALL_IMAGE || (call->type == CALL_FILL_RECT && call->colour.a >= hiding_alpha);
}

static bool is_inside(Rect inner, Rect outer) {
    return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width &&
           inner.y + inner.height <= outer.y + outer.height;
}

bool record_canvas_is_visible(const RecordCanvas *canvas, const Call *call) {
    Rect seen = cut(call->box, call->clip);
    if (seen.width <= 0 || seen.height <= 0 || call->colour.a == 0) return false;
    for (const Call *later = call + 1; later < canvas->calls + canvas->n; later++)
        if (hides(later) && is_inside(seen, cut(later->box, later->clip))) return false;
    return true;
}

static bool is_visible_text(const RecordCanvas *canvas, const Call *call) {
    return call->type == CALL_TEXT && record_canvas_is_visible(canvas, call);
}

const Call *record_canvas_find_text(const RecordCanvas *canvas, const char *part) {
    for (const Call *call = canvas->calls; call < canvas->calls + canvas->n; call++)
        if (call->type == CALL_TEXT && strstr(call->string, part) && record_canvas_is_visible(canvas, call))
            return call;
    return NULL;
}

int record_canvas_overlaps(const RecordCanvas *canvas, TextPair *pairs, int max_pairs) {
    int found = 0;
    const Call *end = canvas->calls + canvas->n;
    for (const Call *first = canvas->calls; first < end; first++) {
        if (!is_visible_text(canvas, first)) continue;
        for (const Call *second = first + 1; second < end; second++) {
            if (second->type != CALL_TEXT) continue;
            Rect both = cut(cut(first->box, first->clip), cut(second->box, second->clip));
            if (both.width <= 1 || both.height <= 1 || !is_visible_text(canvas, second)) continue;
            if (found < max_pairs) pairs[found] = (TextPair){first, second};
            found++;
        }
    }
    return found;
}

int record_canvas_cut_texts(const RecordCanvas *canvas, const Call **texts, int max_texts) {
    int found = 0;
    for (const Call *call = canvas->calls; call < canvas->calls + canvas->n; call++) {
        if (!is_visible_text(canvas, call)) continue;
        Rect seen = cut(call->box, call->clip);
        if (seen.width >= call->box.width - 1 && seen.height >= call->box.height - 1) continue;
        if (found < max_texts) texts[found] = call;
        found++;
    }
    return found;
}
