/* Texts with formulas, set in lines of a width and drawn on any canvas.
 *
 *     Paragraphs have an empty line between them. *Words* that matter stand between asterisks, `code` between
 * backticks, and $formulas$ (tex.h) between dollar signs. A paragraph that is one formula, a full stop or a
 * comma behind it, stands alone and is set larger.
 *     - A line that begins with a hyphen and a space is an item of a list.
 *
 * \$, \*, \` and \\ are those signs themselves. */
#ifndef SLALOM_TYPESET_H
#define SLALOM_TYPESET_H

#include "canvas.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct TypesetLine {
    float top, baseline, bottom; /* from the top of the text */
    float width;
    int first_piece, n_pieces;
} TypesetLine;

/* Start from {0}. It keeps its memory from one text to the next. */
typedef struct Typeset {
    TypesetLine *lines; /* owned, as all that follows */
    int n_lines;
    float height;
    struct TypesetPiece *pieces;
    struct TypesetItem *items; /* of one paragraph */
    Point *points;
    char *strings;
    int n_pieces, n_items, n_points, n_bytes;
    int max_lines, max_pieces, max_items, max_points, max_bytes;
    uint64_t set; /* what is set: a number of the text, the size, the width and the canvas's scale */
} Typeset;

void typeset_finish(Typeset *typeset);

/* Sets `text` in type of `size` in lines of `width` (at least 4 sizes), as `canvas` measures it; nothing
 * happens where it is set so already. No part of it is wider than a line: what is, is broken or made smaller.
 * A formula that cannot be read stands there as it was typed. */
void typeset_set(Typeset *typeset, Canvas *canvas, const char *text, float size, float width);

/* How many lines from `first` on are no higher than `height`; at least 1 where there is one. */
int typeset_fit(const Typeset *typeset, int first, float height);

/* Draws lines, the first one's top at y. On the canvas, or one like it, that it was set for. strong: what
 * stands between asterisks. */
void typeset_draw(const Typeset *typeset, Canvas *canvas, float x, float y, int first_line, int n_lines,
    Colour colour, Colour strong);

/* Whether all of the text can be set. Otherwise the message begins with its line and column, "2:14: there is
 * no command \foo", and the place is its offset. */
bool typeset_check(const char *text, Status *status);

#endif
