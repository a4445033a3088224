/* Feeds every file of the folders that are named to a fuzz target, for builds without a fuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path) {
    FILE *file = fopen(path, "rb");
    size_t size = 0, capacity = 1 << 21;
    uint8_t *bytes = malloc(capacity);
    if (!file || !bytes) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(1);
    }
    size = fread(bytes, 1, capacity, file);
    fclose(file);
    LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
    return 1;
}

static int replay_folder(const char *folder) {
    DIR *entries = opendir(folder);
    int files = 0;
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        char path[4096];
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        files += replay_file(path);
    }
    if (entries) closedir(entries);
    return files;
}

int main(int argc, char **argv) {
    int files = 0;
    for (int i = 1; i < argc; i++) files += replay_folder(argv[i]);
    printf("%d files\n", files);
    return files > 0 ? 0 : 1;
}
