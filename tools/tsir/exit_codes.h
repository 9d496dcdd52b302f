// The exit codes, as the help and the man pages list them.
#pragma once

#include <array>
#include <string_view>

namespace tsir::tool {

struct ExitCode {
  int code;
  std::string_view meaning;
};

inline constexpr std::array<ExitCode, 6> exit_codes = {{{0, "fine"},
                                                        {1, "a check or comparison failed"},
                                                        {2, "wrong usage"},
                                                        {3, "cannot load or parse"},
                                                        {4, "a pass failed"},
                                                        {5, "LibTorch crashed"}}};

} // namespace tsir::tool
