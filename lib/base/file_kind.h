// Tells files from everything else that a path may name, before it is opened: opening a pipe waits for its other end,
// perhaps for ever.
#pragma once

#include <string>

namespace tsir {

// "a folder", "a pipe", "a device" or "a socket"; "" for a file, for a path that does not exist, and for a descriptor
// that this process was given open, such as /dev/stdin or bash's <(command).
std::string special_kind(const std::string& path);

} // namespace tsir
