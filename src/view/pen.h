/* Lines down a column of cards: text, formulas, sliders with a name and a value. The same calls measure a
 * card and put it down, so that the two cannot differ. */
#ifndef SLALOM_PEN_H
#define SLALOM_PEN_H

#include "status.h"
#include "ui.h"
#include "widgets.h"

#include <stdbool.h>
#include <stddef.h>

/* Heights, and how far a card's lines are set in from its title. */
#define PEN_HEADER_HEIGHT 21.0f
#define PEN_LINE_HEIGHT 16.0f
#define PEN_ROW_HEIGHT 19.0f
#define PEN_CARD_PADDING 6.0f
#define PEN_INDENT 20.0f

typedef struct Pen {
    Ui *ui;
    bool measures; /* nothing is put down, only y moves */
    Rect column;   /* where cards may be seen */
    float y;       /* where the next line goes */
    int columns;   /* characters of mono type in a line of a card */
} Pen;

/* At the top of a column, `height` of it in sight. */
Pen pen_start(Ui *ui, Rect column);

/* Whether a line of this height, put now, would be seen whole. Half a line of text is none. */
bool pen_shows(const Pen *pen, float height);

/* The first `length` bytes of text, and `after`. */
void pen_line(Pen *pen, Colour colour, const char *text, size_t length, const char *after);
/* The text in at most max_lines lines; the last one elided where there is more. */
void pen_formula(Pen *pen, const char *text, int max_lines);
int pen_count_lines(const Pen *pen, const char *text);
void pen_separator(Pen *pen);

/* "lr ———●—— 0.05": a slider, and the number itself to be typed. True where the value has changed. */
typedef struct PenRow {
    const char *control; /* name of the slider; that of the number has " =" behind it */
    const char *name, *tip;
    bool (*check)(const void *context, double value, Status *status); /* of what is typed; NULL: any number */
    const void *context;
    UiRange range;
    bool is_switch; /* 0 or 1: a button instead of a slider */
    Colour fill;
} PenRow;
bool pen_slider(Pen *pen, const PenRow *row, double *value);

/* "x  -2 to 2", both to be typed. True where one has changed; the first stays below the second. */
bool pen_interval(Pen *pen, const char *control, const char *name, double *from, double *to);

#endif
