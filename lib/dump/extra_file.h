// The extra files that an author stored beside the module.
#pragma once

#include "lib/base/bytes.h"

namespace tsir {

// The bytes of the extra file with that name. Throws Error(usage) that lists the existing ones, and Error(load) if the
// file is not an archive.
std::string extra_file(const std::shared_ptr<const Bytes>& bytes, const std::string& name);

} // namespace tsir
