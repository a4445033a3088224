/* How the chart beside a race is set: rows of the table of scene_keys.h. */
#include "scene_keys.h"

#include "names.h"
#include "series.h"

#include <string.h>

static const char *const axis_names[CHART_LOOK_AXES + 1] = {
    "auto", "steps", "evaluations", "time", "epochs", "examples", NULL};
static const char *const scale_names[] = {"auto", "linear", "logarithmic", NULL};

static ChartLook *chart_of(SceneDraft *draft) {
    return &draft->scene->look.chart;
}

static bool read_quantity(SceneDraft *draft, const char *text, Status *status) {
    const int quantity = quantity_find(text);
    if (quantity < 0)
        return names_fail(status, "there is no quantity", text, "There are",
            NAMES_OF(quantity_table, quantity_count), NULL);
    chart_of(draft)->quantity = quantity;
    return true;
}

static bool write_quantity(const Scene *scene, int i, Text *out) {
    const int quantity = scene->look.chart.quantity;
    if (i > 0 || quantity == 0) return false;
    text_append(out, "%s", quantity_table[quantity].name);
    return true;
}

static bool read_name(
    const char *const *names, const char *problem, const char *text, int *value, Status *status) {
    int n = 0;
    for (; names[n]; n++) {
        if (strcmp(names[n], text) != 0) continue;
        *value = n;
        return true;
    }
    return names_fail(status, problem, text, "There are", NAMES_OF(names, n), NULL);
}

static bool write_name(const char *const *names, int value, int i, Text *out) {
    if (i > 0 || value == 0) return false;
    text_append(out, "%s", names[value]);
    return true;
}

static bool read_axis(SceneDraft *draft, const char *text, Status *status) {
    int axis = 0;
    if (!read_name(axis_names, "a chart has no axis", text, &axis, status)) return false;
    chart_of(draft)->axis = (ChartLookAxis)axis;
    return true;
}

static bool write_axis(const Scene *scene, int i, Text *out) {
    return write_name(axis_names, (int)scene->look.chart.axis, i, out);
}

static bool read_scale(SceneDraft *draft, const char *text, Status *status) {
    return read_name(scale_names, "a chart has no scale", text, &chart_of(draft)->scale, status);
}

static bool write_scale(const Scene *scene, int i, Text *out) {
    return write_name(scale_names, scene->look.chart.scale, i, out);
}

static bool read_lower_scale(SceneDraft *draft, const char *text, Status *status) {
    return read_name(scale_names, "a chart has no scale", text, &chart_of(draft)->lower_scale, status);
}

static bool write_lower_scale(const Scene *scene, int i, Text *out) {
    return write_name(scale_names, scene->look.chart.lower_scale, i, out);
}

static bool read_range(const char *text, double range[2], Status *status) {
    double ends[2];
    if (!text_parse_numbers(text, ends, 2) || !(ends[0] < ends[1]))
        return status_fail(status, STATUS_BAD_INPUT, "'%.60s' is not LOW,HIGH with LOW below HIGH", text);
    memcpy(range, ends, sizeof ends);
    return true;
}

static bool write_range(const double range[2], int i, Text *out) {
    if (i > 0 || !(range[0] < range[1])) return false;
    scene_key_append_numbers(out, range, 2, ',');
    return true;
}

static bool read_x(SceneDraft *draft, const char *text, Status *status) {
    return read_range(text, chart_of(draft)->x, status);
}

static bool write_x(const Scene *scene, int i, Text *out) {
    return write_range(scene->look.chart.x, i, out);
}

static bool read_y(SceneDraft *draft, const char *text, Status *status) {
    return read_range(text, chart_of(draft)->y, status);
}

static bool write_y(const Scene *scene, int i, Text *out) {
    return write_range(scene->look.chart.y, i, out);
}

static bool read_lower_y(SceneDraft *draft, const char *text, Status *status) {
    return read_range(text, chart_of(draft)->lower_y, status);
}

static bool write_lower_y(const Scene *scene, int i, Text *out) {
    return write_range(scene->look.chart.lower_y, i, out);
}

static Names quantity_names(void) {
    return NAMES_OF(quantity_table, quantity_count);
}

const SceneKey chart_keys[] = {
    {"chart", NULL, "QUANTITY", SCENE_PART_LOOK, SCENE_KEY_TEXT, 0, NULL, read_quantity, write_quantity,
        "what the chart shows of each racer (loss); of networks the lower one (error, gap, error_gap, "
        "gradient)",
        quantity_names},
    {"chart-axis", NULL, "AXIS", SCENE_PART_LOOK, SCENE_KEY_CHOICE, 0, axis_names, read_axis, write_axis,
        "by steps, evaluations, time, and of networks by epochs or examples (steps; epochs)"},
    {"chart-scale", NULL, "auto|linear|logarithmic", SCENE_PART_LOOK, SCENE_KEY_CHOICE, 0, scale_names,
        read_scale, write_scale,
        "of its vertical axis, of networks the loss's; auto: as suits the quantity (auto)"},
    {"chart-x", NULL, "LOW,HIGH", SCENE_PART_LOOK, SCENE_KEY_LIST, ',', NULL, read_x, write_x,
        "the part of its horizontal axis that is shown; otherwise all of it"},
    {"chart-y", NULL, "LOW,HIGH", SCENE_PART_LOOK, SCENE_KEY_LIST, ',', NULL, read_y, write_y,
        "the same of the vertical one"},
    {"lower-scale", NULL, "auto|linear|logarithmic", SCENE_PART_LOOK, SCENE_KEY_CHOICE, 0, scale_names,
        read_lower_scale, write_lower_scale, "of the lower chart of networks"},
    {"lower-y", NULL, "LOW,HIGH", SCENE_PART_LOOK, SCENE_KEY_LIST, ',', NULL, read_lower_y, write_lower_y,
        "the same as chart-y of the lower chart of networks"},
};
const int chart_key_count = sizeof chart_keys / sizeof chart_keys[0];
