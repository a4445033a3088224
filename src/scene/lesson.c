/* Lessons as they are kept, and their steps put on top of a scene. Reading them is left to scene_file. */
#include "lesson.h"

#include <stdlib.h>

Lesson *lesson_create(void) {
    Lesson *lesson = calloc(1, sizeof *lesson);
    if (!lesson) return NULL;
    lesson->references = 1;
    lesson->seeds = LESSON_SEEDS_USUAL;
    return lesson;
}

Lesson *lesson_share(Lesson *lesson) {
    if (lesson) lesson->references++;
    return lesson;
}

static void finish_step(LessonStep *step) {
    for (int i = 0; i < step->n_changes; i++) free(step->changes[i].text);
    free(step->changes);
    free(step->name);
    free(step->say);
    free(step->point);
}

void lesson_release(Lesson *lesson) {
    if (!lesson || --lesson->references > 0) return;
    for (int i = 0; i < lesson->n_steps; i++) finish_step(&lesson->steps[i]);
    for (int i = 0; i < lesson->n_expectations; i++) free(lesson->expectations[i].text);
    free(lesson->steps);
    free(lesson->expectations);
    free(lesson->topic);
    free(lesson->question);
    free(lesson->explanation);
    free(lesson->reference);
    free(lesson);
}

bool scene_change(Scene *scene, const SceneChange *changes, int n, Status *status) {
    Scene changed = scene_copy(scene);
    SceneDraft draft = scene_draft(&changed, scene->network.folder);
    bool good = true;
    for (int i = 0; i < n && good; i++)
        good = scene_draft_read(&draft, changes[i].key, changes[i].text, status) ||
               status_prefix(status, "%s", changes[i].key->name);
    if (good) {
        good = scene_draft_settle(&draft, status);
        if (!good && draft.culprit) status_prefix(status, "%s", draft.culprit->name);
    } else {
        scene_draft_abandon(&draft);
    }
    if (!good) {
        scene_finish(&changed);
        return false;
    }
    scene_finish(scene);
    *scene = changed;
    return true;
}

bool scene_at_step(const Scene *scene, int step, Scene *out, Status *status) {
    const Lesson *lesson = scene->lesson;
    *out = scene_copy(scene);
    for (int i = 0; lesson && i <= step && i < lesson->n_steps; i++) {
        const LessonStep *one = &lesson->steps[i];
        if (scene_change(out, one->changes, one->n_changes, status)) continue;
        scene_finish(out);
        return status_prefix(status, "step %d of the lesson", i + 1);
    }
    return true;
}
