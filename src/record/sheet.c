/* What a key means for each of the scenes, and where their pictures stand. The pictures are the viewer's. */
#include "sheet.h"

#include "racer_text.h"
#include "scene_keys.h"
#include "sub_canvas.h"
#include "theme.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_MAX = 32, TITLE_BYTES = 96 };
static const float PADDING = 14, GAP = 10, TITLE_SIZE = 13, TITLE_HEIGHT = 24, CELL_MIN = 60;
static const float CELL_USUAL = 420; /* a narrower cell shows everything smaller, to a half */

/* One --grid, taken apart. */
typedef struct Axis {
    char *copy; /* owned: key and values, cut */
    const char *key, *values[VALUES_MAX];
    int n;
} Axis;

typedef struct Sheet {
    const RecordJob *job;
    Axis axes[RECORD_GRID_MAX];
    int columns, rows;
    const Theme *theme;
    Canvas *canvas;
    float left, top; /* of the first cell */
    float cell_width, cell_height;
} Sheet;

/* KEY=a,b,c; with a semicolon anywhere the values are parted by semicolons, and may have commas. */
static bool read_axis(Axis *axis, const char *text, Status *status) {
    axis->copy = strdup(text);
    char *equals = axis->copy ? strchr(axis->copy, '=') : NULL;
    if (!equals || equals == axis->copy)
        return status_fail(status, STATUS_BAD_INPUT, "'%.60s' is not KEY=VALUE,VALUE,...", text);
    *equals = '\0';
    axis->key = axis->copy;
    const char joint = strchr(equals + 1, ';') ? ';' : ',';
    for (char *value = equals + 1; value;) {
        char *next = strchr(value, joint);
        if (next) *next++ = '\0';
        if (axis->n == VALUES_MAX)
            return status_fail(status, STATUS_BAD_INPUT, "a grid has at most %d values", VALUES_MAX);
        axis->values[axis->n++] = value;
        value = next;
    }
    return true;
}

/* A row of the scene's table, as on the command line; NULL: the key is of something in the scene. */
static const SceneKey *row_of(const char *key) {
    const SceneKey *row = scene_key_find(key);
    return row && (row->part == SCENE_PART_RACE || row->part == SCENE_PART_LOOK) ? row : NULL;
}

static bool racers_have(Scene *scene, const char *key) {
    for (int i = 0; i < scene->n_racers; i++)
        if (racer_has_key(&scene->racers[i], key)) return true;
    return false;
}

/* Another value of the racers, or of a parameter of the surface. */
static bool set_pair(Scene *scene, const char *key, const char *value, Status *status) {
    char pair[256];
    if (snprintf(pair, sizeof pair, "%s=%s", key, value) >= (int)sizeof pair)
        return status_fail(status, STATUS_BAD_INPUT, "'%.40s...' is too long", value);
    return racers_have(scene, key) ? scene_set_all(scene, pair, status)
                                   : scene_add_setting(scene, pair, status);
}

/* A place in the sheet as values of the axes: -1 where the axis is not there. */
static void values_at(const Sheet *sheet, int column, int row, int value[RECORD_GRID_MAX]) {
    const bool two = sheet->axes[1].n > 0;
    value[0] = two ? column : row * sheet->columns + column;
    value[1] = two ? row : -1;
}

/* The rows of the table are said together, since a surface brings a start unless that is said too. */
static bool set_values(const Sheet *sheet, int column, int row, Scene *scene, Status *status) {
    int value[RECORD_GRID_MAX];
    bool good = true;
    values_at(sheet, column, row, value);
    SceneDraft draft = scene_draft(scene, NULL);
    for (int i = 0; i < RECORD_GRID_MAX && value[i] >= 0 && good; i++) {
        const Axis *axis = &sheet->axes[i];
        const SceneKey *key = row_of(axis->key);
        if (key)
            good = scene_draft_read(&draft, key, axis->values[value[i]], status) ||
                   status_prefix(status, "%s", axis->key);
    }
    if (!good) {
        scene_draft_abandon(&draft);
        return false;
    }
    good = scene_draft_settle(&draft, status);
    for (int i = 0; i < RECORD_GRID_MAX && value[i] >= 0 && good; i++) {
        const Axis *axis = &sheet->axes[i];
        if (!row_of(axis->key)) good = set_pair(scene, axis->key, axis->values[value[i]], status);
    }
    return good;
}

static Viewer *open_viewer(const Sheet *sheet, int column, int row, Status *status) {
    Scene scene = scene_copy(sheet->job->scene);
    RecordJob job = *sheet->job;
    job.scene = &scene;
    job.look.bare = true;
    Viewer *viewer = set_values(sheet, column, row, &scene, status) ? record_viewer(&job, status) : NULL;
    scene_finish(&scene);
    return viewer;
}

static float snap(const Canvas *canvas, float length) {
    return roundf(length * canvas->scale) / canvas->scale;
}

static bool draw_cell(const Sheet *sheet, int column, int row, Status *status) {
    Canvas *canvas = sheet->canvas;
    Viewer *viewer = open_viewer(sheet, column, row, status);
    if (!viewer) return false;
    const float x0 = snap(canvas, sheet->left + (float)column * (sheet->cell_width + GAP));
    const float y0 = snap(canvas, sheet->top + (float)row * (sheet->cell_height + GAP));
    const float x1 = snap(canvas, x0 + sheet->cell_width), y1 = snap(canvas, y0 + sheet->cell_height);
    const float title = sheet->axes[1].n > 0 ? 0 : TITLE_HEIGHT;
    SubCanvas sub;
    Canvas *cell = sub_canvas_init(&sub, canvas,
        (Rect){x0, snap(canvas, y0 + title), x1 - x0, y1 - snap(canvas, y0 + title)},
        fminf(fmaxf((x1 - x0) / CELL_USUAL, 0.5f), 1));
    viewer_draw_finished(viewer, cell);
    sub_canvas_finish(&sub);
    viewer_destroy(viewer);
    return true;
}

static void axis_title(const Axis *axis, int value, char out[TITLE_BYTES]) {
    snprintf(out, TITLE_BYTES, "%s = %s", axis->key, axis->values[value]);
}

static void draw_title(
    const Sheet *sheet, float x, float middle, Align align, const char *title, float room) {
    char fitted[FITTED_BYTES];
    text_fit(sheet->canvas, FONT_TEXT, TITLE_SIZE, title, room, fitted);
    canvas_text(sheet->canvas, x, text_baseline(middle, TITLE_SIZE), align, FONT_TEXT, TITLE_SIZE,
        sheet->theme->text, fitted);
}

/* Over the columns and left of the rows; of a single axis over each cell. */
static void draw_titles(const Sheet *sheet) {
    char title[TITLE_BYTES];
    const bool two = sheet->axes[1].n > 0;
    const float wide = sheet->cell_width + GAP, high = sheet->cell_height + GAP;
    for (int i = 0; i < sheet->axes[0].n; i++) {
        const int column = two ? i : i % sheet->columns, row = two ? 0 : i / sheet->columns;
        const float y = sheet->top + (float)row * high + (two ? -0.5f : 0.5f) * TITLE_HEIGHT;
        axis_title(&sheet->axes[0], i, title);
        draw_title(sheet, sheet->left + (float)column * wide + 0.5f * sheet->cell_width, y, ALIGN_CENTRE,
            title, sheet->cell_width);
    }
    for (int i = 0; i < sheet->axes[1].n; i++) {
        axis_title(&sheet->axes[1], i, title);
        draw_title(sheet, sheet->left - GAP, sheet->top + (float)i * high + 0.5f * sheet->cell_height,
            ALIGN_RIGHT, title, sheet->left - GAP - PADDING);
    }
}

/* The widest title of the rows. */
static float title_width(const Sheet *sheet) {
    char title[TITLE_BYTES];
    float widest = 0;
    for (int i = 0; i < sheet->axes[1].n; i++) {
        axis_title(&sheet->axes[1], i, title);
        widest = fmaxf(widest, canvas_text_width(sheet->canvas, FONT_TEXT, TITLE_SIZE, title));
    }
    return fminf(widest, 0.25f * sheet->canvas->width);
}

/* So many columns that the cells of a single axis are about as wide as they are high, half as much again. */
static int columns_for(int n, float width, float height) {
    static const float ASPECT = 1.5f;
    int best = 1;
    float least = INFINITY;
    for (int columns = 1; columns <= n; columns++) {
        const int rows = (n + columns - 1) / columns;
        const float aspect = width / (float)columns / (height / (float)rows);
        const float off = fabsf(logf(aspect / ASPECT)) + 0.3f * (float)(columns * rows - n) / (float)n;
        if (off < least) best = columns;
        least = fminf(least, off);
    }
    return best;
}

static bool lay_out(Sheet *sheet, Status *status) {
    const Canvas *canvas = sheet->canvas;
    const bool two = sheet->axes[1].n > 0;
    sheet->columns = two ? sheet->axes[0].n : columns_for(sheet->axes[0].n, canvas->width, canvas->height);
    sheet->rows = two ? sheet->axes[1].n : (sheet->axes[0].n + sheet->columns - 1) / sheet->columns;
    sheet->left = PADDING + (two ? title_width(sheet) + GAP : 0);
    sheet->top = two ? PADDING + TITLE_HEIGHT : PADDING;
    sheet->cell_width =
        (canvas->width - sheet->left - PADDING - (float)(sheet->columns - 1) * GAP) / (float)sheet->columns;
    sheet->cell_height =
        (canvas->height - sheet->top - PADDING - (float)(sheet->rows - 1) * GAP) / (float)sheet->rows;
    return fminf(sheet->cell_width, sheet->cell_height) >= CELL_MIN ||
           status_fail(status, STATUS_BAD_INPUT,
               "--grid: %d x %d pictures do not fit; a larger --size has room for them", sheet->columns,
               sheet->rows);
}

static bool draw(Sheet *sheet, Status *status) {
    const RecordJob *job = sheet->job;
    for (int i = 0; i < RECORD_GRID_MAX && job->grid[i]; i++)
        if (!read_axis(&sheet->axes[i], job->grid[i], status)) return status_prefix(status, "--grid");
    sheet->theme = job->scene->look.light ? &theme_light : &theme_dark;
    if (!lay_out(sheet, status)) return false;
    canvas_reset_clip(sheet->canvas);
    canvas_fill_rect(sheet->canvas, (Rect){0, 0, sheet->canvas->width, sheet->canvas->height}, 0,
        sheet->theme->background);
    const int n = sheet->axes[1].n > 0 ? sheet->columns * sheet->rows : sheet->axes[0].n;
    for (int i = 0; i < n; i++) {
        if (!draw_cell(sheet, i % sheet->columns, i / sheet->columns, status))
            return status_prefix(status, "--grid");
        if (job->progress) job->progress(job->progress_context, i + 1, n);
    }
    draw_titles(sheet);
    return true;
}

bool sheet_draw(const RecordJob *job, Canvas *canvas, Status *status) {
    Sheet sheet = {.job = job, .canvas = canvas};
    bool good = draw(&sheet, status);
    for (int i = 0; i < RECORD_GRID_MAX; i++) free(sheet.axes[i].copy);
    return good;
}
