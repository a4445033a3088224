/* A list of points, its text, and what it does to data. How points are drawn is left to the views. */
#include "hand_points.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void hand_points_finish(HandPoints *points) {
    free(points->items);
    *points = (HandPoints){0};
}

bool hand_points_copy(HandPoints *to, const HandPoints *from) {
    *to = (HandPoints){0};
    if (from->n == 0) return true;
    to->items = malloc((size_t)from->n * sizeof *to->items);
    if (!to->items) return false;
    memcpy(to->items, from->items, (size_t)from->n * sizeof *to->items);
    to->n = to->room = from->n;
    return true;
}

static bool is_same(const HandPoint *a, const HandPoint *b) {
    return a->example == b->example && a->label == b->label && a->x == b->x && a->y == b->y;
}

bool hand_points_is_same(const HandPoints *a, const HandPoints *b) {
    bool same = a->n == b->n;
    for (int i = 0; same && i < a->n; i++) same = is_same(&a->items[i], &b->items[i]);
    return same;
}

/* Fowler, Noll & Vo's 1a. */
static uint64_t hash(uint64_t sum, const void *bytes, size_t n) {
    for (const unsigned char *at = bytes; n > 0; at++, n--) sum = (sum ^ *at) * UINT64_C(0x100000001b3);
    return sum;
}

uint64_t hand_points_fingerprint(const HandPoints *points) {
    uint64_t sum = points->n > 0 ? UINT64_C(0xcbf29ce484222325) : 0;
    for (int i = 0; i < points->n; i++) {
        const HandPoint *point = &points->items[i];
        const double numbers[] = {point->example, point->label, point->x, point->y};
        sum = hash(sum, numbers, sizeof numbers);
    }
    return sum;
}

/* Changing the list. */

static int find_example(const HandPoints *points, int example) {
    for (int i = 0; example > 0 && i < points->n; i++)
        if (points->items[i].example == example) return i;
    return -1;
}

bool hand_points_put(HandPoints *points, HandPoint point) {
    int at = find_example(points, point.example);
    if (at >= 0) {
        points->items[at] = point;
        return true;
    }
    if (points->n == HAND_POINTS_MAX) return false;
    if (points->n == points->room) {
        int room = points->room ? 2 * points->room : 16;
        HandPoint *items = realloc(points->items, (size_t)room * sizeof *items);
        if (!items) return false;
        points->items = items;
        points->room = room;
    }
    points->items[points->n++] = point;
    return true;
}

void hand_points_remove(HandPoints *points, int i) {
    assert(i >= 0 && i < points->n);
    points->n--;
    memmove(points->items + i, points->items + i + 1, (size_t)(points->n - i) * sizeof *points->items);
}

void hand_points_forget_examples(HandPoints *points) {
    int n = 0;
    for (int i = 0; i < points->n; i++)
        if (points->items[i].example == 0) points->items[n++] = points->items[i];
    points->n = n;
}

/* Text. */

static const char form[] =
    "a point is X,Y,CLASS or, of a curve, X,Y; EXAMPLE=CLASS or EXAMPLE=none changes one";

/* Reads one, of which there may be changes. */
static bool read_point(HandPoint *point, char *text) {
    long long whole;
    char *equals = strchr(text, '='), *last;
    *point = (HandPoint){.label = HAND_NO_CLASS};
    if (equals) {
        *equals = '\0';
        if (!text_parse_integer(text, 1, INT32_MAX, &whole)) return false;
        point->example = (int)whole;
        if (strcmp(equals + 1, "none") == 0) return true;
        if (!text_parse_integer(equals + 1, 0, DATASET_CLASSES_MAX - 1, &whole)) return false;
        point->label = (int)whole;
        return true;
    }
    char *comma = strchr(text, ',');
    last = comma ? strchr(comma + 1, ',') : NULL;
    if (last) {
        *last = '\0';
        last += 1 + strspn(last + 1, " ");
        if (!text_parse_integer(last, 0, DATASET_CLASSES_MAX - 1, &whole)) return false;
        point->label = (int)whole;
    }
    double place[2];
    if (!text_parse_numbers(text, place, 2)) return false;
    point->x = place[0];
    point->y = place[1];
    return fabs(point->x) <= HAND_PLACE_MAX && fabs(point->y) <= HAND_PLACE_MAX;
}

static bool read_all(HandPoints *points, const char *text, Status *status) {
    enum { POINT_BYTES = 120 };
    for (int number = 1; *text; number++) {
        char one[POINT_BYTES], changed[POINT_BYTES];
        text += strspn(text, " \n\t");
        size_t length = strcspn(text, ";"), end = length;
        while (end > 0 && isspace((unsigned char)text[end - 1])) end--;
        snprintf(one, sizeof one, "%.*s", (int)(end < sizeof one ? end : sizeof one - 1), text);
        memcpy(changed, one, sizeof one);
        text += length + (text[length] == ';');
        if (end == 0 && !*text && number > 1) break; /* behind the last one */
        HandPoint point;
        if (end >= sizeof one || !read_point(&point, changed))
            return status_fail(status, STATUS_BAD_INPUT, "point %d is '%.60s'; %s", number, one, form);
        if (find_example(points, point.example) >= 0)
            return status_fail(status, STATUS_BAD_INPUT, "example %d is changed twice", point.example);
        if (points->n == HAND_POINTS_MAX)
            return status_fail(status, STATUS_BAD_INPUT, "there can be %d points by hand", HAND_POINTS_MAX);
        if (!hand_points_put(points, point)) return status_fail(status, STATUS_FAILED, "out of memory");
    }
    return true;
}

bool hand_points_read(HandPoints *points, const char *text, Status *status) {
    HandPoints read = {0};
    bool good = read_all(&read, text, status);
    hand_points_finish(good ? points : &read);
    if (good) *points = read;
    return good;
}

void hand_points_write(const HandPoints *points, Text *out) {
    enum { IN_A_LINE = 6 };
    for (int i = 0; i < points->n; i++) {
        const HandPoint *point = &points->items[i];
        if (i > 0) text_append(out, i % IN_A_LINE ? "; " : ";\n");
        if (point->example > 0) {
            text_append(out, "%d=", point->example);
            if (point->label == HAND_NO_CLASS) text_append(out, "none");
        } else {
            char x[32], y[32];
            text_format_number(x, sizeof x, point->x);
            text_format_number(y, sizeof y, point->y);
            text_append(out, "%s,%s", x, y);
            if (point->label != HAND_NO_CLASS) text_append(out, ",");
        }
        if (point->label != HAND_NO_CLASS) text_append(out, "%d", point->label);
    }
}

/* Joining. */

static bool check(const HandPoints *points, const Dataset *dataset, size_t n_training, Status *status) {
    const bool plane = dataset->n_in == 2 && dataset->labels;
    if (!plane && !(dataset->n_in == 1 && dataset->targets && dataset->n_out == 1))
        return status_fail(status, STATUS_BAD_INPUT,
            "points by hand need data with two inputs and classes, or with one input and a number; these "
            "have "
            "%d and %s",
            dataset->n_in, dataset->labels ? "classes" : "numbers");
    for (int i = 0; i < points->n; i++) {
        const HandPoint *point = &points->items[i];
        if (point->label >= (plane ? dataset->n_out : 0))
            return plane ? status_fail(status, STATUS_BAD_INPUT, "point %d is of class %d; there are 0 to %d",
                               i + 1, point->label, dataset->n_out - 1)
                         : status_fail(
                               status, STATUS_BAD_INPUT, "point %d has a class; a curve has none", i + 1);
        if (plane && point->example == 0 && point->label == HAND_NO_CLASS)
            return status_fail(status, STATUS_BAD_INPUT, "point %d has no class: X,Y,CLASS", i + 1);
        if ((size_t)point->example > n_training)
            return status_fail(status, STATUS_BAD_INPUT, "there is no training example %d; there are %zu",
                point->example, n_training);
    }
    return true;
}

static void move_examples(Dataset *dataset, size_t from, size_t to, size_t n) {
    size_t n_in = (size_t)dataset->n_in, n_out = (size_t)dataset->n_out;
    memmove(dataset->inputs + to * n_in, dataset->inputs + from * n_in, n * n_in * sizeof(float));
    if (dataset->labels) memmove(dataset->labels + to, dataset->labels + from, n * sizeof(int32_t));
    if (dataset->targets)
        memmove(dataset->targets + to * n_out, dataset->targets + from * n_out, n * n_out * sizeof(float));
}

/* Leaves out and takes for others what was in the training part; returns how many are left. */
static size_t change_examples(const HandPoints *points, Dataset *dataset, size_t n, int32_t *origins) {
    size_t left = 0;
    for (size_t i = 0; i < n; i++) origins[i] = (int32_t)i + 1;
    for (int i = 0; i < points->n; i++) {
        const HandPoint *point = &points->items[i];
        if (point->example == 0) continue;
        if (point->label == HAND_NO_CLASS)
            origins[point->example - 1] = 0;
        else
            dataset->labels[point->example - 1] = point->label;
    }
    for (size_t i = 0; i < n; i++) {
        if (origins[i] == 0) continue;
        if (left < i) move_examples(dataset, i, left, 1);
        origins[left++] = origins[i];
    }
    return left;
}

static void place(Dataset *dataset, size_t at, const HandPoint *point, const HandScale *scale) {
    const double numbers[2] = {point->x, point->y};
    for (int j = 0; j < dataset->n_in; j++)
        dataset->inputs[at * (size_t)dataset->n_in + (size_t)j] =
            (float)((numbers[j] - scale->shift[j]) * scale->scale[j]);
    if (dataset->labels)
        dataset->labels[at] = point->label;
    else
        dataset->targets[at] = (float)point->y;
}

bool hand_points_join(const HandPoints *points, Dataset *dataset, Split *split, const HandScale *scale,
    double validation, int32_t *origins, Status *status) {
    const size_t n = split->training.n, all = dataset->n, rest = all - n;
    assert(split->training.first == 0 && validation >= 0 && validation < 1);
    if (!check(points, dataset, n, status) || !dataset_resize(dataset, all + (size_t)points->n, status))
        return false;
    size_t added = 0, kept = 0; /* all that are added, and those that are kept for validation */
    for (int i = 0; i < points->n; i++) added += points->items[i].example == 0;
    kept = (size_t)(validation * (double)added);
    const size_t left = change_examples(points, dataset, n, origins), learnt = left + added - kept;
    if (learnt == 0) return status_fail(status, STATUS_BAD_INPUT, "of %zu training examples none is left", n);
    move_examples(dataset, n, learnt + kept, rest);
    size_t to = left, to_kept = learnt, number = 0;
    for (int i = 0; i < points->n; i++) {
        if (points->items[i].example > 0) continue;
        number++;
        /* Those before it stay where they are when there are more of them. */
        const bool keeps = floor(validation * (double)number) > floor(validation * (double)(number - 1));
        const size_t at = keeps ? to_kept++ : to++;
        origins[at] = -1 - i;
        place(dataset, at, &points->items[i], scale);
    }
    assert(to == learnt && to_kept == learnt + kept);
    split->training.n = learnt;
    split->validation.first = learnt;
    split->validation.n += kept;
    split->test.first = learnt + split->validation.n;
    return dataset_resize(dataset, learnt + kept + rest, status);
}
