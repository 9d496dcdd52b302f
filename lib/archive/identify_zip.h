// What a zip archive is, by the names of its entries.
#pragma once

#include "lib/archive/identify.h"

namespace tsir {

// What to do with weights, and with models of other programs.
constexpr std::string_view export_module = "in Python, script or trace the module and write it with torch.jit.save";

// Works on a damaged archive too.
FileIdentity identify_zip(const Bytes& bytes);
FileIdentity identify_entries(const Archive& archive);

} // namespace tsir
