/* A canvas that draws nothing and remembers every call, so that a test can ask what a view drew and whether
 * its texts are legible. Text is as wide as its number of characters times a fixed advance of its font. */
#ifndef SLALOM_RECORD_CANVAS_H
#define SLALOM_RECORD_CANVAS_H

#include "canvas.h"

typedef struct RecordCanvas RecordCanvas;

typedef enum CallType {
    CALL_FILL_RECT,
    CALL_STROKE_RECT,
    CALL_POLYGON,
    CALL_POLYLINE,
    CALL_SEGMENTS,
    CALL_CIRCLE,
    CALL_IMAGE,
    CALL_TEXT,
} CallType;

typedef struct Call {
    CallType type;
    Rect box;  /* around all that it draws, not cut by the clip; points that are not finite are left out */
    Rect clip; /* in force, cut to the canvas */
    Colour colour;
    int n;              /* points, or segments */
    float line_width;   /* of lines and strokes */
    Font font;          /* of text */
    float size;         /* of text */
    const char *string; /* of text, else NULL; lives as long as the call */
} Call;

/* A size in logical pixels, scale 1. Never NULL unless memory is out, which aborts: it is for tests. */
RecordCanvas *record_canvas_create(float width, float height);
void record_canvas_destroy(RecordCanvas *canvas);
void record_canvas_clear(RecordCanvas *canvas); /* forgets the calls and resets the clip */

Canvas *record_canvas_canvas(RecordCanvas *canvas); /* borrowed */

int record_canvas_count(const RecordCanvas *canvas);
const Call *record_canvas_call(const RecordCanvas *canvas, int i); /* valid until the next call is drawn */

/* A number that tells whether two pictures were drawn by the same calls with the same arguments. */
uint64_t record_canvas_hash(const RecordCanvas *canvas);

/* The first visible text that contains `part`; NULL where there is none. */
const Call *record_canvas_find_text(const RecordCanvas *canvas, const char *part);

/* Whether the text can be seen: some of it lies inside its clip, and no rectangle that hides what is behind
 * it (nearly opaque, or an image) was drawn over all of it afterwards. */
bool record_canvas_is_visible(const RecordCanvas *canvas, const Call *call);

/* Pairs of visible texts that cover each other by more than a pixel in both directions. Writes at most
 * max_pairs of them; returns how many there are. */
typedef struct TextPair {
    const Call *first, *second;
} TextPair;
int record_canvas_overlaps(const RecordCanvas *canvas, TextPair *pairs, int max_pairs);

/* Visible texts that are cut by their clip or by the edge of the canvas by more than a pixel. Writes at most
 * max_texts of them; returns how many there are. */
int record_canvas_cut_texts(const RecordCanvas *canvas, const Call **texts, int max_texts);

#endif
