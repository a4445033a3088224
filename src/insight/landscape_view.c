/* Says what is to be worked out, and puts the picture together of what has come of it. The work is
 * landscape_work's, the picture of the ground plot/ground_view's; what is said beside it, landscape_facts';
 * what a hand chooses, landscape_choice's. */
#include "landscape_view.h"

#include "clock.h"
#include "grid_heights.h"
#include "landscape_facts.h"
#include "landscape_line.h"
#include "landscape_parts.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double REFIT_S = 0.8; /* between two planes while a race is played, at least */
static const double GROWN = 1.15;  /* so much further a race must have come for a new plane, when it rests */
static const float TOOLS_HEIGHT = 28, TOOLS_MARGIN = 4, GAP = 10;

/* A life. */

void landscape_view_release(LandscapeView *view) {
    landscape_work_destroy(view->work);
    view->work = NULL;
}

static void drop(LandscapeView *view) {
    landscape_view_release(view);
    free(view->result);
    free(view->paths);
    view->result = NULL;
    view->paths = NULL;
    view->order = (LandscapeOrder){0};
    view->fit = view->heights_version = 0;
    view->shows_ground = false;
}

void landscape_view_begin(LandscapeView *view, LiveTraining *live, const Data *data) {
    drop(view);
    view->live = live;
    view->data = data;
}

void landscape_view_finish(LandscapeView *view) {
    drop(view);
    ground_view_finish(&view->ground);
    view->ground = (GroundView){0};
    view->heights = NULL;
}

/* The first picture needs all of it. */
static bool prepare(LandscapeView *view, const LandscapeAsk *ask) {
    Status ignored = status_ok();
    if (!view->heights) {
        view->heights = grid_heights_create(ask->pool ? pool_width(ask->pool) : 1);
        if (!ground_view_show(&view->ground, view->heights, (Box){-1, 1, -1, 1}, ask->pool, &ignored)) {
            view->heights = NULL;
            return false;
        }
        if (view->has_look) ground_view_show_look(&view->ground, &view->look);
    }
    if (view->work) return true;
    const size_t racers = (size_t)live_training_racer_count(view->live);
    view->result = calloc(1, sizeof *view->result);
    view->paths = malloc(racers * 2 * (LIVE_KEPT_MAX + 1) * sizeof *view->paths);
    view->work = landscape_work_create(view->live, view->data, ask->threaded, &ignored);
    if (view->result && view->paths && view->work) return true;
    drop(view);
    return false;
}

/* What is wanted. */

/* Another plane altogether; who takes part decides nothing until the next one. */
static bool is_other(const LandscapeWish *a, const LandscapeWish *b) {
    if (a->plane != b->plane || a->seed != b->seed) return true;
    if (a->plane == NETWORK_PLANE_PRINCIPAL) return false;
    return a->racers[0] != b->racers[0] || (a->plane != NETWORK_PLANE_RANDOM && a->racers[1] != b->racers[1]);
}

static bool is_outside(const Box *box, const PlaneFoot *foot) {
    return foot->u < box->x_min || foot->u > box->x_max || foot->v < box->y_min || foot->v > box->y_max;
}

/* A racer has left what the plane was laid out for. */
static bool has_outgrown(const LandscapeView *view) {
    const LandscapeResult *result = view->result;
    if (result->kind == NETWORK_PLANE_LINE) return result->line.done == LINE_POINTS;
    if (result->kind != view->plane) return true; /* what was wanted could not be had yet */
    if (result->kind == NETWORK_PLANE_RANDOM) return false;
    for (int i = 0; i < live_training_racer_count(view->live); i++)
        if (view->order.wish.takes_part[i] && result->heads[i].step >= 0 &&
            is_outside(&result->home, &result->heads[i].foot))
            return true;
    return false;
}

/* Whether the plane is to be laid out anew. While a race is played it stays as long as it can. */
static bool wants_fit(const LandscapeView *view, const LandscapeAsk *ask, const LandscapeWish *wish) {
    const LandscapeResult *result = view->result;
    if (view->order.fit == 0 || view->fits_again || is_other(wish, &view->order.wish)) return true;
    if (result->fit != view->order.fit || ask->subject->still) return false; /* one is under way */
    const int64_t done = live_training_done(view->live);
    if (done <= result->fit_step) return false;
    if (!ask->plays && !live_training_is_busy(view->live))
        return live_training_is_over(view->live) || (double)done > GROWN * (double)result->fit_step;
    return (double)done > GROWN * (double)result->fit_step && clock_now_s() - view->fitted_s > REFIT_S &&
           has_outgrown(view);
}

static bool contains(const Box *a, const Box *b) {
    const double slack = 1e-9 * (a->x_max - a->x_min);
    return a->x_min <= b->x_min + slack && b->x_max <= a->x_max + slack && a->y_min <= b->y_min + slack &&
           b->y_max <= a->y_max + slack;
}

static bool has_ordered_box(const LandscapeView *view) {
    return view->order.box_fit == view->fit;
}

/* The part of the plane that is in sight, once the hand and the camera rest. */
static void order_box(LandscapeView *view) {
    const GroundView *ground = &view->ground;
    LandscapeOrder *order = &view->order;
    if (ground->plot.width <= 1 || view->fit != order->fit || camera_is_moving(&ground->plane.camera)) return;
    if (ground->plane.drag != SURFACE_DRAG_NONE && has_ordered_box(view)) return;
    const Box seen = camera_box(&ground->plane.camera);
    const double wider = (order->box.x_max - order->box.x_min) / (seen.x_max - seen.x_min);
    if (has_ordered_box(view) && contains(&order->box, &seen) && wider < 1.5) return;
    order->box_fit = view->fit;
    order->box = seen;
}

/* What has come of it. */

static void name_axes(LandscapeView *view, const Subject *subject) {
    const LandscapeResult *result = view->result;
    const int *racers = result->wish.racers;
    static const char *const kinds[] = {"component", "direction"};
    if (result->kind == NETWORK_PLANE_POINTS && racers[0] != racers[1]) {
        snprintf(view->axes[0], sizeof *view->axes, "%.30s (0) to %.30s (1)",
            subject_racer_title(subject, racers[0]), subject_racer_title(subject, racers[1]));
        snprintf(view->axes[1], sizeof *view->axes, "towards the start");
    } else {
        const char *kind = kinds[result->kind != NETWORK_PLANE_PRINCIPAL];
        snprintf(view->axes[0], sizeof *view->axes, "1st %s", kind);
        snprintf(view->axes[1], sizeof *view->axes, "2nd %s", kind);
    }
    for (int i = 0; i < 2; i++) view->on_plane.axes[i] = view->axes[i];
}

/* Every racer's way to the step that is shown, and its place then. */
static void lay_paths(LandscapeView *view, int64_t step) {
    const LandscapeResult *result = view->result;
    for (int i = 0; i < live_training_racer_count(view->live); i++) {
        const LandscapePath *path = &result->paths[i];
        const LandscapeHead *head = &result->heads[i];
        double *to = view->paths + (size_t)i * 2 * (LIVE_KEPT_MAX + 1);
        int n = 0;
        while (n < path->n && path->steps[n] <= step) n++;
        memcpy(to, path->x, 2 * (size_t)n * sizeof *to);
        if (head->step >= 0 && isfinite(head->foot.u) && isfinite(head->foot.v)) {
            to[2 * n] = head->foot.u;
            to[2 * n + 1] = head->foot.v;
            n++;
        }
        view->on_plane.paths[i] = n > 0 ? to : NULL;
        view->on_plane.rows[i] = n;
        if (i == 0 && path->n > 0) memcpy(view->start, path->x, sizeof view->start);
    }
}

static void follow_result(LandscapeView *view, int64_t step) {
    const LandscapeResult *result = view->result;
    if (result->fit != view->fit) {
        view->fit = result->fit;
        /* The first look of a scene says a part of the plane; later planes are shown whole. */
        const bool first = view->has_look;
        view->has_look = false;
        camera_init(&view->ground.plane.camera, result->home);
        if (view->ground.flat_plot.width > 0 || view->ground.space_plot.width > 0)
            camera_resize(&view->ground.plane.camera,
                view->ground.flat_plot.width > 0 ? view->ground.flat_plot : view->ground.space_plot);
        if (first && view->look.has_box) camera_show(&view->ground.plane.camera, view->look.box);
        view->shows_ground = false;
    }
    if (result->heights_version != view->heights_version && result->cols > 0 &&
        grid_heights_set(view->heights, result->heights, result->cols, result->rows, result->box)) {
        view->heights_version = result->heights_version;
        relief_heights_changed(view->ground.plane.relief, NAN);
        view->shows_ground = true;
    }
    lay_paths(view, step);
}

/* Gives the order, and takes what there is. */
static void exchange(LandscapeView *view, const LandscapeAsk *ask) {
    const LandscapeWish wish = landscape_wish_of(view, ask->subject, ask->seed);
    if (wants_fit(view, ask, &wish)) {
        view->order.fit++;
        view->fits_again = false;
        view->order.wish = wish;
        view->fitted_s = clock_now_s();
    }
    order_box(view);
    view->order.state = live_training_state(view->live);
    view->order.gently = ask->plays && live_training_is_busy(view->live);
    landscape_work_exchange(view->work, &view->order, view->result);
    follow_result(view, ask->subject->step);
}

/* Everything that a still picture shows; each thing is known when the one before it is. */
static void finish_work(LandscapeView *view, const LandscapeAsk *ask) {
    enum { ROUNDS = 3 }; /* the plane; what is in sight of it; losses there */
    for (int i = 0; i < ROUNDS; i++) {
        exchange(view, ask);
        landscape_work_finish(view->work);
    }
    exchange(view, ask);
    landscape_work_finish(view->work);
}

/* Pictures. */

static bool is_moving(const LandscapeView *view, const Subject *subject) {
    Subject seen = *subject;
    seen.plane = &view->on_plane;
    return ground_view_is_moving(&view->ground, &seen);
}

static void draw_ground(LandscapeView *view, Canvas *canvas, const LandscapeAsk *ask) {
    Subject subject = *ask->subject;
    name_axes(view, &subject);
    subject.plane = &view->on_plane;
    memcpy(subject.start, view->start, sizeof subject.start);
    if (subject.still) ground_view_settle(&view->ground);
    ground_view_draw(&view->ground, canvas, &subject, (Rect){0, 0, 0, 0}, ask->budget_s);
}

static void draw_wait(const LandscapeView *view, Canvas *canvas, Rect plot, const Theme *theme) {
    const char *text = view->result->problem[0] ? view->result->problem : "the plane is being laid out …";
    text_draw_fitted(canvas, plot.x + 0.5f * plot.width, plot.y + 0.5f * plot.height, ALIGN_CENTRE, FONT_TEXT,
        SIZE_NAME, theme->dim, plot.width - 2 * GAP, text);
}

/* Where the picture is, below the tools where these are inside. */
static Rect place_tools(LandscapeView *view, Rect plot, const Subject *subject) {
    view->tools = (Rect){plot.x, plot.y, 0, 0};
    if (!view->tools_inside || subject->still) return plot;
    view->tools = (Rect){plot.x, plot.y, plot.width, fminf(TOOLS_HEIGHT, plot.height)};
    plot.y += view->tools.height;
    plot.height -= view->tools.height;
    return plot;
}

static void lay_out(LandscapeView *view, const Canvas *canvas, const FactsLayout *layout) {
    memcpy(view->rows, layout->rows, sizeof view->rows);
    ground_view_lay_out(&view->ground, canvas, layout->picture);
    const Rect *seen = view->ground.flat_plot.width > 0 ? &view->ground.flat_plot : &view->ground.space_plot;
    if (memcmp(seen, &view->ground.plane.camera.plot, sizeof *seen) != 0)
        camera_resize(&view->ground.plane.camera, *seen);
    /* The first look of a scene may say a part of its plane. */
    view->order.plot = view->has_look && view->look.has_box ? (Rect){0, 0, 0, 0} : *seen;
}

/* True where something has come of it that is to be shown. */
static bool work(LandscapeView *view, const LandscapeAsk *ask) {
    landscape_work_go(view->work, ask->budget_s);
    if (ask->subject->still) {
        finish_work(view, ask);
        return true;
    }
    const bool news = landscape_work_has_news(view->work);
    if (news || !landscape_work_is_busy(view->work)) exchange(view, ask);
    return news;
}

static bool shows_line(const LandscapeView *view) {
    return view->result->fit > 0 && view->result->kind == NETWORK_PLANE_LINE;
}

static void draw_all(
    LandscapeView *view, Canvas *canvas, const FactsLayout *layout, const LandscapeAsk *ask) {
    const Subject *subject = ask->subject;
    const LandscapeResult *result = view->result;
    if (shows_line(view))
        landscape_line_draw(&result->line, canvas, layout->picture, subject, result->wish.racers);
    else if (result->fit > 0 && view->shows_ground)
        draw_ground(view, canvas, ask);
    else
        draw_wait(view, canvas, layout->picture, subject->theme);
    if (result->fit > 0) landscape_facts_draw(layout, canvas, subject, result);
    view->drawn_step = subject->step;
}

void landscape_view_draw(LandscapeView *view, Canvas *canvas, Rect plot, const LandscapeAsk *ask) {
    plot = place_tools(view, plot, ask->subject);
    if (!live_training_state(view->live) || plot.width <= 0 || plot.height <= 0 || !prepare(view, ask))
        return;
    const FactsLayout layout = landscape_facts_lay_out(canvas, plot, ask->subject);
    lay_out(view, canvas, &layout);
    work(view, ask);
    draw_all(view, canvas, &layout, ask);
}

/* Ground seen from above covers all of its place. */
static void clear(
    const LandscapeView *view, Canvas *canvas, Rect plot, const FactsLayout *layout, const Theme *theme) {
    const bool covers = view->shows_ground && !shows_line(view) && view->ground.space_plot.width <= 0;
    if (!covers) {
        canvas_clear(canvas, plot, theme->background);
        return;
    }
    const float bottom = layout->picture.y + layout->picture.height;
    canvas_clear(canvas, (Rect){plot.x, plot.y, plot.width, layout->picture.y - plot.y}, theme->background);
    canvas_clear(
        canvas, (Rect){plot.x, bottom, plot.width, plot.y + plot.height - bottom}, theme->background);
}

/* The ground itself is kept as a picture, and ways, heads and facts on it change all the time: what has
 * changed is all of it or nothing. */
void landscape_view_refresh(LandscapeView *view, Canvas *canvas, Rect plot, const LandscapeAsk *ask) {
    const Subject *subject = ask->subject;
    if (!view->work) return;
    const bool news = work(view, ask);
    if (!news && view->drawn_step == subject->step && !(view->shows_ground && is_moving(view, subject)))
        return;
    plot = place_tools(view, plot, subject);
    const FactsLayout layout = landscape_facts_lay_out(canvas, plot, subject);
    lay_out(view, canvas, &layout);
    clear(view, canvas, plot, &layout, subject->theme);
    draw_all(view, canvas, &layout, ask);
}

/* Hands. */

int landscape_view_pass(LandscapeView *view, Ui *ui, Rect strip, const Subject *subject) {
    const bool inside = strip.width < landscape_tools_width(view, ui, subject) + TOOLS_MARGIN;
    if (inside != view->tools_inside && !subject->still) ui->changed = true;
    if (!subject->still) view->tools_inside = inside;
    if (!inside)
        landscape_put_tools(view, ui, strip, subject);
    else if (view->tools.width > 0)
        landscape_put_tools(view, ui, view->tools, subject);
    int pressed = -1;
    for (int i = 0; i < subject_racer_count(subject); i++) {
        char name[UI_NAME_BYTES];
        snprintf(name, sizeof name, "landscape.racer %d", i + 1);
        if (view->rows[i].width > 0 && ui_area(ui, name, view->rows[i], NULL)) pressed = i;
    }
    const Event *event = ui->event;
    if (!event || event->type == EVENT_KEY || ui->active[0] || !view->shows_ground) return pressed;
    Subject seen = *subject;
    seen.plane = &view->on_plane;
    ui->changed |= ground_view_handle(&view->ground, event, &seen).redraw;
    return pressed;
}

bool landscape_view_has_plane(const LandscapeView *view) {
    return view->order.fit > 0;
}

bool landscape_view_act(LandscapeView *view, const Subject *subject, Action action) {
    if (action == ACTION_NEXT_PLANE || action == ACTION_NEXT_OTHER) {
        if (action == ACTION_NEXT_PLANE)
            view->plane = (NetworkPlane)((view->plane + 1) % NETWORK_PLANES);
        else
            landscape_choose_other(view, subject);
        return true;
    }
    if (!view->heights || view->plane == NETWORK_PLANE_LINE) return false;
    if (action == ACTION_RESET_VIEW) {
        if (view->shows_ground) ground_view_reset(&view->ground, view->result->home);
        return true;
    }
    return ground_view_act(&view->ground, action);
}

bool landscape_view_advance(LandscapeView *view, const Subject *subject, double seconds) {
    if (!view->shows_ground) return false;
    Subject seen = *subject;
    seen.plane = &view->on_plane;
    return ground_view_advance(&view->ground, &seen, seconds);
}

bool landscape_view_is_behind(const LandscapeView *view, const Subject *subject) {
    if (!view->work) return true;
    const LiveState *state = live_training_state(view->live);
    const bool late = view->fits_again || landscape_work_has_news(view->work) ||
                      landscape_work_is_busy(view->work) || view->result->fit != view->order.fit ||
                      (!has_ordered_box(view) && view->result->kind != NETWORK_PLANE_LINE) ||
                      (state && view->order.state_step != state->step);
    return late || (view->shows_ground && is_moving(view, subject));
}

void landscape_view_show_look(LandscapeView *view, const Look *look) {
    view->plane = look->plane;
    view->beside = look->beside;
    view->look = *look;
    view->has_look = true;
    if (view->heights) ground_view_show_look(&view->ground, look);
}

void landscape_view_tell_look(const LandscapeView *view, Look *look) {
    if (view->heights)
        ground_view_tell_look(&view->ground, look);
    else if (view->has_look)
        look->view = view->look.view;
    look->plane = view->plane;
}
