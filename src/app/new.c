/* slalom new lesson: a lesson to begin with, written into a file that is not there yet. */
#include "command.h"

#include "file.h"
#include "names.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char lesson_template[] =
    "# A lesson: a scene, a question about it, and an answer that is true.\n"
    "#\n"
    "#   slalom FILE          opens it in the window\n"
    "#   slalom check FILE    tells whether what it claims happens\n"
    "#   slalom list expectations   all that can be claimed\n"
    "\n"
    "slalom: 1                     # the version of the format\n"
    "title: Too large a step\n"
    "\n"
    "# The scene as it opens: every option of slalom is a key here.\n"
    "surface: ravine               # or a formula, such as x^2 + 10*y^2\n"
    "set: {kappa: 20}              # parameters of the surface\n"
    "start: [-4, 1]\n"
    "steps: 100\n"
    "racers:\n"
    "  - sgd: {lr: 0.05, label: careful}\n"
    "  - sgd: {lr: 0.099, label: bold}\n"
    "\n"
    "lesson:\n"
    "  number: 100                 # its place among the lessons\n"
    "  topic: Learning rates       # lessons of one topic stand together\n"
    "\n"
    "  # Asked first, so that everybody has guessed before anything moves.\n"
    "  question: |\n"
    "    Both go straight downhill. Who arrives first?\n"
    "\n"
    "  # Shown one after the other. $...$ is a formula, *...* matters.\n"
    "  steps:\n"
    "    - say: |\n"
    "        The valley is $\\kappa = 20$ times steeper across than along.\n"
    "      point: kappa            # optional: a control, a racer, a part of the window such as chart\n"
    "    - name: beyond            # what claims call the scene from here on\n"
    "      say: |\n"
    "        Now a rate just above $\\frac{2}{\\kappa}$.\n"
    "      change:                 # any keys, put on top of the scene\n"
    "        racers:\n"
    "          - sgd: {lr: 0.05, label: careful}\n"
    "          - sgd: {lr: 0.101, label: bold}\n"
    "\n"
    "  explanation: |\n"
    "    A step multiplies the distance across the valley by $|1 - \\epsilon\\kappa|$.\n"
    "    Above $\\epsilon = \\frac{2}{\\kappa}$ that is larger than one, and it never comes back.\n"
    "\n"
    "  reference: Deep Learning, section 8.2.1\n"
    "\n"
    "  seeds: 3                    # the claims must hold with so many; chance differs between them\n"
    "\n"
    "  # What must be true. The suite of slalom runs these; a lesson that claims what does not happen "
    "fails.\n"
    "  expect:\n"
    "    - careful.loss(end) < bold.loss(end)            # [STEP.]RACER.quantity(step)\n"
    "    - rate(abs(careful.x), 20, 100) ~ 0.95 within 1 %\n"
    "    - crossings(bold.y, 0, 50) == 50                # it jumps across at every step\n"
    "    - beyond.bold.loss(end) > beyond.bold.loss(0)\n"
    "    - beyond.careful.end near minimum within 0.1\n";

/* Fails where there is something already: nobody's lesson is written over. */
static bool check_free(const char *path, Status *status) {
    if (access(path, F_OK) != 0 && errno == ENOENT) return true;
    return status_fail(
        status, STATUS_BAD_INPUT, "%s: there is such a file already, and it is left as it is", path);
}

bool command_new(const Arguments *arguments, Status *status) {
    static const char *const subjects[] = {"lesson"};
    if (arguments->n_words == 0 || strcmp(arguments->words[0], subjects[0]) != 0)
        return names_fail(status, "there is nothing new called",
            arguments->n_words ? arguments->words[0] : "", "There is", NAMES_OF(subjects, 1), NULL);
    if (arguments->n_words > 2)
        return status_fail(status, STATUS_BAD_INPUT, "unexpected word '%.60s'", arguments->words[2]);
    const char *path = arguments->n_words == 2 ? arguments->words[1] : "lesson.yaml";
    char named[512];
    if (!strchr(path, '.')) {
        snprintf(named, sizeof named, "%.500s.yaml", path);
        path = named;
    }
    Output output;
    if (!check_free(path, status) || !output_open(&output, path, status)) return false;
    fputs(lesson_template, output.file);
    if (!output_commit(&output, status)) return false;
    printf("%s: open it with slalom %s, check it with slalom check %s\n", path, path, path);
    return true;
}
