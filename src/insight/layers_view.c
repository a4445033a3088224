/* Whom the picture is of, what is worked out beside the window, and where the parts lie. Lines over time are
 * layers_history.c's, distributions layers_bins.c's. */
#include "layers_view.h"

#include "background.h"
#include "clock.h"
#include "layer_colours.h"
#include "layer_words.h"
#include "layers_parts.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMN_NAME "layers.column "
static const float PADDING = 12, COLUMN_LEAST = 400, COLUMN_GAP = 20, HEAD_HEIGHT = 24, WORDS_HEIGHT = 16;
static const float CHIP_HEIGHT = 22, CHIP_PADDING = 8, CHIP_GAP = 4, CHIPS_HEIGHT = 30, NAME_WIDTH = 64;
static const float LEGEND_CELL = 9, LEGEND_LEAST = 60, LINES_SHARE = 0.57f, PART_GAP = 12, BINS_LEAST = 96;
static const float WORDS_LEAST = 170;
/* The processors are the training's: after each state so many times as long as it took, within these bounds.
 */
static const double REST_SHARE = 15, REST_MIN_S = 0.06, REST_MAX_S = 2;

/* What of a column changes with its racer: words and lines with reports, ridges with findings. */
typedef enum ColumnPart { COLUMN_LINES, COLUMN_BINS, COLUMN_PARTS } ColumnPart;

/* What belongs to the background's lock comes first. */
struct LayersWork {
    LayerProbe *probes[LAYERS_SHOWN_MAX]; /* owned, like all that follows */
    LayersCast cast;
    int64_t step; /* of the weights that are worked on; -1: none yet */
    int next;     /* the probe that is at work; cast.n: all are done */
    /* The owner's. */
    Background *background;
    LayersCast found_cast;
    int64_t found_step;     /* -1: nothing is found yet */
    int64_t seen_step;      /* of the picture before */
    double began_s, rest_s; /* when the task began; until when there is none after it */
    LayerFindings found[LAYERS_SHOWN_MAX];
    LayersHistory histories[LAYERS_SHOWN_MAX];
    LayersAxes axes;  /* of these */
    LayersCast drawn; /* who is on the canvas, with findings of: */
    int64_t drawn_step;
    bool stale[LAYERS_SHOWN_MAX * COLUMN_PARTS]; /* by columns: what has changed on the canvas since */
    int next_part;                               /* that is drawn over, where it has changed */
};

static bool slice(void *context) {
    LayersWork *work = context;
    if (work->next < work->cast.n && !layer_probe_slice(work->probes[work->next])) work->next++;
    return work->next < work->cast.n;
}

static void destroy_work(LayersWork *work) {
    if (!work) return;
    background_destroy(work->background);
    for (int i = 0; i < LAYERS_SHOWN_MAX; i++) {
        layer_probe_destroy(work->probes[i]);
        layers_history_destroy(&work->histories[i]);
    }
    free(work);
}

/* Nothing is said where memory is out: then nothing is shown. */
static LayersWork *create_work(const LayersView *view) {
    Status status = status_ok();
    const MlpSpec *spec = live_training_network(view->live);
    LayersWork *work = calloc(1, sizeof *work);
    if (!work) return NULL;
    work->step = work->found_step = -1;
    work->background = background_create(slice, work, view->threaded);
    bool good = work->background != NULL;
    for (int i = 0; i < LAYERS_SHOWN_MAX && good; i++) {
        work->probes[i] = layer_probe_create(spec, view->data->dataset, view->data->split.training, &status);
        good = layers_history_create(&work->histories[i], spec->n_layers) && work->probes[i];
    }
    if (good) return work;
    destroy_work(work);
    return NULL;
}

void layers_view_begin(LayersView *view, const LiveTraining *live, const Data *data, bool threaded) {
    layers_view_finish(view);
    *view = (LayersView){.live = live, .data = data, .threaded = threaded};
}

void layers_view_finish(LayersView *view) {
    destroy_work(view->work);
    view->work = NULL;
}

/* Whom. */

static LayersCast choose_cast(const Subject *subject, int n_racers, Rect plot) {
    const int room = plot.width >= 2 * COLUMN_LEAST + COLUMN_GAP + 2 * PADDING ? 2 : 1;
    int chosen = -1, other = -1;
    if (subject->selected >= 0 && subject_racer_visible(subject, subject->selected))
        chosen = subject->selected;
    for (int i = 0; i < n_racers; i++) {
        if (!subject_racer_visible(subject, i) || i == chosen) continue;
        if (chosen < 0)
            chosen = i;
        else if (other < 0)
            other = i;
    }
    if (chosen < 0) return (LayersCast){.n = 0};
    if (other < 0 || room < 2) return (LayersCast){{chosen}, 1};
    return (LayersCast){{chosen < other ? chosen : other, chosen < other ? other : chosen}, 2};
}

static bool is_same_cast(const LayersCast *a, const LayersCast *b) {
    return a->n == b->n && memcmp(a->racers, b->racers, (size_t)a->n * sizeof *a->racers) == 0;
}

/* Working. */

/* What was found, for the owner. */
static void collect(LayersWork *work) {
    if (work->step < 0 || work->next < work->cast.n) return;
    if (work->found_step == work->step && is_same_cast(&work->found_cast, &work->cast)) return;
    for (int i = 0; i < work->cast.n; i++) work->found[i] = *layer_probe_findings(work->probes[i]);
    work->found_cast = work->cast;
    work->found_step = work->step;
    work->rest_s =
        clock_now_s() + fmin(fmax(REST_SHARE * (clock_now_s() - work->began_s), REST_MIN_S), REST_MAX_S);
}

/* One state after the other, each to its end, and with rests while the training goes on; but another racer at
 * once. */
static void set_task(LayersWork *work, const LayersCast *cast, const LiveState *state, bool at_once) {
    const bool same_cast = is_same_cast(&work->cast, cast), moves = work->seen_step != state->step;
    work->seen_step = state->step;
    if (same_cast && work->step == state->step) return;
    if (same_cast && work->next < work->cast.n && !at_once) return;
    if (same_cast && moves && !at_once && clock_now_s() < work->rest_s) return;
    work->began_s = clock_now_s();
    for (int i = 0; i < cast->n; i++) layer_probe_begin(work->probes[i], &state->weights[cast->racers[i]]);
    work->cast = *cast;
    work->step = state->step;
    work->next = 0;
}

void layers_view_work(
    LayersView *view, Rect plot, const Subject *subject, const LiveState *state, double budget_s) {
    view->cast = choose_cast(subject, live_training_racer_count(view->live), plot);
    if (!view->work) view->work = create_work(view);
    LayersWork *work = view->work;
    if (!work || !state || view->cast.n == 0 || subject->veiled) return;
    background_lock(work->background);
    collect(work);
    set_task(work, &view->cast, state, budget_s == INFINITY);
    background_unlock(work->background, work->next < work->cast.n);
    if (budget_s == INFINITY)
        background_finish(work->background);
    else
        background_work(work->background, budget_s);
    background_lock(work->background);
    collect(work);
    background_unlock(work->background, false);
}

bool layers_view_is_finished(const LayersView *view, const LiveState *state) {
    const LayersWork *work = view->work;
    if (!work || !state || view->cast.n == 0) return true;
    return work->found_step == state->step && is_same_cast(&work->found_cast, &view->cast);
}

/* Choosing racers. */

static float chip_width(Ui *ui, const char *text) {
    return ceilf(canvas_text_width(ui->canvas, FONT_TEXT, SIZE_SMALL, text)) + 2 * CHIP_PADDING;
}

static bool is_in(const LayersCast *cast, int racer) {
    for (int i = 0; i < cast->n; i++)
        if (cast->racers[i] == racer) return true;
    return false;
}

/* How wide the chips of all visible racers are. */
static float natural_width(Ui *ui, const Subject *subject, int n, int *visible) {
    float width = 0;
    *visible = 0;
    for (int i = 0; i < n; i++) {
        if (!subject_racer_visible(subject, i)) continue;
        width += chip_width(ui, subject_racer_title(subject, i)) + CHIP_GAP;
        ++*visible;
    }
    return width - CHIP_GAP;
}

static int pass_chips(const LayersView *view, Ui *ui, Rect rect, const Subject *subject) {
    const int n = live_training_racer_count(view->live);
    int visible, pressed = -1;
    const float wanted = natural_width(ui, subject, n, &visible);
    const float share = fminf((rect.width - CHIP_GAP * (float)(visible - 1)) / fmaxf(wanted, 1), 1);
    float x = rect.x;
    for (int i = 0; i < n && share > 0; i++) {
        if (!subject_racer_visible(subject, i)) continue;
        char name[UI_NAME_BYTES];
        snprintf(name, sizeof name, "layers.racer %d", i + 1);
        const char *title = subject_racer_title(subject, i);
        const Rect chip = {x, roundf(rect.y + 0.5f * (rect.height - CHIP_HEIGHT)),
            share * chip_width(ui, title), CHIP_HEIGHT};
        const UiLook look = {.active = is_in(&view->cast, i), .small = true, .flat = true};
        if (ui_button(ui, name, chip, title, look, "whose layers are shown")) pressed = i;
        x += chip.width + CHIP_GAP;
    }
    return pressed;
}

/* Drawing. */

typedef struct Column {
    const LayersView *view;
    Canvas *canvas;
    const Subject *subject;
    int index, racer;
    const LayersHistory *history;
    const Point *pointer; /* NULL: none */
} Column;

/* "layer 1 ▮▮▮▮ 8", from the right. Returns where it begins. */
static float draw_legend(const Column *column, Rect rect) {
    const int n = column->history->n_layers;
    Canvas *canvas = column->canvas;
    const Theme *theme = column->subject->theme;
    char last[NUMBER_BYTES];
    snprintf(last, sizeof last, "%d", n);
    const float baseline = text_baseline(rect.y + 0.5f * rect.height, SIZE_MONO);
    const float strip = fminf(LEGEND_CELL * (float)n, fmaxf(0.2f * rect.width, LEGEND_LEAST));
    float x = rect.x + rect.width - canvas_text_width(canvas, FONT_MONO, SIZE_MONO, last);
    canvas_text(canvas, rect.x + rect.width, baseline, ALIGN_RIGHT, FONT_MONO, SIZE_MONO, theme->dim, last);
    x -= strip + 6;
    for (int l = 0; l < n; l++)
        canvas_fill_rect(canvas,
            (Rect){x + strip * (float)l / (float)n, rect.y + 0.5f * rect.height - 4, strip / (float)n, 8}, 0,
            layer_colour(theme, l, n));
    canvas_text(canvas, x - 6, baseline, ALIGN_RIGHT, FONT_MONO, SIZE_MONO, theme->dim, "layer 1");
    return x - 6 - canvas_text_width(canvas, FONT_MONO, SIZE_MONO, "layer 1");
}

static void draw_head(const Column *column, Rect rect) {
    const Subject *subject = column->subject;
    const float legend = draw_legend(column, rect);
    const Colour colour = subject_racer_colour(subject, column->racer);
    const float middle = rect.y + 0.5f * rect.height;
    marker_draw(column->canvas, subject_racer_marker(subject, column->racer), (Point){rect.x + 5, middle}, 4,
        colour, 0, colour);
    text_draw_fitted(column->canvas, rect.x + 16, text_baseline(middle, SIZE_NAME), ALIGN_LEFT, FONT_STRONG,
        SIZE_NAME, subject_racer_text_colour(subject, column->racer), legend - rect.x - 28,
        subject_racer_title(subject, column->racer));
}

/* What the words are about: hidden layers alone give a signal. */
static int flow_sizes(const LayersHistory *history, LayerFlow flow, double *sizes) {
    int n = history->n_layers;
    if (flow == FLOW_SIGNAL && n > 2) n--;
    for (int l = 0; l < n; l++) {
        const TrainingLayer *layer = &history->last[l];
        sizes[l] = flow == FLOW_SIGNAL  ? layer->activation_rms
                   : flow == FLOW_ERROR ? layer->error_rms
                                        : layer->grad_norm;
    }
    return n;
}

static void draw_words(const Column *column, Rect rect) {
    const Theme *theme = column->subject->theme;
    Canvas *canvas = column->canvas;
    if (!column->history->last) return;
    for (int flow = 0; flow < FLOWS; flow++) {
        double sizes[MLP_LAYERS_MAX];
        LayerWords words;
        layer_words((LayerFlow)flow, sizes, flow_sizes(column->history, (LayerFlow)flow, sizes), &words);
        const float baseline = text_baseline(rect.y + WORDS_HEIGHT * ((float)flow + 0.5f), SIZE_SMALL);
        const float room = rect.width - NAME_WIDTH;
        const bool fits = canvas_text_width(canvas, FONT_TEXT, SIZE_SMALL, words.full) <= room;
        canvas_text(
            canvas, rect.x, baseline, ALIGN_LEFT, FONT_TEXT, SIZE_SMALL, theme->dim, layer_flow_names[flow]);
        text_draw_fitted(canvas, rect.x + NAME_WIDTH, baseline, ALIGN_LEFT, FONT_TEXT, SIZE_SMALL,
            theme->text, room, fits ? words.full : words.brief);
    }
}

/* Where the parts of a column are; without height: there is no room. */
typedef struct ColumnPlaces {
    Rect head, words, lines, bins;
} ColumnPlaces;

static ColumnPlaces places_of(Rect rect) {
    ColumnPlaces places = {.head = rect, .words = rect};
    places.head.height = HEAD_HEIGHT;
    rect.y += HEAD_HEIGHT;
    rect.height -= HEAD_HEIGHT;
    places.words.y = rect.y;
    places.words.height = rect.height >= WORDS_LEAST ? FLOWS * WORDS_HEIGHT : 0;
    if (places.words.height > 0) {
        rect.y += FLOWS * WORDS_HEIGHT + PART_GAP;
        rect.height -= FLOWS * WORDS_HEIGHT + PART_GAP;
    }
    places.lines = places.bins = rect;
    const float height = roundf(LINES_SHARE * (rect.height - PART_GAP));
    places.bins.y += height + PART_GAP;
    places.bins.height = rect.height - height - PART_GAP;
    if (places.bins.height < BINS_LEAST)
        places.bins.height = 0;
    else
        places.lines.height = height;
    return places;
}

static void draw_part(const Column *column, const ColumnPlaces *places, ColumnPart part) {
    const LayersWork *work = column->view->work;
    const LayersLook look = {column->subject->theme, column->subject->printed};
    if (part == COLUMN_LINES) {
        if (places->words.height > 0) draw_words(column, places->words);
        layers_draw_history(
            column->history, &work->axes, column->canvas, places->lines, column->pointer, look);
    } else if (places->bins.height > 0 && work->found_step >= 0 &&
               is_same_cast(&work->found_cast, &column->view->cast)) {
        layers_draw_findings(
            &work->found[column->index], work->found_step, column->canvas, places->bins, look);
    }
}

static Column column_of(
    LayersView *view, int i, Canvas *canvas, const Subject *subject, const Point *pointer) {
    return (Column){view, canvas, subject, i, view->cast.racers[i], &view->work->histories[i], pointer};
}

/* True where lines have changed. */
static bool read_histories(LayersView *view, int64_t step) {
    LayersWork *work = view->work;
    const LayersHistory *histories[LAYERS_SHOWN_MAX];
    bool news = false;
    for (int i = 0; i < view->cast.n; i++) {
        news |= layers_history_read(&work->histories[i], view->live, view->cast.racers[i], step);
        histories[i] = &work->histories[i];
    }
    work->axes = layers_axes(histories, view->cast.n);
    return news;
}

static void draw(LayersView *view, Canvas *canvas, const Subject *subject, const Point *pointer) {
    LayersWork *work = view->work;
    read_histories(view, subject->step);
    for (int i = 0; i < view->cast.n; i++) {
        const Column column = column_of(view, i, canvas, subject, pointer);
        const ColumnPlaces places = places_of(view->columns[i]);
        draw_head(&column, places.head);
        for (int part = 0; part < COLUMN_PARTS; part++) draw_part(&column, &places, (ColumnPart)part);
    }
    work->drawn = view->cast;
    work->drawn_step = work->found_step;
    memset(work->stale, 0, sizeof work->stale);
}

/* What has changed since it was drawn. Axes are common to all columns. */
static void find_stale(LayersView *view, const Subject *subject) {
    LayersWork *work = view->work;
    const bool lines = read_histories(view, subject->step), bins = work->drawn_step != work->found_step;
    work->drawn_step = work->found_step;
    for (int i = 0; i < view->cast.n; i++) {
        work->stale[i * COLUMN_PARTS + COLUMN_LINES] |= lines;
        work->stale[i * COLUMN_PARTS + COLUMN_BINS] |= bins;
    }
}

static void clear_part(const Column *column, const ColumnPlaces *places, ColumnPart part) {
    const float bleed = 1; /* of lines beyond their place */
    Rect rect = places->bins;
    if (part == COLUMN_LINES) {
        rect = places->words;
        rect.height = places->lines.y + places->lines.height - rect.y;
    }
    if (rect.height <= 0) return;
    rect.x -= bleed;
    rect.width += 2 * bleed;
    canvas_clear(column->canvas, rect, column->subject->theme->background);
}

/* One part at a time: pictures come often, and each costs little. */
void layers_view_refresh(LayersView *view, Canvas *canvas, const Subject *subject, Point at) {
    LayersWork *work = view->work;
    if (!work || subject->veiled || view->cast.n == 0 || !is_same_cast(&work->drawn, &view->cast)) return;
    find_stale(view, subject);
    const int n = view->cast.n * COLUMN_PARTS;
    for (int i = 0; i < n; i++) {
        const int next = (work->next_part + i) % n;
        if (!work->stale[next]) continue;
        const Column column = column_of(view, next / COLUMN_PARTS, canvas, subject, view->reads ? &at : NULL);
        const ColumnPlaces places = places_of(view->columns[column.index]);
        clear_part(&column, &places, (ColumnPart)(next % COLUMN_PARTS));
        draw_part(&column, &places, (ColumnPart)(next % COLUMN_PARTS));
        work->stale[next] = false;
        work->next_part = (next + 1) % n;
        return;
    }
}

static void lay_out(LayersView *view, Rect rect) {
    const float n = (float)view->cast.n, width = (rect.width - COLUMN_GAP * (n - 1)) / fmaxf(n, 1);
    for (int i = 0; i < view->cast.n; i++)
        view->columns[i] = (Rect){rect.x + (float)i * (width + COLUMN_GAP), rect.y, width, rect.height};
}

int layers_view(LayersView *view, Ui *ui, Rect plot, Rect tools, const Subject *subject) {
    int visible, pressed = -1;
    if (subject->veiled) {
        const LayersLook look = {subject->theme, subject->printed};
        if (ui->draws) layers_draw_chain(live_training_layer_count(view->live), ui->canvas, plot, look);
        return -1;
    }
    if (!view->work || view->cast.n == 0) return -1;
    const float wanted = natural_width(ui, subject, live_training_racer_count(view->live), &visible);
    Rect rect = {plot.x + PADDING, plot.y + 6, plot.width - 2 * PADDING, plot.height - 12};
    if (visible > view->cast.n && wanted <= tools.width) {
        tools.x += tools.width - wanted;
        tools.width = wanted;
        pressed = pass_chips(view, ui, tools, subject);
    } else if (visible > view->cast.n && !subject->still) {
        pressed = pass_chips(view, ui, (Rect){rect.x, rect.y, rect.width, CHIPS_HEIGHT}, subject);
        rect.y += CHIPS_HEIGHT;
        rect.height -= CHIPS_HEIGHT;
    }
    lay_out(view, rect);
    for (int i = 0; i < view->cast.n; i++) {
        char name[UI_NAME_BYTES];
        snprintf(name, sizeof name, "%s%d", COLUMN_NAME, i + 1);
        if (ui_area(ui, name, view->columns[i], NULL)) pressed = view->cast.racers[i];
    }
    const Point pointer = {ui->pointer_x, ui->pointer_y};
    const bool reads = strncmp(ui->hovered, COLUMN_NAME, strlen(COLUMN_NAME)) == 0;
    if (ui->event && ui->event->type == EVENT_POINTER_MOVE && (reads || view->reads)) ui->changed = true;
    if (!ui->draws) return pressed;
    view->reads = reads && !subject->still;
    draw(view, ui->canvas, subject, view->reads ? &pointer : NULL);
    return pressed;
}
