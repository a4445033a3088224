/* A scene as the command line that gives it. Reading one is the app's. */
#include "scene.h"

#include "racer_text.h"
#include "words.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>

enum { NUMBER_BYTES = 32 };

const char *const view_mode_names[VIEW_MODES] = {
    [VIEW_PLANE] = "2d", [VIEW_TERRAIN] = "3d", [VIEW_BOTH] = "both"};

static void write_option(Text *line, const char *name, const char *value) {
    words_append(line, name);
    words_append(line, value);
}

static void write_integer(Text *line, const char *name, int64_t value) {
    char digits[NUMBER_BYTES];
    snprintf(digits, sizeof digits, "%lld", (long long)value);
    write_option(line, name, digits);
}

/* Numbers with commas between. */
static void write_numbers(Text *line, const char *name, const double *values, int n) {
    Text word = {0};
    for (int i = 0; i < n; i++) {
        char number[NUMBER_BYTES];
        text_format_number(number, sizeof number, values[i]);
        text_append(&word, "%s%s", i ? "," : "", number);
    }
    write_option(line, name, text_string(&word));
    text_finish(&word);
}

/* In a formula the end of a line is a blank. */
static void write_surface(Text *line, const Scene *scene) {
    Text word = {0};
    for (const char *c = scene->surface; *c; c++)
        text_append_bytes(&word, isspace((unsigned char)*c) ? " " : c, 1);
    write_option(line, "--surface", text_string(&word));
    for (int i = 0; i < scene->n_settings; i++) {
        char number[NUMBER_BYTES];
        text_format_number(number, sizeof number, scene->settings[i].value);
        text_clear(&word);
        text_append(&word, "%s=%s", scene->settings[i].name, number);
        write_option(line, "--set", text_string(&word));
    }
    text_finish(&word);
}

static void write_racers(Text *line, const Scene *scene) {
    Text word = {0};
    for (int i = 0; i < scene->n_racers; i++) {
        text_clear(&word);
        racer_write(&scene->racers[i], scene->own[i], &word);
        write_option(line, "--optimizer", text_string(&word));
    }
    text_finish(&word);
}

static void write_batch(Text *line, const Scene *scene) {
    char value[2 * NUMBER_BYTES];
    snprintf(value, sizeof value, "%lld,%s", (long long)scene->batch, example_order_names[scene->order]);
    if (scene->batch > 0) write_option(line, "--batch", value);
}

static void write_look(Text *line, const Look *look) {
    if (look->light) write_option(line, "--theme", "light");
    if (look->view != VIEW_PLANE) write_option(line, "--view", view_mode_names[look->view]);
    if (look->has_orbit) write_numbers(line, "--orbit", (double[]){look->azimuth, look->elevation}, 2);
    if (look->think > 0) write_integer(line, "--think", look->think);
    const Box *box = &look->box;
    if (look->has_box)
        write_numbers(line, "--box", (double[]){box->x_min, box->x_max, box->y_min, box->y_max}, 4);
    if (look->text_size > 0) write_integer(line, "--text-size", look->text_size);
    if (look->at >= 0) write_integer(line, "--at", look->at);
}

void scene_write(const Scene *scene, Text *line) {
    assert(scene->n_racers > 0);
    Scene usual = scene_default();
    words_append(line, "slalom");
    write_surface(line, scene);
    if (scene->has_start) write_numbers(line, "--start", scene->start, 2);
    write_batch(line, scene);
    write_racers(line, scene);
    if (scene->steps != usual.steps) write_integer(line, "--steps", scene->steps);
    if (scene->seed != usual.seed) write_integer(line, "--seed", (int64_t)scene->seed);
    write_look(line, &scene->look);
    scene_finish(&usual);
}
