// The extra files that an author stored beside the module, below extra/ in the archive.
#pragma once

#include "lib/archive/archive.h"

namespace tsir {

// Their names, without that folder, in the order of the archive.
std::vector<std::string> extra_file_names(const Archive& archive);
// The contents of one of them. Throws Error(load) if it does not exist.
std::string read_extra_file(const Archive& archive, const std::string& name);

} // namespace tsir
