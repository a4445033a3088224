/* Any bytes as a scene file: refused with a message that names the file, or a scene that is written down,
 * read again and written as the same bytes. */
#include "lesson.h"
#include "scene_file.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike an assertion, in every build. */
static void require(bool holds, const char *what, const char *text) {
    if (holds) return;
    fprintf(stderr, "not so: %s\n%s\n", what, text);
    abort();
}

static void write_and_read(const Scene *scene) {
    Text file = {0}, again = {0};
    Scene back;
    Status status = status_ok();
    scene_write_file(scene, &file);
    if (!scene_read_text(&back, "kept", NULL, text_string(&file), file.length, &status)) {
        fprintf(stderr, "%s\n", status.message);
        require(false, "what is written can be read", text_string(&file));
    }
    scene_write_file(&back, &again);
    if (strcmp(text_string(&file), text_string(&again)) != 0) fprintf(stderr, "%s\n", text_string(&again));
    require(strcmp(text_string(&file), text_string(&again)) == 0, "it is the same again", text_string(&file));
    scene_finish(&back);
    text_finish(&file);
    text_finish(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Scene scene, after;
    Status status = status_ok();
    if (!scene_read_text(&scene, "scene.yaml", NULL, (const char *)data, size, &status)) {
        require(status.code == STATUS_BAD_INPUT && strncmp(status.message, "scene.yaml:", 11) == 0,
            "a failure names the file", status.message);
        return 0;
    }
    write_and_read(&scene);
    for (int i = 0; scene.lesson && i < scene.lesson->n_steps; i++) {
        require(scene_at_step(&scene, i, &after, &status), "steps can be taken", status.message);
        scene_finish(&after);
    }
    scene_finish(&scene);
    return 0;
}
