/* Scenes as command lines: what is written is read back as the same scene, by us and by a shell. */
#include "test.h"

#include "arguments.h"
#include "scenes.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

enum { SCENES = 10000, RACED = 300, LINES_FOR_SHELL = 400 };

static Scene read_line(const char *line) {
    Status status = status_ok();
    Words words;
    Arguments arguments;
    if (!words_split(&words, line, &status) ||
        !arguments_read(&arguments, COMMAND_SCENE, words.n, words.words, &status))
        fail_msg("%s\n%s", status.message, line);
    Scene scene = scene_copy(&arguments.scene);
    arguments_finish(&arguments);
    words_finish(&words);
    return scene;
}

static void scenes_come_back(void **state) {
    (void)state;
    Rng rng = rng_seed(20);
    int scenes = is_quick() ? SCENES / 10 : SCENES, raced = scenes * RACED / SCENES;
    Text line = {0}, again = {0};
    for (int i = 0; i < scenes; i++) {
        Scene scene = make_any_scene(&rng);
        text_clear(&line);
        text_clear(&again);
        scene_write(&scene, &line);
        if (strchr(text_string(&line), '\n')) fail_msg("not one line: %s", text_string(&line));
        Scene back = read_line(text_string(&line));
        if (!same_scene(&scene, &back)) fail_msg("scene %d is another one: %s", i, text_string(&line));
        scene_write(&back, &again);
        assert_string_equal(text_string(&line), text_string(&again));
        if (i < raced && !network_scene_is_on(&scene.network))
            check_same_race(&scene, &back, text_string(&line));
        scene_finish(&scene);
        scene_finish(&back);
    }
    text_finish(&line);
    text_finish(&again);
}

/* Only what differs from the defaults is said. */
static void lines_are_short(void **state) {
    (void)state;
    static const struct {
        const char *line, *written;
    } cases[] = {
        {"slalom --surface bowl --optimizer adam:lr=0.05,beta1=0.9,style=2 --steps 200",
            "slalom --surface bowl --optimizer adam:style=2"},
        {"slalom --surface 'x^2 + y^2' --optimizer 'sgd:label=one\\, two' --theme dark --seed 1",
            "slalom --surface 'x^2 + y^2' --optimizer 'sgd:label=one\\, two'"},
        {"slalom --surface bowl --optimizer 'mine:x=x - lr*g;|lr=0.5' --view 3d --at 0",
            "slalom --surface bowl --optimizer 'mine: x=x - lr*g; | lr=0.5' --view 3d --at 0"},
        {"slalom --surface bowl --set kappa=0x", NULL},
        {"slalom --steps 5 --at 6", NULL},
        {"slalom --box 1,0,0,1", NULL},
        {"slalom --box 0,1,0", NULL},
        {"slalom --box 0,1,0,1,2", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Status status = status_ok();
        Words words;
        Arguments arguments;
        assert_true(words_split(&words, cases[i].line, &status));
        bool good = arguments_read(&arguments, COMMAND_WINDOW, words.n, words.words, &status);
        assert_int_equal(good, cases[i].written != NULL);
        Text line = {0};
        if (good) {
            scene_write(&arguments.scene, &line);
            assert_string_equal(text_string(&line), cases[i].written);
            arguments_finish(&arguments);
        }
        text_finish(&line);
        words_finish(&words);
    }
}

/* Words. */

static void check_words(const char *line, int n, const char *const *expected) {
    Status status = status_ok();
    Words words;
    assert_true(words_split(&words, line, &status));
    assert_int_equal(words.n, n);
    for (int i = 0; i < n; i++) assert_string_equal(words.words[i], expected[i]);
    assert_null(n > 0 ? words.words[n] : NULL);
    words_finish(&words);
}

static void words_are_split_by_the_rules(void **state) {
    (void)state;
    check_words("", 0, NULL);
    check_words(" \n\\\n ", 0, NULL);
    check_words("a  b\tc\n", 3, (const char *[]){"a", "b", "c"});
    check_words("'' \"\"", 2, (const char *[]){"", ""});
    check_words("a'b c'd\"e f\"", 1, (const char *[]){"ab cde f"});
    check_words("'\\' \"\\\\ \\\" \\a \\$\" \\'\\ x", 3, (const char *[]){"\\", "\\ \" \\a $", "' x"});
    check_words("a \\\n b\\\nc \"d\\\ne\"", 3, (const char *[]){"a", "bc", "de"});
    check_words("$HOME `ls` ; *", 4, (const char *[]){"$HOME", "`ls`", ";", "*"});
    check_words("x\\", 1, (const char *[]){"x\\"});
    static const char *const open[] = {"'", "a 'b", "\"", "a\"\\\"", "'a'\"b"};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        Status status = status_ok();
        Words words;
        assert_false(words_split(&words, open[i], &status));
        assert_int_equal(status.code, STATUS_BAD_INPUT);
        assert_true(status.place >= 0 && strchr("'\"", open[i][status.place]));
    }
}

/* A shell writes what it makes of the words of each line: each word and a byte 1, each line and a byte 2. */
static void check_by_shell(const Text *script, const Text *expected) {
    char path[] = "slalom-words-XXXXXX", command[64];
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    fprintf(file, "slalom() { for w; do printf '%%s\\001' \"$w\"; done; printf '\\002'; }\n%s",
        text_string(script));
    fclose(file);
    snprintf(command, sizeof command, "sh ./%s", path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    for (size_t i = 0; i < expected->length; i++) {
        int byte = fgetc(pipe);
        if (byte != (unsigned char)expected->bytes[i])
            fail_msg("the shell has %c where we have %.60s", byte, expected->bytes + i);
    }
    assert_int_equal(fgetc(pipe), EOF);
    pclose(pipe);
    remove(path);
}

static void a_shell_takes_the_words_the_same_way(void **state) {
    (void)state;
    Rng rng = rng_seed(7);
    Text script = {0}, expected = {0}, line = {0};
    for (int i = 0; i < LINES_FOR_SHELL; i++) {
        text_clear(&line);
        if (i % 2) {
            Scene scene = make_scene(&rng);
            scene_write(&scene, &line);
            scene_finish(&scene);
        } else {
            text_append(&line, "slalom ");
            for (int n = pick(&rng, 20); n > 0; n--)
                text_append_bytes(&line, &" '\"\\abé-"[pick(&rng, 7)], 1);
            text_append(&line, "''");
        }
        Status status = status_ok();
        Words words;
        if (!words_split(&words, text_string(&line), &status)) continue;
        text_append(&script, "%s\n", text_string(&line));
        for (int n = 1; n < words.n; n++) text_append(&expected, "%s\001", words.words[n]);
        text_append(&expected, "\002");
        words_finish(&words);
    }
    check_by_shell(&script, &expected);
    text_finish(&script);
    text_finish(&expected);
    text_finish(&line);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenes_come_back),
        cmocka_unit_test(lines_are_short),
        cmocka_unit_test(words_are_split_by_the_rules),
        cmocka_unit_test(a_shell_takes_the_words_the_same_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
