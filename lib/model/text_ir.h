// Reads graphs from text and writes them as text (.ir; docs/ir.md).
#pragma once

#include "lib/base/text_error.h"
#include "lib/compat/libtorch.h"
#include "lib/ir/text/print.h"
#include "lib/model/ir_constants.h"
#include "lib/model/unit.h"

namespace tsir {

struct ReadSettings {
  FillConstants fill = {};
  size_t graph = 0; // 1-based number of the graph, if there are several; 0: the only one
  // Called for text that is valid but probably a mistake, such as an operator that this LibTorch does not have.
  std::function<void(const TextFault&)> warn = {};
};

// The number of graphs in a text. A line that begins with `# -----` separates graphs.
size_t count_graphs(std::string_view text);

// Reads the graph with its module, if the text has one. Constants that the text only names are read from the
// accompanying file, `path` + ".tensors". Throws Error(load) with file, line and column.
Unit parse_unit(std::string_view text, const std::string& path, const ReadSettings& settings = {});
// Reads only the graph. Classes and functions that the text defines are kept alive until the process ends, because
// graphs only point to them.
GraphPtr parse_ir(std::string_view text, const std::string& path, const ReadSettings& settings = {});

struct WriteSettings {
  bool locations = false;
  bool elide = false;        // for display: leave out what is too large for the text, and do not write a second file
  std::string comments = {}; // lines that begin with #, written first
};

// Writes a unit so that parse_unit can read it: the text to `path`, and constants that are too large for it to `path` +
// ".tensors". The module is omitted if the graph does not need it, as after freezing. Each file is written completely
// or not at all. Throws Error(check).
void write_ir(const Unit& unit, const std::string& path, const WriteSettings& settings = {});
void write_ir(const jit::Graph& graph, const std::string& path, const WriteSettings& settings = {});

} // namespace tsir
