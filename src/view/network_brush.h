/* What the pointer, or a cross that keys move, does to the examples of a boundary view: puts points down,
 * gives them another class, or takes them away. All of it is a change of the scene (editor.h), one a press.
 */
#ifndef SLALOM_NETWORK_BRUSH_H
#define SLALOM_NETWORK_BRUSH_H

#include "boundary_view.h"
#include "editor.h"
#include "rng.h"
#include "ui.h"

#include <stdbool.h>

typedef enum BrushTool { BRUSH_NONE, BRUSH_ADD, BRUSH_RECOLOUR, BRUSH_ERASE, BRUSH_TOOLS } BrushTool;

/* Start from {0}. */
typedef struct NetworkBrush {
    BrushTool tool; /* BRUSH_NONE: a press means something else */
    int label;      /* of points that are put down or recoloured */
    /* The press under way. */
    bool erases;  /* whatever the tool is */
    bool strokes; /* it has become a drag */
    Point last;   /* where it was seen last */
    Rng rng;
    /* The keys' cross, in the data as networks see them. */
    bool has_cross; /* it has been somewhere; otherwise it will be in the middle */
    double cross[2];
} NetworkBrush;

/* The next tool and the next class, round and round; a class is worth nothing without a tool. */
void network_brush_next_tool(NetworkBrush *brush, const BoundaryView *view);
void network_brush_next_label(NetworkBrush *brush, const BoundaryView *view);

/* The buttons, and how wide they are. */
float network_brush_width(Canvas *canvas, const BoundaryView *view);
void network_brush_tools(NetworkBrush *brush, Ui *ui, Rect rect, const BoundaryView *view);

/* Where a tool is chosen: lets an event over the panel `name` of a racer act, or draws what a press would do.
 * With the focus on the panel the arrow keys move its cross (finely with Shift), and Enter is a press there.
 */
void network_brush_panel(
    NetworkBrush *brush, Ui *ui, const char *name, int racer, const BoundaryView *view, Editor *editor);

/* What a press would do, where pointer and cross are, over a racer's panel as it was drawn; nothing without a
 * tool. */
void network_brush_draw(const NetworkBrush *brush, Canvas *canvas, const Ui *ui, const char *name, int racer,
    const BoundaryView *view);
/* What the tool does and by which keys, for people; NULL: there is none. */
const char *network_brush_words(const NetworkBrush *brush, const BoundaryView *view);

#endif
