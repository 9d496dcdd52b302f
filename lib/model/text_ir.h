// Graphs from text and to text (.ir; docs/ir.md).
#pragma once

#include "lib/compat/libtorch.h"
#include "lib/ir/text/print.h"
#include "lib/base/text_error.h"
#include "lib/model/ir_constants.h"
#include "lib/model/unit.h"

namespace tsir {

struct ReadSettings {
  FillConstants fill = {};
  size_t graph = 0; // which of several, from 1 on; 0: the only one
  // Told of what can be read and is rarely meant, such as an operator that this LibTorch does not have.
  std::function<void(const TextFault&)> warn = {};
};

// How many graphs a text holds: a line that begins with `# -----` ends one.
size_t count_graphs(std::string_view text);

// The graph with its module, where the text holds one. Constants that the text only names are read from the file beside
// it, `path` + ".tensors". Throws Error(load) with file, line and column.
Unit parse_unit(std::string_view text, const std::string& path, const ReadSettings& settings = {});
// The graph alone. Classes and functions that the text defines live as long as the program: graphs only point to them.
GraphPtr parse_ir(std::string_view text, const std::string& path, const ReadSettings& settings = {});

struct WriteSettings {
  bool locations = false;
  bool elide = false;        // leave out what is too large for the text, and write no second file: to be looked at
  std::string comments = {}; // come first: lines that begin with #
};

// Writes a unit so that parse_unit gives it back: the text to `path`, constants that are too large for it to `path` +
// ".tensors". The module of a graph that stands for itself, as freezing leaves it, is left out. Both files appear whole
// or not at all. Throws Error(check).
void write_ir(const Unit& unit, const std::string& path, const WriteSettings& settings = {});
void write_ir(const jit::Graph& graph, const std::string& path, const WriteSettings& settings = {});

} // namespace tsir
