// What a zip archive is, by the names of its entries.
#pragma once

#include "lib/model/identify.h"

namespace tsir {

// Works on a damaged archive too.
FileIdentity identify_zip(const Bytes& bytes);
FileIdentity identify_entries(const Archive& archive);

} // namespace tsir
