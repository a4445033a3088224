/* A network, its data and how it is trained, from the words of a command line. */
#ifndef SLALOM_NETWORK_SCENE_H
#define SLALOM_NETWORK_SCENE_H

#include "status.h"
#include "training.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct NetworkScene {
    MlpSpec mlp; /* n_layers is 0 where no network was asked for; loss is NULL until the data decide */
    InitSpec init;
    char *data; /* owned; NULL: none was given */
    SamplerSpec sampling;
    double epochs;
    int64_t steps; /* 0: by epochs */
    int64_t every; /* 0: an epoch */
    StopKind stop;
    int patience;
} NetworkScene;

NetworkScene network_scene_default(void);
void network_scene_finish(NetworkScene *scene);
NetworkScene network_scene_copy(const NetworkScene *scene);

/* Something that can be said of a network: one row each. */
typedef struct NetworkKey {
    const char *name;  /* --name on the command line */
    const char *value; /* what follows it */
    bool (*read)(NetworkScene *scene, const char *text, Status *status);
    const char *help;
} NetworkKey;
extern const NetworkKey network_keys[];
extern const int network_key_count;

/* Whether anything was said of a network. */
bool network_scene_is_on(const NetworkScene *scene);

/* Reads N or `full`, examples in a minibatch. */
bool network_scene_set_batch(NetworkScene *scene, const char *text, Status *status);

/* The data, and the training of racers on them; seed: of everything random. On failure neither is there. */
Training *network_scene_open(const NetworkScene *scene, const RacerSpec *racers, int n_racers, uint64_t seed,
    Pool *pool, Data *data, Status *status);

/* "784-256-10", from the sizes. */
void network_scene_sizes(const NetworkScene *scene, char *out, size_t out_size);

#endif
