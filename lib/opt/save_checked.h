// A module saved and checked.
#pragma once

#include "lib/model/unit.h"
#include "lib/opt/file_contents.h"
#include "lib/run/compare.h"

namespace tsir {

// What a written module is compared with.
struct SaveReference {
  std::function<Unit()> open;             // makes the unit as it came, before any pass
  const std::vector<c10::IValue>& inputs; // without self
  Tolerance tolerance = {};
  uint64_t seed = 0; // of the random generators
  bool grad = false;
  bool allow_different = false; // writes the module even if its outputs differ
  bool given = true;            // the inputs were given; those of the file itself may not fit
};

struct SaveCheck {
  enum class Compared {
    nothing,        // there were no inputs to run it on
    outputs,        // with those of the unit as it came, on the same inputs
    inputs_failed,  // the unit as it came throws on the file's own inputs
    inputs_changed, // a pass changed what the method takes, so the inputs do not fit any more
  };
  Compared compared = Compared::nothing;
  Difference difference = {};
  std::string failure = {};               // why the inputs failed, in one line
  std::string reference = {};             // the file that the module came from
  std::vector<std::string> left_out = {}; // what that file holds and the written one does not
};

// Saves the module to `path` and loads it back. With a reference, what was loaded must give the outputs that the unit
// gives, and those of the unit as it came. Throws Error(check) if they differ or the module cannot be saved; no file is
// written then. Keeps what else the file it came from holds, as far as a .pt can.
SaveCheck save_checked(Unit& unit, const std::string& path, const FileContents& before,
                       const std::optional<SaveReference>& reference);

} // namespace tsir
