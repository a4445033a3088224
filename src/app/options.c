/* The table of options, and what each does to the arguments. Finding them on a command line is left to
 * arguments.c. */
#include "options.h"

#include "lesson.h"
#include "names.h"
#include "record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static bool read_list(Arguments *arguments, const char *text, Status *status) {
    (void)status;
    arguments->list = text;
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

/* 84x60mm: on paper. */
static bool read_millimetres(Arguments *arguments, const char *text, Status *status) {
    enum { LEAST_MM = 10, MOST_MM = 2000 };
    char sides[2][32];
    int end = 0;
    double mm[2];
    bool good =
        sscanf(text, "%31[0-9.]%*1[xX]%31[0-9.]mm%n", sides[0], sides[1], &end) == 2 && end > 0 && !text[end];
    for (int i = 0; good && i < 2; i++)
        good = text_parse_number(sides[i], &mm[i]) && mm[i] >= LEAST_MM && mm[i] <= MOST_MM;
    if (!good)
        return status_fail(status, STATUS_BAD_INPUT,
            "'%.40s' is not a size WxHmm with sides from %d to %d mm", text, LEAST_MM, MOST_MM);
    arguments->width_mm = mm[0];
    arguments->height_mm = mm[1];
    const double px_per_mm = 96 / 25.4; /* a window as large as that */
    arguments->width = (int)fmax(px_per_mm * mm[0], RECORD_SIDE_MIN);
    arguments->height = (int)fmax(px_per_mm * mm[1], RECORD_SIDE_MIN);
    return true;
}

static bool read_size(Arguments *arguments, const char *text, Status *status) {
    if (strstr(text, "mm")) return read_millimetres(arguments, text, status);
    char digits[32];
    size_t length = strcspn(text, "xX");
    long long width, height;
    bool good = length < sizeof digits && text[length];
    if (good) {
        memcpy(digits, text, length);
        digits[length] = '\0';
        good = text_parse_integer(digits, RECORD_SIDE_MIN, RECORD_SIDE_MAX, &width) &&
               text_parse_integer(text + length + 1, RECORD_SIDE_MIN, RECORD_SIDE_MAX, &height);
    }
    if (!good)
        return status_fail(status, STATUS_BAD_INPUT,
            "'%.40s' is not a size WxH with sides from %d to %d pixels", text, RECORD_SIDE_MIN,
            RECORD_SIDE_MAX);
    arguments->width = (int)width;
    arguments->height = (int)height;
    arguments->width_mm = arguments->height_mm = 0;
    return true;
}

static bool read_figure(Arguments *arguments, const char *text, Status *status) {
    for (int i = 0; i < FIGURES; i++) {
        if (strcmp(text, figure_names[i]) != 0) continue;
        arguments->figure = (Figure)i;
        return true;
    }
    return names_fail(status, "there is no figure", text, "There are", NAMES_OF(figure_names, FIGURES), NULL);
}

static bool read_scale(Arguments *arguments, const char *text, Status *status) {
    if (text_parse_number(text, &arguments->scale) && arguments->scale >= RECORD_SCALE_MIN &&
        arguments->scale <= RECORD_SCALE_MAX)
        return true;
    return status_fail(status, STATUS_BAD_INPUT, "'%.40s' is not a scale from %g to %g", text,
        RECORD_SCALE_MIN, RECORD_SCALE_MAX);
}

static bool read_panels(Arguments *arguments, const char *text, Status *status) {
    static const char *const names[] = {"all", "none"};
    arguments->bare = strcmp(text, names[1]) == 0;
    return arguments->bare || strcmp(text, names[0]) == 0 ||
           names_fail(status, "panels cannot be", text, "There are", NAMES_OF(names, 2), NULL);
}

static bool read_grid(Arguments *arguments, const char *text, Status *status) {
    if (arguments->own_grid)
        arguments->grid[0] = NULL; /* what is said counts more than what a picture says */
    free(arguments->own_grid);
    arguments->own_grid = NULL;
    int n = 0;
    while (arguments->grid[n]) n++;
    if (n == RECORD_GRID_MAX)
        return status_fail(
            status, STATUS_BAD_INPUT, "a sheet has %d directions, and no more", RECORD_GRID_MAX);
    arguments->grid[n] = text;
    arguments->grid[n + 1] = NULL;
    return true;
}

static bool read_transparent(Arguments *arguments, const char *text, Status *status) {
    (void)text, (void)status;
    arguments->transparent = true;
    return true;
}

static bool read_stage(Arguments *arguments, const char *text, Status *status) {
    long long stage;
    if (!text_parse_integer(text, 0, LESSON_STEPS_MAX + 1, &stage))
        return status_fail(
            status, STATUS_BAD_INPUT, "'%.40s' is not a part of a lesson: 0 is its question", text);
    arguments->lesson_part = (int)stage + 1;
    return true;
}

static bool read_fps(Arguments *arguments, const char *text, Status *status) {
    if (text_parse_number(text, &arguments->fps) && arguments->fps >= 0.1 && arguments->fps <= 1000)
        return true;
    return status_fail(status, STATUS_BAD_INPUT, "'%.40s' is not a number of frames a second", text);
}

static bool read_seconds(Arguments *arguments, const char *text, Status *status) {
    if (text_parse_number(text, &arguments->seconds) && arguments->seconds > 0) return true;
    return status_fail(status, STATUS_BAD_INPUT, "'%.40s' is not a number of seconds", text);
}

static bool read_pace(Arguments *arguments, const char *text, Status *status) {
    (void)status;
    arguments->pace = text;
    return true;
}

static bool read_camera(Arguments *arguments, const char *text, Status *status) {
    (void)status;
    arguments->camera = text;
    return true;
}

static bool read_json(Arguments *arguments, const char *text, Status *status) {
    (void)text, (void)status;
    arguments->json = true;
    return true;
}

static bool read_line(Arguments *arguments, const char *text, Status *status) {
    (void)text, (void)status;
    arguments->as_line = true;
    return true;
}

/* That there is an option at all is what it says. */
static bool read_fresh(Arguments *arguments, const char *text, Status *status) {
    (void)arguments, (void)text, (void)status;
    return true;
}

static bool read_seeds(Arguments *arguments, const char *text, Status *status) {
    long long seeds;
    if (!text_parse_integer(text, 1, LESSON_SEEDS_MAX, &seeds))
        return status_fail(status, STATUS_BAD_INPUT, "'%.40s' is not a number of seeds from 1 to %d", text,
            LESSON_SEEDS_MAX);
    arguments->seeds = (int)seeds;
    return true;
}

static bool read_invert(Arguments *arguments, const char *text, Status *status) {
    (void)text, (void)status;
    arguments->inverts = true;
    return true;
}

static bool read_verbose(Arguments *arguments, const char *text, Status *status) {
    (void)text, (void)status;
    arguments->verbose = true;
    return true;
}

static bool read_value(Arguments *arguments, const char *text, Status *status) {
    if (arguments->n_values == ARGUMENT_VALUES_MAX)
        return status_fail(status, STATUS_BAD_INPUT, "more than %d of them", ARGUMENT_VALUES_MAX);
    arguments->values[arguments->n_values++] = text;
    return true;
}

static bool read_help(Arguments *arguments, const char *text, Status *status) {
    (void)text, (void)status;
    arguments->asks_help = true;
    return true;
}

const Option command_options[] = {
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
    {"--list", "SUBJECT", COMMAND_RUN, read_list,
        "what there is, instead of a race: data, activations, initialisations, ... as slalom list"},
    {"--threads", "N", COMMAND_RUN | COMMAND_CHECK, read_threads,
        "that compute; otherwise as many as there are processors"},
    {"--size", "WxH[mm]", SHOWN, read_size, "in pixels (1280x800), or on paper (84x60mm; 300 dots an inch)"},
    {"--figure", "window|plot|chart", COMMAND_RENDER, read_figure,
        "what of it is drawn: png everything; svg and pdf the plot, for print: light, without panels"},
    {"--fresh", NULL, COMMAND_WINDOW, read_fresh,
        "the opening race; without any option the window opens as it was left"},
    {"--output", "FILE", COMMAND_RENDER, read_output,
        "where it goes; the ending says what: png, svg, pdf, mp4, webm, gif, and the figure's numbers: csv, "
        "gp (gnuplot), tex (pgfplots)"},
    {"--scale", "S", COMMAND_RENDER, read_scale,
        "pixels of the picture to one of the screen (1): all is so much larger"},
    {"--panels", "all|none", COMMAND_RENDER, read_panels, "none: the view alone"},
    {"--transparent", NULL, COMMAND_RENDER, read_transparent, "png: nothing behind what is drawn"},
    {"--grid", "KEY=A,B,...", COMMAND_RENDER, read_grid,
        "a picture for each value, in one; once more for the rows; keys: as --all, --set, or of the scene"},
    {"--stage", "N", COMMAND_RENDER, read_stage,
        "with a lesson's panel: 0 its question, 1, 2, ... a step, then the explanation"},
    {"--fps", "N", COMMAND_RENDER, read_fps, "of a film: frames a second (30; gif 25)"},
    {"--seconds", "S", COMMAND_RENDER, read_seconds, "of a film: how long it is (8)"},
    {"--pace", "steps|log|ease", COMMAND_RENDER, read_pace,
        "of a film: each step as long as the others, the first ones longer, or soft ends"},
    {"--camera", "orbit|zoom|rise|KEYS", COMMAND_RENDER, read_camera,
        "of a film: round the surface, to the leader, from above into space, or key frames: "
        "'0: 2d; 50%: 3d zoom=2 leader; 100%: turn=90'"},
    {"--line", NULL, COMMAND_SCENE, read_line, "as the command line that gives it, without its words"},
    {"--output", "FILE|-", COMMAND_SCENE, read_output, "where the scene goes (standard output)"},
    {"--seeds", "N", COMMAND_CHECK, read_seeds, "claims must hold on so many; otherwise as the lesson says"},
    {"--invert", NULL, COMMAND_CHECK, read_invert, "the opposite of each claim is tried too, and must fail"},
    {"--value", "EXPRESSION", COMMAND_CHECK, read_value, "tells what it is, with each seed; may be repeated"},
    {"--verbose", NULL, COMMAND_CHECK, read_verbose, "what was measured, and how long it took"},
    {"--json", NULL, COMMAND_LIST, read_json, "the same for programs"},
    {"--help", NULL, SCENES | SEVERAL | COMMAND_LIST | COMMAND_SCHEMA, read_help, "this text"},
};
const int command_option_count = sizeof command_options / sizeof command_options[0];
_Static_assert(sizeof command_options / sizeof command_options[0] <= COMMAND_OPTIONS_MAX, "");
