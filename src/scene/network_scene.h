/* A network, its data and how it is trained, from the words of a command line. */
#ifndef SLALOM_NETWORK_SCENE_H
#define SLALOM_NETWORK_SCENE_H

#include "seed_runs.h"
#include "status.h"
#include "text.h"
#include "training.h"

#include <stdbool.h>
#include <stdint.h>

enum { NETWORK_PATIENCE_USUAL = 5 };

typedef struct NetworkScene {
    MlpSpec mlp; /* n_layers is 0 where no network was asked for; loss is NULL until the data decide */
    InitSpec init;
    char *data;        /* owned; NULL: none was given */
    char *folder;      /* owned: the files that the data name are in it (data_open_in); NULL: anywhere */
    HandPoints points; /* by hand, in the data */
    SamplerSpec sampling;
    double epochs;
    int64_t steps; /* 0: by epochs */
    int64_t every; /* 0: an epoch */
    StopKind stop;
    int patience;
    int seeds; /* it is trained with so many, from 1 to SEEDS_MAX: the scene's and those after it, on one set
                  of data */
} NetworkScene;

NetworkScene network_scene_default(void);
void network_scene_finish(NetworkScene *scene);
NetworkScene network_scene_copy(const NetworkScene *scene);

/* How long it trains where nothing is said of that: by its data. */
double network_scene_usual_epochs(const NetworkScene *scene);

/* Whether anything was said of a network. */
bool network_scene_is_on(const NetworkScene *scene);

/* Whatever was said of one, there is none; how another one would train stays. */
void network_scene_turn_off(NetworkScene *scene);

/* What is minimised where nothing is said: one output can tell two classes apart. n_classes: 0 for numbers.
 */
const Loss *network_scene_usual_loss(const MlpSpec *spec, int n_classes);

/* Reads N or `full`, examples in a minibatch. */
bool network_scene_set_batch(NetworkScene *scene, const char *text, Status *status);
/* Appends such a text; false where it is the usual number. */
bool network_scene_write_batch(const NetworkScene *scene, Text *out);

/* The data, and the training of racers on them; seed: of everything random. On failure neither is there. */
Training *network_scene_open(const NetworkScene *scene, const RacerSpec *racers, int n_racers, uint64_t seed,
    Pool *pool, Data *data, Status *status);

/* The same on data that are open already. */
Training *network_scene_train(const NetworkScene *scene, const RacerSpec *racers, int n_racers, uint64_t seed,
    Pool *pool, const Data *data, Status *status);

/* What such a training is; the racers, and the scene's text of the data, are borrowed. The scene has a
 * network and data. */
TrainingSpec network_scene_training(
    const NetworkScene *scene, const RacerSpec *racers, int n_racers, uint64_t seed, const Data *data);

/* "784-256-10", from the sizes. */
void network_scene_sizes(const NetworkScene *scene, char *out, size_t out_size);

#endif
