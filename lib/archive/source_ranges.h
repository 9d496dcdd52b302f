// Where in the original Python source a piece of serialized code came from.
#pragma once

#include "lib/archive/archive.h"

#include <memory>
#include <string>

namespace torch::jit {
class SourceRangeUnpickler;
}

namespace tsir {

// Reads the debug record of a code file ("code/__torch__.py") when it is first asked. Where that record is missing,
// damaged or too large, it knows no origins: locations then name the code file itself.
std::shared_ptr<torch::jit::SourceRangeUnpickler> source_ranges(std::shared_ptr<const Archive> archive,
                                                                const std::string& code_file);

} // namespace tsir
