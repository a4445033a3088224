/* Scenes inside the program. */
#include "shipped.h"

#include "embedded_scenes.h"
#include "scene_file.h"

#include <string.h>

int shipped_count(void) {
    int n = 0;
    while (embedded_scenes[n].bytes) n++;
    return n;
}

const char *shipped_name(int i) {
    return embedded_scenes[i].name;
}

int shipped_find(const char *name) {
    for (int i = 0; embedded_scenes[i].bytes; i++)
        if (strcmp(embedded_scenes[i].name, name) == 0) return i;
    return -1;
}

const char *shipped_text(int i, size_t *size) {
    *size = embedded_scenes[i].size;
    return (const char *)embedded_scenes[i].bytes;
}

bool shipped_read(int i, Scene *scene, Status *status) {
    size_t size;
    const char *text = shipped_text(i, &size);
    return scene_read_text(scene, shipped_name(i), NULL, text, size, status);
}
