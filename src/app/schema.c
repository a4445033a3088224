/* slalom schema: what a scene file may say, as a JSON schema. */
#include "command.h"

#include "scene_schema.h"

#include <stdio.h>

bool command_schema(const Arguments *arguments, Status *status) {
    (void)arguments, (void)status;
    Text text = {0};
    scene_schema(&text);
    fputs(text_string(&text), stdout);
    text_finish(&text);
    return true;
}
