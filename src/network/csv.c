/* A scanner of fields, and rows of fields as examples. Loading and unpacking a file is bytes.c's. */
#include "csv.h"

#include "names.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 100000, FIELD_BYTES_MAX = 4096 };

/* Where the reader is, and the field that it has read last. */
typedef struct Csv {
    const char *name;
    const char *at, *end, *line_start;
    size_t line;
    Text field;        /* without its quotes */
    size_t field_line; /* where it began */
    size_t field_column;
    bool quoted;
    bool last; /* it was the last of its row */
} Csv;

static bool fail_at(const Csv *csv, Status *status, const char *problem) {
    status_fail(status, STATUS_BAD_INPUT, "%s", problem);
    return status_prefix(status, "%.100s:%zu:%zu", csv->name, csv->field_line, csv->field_column);
}

/* Scanning. */

static void next_line(Csv *csv) {
    csv->line++;
    csv->line_start = csv->at;
}

/* Takes a line's end, if there is one here. */
static bool take_end(Csv *csv) {
    if (csv->at < csv->end && *csv->at == '\r' && (csv->at + 1 == csv->end || csv->at[1] == '\n')) csv->at++;
    if (csv->at == csv->end) return true;
    if (*csv->at != '\n') return false;
    csv->at++;
    next_line(csv);
    return true;
}

static bool read_quoted(Csv *csv, Status *status) {
    csv->quoted = true;
    for (csv->at++;; csv->at++) {
        if (csv->at == csv->end) return fail_at(csv, status, "the quotes that begin here never end");
        if (csv->field.length > FIELD_BYTES_MAX) return fail_at(csv, status, "this field is too long");
        char c = *csv->at;
        if (c == '"') {
            csv->at++;
            if (csv->at == csv->end || *csv->at != '"') return true;
        }
        text_append_bytes(&csv->field, &c, 1);
        if (c == '\n') {
            csv->at++;
            next_line(csv);
            csv->at--;
        }
    }
}

/* Reads one field and what ends it, a comma or the end of the line. */
static bool read_field(Csv *csv, Status *status) {
    text_clear(&csv->field);
    csv->field_line = csv->line;
    csv->field_column = (size_t)(csv->at - csv->line_start) + 1;
    csv->quoted = false;
    csv->last = false;
    if (csv->at < csv->end && *csv->at == '"' && !read_quoted(csv, status)) return false;
    const char *start = csv->at;
    while (csv->at < csv->end && *csv->at != ',' && *csv->at != '\n' && *csv->at != '\r') csv->at++;
    if (csv->quoted && csv->at != start)
        return fail_at(csv, status, "there is more after the closing quotes");
    if ((size_t)(csv->at - start) > FIELD_BYTES_MAX) return fail_at(csv, status, "this field is too long");
    text_append_bytes(&csv->field, start, (size_t)(csv->at - start));
    if (memchr(csv->field.bytes, '\0', csv->field.length))
        return fail_at(csv, status, "there is a zero byte; this is not a text file");
    if (csv->at < csv->end && *csv->at == ',') {
        csv->at++;
        return true;
    }
    csv->last = true;
    return take_end(csv) || fail_at(csv, status, "there is a carriage return inside of a line");
}

/* Passes over empty lines; false at the end of the file. */
static bool at_row(Csv *csv) {
    while (csv->at < csv->end && (*csv->at == '\n' || *csv->at == '\r')) {
        const char *before = csv->at;
        if (!take_end(csv) || csv->at == before) break;
    }
    return csv->at < csv->end;
}

/* What a field says, without the spaces around. */
static char *trimmed(Csv *csv) {
    char *text = csv->field.bytes + strspn(csv->field.bytes, " \t");
    if (csv->quoted) return csv->field.bytes;
    for (size_t n = strlen(text); n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'); n--)
        text[n - 1] = '\0';
    return text;
}

/* The header. */

typedef struct Header {
    DatasetName *names;
    int n, answer;
} Header;

static bool read_header(Csv *csv, Header *header, Status *status) {
    int room = 0;
    csv->field_line = csv->field_column = 1;
    if (!at_row(csv))
        return fail_at(csv, status, "the file is empty; its first line should name the columns");
    do {
        if (!read_field(csv, status)) return false;
        if (header->n == COLUMNS_MAX) return fail_at(csv, status, "there are too many columns");
        if (header->n == room) {
            room = room ? 2 * room : 16;
            DatasetName *names = realloc(header->names, (size_t)room * sizeof *names);
            if (!names) return status_fail(status, STATUS_FAILED, "%s: out of memory", csv->name);
            header->names = names;
        }
        const char *name = trimmed(csv);
        if (!*name) return fail_at(csv, status, "a column has no name");
        dataset_name(&header->names[header->n++], name, strlen(name));
    } while (!csv->last);
    return header->n >= 2 ||
           fail_at(csv, status, "there is only one column; an example has an input and an answer");
}

/* Which column is the answer. */
static bool find_answer(const Csv *csv, Header *header, const char *wanted, Status *status) {
    header->answer = header->n - 1;
    if (!wanted) return true;
    DatasetName name;
    dataset_name(&name, wanted, strlen(wanted));
    for (int i = 0; i < header->n; i++) {
        header->answer = i;
        if (strcmp(header->names[i].text, name.text) == 0) return true;
    }
    enum { SHOWN = 40 };
    const char *shown[SHOWN];
    int n = header->n < SHOWN ? header->n : SHOWN;
    for (int i = 0; i < n; i++) shown[i] = header->names[i].text;
    names_fail(status, "there is no column", name.text, "There are", NAMES_OF(shown, n),
        n < header->n ? " and others" : NULL);
    return status_prefix(status, "%.100s", csv->name);
}

/* Rows. */

typedef struct Table {
    Dataset *dataset;
    size_t room;
    DatasetName *found; /* classes in the order in which they were seen */
    int n_found, last_found;
    bool regression;
} Table;

static bool is_missing(const char *text) {
    static const char *const words[] = {
        "", "?", "NA", "N/A", "na", "nan", "NaN", "NAN", "null", "NULL", "None"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(text, words[i]) == 0) return true;
    return false;
}

static bool read_number(const Csv *csv, const char *text, const char *column, float *number, Status *status) {
    char problem[256];
    double value;
    if (is_missing(text)) {
        snprintf(problem, sizeof problem, "the value of '%s' is missing", column);
        return fail_at(csv, status, problem);
    }
    if (!text_parse_number(text, &value)) {
        snprintf(problem, sizeof problem, "'%.40s' in column '%s' is not a number", text, column);
        return fail_at(csv, status, problem);
    }
    *number = (float)value;
    if (*number - *number == 0) return true;
    snprintf(problem, sizeof problem, "%.40s in column '%s' is too large", text, column);
    return fail_at(csv, status, problem);
}

/* Which class a text is; rows of one class often follow each other. */
static bool read_class(const Csv *csv, Table *table, const char *text, int32_t *label, Status *status) {
    DatasetName name;
    if (is_missing(text)) return fail_at(csv, status, "the class is missing");
    dataset_name(&name, text, strlen(text));
    for (int k = 0; k < table->n_found; k++) {
        int i = (table->last_found + k) % table->n_found;
        if (strcmp(table->found[i].text, name.text) != 0) continue;
        table->last_found = *label = i;
        return true;
    }
    if (table->n_found == DATASET_CLASSES_MAX)
        return fail_at(csv, status,
            "there are more than 1000 classes; if this column is a number to predict, say target=NAME");
    table->last_found = *label = table->n_found;
    table->found[table->n_found++] = name;
    return true;
}

static bool make_room(Table *table, Status *status) {
    if (table->dataset->n < table->room) return true;
    size_t n = table->dataset->n, larger = table->room ? 2 * table->room : 64;
    if (!dataset_resize(table->dataset, larger, status)) return false;
    table->dataset->n = n;
    table->room = larger;
    return true;
}

static bool fail_ragged(const Csv *csv, int n, const Header *header, Status *status) {
    char problem[128];
    snprintf(problem, sizeof problem, "this row has %s than the %d columns of the header",
        n < header->n ? "fewer fields" : "more fields", header->n);
    return fail_at(csv, status, problem);
}

static bool read_row(Csv *csv, const Header *header, Table *table, Status *status) {
    if (!make_room(table, status)) return status_prefix(status, "%.100s", csv->name);
    Dataset *dataset = table->dataset;
    size_t row = dataset->n;
    float *input = dataset->inputs + row * (size_t)dataset->n_in;
    for (int i = 0; i < header->n; i++) {
        if (!read_field(csv, status)) return false;
        if (csv->last != (i == header->n - 1))
            return fail_ragged(csv, csv->last ? i + 1 : header->n + 1, header, status);
        const char *text = trimmed(csv), *column = header->names[i].text;
        bool good;
        if (i != header->answer)
            good = read_number(csv, text, column, input++, status);
        else if (table->regression)
            good = read_number(csv, text, column, &dataset->targets[row], status);
        else
            good = read_class(csv, table, text, &dataset->labels[row], status);
        if (!good) return false;
    }
    dataset->n++;
    return true;
}

/* Classes. */

static int compare_texts(const void *a, const void *b) {
    const DatasetName *x = a, *y = b;
    return strcmp(x->text, y->text);
}

static int compare_numbers(const void *a, const void *b) {
    const DatasetName *x = a, *y = b;
    double p = 0, q = 0;
    text_parse_number(x->text, &p);
    text_parse_number(y->text, &q);
    return p < q ? -1 : p > q ? 1 : strcmp(x->text, y->text);
}

/* Labels by the order of the classes rather than of the rows. */
static bool sort_classes(const Csv *csv, Table *table, Status *status) {
    Dataset *dataset = table->dataset;
    int n = table->n_found;
    bool numbers = true;
    double ignored;
    if (n < 2) return status_fail(status, STATUS_BAD_INPUT, "%.100s: all rows are of one class", csv->name);
    DatasetName *sorted = malloc((size_t)n * sizeof *sorted);
    int *place = malloc((size_t)n * sizeof *place);
    bool good = sorted && place;
    if (good) {
        memcpy(sorted, table->found, (size_t)n * sizeof *sorted);
        for (int i = 0; i < n; i++) numbers = numbers && text_parse_number(sorted[i].text, &ignored);
        qsort(sorted, (size_t)n, sizeof *sorted, numbers ? compare_numbers : compare_texts);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                if (strcmp(table->found[i].text, sorted[j].text) == 0) place[i] = j;
        for (size_t i = 0; i < dataset->n; i++) dataset->labels[i] = place[dataset->labels[i]];
        free(dataset->classes);
        dataset->classes = sorted;
        dataset->n_out = n;
    } else {
        status_fail(status, STATUS_FAILED, "%s: out of memory", csv->name);
        free(sorted);
    }
    free(place);
    return good;
}

static bool create_table(Table *table, const Header *header, Status *status) {
    Dataset *dataset = dataset_create(0, header->n - 1, 1, table->regression, status);
    if (!dataset) return false;
    table->dataset = dataset;
    table->found = malloc(DATASET_CLASSES_MAX * sizeof *table->found);
    dataset->features = malloc((size_t)dataset->n_in * sizeof *dataset->features);
    if (!table->found || !dataset->features) return status_fail(status, STATUS_FAILED, "out of memory");
    for (int i = 0, j = 0; i < header->n; i++)
        if (i != header->answer) dataset->features[j++] = header->names[i];
    dataset->classes[0] = header->names[header->answer];
    return true;
}

Dataset *csv_read(const char *bytes, size_t size, const char *name, const CsvSpec *spec, Status *status) {
    static const char mark[] = "\xef\xbb\xbf"; /* of UTF-8, that some programs write first */
    bool marked = size >= 3 && memcmp(bytes, mark, 3) == 0;
    const char *start = bytes ? bytes + (marked ? 3 : 0) : "";
    Csv csv = {
        .name = name, .at = start, .end = bytes ? bytes + size : start, .line_start = start, .line = 1};
    Header header = {0};
    Table table = {.regression = spec->regression};
    bool good = read_header(&csv, &header, status) && find_answer(&csv, &header, spec->answer, status) &&
                create_table(&table, &header, status);
    while (good && at_row(&csv)) good = read_row(&csv, &header, &table, status);
    if (good && table.dataset->n == 0)
        good = status_fail(status, STATUS_BAD_INPUT, "%.100s: there is a header and no row", name);
    if (good && !table.regression) good = sort_classes(&csv, &table, status);
    text_finish(&csv.field);
    free(header.names);
    free(table.found);
    if (good) return table.dataset;
    dataset_destroy(table.dataset);
    return NULL;
}
