// Maps serialized code to its position in the original Python source.
#pragma once

#include "lib/archive/archive.h"

#include <memory>
#include <string>

namespace torch::jit {
class SourceRangeUnpickler;
}

namespace tsir {

// Reads the debug record of a code file ("code/__torch__.py") on first use. If that record is missing, damaged or too
// large, no origins are known, and locations name the code file itself.
std::shared_ptr<torch::jit::SourceRangeUnpickler> source_ranges(std::shared_ptr<const Archive> archive,
                                                                const std::string& code_file);

} // namespace tsir
