/* Finding a quantity by its name in the tables that there are. How each is worked out is for the tables. */
#include "quantity.h"

#include "names.h"

#include <string.h>

Subject subject_of(const Scene *scene) {
    if (network_scene_is_on(&scene->network)) return SUBJECT_NETWORK;
    return scene->dim > 0 ? SUBJECT_FIELD : SUBJECT_PLANE;
}

/* Something that can be named for a subject, and what it means. */
typedef struct Named {
    const char *name, *argument, *meaning;
    CheckQuantity quantity;
} Named;

enum { NAMED_MAX = 128 };

static int list_columns(Named *named, Subject subject) {
    int n = 0;
    const Column *column;
    for (int i = 0; (column = column_at(i)); i++) {
        if (!column_is_number(column) || (subject == SUBJECT_FIELD && column_is_of_plane(column))) continue;
        named[n++] = (Named){column_name(column), NULL, column_meaning(column), {.column = column}};
    }
    return n;
}

static int list_training(Named *named) {
    int n = 0;
    for (int i = 0; i < training_column_count; i++) {
        const TrainingColumn *column = &training_columns[i];
        if (column->number)
            named[n++] = (Named){column->name, NULL, column->meaning, {.training_column = column}};
    }
    return n;
}

static int list_layers(Named *named) {
    for (int i = 0; i < layer_column_count; i++)
        named[i] = (Named){
            layer_columns[i].name, NULL, layer_columns[i].meaning, {.layer_column = &layer_columns[i]}};
    return layer_column_count;
}

static int list_lesson(Named *named, Subject subject, bool of_layer) {
    int n = 0;
    for (int i = 0; i < lesson_quantity_count; i++) {
        const LessonQuantity *row = &lesson_quantities[i];
        bool means = subject == SUBJECT_NETWORK ? row->of_training != NULL : row->subjects & subject;
        if (means && row->of_layer == of_layer)
            named[n++] = (Named){row->name, row->argument, row->meaning, {.lesson = row}};
    }
    return n;
}

/* All that there are; named: (NAMED_MAX). */
static int list(Named *named, Subject subject, bool of_layer) {
    int n = of_layer                     ? list_layers(named)
            : subject == SUBJECT_NETWORK ? list_training(named)
                                         : list_columns(named, subject);
    return n + list_lesson(named + n, subject, of_layer);
}

bool quantity_read(
    CheckQuantity *quantity, const char *name, Subject subject, bool of_layer, Status *status) {
    Named named[NAMED_MAX];
    int n = list(named, subject, of_layer);
    for (int i = 0; i < n; i++) {
        if (strcmp(named[i].name, name) != 0) continue;
        *quantity = named[i].quantity;
        return true;
    }
    return names_fail(status,
        of_layer                     ? "a layer has no quantity"
        : subject == SUBJECT_NETWORK ? "of a racer that trains a network there is no quantity"
                                     : "there is no quantity",
        name, "There are", NAMES_OF(named, n), NULL);
}

bool quantity_is_same(const CheckQuantity *a, const CheckQuantity *b) {
    return a->column == b->column && a->training_column == b->training_column &&
           a->layer_column == b->layer_column && a->lesson == b->lesson;
}

const char *quantity_word(const CheckQuantity *quantity, int number) {
    if (quantity->column) return column_word(quantity->column, number);
    if (quantity->training_column && quantity->training_column->word)
        return quantity->training_column->word(number);
    return NULL;
}

void quantities_visit(Subject subject, bool of_layer, QuantityVisit *visit, void *context) {
    Named named[NAMED_MAX];
    int n = list(named, subject, of_layer);
    for (int i = 0; i < n; i++) {
        char call[64];
        snprintf(call, sizeof call, "%s%s%s%s", named[i].name, named[i].argument ? "(step, " : "",
            named[i].argument ? named[i].argument : "", named[i].argument ? ")" : "");
        visit(context, call, named[i].meaning);
    }
}
