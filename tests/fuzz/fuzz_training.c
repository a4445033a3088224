/* Any bytes as the file of a training, with and without its frame put right: refused with a message that
 * names the file, or gone on with; then the training can be trained and kept again. */
#include "bytes.h"
#include "network_scene.h"
#include "racer_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike an assertion, in every build. */
static void require(bool holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

static Training *create(Data *data, NetworkScene *scene) {
    static const char *const racers[] = {"adam:lr=0.01,ema=0.5", "prodigy", "sophia"};
    RacerSpec specs[3];
    OwnOptimizer *own;
    Status status = status_ok();
    *scene = network_scene_default();
    scene->data = strdup("xor:n=12,validation=0.3,test=0");
    scene->sampling.kind = SAMPLING_HARDEST;
    scene->sampling.batch = 2;
    scene->epochs = 3;
    scene->stop = STOP_LOSS;
    for (int i = 0; i < 3; i++) require(racer_read(racers[i], &specs[i], &own, &status), "racers are good");
    require(mlp_sizes_read(&scene->mlp, "2-2-2", &status), "sizes are good");
    Training *training = network_scene_open(scene, specs, 3, 1, NULL, data, &status);
    require(training, "a training");
    return training;
}

static void try_file(const char *path, const uint8_t *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    require(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0, "a file");
    Data data;
    NetworkScene scene;
    Training *training = create(&data, &scene);
    Status status = status_ok();
    if (training_resume(training, path, &status)) {
        while (training_advance(training) == TRAINING_REPORTED) {
        }
        require(training_save(training, path, &status), "it can be kept again");
    } else {
        require(status.code == STATUS_BAD_INPUT && strncmp(status.message, path, strlen(path)) == 0,
            "a failure names the file");
    }
    training_destroy(training);
    data_finish(&data);
    network_scene_finish(&scene);
}

/* The numbers of a real file, overwritten by the input from a place that it says, with the checksum made
 * right. */
static void try_numbers(const char *path, const uint8_t *input, size_t size) {
    Data data;
    NetworkScene scene;
    Bytes bytes;
    Status status = status_ok();
    Training *training = create(&data, &scene);
    for (int i = 0; i < 2; i++) training_advance(training);
    require(training_save(training, path, &status) && bytes_load(&bytes, path, &status), "a file of its own");
    training_destroy(training);
    data_finish(&data);
    network_scene_finish(&scene);
    const size_t kept = bytes.size - sizeof(uint32_t);
    const size_t at = 32 + (input[0] | (size_t)input[1] << 8) % (kept - 32);
    for (size_t i = 2; i < size && at + i - 2 < kept; i++) bytes.data[at + i - 2] = input[i];
    const uint32_t checksum = (uint32_t)crc32(crc32(0, NULL, 0), bytes.data, (uInt)kept);
    memcpy(bytes.data + kept, &checksum, sizeof checksum);
    try_file(path, bytes.data, bytes.size);
    bytes_finish(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "fuzz_training_%ld", (long)getpid());
    try_file(path, data, size);
    if (size > 2) try_numbers(path, data, size);
    unlink(path);
    return 0;
}
