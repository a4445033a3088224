/* Scenes from command line words. */
#include "test.h"

#include "scene.h"

#include <string.h>

static Scene empty_scene(void) {
    Scene scene = scene_default();
    scene.n_racers = 0;
    return scene;
}

static void racers_are_read(void **state) {
    (void)state;
    Scene scene = empty_scene();
    Status status = status_ok();
    assert_true(scene_add_racer(&scene, "adam", &status));
    assert_true(scene_add_racer(&scene, "adam:lr=1e-3,beta1=0.5,label=my Adam", &status));
    assert_int_equal(scene.n_racers, 2);
    assert_string_equal(scene.racers[0].label, "adam");
    assert_string_equal(scene.racers[1].label, "my Adam");
    assert_true(scene.racers[1].values[0] == 1e-3 && scene.racers[1].values[1] == 0.5);
    /* What is not said is the table's default. */
    assert_true(scene.racers[1].values[2] == optimizer_find("adam")->parameters[2].value);
    scene_finish(&scene);
}

static void bad_racers_are_refused_with_what_there_is(void **state) {
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"adm", "did you mean 'adam'"},
        {"adm", "sgd, momentum"},
        {"", "there is no optimizer"},
        {"sgd:clip_norm=-1", "0 or more"},
        {"sgd:schedule=cosin", "did you mean 'cosine'"},
        {"mine: x -= lr*q", "unknown name 'q'"},
        {"adam:beta3=1", "adam has no parameter 'beta3'"},
        {"adam:beta3=1", "lr, beta1, beta2, eps"},
        {"adam:lr", "expected key=value"},
        {"adam:", "expected key=value"},
        {"adam:lr=0.1,", "expected key=value"},
        {"adam:lr=abc", "not a number"},
        {"adam:change=x:lr=1", "not a step"},
        {"adam:change=5:lr=1,change=5:lr=2", "later than the one before"},
        {"adam:change=5:beta3=1", "no parameter of adam"},
        {"adam:change=5:beta1=1", "below 1"},
        {"adam:style=0", "from 1 to 72"},
        {"adam:hidden=2", "0 or 1"},
        {"adam:lr=nan", "not a number"},
        {"adam:lr=0", "greater than 0"},
        {"adam:beta1=1", "below 1"},
        {"adam:lr=0.1,lr=0.2", "twice"},
        {"adam:label=", "a label is"},
        {"adam:label=a\nb", "printable"},
        {"adam:label=\xff", "printable"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Scene scene = empty_scene();
        Status status = status_ok();
        assert_false(scene_add_racer(&scene, cases[i].text, &status));
        assert_int_equal(status.code, STATUS_BAD_INPUT);
        if (!strstr(status.message, cases[i].says))
            fail_msg("'%s': \"%s\" does not say \"%s\"", cases[i].text, status.message, cases[i].says);
        assert_int_equal(scene.n_racers, 0);
        scene_finish(&scene);
    }
}

/* They are racers, but not on a surface. */
static void optimizers_of_matrices_are_refused_on_a_surface(void **state) {
    (void)state;
    static const char *const texts[] = {"muon", "shampoo:lr=1"};
    for (int i = 0; i < 2; i++) {
        Scene scene = empty_scene();
        Status status = status_ok();
        assert_true(scene_add_racer(&scene, texts[i], &status));
        Surface *surface = scene_surface(&scene, &status);
        assert_non_null(surface);
        assert_null(scene_race(&scene, surface, &status));
        assert_int_equal(status.code, STATUS_BAD_INPUT);
        assert_non_null(strstr(status.message, "weight matrices"));
        surface_destroy(surface);
        scene_finish(&scene);
    }
}

static void too_many_racers_are_refused(void **state) {
    (void)state;
    Scene scene = empty_scene();
    Status status = status_ok();
    for (int i = 0; i < RACE_RACERS_MAX; i++) assert_true(scene_add_racer(&scene, "sgd", &status));
    assert_false(scene_add_racer(&scene, "sgd", &status));
    scene_finish(&scene);
}

static void starts_are_read_strictly(void **state) {
    (void)state;
    Scene scene = empty_scene();
    Status status = status_ok();
    assert_true(scene_set_start(&scene, "-1.2,1e0", &status));
    assert_true(scene.start[0] == -1.2 && scene.start[1] == 1 && scene.has_start);
    assert_true(scene_set_start(&scene, "1, 2", &status));
    static const char *const bad[] = {
        "", "1", "1,", ",1", "nan,0", "0,inf", "1,2,3", "1;2", "a,b", "1e999,0"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(scene_set_start(&scene, bad[i], &status));
        assert_int_equal(status.code, STATUS_BAD_INPUT);
    }
    scene_finish(&scene);
}

static void settings_reach_the_surface(void **state) {
    (void)state;
    Scene scene = empty_scene();
    Status status = status_ok();
    assert_true(scene_add_setting(&scene, "kappa=100", &status));
    assert_false(scene_add_setting(&scene, "kappa", &status));
    assert_false(scene_add_setting(&scene, "=3", &status));
    assert_false(scene_add_setting(&scene, "kappa=x", &status));
    Surface *surface = scene_surface(&scene, &status);
    assert_non_null(surface);
    assert_near(surface_evaluate(surface, 0, 1, NULL, NULL), 50, 1e-15);
    surface_destroy(surface);
    assert_true(scene_add_setting(&scene, "nonsense=1", &status));
    assert_null(scene_surface(&scene, &status));
    assert_int_equal(status.code, STATUS_BAD_INPUT);
    scene_finish(&scene);
}

/* The opening race is one where every racer arrives. */
static void default_race_is_worth_watching(void **state) {
    (void)state;
    Scene scene = scene_default();
    Scene copy = scene_copy(&scene);
    scene_finish(&scene);
    Status status = status_ok();
    Surface *surface = scene_surface(&copy, &status);
    Race *race = scene_race(&copy, surface, &status);
    assert_non_null(race);
    assert_true(race_racer_count(race) >= 4);
    race_run(race);
    for (int i = 0; i < race_racer_count(race); i++) {
        const Trace *trace = race_trace(race, i);
        assert_int_equal(trace->last, copy.steps);
        assert_true(trace->loss[trace->last] < 1e-3 * trace->loss[0]);
    }
    race_destroy(race);
    surface_destroy(surface);
    scene_finish(&copy);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(racers_are_read),
        cmocka_unit_test(bad_racers_are_refused_with_what_there_is),
        cmocka_unit_test(optimizers_of_matrices_are_refused_on_a_surface),
        cmocka_unit_test(too_many_racers_are_refused),
        cmocka_unit_test(starts_are_read_strictly),
        cmocka_unit_test(settings_reach_the_surface),
        cmocka_unit_test(default_race_is_worth_watching),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
