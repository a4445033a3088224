/* The table of what can be said of a scene, put together; drafts, and a scene as a command line. */
#include "scene_keys.h"

#include "words.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Without the blanks and ends of lines that it ends with. */
static size_t words_length(const char *words) {
    size_t length = words ? strlen(words) : 0;
    while (length > 0 && strchr(" \n", words[length - 1])) length--;
    return length;
}

static bool keep_words(char **kept, const char *text, Status *status) {
    const size_t length = words_length(text);
    char *copy = length > 0 ? strndup(text, length) : NULL;
    if (length > 0 && !copy) return status_fail(status, STATUS_FAILED, "out of memory");
    free(*kept);
    *kept = copy;
    return true;
}

static bool write_words(const char *words, int i, Text *out) {
    const size_t length = words_length(words);
    if (i > 0 || length == 0) return false;
    text_append_bytes(out, words, length);
    return true;
}

static bool read_title(SceneDraft *draft, const char *text, Status *status) {
    if (!text_is_printable(text))
        return status_fail(status, STATUS_BAD_INPUT, "a title is printable text on one line");
    return keep_words(&draft->scene->title, text, status);
}

static bool write_title(const Scene *scene, int i, Text *out) {
    return write_words(scene->title, i, out);
}

static bool read_notes(SceneDraft *draft, const char *text, Status *status) {
    return keep_words(&draft->scene->notes, text, status);
}

static bool write_notes(const Scene *scene, int i, Text *out) {
    return write_words(scene->notes, i, out);
}

static const SceneKey word_keys[] = {
    {"title", NULL, "TEXT", SCENE_PART_WORDS, SCENE_KEY_TEXT, 0, NULL, read_title, write_title,
        "what the scene is called"},
    {"notes", NULL, "TEXT", SCENE_PART_WORDS, SCENE_KEY_TEXT, 0, NULL, read_notes, write_notes,
        "free text, which is kept"},
};
enum { WORD_KEYS = sizeof word_keys / sizeof word_keys[0] };

int scene_key_count(void) {
    return WORD_KEYS + network_key_count + race_key_count + look_key_count + chart_key_count;
}

const SceneKey *scene_key(int i) {
    assert(i >= 0 && i < scene_key_count());
    if (i < WORD_KEYS) return &word_keys[i];
    i -= WORD_KEYS;
    if (i < network_key_count) return &network_keys[i];
    i -= network_key_count;
    if (i < race_key_count) return &race_keys[i];
    i -= race_key_count;
    return i < look_key_count ? &look_keys[i] : &chart_keys[i - look_key_count];
}

static int find(const char *name) {
    for (int i = 0; i < scene_key_count(); i++)
        if (strcmp(scene_key(i)->name, name) == 0) return i;
    return -1;
}

const SceneKey *scene_key_find(const char *name) {
    const int i = find(name);
    return i < 0 ? NULL : scene_key(i);
}

const char *scene_key_option(const SceneKey *key) {
    return key->option ? key->option : key->name;
}

void scene_key_append_numbers(Text *out, const double *values, int n, char joint) {
    for (int i = 0; i < n; i++) {
        char number[32];
        text_format_number(number, sizeof number, values[i]);
        if (i > 0) text_append_bytes(out, &joint, 1);
        text_append(out, "%s", number);
    }
}

/* Drafts. */

SceneDraft scene_draft(Scene *scene, const char *folder) {
    SceneDraft draft = {.scene = scene,
        .folder = folder,
        .was_network = network_scene_is_on(&scene->network),
        .n_settings = scene->n_settings};
    memcpy(draft.settings, scene->settings, sizeof draft.settings);
    scene->n_settings = 0;
    return draft;
}

bool scene_draft_has(const SceneDraft *draft, const char *name) {
    return draft->said >> find(name) & 1;
}

bool scene_draft_read(SceneDraft *draft, const SceneKey *key, const char *text, Status *status) {
    const int i = find(key->name);
    assert(i >= 0 && scene_key_count() <= 64);
    if (!key->read(draft, text, status)) return false;
    draft->said |= UINT64_C(1) << i;
    return true;
}

static bool is_set(const Scene *scene, const char *name) {
    for (int i = 0; i < scene->n_settings; i++)
        if (strcmp(scene->settings[i].name, name) == 0) return true;
    return false;
}

/* Those from before that were not said anew come first. */
static bool keep_settings(SceneDraft *draft, Status *status) {
    Scene *scene = draft->scene;
    int n = 0;
    for (int i = 0; i < draft->n_settings; i++)
        if (!is_set(scene, draft->settings[i].name)) draft->settings[n++] = draft->settings[i];
    if (n + scene->n_settings > FORMULA_PARAMETERS_MAX)
        return status_fail(
            status, STATUS_BAD_INPUT, "a surface has at most %d parameters", FORMULA_PARAMETERS_MAX);
    memcpy(draft->settings + n, scene->settings, (size_t)scene->n_settings * sizeof *scene->settings);
    scene->n_settings += n;
    memcpy(scene->settings, draft->settings, (size_t)scene->n_settings * sizeof *scene->settings);
    return true;
}

/* Another surface is raced on from its own start, all of it in sight. */
static void settle_surface(SceneDraft *draft) {
    Scene *scene = draft->scene;
    if (!scene_draft_has(draft, "network") && !scene_draft_has(draft, "data"))
        network_scene_turn_off(&scene->network);
    if (!scene_draft_has(draft, "start")) scene->has_start = false;
    if (!scene_draft_has(draft, "dim")) scene->dim = 0;
    if (!scene_draft_has(draft, "box")) scene->look.has_box = false;
    scene->batch = 0;
}

static bool settle_network(SceneDraft *draft, Status *status) {
    Scene *scene = draft->scene;
    if (scene_draft_has(draft, "data")) {
        if (!scene_draft_has(draft, "points")) hand_points_finish(&scene->network.points);
        free(scene->network.folder);
        scene->network.folder = draft->folder ? strdup(draft->folder) : NULL;
        if (draft->folder && !scene->network.folder)
            return status_fail(status, STATUS_FAILED, "out of memory");
    }
    const bool network = network_scene_is_on(&scene->network);
    draft->culprit = scene_key_find("points");
    if (scene->network.points.n > 0 && !network)
        return status_fail(status, STATUS_BAD_INPUT, "points by hand need a network that learns them");
    if (network && !draft->was_network && !scene_draft_has(draft, "racers")) scene_set_network_racers(scene);
    if (network && !draft->was_network && !scene_draft_has(draft, "epochs"))
        scene->network.epochs = network_scene_usual_epochs(&scene->network);
    draft->culprit = scene_key_find("seeds");
    if (!network && scene->network.seeds > 1 && scene_draft_has(draft, "seeds"))
        return status_fail(status, STATUS_BAD_INPUT,
            "only networks are trained with several seeds; a race on a surface has one, --seed");
    draft->culprit = scene_key_find("batch");
    return !draft->batch || (network ? network_scene_set_batch(&scene->network, draft->batch, status)
                                     : scene_set_batch(scene, draft->batch, status));
}

/* One that is looked at: it was asked for and is there, or where it was not asked for now, it may have gone.
 */
static bool settle_racer(SceneDraft *draft, const char *key, int *racer, Status *status) {
    const int n = draft->scene->n_racers;
    draft->culprit = scene_key_find(key);
    if (*racer > n && scene_draft_has(draft, key))
        return status_fail(status, STATUS_BAD_INPUT, "there is no racer %d; there are %d", *racer, n);
    if (*racer > n) *racer = 0;
    return true;
}

static bool settle_racers(SceneDraft *draft, Status *status) {
    Scene *scene = draft->scene;
    Look *look = &scene->look;
    const int compared = look->compare[1];
    draft->culprit = scene_key_find("racers");
    if (scene->n_racers == 0) return status_fail(status, STATUS_BAD_INPUT, "a race has a racer at least");
    if (!settle_racer(draft, "think", &look->think, status) ||
        !settle_racer(draft, "basins", &look->basins, status) ||
        !settle_racer(draft, "beside", &look->beside, status) ||
        !settle_racer(draft, "compare", &look->compare[0], status) ||
        !settle_racer(draft, "compare", &look->compare[1], status))
        return false;
    if (look->compare[0] == 0 || (look->compare[1] == 0 && compared > 0))
        look->compare[0] = look->compare[1] = 0; /* one of two has gone */
    draft->culprit = scene_key_find("all");
    return !draft->all || scene_set_all(scene, draft->all, status);
}

static bool settle_at(SceneDraft *draft, Status *status) {
    Scene *scene = draft->scene;
    Look *look = &scene->look;
    draft->culprit = scene_key_find("at");
    if (network_scene_is_on(&scene->network) || look->at <= scene->steps) return true;
    if (scene_draft_has(draft, "at"))
        return status_fail(status, STATUS_BAD_INPUT, "the race has %lld steps; it has no step %lld",
            (long long)scene->steps, (long long)look->at);
    look->at = -1;
    return true;
}

bool scene_draft_settle(SceneDraft *draft, Status *status) {
    bool good = true;
    if (scene_draft_has(draft, "surface")) {
        settle_surface(draft);
    } else {
        draft->culprit = scene_key_find("set");
        good = keep_settings(draft, status);
    }
    good = good && settle_network(draft, status) && settle_racers(draft, status) && settle_at(draft, status);
    scene_draft_abandon(draft);
    return good;
}

void scene_draft_abandon(SceneDraft *draft) {
    free(draft->batch);
    free(draft->all);
    draft->batch = draft->all = NULL;
}

/* Command lines. */

/* In a formula the end of a line is a blank. */
static void make_one_line(Text *text) {
    for (size_t i = 0; i < text->length; i++)
        if (isspace((unsigned char)text->bytes[i])) text->bytes[i] = ' ';
}

void scene_write(const Scene *scene, Text *line) {
    assert(scene->n_racers > 0);
    Text option = {0}, text = {0};
    words_append(line, "slalom");
    for (int k = 0; k < scene_key_count(); k++) {
        const SceneKey *key = scene_key(k);
        if (key->part == SCENE_PART_WORDS || !key->write) continue;
        text_clear(&option);
        text_append(&option, "--%s", scene_key_option(key));
        for (int i = 0; text_clear(&text), key->write(scene, i, &text); i++) {
            make_one_line(&text);
            words_append(line, text_string(&option));
            words_append(line, text_string(&text));
        }
    }
    text_finish(&option);
    text_finish(&text);
}
