// A pass made for a test.
#pragma once

#include "lib/pass/registry.h"

namespace tsir {

// Complete enough for a registry. `run` is as in a row.
inline PassRow test_pass(const std::string& name, std::function<std::string(Unit&, const PassContext&)> run) {
  PassRow row;
  row.name = name;
  row.function = "test::" + name;
  row.header = "none";
  row.summary = "a pass for tests";
  row.description = "A pass for tests.";
  row.example = "graph(%x : Tensor):\n  return (%x)";
  row.run = std::move(run);
  return row;
}

} // namespace tsir
