// Operators on lists rewritten as variadic operators, a part of the concatenation family.
#pragma once

#include "lib/pass/registry.h"

namespace tsir {

void register_variadic(Registry& registry);

} // namespace tsir
