// What a drawing of a graph holds, before any of it is DOT: boxes, the edges between them, and the frames around them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tsir {

// What a box stands for. Decides shape, border and colour (style.h).
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
  control,   // where branches and loops begin and end
  effect,    // done for what it changes or prints, not for a result
  fused,
  call,      // of a function, or of a submodule's method
  submodule, // everything that a submodule does, in one box
  other,
  more, // stands for what was cut off
};

// A submodule's name within the module above it, and its class: {"layer1", "Sequential"}.
struct ModuleStep {
  std::string name;
  std::string class_name;
  bool leaf = false; // it has no submodules itself
  bool operator==(const ModuleStep&) const = default;
};

struct Box {
  BoxKind kind = BoxKind::other;
  std::string title;               // "conv2d"
  std::string family;              // the operator's namespace where it is not aten: "prim"
  std::vector<std::string> lines;  // attributes, folded constants
  std::vector<std::string> values; // names of what it defines, with their %
  std::vector<std::string> folded; // names of constants that stand in its lines
  std::string tooltip;             // the node as text, and its line of source
  std::vector<ModuleStep> module;  // the submodule that it belongs to, outermost first; empty where not known
  int cluster = -1;                // index of the frame it stands in
  bool writes = false;             // changes a value in place
  bool focus = false;              // what the drawing is around
  size_t operators = 0;            // how many operators it stands for
  uint64_t elements = 0;           // how many numbers its weights hold
};

enum class EdgeKind {
  data,
  attached, // of a constant or parameter to its only user
  control,  // from a branch's or loop's head to its blocks
  carried,  // from a loop's body to its next round
};

struct Edge {
  size_t from = 0; // indices of boxes
  size_t to = 0;
  EdgeKind kind = EdgeKind::data;
  std::string label;               // "0: %x float32[4,8]"
  std::vector<std::string> values; // names of the values that it carries
  std::string tooltip;
};

enum class ClusterKind { control, block, fused };

struct Cluster {
  ClusterKind kind = ClusterKind::block;
  std::string title;
  std::string tooltip;
  int parent = -1;
  std::vector<ModuleStep> module;
};

struct Drawing {
  std::string title;
  std::vector<Box> boxes;
  std::vector<Edge> edges;
  std::vector<Cluster> clusters;
};

// "layer1.0.conv1"
std::string path_text(const std::vector<ModuleStep>& module);

// The drawing without the boxes for which keep[i] is false, without their edges, and without the frames that are then
// empty.
Drawing with_boxes(const Drawing& drawing, const std::vector<bool>& keep);

} // namespace tsir
