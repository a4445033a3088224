/* Texts in lines: what a text consists of, words and formulas as items, and items in lines. How a formula
 * looks is in tex_layout.c. */
#include "typeset_parts.h"

#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In sizes of the type. */
static const float LEADING = 1.45f;                        /* from one baseline to the next */
static const float LINE_GAP = 0.25f, PARAGRAPH_GAP = 0.5f; /* at least, between what the lines hold */
static const float INDENT = 1.2f; /* of a list's items and of formulas that stand alone */
static const float CODE_SIZE = 0.92f, WIDTH_LEAST = 4;

/* Arrays that grow; memory for a text of this kind is there, or nothing is. */
static void *grown(void *array, int n, int *max, int more, size_t size) {
    if (n + more <= *max) return array;
    int wanted = 2 * (n + more) + 64;
    void *larger = realloc(array, (size_t)wanted * size);
    if (!larger) abort();
    *max = wanted;
    return larger;
}

static TypesetPiece *add_piece(Typeset *typeset, TypesetPiece piece) {
    typeset->pieces =
        grown(typeset->pieces, typeset->n_pieces, &typeset->max_pieces, 1, sizeof *typeset->pieces);
    typeset->pieces[typeset->n_pieces] = piece;
    return &typeset->pieces[typeset->n_pieces++];
}

TypesetPiece *typeset_add_text(
    Typeset *typeset, Canvas *canvas, Font font, float size, const char *bytes, size_t length) {
    int begin = typeset->n_bytes;
    typeset->strings = grown(typeset->strings, begin, &typeset->max_bytes, (int)length + 1, 1);
    memcpy(typeset->strings + begin, bytes, length);
    typeset->strings[begin + (int)length] = '\0';
    typeset->n_bytes += (int)length + 1;
    float width = canvas_text_width(canvas, font, size, typeset->strings + begin);
    return add_piece(typeset,
        (TypesetPiece){.kind = PIECE_TEXT, .font = font, .size = size, .width = width, .begin = begin});
}

TypesetPiece *typeset_add_rule(Typeset *typeset, float x, float y, float width, float height) {
    return add_piece(
        typeset, (TypesetPiece){.kind = PIECE_RULE, .x = x, .y = y, .width = width, .height = height});
}

TypesetPiece *typeset_add_line(Typeset *typeset, const Point *points, int n, float width) {
    int begin = typeset->n_points;
    typeset->points = grown(typeset->points, begin, &typeset->max_points, n, sizeof *typeset->points);
    memcpy(typeset->points + begin, points, (size_t)n * sizeof *points);
    typeset->n_points += n;
    return add_piece(typeset, (TypesetPiece){.kind = PIECE_LINE, .size = width, .begin = begin, .n = n});
}

void typeset_move(Typeset *typeset, int first, int end, float x, float y) {
    for (TypesetPiece *piece = typeset->pieces + first; piece < typeset->pieces + end; piece++) {
        piece->x += x;
        piece->y += y;
    }
}

void typeset_begin_item(Typeset *typeset, float space, bool may_break) {
    typeset->items = grown(typeset->items, typeset->n_items, &typeset->max_items, 1, sizeof *typeset->items);
    typeset->items[typeset->n_items++] =
        (TypesetItem){.space = space, .may_break = may_break, .first_piece = typeset->n_pieces};
}

void typeset_end_item(Typeset *typeset, TypesetBox box) {
    TypesetItem *item = &typeset->items[typeset->n_items - 1];
    item->box = box;
    item->n_pieces = typeset->n_pieces - item->first_piece;
}

/* A text under way. */
typedef struct Setting {
    Typeset *typeset;
    Canvas *canvas;
    float size, width;
    float indent;   /* of the paragraph */
    bool bullet;    /* it is an item of a list */
    float space;    /* before the next item of the paragraph */
    bool may_break; /* before it */
    float bottom;   /* of the last line: of what it holds */
    float baseline; /* of the last line */
} Setting;

static float line_room(const Setting *setting) {
    return setting->width - setting->indent;
}

static void begin_item(Setting *setting) {
    typeset_begin_item(setting->typeset, setting->space, setting->may_break);
    setting->space = 0;
    setting->may_break = false;
}

/* How many of the bytes fit into a line: all, or whole characters, one at least. */
static size_t fitting(Setting *setting, Font font, float size, const char *bytes, size_t length) {
    char part[256];
    size_t fits = 0;
    while (fits < length) {
        size_t next = fits + tex_character(bytes + fits, bytes + length);
        if (next >= sizeof part) return fits;
        memcpy(part, bytes, next);
        part[next] = '\0';
        if (fits > 0 && canvas_text_width(setting->canvas, font, size, part) > line_room(setting))
            return fits;
        fits = next;
    }
    return fits;
}

/* A word, in parts where it is longer than a line. */
static void put_word(Setting *setting, Font font, const char *bytes, size_t length) {
    Typeset *typeset = setting->typeset;
    float size = font == FONT_MONO ? CODE_SIZE * setting->size : setting->size;
    while (length > 0) {
        size_t part = length;
        begin_item(setting);
        TypesetPiece *piece = typeset_add_text(typeset, setting->canvas, font, size, bytes, length);
        if (piece->width > line_room(setting) || length > 255) {
            typeset->n_bytes = piece->begin;
            typeset->n_pieces--;
            part = fitting(setting, font, size, bytes, length);
            piece = typeset_add_text(typeset, setting->canvas, font, size, bytes, part);
            setting->may_break = true;
        }
        piece->strong = font == FONT_STRONG;
        typeset_end_item(typeset,
            (TypesetBox){piece->width, TYPESET_ASCENT * setting->size, TYPESET_DESCENT * setting->size});
        bytes += part;
        length -= part;
    }
}

/* Pieces of an item that is too wide for a line, smaller. */
static void shrink(Typeset *typeset, TypesetItem *item, float factor) {
    for (int i = item->first_piece; i < item->first_piece + item->n_pieces; i++) {
        TypesetPiece *piece = &typeset->pieces[i];
        piece->x *= factor;
        piece->y *= factor;
        piece->size *= factor;
        piece->width *= factor;
        piece->height *= factor;
        if (piece->kind != PIECE_LINE) continue;
        for (int k = piece->begin; k < piece->begin + piece->n; k++) {
            typeset->points[k].x *= factor;
            typeset->points[k].y *= factor;
        }
    }
    item->box = (TypesetBox){item->box.width * factor, item->box.ascent * factor, item->box.descent * factor};
}

static void put_formula(Setting *setting, const TypesetToken *token, bool alone) {
    Typeset *typeset = setting->typeset;
    Status status = status_ok();
    Tex tex;
    if (!tex_parse(&tex, token->string, token->length, &status)) {
        put_word(setting, FONT_MONO, token->string - 1, token->length + 2);
        return;
    }
    int first = typeset->n_items;
    tex_lay_out(&tex, typeset, setting->canvas, setting->size, setting->space, setting->may_break, alone);
    setting->space = 0;
    setting->may_break = false;
    for (int i = first; i < typeset->n_items; i++)
        if (typeset->items[i].box.width > line_room(setting))
            shrink(typeset, &typeset->items[i], line_room(setting) / typeset->items[i].box.width);
}

/* Items [begin, end) are the next line. */
static void put_line(Setting *setting, int begin, int end) {
    Typeset *typeset = setting->typeset;
    float ascent = TYPESET_ASCENT * setting->size, descent = TYPESET_DESCENT * setting->size;
    for (int i = begin; i < end; i++) {
        ascent = fmaxf(ascent, typeset->items[i].box.ascent);
        descent = fmaxf(descent, typeset->items[i].box.descent);
    }
    typeset->lines = grown(typeset->lines, typeset->n_lines, &typeset->max_lines, 1, sizeof *typeset->lines);
    TypesetLine *line = &typeset->lines[typeset->n_lines];
    bool is_first = typeset->n_lines++ == 0;
    float top = is_first ? 0 : setting->bottom + LINE_GAP * setting->size;
    float usual = is_first ? 0 : setting->baseline + LEADING * setting->size;
    *line = (TypesetLine){
        .baseline = fmaxf(usual, top + ascent), .first_piece = typeset->items[begin].first_piece};
    line->top = line->baseline - ascent;
    line->bottom = line->baseline + descent;
    float x = setting->indent;
    for (int i = begin; i < end; i++) {
        const TypesetItem *item = &typeset->items[i];
        if (i > begin) x += item->space;
        typeset_move(typeset, item->first_piece, item->first_piece + item->n_pieces, x, 0);
        x += item->box.width;
        line->n_pieces += item->n_pieces;
    }
    line->width = x;
    setting->bottom = line->bottom;
    setting->baseline = line->baseline;
    typeset->height = line->bottom;
}

/* Where the items from `begin` on that are not broken between end, and how wide they are. */
static int unbroken(const Typeset *typeset, int begin, float *width) {
    int end = begin + 1;
    *width = typeset->items[begin].box.width;
    for (; end < typeset->n_items && !typeset->items[end].may_break; end++)
        *width += typeset->items[end].space + typeset->items[end].box.width;
    return end;
}

/* Fills lines as far as they go. What cannot be broken and is longer than a line is broken all the same. */
static void put_lines(Setting *setting) {
    const Typeset *typeset = setting->typeset;
    const float slack = 0.01f * setting->size; /* for sums that were rounded */
    int begin = 0, end = 0;
    float x = 0;
    while (end < typeset->n_items) {
        float width, space = end > begin ? typeset->items[end].space : 0;
        int next = unbroken(typeset, end, &width);
        if (width > line_room(setting) + slack) {
            next = end + 1;
            width = typeset->items[end].box.width;
        }
        if (end > begin && x + space + width > line_room(setting) + slack) {
            put_line(setting, begin, end);
            begin = end;
            x = 0;
            continue;
        }
        x += space + width;
        end = next;
    }
    if (end > begin) put_line(setting, begin, end);
}

/* A dot before the first line of a list's item. */
static void put_bullet(Setting *setting, int line) {
    Typeset *typeset = setting->typeset;
    float size = setting->size, y = -0.28f * size;
    if (line == typeset->n_lines) return;
    typeset_add_line(typeset, (Point[]){{0.36f * size, y}, {0.4f * size, y}}, 2, 0.28f * size);
    /* It is drawn after the paragraph's last line, as if it were a part of it. */
    TypesetLine *last = &typeset->lines[typeset->n_lines - 1];
    typeset_move(
        typeset, typeset->n_pieces - 1, typeset->n_pieces, 0, typeset->lines[line].baseline - last->baseline);
    last->n_pieces++;
}

/* The paragraph's items become lines; the next one begins. */
static void end_paragraph(Setting *setting, bool bullet) {
    Typeset *typeset = setting->typeset;
    int line = typeset->n_lines;
    put_lines(setting);
    if (setting->bullet) put_bullet(setting, line);
    if (typeset->n_items > 0) {
        float gap = (PARAGRAPH_GAP - (bullet && setting->bullet ? 0.25f : 0)) * setting->size;
        setting->bottom += gap;
        setting->baseline += gap;
    }
    typeset->n_items = 0;
    setting->bullet = bullet;
    setting->indent = bullet ? INDENT * setting->size : 0;
    setting->space = 0;
    setting->may_break = false;
}

/* Whether nothing but the end of the paragraph comes, and the sign that ends a sentence. */
static bool ends_here(const TypesetReader *reader) {
    TypesetReader ahead = *reader;
    TypesetToken token = typeset_next(&ahead);
    if (token.kind == TOKEN_WORD && token.length == 1 && strchr(".,;:", *token.string))
        token = typeset_next(&ahead);
    if (token.kind == TOKEN_SPACE) token = typeset_next(&ahead);
    return token.kind == TOKEN_PARAGRAPH || token.kind == TOKEN_END || token.kind == TOKEN_BULLET;
}

static void set_text(Setting *setting, const char *text) {
    TypesetReader reader = {.text = text, .at = text};
    float space = canvas_text_width(setting->canvas, FONT_TEXT, setting->size, "n n") -
                  canvas_text_width(setting->canvas, FONT_TEXT, setting->size, "nn");
    for (;;) {
        TypesetToken token = typeset_next(&reader);
        switch (token.kind) {
        case TOKEN_SPACE:
            setting->space = space;
            setting->may_break = true;
            break;
        case TOKEN_WORD: put_word(setting, token.font, token.string, token.length); break;
        case TOKEN_FORMULA: {
            bool alone = setting->typeset->n_items == 0 && !setting->bullet && ends_here(&reader);
            if (alone) setting->indent = INDENT * setting->size;
            put_formula(setting, &token, alone);
            break;
        }
        case TOKEN_PARAGRAPH: end_paragraph(setting, false); break;
        case TOKEN_BULLET: end_paragraph(setting, true); break;
        case TOKEN_END: end_paragraph(setting, false); return;
        }
    }
}

static uint64_t mix(uint64_t hash, const void *bytes, size_t n) {
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < n; i++) hash = (hash ^ byte[i]) * 0x100000001b3;
    return hash;
}

void typeset_set(Typeset *typeset, Canvas *canvas, const char *text, float size, float width) {
    const float numbers[] = {size, width, canvas->scale};
    uint64_t set = mix(mix(0xcbf29ce484222325, text, strlen(text)), numbers, sizeof numbers);
    if (set == typeset->set) return;
    typeset->set = set;
    typeset->n_lines = typeset->n_pieces = typeset->n_items = typeset->n_points = typeset->n_bytes = 0;
    typeset->height = 0;
    Setting setting = {
        .typeset = typeset, .canvas = canvas, .size = size, .width = fmaxf(width, WIDTH_LEAST * size)};
    set_text(&setting, text);
}

void typeset_finish(Typeset *typeset) {
    free(typeset->lines);
    free(typeset->pieces);
    free(typeset->items);
    free(typeset->points);
    free(typeset->strings);
    *typeset = (Typeset){0};
}

int typeset_fit(const Typeset *typeset, int first, float height) {
    int end = first;
    while (end < typeset->n_lines && typeset->lines[end].bottom - typeset->lines[first].top <= height) end++;
    return end > first ? end - first : first < typeset->n_lines;
}

static void draw_piece(const Typeset *typeset, Canvas *canvas, const TypesetPiece *piece, float x, float y,
    Colour colour, Colour strong) {
    enum { POINTS_MAX = 16 };
    x += piece->x;
    y += piece->y;
    if (piece->kind == PIECE_TEXT) {
        canvas_text(canvas, x, y, ALIGN_LEFT, piece->font, piece->size, piece->strong ? strong : colour,
            typeset->strings + piece->begin);
    } else if (piece->kind == PIECE_RULE) {
        float top = roundf(y * canvas->scale) / canvas->scale;
        float height = fmaxf(roundf(piece->height * canvas->scale), 1) / canvas->scale;
        canvas_fill_rect(canvas, (Rect){x, top, piece->width, height}, 0, colour);
    } else {
        Point points[POINTS_MAX];
        for (int i = 0; i < piece->n; i++) {
            Point point = typeset->points[piece->begin + i];
            points[i] = (Point){x + point.x, y + point.y};
        }
        canvas_polyline(canvas, points, piece->n, piece->size, colour);
    }
}

void typeset_draw(const Typeset *typeset, Canvas *canvas, float x, float y, int first_line, int n_lines,
    Colour colour, Colour strong) {
    for (int i = first_line; i < first_line + n_lines && i < typeset->n_lines; i++) {
        const TypesetLine *line = &typeset->lines[i];
        float baseline = y + line->baseline - typeset->lines[first_line].top;
        for (int k = line->first_piece; k < line->first_piece + line->n_pieces; k++)
            draw_piece(typeset, canvas, &typeset->pieces[k], x, baseline, colour, strong);
    }
}
