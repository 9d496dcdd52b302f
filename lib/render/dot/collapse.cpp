#include "lib/render/dot/collapse.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/base/units.h"
#include "lib/ir/walk.h"

#include <set>

namespace tsir {
namespace {

constexpr size_t most_nodes = 200'000;

// The number of attribute reads between a value and the graph's input; std::nullopt if it has another origin.
std::optional<size_t> depth_of(const jit::Value* value) {
  size_t depth = 0;
  while (value->node()->kind() == c10::prim::GetAttr) {
    value = value->node()->input();
    ++depth;
  }
  return value->node()->kind() == c10::prim::Param ? std::optional(depth) : std::nullopt;
}

class Opener {
public:
  explicit Opener(size_t level) : level_(level) {}

  void run(jit::Block& block) {
    for (jit::Node* node = *block.nodes().begin(); node->kind() != c10::prim::Return;) {
      for (jit::Block* inner : node->blocks()) {
        run(*inner);
      }
      jit::GraphFunction* function = node->kind() == c10::prim::CallMethod ? callee(*node) : nullptr;
      const auto depth = function != nullptr ? depth_of(node->input(0)) : std::nullopt;
      if (!depth || !opens(*depth, *node->input(0)->type())) {
        node = node->next();
        continue;
      }
      spend(count_nodes(*function->graph()));
      // Continue with the first node that replaces the call, because it may be a call as well.
      jit::Node* before = node->prev();
      jit::inlineCallTo(node, function, function->graph().get());
      node = before->next();
    }
  }

private:
  bool opens(size_t depth, const c10::Type& type) const {
    const auto* class_type = type.castRaw<c10::ClassType>();
    return depth == 0 || (depth < level_ && class_type != nullptr && !is_leaf(*class_type));
  }

  void spend(size_t nodes) {
    spent_ += nodes;
    if (spent_ > most_nodes) {
      throw Error(ErrorKind::usage, fmt::format("inlined to level {}, this graph has more than {} nodes: use a smaller "
                                                "{} level",
                                                level_, human_count(most_nodes), spelled(Setting::collapse)));
    }
  }

  size_t level_;
  size_t spent_ = 0;
};

// How many steps of the path identify the group that contains a box; 0 if it is not in a group.
size_t group_depth(const std::vector<ModuleStep>& module, size_t level) {
  if (module.size() >= level) {
    return level;
  }
  return !module.empty() && module.back().leaf ? module.size() : 0;
}

void finish(Box& box) {
  box.tooltip = fmt::format("{}\n{} operators", box.title, box.operators);
}

// Replaces the boxes of each group by one box; `where` maps old to new indices.
Drawing grouped(const Drawing& drawing, size_t level, std::vector<size_t>& where) {
  std::map<std::string, size_t> groups;
  Drawing result;
  result.title = drawing.title;
  result.clusters = drawing.clusters;
  for (const Box& box : drawing.boxes) {
    const size_t depth = group_depth(box.module, level);
    if (depth == 0) {
      where.push_back(result.boxes.size());
      result.boxes.push_back(box);
      continue;
    }
    const std::vector<ModuleStep> path(box.module.begin(), box.module.begin() + static_cast<ptrdiff_t>(depth));
    const auto [at, first] = groups.try_emplace(path_text(path), result.boxes.size());
    if (first) {
      Box group;
      group.kind = BoxKind::submodule;
      group.title = at->first;
      group.lines = {path.back().class_name};
      group.module = path;
      group.cluster = box.cluster;
      result.boxes.push_back(std::move(group));
    }
    where.push_back(at->second);
    Box& group = result.boxes[at->second];
    group.operators += box.operators;
    group.elements += box.elements;
    group.folded.insert(group.folded.end(), box.values.begin(), box.values.end());
    group.folded.insert(group.folded.end(), box.folded.begin(), box.folded.end());
    finish(group);
  }
  return result;
}

// Removes frames that belong to a group. The group is moved to the place of its outermost frame.
void move_out_of_frames(Drawing& drawing, size_t level) {
  for (Box& box : drawing.boxes) {
    while (box.kind == BoxKind::submodule && box.cluster >= 0 &&
           group_depth(drawing.clusters[static_cast<size_t>(box.cluster)].module, level) > 0) {
      box.cluster = drawing.clusters[static_cast<size_t>(box.cluster)].parent;
    }
  }
}

void merge_edges(const Drawing& drawing, const std::vector<size_t>& where, Drawing& result) {
  std::map<std::tuple<size_t, size_t, EdgeKind>, size_t> known;
  std::map<size_t, std::set<std::string>> carried;
  for (const Edge& edge : drawing.edges) {
    const size_t from = where[edge.from];
    const size_t to = where[edge.to];
    const bool inside = from == to && result.boxes[from].kind == BoxKind::submodule;
    if (inside) {
      continue;
    }
    const auto [at, first] = known.try_emplace({from, to, edge.kind}, result.edges.size());
    auto& names = carried[at->second];
    names.insert(edge.values.begin(), edge.values.end());
    if (first) {
      result.edges.push_back(edge);
      result.edges.back().from = from;
      result.edges.back().to = to;
      continue;
    }
    Edge& merged = result.edges[at->second];
    merged.values.assign(names.begin(), names.end());
    merged.tooltip += "\n" + edge.tooltip;
    if (edge.kind == EdgeKind::data && names.size() > 1) {
      merged.label = fmt::format("{} values", names.size());
    }
  }
}

} // namespace

bool is_leaf(const c10::ClassType& type) {
  const auto& attributes = type.getAttributes();
  return std::none_of(attributes.begin(), attributes.end(), [](const c10::ClassAttribute& attribute) {
    const auto held = attribute.getType()->cast<c10::ClassType>();
    return held != nullptr && held->is_module();
  });
}

GraphPtr inlined_to_level(const jit::Graph& graph, size_t level) {
  // Graph::copy() is not const, although it only reads.
  GraphPtr copy = const_cast<jit::Graph&>(graph).copy();
  Opener(level).run(*copy->block());
  return copy;
}

Drawing collapsed(const Drawing& drawing, size_t level) {
  std::vector<size_t> where;
  Drawing result = grouped(drawing, level, where);
  move_out_of_frames(result, level);
  merge_edges(drawing, where, result);
  return with_boxes(result, std::vector<bool>(result.boxes.size(), true)); // drops frames that are now empty
}

bool names_submodules(const Drawing& drawing) {
  return std::any_of(drawing.boxes.begin(), drawing.boxes.end(), [](const Box& box) {
    return !box.module.empty() || (box.kind == BoxKind::call && box.family.empty());
  });
}

} // namespace tsir
