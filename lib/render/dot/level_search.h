// Takes drawings, finest first, until one can be read. Private to levels.cpp and changes.cpp.
#pragma once

#include "lib/render/dot/levels.h"

namespace tsir {

class LevelSearch {
public:
  static constexpr const char* everything = "everything"; // the level that leaves nothing out
  explicit LevelSearch(size_t most) : most_(most) {}

  // Whether this is the one. A drawing that is not smaller than the one before is left out.
  bool offer(const std::string& level, Drawing drawing);
  // This is the one, whatever its size.
  void take(const std::string& level, Drawing drawing);
  // The last drawing that was offered and was not left out.
  const Drawing& last() const { return found_.drawing; }
  Readable result() { return std::move(found_); }

private:
  size_t most_;
  size_t smallest_ = 0;
  Readable found_;
};

} // namespace tsir
