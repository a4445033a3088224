/* Options: the table, reading them, and their help. What to do with them is left to the commands. */
#include "arguments.h"

#include "names.h"
#include "orbit.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    ALL_RACES = COMMAND_WINDOW | COMMAND_RUN | COMMAND_RENDER,
    SHOWN = COMMAND_WINDOW | COMMAND_RENDER,
    SIDE_MIN = 64,
    SIDE_MAX = 16384,
};

/* One option. `value` names what follows it, NULL for a plain switch (then text is NULL). */
typedef struct Option {
    const char *name;
    const char *value;
    int commands;
    bool (*read)(Arguments *arguments, const char *text, Status *status);
    const char *help;
} Option;

static bool read_surface(Arguments *arguments, const char *text, Status *status) {
    char *copy = strdup(text);
    if (!copy) return status_fail(status, STATUS_FAILED, "out of memory");
    scene_set_surface(&arguments->scene, copy);
    return true;
}

static bool read_set(Arguments *arguments, const char *text, Status *status) {
    return scene_add_setting(&arguments->scene, text, status);
}

static bool read_start(Arguments *arguments, const char *text, Status *status) {
    return scene_set_start(&arguments->scene, text, status);
}

static bool read_batch(Arguments *arguments, const char *text, Status *status) {
    (void)status;
    arguments->batch = text; /* what it means depends on what is raced on */
    return true;
}

static bool read_optimizer(Arguments *arguments, const char *text, Status *status) {
    if (!arguments->names_optimizers) scene_clear_racers(&arguments->scene);
    arguments->names_optimizers = true;
    return scene_add_racer(&arguments->scene, text, status);
}

static bool read_all(Arguments *arguments, const char *text, Status *status) {
    (void)status;
    arguments->all = text;
    return true;
}

static bool read_steps(Arguments *arguments, const char *text, Status *status) {
    double number;
    if (text_parse_number(text, &number) && number < 0)
        return status_fail(status, STATUS_BAD_INPUT, "%.40s is negative; a race has 0 steps or more", text);
    long long steps;
    if (!text_parse_integer(text, 0, INT64_C(1) << 53, &steps)) {
        /* Too many for any memory, but still a count: the race says what it would take. */
        if (!text_parse_number(text, &number) || number < 9e15)
            return status_fail(status, STATUS_BAD_INPUT, "'%.40s' is not a whole number of steps", text);
        steps = INT64_C(1) << 53;
    }
    arguments->scene.steps = arguments->scene.network.steps = steps;
    return true;
}

static bool read_dim(Arguments *arguments, const char *text, Status *status) {
    long long dim;
    if (!text_parse_integer(text, 1, FIELD_DIM_MAX, &dim))
        return status_fail(status, STATUS_BAD_INPUT, "'%.40s' is not a number of dimensions from 1 to %d",
            text, FIELD_DIM_MAX);
    arguments->scene.dim = dim;
    return true;
}

static bool read_seed(Arguments *arguments, const char *text, Status *status) {
    long long seed;
    if (!text_parse_integer(text, 0, INT64_MAX, &seed))
        return status_fail(
            status, STATUS_BAD_INPUT, "'%.40s' is not a whole number from 0 to 2^63 - 1", text);
    arguments->scene.seed = (uint64_t)seed;
    return true;
}

static bool read_csv(Arguments *arguments, const char *text, Status *status) {
    (void)status;
    arguments->csv = text;
    return true;
}

static bool read_columns(Arguments *arguments, const char *text, Status *status) {
    (void)status;
    arguments->columns = text;
    return true;
}

static bool read_summary(Arguments *arguments, const char *text, Status *status) {
    (void)text, (void)status;
    arguments->summary = true;
    return true;
}

static bool read_target(Arguments *arguments, const char *text, Status *status) {
    arguments->summary = true;
    return text_parse_number(text, &arguments->target) ||
           status_fail(status, STATUS_BAD_INPUT, "'%.40s' is not a loss, a number", text);
}

static bool read_checkpoint(Arguments *arguments, const char *text, Status *status) {
    (void)status;
    arguments->checkpoint = text;
    return true;
}

static bool read_resume(Arguments *arguments, const char *text, Status *status) {
    (void)status;
    arguments->resume = text;
    return true;
}

static bool read_layers(Arguments *arguments, const char *text, Status *status) {
    (void)status;
    arguments->layers = text;
    return true;
}

static bool read_threads(Arguments *arguments, const char *text, Status *status) {
    enum { THREADS_MAX = 64 };
    long long threads;
    if (!text_parse_integer(text, 1, THREADS_MAX, &threads))
        return status_fail(
            status, STATUS_BAD_INPUT, "'%.40s' is not a number of threads from 1 to %d", text, THREADS_MAX);
    arguments->threads = (int)threads;
    return true;
}

static bool read_output(Arguments *arguments, const char *text, Status *status) {
    (void)status;
    arguments->output = text;
    return true;
}

static bool read_at(Arguments *arguments, const char *text, Status *status) {
    long long at;
    if (!text_parse_integer(text, 0, INT64_C(1) << 53, &at))
        return status_fail(status, STATUS_BAD_INPUT, "'%.40s' is not a step, a whole number from 0", text);
    arguments->scene.look.at = at;
    return true;
}

static bool read_size(Arguments *arguments, const char *text, Status *status) {
    char digits[32];
    size_t length = strcspn(text, "xX");
    long long width, height;
    bool good = length < sizeof digits && text[length];
    if (good) {
        memcpy(digits, text, length);
        digits[length] = '\0';
        good = text_parse_integer(digits, SIDE_MIN, SIDE_MAX, &width) &&
               text_parse_integer(text + length + 1, SIDE_MIN, SIDE_MAX, &height);
    }
    if (!good)
        return status_fail(status, STATUS_BAD_INPUT,
            "'%.40s' is not a size WxH with sides from %d to %d pixels", text, SIDE_MIN, SIDE_MAX);
    arguments->width = (int)width;
    arguments->height = (int)height;
    return true;
}

static bool read_theme(Arguments *arguments, const char *text, Status *status) {
    static const char *const names[] = {"dark", "light"};
    arguments->scene.look.light = strcmp(text, names[1]) == 0;
    return arguments->scene.look.light || strcmp(text, names[0]) == 0 ||
           names_fail(status, "there is no theme", text, "There are", NAMES_OF(names, 2), NULL);
}

static bool read_view(Arguments *arguments, const char *text, Status *status) {
    for (int i = 0; i < VIEW_MODES; i++) {
        if (strcmp(text, view_mode_names[i]) != 0) continue;
        arguments->scene.look.view = (ViewMode)i;
        return true;
    }
    return names_fail(
        status, "there is no view", text, "There are", NAMES_OF(view_mode_names, VIEW_MODES), NULL);
}

static bool read_orbit(Arguments *arguments, const char *text, Status *status) {
    double angles[2];
    if (!text_parse_numbers(text, angles, 2) || angles[1] * ORBIT_DEGREE < ORBIT_ELEVATION_MIN ||
        angles[1] * ORBIT_DEGREE > ORBIT_ELEVATION_MAX)
        return status_fail(status, STATUS_BAD_INPUT,
            "'%.40s' is not AZIMUTH,ELEVATION in degrees, the elevation from %g to %g", text,
            ORBIT_ELEVATION_MIN / ORBIT_DEGREE, ORBIT_ELEVATION_MAX / ORBIT_DEGREE);
    Look *look = &arguments->scene.look;
    look->has_orbit = true;
    look->azimuth = angles[0];
    look->elevation = angles[1];
    return true;
}

static bool read_box(Arguments *arguments, const char *text, Status *status) {
    double sides[4];
    if (!text_parse_numbers(text, sides, 4) || !(sides[0] < sides[1]) || !(sides[2] < sides[3]))
        return status_fail(
            status, STATUS_BAD_INPUT, "'%.80s' is not XMIN,XMAX,YMIN,YMAX, each MIN below its MAX", text);
    Look *look = &arguments->scene.look;
    look->has_box = true;
    look->box = (Box){sides[0], sides[1], sides[2], sides[3]};
    return true;
}

static bool read_think(Arguments *arguments, const char *text, Status *status) {
    long long racer;
    if (!text_parse_integer(text, 1, RACE_RACERS_MAX, &racer))
        return status_fail(status, STATUS_BAD_INPUT, "'%.40s' is not the number of a racer, from 1 to %d",
            text, RACE_RACERS_MAX);
    arguments->scene.look.think = (int)racer;
    return true;
}

static bool read_text_size(Arguments *arguments, const char *text, Status *status) {
    long long percent;
    if (!text_parse_integer(text, TEXT_SIZE_MIN, TEXT_SIZE_MAX, &percent))
        return status_fail(status, STATUS_BAD_INPUT, "'%.40s' is not a whole number of percent from %d to %d",
            text, TEXT_SIZE_MIN, TEXT_SIZE_MAX);
    arguments->scene.look.text_size = (int)percent;
    return true;
}

static bool read_json(Arguments *arguments, const char *text, Status *status) {
    (void)text, (void)status;
    arguments->json = true;
    return true;
}

/* That there is an option at all is what it says. */
static bool read_fresh(Arguments *arguments, const char *text, Status *status) {
    (void)arguments, (void)text, (void)status;
    return true;
}

static bool read_help(Arguments *arguments, const char *text, Status *status) {
    (void)text, (void)status;
    arguments->asks_help = true;
    return true;
}

static const Option options[] = {
    {"--surface", "NAME|FORMULA", ALL_RACES, read_surface,
        "a shipped surface, or a formula of x and y such as '(1-x)^2 + 100(y-x^2)^2'"},
    {"--set", "NAME=VALUE", ALL_RACES, read_set,
        "a parameter of the surface, such as kappa=100; may be repeated"},
    {"--start", "X,Y", ALL_RACES, read_start, "where every racer starts; otherwise the surface's own start"},
    {"--batch", "N[,ORDER]", ALL_RACES, read_batch,
        "each step sees N examples of the surface's mean(...), the same for all; shuffled, drawn or listed; "
        "of a network N or full (32)"},
    {"--optimizer", "NAME[:key=value,...]", ALL_RACES, read_optimizer,
        "one more racer; keys: its hyperparameters, label, schedule, warmup, noise, clip_norm, l2, ..."},
    {"--all", "key=value,...", ALL_RACES, read_all, "the same for every racer that has such a key"},
    {"--steps", "N", ALL_RACES, read_steps, "how many steps each racer takes (200)"},
    {"--dim", "N", COMMAND_RUN, read_dim,
        "so many dimensions: rosenbrock, rosenbrock_pairs, styblinski_tang, quadratic"},
    {"--seed", "N", ALL_RACES, read_seed, "of everything random (1)"},
    {"--csv", "FILE|-", COMMAND_RUN, read_csv,
        "where the rows go; standard output unless there is only a summary"},
    {"--columns", "[+]NAME,...", COMMAND_RUN, read_columns, "which columns; with + besides the usual ones"},
    {"--summary", NULL, COMMAND_RUN, read_summary, "a table at the end: who did what at what cost"},
    {"--target", "LOSS", COMMAND_RUN, read_target, "the same, with steps and evaluations to this loss"},
    {"--checkpoint", "FILE", COMMAND_RUN, read_checkpoint,
        "where a network's training is kept, at every row"},
    {"--resume", "FILE", COMMAND_RUN, read_resume,
        "goes on from there, as if there had been no interruption"},
    {"--layers", "FILE|-", COMMAND_RUN, read_layers, "a CSV of the norms in every layer, at every row"},
    {"--threads", "N", COMMAND_RUN, read_threads,
        "that train networks; otherwise as many as there are processors"},
    {"--at", "STEP", SHOWN, read_at, "the step that is shown; render shows the last"},
    {"--size", "WxH", SHOWN, read_size, "in pixels (1280x800)"},
    {"--theme", "dark|light", SHOWN, read_theme, "colours (dark)"},
    {"--view", "2d|3d|both", SHOWN, read_view, "from above, in space, or side by side (2d)"},
    {"--orbit", "AZIMUTH,ELEVATION", SHOWN, read_orbit, "where 3d is seen from, in degrees"},
    {"--think", "RACER", SHOWN, read_think,
        "works out the step of that racer, 1 being the first, on the picture and with its numbers"},
    {"--box", "X0,X1,Y0,Y1", SHOWN, read_box, "the part of the plane that is shown; otherwise all of it"},
    {"--text-size", "PERCENT", SHOWN, read_text_size, "how large everything is drawn (100)"},
    {"--fresh", NULL, COMMAND_WINDOW, read_fresh,
        "the opening race; without any option the window opens as it was left"},
    {"--output", "FILE", COMMAND_RENDER, read_output, "where it goes; the ending says what: png"},
    {"--json", NULL, COMMAND_LIST, read_json, "the same for programs"},
    {"--help", NULL, ALL_RACES | COMMAND_LIST, read_help, "this text"},
};
enum { OPTION_COUNT = sizeof options / sizeof options[0] };

static const Option *find_option(const char *name, size_t length, CommandSet command) {
    for (int i = 0; i < OPTION_COUNT; i++)
        if (options[i].commands & (int)command && strlen(options[i].name) == length &&
            strncmp(options[i].name, name, length) == 0)
            return &options[i];
    return NULL;
}

/* What can be said of a network is a table of its own. */
static const NetworkKey *find_network_key(const char *name, size_t length, CommandSet command) {
    enum { DASHES = 2 };
    for (int i = 0; command == COMMAND_RUN && length > DASHES && i < network_key_count; i++) {
        const char *key = network_keys[i].name;
        if (strlen(key) == length - DASHES && memcmp(key, name + DASHES, length - DASHES) == 0)
            return &network_keys[i];
    }
    return NULL;
}

static bool fail_unknown_option(const char *name, CommandSet command, Status *status) {
    enum { KEYS_MAX = 32, NAME_BYTES = 32 };
    const char *names[OPTION_COUNT + KEYS_MAX];
    char spelt[KEYS_MAX][NAME_BYTES];
    size_t n = 0;
    for (int i = 0; i < OPTION_COUNT; i++)
        if (options[i].commands & (int)command) names[n++] = options[i].name;
    for (int i = 0; command == COMMAND_RUN && i < network_key_count && i < KEYS_MAX; i++) {
        snprintf(spelt[i], NAME_BYTES, "--%s", network_keys[i].name);
        names[n++] = spelt[i];
    }
    return names_fail(status, "there is no option", name, "There are", NAMES_OF(names, n), NULL);
}

/* Reads the option at argv[*at], with its value after it or behind an equals sign. */
static bool read_option(
    Arguments *arguments, CommandSet command, int argc, char **argv, int *at, Status *status) {
    const char *given = strcmp(argv[*at], "-h") == 0 ? "--help" : argv[*at];
    int length = (int)strcspn(given, "=");
    const Option *option = find_option(given, (size_t)length, command);
    const NetworkKey *key = find_network_key(given, (size_t)length, command);
    if (!option && !key) return fail_unknown_option(given, command, status);
    const char *text = NULL, *value = key ? key->value : option->value;
    if (value && given[length])
        text = given + length + 1;
    else if (value && *at + 1 < argc)
        text = argv[++*at];
    if (value && !text)
        return status_fail(
            status, STATUS_BAD_INPUT, "%.*s needs a value: %.*s %s", length, given, length, given, value);
    if (!value && given[length])
        return status_fail(status, STATUS_BAD_INPUT, "%s takes no value", option->name);
    bool good =
        key ? key->read(&arguments->scene.network, text, status) : option->read(arguments, text, status);
    return good || status_prefix(status, "%.*s", length, given);
}

/* What could not be read before it was known what is raced on. */
static bool settle(Arguments *arguments, Status *status) {
    Scene *scene = &arguments->scene;
    bool network = network_scene_is_on(&scene->network);
    if (network && !arguments->names_optimizers) scene_set_network_racers(scene);
    if (arguments->batch && !(network ? network_scene_set_batch(&scene->network, arguments->batch, status)
                                      : scene_set_batch(scene, arguments->batch, status)))
        return status_prefix(status, "--batch");
    if (scene->look.think > scene->n_racers)
        return status_fail(status, STATUS_BAD_INPUT, "--think: there is no racer %d; there are %d",
            scene->look.think, scene->n_racers);
    if (arguments->all && !scene_set_all(scene, arguments->all, status))
        return status_prefix(status, "--all");
    return scene->look.at <= scene->steps ||
           status_fail(status, STATUS_BAD_INPUT, "--at: the race has %lld steps; it has no step %lld",
               (long long)scene->steps, (long long)scene->look.at);
}

bool arguments_read(Arguments *arguments, CommandSet command, int argc, char **argv, Status *status) {
    *arguments = (Arguments){
        .scene = scene_default(),
        .is_bare = argc <= 1,
        .target = NAN,
        .width = 1280,
        .height = 800,
    };
    for (int at = 1; at < argc; at++) {
        bool good = true;
        if (argv[at][0] == '-' && argv[at][1])
            good = read_option(arguments, command, argc, argv, &at, status);
        else if (!arguments->word && command == COMMAND_LIST)
            arguments->word = argv[at];
        else
            good = status_fail(status, STATUS_BAD_INPUT, "unexpected word '%.60s'", argv[at]);
        if (good) continue;
        arguments_finish(arguments);
        return false;
    }
    if (settle(arguments, status)) return true;
    arguments_finish(arguments);
    return false;
}

void arguments_finish(Arguments *arguments) {
    scene_finish(&arguments->scene);
}

static void append_option(
    Text *out, const char *dashes, const char *name, const char *value, const char *help) {
    char left[64];
    snprintf(left, sizeof left, "%s%s%s%s", dashes, name, value ? " " : "", value ? value : "");
    text_append(out, "  %-34s %s\n", left, help);
}

void arguments_help(CommandSet command, Text *out) {
    for (int i = 0; i < OPTION_COUNT; i++)
        if (options[i].commands & (int)command)
            append_option(out, "", options[i].name, options[i].value, options[i].help);
    for (int i = 0; command == COMMAND_RUN && i < network_key_count; i++)
        append_option(out, "--", network_keys[i].name, network_keys[i].value, network_keys[i].help);
}
