/* No compiled programs: for the generator itself, which makes them, and for builds that cannot run it. */
#include "compiled.h"

const CompiledProgram compiled_programs[] = {{0}};
const size_t compiled_program_count = 0;
