/* Typed text to a row of the optimizers' table. Compiling it is rule.c's. */
#include "own.h"

#include "rule.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct OwnOptimizer {
    Optimizer row;
    int users;
    char name[SYMBOL_NAME_BYTES];
    char *text; /* all of it */
    /* What the row points at; each as long as the text, blank where it is something else's, so that a mistake
     * is shown at its place in the text. NULL where there is none. */
    char *update, *probe, *direction;
    char *state, *scalars;
    char parameter_names[OPTIMIZER_PARAMETERS_MAX][SYMBOL_NAME_BYTES];
};

/* A copy of text[begin, end) in its place among blanks. */
static char *cut(const char *text, size_t begin, size_t end) {
    char *copy = strdup(text);
    for (size_t i = 0; copy && copy[i]; i++)
        if ((i < begin || i >= end) && copy[i] != '\n') copy[i] = ' ';
    return copy;
}

static bool goes_on(char byte) {
    return isalnum((unsigned char)byte) || byte == '_';
}

/* Where a word is that stands by itself; the end of the text where it does not. */
static size_t find_word(const char *text, const char *word) {
    for (const char *at = text; (at = strstr(at, word)); at++)
        if (!(at > text && goes_on(at[-1])) && !goes_on(at[strlen(word)])) return (size_t)(at - text);
    return strlen(text);
}

const char *own_optimizer_where(const char *text) {
    return text + find_word(text, "where");
}

/* The offset behind `word =` where the statement begins so; 0 where it does not. */
static size_t declaration(const char *text, size_t begin, size_t end, const char *word) {
    while (begin < end && isspace((unsigned char)text[begin])) begin++;
    size_t length = strlen(word);
    if (end - begin < length || strncmp(text + begin, word, length) != 0) return 0;
    for (begin += length; begin < end && text[begin] == ' ';) begin++;
    return begin < end && text[begin] == '=' && text[begin + 1] != '=' ? begin + 1 : 0;
}

/* Names in text[begin, end) with single spaces between; anything else there is left for the rule to refuse.
 */
static char *read_names(const char *text, size_t begin, size_t end) {
    char *names = calloc(1, end - begin + 1);
    size_t used = 0;
    for (size_t i = begin; names && i < end; i++) {
        bool gap = isspace((unsigned char)text[i]) || text[i] == ',';
        if (!gap)
            names[used++] = text[i];
        else if (used > 0 && names[used - 1] != ' ')
            names[used++] = ' ';
    }
    if (used > 0 && names[used - 1] == ' ') names[used - 1] = '\0';
    return names;
}

static bool set_once(char **target, char *value, const char *name, const char *what, Status *status) {
    if (*target) {
        free(value);
        return status_fail(status, STATUS_BAD_INPUT, "%s: there are two '%s ='", name, what);
    }
    *target = value;
    return value || status_fail(status, STATUS_FAILED, "out of memory");
}

/* Declarations to their places; `update` keeps the statements alone. */
static bool read_statement(OwnOptimizer *own, const char *text, size_t begin, size_t end, Status *status) {
    const struct {
        const char *word;
        char **target;
        bool formula, declares;
    } rows[] = {
        {"state", &own->state, false, true},
        {"scalars", &own->scalars, false, true},
        {"probe", &own->probe, true, true},
        {"u", &own->direction, true, text[find_word(text, "hu")] != '\0'},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t value = rows[i].declares ? declaration(text, begin, end, rows[i].word) : 0;
        if (value == 0) continue;
        memset(own->update + begin, ' ', end - begin);
        char *read = rows[i].formula ? cut(text, value, end) : read_names(text, value, end);
        return set_once(rows[i].target, read, own->name, rows[i].word, status);
    }
    return true;
}

static bool read_statements(OwnOptimizer *own, const char *text, size_t where, Status *status) {
    own->update = cut(text, 0, where);
    if (!own->update) return status_fail(status, STATUS_FAILED, "out of memory");
    for (size_t begin = 0; begin < where;) {
        size_t end = begin + strcspn(text + begin, ";\n");
        if (end > where) end = where;
        if (!read_statement(own, text, begin, end, status)) return false;
        begin = end + 1;
    }
    return true;
}

static bool add_parameter(OwnOptimizer *own, const FormulaParameter *from, int *n, Status *status) {
    bool rate = strcmp(from->name, "lr") == 0;
    if (!rate && *n == OPTIMIZER_PARAMETERS_MAX)
        return status_fail(status, STATUS_BAD_INPUT, "%s: more than %d hyperparameters", own->name,
            OPTIMIZER_PARAMETERS_MAX);
    OptimizerParameter *to = &own->row.parameters[rate ? 0 : *n];
    char *name = own->parameter_names[rate ? 0 : (*n)++];
    memcpy(name, from->name, SYMBOL_NAME_BYTES);
    *to = (OptimizerParameter){.name = name,
        .value = from->value,
        .min = from->min,
        .max = from->max,
        .scale = from->logarithmic ? SCALE_LOG : SCALE_LINEAR,
        .domain = rate ? DOMAIN_POSITIVE : DOMAIN_ANY};
    return !rate || parameter_check(to, own->name, to->value, status);
}

/* The definitions behind `where`. */
static bool read_parameters(OwnOptimizer *own, const char *text, size_t where, Status *status) {
    int n = 1;
    own->row.parameters[0] = (OptimizerParameter){"lr", 0.01, 1e-5, 10, SCALE_LOG, DOMAIN_POSITIVE};
    if (!text[where]) return true;
    char *definitions = cut(text, where, strlen(text));
    if (!definitions) return status_fail(status, STATUS_FAILED, "out of memory");
    Formula *formula = formula_parse_definitions(own->name, definitions, strlen(definitions), status);
    free(definitions);
    bool good = formula != NULL;
    for (int i = 0; good && i < formula->n_parameters; i++)
        good = add_parameter(own, &formula->parameters[i], &n, status);
    formula_destroy(formula);
    return good;
}

/* Compiles it once, to find every mistake now. */
static bool check(const Optimizer *row, Status *status) {
    Rule *rule = rule_create(row, &(const Space){.n = 1, .precision = PRECISION_F64}, status);
    rule_destroy(rule);
    return rule != NULL;
}

/* Statements without the blanks around them, a line each: how the shipped rules are written. In place. */
static void tidy(char *text) {
    char *to = text;
    for (const char *from = text; *from;) {
        from += strspn(from, " ;\n\t\r");
        size_t length = strcspn(from, ";\n");
        const char *next = from + length;
        while (length > 0 && isspace((unsigned char)from[length - 1])) length--;
        if (length > 0 && to > text) *to++ = '\n';
        memmove(to, from, length);
        to += length;
        from = next;
    }
    *to = '\0';
}

/* A name that can stand before the colon; a shipped one would be taken for that. */
static bool set_name(OwnOptimizer *own, const char *name, Status *status) {
    if (!*name || strlen(name) >= sizeof own->name)
        return status_fail(
            status, STATUS_BAD_INPUT, "an optimizer's name is 1 to %zu bytes long", sizeof own->name - 1);
    if (!text_is_printable(name) || strchr(name, ':'))
        return status_fail(
            status, STATUS_BAD_INPUT, "an optimizer's name is printable UTF-8 text without a colon");
    if (optimizer_find(name))
        return status_fail(
            status, STATUS_BAD_INPUT, "%s is a shipped optimizer; an own one needs another name", name);
    strcpy(own->name, name);
    return true;
}

OwnOptimizer *own_optimizer_create(const char *name, const char *text, Status *status) {
    OwnOptimizer *own = calloc(1, sizeof *own);
    if (!own) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    own->users = 1;
    bool good = set_name(own, name, status);
    size_t where = find_word(text, "where");
    good = good && read_statements(own, text, where, status) && read_parameters(own, text, where, status);
    if (good) {
        own->row.name = own->row.title = own->name;
        own->row.reference = "typed";
        own->row.state = own->state ? own->state : "";
        own->row.scalars = own->scalars;
        own->row.probe = own->probe;
        own->row.direction = own->direction;
        if (own->direction && optimizer_parameter_find(&own->row, "every") >= 0) own->row.every = "every";
        own->row.update = own->update;
        good = check(&own->row, status);
    }
    if (good) {
        tidy(own->update);
        if (own->probe) tidy(own->probe);
        if (own->direction) tidy(own->direction);
        own->text = strdup(text);
        if (own->text) return own;
        status_fail(status, STATUS_FAILED, "out of memory");
    }
    own_optimizer_release(own);
    return NULL;
}

OwnOptimizer *own_optimizer_share(OwnOptimizer *own) {
    own->users++;
    return own;
}

void own_optimizer_release(OwnOptimizer *own) {
    if (!own || --own->users > 0) return;
    free(own->update);
    free(own->probe);
    free(own->direction);
    free(own->text);
    free(own->state);
    free(own->scalars);
    free(own);
}

const Optimizer *own_optimizer_row(const OwnOptimizer *own) {
    return &own->row;
}

const char *own_optimizer_text(const OwnOptimizer *own) {
    return own->text;
}

static void append_declaration(Text *script, const char *word, const char *value) {
    if (value && *value) text_append(script, "%s = %s\n", word, value);
}

/* The numbers as they are read back exactly. */
static void append_parameter(Text *script, const OptimizerParameter *parameter, bool last) {
    char value[32], min[32], max[32];
    text_format_number(value, sizeof value, parameter->value);
    text_format_number(min, sizeof min, parameter->min);
    text_format_number(max, sizeof max, parameter->max);
    bool logarithmic = parameter->scale == SCALE_LOG && parameter->min > 0;
    text_append(script, "%s = %s in [%s, %s]%s%s", parameter->name, value, min, max,
        logarithmic ? " log" : "", last ? "" : ",\n    ");
}

bool optimizer_as_script(const Optimizer *optimizer, Text *script) {
    if (optimizer->method) return false;
    append_declaration(script, "state", optimizer->state);
    append_declaration(script, "scalars", optimizer->scalars);
    append_declaration(script, "probe", optimizer->probe);
    append_declaration(script, "u", optimizer->direction);
    text_append(script, "%s\nwhere\n    ", optimizer->update);
    int n = optimizer_parameter_count(optimizer);
    for (int i = 0; i < n; i++) append_parameter(script, &optimizer->parameters[i], i + 1 == n);
    return true;
}
