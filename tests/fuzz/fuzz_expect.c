/* Any text as an expectation: refused with a message that names the place, or read; then what was recorded is
 * held against it, its opposite can be read as well and is never true where it is. */
#include "claims.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike an assertion, in every build. */
static void require(bool holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

enum { ACTS = 3, SEEDS = 2 };

static void set_scenes(Scene *scenes, Act *acts) {
    static const char *const names[ACTS] = {"", "later", "net"};
    Status status = status_ok();
    for (int i = 0; i < ACTS; i++) {
        scenes[i] = scene_default();
        scenes[i].steps = 3;
        acts[i] = (Act){names[i], &scenes[i]};
    }
    scene_clear_racers(&scenes[0]);
    require(scene_add_racer(&scenes[0], "sgd:lr=0.1,noise=1,label=a b", &status), "a racer");
    require(scene_add_racer(&scenes[0], "adam", &status), "a racer");
    scenes[2].network.data = strdup("xor:n=12,validation=0.3,test=0");
    scenes[2].network.epochs = 2;
    require(mlp_sizes_read(&scenes[2].network.mlp, "2-2-2", &status), "sizes");
}

static void hold(Claims *claims, int claim) {
    int opposites[2];
    Status status = status_ok();
    claims_add_opposites(claims, claim, opposites, &status);
    if (!claims_run(claims, 1, SEEDS, NULL, &status)) return; /* a scene may not be what it is asked for */
    for (int i = 0; i < SEEDS; i++) {
        const double value = claims_value(claims, claim, i);
        require(isnan(value) || value == 0 || value == 1, "a claim is true, false or not known");
        Text told = {0};
        claims_measured(claims, claim, i, &told);
        text_finish(&told);
        if (opposites[0] < 0) continue; /* longer or deeper than may be */
        const double opposite = claims_value(claims, opposites[0], i);
        require(isnan(value) ? isnan(opposite) : opposite == 1 - value, "the opposite is the opposite");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Scene scenes[ACTS];
    Act acts[ACTS];
    Status status = status_ok();
    char *text = malloc(size + 1);
    require(text != NULL, "memory");
    memcpy(text, data, size);
    text[size] = '\0';
    set_scenes(scenes, acts);
    Claims *claims = claims_create(acts, ACTS);
    int claim = claims_add(claims, text, false, &status);
    if (claim < 0)
        require(status.code == STATUS_BAD_INPUT && strncmp(status.message, "expectation", 11) == 0,
            "a failure says where");
    else
        hold(claims, claim);
    claims_destroy(claims);
    for (int i = 0; i < ACTS; i++) scene_finish(&scenes[i]);
    free(text);
    return 0;
}
