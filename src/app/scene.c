/* slalom scene: what the options say, on top of a scene file where one is named, as a scene file or as a command
 * line. */
#include "command.h"

#include "file.h"
#include "scene_file.h"

bool command_scene(const Arguments *arguments, Status *status) {
    Output output;
    if (!output_open(&output, arguments->output ? arguments->output : "-", status)) return false;
    Text text = {0};
    if (arguments->as_line) {
        scene_write(&arguments->scene, &text);
        text_append(&text, "\n");
    } else {
        scene_write_file(&arguments->scene, &text);
    }
    fwrite(text_string(&text), 1, text.length, output.file);
    text_finish(&text);
    return output_commit(&output, status);
}
