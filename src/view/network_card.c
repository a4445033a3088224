/* Lines of the card are rows of tables: numbers as sliders, names with buttons for the next one and the one
 * before, in three groups. What is said of data is changed in their text (data_text.h). */
#include "network_card.h"

#include "data.h"
#include "data_text.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HIDDEN_MAX = 8, UNITS_MAX = 256 };
static const float BUTTON_WIDTH = 20, BUTTON_GAP = 4, GROUP_HEIGHT = 18;

/* Numbers. */

typedef struct NumberRow {
    const char *name, *what, *tip;
    UiRange range;
    bool is_switch;
    bool (*exists)(const Scene *scene); /* NULL: always */
    double (*get)(const Scene *scene);
    void (*set)(Scene *scene, double value);
} NumberRow;

static bool has_hidden(const Scene *scene) {
    return scene->network.mlp.n_layers > 1;
}

static bool is_made(const Scene *scene) {
    return data_text_generator(&scene->network) != NULL;
}

static bool has_more_classes(const Scene *scene) {
    const GeneratorRow *row = data_text_generator(&scene->network);
    return row ? row->n_classes_max > row->n_classes : data_is_canvas(scene->network.data);
}

static bool has_turns(const Scene *scene) {
    const GeneratorRow *row = data_text_generator(&scene->network);
    return row && row->turns > 0;
}

static bool has_epochs(const Scene *scene) {
    return scene->network.steps == 0;
}

static double get_examples(const Scene *scene) {
    return data_text_number(&scene->network, "n", DATA_MADE_USUAL);
}

static void set_examples(Scene *scene, double value) {
    data_text_set(&scene->network, "n", value, true);
    data_text_fit_batch(&scene->network);
}

static double get_noise(const Scene *scene) {
    return data_text_number(&scene->network, "noise", data_text_generator(&scene->network)->noise);
}

/* The examples are the same ones, elsewhere. */
static void set_noise(Scene *scene, double value) {
    data_text_set(&scene->network, "noise", value, false);
}

static double get_classes(const Scene *scene) {
    return data_text_classes(&scene->network);
}

/* Points by hand of a class that there is no longer go with it. */
static void set_classes(Scene *scene, double value) {
    HandPoints *points = &scene->network.points;
    data_text_set(&scene->network, "classes", value, true);
    for (int i = points->n - 1; i >= 0; i--)
        if (points->items[i].label >= value) hand_points_remove(points, i);
    data_text_fit_network(&scene->network);
}

static double get_turns(const Scene *scene) {
    return data_text_number(&scene->network, "turns", data_text_generator(&scene->network)->turns);
}

static void set_turns(Scene *scene, double value) {
    data_text_set(&scene->network, "turns", value, false);
}

static double get_validation(const Scene *scene) {
    const bool canvas = data_is_canvas(scene->network.data);
    return data_text_number(&scene->network, "validation", canvas ? 0 : data_shares_usual.validation);
}

static void set_validation(Scene *scene, double value) {
    data_text_set(&scene->network, "validation", value, true);
    data_text_fit_batch(&scene->network);
    if (value == 0) scene->network.stop = STOP_NEVER; /* there is nothing to stop by */
}

static double get_label_noise(const Scene *scene) {
    return scene->network.mlp.label_noise;
}

static void set_label_noise(Scene *scene, double value) {
    scene->network.mlp.label_noise = value;
}

static double get_standardise(const Scene *scene) {
    return data_text_number(&scene->network, "standardise", 0);
}

static void set_standardise(Scene *scene, double value) {
    data_text_set(&scene->network, "standardise", value, false);
}

static double get_seed(const Scene *scene) {
    return (double)scene->seed;
}

static void set_seed(Scene *scene, double value) {
    scene->seed = (uint64_t)llround(fmax(value, 0));
    hand_points_forget_examples(&scene->network.points);
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
    scene->network.sampling.batch = (size_t)llround(fmax(value, 0));
}

static double get_l2(const Scene *scene) {
    return scene->network.mlp.l2;
}

static void set_l2(Scene *scene, double value) {
    scene->network.mlp.l2 = value;
}

static double get_l1(const Scene *scene) {
    return scene->network.mlp.l1;
}

static void set_l1(Scene *scene, double value) {
    scene->network.mlp.l1 = value;
}

static double get_epochs(const Scene *scene) {
    return scene->network.epochs;
}

static void set_epochs(Scene *scene, double value) {
    scene->network.epochs = value;
}

#define PENALTY_RANGE                                                                                        \
    { 1e-6, 1, .logarithmic = true, .from_zero = true, .normal = 0 }

static const NumberRow data_numbers[] = {
    {"n", "examples", "how many are made, for training, validation and test",
        {10, 5000, .logarithmic = true, .whole = true, .normal = DATA_MADE_USUAL}, false, is_made,
        get_examples, set_examples},
    {"noise", "noise", "how far examples are from where they would be", {0, 1, .normal = NAN}, false, is_made,
        get_noise, set_noise},
    {"classes", "classes", "how many there are", {2, 8, .whole = true, .normal = NAN}, false,
        has_more_classes, get_classes, set_classes},
    {"turns", "turns", "of each spiral arm", {0.25, 4, .normal = NAN}, false, has_turns, get_turns,
        set_turns},
    {"validation", "validation", "share of the examples that is kept from training, to tell how it goes",
        {0, 0.9, .normal = NAN}, false, NULL, get_validation, set_validation},
    {"label-noise", "mislabel", "share of the labels that a step sees wrong; of numbers a deviation",
        {0, 1, .normal = 0}, false, NULL, get_label_noise, set_label_noise},
    {"standardise", "standardise", "inputs get mean 0 and variance 1", {0, 1, .normal = 0}, true, is_made,
        get_standardise, set_standardise},
    {"seed", "seed", "of everything random: data, weights, minibatches", {1, 100, .whole = true, .normal = 1},
        false, NULL, get_seed, set_seed},
};

static const NumberRow layer_numbers[] = {
    {"layers", "layers", "how many hidden layers of units", {0, HIDDEN_MAX, .whole = true, .normal = NAN},
        false, NULL, get_layers, set_layers},
};

static const NumberRow network_numbers[] = {
    {"dropout", "dropout", "share of the hidden units that a step leaves out", {0, 0.9, .normal = 0}, false,
        has_hidden, get_dropout, set_dropout},
};

static const NumberRow training_numbers[] = {
    {"batch", "batch", "examples in a minibatch; 0: all of them",
        {1, 1024, .logarithmic = true, .whole = true, .from_zero = true, .normal = 32}, false, NULL,
        get_batch, set_batch},
    {"l2", "L2", "penalty l2/2 |w|^2 in the training loss", PENALTY_RANGE, false, NULL, get_l2, set_l2},
    {"l1", "L1", "penalty l1 |w| in the training loss: weights become 0", PENALTY_RANGE, false, NULL, get_l1,
        set_l1},
    {"epochs", "epochs", "how long the race is",
        {1, 10000, .logarithmic = true, .whole = true, .normal = NAN}, false, has_epochs, get_epochs,
        set_epochs},
};

static bool check_number(const void *context, double value, Status *status) {
    const UiRange *range = context;
    bool fits = value >= (range->from_zero ? 0 : range->min) && (!range->whole || value == floor(value)) &&
                (range->max > 1 || value <= range->max);
    return fits || status_fail(status, STATUS_BAD_INPUT, "it cannot be that");
}

static bool put_slider(Pen *pen, const NumberRow *row, const char *control, double *value) {
    const PenRow line = {.control = control,
        .name = row->what,
        .tip = row->tip,
        .check = check_number,
        .context = &row->range,
        .range = row->range,
        .is_switch = row->is_switch,
        .fill = pen->ui->theme->dim};
    return pen_slider(pen, &line, value);
}

static void put_numbers(Pen *pen, Editor *editor, const NumberRow *rows, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const NumberRow *row = &rows[i];
        if (row->exists && !row->exists(&editor->scene)) continue;
        char control[UI_NAME_BYTES];
        snprintf(control, sizeof control, "network.%s", row->name);
        double value = row->get(&editor->scene);
        if (put_slider(pen, row, control, &value))
            row->set(editor_change(editor, control, pen->ui->gesture), value);
    }
}

/* How wide each hidden layer is. */
static void put_units(Pen *pen, Editor *editor) {
    const MlpSpec *mlp = &editor->scene.network.mlp;
    for (int i = 1; i < mlp->n_layers; i++) {
        char control[UI_NAME_BYTES], what[NUMBER_BYTES];
        snprintf(control, sizeof control, i == 1 ? "network.units" : "network.units %d", i);
        snprintf(what, sizeof what, mlp->n_layers > 2 ? "units %d" : "units", i);
        const NumberRow row = {.what = what,
            .tip = "how many units this hidden layer has",
            .range = {1, UNITS_MAX, .logarithmic = true, .whole = true, .normal = NAN}};
        double value = mlp->sizes[i];
        if (!put_slider(pen, &row, control, &value)) continue;
        editor_change(editor, control, pen->ui->gesture)->network.mlp.sizes[i] = (int)lround(fmax(value, 1));
    }
}

/* Names. */

typedef struct NameRow {
    const char *name, *what, *tip;
    const char *(*get)(const Scene *scene);
    void (*go)(Scene *scene, int by); /* 1: the next; -1: the one before */
} NameRow;

static int stepped(int i, int by, int n) {
    return (i + by + n) % n;
}

static const char *get_data(const Scene *scene) {
    const GeneratorRow *row = data_text_generator(&scene->network);
    return row ? row->name : scene->network.data;
}

static void go_data(Scene *scene, int by) {
    data_text_go(&scene->network, by);
}

static const char *get_activation(const Scene *scene) {
    return scene->network.mlp.activation->name;
}

static void go_activation(Scene *scene, int by) {
    const Activation **at = &scene->network.mlp.activation;
    *at = &activation_table[stepped((int)(*at - activation_table), by, activation_count)];
}

static const char *get_init(const Scene *scene) {
    return scene->network.init.row->name;
}

static void go_init(Scene *scene, int by) {
    InitSpec *init = &scene->network.init;
    init->row = &init_table[stepped((int)(init->row - init_table), by, init_count)];
    init->value = init->row->parameter.value;
}

/* NULL: only the data know. */
static const Loss *loss_of(const Scene *scene) {
    const MlpSpec *mlp = &scene->network.mlp;
    const int n_classes = data_text_classes(&scene->network);
    return mlp->loss || n_classes < 0 ? mlp->loss : network_scene_usual_loss(mlp, n_classes);
}

static const char *get_loss(const Scene *scene) {
    const Loss *loss = loss_of(scene);
    return loss ? loss->name : "by the data";
}

/* Among those of the same answers that the outputs are enough for. */
static void go_loss(Scene *scene, int by) {
    MlpSpec *mlp = &scene->network.mlp;
    const Loss *at = loss_of(scene), *next = at;
    if (!at) at = next = loss_find("cross_entropy");
    do next = &loss_table[stepped((int)(next - loss_table), by, loss_count)];
    while (next->target != at->target || next->outputs_min > mlp->sizes[mlp->n_layers]);
    mlp->loss = next;
}

static const char *get_sampling(const Scene *scene) {
    return sampling_table[scene->network.sampling.kind].name;
}

static bool can_sample(const NetworkScene *network, SamplingKind kind) {
    if (kind == SAMPLING_ENDLESS) return data_text_generator(network) && network->points.n == 0;
    return kind != SAMPLING_BALANCED || data_text_classes(network) != 0;
}

static void go_sampling(Scene *scene, int by) {
    SamplingKind *kind = &scene->network.sampling.kind;
    do *kind = (SamplingKind)stepped((int)*kind, by, SAMPLING_COUNT);
    while (!can_sample(&scene->network, *kind));
}

static const NameRow data_names[] = {{"data", "data", "data set", get_data, go_data}};

static const NameRow network_names[] = {
    {"activation", "activation", "activation of the hidden units", get_activation, go_activation},
    {"init", "init", "way that weights begin", get_init, go_init},
};

static const NameRow training_names[] = {
    {"loss", "loss", "loss to be made small", get_loss, go_loss},
    {"sampling", "order", "order of the examples", get_sampling, go_sampling},
};

static void put_name(Pen *pen, Editor *editor, const NameRow *row) {
    Ui *ui = pen->ui;
    Rect line = {pen->column.x + PEN_INDENT, pen->y, pen->column.width - PEN_INDENT, PEN_ROW_HEIGHT};
    float middle = line.y + 0.5f * line.height, name_width = floorf(0.27f * pen->column.width);
    bool shows = pen_shows(pen, PEN_ROW_HEIGHT);
    pen->y += PEN_ROW_HEIGHT;
    if (pen->measures) return;
    Rect button = {
        line.x + line.width - 2 * BUTTON_WIDTH - BUTTON_GAP, line.y + 1, BUTTON_WIDTH, line.height - 2};
    const float value_width = button.x - line.x - name_width - 6;
    for (int by = -1; by <= 1; by += 2, button.x += BUTTON_WIDTH + BUTTON_GAP) {
        char control[UI_NAME_BYTES], tip[UI_TIP_BYTES];
        snprintf(control, sizeof control, by > 0 ? "network.%s" : "network.%s before", row->name);
        snprintf(tip, sizeof tip, by > 0 ? "the next %s" : "the %s before", row->tip);
        if (!shows && ui->draws)
            ui_control(ui, control, UI_BUTTON, button, tip);
        else if (ui_button(ui, control, button, by > 0 ? "›" : "‹", (UiLook){.small = true}, tip))
            row->go(editor_change(editor, control, ++ui->gesture), by);
    }
    if (!shows) return;
    text_draw_fitted(ui->canvas, line.x, text_baseline(middle, SIZE_SMALL), ALIGN_LEFT, FONT_TEXT, SIZE_SMALL,
        ui->theme->dim, name_width - 8, row->what);
    text_draw_fitted(ui->canvas, line.x + name_width, text_baseline(middle, SIZE_MONO), ALIGN_LEFT, FONT_MONO,
        SIZE_MONO, ui->theme->text, value_width, row->get(&editor->scene));
}

static void put_names(Pen *pen, Editor *editor, const NameRow *rows, size_t n) {
    for (size_t i = 0; i < n; i++) put_name(pen, editor, &rows[i]);
}

/* The card. */

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

/* What the next lines are about. */
static void put_group(Pen *pen, const char *name) {
    if (pen_shows(pen, GROUP_HEIGHT))
        canvas_text(pen->ui->canvas, pen->column.x + PEN_INDENT,
            text_baseline(pen->y + 0.5f * GROUP_HEIGHT + 1, SIZE_SMALL), ALIGN_LEFT, FONT_STRONG, SIZE_SMALL,
            pen->ui->theme->text, name);
    pen->y += GROUP_HEIGHT;
}

#define ROWS(table) (table), sizeof(table) / sizeof *(table)

void network_card(Pen *pen, const Subject *subject, Editor *editor) {
    put_title(pen, subject);
    put_names(pen, editor, ROWS(data_names));
    put_numbers(pen, editor, ROWS(data_numbers));
    put_group(pen, "Units");
    put_numbers(pen, editor, ROWS(layer_numbers));
    put_units(pen, editor);
    put_names(pen, editor, ROWS(network_names));
    put_numbers(pen, editor, ROWS(network_numbers));
    put_group(pen, "Training");
    put_names(pen, editor, ROWS(training_names));
    put_numbers(pen, editor, ROWS(training_numbers));
    pen->y += PEN_CARD_PADDING;
}
