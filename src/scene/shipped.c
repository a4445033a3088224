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

/* Whether digits, zeros before them or not, are this number. */
static bool is_number(const char *digits, size_t length, const char *number) {
    while (length > 1 && *digits == '0') digits++, length--;
    return strlen(number) == length && memcmp(digits, number, length) == 0;
}

static bool is_called(const char *file, const char *name) {
    const char *dash = strchr(file, '-');
    const size_t length = strlen(name), stem = strcspn(file, "."), digits = dash ? (size_t)(dash - file) : 0;
    return strcmp(file, name) == 0 || (length == stem && memcmp(file, name, stem) == 0) ||
           (dash && length == stem - digits - 1 && memcmp(dash + 1, name, length) == 0) ||
           (dash && is_number(file, digits, name));
}

int shipped_find(const char *name) {
    for (int i = 0; embedded_scenes[i].bytes; i++)
        if (is_called(embedded_scenes[i].name, name)) return i;
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
