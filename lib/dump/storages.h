// Where the bytes of a file's tensors are: which tensors share a storage, and how much of it each shows.
#pragma once

#include "lib/dump/view.h"

namespace tsir {

// The storages of the module's tensors and constants, largest first, then entries of the archive that no tensor uses.
std::vector<ShownStorage> shown_storages(const InspectedModule& inspected);

} // namespace tsir
