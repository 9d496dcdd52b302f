// Lists of arguments written out as arguments, a part of the family of concatenations.
#pragma once

#include "lib/pass/registry.h"

namespace tsir {

void register_variadic(Registry& registry);

} // namespace tsir
