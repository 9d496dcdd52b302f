// What the launcher tells the program by environment variables.
#pragma once

namespace tsir::launcher {

inline constexpr auto program_variable = "TSIR_LAUNCHER"; // path of the launcher
// LD_LIBRARY_PATH as it was before the launcher; absent if it was not set.
inline constexpr auto library_path_variable = "TSIR_OUTER_LIBRARY_PATH";

} // namespace tsir::launcher
