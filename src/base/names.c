/* One message for every unknown name. */
#include "names.h"

#include "text.h"

bool names_fail(
    Status *status, const char *problem, const char *name, const char *list, Names names, const char *rest) {
    const char *nearest = text_nearest(name, names.first, names.n, names.stride);
    Text known = {0};
    for (size_t i = 0; i < names.n; i++)
        text_append(&known, "%s%s", i ? ", " : "",
            *(const char *const *)((const char *)names.first + i * names.stride));
    if (nearest)
        status_fail(status, STATUS_BAD_INPUT, "%s '%.60s'; did you mean '%s'? %s %s%s", problem, name,
            nearest, list, text_string(&known), rest ? rest : "");
    else
        status_fail(status, STATUS_BAD_INPUT, "%s '%.60s'. %s %s%s", problem, name, list,
            names.n ? text_string(&known) : "none", rest ? rest : "");
    text_finish(&known);
    return false;
}
