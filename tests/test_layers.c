/* The layers of networks: what is found of them against plain loops and finite differences, what is said of
 * them, and what the picture shows. */
#include "networks.h"

#include "layer_probe.h"
#include "layer_words.h"
#include "stage.h"

enum { UNITS_MAX = 64, EXAMPLES = 300, PARAMETERS_MAX = 400 };

/* Findings. */

static Dataset dataset_of(const MlpSpec *spec, const Batch *batch) {
    Dataset dataset = {.n = (size_t)batch->size, .n_in = batch->n_in, .n_out = spec->sizes[spec->n_layers]};
    dataset.inputs = (float *)(uintptr_t)batch->inputs;
    dataset.labels = (int32_t *)(uintptr_t)batch->labels;
    return dataset;
}

static LayerProbe *probe_of(const MlpSpec *spec, const Batch *batch, const Vec *x) {
    Status status = status_ok();
    const Dataset dataset = dataset_of(spec, batch);
    LayerProbe *probe = layer_probe_create(spec, &dataset, (Part){0, dataset.n}, &status);
    if (!probe) fail_msg("%s", status.message);
    layer_probe_begin(probe, x);
    while (layer_probe_slice(probe)) continue;
    return probe;
}

static void check_reach(double reach, double largest) {
    const double first = reach / pow(10, floor(log10(reach) + 1e-9));
    assert_true(reach >= largest && reach <= 2.5 * largest);
    assert_true(fabs(first - 1) < 1e-9 || fabs(first - 2) < 1e-9 || fabs(first - 5) < 1e-9);
}

/* Of one layer: weights and gradient as they are, put into bins here. */
static void check_bins(const LayerFindings *findings, int layer, const double *w, const double *g, int n) {
    const LayerFinding *found = &findings->layers[layer];
    int64_t weights[LAYER_BINS] = {0}, gradients[LAYER_BINS] = {0}, zeros = 0, all = 0;
    const double low = findings->decades[0], high = findings->decades[1];
    for (int i = 0; i < n; i++) {
        const double part = (w[i] / findings->reach + 1) / 2;
        weights[part < 1 ? (int)(part * LAYER_BINS) : LAYER_BINS - 1]++;
        const double decade = g[i] != 0 ? (log10(fabs(g[i])) - low) / (high - low) : -1;
        zeros += g[i] == 0;
        if (g[i] != 0) gradients[decade < 0 ? 0 : (int)(decade * LAYER_BINS)]++;
    }
    for (int i = 0; i < LAYER_BINS; i++) {
        assert_int_equal(found->weights[i], weights[i]);
        assert_int_equal(found->gradients[i], gradients[i]);
        all += found->gradients[i];
    }
    assert_int_equal(found->zeros, zeros);
    assert_int_equal(all + zeros, n);
}

/* How often a unit of a layer, from 0, gave something that `counts` says yes to; (n of the layer). */
static void count_outputs(const MlpSpec *spec, const double *x, const Batch *batch, int layer,
    bool (*counts)(double a), int *times) {
    double units[UNITS_MAX];
    memset(times, 0, (size_t)spec->sizes[layer + 1] * sizeof *times);
    for (int e = 0; e < batch->size; e++) {
        plain_units(spec, x, batch->inputs + e * batch->n_in, units);
        const double *at = units;
        for (int l = 0; l <= layer; l++) at += spec->sizes[l];
        for (int j = 0; j < spec->sizes[layer + 1]; j++) times[j] += counts(at[j]);
    }
}

static bool is_zero(double a) {
    return a == 0;
}

static bool is_saturated_tanh(double a) {
    return fabs(a) > 0.98;
}

static bool is_saturated_sigmoid(double a) {
    return a < 0.01 || a > 0.99;
}

static void check_findings(const char *activation, LayerFault fault, bool (*counts)(double a)) {
    const MlpSpec spec = network("3-9-8-7-4", activation, "cross_entropy", PRECISION_F64);
    const Batch batch = random_batch(&spec, EXAMPLES, 5);
    Mlp *mlp = create(&spec);
    Vec x = random_parameters(mlp, 6);
    /* Some units are far off: of the first layer two, of the second one. */
    x.f64[3 * 9 + 2] = x.f64[3 * 9 + 7] = x.f64[4 * 9 + 9 * 8 + 1] = -50;
    double gradient[PARAMETERS_MAX];
    plain_perceptron(&spec, x.f64, &batch, gradient);
    LayerProbe *probe = probe_of(&spec, &batch, &x);
    const LayerFindings *findings = layer_probe_findings(probe);
    assert_true(findings->is_finite);
    assert_int_equal(findings->n_layers, 4);
    assert_int_equal(findings->n_examples, EXAMPLES);
    assert_int_equal(findings->fault, fault);
    double largest = 0;
    int64_t parameters = 0;
    for (int l = 0, at = 0; l < 4; l++) {
        const int n = spec.sizes[l] * spec.sizes[l + 1];
        for (int i = 0; i < n; i++) largest = fmax(largest, fabs(x.f64[at + i]));
        check_bins(findings, l, x.f64 + at, gradient + at, n);
        for (int i = 0; i < LAYER_BINS; i++) parameters += findings->layers[l].weights[i];
        parameters += spec.sizes[l + 1]; /* biases */
        at += n + spec.sizes[l + 1];
        int times[UNITS_MAX];
        if (l == 3 || fault == LAYER_FAULT_NONE) {
            assert_true(isnan(findings->layers[l].faulty));
            continue;
        }
        count_outputs(&spec, x.f64, &batch, l, counts, times);
        double share = 0;
        for (int j = 0; j < spec.sizes[l + 1]; j++)
            share += fault == LAYER_FAULT_DEAD ? times[j] == EXAMPLES : (double)times[j] / EXAMPLES;
        assert_near(findings->layers[l].faulty, share / spec.sizes[l + 1], 1e-12);
        if (l < 2) assert_true(findings->layers[l].faulty >= 1.0 / 9);
    }
    check_reach(findings->reach, largest);
    assert_int_equal(parameters, (int64_t)mlp_parameter_count(&spec));
    layer_probe_destroy(probe);
    free(x.data);
    mlp_destroy(mlp);
    batch_free(&batch);
}

static void test_findings(void **state) {
    (void)state;
    check_findings("relu", LAYER_FAULT_DEAD, is_zero);
    check_findings("tanh", LAYER_FAULT_SATURATED, is_saturated_tanh);
    check_findings("sigmoid", LAYER_FAULT_SATURATED, is_saturated_sigmoid);
    check_findings("linear", LAYER_FAULT_NONE, NULL);
    check_findings("leaky_relu", LAYER_FAULT_NONE, NULL);
    static const char *const one_sided[] = {"elu", "gelu", "softplus"};
    for (int i = 0; i < 3; i++)
        assert_int_equal(layer_fault(activation_find(one_sided[i])), LAYER_FAULT_DEAD);
}

/* Weights that are not finite are told, and others after them are found as if nothing had been. */
static void test_not_finite(void **state) {
    (void)state;
    const MlpSpec spec = network("3-9-8-7-4", "relu", "cross_entropy", PRECISION_F32);
    const Batch batch = random_batch(&spec, EXAMPLES, 5);
    Mlp *mlp = create(&spec);
    const Vec x = random_parameters(mlp, 6);
    LayerProbe *probe = probe_of(&spec, &batch, &x);
    static LayerFindings before;
    before = *layer_probe_findings(probe);
    const double kept = vec_get(&x, 40);
    vec_set(&x, 40, NAN);
    layer_probe_begin(probe, &x);
    while (layer_probe_slice(probe)) continue;
    assert_false(layer_probe_findings(probe)->is_finite);
    vec_set(&x, 40, kept);
    layer_probe_begin(probe, &x);
    layer_probe_slice(probe);
    layer_probe_begin(probe, &x); /* again, from the middle of it */
    while (layer_probe_slice(probe)) continue;
    const LayerFindings *after = layer_probe_findings(probe);
    assert_memory_equal(before.layers, after->layers, 3 * sizeof *before.layers);
    assert_true(after->is_finite && isnan(after->layers[3].faulty));
    layer_probe_destroy(probe);
    free(x.data);
    mlp_destroy(mlp);
    batch_free(&batch);
}

/* Reports. */

static Scene make_networks(
    const char *sizes, const char *activation, const char *const *names, int64_t steps) {
    Status status = status_ok();
    Scene scene = make_scene("rosenbrock", names, steps, NULL);
    if (!mlp_sizes_read(&scene.network.mlp, sizes, &status)) fail_msg("%s", status.message);
    scene.network.data = strdup("spirals:n=100");
    scene.network.mlp.activation = activation_find(activation);
    scene.network.sampling.batch = 8;
    scene.network.steps = steps;
    scene.look.picture = NETWORK_PICTURE_LAYERS;
    return scene;
}

static double norm_of(const double *numbers, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += numbers[i] * numbers[i];
    return sqrt(sum);
}

/* The gradient by differences of the plain loss. */
static void differentiate(const MlpSpec *spec, double *x, int n, const Batch *batch, double *gradient) {
    static double unused[PARAMETERS_MAX];
    const double h = 1e-5;
    for (int i = 0; i < n; i++) {
        const double at = x[i];
        x[i] = at + h;
        const double above = plain_perceptron(spec, x, batch, unused);
        x[i] = at - h;
        const double below = plain_perceptron(spec, x, batch, unused);
        x[i] = at;
        gradient[i] = (above - below) / (2 * h);
    }
}

/* Norms of the report at a step are those of differences of the loss, and of plain loops. */
static void check_report(LiveTraining *live, int64_t step, double *x, const double *before) {
    const MlpSpec *spec = live_training_network(live);
    const int n = (int)live_training_parameters(live);
    live_training_look(live, step);
    const LiveState *state = live_training_state(live);
    assert_int_equal(state->step, step);
    vec_read(&state->weights[0], x);
    double gradient[PARAMETERS_MAX];
    differentiate(spec, x, n, &state->batch, gradient);
    const TrainingLayer *layers = live_training_layers(live, step, 0);
    assert_int_equal(live_training_report(live, step, 0)->report.step, step);
    for (int l = 0, at = 0, first = spec->sizes[0]; l < spec->n_layers; l++) {
        const int n_out = spec->sizes[l + 1], n_weights = spec->sizes[l] * n_out;
        assert_near(layers[l].weight_norm, norm_of(x + at, n_weights), 1e-6);
        assert_near(layers[l].grad_norm / norm_of(gradient + at, n_weights), 1, 1e-4);
        assert_near(layers[l].bias_grad_norm / norm_of(gradient + at + n_weights, n_out), 1, 1e-4);
        double moved[PARAMETERS_MAX], sum = 0;
        for (int i = 0; before && i < n_weights; i++) moved[i] = x[at + i] - before[at + i];
        if (before) assert_near(layers[l].update_norm / norm_of(moved, n_weights), 1, 1e-6);
        assert_true(before || isnan(layers[l].update_norm));
        double errors = 0;
        for (int e = 0; e < state->batch.size; e++) {
            const Batch one = {.size = 1,
                .n_in = spec->sizes[0],
                .inputs = state->batch.inputs + e * spec->sizes[0],
                .labels = state->batch.labels + e};
            double own[PARAMETERS_MAX], units[UNITS_MAX];
            plain_perceptron(spec, x, &one, own);
            for (int j = 0; j < n_out; j++) errors += pow(own[at + n_weights + j], 2);
            plain_units(spec, x, state->batch.inputs + e * spec->sizes[0], units);
            for (int j = 0; j < n_out; j++) sum += units[first + j] * units[first + j];
        }
        assert_near(layers[l].activation_rms, sqrt(sum / (state->batch.size * n_out)), 1e-5);
        assert_near(layers[l].error_rms / sqrt(errors / (state->batch.size * n_out)), 1, 1e-5);
        at += n_weights + n_out;
        first += n_out;
    }
}

static void test_reports(void **state) {
    (void)state;
    static const char *const adam[] = {"adam:lr=0.02", NULL};
    Scene scene = make_networks("2-6-5-1", "tanh", adam, 12);
    scene.network.every = 1;
    Stage stage = stage_open_on(scene, 1280, 800, NULL);
    LiveTraining *live = stage.viewer->network->live;
    live_training_reach(live, 12);
    double x[PARAMETERS_MAX], before[PARAMETERS_MAX];
    check_report(live, 0, before, NULL);
    for (int64_t step = 1; step <= 12; step++) {
        check_report(live, step, x, before);
        memcpy(before, x, sizeof before);
    }
    stage_close(&stage);
}

/* Words. */

static void check_words(LayerFlow flow, const double *sizes, int n, const char *full, const char *brief) {
    LayerWords words;
    layer_words(flow, sizes, n, &words);
    assert_string_equal(words.full, full);
    assert_string_equal(words.brief, brief ? brief : full);
}

static void test_words(void **state) {
    (void)state;
    static const double falls[] = {8, 4, 2, 1, 0.5}, rises[] = {1e-7, 1e-5, 1e-3},
                        even[] = {1, 1.3, 0.9, 1.1}, some[] = {1, 1.5, 3}, uneven[] = {1, 12, 1.2},
                        zeros[] = {0, 0, 0}, stops[] = {0, 0, 2}, late[] = {3, 2, 0}, lost[] = {1, NAN, 1};
    check_words(FLOW_SIGNAL, falls, 5,
        "shrinks 2.0× from layer to layer towards the output, 16× in all: it fades",
        "shrinks 2.0× a layer towards the output: it fades");
    check_words(FLOW_ERROR, falls, 5,
        "grows 2.0× from layer to layer towards the input, 16× in all: it blows up",
        "grows 2.0× a layer towards the input: it blows up");
    check_words(FLOW_GRADIENT, falls, 5,
        "grows 2.0× from layer to layer towards the input, 16× in all: it explodes",
        "grows 2.0× a layer towards the input: it explodes");
    check_words(FLOW_GRADIENT, rises, 3,
        "shrinks 100× from layer to layer towards the input, 10000× in all: it vanishes",
        "shrinks 100× a layer towards the input: it vanishes");
    check_words(FLOW_GRADIENT, some, 3, "shrinks 1.73× from layer to layer towards the input, 3.0× in all",
        "shrinks 1.73× a layer towards the input");
    check_words(FLOW_GRADIENT, even, 4, "about the same in every layer", NULL);
    check_words(FLOW_GRADIENT, uneven, 3, "uneven: 12× between two layers", NULL);
    check_words(FLOW_GRADIENT, zeros, 3, "there is none in any layer", NULL);
    check_words(FLOW_GRADIENT, stops, 3, "does not get through layer 2", NULL);
    check_words(FLOW_SIGNAL, late, 3, "does not get through layer 3", NULL);
    check_words(FLOW_SIGNAL, lost, 3, "is not finite", NULL);
    check_words(FLOW_SIGNAL, even, 1, "there is one layer alone", NULL);
}

/* The picture. */

static const char *const ten[] = {"sgd:lr=0.3", "momentum:lr=0.1", "adam:lr=0.02", "rmsprop:lr=0.01",
    "adagrad:lr=0.1", "nesterov:lr=0.1,label=a racer with quite a long name", "sgd:lr=1e30,label=wild",
    "sgd:lr=0.01,label=slow", "adam:lr=0.1,label=fast", "muon", NULL};

static void draw_at(Stage *stage, int64_t step) {
    viewer_set_step(stage->viewer, step);
    draw_finished(stage);
}

/* Texts fit: shallow and deep, one racer and ten, in both themes, whoever is chosen. */
static void test_texts_fit(void **state) {
    (void)state;
    static const float sizes[][2] = {{800, 600}, {1280, 800}, {1920, 1080}, {533, 400}};
    static const struct {
        const char *sizes, *activation;
        int first;
    } kinds[] = {{"2-8-1", "relu", 0}, {"2-6-6-6-6-6-6-6-6-6-6-6-6-6-6-6-1", "tanh", 0},
        {"2-6-6-1", "linear", 9}, {"2-1", "tanh", 8}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            Scene scene = make_networks(kinds[k].sizes, kinds[k].activation, ten + kinds[k].first, 60);
            Stage stage = stage_open_on(scene, sizes[i][0], sizes[i][1], NULL);
            static const int64_t steps[] = {0, 1, 37, 60};
            for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
                draw_at(&stage, steps[s]);
                check_texts(&stage, kinds[k].sizes);
            }
            static const Action actions[] = {
                ACTION_NEXT_RACER, ACTION_THEME, ACTION_PANEL, ACTION_NEXT_RACER, ACTION_PANEL, ACTION_SOLO};
            for (size_t a = 0; a < sizeof actions / sizeof *actions; a++) {
                viewer_act(stage.viewer, actions[a]);
                draw_finished(&stage);
                check_texts(&stage, kinds[k].sizes);
            }
            stage_close(&stage);
        }
    }
}

static int count_texts(const Stage *stage, const char *text) {
    int n = 0;
    for (int i = 0; i < record_canvas_count(stage->record); i++) {
        const Call *call = record_canvas_call(stage->record, i);
        n += call->string && strcmp(call->string, text) == 0;
    }
    return n;
}

/* Two side by side where there is room, one otherwise; a chip and a column choose. */
static void test_chooses(void **state) {
    (void)state;
    Stage stage = stage_open_on(make_networks("2-6-6-1", "tanh", ten, 60), 1280, 800, NULL);
    draw_at(&stage, 60);
    const LayersView *view = &stage.viewer->network->layers;
    assert_int_equal(view->cast.n, 2);
    assert_int_equal(count_texts(&stage, "weights at step 60"), 2);
    /* Pointing at a line tells its layer and number. */
    draw_frame(&stage);
    const Rect first = control_of(&stage, "layers.column 1")->seen;
    move(&stage, first.x + 120, first.y + 130);
    draw_frame(&stage);
    assert_int_equal(count_texts(&stage, "gradient, norm"), 1);
    check_texts(&stage, "a line is pointed at");
    move(&stage, 5, 5);
    draw_frame(&stage);
    assert_int_equal(count_texts(&stage, "gradient, norm"), 2);
    const Rect chip = control_of(&stage, "layers.racer 4")->seen;
    press(&stage, chip.x + 0.5f * chip.width, chip.y + 0.5f * chip.height, 1, 1);
    release(&stage, chip.x + 0.5f * chip.width, chip.y + 0.5f * chip.height);
    assert_int_equal(stage.viewer->editor.selected, 3);
    draw_finished(&stage);
    assert_int_equal(view->cast.racers[0], 0);
    assert_int_equal(view->cast.racers[1], 3);
    assert_int_equal(count_texts(&stage, "weights at step 60"), 2);
    const Rect column = control_of(&stage, "layers.column 2")->seen;
    press(&stage, column.x + 0.5f * column.width, column.y + 0.5f * column.height, 1, 1);
    release(&stage, column.x + 0.5f * column.width, column.y + 0.5f * column.height);
    assert_int_equal(stage.viewer->editor.selected, -1);
    stage_close(&stage);

    stage = stage_open_on(make_networks("2-6-6-1", "tanh", ten, 60), 800, 600, NULL);
    draw_at(&stage, 60);
    assert_int_equal(stage.viewer->network->layers.cast.n, 1);
    stage.viewer->editor.selected = 2;
    draw_finished(&stage);
    assert_int_equal(stage.viewer->network->layers.cast.racers[0], 2);
    stage_close(&stage);
}

/* A picture is the same however it was come by, and with or without threads. */
static void test_is_the_same(void **state) {
    (void)state;
    static const char *const two[] = {"sgd:lr=0.3", "adam:lr=0.02", NULL};
    uint64_t hashes[2][2];
    for (int workers = 0; workers < 2; workers++) {
        Pool *pool = pool_create(workers);
        Stage stage = stage_open_on(make_networks("2-12-12-12-1", "relu", two, 200), 1280, 800, pool);
        draw_at(&stage, 90);
        draw_at(&stage, 90); /* widgets know where they were */
        hashes[workers][0] = record_canvas_hash(stage.record);
        draw_at(&stage, 200);
        hashes[workers][1] = record_canvas_hash(stage.record);
        assert_true(hashes[workers][0] != hashes[workers][1]);
        stage_close(&stage);
        stage = stage_open_on(make_networks("2-12-12-12-1", "relu", two, 200), 1280, 800, pool);
        draw_at(&stage, 200);
        draw_at(&stage, 200);
        assert_true(record_canvas_hash(stage.record) == hashes[workers][1]);
        stage_close(&stage);
        pool_destroy(pool);
    }
    assert_memory_equal(hashes[0], hashes[1], sizeof hashes[0]);
}

/* While it plays all comes in the end, also where it is worked out beside the window. */
static void test_plays(void **state) {
    (void)state;
    for (int workers = 0; workers < 2; workers++) {
        Pool *pool = pool_create(workers);
        Stage stage = stage_open_on(make_networks("2-8-8-1", "tanh", ten, 300), 1280, 800, pool);
        viewer_play(stage.viewer, true);
        stage.viewer->speed = network_arena.n_speeds - 1;
        draw_frame(&stage);
        for (int i = 0; i < 100000 && viewer_is_animating(stage.viewer); i++) {
            viewer_advance(stage.viewer, 1.0 / 60);
            draw_frame(&stage);
        }
        assert_int_equal(viewer_step(stage.viewer), 300);
        assert_false(viewer_is_animating(stage.viewer));
        assert_int_equal(count_texts(&stage, "weights at step 300"), 2);
        /* Another network while the last one is still looked at. */
        viewer_act(stage.viewer, ACTION_RANDOM_START);
        draw_frame(&stage);
        viewer_act(stage.viewer, ACTION_RANDOM_START);
        draw_frame(&stage);
        stage_close(&stage);
        pool_destroy(pool);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_findings),
        cmocka_unit_test(test_not_finite),
        cmocka_unit_test(test_reports),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_texts_fit),
        cmocka_unit_test(test_chooses),
        cmocka_unit_test(test_is_the_same),
        cmocka_unit_test(test_plays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
