/* Random scenes with everything that can be said of one, and whether two are the same. */
#ifndef SLALOM_TEST_SCENES_H
#define SLALOM_TEST_SCENES_H

#include "test.h"

#include "racer_text.h"
#include "rng.h"
#include "scene.h"
#include "series.h"

#include <stdlib.h>
#include <string.h>

/* Random parts of scenes. */

static int pick(Rng *rng, int n) {
    return (int)rng_below(rng, (uint64_t)n);
}

static bool chance(Rng *rng, double p) {
    return rng_uniform(rng, 0, 1) < p;
}

/* Any size, as many digits as there are. */
static double any_number(Rng *rng) {
    double digits = chance(rng, 0.5) ? rng_uniform(rng, -1, 1) : pick(rng, 2001) / 1000.0 - 1;
    return digits * pow(10, pick(rng, 20) - 10);
}

static double value_of(Rng *rng, const OptimizerParameter *parameter) {
    if (chance(rng, 0.5)) return parameter->value;
    double low = parameter->min, high = parameter->max;
    if (parameter->domain == DOMAIN_SWITCH) return pick(rng, 2);
    double value = parameter->scale == SCALE_LOG ? exp(rng_uniform(rng, log(low), log(high)))
                                                 : rng_uniform(rng, low, high);
    return parameter->domain == DOMAIN_COUNT ? fmax(1, round(value)) : value;
}

static void make_label(Rng *rng, char label[RACER_LABEL_BYTES]) {
    static const char *const parts[] = {"a", "Adam", " ", "'", "\"", "\\", ",", "(", ")", "[", "]", "=", "|",
        ";", "$x", "`", "é", "β", "#", "!", "*", "~", "&", "-", ":", "%"};
    label[0] = '\0';
    for (int i = 1 + pick(rng, 8); i > 0; i--) strcat(label, parts[pick(rng, sizeof parts / sizeof *parts)]);
}

static const char *const scripts[] = {
    "x -= lr*g",
    "x=x-lr*g",
    "\nx=x-lr*g\n",
    ("state = m v; m = beta*m + (1 - beta)*g; v = 0.99*v + 0.01*g^2; x -= lr*m/(sqrt(v) + 1e-8)\n"
     "    where lr = 0.05 in [1e-4, 1] log, beta = 0.9 in [0, 0.999]"),
    "state = v\nprobe = x - lr*mu*v\n\n  v = mu*v +\tg;\nx -= lr*v\nwhere mu = 0.8 in [0, 0.99],\n lr = 0.02",
    "scalars = s; s = s + dot(g,\n  g); x -= lr*g/sqrt(s + 1e-9)",
    "x = x - lr*max(g,\n0)",
};

static void make_own(Rng *rng, RacerSpec *racer, OwnOptimizer **own) {
    Status status = status_ok();
    char name[16];
    snprintf(name, sizeof name, "%s%d", chance(rng, 0.5) ? "mine" : "l'été ", pick(rng, 3));
    *own = own_optimizer_create(name, scripts[pick(rng, sizeof scripts / sizeof *scripts)], &status);
    if (!*own) fail_msg("%s", status.message);
    racer->optimizer = own_optimizer_row(*own);
}

static void make_schedule(Rng *rng, ScheduleSpec *schedule) {
    static const char *const texts[] = {"constant", "cosine", "cosine:end=0.25", "step:n=7",
        "one_cycle:up=0.4:start=0.1:end=0.003", "lr/(1 + k*t) where k = 0.25, d = 1", "t < 9 ? lr : lr/2",
        "max(lr,\n0.001)", "lr/sqrt(t) where\n a = 1 in [0, 2], b = 3"};
    Status status = status_ok();
    if (chance(rng, 0.7)) return;
    if (!schedule_read(schedule, texts[pick(rng, sizeof texts / sizeof *texts)], &status))
        fail_msg("%s", status.message);
    if (schedule->n_settings > 0 && chance(rng, 0.5))
        schedule->settings[0].value = rng_uniform(rng, 0.1, 0.9);
    if (strncmp(schedule->text, "step", 4) == 0) schedule->settings[0].value = 1 + pick(rng, 50);
    if (chance(rng, 0.4)) schedule->warmup = chance(rng, 0.5) ? pick(rng, 30) : rng_uniform(rng, 0, 20);
}

static void make_changes(Rng *rng, RacerSpec *racer) {
    int64_t step = pick(rng, 4);
    const double *before = racer->values;
    for (racer->n_changes = 0; chance(rng, 0.4) && racer->n_changes < RACER_CHANGES_MAX;) {
        RacerChange *change = &racer->changes[racer->n_changes++];
        memcpy(change->values, before, sizeof change->values);
        change->step = step;
        for (int i = 0; i < optimizer_parameter_count(racer->optimizer); i++)
            if (chance(rng, 0.4)) change->values[i] = value_of(rng, &racer->optimizer->parameters[i]);
        step += 1 + pick(rng, 30);
        before = change->values;
    }
}

static void make_racer(Rng *rng, RacerSpec *racer, OwnOptimizer **own) {
    *racer = (RacerSpec){.optimizer = &optimizer_table[pick(rng, optimizer_count)]};
    *own = NULL;
    if (chance(rng, 0.2)) make_own(rng, racer, own);
    snprintf(racer->label, sizeof racer->label, "%s", racer->optimizer->name);
    if (chance(rng, 0.3)) make_label(rng, racer->label);
    for (int i = 0; i < optimizer_parameter_count(racer->optimizer); i++)
        racer->values[i] = value_of(rng, &racer->optimizer->parameters[i]);
    devices_defaults(racer->devices);
    for (int i = 0; i < DEVICE_COUNT; i++)
        if (chance(rng, 0.1)) racer->devices[i] = value_of(rng, &device_table[i]);
    make_schedule(rng, &racer->schedule);
    make_changes(rng, racer);
    racer->look = (RacerLook){.style = chance(rng, 0.5) ? 1 + pick(rng, RACER_STYLES) : 0,
        .hidden = chance(rng, 0.2),
        .solo = chance(rng, 0.2),
        .ghost = chance(rng, 0.2)};
}

static void make_surface(Rng *rng, Scene *scene) {
    static const char *const formulas[] = {"x^2 + 3y^2", "½x² + π*y^4 - x*y",
        "k*(x - 1)^2 + y^2 where k = 4 in [1, 100] log", "x > 0 ? x^2 : 2*x^2\n  + y^2",
        "mean((a*x + y - b)^2, a=[1, 2, 3, 5], b=[2, 1, 0, 4])"};
    bool shipped = chance(rng, 0.6);
    const char *name = shipped ? surface_table[pick(rng, surface_count)].name
                               : formulas[pick(rng, sizeof formulas / sizeof *formulas)];
    scene_set_surface(scene, strdup(name));
    Status status = status_ok();
    Surface *surface = surface_create(name, &status);
    assert_non_null(surface);
    const Formula *formula = surface->formula;
    for (int i = 0; i < formula->n_parameters; i++) {
        const FormulaParameter *parameter = &formula->parameters[i];
        if (chance(rng, 0.5)) continue;
        Setting *setting = &scene->settings[scene->n_settings++];
        snprintf(setting->name, sizeof setting->name, "%s", parameter->name);
        setting->value = rng_uniform(rng, parameter->min, parameter->max);
    }
    surface_destroy(surface);
    if (strncmp(name, "mean", 4) == 0 && chance(rng, 0.5)) {
        scene->batch = 1 + pick(rng, 3);
        scene->order = (ExampleOrder)pick(rng, EXAMPLES_ORDERS);
    }
}

static void make_look(Rng *rng, Look *look, int64_t steps, int n_racers) {
    look->think = pick(rng, n_racers + 1);
    look->light = chance(rng, 0.5);
    if (chance(rng, 0.3)) look->text_size = TEXT_SIZE_MIN + pick(rng, TEXT_SIZE_MAX - TEXT_SIZE_MIN + 1);
    look->view = (ViewMode)pick(rng, VIEW_MODES);
    look->picture = (NetworkPicture)pick(rng, NETWORK_PICTURES);
    look->plane = (NetworkPlane)pick(rng, NETWORK_PLANES);
    if (chance(rng, 0.5)) {
        look->has_orbit = true;
        look->azimuth = any_number(rng);
        look->elevation = rng_uniform(rng, 10, 80);
    }
    if (chance(rng, 0.5)) {
        double x = any_number(rng), y = any_number(rng);
        look->has_box = true;
        look->box = (Box){x, x + fabs(x) + 1, y, y + fabs(y) + 1};
    }
    look->at = pick(rng, (int)steps + 2) - 1;
    look->beside = pick(rng, n_racers + 1);
    look->gradients = chance(rng, 0.3);
    look->compare[0] = pick(rng, n_racers + 1);
    const int other = look->compare[0] > 0 ? pick(rng, n_racers + 1) : 0;
    look->compare[1] = other != look->compare[0] ? other : 0;
    look->sharpness = (LookSharpness)pick(rng, 3);
    ChartLook *chart = &look->chart;
    if (chance(rng, 0.3)) chart->quantity = pick(rng, quantity_count);
    if (chance(rng, 0.3)) chart->axis = (ChartLookAxis)pick(rng, CHART_LOOK_AXES);
    if (chance(rng, 0.3)) chart->scale = pick(rng, 3);
    if (chance(rng, 0.3)) chart->lower_scale = pick(rng, 3);
    double *const ranges[] = {chart->x, chart->y, chart->lower_y};
    for (int i = 0; i < 3; i++) {
        double *range = ranges[i];
        if (chance(rng, 0.8)) continue;
        range[0] = any_number(rng);
        range[1] = range[0] + 1 + fabs(range[0]);
    }
}

static Scene make_scene(Rng *rng) {
    Scene scene = scene_default();
    scene_clear_racers(&scene);
    make_surface(rng, &scene);
    if (chance(rng, 0.5)) {
        scene.has_start = true;
        for (int i = 0; i < 2; i++) scene.start[i] = chance(rng, 0.5) ? any_number(rng) : pick(rng, 7) - 3;
    }
    int n = 1 + pick(rng, chance(rng, 0.1) ? RACE_RACERS_MAX : 5);
    for (; scene.n_racers < n; scene.n_racers++)
        make_racer(rng, &scene.racers[scene.n_racers], &scene.own[scene.n_racers]);
    if (chance(rng, 0.5)) scene.steps = pick(rng, 100);
    if (chance(rng, 0.5)) scene.seed = rng_next(rng) >> 1;
    make_look(rng, &scene.look, scene.steps, scene.n_racers);
    return scene;
}

static const char *one_of(Rng *rng, const char *const *texts, int n) {
    return texts[pick(rng, n)];
}

/* For data with two inputs and so many classes. */
static void make_points(Rng *rng, HandPoints *points, int n_classes) {
    for (int i = chance(rng, 0.3) ? pick(rng, 40) : 0; i > 0; i--) {
        HandPoint point = {.x = any_number(rng), .y = pick(rng, 9) - 4, .label = pick(rng, n_classes)};
        if (chance(rng, 0.2))
            point = (HandPoint){.example = 1 + pick(rng, 8), .label = pick(rng, n_classes + 1) - 1};
        assert_true(hand_points_put(points, point));
    }
}

/* Small enough to be trained at once. */
static void make_network(Rng *rng, Scene *scene) {
    static const char *const data[] = {"xor:n=12,noise=0.1", "moons:n=20", "iris", "spirals:n=20,classes=3"};
    NetworkScene *network = &scene->network;
    Status status = status_ok();
    const int of = pick(rng, 4);
    network->data = strdup(data[of]);
    network->mlp.n_layers = 1 + pick(rng, 3);
    for (int i = 0; i < network->mlp.n_layers; i++) network->mlp.sizes[i] = 1 + pick(rng, 9);
    network->mlp.sizes[0] = of == 2 ? 4 : 2;
    network->mlp.sizes[network->mlp.n_layers] = of < 2 ? 2 : 3;
    if (of != 2) make_points(rng, &network->points, of < 2 ? 2 : 3);
    network->mlp.activation = &activation_table[pick(rng, activation_count)];
    if (chance(rng, 0.3)) network->mlp.loss = &loss_table[pick(rng, loss_count)];
    static const char *const inits[] = {
        "he", "he:bias=0.25", "gaussian:sigma=0.125", "xavier_uniform", "zero"};
    if (!init_read(&network->init, one_of(rng, inits, 5), &status)) fail_msg("%s", status.message);
    if (chance(rng, 0.5)) network->sampling.kind = (SamplingKind)pick(rng, SAMPLING_COUNT);
    if (chance(rng, 0.5)) network->sampling.batch = (size_t)pick(rng, 6);
    network->epochs = chance(rng, 0.5) ? 1 + pick(rng, 3) : rng_uniform(rng, 0.5, 2);
    if (chance(rng, 0.3)) network->steps = scene->steps = 1 + pick(rng, 9);
    if (chance(rng, 0.3)) network->every = 1 + pick(rng, 4);
    if (chance(rng, 0.3)) network->mlp.l2 = rng_uniform(rng, 0, 0.1);
    if (chance(rng, 0.3)) network->mlp.l1 = rng_uniform(rng, 0, 0.1);
    if (chance(rng, 0.3)) network->mlp.dropout = rng_uniform(rng, 0, 0.5);
    if (chance(rng, 0.3)) network->mlp.label_noise = rng_uniform(rng, 0, 0.5);
    if (chance(rng, 0.5)) network->mlp.precision = PRECISION_F64;
    network->stop = (StopKind)pick(rng, 3);
    network->patience = 1 + pick(rng, 9);
    if (chance(rng, 0.3)) network->seeds = 1 + pick(rng, 4);
}

static void make_words(Rng *rng, Scene *scene) {
    static const char *const titles[] = {
        "A title", "- 'x': #1", "\"quoted\" \\ é", "[1, 2]", "yes", "1", "a: b"};
    static const char *const notes[] = {"one line", "two\nlines",
        "  begins with blanks\n\n   and more\n  a: b", "ends\n\n", "tab\tand \x01 control",
        "\n\nbegins with lines", "# no comment\n- no list", "it's",
        ("a long line that goes on and on, as far as the width of any page, and then still goes on for a "
         "while"),
        "\xc2\x85next line\nand \xe2\x80\xa8 separators", " ", "trailing \nblanks  \nin lines"};
    if (chance(rng, 0.3)) scene->title = strdup(one_of(rng, titles, sizeof titles / sizeof *titles));
    if (chance(rng, 0.3)) scene->notes = strdup(one_of(rng, notes, sizeof notes / sizeof *notes));
}

/* With words, and networks among them. */
static Scene make_any_scene(Rng *rng) {
    Scene scene = make_scene(rng);
    make_words(rng, &scene);
    if (chance(rng, 0.25)) make_network(rng, &scene);
    return scene;
}

/* Comparing scenes: every number is the same bits. What was typed may have other blanks. */

static bool same_bits(const double *a, const double *b, int n) {
    return memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

static bool same_text(const char *a, const char *b) {
    for (;; a++, b++) {
        a += strspn(a, " \n\t;"), b += strspn(b, " \n\t;");
        if (*a != *b) return false;
        if (!*a) return true;
    }
}

static bool same_schedule(const ScheduleSpec *a, const ScheduleSpec *b) {
    bool same = same_text(a->text, b->text) && a->n_settings == b->n_settings && a->warmup == b->warmup;
    for (int i = 0; same && i < a->n_settings; i++)
        same = strcmp(a->settings[i].name, b->settings[i].name) == 0 &&
               same_bits(&a->settings[i].value, &b->settings[i].value, 1);
    return same;
}

static bool same_racer(const RacerSpec *a, const RacerSpec *b) {
    int n = optimizer_parameter_count(a->optimizer);
    bool same = strcmp(a->optimizer->name, b->optimizer->name) == 0 &&
                same_text(a->optimizer->update, b->optimizer->update) && strcmp(a->label, b->label) == 0 &&
                optimizer_parameter_count(b->optimizer) == n && same_bits(a->values, b->values, n) &&
                same_bits(a->devices, b->devices, DEVICE_COUNT) &&
                same_schedule(&a->schedule, &b->schedule) && a->n_changes == b->n_changes &&
                a->look.style == b->look.style && a->look.hidden == b->look.hidden &&
                a->look.solo == b->look.solo && a->look.ghost == b->look.ghost;
    for (int i = 0; same && i < a->n_changes; i++)
        same = a->changes[i].step == b->changes[i].step &&
               same_bits(a->changes[i].values, b->changes[i].values, n);
    return same;
}

static bool same_look(const Look *a, const Look *b) {
    return a->light == b->light && a->view == b->view && a->picture == b->picture && a->plane == b->plane &&
           a->has_orbit == b->has_orbit &&
           (!a->has_orbit || (a->azimuth == b->azimuth && a->elevation == b->elevation)) &&
           a->has_box == b->has_box && (!a->has_box || memcmp(&a->box, &b->box, sizeof a->box) == 0) &&
           a->think == b->think && a->beside == b->beside && a->gradients == b->gradients &&
           a->sharpness == b->sharpness && memcmp(a->compare, b->compare, sizeof a->compare) == 0 &&
           a->at == b->at && a->chart.quantity == b->chart.quantity && a->chart.axis == b->chart.axis &&
           a->chart.scale == b->chart.scale && a->chart.lower_scale == b->chart.lower_scale &&
           same_bits(a->chart.x, b->chart.x, 2) && same_bits(a->chart.y, b->chart.y, 2) &&
           same_bits(a->chart.lower_y, b->chart.lower_y, 2);
}

static bool same_network(const NetworkScene *a, const NetworkScene *b) {
    return strcmp(a->data, b->data) == 0 && a->mlp.n_layers == b->mlp.n_layers &&
           memcmp(a->mlp.sizes, b->mlp.sizes, (size_t)(a->mlp.n_layers + 1) * sizeof *a->mlp.sizes) == 0 &&
           a->mlp.activation == b->mlp.activation && a->mlp.loss == b->mlp.loss &&
           same_bits(&a->mlp.l2, &b->mlp.l2, 1) && same_bits(&a->mlp.l1, &b->mlp.l1, 1) &&
           same_bits(&a->mlp.dropout, &b->mlp.dropout, 1) &&
           same_bits(&a->mlp.label_noise, &b->mlp.label_noise, 1) && a->mlp.precision == b->mlp.precision &&
           hand_points_is_same(&a->points, &b->points) && a->init.row == b->init.row &&
           same_bits(&a->init.value, &b->init.value, 1) && same_bits(&a->init.bias, &b->init.bias, 1) &&
           a->sampling.kind == b->sampling.kind && a->sampling.batch == b->sampling.batch &&
           same_bits(&a->epochs, &b->epochs, 1) && a->steps == b->steps && a->every == b->every &&
           a->stop == b->stop && a->patience == b->patience && a->seeds == b->seeds;
}

static bool same_scene(const Scene *a, const Scene *b) {
    const bool network = network_scene_is_on(&a->network);
    if (network != network_scene_is_on(&b->network)) return false;
    bool same = network ? same_network(&a->network, &b->network)
                        : same_text(a->surface, b->surface) && a->n_settings == b->n_settings &&
                              a->has_start == b->has_start &&
                              (!a->has_start || same_bits(a->start, b->start, 2)) && a->steps == b->steps &&
                              a->batch == b->batch && a->order == b->order;
    same = same && a->n_racers == b->n_racers && a->seed == b->seed && same_look(&a->look, &b->look);
    for (int i = 0; same && !network && i < a->n_settings; i++)
        same = strcmp(a->settings[i].name, b->settings[i].name) == 0 &&
               same_bits(&a->settings[i].value, &b->settings[i].value, 1);
    for (int i = 0; same && i < a->n_racers; i++) same = same_racer(&a->racers[i], &b->racers[i]);
    return same;
}

static Race *race_of(const Scene *scene, Surface **surface, Status *status) {
    *surface = scene_surface(scene, status);
    if (!*surface) return NULL;
    Race *race = scene_race(scene, *surface, status);
    if (race) race_run(race);
    return race;
}

static void check_same_race(const Scene *a, const Scene *b, const char *line) {
    Status statuses[2] = {status_ok(), status_ok()};
    Surface *surfaces[2];
    Race *races[2] = {race_of(a, &surfaces[0], &statuses[0]), race_of(b, &surfaces[1], &statuses[1])};
    if (!races[0] != !races[1]) fail_msg("%s%s\n%s", statuses[0].message, statuses[1].message, line);
    for (int i = 0; races[0] && i < a->n_racers; i++) {
        const Trace *one = race_trace(races[0], i), *two = race_trace(races[1], i);
        size_t rows = (size_t)one->last + 1;
        if (one->last != two->last || memcmp(one->x, two->x, 2 * rows * sizeof *one->x) ||
            memcmp(one->loss, two->loss, rows * sizeof *one->loss))
            fail_msg("racer %d goes elsewhere: %s", i + 1, line);
    }
    for (int i = 0; i < 2; i++) {
        race_destroy(races[i]);
        surface_destroy(surfaces[i]);
    }
}

#endif
