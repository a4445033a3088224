/* Scene files: what they say, how they are written, and what is refused where. */
#include "test.h"

#include "lesson.h"
#include "scene_file.h"
#include "scene_keys.h"

#include <stdlib.h>
#include <string.h>

static Scene read_scene(const char *text) {
    Scene scene;
    Status status = status_ok();
    if (!scene_read_text(&scene, "test.yaml", NULL, text, strlen(text), &status))
        fail_msg("%s\n%s", status.message, text);
    return scene;
}

/* What is said differently is the same. */
static void forms_mean_the_same(void **state) {
    (void)state;
    static const struct {
        const char *one, *other;
    } cases[] = {
        {"start: [1, -2.5]", "start: 1,-2.5"},
        {"set: {kappa: 5}", "set: [kappa=5]"},
        {"racers: [adam: {lr: 0.5, label: a}]", "racers: ['adam:lr=0.5,label=a']"},
        {"racers: [adam: lr=0.5]", "racers:\n  - adam:\n      lr: 0.5"},
        {"racers: ['mine: x -= lr*g | lr=0.5']", "racers:\n- mine:\n    script: x -= lr*g\n    lr: 0.5"},
        {"racers: [mine: x -= lr*g | lr=0.5]",
            "racers:\n- mine:\n    lr: 0.5\n    script: |\n      x -= lr*g"},
        {"racers: [adam: {schedule: {cosine: {end: 0.25}}}]", "racers: ['adam:schedule=cosine:end=0.25']"},
        {"racers: [adam: {change: {5: {eps: 1, lr: 2}, 9: {lr: 3}}, lr: 4}]",
            "racers: ['adam:lr=4,change=5:lr=2:eps=1,change=9:lr=3']"},
        {"racers: [sgd: {hidden: true, solo: false}]", "racers: ['sgd:hidden=1']"},
        {"racers: [sgd: {label: 'a, b'}]", "racers: ['sgd:label=a\\, b']"},
        {"racers: [sgd, adam]\nall: {lr: 0.5}", "racers: ['sgd:lr=0.5', 'adam:lr=0.5']"},
        {"network: [2, 8, 2]\ndata: {moons: {n: 50, noise: 0.1}}",
            "network: 2-8-2\ndata: moons:n=50,noise=0.1"},
        {"network: 2-2\ndata: moons\ninit: {gaussian: {bias: 1, sigma: 0.5}}",
            "network: 2-2\ndata: moons\ninit: gaussian:sigma=0.5:bias=1"},
        {"steps: 1e3", "steps: 1000"},
        {"slalom: 1\nview: 2d\ntheme: dark\nseed: 1\nsteps: 200", "surface: ravine"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Scene scenes[2] = {read_scene(cases[i].one), read_scene(cases[i].other)};
        Text texts[2] = {{0}, {0}}, lines[2] = {{0}, {0}};
        for (int k = 0; k < 2; k++) {
            scene_write_file(&scenes[k], &texts[k]);
            scene_write(&scenes[k], &lines[k]);
            scene_finish(&scenes[k]);
        }
        assert_string_equal(text_string(&lines[0]), text_string(&lines[1]));
        assert_string_equal(text_string(&texts[0]), text_string(&texts[1]));
        for (int k = 0; k < 2; k++) text_finish(&texts[k]), text_finish(&lines[k]);
    }
}

static void mistakes_are_told_with_their_place(void **state) {
    (void)state;
    static const struct {
        const char *text, *place, *says;
    } cases[] = {
        {"surfac: bowl", "1:1", "did you mean 'surface'"},
        {"surface: bowl\nracers:\n  - adam: {lr: 0.1, beta3: 1}", "3:21", "did you mean 'beta1'"},
        {"surface: bowl\nracers:\n  - adam: {lr: -1}", "3:16", "greater than 0"},
        {"surface: bowl\nracers:\n  - adm", "3:5", "did you mean 'adam'"},
        {"racers:\n  - mine: {script: x -= lr*q}", "2:20", "unknown name 'q'"},
        {"racers: []", "1:9", "a racer at least"},
        {"racers: {sgd: 1}", "1:9", "a list"},
        {"racers: [{sgd: {}, adam: {}}]", "1:10", "one name"},
        {"view: 4d", "1:7", "2d, 3d, both"},
        {"start: [1]", "1:8", "two numbers"},
        {"start: {x: 1}", "1:8", "not a map"},
        {"set: {kappa: [1]}", "1:14", "names and numbers"},
        {"surface: x^2 + z", "1:10", "unknown name 'z'"},
        {"surface: ravin", "1:10", "did you mean 'ravine'"},
        {"set: {kapa: 5}", "1:13", "kapa"},
        {"surface: bowl\nbatch: 3", "2:8", ""},
        {"lesson: {steps: [{change: {set: {kapa: 5}}}]}", "1:40", "kapa"},
        {"slalom: 2", "1:9", "version 2"},
        {"slalom: x", "1:9", "whole number"},
        {"steps: 10\nat: 11", "2:5", "no step 11"},
        {"racers: [sgd]\nthink: 2", "2:8", "no racer 2"},
        {"racers: [sgd]\nbeside: 2", "2:9", "no racer 2"},
        {"racers: [sgd, adam]\ncompare: [1, 3]", "2:10", "no racer 3"},
        {"all: {nonsense: 1}", "1:6", "no racer here"},
        {"a: &x [*x]", "1:8", "aliases"},
        {"title: !!str a", "1:8", "tags"},
        {"title: a\n---\ntitle: b", "2:1", "one scene"},
        {"title: a\ntitle: b", "2:1", "twice"},
        {"title: \"a\\0b\"", "1:8", "\\0"},
        {"{[1]: 2}", "1:2", "a key is"},
        {"title: [a", "2:1", "flow sequence"},
        {"lesson: 1", "1:9", "a map"},
        {"lesson: {topik: a}", "1:10", "did you mean 'topic'"},
        {"lesson: {seeds: 0}", "1:17", "from 1"},
        {"lesson: {steps: [{sya: a}]}", "1:19", "did you mean 'say'"},
        {"lesson:\n  steps:\n    - change: {surface: bowl}\n    - change: {steps: 5, at: 7}", "4:15",
            "no step 7"},
        {"lesson: {steps: [{change: {vieww: 3d}}]}", "1:28", "did you mean 'view'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Scene scene;
        Status status = status_ok();
        char place[64];
        assert_false(
            scene_read_text(&scene, "test.yaml", NULL, cases[i].text, strlen(cases[i].text), &status));
        assert_int_equal(status.code, STATUS_BAD_INPUT);
        snprintf(place, sizeof place, "test.yaml:%s: ", cases[i].place);
        if (strncmp(status.message, place, strlen(place)) != 0 || !strstr(status.message, cases[i].says))
            fail_msg("%s\n  says %s\n  not %s%s", cases[i].text, status.message, place, cases[i].says);
    }
}

static const char lesson[] = "slalom: 1\n"
                             "title: Ill-conditioning\n"
                             "surface: ravine\n"
                             "set: {kappa: 50}\n"
                             "start: [-4, 1]\n"
                             "racers:\n"
                             "  - sgd: {lr: 0.02, label: slow}\n"
                             "  - mine:\n"
                             "      script: |\n"
                             "        state = v\n"
                             "        v = 0.9*v - lr*g\n"
                             "        x += v\n"
                             "      lr: 0.1\n"
                             "lesson:\n"
                             "  number: 11\n"
                             "  topic: Conditioning\n"
                             "  question: |\n"
                             "    Which of the two\n"
                             "    arrives first?\n"
                             "\n"
                             "    And why?\n"
                             "  steps:\n"
                             "    - say: Look.\n"
                             "      point: kappa\n"
                             "    - name: steep\n"
                             "      change:\n"
                             "        set: {kappa: 100}\n"
                             "        racers:\n"
                             "          - adam:lr=0.5\n"
                             "    - change:\n"
                             "        steps: 10\n"
                             "        view: 3d\n"
                             "  seeds: 2\n"
                             "  expect:\n"
                             "    - slow.loss(200) > 1e-3\n"
                             "    - steep.slow.status == diverged\n";

static void lessons_are_read_and_written(void **state) {
    (void)state;
    Scene scene = read_scene(lesson);
    const Lesson *read = scene.lesson;
    assert_non_null(read);
    assert_int_equal(read->number, 11);
    assert_string_equal(read->topic, "Conditioning");
    assert_string_equal(read->question, "Which of the two\narrives first?\n\nAnd why?");
    assert_null(read->explanation);
    assert_int_equal(read->seeds, 2);
    assert_int_equal(read->n_steps, 3);
    assert_string_equal(read->steps[1].name, "steep");
    assert_int_equal(read->n_expectations, 2);
    assert_string_equal(read->expectations[1].text, "steep.slow.status == diverged");
    assert_int_equal(read->expectations[1].line, 36);
    assert_int_equal(read->expectations[1].column, 7);
    Text text = {0};
    scene_write_file(&scene, &text);
    assert_string_equal(text_string(&text), lesson);
    text_finish(&text);
    scene_finish(&scene);
}

/* Steps are put on top of one another. */
static void steps_change_the_scene(void **state) {
    (void)state;
    Scene scene = read_scene(lesson), after;
    Status status = status_ok();
    assert_true(scene_at_step(&scene, 1, &after, &status));
    assert_int_equal(after.n_racers, 1);
    assert_string_equal(after.racers[0].label, "adam");
    assert_true(after.settings[0].value == 100 && after.n_settings == 1 && after.has_start);
    assert_int_equal(after.steps, SCENE_STEPS_USUAL);
    assert_ptr_equal(after.lesson, scene.lesson);
    scene_finish(&after);
    assert_true(scene_at_step(&scene, 2, &after, &status));
    assert_true(after.steps == 10 && after.look.view == VIEW_TERRAIN && after.settings[0].value == 100);
    /* Another surface has its own start and parameters. */
    const SceneChange bowl = {scene_key_find("surface"), (char[]){"bowl"}};
    assert_true(scene_change(&after, &bowl, 1, &status));
    assert_true(!after.has_start && after.n_settings == 0 && after.n_racers == 1);
    /* What cannot be changes nothing. */
    const SceneChange wrong[] = {
        {scene_key_find("steps"), (char[]){"5"}}, {scene_key_find("at"), (char[]){"6"}}};
    assert_false(scene_change(&after, wrong, 2, &status));
    assert_non_null(strstr(status.message, "at: "));
    assert_int_equal(after.steps, 10);
    scene_finish(&after);
    scene_finish(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_mean_the_same),
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(lessons_are_read_and_written),
        cmocka_unit_test(steps_change_the_scene),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
