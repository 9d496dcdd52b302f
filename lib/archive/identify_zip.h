// Identifies the kind of a zip archive by the names of its entries.
#pragma once

#include "lib/archive/identify.h"

namespace tsir {

// The advice for weights and for models of other programs.
constexpr std::string_view export_module = "in Python, script or trace the module and write it with torch.jit.save";

// Also works on a damaged archive.
FileIdentity identify_zip(const Bytes& bytes);
FileIdentity identify_entries(const Archive& archive);

} // namespace tsir
