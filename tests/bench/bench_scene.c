/* How long a shipped scene takes to be read, which must be under 20 ms, and files that are refused. */
#include "lesson.h"
#include "scene_file.h"
#include "shipped.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { ROUNDS = 15 };

static double now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

static int compare(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values) {
    qsort(values, ROUNDS, sizeof *values, compare);
    return values[ROUNDS / 2];
}

/* Of a text that is taken or refused. */
static double time_text(const char *text, size_t length) {
    double times[ROUNDS];
    for (int r = 0; r < ROUNDS; r++) {
        Scene scene;
        Status status = status_ok();
        const double begin = now_ms();
        if (scene_read_text(&scene, "text", NULL, text, length, &status)) scene_finish(&scene);
        times[r] = now_ms() - begin;
    }
    return median(times);
}

static void time_shipped(void) {
    double worst = 0;
    const char *slowest = "";
    for (int i = 0; i < shipped_count(); i++) {
        size_t length;
        const char *text = shipped_text(i, &length);
        const double taken = time_text(text, length);
        if (taken > worst) {
            worst = taken;
            slowest = shipped_name(i);
        }
    }
    printf("%d shipped scenes; the slowest, %s, takes %.2f ms\n", shipped_count(), slowest, worst);
}

static void time_many(const char *what, const char *begin, const char *many, int n) {
    Text text = {0};
    text_append(&text, "%s", begin);
    for (int i = 0; i < n; i++) text_append(&text, "%s", many);
    printf("%-16s %8zu bytes %8.2f ms\n", what, text.length, time_text(text_string(&text), text.length));
    text_finish(&text);
}

int main(void) {
    time_shipped();
    time_many("nested lists", "title: ", "[", 10000);
    time_many("nested blocks", "", "- ", 10000);
    time_many("aliases", "a: &a [x, x]\nb: &b [*a, *a]\nc: [", "*b,", 1000);
    time_many("a long list", "title: [", "a,", 200000);
    time_many("a long text", "title: ", "aaaaaaaaaaaaaaaa", 65000);
    time_many("100 MB", "title: ", "aaaaaaaaaaaaaaaa", 6250000);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%.0f MB at most, 100 MB of them the largest text itself\n", 1024e-6 * (double)usage.ru_maxrss);
    return 0;
}
