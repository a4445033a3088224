/* What an expectation can measure of a racer: the columns of races and trainings, and the quantities that
 * only lessons ask for, which are a table here. */
#ifndef SLALOM_CHECK_QUANTITY_H
#define SLALOM_CHECK_QUANTITY_H

#include "columns.h"
#include "scene.h"
#include "training_columns.h"

#include <stdbool.h>

/* What a scene races on, as bits: a quantity says where it means something. */
typedef enum Subject {
    SUBJECT_PLANE = 1,   /* a surface */
    SUBJECT_FIELD = 2,   /* many dimensions */
    SUBJECT_NETWORK = 4, /* a network in training */
} Subject;
Subject subject_of(const Scene *scene);

/* A racer of a race that is done, at a row of its trace. */
typedef struct RaceMoment {
    const Race *race;
    int racer;
    int64_t row;
    Surface *surface; /* one of both */
    Field *field;
    uint64_t seed;
    double argument;
} RaceMoment;

/* A racer of a training, at the report that there is now. */
typedef struct TrainingMoment {
    Training *training;
    const Data *data;
    int racer;
    int layer; /* from 0 */
    uint64_t seed;
    double argument;
} TrainingMoment;

/* A quantity that is no column. */
typedef struct LessonQuantity {
    const char *name;
    const char
        *argument; /* what stands behind a comma after the step: gradient_spread(0, 32); NULL: nothing */
    const char *meaning;
    bool of_layer; /* asked as layer(2).NAME */
    bool costly;   /* measured at one step only, which must be a number or `end` */
    double (*of_race)(const RaceMoment *moment);         /* NULL: none */
    Subject subjects;                                    /* where of_race means something */
    double (*of_training)(const TrainingMoment *moment); /* NULL: none */
} LessonQuantity;
extern const LessonQuantity lesson_quantities[];
extern const int lesson_quantity_count;

/* One of a row of those tables: the others are NULL. */
typedef struct CheckQuantity {
    const Column *column;
    const TrainingColumn *training_column;
    const LayerColumn *layer_column;
    const LessonQuantity *lesson;
} CheckQuantity;

/* By name, for a subject; of a layer or not. Fails with the nearest name and all that there are. */
bool quantity_read(CheckQuantity *quantity, const char *name, Subject subject, bool of_layer, Status *status);

bool quantity_is_same(const CheckQuantity *a, const CheckQuantity *b);
/* The word that a number of the quantity is called; NULL where it is just a number, or no such. */
const char *quantity_word(const CheckQuantity *quantity, int number);

/* Shows `visit` what there is for a subject: how it is written, and what it means. */
typedef void QuantityVisit(void *context, const char *call, const char *meaning);
void quantities_visit(Subject subject, bool of_layer, QuantityVisit *visit, void *context);

#endif
