/* What networks make of images: numbers against a perceptron written out here, and the view on a recording
 * canvas. */
#include "test.h"

#include "network_view.h"
#include "stage.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const racers[] = {"sgd:lr=0.1", "adam:lr=0.01", "momentum:lr=0.05", NULL};
static const char *const many[] = {"sgd:lr=0.1", "adam:lr=0.01,label=a racer with quite a long name",
    "momentum:lr=0.05", "rmsprop", "adagrad", NULL};

static Scene make_images(const char *sizes, const char *data, const char *loss, const char *const *names) {
    Status status = status_ok();
    Scene scene = make_scene("rosenbrock", names, 60, NULL);
    if (!mlp_sizes_read(&scene.network.mlp, sizes, &status)) fail_msg("%s", status.message);
    scene.network.data = strdup(data);
    scene.network.mlp.activation = activation_find("tanh");
    scene.network.mlp.loss = loss_find(loss);
    scene.network.sampling.batch = 32;
    scene.network.steps = 60;
    return scene;
}

static Stage open_images(const char *data, float width, float height, int beside) {
    Scene scene = make_images("64-12-10", data, "cross_entropy", racers);
    scene.look.picture = NETWORK_PICTURE_IMAGES;
    scene.look.beside = beside;
    return stage_open_on(scene, width, height, NULL);
}

static void draw_at(Stage *stage, int64_t step) {
    viewer_set_step(stage->viewer, step);
    draw_finished(stage);
}

static ImagesView *view_of(const Stage *stage) {
    return &stage->viewer->network->images;
}

/* As the window shows it, once nothing is under way. */
static void draw_live(Stage *stage) {
    for (int i = 0; i < 1000; i++) {
        draw_frame(stage);
        if (!viewer_is_animating(stage->viewer)) return;
    }
    fail_msg("it comes to no end");
}

static void click(Stage *stage, double x, double y) {
    move(stage, x, y);
    press(stage, x, y, 1, 1);
    release(stage, x, y);
    move(stage, 1, 1);
    draw_live(stage);
}

static void click_control(Stage *stage, const char *name) {
    draw_live(stage);
    const Rect rect = control_of(stage, name)->seen;
    click(stage, rect.x + 0.5f * rect.width, rect.y + 0.5f * rect.height);
}

static bool is_within(Rect inner, Rect outer) {
    return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width &&
           inner.y + inner.height <= outer.y + outer.height;
}

/* With an image in large: what it covers in part is no overlap. */
static void check_card(const Stage *stage) {
    enum { PAIRS = 64 };
    TextPair pairs[PAIRS];
    const Call *cut[1];
    const int n = record_canvas_overlaps(stage->record, pairs, PAIRS);
    assert_true(n < PAIRS);
    for (int i = 0; i < n; i++) {
        const Rect card = view_of(stage)->card;
        if (is_within(pairs[i].first->box, card) || !is_within(pairs[i].second->box, card))
            fail_msg("'%s' lies over '%s'", pairs[i].second->string, pairs[i].first->string);
    }
    assert_int_equal(record_canvas_cut_texts(stage->record, cut, 1), 0);
}

/* Outputs of a network with one hidden layer of tanh, in plain loops. */
static void plain_outputs(const Vec *x, const MlpSpec *spec, const float *inputs, double *outputs) {
    const int n_in = spec->sizes[0], n_hidden = spec->sizes[1], n_out = spec->sizes[2];
    const size_t bias = (size_t)(n_in * n_hidden), second = bias + (size_t)n_hidden,
                 last = second + (size_t)(n_hidden * n_out);
    double hidden[64];
    for (int j = 0; j < n_hidden; j++) {
        hidden[j] = vec_get(x, bias + (size_t)j);
        for (int i = 0; i < n_in; i++)
            hidden[j] += (double)inputs[i] * vec_get(x, (size_t)(i * n_hidden + j));
        hidden[j] = tanh(hidden[j]);
    }
    for (int k = 0; k < n_out; k++) {
        outputs[k] = vec_get(x, last + (size_t)k);
        for (int j = 0; j < n_hidden; j++)
            outputs[k] += hidden[j] * vec_get(x, second + (size_t)(j * n_out + k));
    }
}

typedef struct Plain {
    int *classes;
    double *losses, *confidences;
    uint32_t confusion[100];
    size_t wrong;
} Plain;

static void plain_review(const Stage *stage, int racer, Plain *plain) {
    const Data *data = stage->viewer->network->data;
    const LiveTraining *live = stage->viewer->network->live;
    const Part part = data->split.validation;
    *plain = (Plain){.classes = calloc(part.n, sizeof(int)),
        .losses = calloc(part.n, sizeof(double)),
        .confidences = calloc(part.n, sizeof(double))};
    for (size_t i = 0; i < part.n; i++) {
        const int label = data->dataset->labels[part.first + i];
        double z[10], sum = 0;
        int best = 0;
        plain_outputs(&live_training_state(live)->weights[racer], live_training_network(live),
            data->dataset->inputs + (part.first + i) * 64, z);
        for (int k = 0; k < 10; k++) {
            sum += exp(z[k]);
            if (z[k] > z[best]) best = k;
        }
        plain->classes[i] = best;
        plain->losses[i] = log(sum) - z[label];
        plain->confidences[i] = exp(z[best]) / sum;
        plain->confusion[10 * label + best]++;
        plain->wrong += best != label;
    }
}

static void plain_finish(Plain *plain) {
    free(plain->classes);
    free(plain->losses);
    free(plain->confidences);
}

/* Of both racers, and the hardest in their order. */
static void test_reviews(void **state) {
    (void)state;
    Stage stage = open_images("digits", 1280, 800, 2);
    draw_at(&stage, 60);
    const ImagesView *view = view_of(&stage);
    assert_int_equal(view->reviewer.found.n, 2);
    assert_int_equal(view->reviewer.found.step, 60);
    for (int k = 0; k < 2; k++) {
        const ImageReview *review = &view->reviewer.found.of[k];
        Plain plain;
        plain_review(&stage, k, &plain);
        assert_int_equal(review->racer, k);
        assert_int_equal(view->reviewer.set.n, 229);
        assert_int_equal(review->wrong, plain.wrong);
        assert_memory_equal(review->confusion, plain.confusion, sizeof plain.confusion);
        double loss = 0;
        for (size_t i = 0; i < view->reviewer.set.n; i++) {
            assert_int_equal(review->classes[i], plain.classes[i]);
            assert_near(review->losses[i], plain.losses[i], 1e-5);
            assert_near(review->confidences[i], plain.confidences[i], 1e-5);
            loss += plain.losses[i] / 229;
        }
        assert_near(review->loss, loss, 1e-6);
        for (int i = 0; k == 0 && i < view->hardest.n; i++) { /* exactly i are harder */
            int harder = 0;
            for (size_t j = 0; j < view->reviewer.set.n; j++)
                harder += review->losses[j] > review->losses[view->hardest.images[i]];
            assert_int_equal(harder, i);
        }
        plain_finish(&plain);
    }
    assert_true(view->hardest.n > 4);
    stage_close(&stage);
}

/* What the training itself says of the validation part. */
static void test_agrees_with_reports(void **state) {
    (void)state;
    static const char *const losses[] = {"cross_entropy", "logistic", "squared_class"};
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        Scene scene = make_images("64-12-10", "digits", losses[i], racers);
        Stage stage = stage_open_on(scene, 800, 600, NULL);
        draw_at(&stage, 60);
        const ImagesView *view = view_of(&stage); /* the first that suits */
        const LiveTraining *live = stage.viewer->network->live;
        const LiveReport *last =
            live_training_report(live, live_training_report_count(stage.viewer->network->live) - 1, 0);
        const ImageReview *review = &view->reviewer.found.of[0];
        assert_int_equal(last->report.step, 60);
        assert_near(review->loss, last->report.validation.loss, 1e-5);
        assert_near((double)review->wrong / 229, last->report.validation.error, 1e-12);
        for (size_t j = 0; j < view->reviewer.set.n; j++)
            assert_true(review->confidences[j] >= 0 && review->confidences[j] <= 1);
        stage_close(&stage);
    }
}

/* The same picture of standardised inputs: an image is shown as it was. */
static void test_standardised_images(void **state) {
    (void)state;
    Stage plain = open_images("digits", 1280, 800, 0),
          other = open_images("digits:standardise=1", 1280, 800, 0);
    draw_at(&plain, 0);
    draw_at(&other, 0);
    const ImageSet *set = &view_of(&plain)->reviewer.set, *of_other = &view_of(&other)->reviewer.set;
    assert_int_equal(set->n, of_other->n);
    assert_true(of_other->dataset->width == 8 && of_other->dataset->means != NULL);
    for (size_t i = 0; i < set->n; i++) {
        float original[64], standardised[64];
        dataset_original(set->dataset, image_set_example(set, i), original);
        dataset_original(of_other->dataset, image_set_example(of_other, i), standardised);
        for (int j = 0; j < 64; j++) assert_near(standardised[j], original[j], 1e-6);
    }
    stage_close(&plain);
    stage_close(&other);
}

/* A press on a cell shows its images, in the one column and the other; again, the hardest. */
static void test_cells(void **state) {
    (void)state;
    Stage stage = open_images("digits", 1280, 800, 2);
    draw_at(&stage, 20);
    const ImagesView *view = view_of(&stage);
    const ImageReview *review = &view->reviewer.found.of[1];
    const ImageOrder hardest = view->hardest;
    int cell = 1;
    for (int i = 0; i < 100; i++)
        if (i % 11 != 0 && review->confusion[i] > review->confusion[cell]) cell = i;
    const Rect matrix = control_of(&stage, "confusion 2")->rect;
    const double x = matrix.x + (cell % 10 + 0.5) * view->layout.cell,
                 y = matrix.y + (cell / 10 + 0.5) * view->layout.cell;
    move(&stage, x, y);
    draw_live(&stage);
    check_texts(&stage, "a cell pointed at");
    char words[80];
    snprintf(
        words, sizeof words, "%d taken for %d: %d of ", cell / 10, cell % 10, (int)review->confusion[cell]);
    assert_non_null(record_canvas_find_text(stage.record, words));
    click(&stage, x, y);
    check_texts(&stage, "a cell chosen");
    const int n = (int)review->confusion[cell];
    assert_int_equal(view->hardest.n, n < view->ordered_n ? n : view->ordered_n);
    for (int i = 0; i < view->hardest.n; i++) {
        assert_int_equal(image_set_label(&view->reviewer.set, (size_t)view->hardest.images[i]), cell / 10);
        assert_int_equal(review->classes[view->hardest.images[i]], cell % 10);
    }
    click(&stage, x, y);
    assert_int_equal(hardest.n, view->hardest.n);
    assert_memory_equal(hardest.images, view->hardest.images, (size_t)hardest.n * sizeof *hardest.images);
    stage_close(&stage);
}

/* An image in large, with what speaks for each class: by both. */
static void test_an_image(void **state) {
    (void)state;
    Stage stage = open_images("digits", 1280, 800, 2);
    draw_at(&stage, 60);
    draw_live(&stage);
    const ImagesView *view = view_of(&stage);
    const Rect tile = images_grid_rect(&view->layout.hardest, view->layout.places[0].hardest, 1);
    move(&stage, tile.x + 5, tile.y + 5);
    draw_live(&stage);
    assert_int_equal(view->hovered, view->hardest.images[1]);
    assert_true(view->card.width > 0);
    move(&stage, 1, 1);
    draw_live(&stage);
    assert_false(view->card.width > 0);
    click(&stage, tile.x + 5, tile.y + 5);
    assert_int_equal(view->chosen, view->hardest.images[1]);
    check_card(&stage);
    for (int k = 0; k < 2; k++) {
        char share[NUMBER_BYTES];
        const double confidence = (double)view->reviewer.found.of[k].confidences[view->chosen];
        snprintf(share, sizeof share, "%.1f %%", 100 * confidence);
        assert_non_null(record_canvas_find_text(stage.record, share));
    }
    click(&stage, view->card.x + 5, view->card.y + 5);
    assert_int_equal(view->chosen, -1);
    click(&stage, tile.x + 5, tile.y + 5);
    key(&stage, KEY_ESCAPE, false, false);
    assert_int_equal(view->chosen, -1);
    stage_close(&stage);
}

/* The racer beside it becomes the one that is worked on; then others are beside it, and at last nobody. */
static void test_racers_beside(void **state) {
    (void)state;
    Stage stage = open_images("digits", 1280, 800, 2);
    draw_at(&stage, 20);
    const ImagesView *view = view_of(&stage);
    assert_true(view->racers[0] == 0 && view->racers[1] == 1 && view->n_racers == 2);
    click_control(&stage, "images.racer 2");
    assert_int_equal(stage.viewer->editor.selected, 1);
    assert_true(view->racers[0] == 1 && view->racers[1] == 0 && view->n_racers == 2);
    click_control(&stage, "images.beside");
    assert_true(view->racers[0] == 1 && view->racers[1] == 2 && view->n_racers == 2);
    assert_int_equal(view->reviewer.found.of[1].racer, 2);
    click_control(&stage, "images.beside");
    assert_int_equal(view->n_racers, 1);
    Look look = {.beside = 7};
    images_network_view.tell_look(stage.viewer->network, &look);
    assert_int_equal(look.beside, 0);
    stage_close(&stage);
}

/* Nothing lies over anything else: sizes, racers, themes, pages; before anything is known, and diverged. */
static void test_texts_fit(void **state) {
    (void)state;
    static const float sizes[][2] = {{800, 600}, {1280, 800}, {1920, 1080}, {533, 400}, {853, 533}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int beside = 0; beside < 3; beside += 2) {
            Scene scene = make_images("64-40-10", "digits", "cross_entropy", many);
            scene.look.beside = beside;
            Stage stage = stage_open_on(scene, sizes[i][0], sizes[i][1], NULL);
            static const int64_t steps[] = {0, 1, 60};
            for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
                draw_at(&stage, steps[s]);
                check_texts(&stage, "images");
            }
            for (int page = 0; page < 3; page++) {
                draw_live(&stage);
                check_texts(&stage, "a page of them");
                view_of(&stage)->page++;
            }
            view_of(&stage)->chosen = 3;
            draw_live(&stage);
            check_card(&stage);
            view_of(&stage)->chosen = -1;
            static const Action actions[] = {
                ACTION_NEXT_RACER, ACTION_THEME, ACTION_PANEL, ACTION_SOLO, ACTION_SOLO, ACTION_HIDE};
            for (size_t a = 0; a < sizeof actions / sizeof *actions; a++) {
                viewer_act(stage.viewer, actions[a]);
                draw_finished(&stage);
                check_texts(&stage, "what is done to it");
            }
            stage.viewer->subject.veiled = true;
            draw_frame(&stage);
            check_texts(&stage, "nothing guessed yet");
            assert_null(record_canvas_find_text(stage.record, " wrong, "));
            stage_close(&stage);
        }
    }
}

/* Sliders begin other trainings on the same data and on others; the view follows. */
static void test_follows_the_training(void **state) {
    (void)state;
    Stage stage = open_images("digits", 1280, 800, 2);
    draw_at(&stage, 30);
    view_of(&stage)->chosen = 100;
    view_of(&stage)->cell = (ImageCell){3, 5};
    Scene *scene = editor_change(&stage.viewer->editor, "seed", 77);
    scene->seed = 9;
    assert_true(viewer_apply(stage.viewer));
    draw_finished(&stage);
    assert_int_equal(view_of(&stage)->reviewer.found.step, 30);
    scene = editor_change(&stage.viewer->editor, "data", 78);
    free(scene->network.data);
    scene->network.data = strdup("digits:validation=0.01");
    assert_true(viewer_apply(stage.viewer));
    draw_finished(&stage);
    assert_int_equal(view_of(&stage)->chosen, -1); /* there are not as many */
    check_texts(&stage, "other data");
    scene = editor_change(&stage.viewer->editor, "data", 79);
    free(scene->network.data);
    scene->network.data = strdup("digits:validation=0");
    assert_true(viewer_apply(stage.viewer));
    draw_finished(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "training images"));
    scene = editor_change(&stage.viewer->editor, "data", 80);
    free(scene->network.data);
    scene->network.data = strdup("spirals");
    Status status = status_ok();
    assert_true(mlp_sizes_read(&scene->network.mlp, "2-8-2", &status));
    assert_true(viewer_apply(stage.viewer));
    draw_finished(&stage);
    assert_int_equal(network_view_shown(stage.viewer->network), NETWORK_PICTURE_BOUNDARY);
    stage_close(&stage);
}

/* Beside the window, on a thread: the same numbers in the end. */
static void test_threads(void **state) {
    (void)state;
    Pool *pool = pool_create(2);
    Scene scene = make_images("64-12-10", "digits", "cross_entropy", racers);
    scene.look.beside = 2;
    Stage alone = stage_open_on(scene_copy(&scene), 1280, 800, NULL),
          stage = stage_open_on(scene, 1280, 800, pool);
    draw_at(&alone, 60);
    viewer_play(stage.viewer, true);
    for (int i = 0; i < 30; i++) {
        viewer_advance(stage.viewer, 0.02);
        draw_frame(&stage);
    }
    viewer_play(stage.viewer, false);
    draw_at(&stage, 60);
    for (int k = 0; k < 2; k++)
        assert_memory_equal(view_of(&alone)->reviewer.found.of[k].losses,
            view_of(&stage)->reviewer.found.of[k].losses, 229 * sizeof(float));
    assert_memory_equal(
        view_of(&alone)->hardest.images, view_of(&stage)->hardest.images, 10 * sizeof(int32_t));
    stage_close(&alone);
    stage_close(&stage);
    pool_destroy(pool);
}

/* The same images from a file whose columns are their pixels, 0 to 16: as white as those that ship, although
 * the network sees them standardised. */
static void test_columns_of_a_file(void **state) {
    (void)state;
    Stage shipped = open_images("digits", 1280, 800, 0);
    Stage file = open_images(TESTS_FOLDER "/../assets/data/digits.csv.gz", 1280, 800, 0);
    draw_at(&file, 0);
    const Dataset *a = shipped.viewer->network->data->dataset, *b = file.viewer->network->data->dataset;
    assert_int_equal(b->width, 8);
    assert_int_equal(a->n, b->n);
    float numbers[64];
    for (size_t i = 0; i < b->n; i += 7) {
        dataset_original(b, i, numbers);
        for (size_t k = 0; k < 64; k++)
            assert_near((double)numbers[k] / b->white, (double)a->inputs[64 * i + k], 1e-5);
    }
    int pictures = 0;
    for (int i = 0; i < record_canvas_count(file.record); i++)
        pictures += record_canvas_call(file.record, i)->type == CALL_IMAGE;
    assert_true(pictures > 20);
    stage_close(&shipped);
    stage_close(&file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_of_a_file),
        cmocka_unit_test(test_reviews),
        cmocka_unit_test(test_agrees_with_reports),
        cmocka_unit_test(test_standardised_images),
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_an_image),
        cmocka_unit_test(test_racers_beside),
        cmocka_unit_test(test_texts_fit),
        cmocka_unit_test(test_follows_the_training),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
