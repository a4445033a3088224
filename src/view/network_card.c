/* Lines of the card are rows of a table each: numbers as sliders, names with a button for the next one. What
 * is said of data is changed in their text, as --data takes it. */
#include "network_card.h"

#include "generator.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HIDDEN_MAX = 8, DATA_BYTES = 256 };
static const float NEXT_WIDTH = 40;

/* The text of data: NAME[:key=value,...]. */

static double data_number(const char *text, const char *key, double usual) {
    const char *at = strchr(text, ':');
    size_t length = strlen(key);
    while (at) {
        at++;
        if (strncmp(at, key, length) == 0 && at[length] == '=') {
            char number[NUMBER_BYTES];
            double value;
            at += length + 1;
            snprintf(number, sizeof number, "%.*s", (int)strcspn(at, ","), at);
            return text_parse_number(number, &value) ? value : usual;
        }
        at = strchr(at, ',');
    }
    return usual;
}

/* The same text with another value of a key, the others as they stand. */
static void set_data_number(Scene *scene, const char *key, double value) {
    Text text = {0};
    const char *from = scene->network.data, *at = strchr(from, ':');
    size_t name = strcspn(from, ":"), length = strlen(key);
    text_append(&text, "%.*s:%s=%.6g", (int)name, from, key, value);
    while (at && at[1]) {
        at++;
        size_t pair = strcspn(at, ",");
        bool same = strncmp(at, key, length) == 0 && at[length] == '=';
        if (!same) text_append(&text, ",%.*s", (int)pair, at);
        at = at[pair] ? at + pair : NULL;
    }
    char *copy = strdup(text_string(&text));
    text_finish(&text);
    if (!copy) return;
    free(scene->network.data);
    scene->network.data = copy;
}

static const GeneratorRow *generator_of(const Scene *scene) {
    char name[DATA_BYTES];
    const char *data = scene->network.data ? scene->network.data : "";
    snprintf(name, sizeof name, "%.*s", (int)strcspn(data, ":"), data);
    return generator_find(name);
}

/* Numbers. */

typedef struct NumberRow {
    const char *name, *what, *tip;
    UiRange range;
    bool (*exists)(const Scene *scene);
    double (*get)(const Scene *scene);
    void (*set)(Scene *scene, double value);
} NumberRow;

static bool always(const Scene *scene) {
    (void)scene;
    return true;
}

static bool has_hidden(const Scene *scene) {
    return scene->network.mlp.n_layers > 1;
}

static bool is_made(const Scene *scene) {
    return generator_of(scene) != NULL;
}

static double get_layers(const Scene *scene) {
    return scene->network.mlp.n_layers - 1;
}

/* New layers are as wide as the last one that there is. */
static void set_layers(Scene *scene, double value) {
    enum { UNITS_USUAL = 8 };
    MlpSpec *mlp = &scene->network.mlp;
    int hidden = (int)lround(value), had = mlp->n_layers - 1, out = mlp->sizes[mlp->n_layers];
    int units = had > 0 ? mlp->sizes[had] : UNITS_USUAL;
    if (hidden < 0 || hidden >= MLP_LAYERS_MAX) return;
    for (int i = had + 1; i <= hidden; i++) mlp->sizes[i] = units;
    mlp->n_layers = hidden + 1;
    mlp->sizes[mlp->n_layers] = out;
}

static double get_units(const Scene *scene) {
    return scene->network.mlp.sizes[1];
}

static void set_units(Scene *scene, double value) {
    MlpSpec *mlp = &scene->network.mlp;
    for (int i = 1; i < mlp->n_layers; i++) mlp->sizes[i] = (int)lround(fmax(value, 1));
}

static double get_l2(const Scene *scene) {
    return scene->network.mlp.l2;
}

static void set_l2(Scene *scene, double value) {
    scene->network.mlp.l2 = value;
}

static double get_dropout(const Scene *scene) {
    return scene->network.mlp.dropout;
}

static void set_dropout(Scene *scene, double value) {
    scene->network.mlp.dropout = value;
}

static double get_batch(const Scene *scene) {
    return (double)scene->network.sampling.batch;
}

static void set_batch(Scene *scene, double value) {
    scene->network.sampling.batch = (size_t)llround(fmax(value, 1));
}

static double get_noise(const Scene *scene) {
    return data_number(scene->network.data, "noise", generator_of(scene)->noise);
}

static void set_noise(Scene *scene, double value) {
    set_data_number(scene, "noise", value);
}

static bool has_epochs(const Scene *scene) {
    return scene->network.steps == 0;
}

static double get_epochs(const Scene *scene) {
    return scene->network.epochs;
}

static void set_epochs(Scene *scene, double value) {
    scene->network.epochs = value;
}

static double get_seed(const Scene *scene) {
    return (double)scene->seed;
}

static void set_seed(Scene *scene, double value) {
    scene->seed = (uint64_t)llround(fmax(value, 0));
}

static const NumberRow number_rows[] = {
    {"layers", "layers", "how many hidden layers of units", {0, HIDDEN_MAX, .whole = true, .normal = NAN},
        always, get_layers, set_layers},
    {"units", "units", "as many in each hidden layer",
        {1, 256, .logarithmic = true, .whole = true, .normal = NAN}, has_hidden, get_units, set_units},
    {"l2", "L2", "penalty l2/2 |w|^2 in the training loss",
        {1e-6, 1, .logarithmic = true, .from_zero = true, .normal = 0}, always, get_l2, set_l2},
    {"dropout", "dropout", "share of the hidden units that a step leaves out", {0, 0.9, .normal = 0},
        has_hidden, get_dropout, set_dropout},
    {"batch", "batch", "examples in a minibatch", {1, 1024, .logarithmic = true, .whole = true, .normal = 32},
        always, get_batch, set_batch},
    {"noise", "noise", "of the data", {0, 1, .normal = NAN}, is_made, get_noise, set_noise},
    {"epochs", "epochs", "how long the race is",
        {1, 10000, .logarithmic = true, .whole = true, .normal = NAN}, has_epochs, get_epochs, set_epochs},
    {"seed", "seed", "of everything random: data, weights, minibatches", {1, 100, .whole = true, .normal = 1},
        always, get_seed, set_seed},
};
enum { NUMBER_ROWS = sizeof number_rows / sizeof *number_rows };

static bool check_number(const void *context, double value, Status *status) {
    const NumberRow *row = context;
    bool fits = value >= (row->range.from_zero ? 0 : row->range.min) &&
                (!row->range.whole || value == floor(value)) &&
                (row->range.max > 1 || value <= row->range.max);
    return fits || status_fail(status, STATUS_BAD_INPUT, "%s cannot be that", row->what);
}

static void put_number(Pen *pen, Editor *editor, const NumberRow *row) {
    if (!row->exists(&editor->scene)) return;
    char control[UI_NAME_BYTES];
    snprintf(control, sizeof control, "network.%s", row->name);
    PenRow line = {.control = control,
        .name = row->what,
        .tip = row->tip,
        .check = check_number,
        .context = row,
        .range = row->range,
        .fill = pen->ui->theme->dim};
    double value = row->get(&editor->scene);
    if (pen_slider(pen, &line, &value)) row->set(editor_change(editor, control, pen->ui->gesture), value);
}

/* Names. */

typedef struct NameRow {
    const char *name, *what, *tip;
    const char *(*get)(const Scene *scene);
    void (*next)(Scene *scene);
} NameRow;

static const char *get_data(const Scene *scene) {
    const GeneratorRow *row = generator_of(scene);
    return row ? row->name : scene->network.data;
}

/* The next generator that makes examples of the same kind, with its own noise. */
static void next_data(Scene *scene) {
    const GeneratorRow *row = generator_of(scene);
    if (!row) return;
    const GeneratorRow *next = row;
    do next = &generator_table[(next - generator_table + 1) % generator_count];
    while (!next->curve != !row->curve || next->n_classes > row->n_classes_max ||
           next->n_classes != row->n_classes);
    double n = data_number(scene->network.data, "n", 0);
    char *copy = strdup(next->name);
    if (!copy) return;
    free(scene->network.data);
    scene->network.data = copy;
    if (n > 0) set_data_number(scene, "n", n);
}

static const char *get_activation(const Scene *scene) {
    return scene->network.mlp.activation->name;
}

static void next_activation(Scene *scene) {
    const Activation **at = &scene->network.mlp.activation;
    *at = &activation_table[(*at - activation_table + 1) % activation_count];
}

static const char *get_init(const Scene *scene) {
    return scene->network.init.row->name;
}

static void next_init(Scene *scene) {
    InitSpec *init = &scene->network.init;
    init->row = &init_table[(init->row - init_table + 1) % init_count];
    init->value = init->row->parameter.value;
}

static const NameRow name_rows[] = {
    {"data", "data", "the next data set of its kind", get_data, next_data},
    {"activation", "activation", "the next activation of the hidden units", get_activation, next_activation},
    {"init", "init", "the next way that weights begin", get_init, next_init},
};
enum { NAME_ROWS = sizeof name_rows / sizeof *name_rows };

static void put_name(Pen *pen, Editor *editor, const NameRow *row) {
    Ui *ui = pen->ui;
    Rect line = {pen->column.x + PEN_INDENT, pen->y, pen->column.width - PEN_INDENT, PEN_ROW_HEIGHT};
    float middle = line.y + 0.5f * line.height, name_width = floorf(0.27f * pen->column.width);
    bool shows = pen_shows(pen, PEN_ROW_HEIGHT);
    pen->y += PEN_ROW_HEIGHT;
    if (pen->measures) return;
    char control[UI_NAME_BYTES];
    snprintf(control, sizeof control, "network.%s", row->name);
    Rect next = {line.x + line.width - NEXT_WIDTH, line.y + 1, NEXT_WIDTH, line.height - 2};
    if (!shows && ui->draws) {
        ui_control(ui, control, UI_BUTTON, next, row->tip);
        return;
    }
    if (ui_button(ui, control, next, "next", (UiLook){.small = true}, row->tip))
        row->next(editor_change(editor, control, ++ui->gesture));
    if (!shows) return;
    text_draw_fitted(ui->canvas, line.x, text_baseline(middle, SIZE_SMALL), ALIGN_LEFT, FONT_TEXT, SIZE_SMALL,
        ui->theme->dim, name_width - 8, row->what);
    text_draw_fitted(ui->canvas, line.x + name_width, text_baseline(middle, SIZE_MONO), ALIGN_LEFT, FONT_MONO,
        SIZE_MONO, ui->theme->text, next.x - line.x - name_width - 6, row->get(&editor->scene));
}

static void put_title(Pen *pen, const Subject *subject) {
    pen->y += PEN_CARD_PADDING;
    if (pen_shows(pen, PEN_HEADER_HEIGHT)) {
        Canvas *canvas = pen->ui->canvas;
        float middle = pen->y + 0.5f * PEN_HEADER_HEIGHT;
        char text[2 * NUMBER_BYTES];
        snprintf(text, sizeof text, "%zu parameters, %zu examples", subject->networks->parameters,
            subject->networks->examples);
        canvas_text(canvas, pen->column.x, text_baseline(middle, SIZE_NAME), ALIGN_LEFT, FONT_STRONG,
            SIZE_NAME, pen->ui->theme->text, "Network");
        float width = canvas_text_width(canvas, FONT_STRONG, SIZE_NAME, "Network");
        text_draw_fitted(canvas, pen->column.x + pen->column.width, text_baseline(middle, SIZE_SMALL),
            ALIGN_RIGHT, FONT_TEXT, SIZE_SMALL, pen->ui->theme->dim, pen->column.width - width - 12, text);
    }
    pen->y += PEN_HEADER_HEIGHT;
}

void network_card(Pen *pen, const Subject *subject, Editor *editor) {
    put_title(pen, subject);
    for (int i = 0; i < NAME_ROWS; i++) put_name(pen, editor, &name_rows[i]);
    for (int i = 0; i < NUMBER_ROWS; i++) put_number(pen, editor, &number_rows[i]);
    pen->y += PEN_CARD_PADDING;
}
