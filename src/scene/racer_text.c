/* Racers from text, and as text. What a key may be is said by the optimizer's row, the devices' table and the
 * few keys that every racer has. */
#include "racer_text.h"

#include "names.h"
#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_BYTES = 32 };

static bool fail_unknown_optimizer(const char *name, Status *status) {
    return names_fail(
        status, "there is no optimizer", name, "There are", NAMES_OF(optimizer_table, optimizer_count), NULL);
}

/* A label goes into pictures and CSV: printable UTF-8, short. */
static bool read_label(RacerSpec *racer, const char *label, Status *status) {
    if (!*label || strlen(label) >= sizeof racer->label)
        return status_fail(
            status, STATUS_BAD_INPUT, "a label is 1 to %zu bytes long", sizeof racer->label - 1);
    if (!text_is_printable(label))
        return status_fail(status, STATUS_BAD_INPUT, "a label is printable UTF-8 text");
    snprintf(racer->label, sizeof racer->label, "%s", label);
    return true;
}

/* Which parameter a key names, and where its value is kept; NULL where it names none. */
static const OptimizerParameter *find_parameter(RacerSpec *racer, const char *key, double **value) {
    int own = optimizer_parameter_find(racer->optimizer, key), device = device_find(key);
    if (own >= 0) {
        *value = &racer->values[own];
        return &racer->optimizer->parameters[own];
    }
    if (device < 0) return NULL;
    *value = &racer->devices[device];
    return &device_table[device];
}

static bool read_number(const char *key, const char *owner, const char *text, double *value, Status *status) {
    if (text_parse_number(text, value)) return true;
    return status_fail(
        status, STATUS_BAD_INPUT, "%s of %s is '%.40s', which is not a number", key, owner, text);
}

static bool read_schedule(RacerSpec *racer, const char *text, Status *status) {
    return schedule_read(&racer->schedule, text, status) ||
           status_prefix(status, "schedule of %s", racer->optimizer->name);
}

static bool read_warmup(RacerSpec *racer, const char *text, Status *status) {
    double steps;
    if (!read_number("warmup", racer->optimizer->name, text, &steps, status)) return false;
    if (!(steps >= 0))
        return status_fail(status, STATUS_BAD_INPUT, "warmup of %s is %g; it must be 0 or more",
            racer->optimizer->name, steps);
    racer->schedule.warmup = steps;
    return true;
}

/* One parameter=value of a change. */
static bool read_change_of(RacerChange *change, const Optimizer *optimizer, char *pair, Status *status) {
    char *equals = strchr(pair, '=');
    if (equals) *equals = '\0';
    int i = equals ? optimizer_parameter_find(optimizer, pair) : -1;
    if (i < 0)
        return status_fail(
            status, STATUS_BAD_INPUT, "change: '%.40s' is no parameter of %s", pair, optimizer->name);
    return read_number(pair, optimizer->name, equals + 1, &change->values[i], status) &&
           parameter_check(&optimizer->parameters[i], optimizer->name, change->values[i], status);
}

/* Every hyperparameter with all its digits. */
enum { CHANGE_BYTES = 64 + OPTIMIZER_PARAMETERS_MAX * (SYMBOL_NAME_BYTES + NUMBER_BYTES) };

static bool read_change(RacerSpec *racer, const char *text, Status *status) {
    char copy[CHANGE_BYTES], *next;
    if (racer->n_changes == RACER_CHANGES_MAX || strlen(text) >= sizeof copy)
        return status_fail(status, STATUS_BAD_INPUT, "a racer has at most %d changes of %zu characters",
            RACER_CHANGES_MAX, sizeof copy - 1);
    snprintf(copy, sizeof copy, "%s", text);
    RacerChange change = {0}, *last = racer->n_changes ? &racer->changes[racer->n_changes - 1] : NULL;
    memcpy(change.values, last ? last->values : racer->values, sizeof change.values);
    char *pair = copy + strcspn(copy, ":");
    next = *pair ? pair + 1 : NULL;
    *pair = '\0';
    long long step;
    if (!text_parse_integer(copy, 0, INT64_C(1) << 53, &step) || (last && step <= last->step))
        return status_fail(status, STATUS_BAD_INPUT,
            "change: '%.40s' is not a step from 0 that is later than the one before", copy);
    change.step = step;
    while (next) {
        pair = next;
        char *end = pair + strcspn(pair, ":");
        next = *end ? end + 1 : NULL;
        *end = '\0';
        if (!read_change_of(&change, racer->optimizer, pair, status)) return false;
    }
    racer->changes[racer->n_changes++] = change;
    return true;
}

static bool read_style(RacerSpec *racer, const char *text, Status *status) {
    long long style;
    if (!text_parse_integer(text, 1, RACER_STYLES, &style))
        return status_fail(
            status, STATUS_BAD_INPUT, "style is '%.40s', not a number from 1 to %d", text, RACER_STYLES);
    racer->look.style = (int)style;
    return true;
}

static bool read_switch(const char *key, const char *text, bool *value, Status *status) {
    *value = strcmp(text, "1") == 0 || strcmp(text, "true") == 0;
    return *value || strcmp(text, "0") == 0 || strcmp(text, "false") == 0 ||
           status_fail(status, STATUS_BAD_INPUT, "%s is '%.40s'; it must be 0 or 1", key, text);
}

static bool read_hidden(RacerSpec *racer, const char *text, Status *status) {
    return read_switch("hidden", text, &racer->look.hidden, status);
}

static bool read_solo(RacerSpec *racer, const char *text, Status *status) {
    return read_switch("solo", text, &racer->look.solo, status);
}

static bool read_ghost(RacerSpec *racer, const char *text, Status *status) {
    return read_switch("ghost", text, &racer->look.ghost, status);
}

/* The keys that every racer has beside the devices. */
static const struct {
    const char *name;
    bool (*read)(RacerSpec *racer, const char *text, Status *status);
    bool one_racers; /* means nothing said to all racers at once */
    bool many;       /* may be given several times */
} racer_keys[] = {
    {"label", read_label, true, false},
    {"schedule", read_schedule, false, false},
    {"warmup", read_warmup, false, false},
    {"change", read_change, true, true},
    {"style", read_style, true, false},
    {"hidden", read_hidden, true, false},
    {"solo", read_solo, true, false},
    {"ghost", read_ghost, true, false},
};
enum { RACER_KEYS = sizeof racer_keys / sizeof racer_keys[0] };

/* Its row in racer_keys; -1 where there is none. */
static int find_key(const char *key) {
    for (int i = 0; i < RACER_KEYS; i++)
        if (strcmp(racer_keys[i].name, key) == 0) return i;
    return -1;
}

const char *racer_key_name(int i) {
    return i < RACER_KEYS ? racer_keys[i].name : NULL;
}

static bool fail_unknown_key(const Optimizer *optimizer, const char *key, Status *status) {
    const char *names[OPTIMIZER_PARAMETERS_MAX + DEVICE_COUNT + RACER_KEYS];
    int n = optimizer_parameter_count(optimizer);
    for (int i = 0; i < n; i++) names[i] = optimizer->parameters[i].name;
    for (int i = 0; i < RACER_KEYS; i++) names[n++] = racer_keys[i].name;
    for (int i = 0; i < DEVICE_COUNT; i++) names[n++] = device_table[i].name;
    char problem[96];
    snprintf(problem, sizeof problem, "%s has no parameter", optimizer->name);
    return names_fail(status, problem, key, "It has", NAMES_OF(names, n), NULL);
}

bool racer_read_key(RacerSpec *racer, const char *key, const char *text, Status *status) {
    const char *owner = racer->optimizer->name;
    int row = find_key(key);
    if (row >= 0) return racer_keys[row].read(racer, text, status);
    double *value, number;
    const OptimizerParameter *parameter = find_parameter(racer, key, &value);
    if (!parameter) return fail_unknown_key(racer->optimizer, key, status);
    if (!read_number(key, owner, text, &number, status) || !parameter_check(parameter, owner, number, status))
        return false;
    *value = number;
    return true;
}

bool racer_knows_key(RacerSpec *racer, const char *key) {
    double *value;
    return find_key(key) >= 0 || find_parameter(racer, key, &value);
}

bool racer_has_key(RacerSpec *racer, const char *key) {
    double *value;
    int row = find_key(key);
    return row >= 0 ? !racer_keys[row].one_racers : find_parameter(racer, key, &value) != NULL;
}

/* The next comma outside of parentheses, or the end. */
static char *pair_end(char *text) {
    int nesting = 0;
    for (; *text; text++) {
        if (*text == '(' || *text == '[') nesting++;
        if (*text == ')' || *text == ']') nesting--;
        if (*text == ',' && nesting <= 0) break;
        if (*text == '\\' && text[1]) text++;
    }
    return text;
}

/* In place. */
static void remove_escapes(char *text) {
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (*from == '\\' && from[1]) from++;
        *to++ = *from;
    }
    *to = '\0';
}

char *racer_cut_pair(char *text, char **key, char **value) {
    text += strspn(text, " ");
    char *end = pair_end(text), *left = *end ? end + 1 : NULL, *equals;
    *end = '\0';
    equals = strchr(text, '=');
    *key = text;
    *value = NULL;
    if (!equals) return left;
    *equals = '\0';
    *value = equals + 1;
    remove_escapes(*value);
    return left;
}

static bool was_given(const char *const *keys, int n, const char *key) {
    for (int i = 0; i < n; i++)
        if (strcmp(keys[i], key) == 0) return true;
    return false;
}

/* The key=value pairs after the colon; cuts `text` up as it reads. */
static bool read_keys(RacerSpec *racer, char *text, Status *status) {
    enum { KEYS_MAX = 64 };
    const char *given[KEYS_MAX], *name = racer->optimizer->name;
    int n = 0;
    for (char *left = text, *key, *value; left;) {
        left = racer_cut_pair(left, &key, &value);
        if (!value)
            return status_fail(status, STATUS_BAD_INPUT, "%s: expected key=value, not '%.60s'", name, key);
        int row = find_key(key);
        if ((row < 0 || !racer_keys[row].many) && was_given(given, n, key))
            return status_fail(status, STATUS_BAD_INPUT, "%s of %s is given twice", key, name);
        if (!racer_read_key(racer, key, value, status)) return false;
        if (n < KEYS_MAX) given[n++] = key;
    }
    return true;
}

/* A script has statements; key=value,... has neither semicolons nor blanks around its signs. */
static bool is_script(const char *text) {
    static const char *const signs[] = {";", "\n", " = ", "+=", "-=", "*=", "/="};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strstr(text, signs[i])) return true;
    return false;
}

/* An own optimizer: a script, and the keys behind a bar. */
static bool read_own(RacerSpec *racer, const char *name, char *text, OwnOptimizer **own, Status *status) {
    char *keys = strchr(text, '|');
    if (keys) *keys++ = '\0';
    *own = own_optimizer_create(name, text, status);
    if (!*own) return false;
    racer->optimizer = own_optimizer_row(*own);
    optimizer_defaults(racer->optimizer, racer->values);
    if (!keys || read_keys(racer, keys + strspn(keys, " "), status)) return true;
    own_optimizer_release(*own);
    *own = NULL;
    return false;
}

static bool read_shipped(RacerSpec *racer, const char *name, char *keys, Status *status) {
    racer->optimizer = optimizer_find(name);
    if (!racer->optimizer) return fail_unknown_optimizer(name, status);
    optimizer_defaults(racer->optimizer, racer->values);
    return !keys || read_keys(racer, keys, status);
}

bool racer_read(const char *text, RacerSpec *racer, OwnOptimizer **own, Status *status) {
    *racer = (RacerSpec){.optimizer = NULL};
    *own = NULL;
    char *copy = strdup(text);
    if (!copy) return status_fail(status, STATUS_FAILED, "out of memory");
    char *rest = strchr(copy, ':');
    if (rest) *rest++ = '\0';
    devices_defaults(racer->devices);
    snprintf(racer->label, sizeof racer->label, "%s", copy);
    bool is_own = rest && !optimizer_find(copy) && is_script(rest);
    bool good = is_own ? read_own(racer, copy, rest, own, status) : read_shipped(racer, copy, rest, status);
    free(copy);
    return good;
}

/* Whether the text would be read as more than one value, or as another one. */
static bool needs_escapes(const char *text) {
    int nesting = 0;
    for (; *text; text++) {
        nesting += (*text == '(' || *text == '[') - (*text == ')' || *text == ']');
        if (*text == '\\' || nesting < 0 || (*text == ',' && nesting == 0)) return true;
    }
    return nesting != 0;
}

void racer_write_pair(Text *out, const char *key, const char *value) {
    const bool escapes = needs_escapes(value);
    text_append(out, "%s=", key);
    for (; *value; value++) {
        if (escapes && strchr("\\,()[]", *value)) text_append_bytes(out, "\\", 1);
        text_append_bytes(out, isspace((unsigned char)*value) ? " " : value, 1);
    }
}

/* Who is told of the pairs, and a text under work. */
typedef struct Teller {
    RacerPair *tell;
    void *context;
    Text text;
} Teller;

static void tell_number(Teller *teller, const char *key, double value) {
    char number[NUMBER_BYTES];
    text_format_number(number, sizeof number, value);
    teller->tell(teller->context, key, number);
}

static void append_setting(Text *text, const char *name, double value) {
    char number[NUMBER_BYTES];
    text_format_number(number, sizeof number, value);
    text_append(text, ":%s=%s", name, number);
}

static void tell_parameters(
    Teller *teller, const OptimizerParameter *parameters, int n, const double *values) {
    for (int i = 0; i < n; i++)
        if (values[i] != parameters[i].value) tell_number(teller, parameters[i].name, values[i]);
}

static void tell_schedule(Teller *teller, const ScheduleSpec *schedule) {
    text_clear(&teller->text);
    text_append(&teller->text, "%s", schedule->text);
    for (int i = 0; i < schedule->n_settings; i++)
        append_setting(&teller->text, schedule->settings[i].name, schedule->settings[i].value);
    for (size_t i = 0; i < teller->text.length; i++) /* in a formula the end of a line is a blank */
        if (isspace((unsigned char)teller->text.bytes[i])) teller->text.bytes[i] = ' ';
    if (schedule->text[0]) teller->tell(teller->context, "schedule", text_string(&teller->text));
    if (schedule->warmup != 0) tell_number(teller, "warmup", schedule->warmup);
}

static void tell_changes(Teller *teller, const RacerSpec *racer) {
    const double *before = racer->values;
    for (int i = 0; i < racer->n_changes; i++) {
        const RacerChange *change = &racer->changes[i];
        text_clear(&teller->text);
        text_append(&teller->text, "%lld", (long long)change->step);
        for (int k = 0; k < optimizer_parameter_count(racer->optimizer); k++)
            if (change->values[k] != before[k])
                append_setting(&teller->text, racer->optimizer->parameters[k].name, change->values[k]);
        teller->tell(teller->context, "change", text_string(&teller->text));
        before = change->values;
    }
}

static void tell_look(Teller *teller, const RacerSpec *racer) {
    const RacerLook *look = &racer->look;
    if (look->style > 0) tell_number(teller, "style", look->style);
    if (look->hidden) tell_number(teller, "hidden", 1);
    if (look->solo) tell_number(teller, "solo", 1);
    if (look->ghost) tell_number(teller, "ghost", 1);
    if (strcmp(racer->label, racer->optimizer->name) != 0)
        teller->tell(teller->context, "label", racer->label);
}

void racer_pairs(const RacerSpec *racer, RacerPair *tell, void *context) {
    const Optimizer *optimizer = racer->optimizer;
    Teller teller = {tell, context, {0}};
    tell_parameters(&teller, optimizer->parameters, optimizer_parameter_count(optimizer), racer->values);
    tell_parameters(&teller, device_table, DEVICE_COUNT, racer->devices);
    tell_schedule(&teller, &racer->schedule);
    tell_changes(&teller, racer);
    tell_look(&teller, racer);
    text_finish(&teller.text);
}

/* Appends the script as one line, in which a semicolon ends a statement as the end of a line did. Behind
 * `where`, and inside parentheses, the end of a line ends nothing. */
static void write_line(Text *out, const char *script) {
    const char *where = own_optimizer_where(script);
    int nesting = 0;
    bool gap = false, ended = false;
    for (const char *at = script; *at; at++) {
        if (isspace((unsigned char)*at)) {
            gap = true;
            ended |= *at == '\n' && nesting == 0 && at < where;
            continue;
        }
        nesting += (*at == '(' || *at == '[') - (*at == ')' || *at == ']');
        bool first = out->length == 0, follows = !first && out->bytes[out->length - 1] != ';';
        if (ended && follows && *at != ';') text_append(out, ";");
        if (gap && !first) text_append(out, " ");
        text_append_bytes(out, at, 1);
        gap = ended = false;
    }
}

static void write_script(Text *out, const char *script) {
    Text line = {0};
    write_line(&line, script);
    /* An empty statement says that it is one, where nothing else does. */
    text_append(out, "%s%s", is_script(text_string(&line)) ? "" : "; ", text_string(&line));
    text_finish(&line);
}

/* What stands between the name or the script and the keys, and between the keys. */
typedef struct Line {
    Text *out;
    const char *separator;
} Line;

static void write_pair(void *context, const char *key, const char *value) {
    Line *line = context;
    text_append(line->out, "%s", line->separator);
    line->separator = ",";
    racer_write_pair(line->out, key, value);
}

void racer_write(const RacerSpec *racer, const OwnOptimizer *own, Text *out) {
    Line line = {out, own ? " | " : ":"};
    text_append(out, "%s%s", racer->optimizer->name, own ? ": " : "");
    if (own) write_script(out, own_optimizer_text(own));
    racer_pairs(racer, write_pair, &line);
}
