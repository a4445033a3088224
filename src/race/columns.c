/* What can be written of a racer at a step. */
#include "columns.h"

#include "names.h"

#include <math.h>
#include <string.h>

/* Everything that a column may look at. */
typedef struct Moment {
    const Race *race;
    int racer;
    int64_t row;
    const Trace *trace;
    Diagnostics diagnostics; /* only where a column of the list wants them */
    double regret;           /* likewise */
} Moment;

struct Column {
    const char *name;
    const char *meaning;
    bool standard;                          /* written when nobody chooses */
    bool diagnoses;                         /* looks at the diagnostics */
    bool whole;                             /* the number is whole */
    const char *(*word)(int number);        /* what the numbers from 0 are called; NULL: they are numbers */
    double (*number)(const Moment *moment); /* NULL: there is none, and what is written is */
    void (*write)(FILE *file, const Moment *moment);
};

void csv_write_field(FILE *file, const char *field) {
    if (!strpbrk(field, ",\"\n")) {
        fputs(field, file);
        return;
    }
    fputc('"', file);
    for (; *field; field++) {
        if (*field == '"') fputc('"', file);
        fputc(*field, file);
    }
    fputc('"', file);
}

static void write_racer(FILE *file, const Moment *moment) {
    csv_write_field(file, race_spec(moment->race, moment->racer)->label);
}

/* The words of a column; NULL beyond the last. */
static const char *status_word(int number) {
    return number >= 0 && number <= RACER_DIVERGED ? racer_status_name((RacerStatus)number) : NULL;
}

static const char *predicted_word(int number) {
    static const char *const words[] = {"down", "up"};
    return number == 0 || number == 1 ? words[number] : NULL;
}

/* The coordinates of a point; beyond so many only norms are written. */
enum { COORDINATES_MAX = 16 };

static bool shows_coordinates(const Race *race) {
    return race_dim(race) <= COORDINATES_MAX;
}

static void write_coordinates(FILE *file, const Moment *moment) {
    size_t dim = race_dim(moment->race);
    for (size_t i = 0; i < dim; i++)
        fprintf(file, "%s%.17g", i ? "," : "", moment->trace->x[(size_t)moment->row * dim + i]);
}

/* A column that is one expression of `moment`. */
#define NUMBER(name, expression)                                                                             \
    static double name(const Moment *moment) {                                                               \
        return expression;                                                                                   \
    }
NUMBER(number_step, (double)moment->row)
NUMBER(number_evaluations, (double)moment->trace->evaluations[moment->row])
NUMBER(number_status, moment->trace->status[moment->row])
NUMBER(number_loss, moment->trace->loss[moment->row])
NUMBER(number_batch_loss,
    moment->trace->batch_loss ? moment->trace->batch_loss[moment->row] : moment->trace->loss[moment->row])
NUMBER(number_regret, moment->regret)
NUMBER(number_grad_norm, moment->trace->grad_norm[moment->row])
NUMBER(number_lr, moment->trace->lr[moment->row])
NUMBER(number_x, moment->trace->x[2 * moment->row])
NUMBER(number_y, moment->trace->x[2 * moment->row + 1])
NUMBER(number_average_x, moment->trace->average ? moment->trace->average[2 * moment->row] : NAN)
NUMBER(number_average_y, moment->trace->average ? moment->trace->average[2 * moment->row + 1] : NAN)
NUMBER(number_step_length, moment->diagnostics.step_length)
NUMBER(number_rate_x, moment->diagnostics.effective_rate[0])
NUMBER(number_rate_y, moment->diagnostics.effective_rate[1])
NUMBER(number_newton_angle, moment->diagnostics.newton_angle)
NUMBER(number_curvature, moment->diagnostics.curvature)
NUMBER(number_rise, moment->diagnostics.predicted_rise)
NUMBER(number_fall, moment->diagnostics.predicted_fall)
NUMBER(number_rises, moment->diagnostics.predicted_rise > moment->diagnostics.predicted_fall)
NUMBER(number_smallest, moment->diagnostics.smallest)
NUMBER(number_largest, moment->diagnostics.largest)
NUMBER(number_condition, moment->diagnostics.condition)
NUMBER(number_descent_limit, moment->diagnostics.descent_limit)
NUMBER(number_method_limit, moment->diagnostics.method_limit)
NUMBER(number_distance, moment->diagnostics.distance)
#undef NUMBER

/* State vectors: as many as a rule may have, each coordinate. */
static double state_number(const Moment *moment, int vector, size_t i) {
    Vec state;
    return race_state(moment->race, moment->racer, vector, &state) ? vec_get(&state, i) : NAN;
}

#define STATE(k)                                                                                             \
    static double number_state##k##_x(const Moment *moment) {                                                \
        return state_number(moment, k - 1, 0);                                                               \
    }                                                                                                        \
    static double number_state##k##_y(const Moment *moment) {                                                \
        return state_number(moment, k - 1, 1);                                                               \
    }
STATE(1)
STATE(2)
STATE(3)
STATE(4)
STATE(5)
STATE(6)
STATE(7)
STATE(8)
#undef STATE
_Static_assert(OPTIMIZER_STATE_MAX == 8, "a state vector without columns");

static const Column columns[] = {
    {"step", "0 is the start", .standard = true, .whole = true, .number = number_step},
    {"racer", "its label", .standard = true, .write = write_racer},
    {"evaluations", "gradients the optimizer has taken to get here", .standard = true, .whole = true,
        .number = number_evaluations},
    {"loss", "at the point; with --batch of all examples, as the gradient's norm", .standard = true,
        .number = number_loss},
    {"grad_norm", "Euclidean norm of the gradient at the point", .standard = true,
        .number = number_grad_norm},
    {"lr", "rate of the step that led here", .standard = true, .number = number_lr},
    {"x", "the point", .standard = true, .number = number_x},
    {"y", "", .standard = true, .number = number_y},
    {"status", "running, converged, stalled or diverged", .standard = true, .word = status_word,
        .number = number_status},
    {"batch_loss", "at the point, of the batch that the step from there sees", .number = number_batch_loss},
    {"regret",
        "sum over the steps so far: batch_loss before it, less that of the best fixed point in hindsight",
        .number = number_regret},
    {"average_x", "the averaged iterate (polyak, ema)", .number = number_average_x},
    {"average_y", "", .number = number_average_y},
    {"step_length", "Euclidean length of the step that led here", .diagnoses = true,
        .number = number_step_length},
    {"rate_x", "effective rate of each coordinate: -(its change)/(its gradient before)", .diagnoses = true,
        .number = number_rate_x},
    {"rate_y", "", .diagnoses = true, .number = number_rate_y},
    {"newton_angle", "degrees between the step and Newton's", .diagnoses = true,
        .number = number_newton_angle},
    {"curvature", "g'Hg at the point", .diagnoses = true, .number = number_curvature},
    {"predicted_rise", "lr^2/2 g'Hg for the next step along -g", .diagnoses = true, .number = number_rise},
    {"predicted_fall", "lr g'g for the next step along -g", .diagnoses = true, .number = number_fall},
    {"predicted", "up where the rise exceeds the fall, else down", .diagnoses = true, .word = predicted_word,
        .number = number_rises},
    {"smallest", "smallest eigenvalue of the Hessian", .diagnoses = true, .number = number_smallest},
    {"largest", "largest eigenvalue of the Hessian", .diagnoses = true, .number = number_largest},
    {"condition", "their ratio, where both are positive", .diagnoses = true, .number = number_condition},
    {"descent_limit", "2/largest", .diagnoses = true, .number = number_descent_limit},
    {"method_limit", "the optimizer's own limit of the rate, where it is known", .diagnoses = true,
        .number = number_method_limit},
    {"distance", "to the nearest known minimum", .diagnoses = true, .number = number_distance},
    {"state1_x", "the optimizer's state vectors, in the order of its formula", .number = number_state1_x},
    {"state1_y", "", .number = number_state1_y},
    {"state2_x", "", .number = number_state2_x},
    {"state2_y", "", .number = number_state2_y},
    {"state3_x", "", .number = number_state3_x},
    {"state3_y", "", .number = number_state3_y},
    {"state4_x", "", .number = number_state4_x},
    {"state4_y", "", .number = number_state4_y},
    {"state5_x", "", .number = number_state5_x},
    {"state5_y", "", .number = number_state5_y},
    {"state6_x", "", .number = number_state6_x},
    {"state6_y", "", .number = number_state6_y},
    {"state7_x", "", .number = number_state7_x},
    {"state7_y", "", .number = number_state7_y},
    {"state8_x", "", .number = number_state8_x},
    {"state8_y", "", .number = number_state8_y},
};
enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };

/* x1,...,xN in the place of x and y. */
static const Column coordinates = {"x1", "", .write = write_coordinates};

ColumnList columns_of_field(const Race *race) {
    ColumnList list = {.n = 0};
    for (int i = 0; i < COLUMN_COUNT; i++) {
        bool position = columns[i].number == number_x || columns[i].number == number_y;
        if (columns[i].standard && !position) list.columns[list.n++] = &columns[i];
        if (columns[i].number == number_x && shows_coordinates(race)) list.columns[list.n++] = &coordinates;
    }
    return list;
}

ColumnList columns_default(void) {
    ColumnList list = {.n = 0};
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (columns[i].standard) list.columns[list.n++] = &columns[i];
    return list;
}

const Column *column_find(const char *name) {
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (strcmp(columns[i].name, name) == 0) return &columns[i];
    return NULL;
}

const Column *column_at(int i) {
    return i < COLUMN_COUNT ? &columns[i] : NULL;
}

const char *column_name(const Column *column) {
    return column->name;
}

const char *column_meaning(const Column *column) {
    return column->meaning;
}

const char *column_word(const Column *column, int number) {
    return column->word ? column->word(number) : NULL;
}

bool column_is_number(const Column *column) {
    return column->number;
}

static bool add_column(ColumnList *list, const char *name, size_t length, Status *status) {
    char wanted[48];
    snprintf(wanted, sizeof wanted, "%.*s", (int)(length < sizeof wanted ? length : sizeof wanted - 1), name);
    const Column *column = column_find(wanted);
    if (!column)
        return names_fail(
            status, "there is no column", wanted, "There are", NAMES_OF(columns, COLUMN_COUNT), NULL);
    if (list->n == COLUMNS_MAX)
        return status_fail(status, STATUS_BAD_INPUT, "more than %d columns", COLUMNS_MAX);
    list->columns[list->n++] = column;
    return true;
}

bool columns_read(ColumnList *list, const char *text, Status *status) {
    bool adds = *text == '+';
    *list = adds ? columns_default() : (ColumnList){.n = 0};
    for (text += adds; text;) {
        size_t length = strcspn(text, ",");
        if (!add_column(list, text, length, status)) return false;
        text = text[length] ? text + length + 1 : NULL;
    }
    return true;
}

bool column_wants_regret(const Column *column) {
    return column->number == number_regret;
}

bool column_is_of_plane(const Column *column) {
    return column->diagnoses || !column->standard || column->number == number_x || column->number == number_y;
}

bool columns_want_regret(const ColumnList *list) {
    for (int i = 0; i < list->n; i++)
        if (column_wants_regret(list->columns[i])) return true;
    return false;
}

void columns_write_header(const ColumnList *list, FILE *file, const Race *race) {
    for (int i = 0; i < list->n; i++) {
        if (i) fputc(',', file);
        if (list->columns[i] != &coordinates) fputs(list->columns[i]->name, file);
        for (size_t k = 0; list->columns[i] == &coordinates && k < race_dim(race); k++)
            fprintf(file, "%sx%zu", k ? "," : "", k + 1);
    }
    fputc('\n', file);
}

/* Of a racer at the step that the race has just done. */
static Moment moment_now(const Race *race, int racer, bool diagnoses, Surface *surface, Regret *regret) {
    Moment moment = {
        .race = race, .racer = racer, .row = race_steps_done(race), .trace = race_trace(race, racer)};
    if (regret) moment.regret = regret_at(regret, racer, moment.row);
    if (diagnoses) moment.diagnostics = race_diagnose(race, racer, moment.row, surface);
    return moment;
}

static void write_value(const Column *column, FILE *file, const Moment *moment) {
    if (column->write)
        column->write(file, moment);
    else if (column->word)
        fputs(column->word((int)column->number(moment)), file);
    else
        fprintf(file, column->whole ? "%.0f" : "%.17g", column->number(moment));
}

void columns_write_row(
    const ColumnList *list, FILE *file, const Race *race, int racer, Surface *surface, Regret *regret) {
    bool diagnoses = false;
    for (int i = 0; i < list->n; i++) diagnoses = diagnoses || list->columns[i]->diagnoses;
    const Moment moment = moment_now(race, racer, diagnoses, surface, regret);
    for (int i = 0; i < list->n; i++) {
        if (i) fputc(',', file);
        write_value(list->columns[i], file, &moment);
    }
    fputc('\n', file);
}

double column_value(const Column *column, const Race *race, int racer, Surface *surface, Regret *regret) {
    const Moment moment = moment_now(race, racer, column->diagnoses, surface, regret);
    return column->number(&moment);
}

void columns_help(Text *out) {
    for (int i = 0; i < COLUMN_COUNT; i++)
        text_append(out, "  %-34s %s\n", columns[i].name, columns[i].meaning);
}
