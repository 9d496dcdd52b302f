// The methods of model files, remembered from one completion to the next.
#pragma once

#include <string>
#include <vector>

namespace tsir {

// Asks `tsir dump`, and writes the answer to `folder` (made if it does not exist), under a name that depends on the
// file's path, size and time. Empty if the file cannot be read.
std::vector<std::string> known_methods(const std::string& tsir, const std::string& file, const std::string& folder);

} // namespace tsir
