/* Scenes as command lines: what is written is read back as the same scene, by us and by a shell. */
#include "test.h"

#include "arguments.h"
#include "racer_text.h"
#include "rng.h"
#include "scene.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

enum { SCENES = 10000, RACED = 300, LINES_FOR_SHELL = 400 };

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
    return a->light == b->light && a->view == b->view && a->has_orbit == b->has_orbit &&
           (!a->has_orbit || (a->azimuth == b->azimuth && a->elevation == b->elevation)) &&
           a->has_box == b->has_box && (!a->has_box || memcmp(&a->box, &b->box, sizeof a->box) == 0) &&
           a->think == b->think && a->at == b->at;
}

static bool same_scene(const Scene *a, const Scene *b) {
    bool same = same_text(a->surface, b->surface) && a->n_settings == b->n_settings &&
                a->has_start == b->has_start && (!a->has_start || same_bits(a->start, b->start, 2)) &&
                a->n_racers == b->n_racers && a->steps == b->steps && a->seed == b->seed &&
                a->batch == b->batch && a->order == b->order && same_look(&a->look, &b->look);
    for (int i = 0; same && i < a->n_settings; i++)
        same = strcmp(a->settings[i].name, b->settings[i].name) == 0 &&
               same_bits(&a->settings[i].value, &b->settings[i].value, 1);
    for (int i = 0; same && i < a->n_racers; i++) same = same_racer(&a->racers[i], &b->racers[i]);
    return same;
}

static Scene read_line(const char *line) {
    Status status = status_ok();
    Words words;
    Arguments arguments;
    if (!words_split(&words, line, &status) ||
        !arguments_read(&arguments, COMMAND_WINDOW, words.n, words.words, &status))
        fail_msg("%s\n%s", status.message, line);
    Scene scene = scene_copy(&arguments.scene);
    arguments_finish(&arguments);
    words_finish(&words);
    return scene;
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

static void scenes_come_back(void **state) {
    (void)state;
    Rng rng = rng_seed(20);
    int scenes = getenv("SLALOM_TEST_QUICK") ? SCENES / 10 : SCENES, raced = scenes * RACED / SCENES;
    Text line = {0}, again = {0};
    for (int i = 0; i < scenes; i++) {
        Scene scene = make_scene(&rng);
        text_clear(&line);
        text_clear(&again);
        scene_write(&scene, &line);
        if (strchr(text_string(&line), '\n')) fail_msg("not one line: %s", text_string(&line));
        Scene back = read_line(text_string(&line));
        if (!same_scene(&scene, &back)) fail_msg("scene %d is another one: %s", i, text_string(&line));
        scene_write(&back, &again);
        assert_string_equal(text_string(&line), text_string(&again));
        if (i < raced) check_same_race(&scene, &back, text_string(&line));
        scene_finish(&scene);
        scene_finish(&back);
    }
    text_finish(&line);
    text_finish(&again);
}

/* Only what differs from the defaults is said. */
static void lines_are_short(void **state) {
    (void)state;
    static const struct {
        const char *line, *written;
    } cases[] = {
        {"slalom --surface bowl --optimizer adam:lr=0.05,beta1=0.9,style=2 --steps 200",
            "slalom --surface bowl --optimizer adam:style=2"},
        {"slalom --surface 'x^2 + y^2' --optimizer 'sgd:label=one\\, two' --theme dark --seed 1",
            "slalom --surface 'x^2 + y^2' --optimizer 'sgd:label=one\\, two'"},
        {"slalom --surface bowl --optimizer 'mine:x=x - lr*g;|lr=0.5' --view 3d --at 0",
            "slalom --surface bowl --optimizer 'mine: x=x - lr*g; | lr=0.5' --view 3d --at 0"},
        {"slalom --surface bowl --set kappa=0x", NULL},
        {"slalom --steps 5 --at 6", NULL},
        {"slalom --box 1,0,0,1", NULL},
        {"slalom --box 0,1,0", NULL},
        {"slalom --box 0,1,0,1,2", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Status status = status_ok();
        Words words;
        Arguments arguments;
        assert_true(words_split(&words, cases[i].line, &status));
        bool good = arguments_read(&arguments, COMMAND_WINDOW, words.n, words.words, &status);
        assert_int_equal(good, cases[i].written != NULL);
        Text line = {0};
        if (good) {
            scene_write(&arguments.scene, &line);
            assert_string_equal(text_string(&line), cases[i].written);
            arguments_finish(&arguments);
        }
        text_finish(&line);
        words_finish(&words);
    }
}

/* Words. */

static void check_words(const char *line, int n, const char *const *expected) {
    Status status = status_ok();
    Words words;
    assert_true(words_split(&words, line, &status));
    assert_int_equal(words.n, n);
    for (int i = 0; i < n; i++) assert_string_equal(words.words[i], expected[i]);
    assert_null(n > 0 ? words.words[n] : NULL);
    words_finish(&words);
}

static void words_are_split_by_the_rules(void **state) {
    (void)state;
    check_words("", 0, NULL);
    check_words(" \n\\\n ", 0, NULL);
    check_words("a  b\tc\n", 3, (const char *[]){"a", "b", "c"});
    check_words("'' \"\"", 2, (const char *[]){"", ""});
    check_words("a'b c'd\"e f\"", 1, (const char *[]){"ab cde f"});
    check_words("'\\' \"\\\\ \\\" \\a \\$\" \\'\\ x", 3, (const char *[]){"\\", "\\ \" \\a $", "' x"});
    check_words("a \\\n b\\\nc \"d\\\ne\"", 3, (const char *[]){"a", "bc", "de"});
    check_words("$HOME `ls` ; *", 4, (const char *[]){"$HOME", "`ls`", ";", "*"});
    check_words("x\\", 1, (const char *[]){"x\\"});
    static const char *const open[] = {"'", "a 'b", "\"", "a\"\\\"", "'a'\"b"};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        Status status = status_ok();
        Words words;
        assert_false(words_split(&words, open[i], &status));
        assert_int_equal(status.code, STATUS_BAD_INPUT);
        assert_true(status.place >= 0 && strchr("'\"", open[i][status.place]));
    }
}

/* A shell writes what it makes of the words of each line: each word and a byte 1, each line and a byte 2. */
static void check_by_shell(const Text *script, const Text *expected) {
    char path[] = "slalom-words-XXXXXX", command[64];
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    fprintf(file, "slalom() { for w; do printf '%%s\\001' \"$w\"; done; printf '\\002'; }\n%s",
        text_string(script));
    fclose(file);
    snprintf(command, sizeof command, "sh ./%s", path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    for (size_t i = 0; i < expected->length; i++) {
        int byte = fgetc(pipe);
        if (byte != (unsigned char)expected->bytes[i])
            fail_msg("the shell has %c where we have %.60s", byte, expected->bytes + i);
    }
    assert_int_equal(fgetc(pipe), EOF);
    pclose(pipe);
    remove(path);
}

static void a_shell_takes_the_words_the_same_way(void **state) {
    (void)state;
    Rng rng = rng_seed(7);
    Text script = {0}, expected = {0}, line = {0};
    for (int i = 0; i < LINES_FOR_SHELL; i++) {
        text_clear(&line);
        if (i % 2) {
            Scene scene = make_scene(&rng);
            scene_write(&scene, &line);
            scene_finish(&scene);
        } else {
            text_append(&line, "slalom ");
            for (int n = pick(&rng, 20); n > 0; n--)
                text_append_bytes(&line, &" '\"\\abé-"[pick(&rng, 7)], 1);
            text_append(&line, "''");
        }
        Status status = status_ok();
        Words words;
        if (!words_split(&words, text_string(&line), &status)) continue;
        text_append(&script, "%s\n", text_string(&line));
        for (int n = 1; n < words.n; n++) text_append(&expected, "%s\001", words.words[n]);
        text_append(&expected, "\002");
        words_finish(&words);
    }
    check_by_shell(&script, &expected);
    text_finish(&script);
    text_finish(&expected);
    text_finish(&line);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenes_come_back),
        cmocka_unit_test(lines_are_short),
        cmocka_unit_test(words_are_split_by_the_rules),
        cmocka_unit_test(a_shell_takes_the_words_the_same_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
