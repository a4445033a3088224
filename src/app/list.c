/* slalom list: what there is, from the tables themselves, for people and for programs. */
#include "command.h"

#include "data.h"
#include "devices.h"
#include "expect_names.h"
#include "init.h"
#include "keys.h"
#include "lesson.h"
#include "names.h"
#include "operation.h"
#include "optimizer.h"
#include "sampler.h"
#include "schedule.h"
#include "shipped.h"
#include "surface.h"

#include <stdio.h>
#include <string.h>

static void append_number(Text *out, double value) {
    char number[32];
    text_format_number(number, sizeof number, value);
    text_append(out, "%s", number);
}

/* A rule's statements on one line. */
static void append_rule(Text *out, const Optimizer *optimizer) {
    if (optimizer->probe) text_append(out, "g at %s; ", optimizer->probe);
    for (const char *c = optimizer->update; *c; c++) {
        if (*c == '\n')
            text_append(out, "; ");
        else
            text_append_bytes(out, c, 1);
    }
}

/* Optimizers. */

static void list_optimizers(Text *out) {
    for (int i = 0; i < optimizer_count; i++) {
        const Optimizer *optimizer = &optimizer_table[i];
        text_append(out, "%s%s: %s\n    ", i ? "\n" : "", optimizer->name, optimizer->title);
        append_rule(out, optimizer);
        text_append(out, "\n    %s\n", optimizer->reference);
        for (int j = 0; j < optimizer_parameter_count(optimizer); j++) {
            const OptimizerParameter *parameter = &optimizer->parameters[j];
            text_append(out, "    %-16s ", parameter->name);
            append_number(out, parameter->value);
            text_append(out, "  from ");
            append_number(out, parameter->min);
            text_append(out, " to ");
            append_number(out, parameter->max);
            text_append(out, ", %s\n", parameter_scale_name(parameter->scale));
        }
    }
}

static void append_json_text(Text *out, const char *key, const char *value) {
    text_append(out, "\"%s\": ", key);
    text_append_json(out, value);
    text_append(out, ", ");
}

static void append_json_parameter(
    Text *out, const char *name, double value, double min, double max, const char *scale) {
    text_append(out, "{\"name\": ");
    text_append_json(out, name);
    text_append(out, ", \"default\": ");
    append_number(out, value);
    text_append(out, ", \"min\": ");
    append_number(out, min);
    text_append(out, ", \"max\": ");
    append_number(out, max);
    text_append(out, ", \"scale\": \"%s\"}", scale);
}

static void list_optimizers_json(Text *out) {
    text_append(out, "{\"optimizers\": [\n");
    for (int i = 0; i < optimizer_count; i++) {
        const Optimizer *optimizer = &optimizer_table[i];
        Text rule = {0};
        append_rule(&rule, optimizer);
        text_append(out, "  {");
        append_json_text(out, "name", optimizer->name);
        append_json_text(out, "title", optimizer->title);
        append_json_text(out, "formula", text_string(&rule));
        append_json_text(out, "reference", optimizer->reference);
        text_append(out, "\"matrices\": %s, \"parameters\": [",
            optimizer_takes_matrices(optimizer) ? "true" : "false");
        for (int j = 0; j < optimizer_parameter_count(optimizer); j++) {
            const OptimizerParameter *parameter = &optimizer->parameters[j];
            if (j) text_append(out, ", ");
            append_json_parameter(out, parameter->name, parameter->value, parameter->min, parameter->max,
                parameter_scale_name(parameter->scale));
        }
        text_append(out, "]}%s\n", i + 1 < optimizer_count ? "," : "");
        text_finish(&rule);
    }
    text_append(out, "]}\n");
}

/* Surfaces. */

static void list_surface(Text *out, Surface *surface) {
    const SurfaceRow *row = surface->row;
    text_append(out, "%s: %s, %s\n    f(%s, %s) = %s\n    box [%g, %g] x [%g, %g], start (%g, %g)\n",
        row->name, row->title, row->note, surface->axes[0], surface->axes[1], row->formula, row->box.x_min,
        row->box.x_max, row->box.y_min, row->box.y_max, row->start[0], row->start[1]);
    for (int i = 0; i < surface->n_stationary; i++) {
        const StationaryPoint *point = &surface->stationary[i];
        text_append(out, "    %s at (%.7g, %.7g), %.7g\n", stationary_kind_name(point->kind), point->x,
            point->y, surface_evaluate(surface, point->x, point->y, NULL, NULL));
    }
    for (int i = 0; i < surface->formula->n_parameters; i++) {
        const FormulaParameter *parameter = &surface->formula->parameters[i];
        text_append(out, "    %-16s %g  from %g to %g, %s\n", parameter->name, parameter->value,
            parameter->min, parameter->max, parameter->logarithmic ? "log" : "linear");
    }
}

static void list_surface_json(Text *out, Surface *surface) {
    const SurfaceRow *row = surface->row;
    text_append(out, "  {");
    append_json_text(out, "name", row->name);
    append_json_text(out, "title", row->title);
    append_json_text(out, "formula", row->formula);
    append_json_text(out, "reference", row->note);
    text_append(out,
        "\"axes\": [\"%s\", \"%s\"], \"box\": {\"x_min\": %.17g, \"x_max\": %.17g, \"y_min\": %.17g, "
        "\"y_max\": %.17g}, \"start\": [%.17g, %.17g], \"stationary_points\": [",
        surface->axes[0], surface->axes[1], row->box.x_min, row->box.x_max, row->box.y_min, row->box.y_max,
        row->start[0], row->start[1]);
    for (int i = 0; i < surface->n_stationary; i++) {
        const StationaryPoint *point = &surface->stationary[i];
        text_append(out, "%s{\"kind\": \"%s\", \"x\": %.17g, \"y\": %.17g, \"value\": %.17g}", i ? ", " : "",
            stationary_kind_name(point->kind), point->x, point->y,
            surface_evaluate(surface, point->x, point->y, NULL, NULL));
    }
    text_append(out, "], \"parameters\": [");
    for (int i = 0; i < surface->formula->n_parameters; i++) {
        const FormulaParameter *parameter = &surface->formula->parameters[i];
        if (i) text_append(out, ", ");
        append_json_parameter(out, parameter->name, parameter->value, parameter->min, parameter->max,
            parameter->logarithmic ? "log" : "linear");
    }
    text_append(out, "]}");
}

static bool list_surfaces(Text *out, bool json, Status *status) {
    if (json) text_append(out, "{\"surfaces\": [\n");
    for (int i = 0; i < surface_count; i++) {
        Surface *surface = surface_create(surface_table[i].name, status);
        if (!surface) return false;
        if (i) text_append(out, json ? ",\n" : "\n");
        if (json)
            list_surface_json(out, surface);
        else
            list_surface(out, surface);
        surface_destroy(surface);
    }
    if (json) text_append(out, "\n]}\n");
    return true;
}

/* Functions. */

static void list_functions(Text *out, bool json) {
    static const char *const names[] = {"a", "b", "c"};
    bool first = true;
    if (json) text_append(out, "{\"functions\": [\n");
    for (int i = 0; i < OPERATION_COUNT; i++) {
        const OperationRow *row = &operation_table[i];
        if (row->category != CATEGORY_FUNCTION) continue;
        Text form = {0};
        text_append(&form, "%s(", row->spelling);
        for (int j = 0; j < row->arity; j++) text_append(&form, "%s%s", j ? ", " : "", names[j]);
        text_append(&form, ")");
        if (json) {
            text_append(out, "%s  {\"name\": \"%s\", \"arity\": %d, \"formula\": \"%s\", \"meaning\": ",
                first ? "" : ",\n", row->spelling, row->arity, text_string(&form));
            text_append_json(out, row->meaning);
            text_append(out, "}");
        } else {
            text_append(out, "%-20s %s\n", text_string(&form), row->meaning);
        }
        first = false;
        text_finish(&form);
    }
    if (json) {
        text_append(out, "\n]}\n");
        return;
    }
    text_append(out,
        "\noperators            + - * / ^ (or **), < <= > >= == !=, c ? a : b; 2x and 2(x+1) are products\n"
        "constants            pi, e\n"
        "iterate(s, start, n, next)\n"
        "                     s begins at start and becomes next, a formula of s, n times\n"
        "mean(body, t=[1, 2]) the mean of body over the values of t; several columns go in step\n"
        "sum(body, t=[1, 2])  their sum\n"
        "f where k = 5 in [1, 10] log, u = x + y\n"
        "                     parameters (a number, its range, a log slider) and shorthands\n");
}

/* Schedules. */

static void list_schedules(Text *out, bool json) {
    if (json) text_append(out, "{\"schedules\": [\n");
    for (int i = 0; i < schedule_count; i++) {
        const Schedule *row = &schedule_table[i];
        if (json) {
            text_append(out, "  {");
            append_json_text(out, "name", row->name);
            append_json_text(out, "title", row->title);
            append_json_text(out, "formula", row->formula);
            text_append(out, "\"reference\": ");
            text_append_json(out, row->reference);
            text_append(out, "}%s\n", i + 1 < schedule_count ? "," : "");
        } else {
            text_append(out, "%s%s: %s\n    %s\n    %s\n", i ? "\n" : "", row->name, row->title, row->formula,
                row->reference);
        }
    }
    if (json) text_append(out, "]}\n");
}

/* What stands around the gradient. */

static void list_devices(Text *out, bool json) {
    if (json) text_append(out, "{\"devices\": [");
    for (int i = 0; i < DEVICE_COUNT; i++) {
        const OptimizerParameter *row = &device_table[i];
        if (json) {
            text_append(out, "%s\n  ", i ? "," : "");
            append_json_parameter(
                out, row->name, row->value, row->min, row->max, parameter_scale_name(row->scale));
        } else {
            text_append(out, "%-16s %g  from %g to %g, %s\n", row->name, row->value, row->min, row->max,
                parameter_scale_name(row->scale));
        }
    }
    if (json) text_append(out, "\n]}\n");
}

/* What networks are made of. */

/* One row for a list of rows that are a few texts each. */
static void append_texts(Text *out, bool json, bool first, const char *name, const char *title,
    const char *formula, const char *reference) {
    if (json) {
        text_append(out, "%s\n  {", first ? "" : ",");
        append_json_text(out, "name", name);
        append_json_text(out, "title", title);
        append_json_text(out, "formula", formula);
        text_append(out, "\"reference\": ");
        text_append_json(out, reference);
        text_append(out, "}");
        return;
    }
    text_append(out, "%s: %s\n", name, title);
    if (*formula) text_append(out, "    %s\n", formula);
    if (*reference) text_append(out, "    %s\n", reference);
}

static void list_data(Text *out, bool json) {
    for (int i = 0; i < data_count(); i++) {
        DataRow row = data_row(i);
        Text keys = {0};
        text_append(&keys, "keys: %s", row.keys);
        append_texts(out, json, i == 0, row.name, row.title, "", text_string(&keys));
        text_finish(&keys);
    }
    if (!json)
        text_append(out,
            "\nand files by their paths: CSV with a header (label=COLUMN or target=COLUMN), IDX "
            "(labels=FILE), a folder\nwith the four files of MNIST; plain or compressed by gzip\n");
}

static void list_activations(Text *out, bool json) {
    for (int i = 0; i < activation_count; i++)
        append_texts(out, json, i == 0, activation_table[i].name, activation_table[i].title,
            activation_table[i].formula, "");
}

static void list_initialisations(Text *out, bool json) {
    for (int i = 0; i < init_count; i++) {
        const InitRow *row = &init_table[i];
        char parameter[64] = "";
        if (row->parameter.name)
            snprintf(parameter, sizeof parameter, ", %s %g", row->parameter.name, row->parameter.value);
        Text formula = {0};
        text_append(&formula, "%s%s", row->formula, parameter);
        append_texts(out, json, i == 0, row->name, row->title, text_string(&formula), row->reference);
        text_finish(&formula);
    }
}

static void list_losses(Text *out, bool json) {
    for (int i = 0; i < loss_count; i++)
        append_texts(out, json, i == 0, loss_table[i].name, loss_table[i].title, loss_table[i].formula, "");
}

static void list_samplings(Text *out, bool json) {
    for (int i = 0; i < SAMPLING_COUNT; i++)
        append_texts(out, json, i == 0, sampling_table[i].name, sampling_table[i].meaning, "", "");
}

/* The keys of the window; those of one action in one row. */
static void list_keys(Text *out, bool json) {
    for (int i = 0, n = 0; i < key_binding_count; i += n) {
        Text keys = {0};
        for (n = 0; i + n < key_binding_count && (n == 0 || !key_bindings[i + n].description); n++) {
            char name[64];
            key_name(&key_bindings[i + n], name, sizeof name);
            text_append(&keys, "%s%s", n ? " or " : "", name);
        }
        if (json) {
            text_append(out, "%s\n  {", i ? "," : "");
            append_json_text(out, "keys", text_string(&keys));
            text_append(out, "\"description\": ");
            text_append_json(out, key_bindings[i].description);
            text_append(out, "}");
        } else {
            text_append(out, "%-24s %s\n", text_string(&keys), key_bindings[i].description);
        }
        text_finish(&keys);
    }
}

/* What a lesson may claim. */

typedef struct ExpectationRows {
    Text *out;
    bool json;
    const char *kind; /* of the row before; NULL: there is none */
} ExpectationRows;

static void append_expectation(void *context, const char *kind, const char *call, const char *meaning) {
    ExpectationRows *rows = context;
    Text *out = rows->out;
    if (rows->json) {
        text_append(out, "%s\n  {", rows->kind ? "," : "");
        append_json_text(out, "kind", kind);
        append_json_text(out, "name", call);
        text_append(out, "\"meaning\": ");
        text_append_json(out, meaning);
        text_append(out, "}");
    } else {
        if (!rows->kind || strcmp(kind, rows->kind) != 0)
            text_append(out, "%s%s\n", rows->kind ? "\n" : "", kind);
        text_append(out, "  %-34s %s\n", call, meaning);
    }
    rows->kind = kind;
}

static void list_expectations(Text *out, bool json) {
    ExpectationRows rows = {.out = out, .json = json};
    expect_names(append_expectation, &rows);
}

static void list_lessons(Text *out, bool json) {
    for (int i = 0; i < shipped_count(); i++) {
        Scene scene;
        Status status = status_ok();
        if (!shipped_read(i, &scene, &status)) continue; /* the suite reads them all */
        const char *topic = scene.lesson && scene.lesson->topic ? scene.lesson->topic : "";
        const char *title = scene.title ? scene.title : "";
        if (json) {
            text_append(out, "%s\n  {", i ? "," : "");
            append_json_text(out, "name", shipped_name(i));
            append_json_text(out, "topic", topic);
            text_append(out, "\"title\": ");
            text_append_json(out, title);
            text_append(out, "}");
        } else {
            text_append(out, "%-40s %s: %s\n", shipped_name(i), topic, title);
        }
        scene_finish(&scene);
    }
}

/* Lists whose rows are written one after the other, inside the brackets of JSON. */
typedef struct RowsSubject {
    const char *name;
    void (*list)(Text *out, bool json);
} RowsSubject;

static const RowsSubject rows_subjects[] = {
    {"keys", list_keys},
    {"data", list_data},
    {"activations", list_activations},
    {"initialisations", list_initialisations},
    {"losses", list_losses},
    {"samplings", list_samplings},
    {"lessons", list_lessons},
    {"expectations", list_expectations},
};
enum { ROWS_SUBJECT_COUNT = sizeof rows_subjects / sizeof rows_subjects[0] };

static bool list_of_rows(Text *out, const char *subject, bool json) {
    for (int i = 0; i < ROWS_SUBJECT_COUNT; i++) {
        const RowsSubject *row = &rows_subjects[i];
        if (strcmp(row->name, subject) != 0) continue;
        if (json) text_append(out, "{\"%s\": [", row->name);
        row->list(out, json);
        if (json) text_append(out, "\n]}\n");
        return true;
    }
    return false;
}

static const char *const subjects[] = {"surfaces", "optimizers", "schedules", "devices", "functions", "data",
    "activations", "initialisations", "losses", "samplings", "keys", "lessons", "expectations"};
enum { SUBJECT_COUNT = sizeof subjects / sizeof subjects[0] };

bool list_subject(const char *subject, bool json, Status *status) {
    Text out = {0};
    bool good = true;
    if (strcmp(subject, "surfaces") == 0)
        good = list_surfaces(&out, json, status);
    else if (strcmp(subject, "optimizers") == 0) {
        if (json)
            list_optimizers_json(&out);
        else
            list_optimizers(&out);
    } else if (strcmp(subject, "schedules") == 0)
        list_schedules(&out, json);
    else if (strcmp(subject, "devices") == 0)
        list_devices(&out, json);
    else if (strcmp(subject, "functions") == 0)
        list_functions(&out, json);
    else if (!list_of_rows(&out, subject, json))
        good = names_fail(
            status, "there is no list of", subject, "There are", NAMES_OF(subjects, SUBJECT_COUNT), NULL);
    if (good) fputs(text_string(&out), stdout);
    text_finish(&out);
    return good;
}

bool command_list(const Arguments *arguments, Status *status) {
    return list_subject(arguments->word ? arguments->word : "", arguments->json, status);
}
