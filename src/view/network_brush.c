/* Strokes over the data, and the tools to choose from. Where a place lies is known to the boundary view; what
 * becomes of data, to hand_points. */
#include "network_brush.h"

#include "class_colours.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Logical pixels. A drag puts points into a disc around the pointer, and not nearer to others than GAP. */
static const float RADIUS = 18, GAP = 9, STROKE_FROM = 4, STRIDE = 7;
static const float CROSS_STRIDE = 8, CROSS_FINE = 1;
static const float POINT_RADIUS = 3.4f, BUTTON_HEIGHT = 20, BUTTON_GAP = 4, BUTTON_PADDING = 7,
                   CHIP_WIDTH = 24;

enum { CHIPS_MAX = CLASS_COLOURS };

static int class_count(const BoundaryView *view) {
    return view->kind == BOUNDARY_PLANE ? view->data->dataset->n_out : 0;
}

static int label_of(const NetworkBrush *brush, const BoundaryView *view) {
    const int n = class_count(view);
    return n > 0 ? brush->label % n : HAND_NO_CLASS;
}

void network_brush_next_tool(NetworkBrush *brush, const BoundaryView *view) {
    brush->tool = (BrushTool)((brush->tool + 1) % BRUSH_TOOLS);
    if (brush->tool == BRUSH_RECOLOUR && class_count(view) == 0) brush->tool = BRUSH_ERASE;
}

void network_brush_next_label(NetworkBrush *brush, const BoundaryView *view) {
    const bool begins = brush->tool == BRUSH_NONE || brush->tool == BRUSH_ERASE;
    if (begins) brush->tool = BRUSH_ADD;
    if (!begins && class_count(view) > 0) brush->label = (brush->label + 1) % class_count(view);
}

/* Places. */

/* In the data's own units, with no more digits than a quarter of a pixel is worth. */
static double own_units(double value, double shift, double scale, double unit) {
    enum { DECIMALS_MAX = 12 };
    const double own = value / scale + shift;
    const int decimals = (int)ceil(-log10(0.25 * unit / scale));
    if (decimals > DECIMALS_MAX) return own;
    const double tens = pow(10, abs(decimals));
    const double rounded = decimals > 0 ? nearbyint(own * tens) / tens : nearbyint(own / tens) * tens;
    return rounded == 0 ? 0 : rounded; /* no -0 */
}

static HandPoint point_at(const BoundaryView *view, int racer, const double place[2], int label) {
    const HandScale *scale = &view->data->scale;
    const bool plane = view->kind == BOUNDARY_PLANE;
    double unit[2];
    boundary_view_unit(view, racer, unit);
    return (HandPoint){.label = label,
        .x = own_units(place[0], scale->shift[0], scale->scale[0], unit[0]),
        .y = own_units(place[1], plane ? scale->shift[1] : 0, plane ? scale->scale[1] : 1, unit[1])};
}

static void place_of(const BoundaryView *view, const HandPoint *point, double place[2]) {
    const HandScale *scale = &view->data->scale;
    place[0] = (point->x - scale->shift[0]) * scale->scale[0];
    place[1] = view->kind == BOUNDARY_PLANE ? (point->y - scale->shift[1]) * scale->scale[1] : point->y;
}

static void example_place(const BoundaryView *view, int example, double place[2]) {
    const bool plane = view->kind == BOUNDARY_PLANE;
    place[0] = view->inputs[plane ? 2 * example : example];
    place[1] = plane ? view->inputs[2 * example + 1] : view->answers[example];
}

/* A disc of the data under a racer's panel: `reach` logical pixels around a place. */
typedef struct Disc {
    double middle[2], unit[2];
    double reach;
} Disc;

static bool is_in(const Disc *disc, const double place[2]) {
    const double x = (place[0] - disc->middle[0]) / disc->unit[0],
                 y = (place[1] - disc->middle[1]) / disc->unit[1];
    return x * x + y * y < disc->reach * disc->reach;
}

/* Changing the scene. */

typedef struct Stroke {
    NetworkBrush *brush;
    Ui *ui;
    const BoundaryView *view;
    int racer;
    Editor *editor;
} Stroke;

static HandPoints *change(const Stroke *stroke) {
    return &editor_change(stroke->editor, "points", stroke->ui->gesture)->network.points;
}

static void put(const Stroke *stroke, HandPoint point) {
    if (stroke->editor->scene.network.points.n >= HAND_POINTS_MAX ||
        !hand_points_put(change(stroke), point)) {
        char message[UI_TOLD_BYTES];
        snprintf(message, sizeof message, "there can be %d points by hand", HAND_POINTS_MAX);
        ui_tell(stroke->ui, message);
    }
}

static bool is_free(const Stroke *stroke, const Disc *disc) {
    const HandPoints *points = &stroke->editor->scene.network.points;
    double place[2];
    for (int i = 0; i < stroke->view->n_examples; i++) {
        example_place(stroke->view, i, place);
        if (is_in(disc, place)) return false;
    }
    for (int i = 0; i < points->n; i++) {
        if (points->items[i].example > 0) continue;
        place_of(stroke->view, &points->items[i], place);
        if (is_in(disc, place)) return false;
    }
    return true;
}

/* As many points as there is room for around a place, by chance. */
static void spray(const Stroke *stroke, Point at) {
    enum { TRIES = 3 };
    Rng *rng = &stroke->brush->rng;
    Disc disc = {.reach = GAP};
    boundary_view_unit(stroke->view, stroke->racer, disc.unit);
    for (int i = 0; i < TRIES; i++) {
        const Point by = {(float)rng_uniform(rng, -1, 1), (float)rng_uniform(rng, -1, 1)};
        const Point to = {at.x + RADIUS * by.x, at.y + RADIUS * by.y};
        if (hypotf(by.x, by.y) > 1 || !boundary_view_place(stroke->view, stroke->racer, to, disc.middle))
            continue;
        if (!is_free(stroke, &disc)) continue;
        put(stroke,
            point_at(stroke->view, stroke->racer, disc.middle, label_of(stroke->brush, stroke->view)));
    }
}

/* Examples of the data, and points by hand, around a place: get a class, or are gone where `label` is none.
 * points: NULL to know whether there are any. */
static bool change_near(const Stroke *stroke, const Disc *disc, int label, HandPoints *points) {
    const BoundaryView *view = stroke->view;
    const HandPoints *had = &stroke->editor->scene.network.points;
    bool any = false;
    double place[2];
    for (int i = had->n - 1; i >= 0; i--) {
        const bool same = label != HAND_NO_CLASS && had->items[i].label == label;
        place_of(view, &had->items[i], place);
        if (had->items[i].example > 0 || same || !is_in(disc, place)) continue;
        any = true;
        if (points && label == HAND_NO_CLASS) hand_points_remove(points, i);
        if (points && label != HAND_NO_CLASS) points->items[i].label = label;
    }
    for (int i = 0; i < view->n_examples; i++) {
        example_place(view, i, place);
        const bool same = label != HAND_NO_CLASS && (int)view->answers[i] == label;
        if (view->origins[i] <= 0 || same || !is_in(disc, place)) continue;
        any = true;
        if (points && !hand_points_put(points, (HandPoint){.example = view->origins[i], .label = label}))
            ui_tell(stroke->ui, "there is no room for more changes by hand");
    }
    return any;
}

static void change_around(const Stroke *stroke, Point at, int label) {
    Disc disc = {.reach = RADIUS};
    boundary_view_unit(stroke->view, stroke->racer, disc.unit);
    if (!boundary_view_place(stroke->view, stroke->racer, at, disc.middle)) return;
    if (change_near(stroke, &disc, label, NULL)) change_near(stroke, &disc, label, change(stroke));
}

static BrushTool tool_of(const NetworkBrush *brush) {
    return brush->erases ? BRUSH_ERASE : brush->tool;
}

static void act_at(const Stroke *stroke, Point at) {
    switch (tool_of(stroke->brush)) {
    case BRUSH_ADD: spray(stroke, at); break;
    case BRUSH_RECOLOUR: change_around(stroke, at, label_of(stroke->brush, stroke->view)); break;
    case BRUSH_ERASE: change_around(stroke, at, HAND_NO_CLASS); break;
    default: break;
    }
}

static void begin_stroke(const Stroke *stroke, Point at, bool erases) {
    NetworkBrush *brush = stroke->brush;
    double place[2];
    brush->erases = erases;
    brush->strokes = false;
    brush->last = at;
    brush->rng = rng_seed(stroke->ui->gesture);
    if (!boundary_view_place(stroke->view, stroke->racer, at, place)) return;
    if (tool_of(brush) == BRUSH_ADD)
        put(stroke, point_at(stroke->view, stroke->racer, place, label_of(brush, stroke->view)));
    else
        act_at(stroke, at);
}

/* All along the way, however fast it went. */
static void go_on(const Stroke *stroke, Point at) {
    NetworkBrush *brush = stroke->brush;
    const float x = at.x - brush->last.x, y = at.y - brush->last.y, way = hypotf(x, y);
    if (!brush->strokes && way < STROKE_FROM) return;
    brush->strokes = true;
    const int n = (int)ceilf(way / STRIDE);
    for (int i = 1; i <= n; i++) {
        const float part = (float)i / (float)n;
        act_at(stroke, (Point){brush->last.x + part * x, brush->last.y + part * y});
    }
    brush->last = at;
}

/* By keys. */

static Point cross_of(const NetworkBrush *brush, const BoundaryView *view, int racer) {
    const double *box = view->box;
    const double middle[2] = {0.5 * (box[0] + box[1]), 0.5 * (box[2] + box[3])};
    return boundary_view_point(view, racer, brush->has_cross ? brush->cross : middle);
}

static void move_cross(const Stroke *stroke, float x, float y) {
    NetworkBrush *brush = stroke->brush;
    const Point at = cross_of(brush, stroke->view, stroke->racer), to = {at.x + x, at.y + y};
    double place[2];
    if (!boundary_view_place(stroke->view, stroke->racer, to, place)) return;
    memcpy(brush->cross, place, sizeof place);
    brush->has_cross = true;
}

/* A key that is held puts no second point on the first. */
static void press_at_cross(const Stroke *stroke, bool erases) {
    const Point at = cross_of(stroke->brush, stroke->view, stroke->racer);
    Disc disc = {.reach = 1};
    const bool adds = stroke->brush->tool == BRUSH_ADD && !erases;
    boundary_view_unit(stroke->view, stroke->racer, disc.unit);
    boundary_view_place(stroke->view, stroke->racer, at, disc.middle);
    if (adds && !is_free(stroke, &disc)) return;
    stroke->ui->gesture++;
    begin_stroke(stroke, at, erases);
    stroke->brush->erases = false;
}

static void handle_key(const Stroke *stroke, const UiControl *control) {
    static const struct {
        int key;
        float x, y;
    } ways[] = {{KEY_LEFT, -1, 0}, {KEY_RIGHT, 1, 0}, {KEY_UP, 0, -1}, {KEY_DOWN, 0, 1}};
    Ui *ui = stroke->ui;
    if (!ui_shows_focus(ui, control) || !ui->event || ui->event->control) return;
    const bool shift = ui->event->shift;
    const float far = shift ? CROSS_FINE : CROSS_STRIDE;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (!ui_has_key(ui, control, ways[i].key)) continue;
        move_cross(stroke, far * ways[i].x, far * ways[i].y);
        ui_take(ui);
        return;
    }
    if (!ui_has_key(ui, control, KEY_ENTER)) return;
    press_at_cross(stroke, shift);
    ui_take(ui);
}

const char *network_brush_words(const NetworkBrush *brush, const BoundaryView *view) {
    static const char *const words[BRUSH_TOOLS] = {
        [BRUSH_ADD] = "arrows move the cross, Enter adds, Shift+Enter erases, Shift+Z: class",
        [BRUSH_RECOLOUR] = "arrows move the cross, Enter recolours around it, Shift+Z: class",
        [BRUSH_ERASE] = "arrows move the cross, Enter erases around it",
    };
    const bool adds_to_curve = brush->tool == BRUSH_ADD && class_count(view) == 0;
    return adds_to_curve ? "arrows move the cross, Enter adds, Shift+Enter erases" : words[brush->tool];
}

static void handle(const Stroke *stroke, const UiControl *control) {
    Ui *ui = stroke->ui;
    const Event *event = ui->event;
    if (!control || !event) return;
    const Point at = {event->x, event->y};
    const bool right = ui_is_pressed_by(ui, control, 3);
    if (right || ui_is_pressed(ui, control)) {
        begin_stroke(stroke, at, right || event->shift);
        ui_drop_focus(ui); /* keys go on meaning what they do everywhere */
        ui_take(ui);
    } else if (event->type == EVENT_POINTER_MOVE && ui_is_active(ui, control)) {
        go_on(stroke, at);
        ui_take(ui);
    } else if (event->type == EVENT_POINTER_UP && ui_is_active(ui, control)) {
        ui->active[0] = '\0';
        stroke->brush->erases = false;
        ui_take(ui);
    } else if (event->type == EVENT_POINTER_MOVE && ui_is_hovered(ui, control)) {
        ui->changed = true; /* what the pointer shows goes with it */
    }
}

/* What a press would do. */

static void draw_at(
    const NetworkBrush *brush, Canvas *canvas, Point at, int racer, const BoundaryView *view) {
    const Theme *theme = view->theme;
    const int label = label_of(brush, view);
    const Colour colour = label < 0 ? theme->text : class_colour(theme, label);
    double place[2];
    if (tool_of(brush) == BRUSH_NONE || !boundary_view_place(view, racer, at, place)) return;
    const Rect ring = {at.x - RADIUS, at.y - RADIUS, 2 * RADIUS, 2 * RADIUS};
    canvas_set_clip(canvas, view->panels[racer].rect);
    if (tool_of(brush) == BRUSH_ADD) {
        canvas_stroke_rect(canvas, ring, RADIUS, 1, colour_with_alpha(theme->text, 0.5f));
        canvas_circle(canvas, at, POINT_RADIUS + 1, class_edge_colour(theme));
        canvas_circle(canvas, at, POINT_RADIUS, colour);
    } else {
        const bool erases = tool_of(brush) == BRUSH_ERASE;
        canvas_stroke_rect(canvas, ring, RADIUS, 3.5f, class_edge_colour(theme));
        canvas_stroke_rect(canvas, ring, RADIUS, 2, erases ? theme->warning : colour);
        const float arm = 4;
        const Point cross[4] = {{at.x - arm, at.y - arm}, {at.x + arm, at.y + arm}, {at.x - arm, at.y + arm},
            {at.x + arm, at.y - arm}};
        if (erases) canvas_segments(canvas, cross, 2, 2, theme->warning);
    }
    canvas_reset_clip(canvas);
}

/* Through the place, open in the middle. */
static void draw_cross(Canvas *canvas, Point at, const Theme *theme) {
    const float from = RADIUS - 4, to = RADIUS + 6;
    const Point arms[] = {{at.x - to, at.y}, {at.x - from, at.y}, {at.x + from, at.y}, {at.x + to, at.y},
        {at.x, at.y - to}, {at.x, at.y - from}, {at.x, at.y + from}, {at.x, at.y + to}};
    canvas_segments(canvas, arms, 4, 3.5f, theme->label_back);
    canvas_segments(canvas, arms, 4, 2, theme->text);
}

void network_brush_draw(const NetworkBrush *brush, Canvas *canvas, const Ui *ui, const char *name, int racer,
    const BoundaryView *view) {
    const bool by_keys =
        ui->focus_seen && strncmp(ui->focus, name, strcspn(name, " ")) == 0; /* or another's */
    if (strcmp(ui->hovered, name) == 0 && !by_keys)
        draw_at(brush, canvas, (Point){ui->pointer_x, ui->pointer_y}, racer, view);
    if (strcmp(ui->focus, name) != 0 || !ui->focus_seen || brush->tool == BRUSH_NONE) return;
    const Point at = cross_of(brush, view, racer);
    draw_at(brush, canvas, at, racer, view);
    canvas_set_clip(canvas, view->panels[racer].rect);
    draw_cross(canvas, at, view->theme);
    canvas_reset_clip(canvas);
}

void network_brush_panel(
    NetworkBrush *brush, Ui *ui, const char *name, int racer, const BoundaryView *view, Editor *editor) {
    const Stroke stroke = {brush, ui, view, racer, editor};
    const UiControl *control = ui_control(ui, name, UI_AREA, view->panels[racer].rect, NULL);
    if (ui->draws) network_brush_draw(brush, ui->canvas, ui, name, racer, view);
    ui_draw_focus(ui, control, 0);
    if (ui->draws) return;
    handle(&stroke, control);
    handle_key(&stroke, control);
}

/* The tools. */

typedef struct ToolRow {
    const char *text, *tip;
} ToolRow;

static const ToolRow tools[BRUSH_TOOLS] = {
    [BRUSH_NONE] = {"choose", "a press on a panel chooses its racer"},
    [BRUSH_ADD] = {"add", "a click puts a point down, a drag paints; Shift or the right button erases"},
    [BRUSH_RECOLOUR] = {"recolour", "what the brush goes over gets the chosen class"},
    [BRUSH_ERASE] = {"erase", "what the brush goes over is no longer learned"},
};

static float button_width(Canvas *canvas, const char *text) {
    return ceilf(canvas_text_width(canvas, FONT_TEXT, SIZE_SMALL, text)) + 2 * BUTTON_PADDING;
}

static int chip_count(const BoundaryView *view) {
    const int n = class_count(view);
    return n < CHIPS_MAX ? n : CHIPS_MAX;
}

/* With classes their chips stand for adding. */
static bool is_shown(const BoundaryView *view, int tool) {
    const bool plane = view->kind == BOUNDARY_PLANE;
    return tool == BRUSH_ADD ? !plane : tool != BRUSH_RECOLOUR || plane;
}

float network_brush_width(Canvas *canvas, const BoundaryView *view) {
    float width = (float)chip_count(view) * (CHIP_WIDTH + BUTTON_GAP);
    for (int i = 0; i < BRUSH_TOOLS; i++)
        if (is_shown(view, i)) width += button_width(canvas, tools[i].text) + BUTTON_GAP;
    return width - BUTTON_GAP;
}

static void put_chip(NetworkBrush *brush, Ui *ui, Rect rect, const BoundaryView *view, int label) {
    char name[UI_NAME_BYTES], tip[UI_TIP_BYTES];
    const bool is_meant = brush->tool == BRUSH_ADD || brush->tool == BRUSH_RECOLOUR;
    const bool active = is_meant && label_of(brush, view) == label;
    snprintf(name, sizeof name, "brush.class %d", label);
    snprintf(tip, sizeof tip, "points of class %.20s: a click puts one down, a drag paints; Shift erases",
        view->data->dataset->classes[label].text);
    if (ui_button(ui, name, rect, "", (UiLook){.small = true, .flat = !active}, tip)) {
        brush->label = label;
        if (!is_meant) brush->tool = BRUSH_ADD;
        ui_drop_focus(ui);
    }
    if (!ui->draws) return;
    const Point middle = {rect.x + 0.5f * rect.width, rect.y + 0.5f * rect.height};
    canvas_circle(ui->canvas, middle, 5, class_colour(ui->theme, label));
    if (active) canvas_stroke_rect(ui->canvas, rect, 4, 1.5f, ui->theme->text);
}

void network_brush_tools(NetworkBrush *brush, Ui *ui, Rect rect, const BoundaryView *view) {
    Rect button = {rect.x, roundf(rect.y + 0.5f * (rect.height - BUTTON_HEIGHT)), 0, BUTTON_HEIGHT};
    for (int i = 0; i < BRUSH_TOOLS; i++) {
        for (int k = 0; i == BRUSH_ADD && k < chip_count(view); k++) {
            button.width = CHIP_WIDTH;
            put_chip(brush, ui, button, view, k);
            button.x += CHIP_WIDTH + BUTTON_GAP;
        }
        if (!is_shown(view, i)) continue;
        char name[UI_NAME_BYTES];
        snprintf(name, sizeof name, "brush.%s", tools[i].text);
        button.width = button_width(ui->canvas, tools[i].text);
        const UiLook look = {.small = true, .flat = true, .active = (int)brush->tool == i};
        if (ui_button(ui, name, button, tools[i].text, look, tools[i].tip)) {
            brush->tool = (BrushTool)i;
            ui_drop_focus(ui);
        }
        button.x += button.width + BUTTON_GAP;
    }
}
