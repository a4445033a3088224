/* Scenes kept as files and read again: the same scene, the same bytes, the same race. Hostile files: refused
 * without much ado. */
#include "scenes.h"

#include "scene_file.h"

#include <sys/resource.h>

enum { SCENES = 10000, RACED = 300, TRAINED = 60 };

static Scene read_file_text(const Text *text) {
    Scene scene;
    Status status = status_ok();
    if (!scene_read_text(&scene, "kept", NULL, text_string(text), text->length, &status))
        fail_msg("%s\n%s", status.message, text_string(text));
    return scene;
}

/* Every report of a training; whether there was one. */
static bool train(const Scene *scene, Text *reports) {
    Data data;
    Status status = status_ok();
    Training *training = network_scene_open(
        &scene->network, scene->racers, scene->n_racers, scene->seed, NULL, &data, &status);
    while (training && training_advance(training) == TRAINING_REPORTED)
        for (int i = 0; i < scene->n_racers; i++) {
            const TrainingReport *report = training_report(training, i);
            text_append(
                reports, "%a %a %a;", report->training.loss, report->validation.loss, report->grad_norm);
        }
    if (!training) text_append(reports, "%s", status.message);
    const bool good = training != NULL;
    training_destroy(training);
    if (good) data_finish(&data);
    return good;
}

static bool check_same_training(const Scene *a, const Scene *b) {
    Text reports[2] = {{0}, {0}};
    const bool trained = train(a, &reports[0]);
    assert_int_equal(train(b, &reports[1]), trained);
    assert_string_equal(text_string(&reports[0]), text_string(&reports[1]));
    for (int i = 0; i < 2; i++) text_finish(&reports[i]);
    return trained;
}

static void scenes_come_back_from_files(void **state) {
    (void)state;
    Rng rng = rng_seed(77);
    const bool quick = is_quick();
    const int scenes = quick ? SCENES / 10 : SCENES;
    int raced = 0, trained = 0, races = quick ? RACED / 10 : RACED,
        trainings = quick ? TRAINED / 10 : TRAINED;
    Text file = {0}, again = {0};
    for (int i = 0; i < scenes; i++) {
        Scene scene = make_any_scene(&rng);
        text_clear(&file);
        text_clear(&again);
        scene_write_file(&scene, &file);
        Scene back = read_file_text(&file);
        if (!same_scene(&scene, &back)) fail_msg("scene %d is another one:\n%s", i, text_string(&file));
        scene_write_file(&back, &again);
        assert_string_equal(text_string(&file), text_string(&again));
        const bool network = network_scene_is_on(&scene.network);
        if (network && trained < trainings) trained += check_same_training(&scene, &back);
        if (!network && raced++ < races) check_same_race(&scene, &back, text_string(&file));
        scene_finish(&scene);
        scene_finish(&back);
    }
    assert_true(raced >= races && trained >= trainings);
    text_finish(&file);
    text_finish(&again);
}

/* The largest amount of memory that this program has had so far. */
static double peak_bytes(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return 1024.0 * (double)usage.ru_maxrss;
}

/* n times a text. */
static void append_many(Text *out, const char *text, int n) {
    for (int i = 0; i < n; i++) text_append(out, "%s", text);
}

static void check_refused(const char *what, const Text *text, const char *says) {
    Scene scene;
    Status status = status_ok();
    const double before = peak_bytes();
    if (scene_read_text(&scene, "hostile", NULL, text_string(text), text->length, &status))
        fail_msg("%s is taken", what);
    assert_int_equal(status.code, STATUS_BAD_INPUT);
    if (!strstr(status.message, says)) fail_msg("%s: %s", what, status.message);
    assert_true(peak_bytes() - before < 64e6);
}

static void hostile_files_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *what, *begin, *many, *says;
        int n;
    } cases[] = {
        {"nested lists", "title: ", "[", "deeper", 10000},
        {"nested maps", "title: ", "{a: ", "deeper", 10000},
        {"nested blocks", "", "- ", "deeper", 10000},
        {"many keys", "", "? a\n", "twice", 10000},
        {"a long list", "title: [", "a,", "more in this file", 200000},
        {"aliases", "a: &a [x, x]\nb: &b [*a, *a]\nc: [", "*b,", "aliases", 1000},
        {"a cycle", "a: &a [*a]\n", "", "aliases", 0},
        {"too much", "title: ", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "larger than", 100000},
        {"a long key", "", "a", "scene", 900000},
        {"many documents", "", "---\n", "another document", 1000},
        {"anchors", "title: ", "&a ", "", 10000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Text text = {0};
        text_append(&text, "%s", cases[i].begin);
        append_many(&text, cases[i].many, cases[i].n);
        check_refused(cases[i].what, &text, cases[i].says);
        text_finish(&text);
    }
}

static void a_file_of_any_size_is_refused(void **state) {
    (void)state;
    char path[] = "slalom-large-XXXXXX";
    const int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "wb");
    fprintf(file, "title: a\n");
    fseek(file, 100000000, SEEK_SET);
    fputc('\n', file);
    fclose(file);
    Scene scene;
    Status status = status_ok();
    const double before = peak_bytes();
    assert_false(scene_read_file(&scene, path, &status));
    assert_non_null(strstr(status.message, "more than"));
    assert_true(peak_bytes() - before < 64e6);
    remove(path);
}

/* Data beside the scene, and nowhere else. */
static void data_are_beside_the_scene(void **state) {
    (void)state;
    static const char *const away[] = {"/etc/passwd.csv", "../data.csv", "a/../../data.csv", "a/..", "./..",
        "..\\data.csv", "../images:labels=b", "images.idx:labels=../b"};
    for (size_t i = 0; i < sizeof away / sizeof *away; i++) {
        Data data;
        Status status = status_ok();
        assert_false(data_open_in(&data, ".", away[i], NULL, 1, &status));
        if (!strstr(status.message, "leads away") && !strstr(status.message, "there are no data"))
            fail_msg("%s: %s", away[i], status.message);
    }
    FILE *file = fopen("slalom-points.csv", "w");
    assert_non_null(file);
    for (int i = 0; i < 20; i++) fprintf(file, "%d,%d,%s\n", i, i % 7, i % 2 ? "a" : "b");
    fclose(file);
    Status status = status_ok();
    Data data;
    assert_true(data_open_in(&data, ".", "slalom-points.csv:test=0.2", NULL, 1, &status));
    data_finish(&data);
    assert_false(data_open_in(&data, "no-such-folder", "slalom-points.csv", NULL, 1, &status));
    remove("slalom-points.csv");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_files_are_refused),
        cmocka_unit_test(a_file_of_any_size_is_refused),
        cmocka_unit_test(data_are_beside_the_scene),
        cmocka_unit_test(scenes_come_back_from_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
