/* Schedules read, checked and evaluated. The rows are in schedules.c. */
#include "schedule.h"

#include "names.h"
#include "parse.h"
#include "program.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VARIABLE_T, VARIABLE_LR, VARIABLE_STEPS, VARIABLE_COUNT };
static const char *const variables[VARIABLE_COUNT] = {"t", "lr", "T"};

const Schedule *schedule_find(const char *name) {
    for (int i = 0; i < schedule_count; i++)
        if (strcmp(schedule_table[i].name, name) == 0) return &schedule_table[i];
    return NULL;
}

static Formula *parse(const ScheduleSpec *spec, Status *status) {
    const Schedule *row = schedule_find(spec->text[0] ? spec->text : "constant");
    const char *text = row ? row->formula : spec->text;
    Formula *formula = formula_parse(text, strlen(text), variables, VARIABLE_COUNT, status);
    if (!formula) return NULL;
    formula->symbols[VARIABLE_LR].level = LEVEL_STEP;
    formula->symbols[VARIABLE_STEPS].level = LEVEL_STEP;
    return formula;
}

static bool fail_no_parameter(
    const Formula *formula, const char *schedule, const char *name, Status *status) {
    const char *names[FORMULA_PARAMETERS_MAX];
    for (int i = 0; i < formula->n_parameters; i++) names[i] = formula->parameters[i].name;
    char problem[SCHEDULE_NAME_BYTES + 64];
    snprintf(problem, sizeof problem, "the schedule %.31s has no parameter", schedule);
    return names_fail(status, problem, name, "It has", NAMES_OF(names, formula->n_parameters), NULL);
}

static const FormulaParameter *find_parameter(const Formula *formula, const char *name) {
    for (int i = 0; i < formula->n_parameters; i++)
        if (strcmp(formula->parameters[i].name, name) == 0) return &formula->parameters[i];
    return NULL;
}

/* Defaults, then settings, by symbol. */
static bool set_values(const ScheduleSpec *spec, const Formula *formula, double *values, Status *status) {
    for (int i = 0; i < formula->n_parameters; i++)
        values[formula->parameters[i].symbol] = formula->parameters[i].value;
    for (int i = 0; i < spec->n_settings; i++) {
        const FormulaParameter *parameter = find_parameter(formula, spec->settings[i].name);
        double value = spec->settings[i].value;
        if (!parameter) return fail_no_parameter(formula, spec->text, spec->settings[i].name, status);
        if (parameter->ranged && !(value >= parameter->min && value <= parameter->max))
            return status_fail(status, STATUS_BAD_INPUT, "%s of the schedule %s is %g; it goes from %g to %g",
                parameter->name, spec->text, value, parameter->min, parameter->max);
        values[parameter->symbol] = value;
    }
    return true;
}

/* The text before the first ':' outside parentheses, if it is a shipped name. */
static bool read_settings(ScheduleSpec *spec, char *text, Status *status) {
    while (text) {
        char *next = strchr(text, ':'), *equals = strchr(text, '=');
        if (next) *next++ = '\0';
        if (!equals || (size_t)(equals - text) >= SCHEDULE_NAME_BYTES)
            return status_fail(status, STATUS_BAD_INPUT, "schedule %s: expected parameter=value, not '%.40s'",
                spec->text, text);
        if (spec->n_settings == SCHEDULE_SETTINGS_MAX)
            return status_fail(status, STATUS_BAD_INPUT, "schedule %s: more than %d parameters", spec->text,
                SCHEDULE_SETTINGS_MAX);
        *equals = '\0';
        snprintf(spec->settings[spec->n_settings].name, SCHEDULE_NAME_BYTES, "%s", text);
        if (!text_parse_number(equals + 1, &spec->settings[spec->n_settings].value))
            return status_fail(status, STATUS_BAD_INPUT,
                "%s of the schedule %s is '%.40s', which is not a number", text, spec->text, equals + 1);
        spec->n_settings++;
        text = next;
    }
    return true;
}

static bool check(const ScheduleSpec *spec, Status *status) {
    double values[SYMBOLS_MAX] = {0};
    Formula *formula = parse(spec, status);
    bool good = formula && set_values(spec, formula, values, status);
    formula_destroy(formula);
    return good;
}

bool schedule_read(ScheduleSpec *spec, const char *text, Status *status) {
    char name[SCHEDULE_TEXT_BYTES];
    if (strlen(text) >= sizeof name)
        return status_fail(status, STATUS_BAD_INPUT, "a schedule is at most %zu bytes long", sizeof name - 1);
    snprintf(name, sizeof name, "%s", text);
    char *colon = strchr(name, ':');
    if (colon) *colon = '\0';
    bool shipped = schedule_find(name) != NULL;
    bool word = strspn(text, "abcdefghijklmnopqrstuvwxyz_") == strlen(name) && strlen(name) > 2;
    if (!shipped && word)
        return names_fail(status, "there is no schedule", name, "There are",
            NAMES_OF(schedule_table, schedule_count), ", and any formula of t, lr and T");
    ScheduleSpec read = {.warmup = spec->warmup};
    snprintf(read.text, sizeof read.text, "%s", shipped ? name : text);
    if (shipped && colon && !read_settings(&read, colon + 1, status)) return false;
    if (!check(&read, status)) return false;
    *spec = read;
    return true;
}

size_t schedule_describe(const ScheduleSpec *spec, char *out, size_t out_size) {
    size_t length =
        (size_t)snprintf(out, out_size, "%s", spec->text[0] ? spec->text : schedule_table[0].name);
    for (int i = 0; i < spec->n_settings && length < out_size; i++) {
        char number[32];
        text_format_number(number, sizeof number, spec->settings[i].value);
        length += (size_t)snprintf(out + length, out_size - length, ":%s=%s", spec->settings[i].name, number);
    }
    return length < out_size ? length : out_size - 1;
}

static bool check_rates(
    const ScheduleSpec *spec, const double *rates, int64_t done, int64_t n_steps, Status *status) {
    for (int64_t i = done; i < n_steps; i++)
        if (!(rates[i] >= 0) || isinf(rates[i]))
            return status_fail(status, STATUS_BAD_INPUT, "the schedule %s gives a rate of %g at t = %lld",
                spec->text, isnan(rates[i]) ? NAN : rates[i],
                (long long)i + 1); /* a NaN has no sign to speak of */
    return true;
}

static bool evaluate(const ScheduleSpec *spec, const Formula *formula, double lr, int64_t done,
    int64_t n_steps, double *rates, Status *status) {
    double values[SYMBOLS_MAX] = {[VARIABLE_LR] = lr, [VARIABLE_STEPS] = (double)n_steps};
    if (!set_values(spec, formula, values, status)) return false;
    Program *program =
        program_create(formula->graph, formula->symbols, formula->n_symbols, &formula->value, 1, status);
    Workspace *workspace = program ? workspace_create(program) : NULL;
    if (workspace) {
        const double *const inputs[VARIABLE_COUNT] = {rates + done};
        double *const outputs[1] = {rates + done};
        for (int64_t i = done; i < n_steps; i++) rates[i] = (double)i + 1;
        program_bind(program, workspace, values);
        program_run_f64(program, workspace, values, inputs, (size_t)(n_steps - done), outputs);
        for (int64_t i = done; i < n_steps && (double)i + 1 < spec->warmup; i++)
            rates[i] *= ((double)i + 1) / spec->warmup;
    } else if (program) {
        status_fail(status, STATUS_FAILED, "out of memory");
    }
    bool good = workspace != NULL;
    workspace_destroy(workspace);
    program_destroy(program);
    return good;
}

bool schedule_fill(
    const ScheduleSpec *spec, double lr, int64_t done, int64_t n_steps, double *rates, Status *status) {
    if (done >= n_steps) return true;
    Formula *formula = parse(spec, status);
    bool good = formula && evaluate(spec, formula, lr, done, n_steps, rates, status) &&
                check_rates(spec, rates, done, n_steps, status);
    formula_destroy(formula);
    return good;
}
