// The contents of a drawing, independent of DOT: boxes, the edges between them, and the frames around them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tsir {

// The kind of a box. Determines its shape, border and colour (style.h).
enum class BoxKind {
  input,
  output,
  parameter, // weights and other attributes of modules, and constant tensors
  constant,
  layer, // convolution, linear, attention, recurrent, embedding
  normalisation,
  activation,
  pooling, // and reductions
  arithmetic,
  shape,     // views, shapes, copies, casts
  container, // lists, tuples, dicts
  control,   // start and end of branches and loops
  effect,    // used for its side effects, not for a result
  fused,
  call,      // of a function, or of a submodule's method
  submodule, // a whole submodule in one box
  group,     // consecutive operators, or a branch or loop, in one box
  other,
  more, // represents what was cut off
};

// The name of a submodule in its parent module, and its class: {"layer1", "Sequential"}.
struct ModuleStep {
  std::string name;
  std::string class_name;
  bool leaf = false; // it does not have submodules
  bool operator==(const ModuleStep&) const = default;
};

// What became of a box or edge, in a drawing of what a pass did.
enum class Change {
  none, // the drawing does not compare
  stayed,
  changed, // stayed with another label or other inputs
  came,
  went,
};

// How much a box has of what the drawing is coloured by.
struct Heat {
  size_t step = 0;  // of the scale, from 0
  std::string text; // "1.2 ms, 12 %"; "" for nothing
};

struct Box {
  BoxKind kind = BoxKind::other;
  std::string title;               // "conv2d"
  std::string family;              // the operator's namespace unless it is aten: "prim"
  std::vector<std::string> lines;  // attributes, folded constants
  std::vector<std::string> values; // names of the values that it defines, including %
  std::vector<std::string> folded; // names of constants that are shown in its lines
  std::string tooltip;             // the node as text, and its source line
  std::vector<ModuleStep> module;  // the submodule that it belongs to, or is; outermost first; empty if unknown
  int cluster = -1;                // index of the enclosing frame
  bool writes = false;             // changes a value in place
  bool focus = false;              // the drawing shows the neighbourhood of this box
  size_t operators = 0;            // number of operators that it represents
  uint64_t elements = 0;           // number of elements of its weights
  Change change = Change::none;
  std::vector<size_t> nodes = {}; // that it stands for, by their places in walk() of the graph with subgraphs
  std::optional<Heat> heat = {};  // if the drawing is coloured by something that is known of it
};

enum class EdgeKind {
  data,
  attached, // from a constant or parameter to its only user
  control,  // from the head of a branch or loop to its blocks
  carried,  // from the body of a loop to its next iteration
  shape,    // only a shape or another scalar of the value is used
  repeated, // from one repetition of a submodule to the next
  state,    // from a write of the model's state to a read that sees it in the same call
  next_call // likewise, to a read in the next call
};

struct Edge {
  size_t from = 0; // indices of boxes
  size_t to = 0;
  EdgeKind kind = EdgeKind::data;
  std::string label;               // "0: %x float32[4,8]"
  std::vector<std::string> values; // names of the values that it represents
  std::string tooltip;
  Change change = Change::none;
};

enum class ClusterKind { control, block, fused, repeated };

struct Cluster {
  ClusterKind kind = ClusterKind::block;
  std::string title;
  std::string tooltip;
  int parent = -1;
  std::vector<ModuleStep> module;
  std::vector<size_t> nodes = {}; // that run all of it at once, such as a fusion group: as those of a box
  std::optional<Heat> heat = {};
};

// What a drawing is coloured by.
struct Scale {
  std::string title;              // "time of one call on these inputs: 12 ms in all"
  std::vector<std::string> steps; // "4 ms and more"; the least first, `heat_steps` of them
};
constexpr size_t heat_steps = 5;

struct Drawing {
  std::string title;
  std::vector<Box> boxes;
  std::vector<Edge> edges;
  std::vector<Cluster> clusters;
  std::optional<Scale> scale = {};
};

// "layer1.0.conv1"
std::string path_text(const std::vector<ModuleStep>& module);

// Text of a label without the names of values: "%.size(0)" for "%x.1.size(0)".
std::string without_values(std::string_view text);

// A copy of the drawing without the boxes for which keep[i] is false, their edges, and the frames that become empty.
Drawing with_boxes(const Drawing& drawing, const std::vector<bool>& keep);

} // namespace tsir
