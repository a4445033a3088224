/* What networks have learned of data in the plane, in the plot. */
#include "network_view.h"
#include "view_tabs.h"
#include "viewer_state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float MARGIN = 10;

static bool suits(const NetworkStage *stage) {
    return stage->boundary.kind != BOUNDARY_NONE;
}

static bool begin(NetworkStage *stage, Status *status) {
    return boundary_view_begin(&stage->boundary, live_training_network(stage->live), stage->data,
        live_training_racer_count(stage->live), status);
}

static void finish(NetworkStage *stage) {
    boundary_view_finish(&stage->boundary);
}

/* The line below the panels: how examples are marked, and the tools where they find no room beside the tabs.
 */
typedef struct Places {
    Rect panels, legend, tools; /* tools: without width: none */
} Places;

static Places places_of(const Viewer *viewer, Canvas *canvas, Rect plot) {
    const NetworkStage *stage = viewer->network;
    const float height = fminf(BOUNDARY_LEGEND_HEIGHT, 0.2f * plot.height);
    Places places = {.panels = plot, .legend = {plot.x, plot.y + plot.height - height, plot.width, height}};
    places.panels.height -= height;
    if (stage->tabs.width <= 0) return places;
    const float wanted = network_brush_width(canvas, &stage->boundary);
    places.tools = view_tabs_tools(canvas, stage->tabs, stage);
    if (places.tools.width < wanted) {
        places.tools = places.legend;
        places.legend.width = fmaxf(plot.width - wanted - 2 * MARGIN, 0);
    }
    places.tools.x += places.tools.width - wanted - (places.tools.y == places.legend.y ? MARGIN : 0);
    places.tools.width = wanted;
    return places;
}

static void draw(Viewer *viewer, Canvas *canvas, Rect plot, double budget_s) {
    NetworkStage *stage = viewer->network;
    const Places places = places_of(viewer, canvas, plot);
    boundary_view_draw(&stage->boundary, canvas, places.panels, places.legend, &viewer->subject,
        live_training_state(stage->live), budget_s);
}

static void panel_name(int racer, char name[UI_NAME_BYTES]) {
    snprintf(name, UI_NAME_BYTES, "panel %d", racer + 1);
}

static bool is_panel(const Viewer *viewer, const char *control) {
    for (int i = 0; i < viewer->network->boundary.n_panels; i++) {
        char name[UI_NAME_BYTES];
        panel_name(i, name);
        if (strcmp(control, name) == 0) return true;
    }
    return false;
}

static bool is_panel_hovered(const Viewer *viewer) {
    return is_panel(viewer, viewer->ui.hovered);
}

static bool is_panel_focused(const Viewer *viewer) {
    return viewer->ui.focus_seen && is_panel(viewer, viewer->ui.focus);
}

/* What the pointer shows lies over the panels: with the one under it, it is drawn again. */
static void refresh(Viewer *viewer, Canvas *canvas, Rect plot, double budget_s) {
    NetworkStage *stage = viewer->network;
    const BoundaryView *boundary = &stage->boundary;
    const uint64_t seen = boundary->seen;
    (void)plot;
    boundary_view_refresh(
        &stage->boundary, canvas, &viewer->subject, live_training_state(stage->live), budget_s);
    for (int i = 0; i < boundary->n_panels; i++) {
        char name[UI_NAME_BYTES];
        panel_name(i, name);
        if (boundary->panels[i].order > seen)
            network_brush_draw(&stage->brush, canvas, &viewer->ui, name, i, boundary);
    }
}

/* Without a tool a panel is pressed to choose its racer. */
static void pass(Viewer *viewer, Rect plot, Rect tools) {
    NetworkStage *stage = viewer->network;
    Ui *ui = &viewer->ui;
    const BoundaryView *boundary = &stage->boundary;
    const Places places = places_of(viewer, ui->canvas, plot);
    (void)tools;
    if (places.tools.width > 0) network_brush_tools(&stage->brush, ui, places.tools, boundary);
    for (int i = 0; i < boundary->n_panels; i++) {
        char name[UI_NAME_BYTES];
        panel_name(i, name);
        if (boundary->panels[i].rect.width <= 0) continue;
        if (stage->brush.tool != BRUSH_NONE && !viewer->subject.veiled)
            network_brush_panel(&stage->brush, ui, name, i, boundary, &viewer->editor);
        else if (ui_area(ui, name, boundary->panels[i].rect, NULL))
            viewer->editor.selected = viewer->editor.selected == i ? -1 : i;
    }
    const Event *event = ui->event;
    if (event && event->type == EVENT_POINTER_MOVE && is_panel_hovered(viewer) && is_panel_focused(viewer))
        ui_drop_focus(ui); /* the pointer's turn */
    if (!event || event->type != EVENT_KEY || event->key != KEY_ESCAPE) return;
    if (stage->brush.tool == BRUSH_NONE || (ui->focus[0] && !is_panel_focused(viewer))) return;
    stage->brush.tool = BRUSH_NONE;
    ui_drop_focus(ui);
    ui_take(ui);
}

/* The keyboard, which chose a tool, has a panel to use it on. */
static void reach_panel(Viewer *viewer) {
    NetworkStage *stage = viewer->network;
    const BoundaryView *boundary = &stage->boundary;
    int racer = viewer->editor.selected;
    if (is_panel_focused(viewer) || viewer->subject.veiled) return;
    for (int i = 0; i < boundary->n_panels && (racer < 0 || boundary->panels[racer].rect.width <= 0); i++)
        racer = i;
    if (racer < 0) return;
    char name[UI_NAME_BYTES];
    panel_name(racer, name);
    ui_focus(&viewer->ui, name);
}

static bool act(Viewer *viewer, Action action) {
    NetworkStage *stage = viewer->network;
    switch (action) {
    case ACTION_NEXT_TOOL: network_brush_next_tool(&stage->brush, &stage->boundary); break;
    case ACTION_NEXT_CLASS: network_brush_next_label(&stage->brush, &stage->boundary); break;
    default: return false;
    }
    const char *words = network_brush_words(&stage->brush, &stage->boundary);
    if (words) {
        reach_panel(viewer);
        viewer_notify(viewer, words);
    } else if (is_panel_focused(viewer)) {
        ui_drop_focus(&viewer->ui);
    }
    return true;
}

static bool is_behind(const Viewer *viewer) {
    const NetworkStage *stage = viewer->network;
    return !boundary_view_is_finished(&stage->boundary, live_training_state(stage->live));
}

const NetworkView boundary_network_view = {
    .tip = "what each racer has learned of the data",
    .suits = suits,
    .begin = begin,
    .finish = finish,
    .draw = draw,
    .refresh = refresh,
    .pass = pass,
    .is_behind = is_behind,
    .act = act,
};
