#include "lib/render/dot/collapse.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/base/units.h"
#include "lib/ir/walk.h"
#include "lib/render/dot/merge.h"

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

using Path = std::vector<ModuleStep>;

// The nodes from `first` to the one before `end`, with those in their blocks.
std::vector<const jit::Node*> nodes_between(const jit::Node* first, const jit::Node* end) {
  std::vector<const jit::Node*> nodes;
  for (; first != end; first = first->next()) {
    nodes.push_back(first);
    for (const jit::Block* block : first->blocks()) {
      walk(*block, [&](const jit::Node& node) { nodes.push_back(&node); });
    }
  }
  return nodes;
}

// Inlines callees before they are inlined themselves, and remembers which submodule each node comes from.
class Opener {
public:
  // `level` without a value: all calls are inlined, also those of functions and of submodules without submodules.
  explicit Opener(std::optional<size_t> level) : level_(level) {}

  // `base`: the depth of the module whose method the block belongs to.
  void run(jit::Block& block, size_t base = 0) {
    for (jit::Node* node = *block.nodes().begin(); node->kind() != c10::prim::Return;) {
      jit::Node* next = node->next();
      for (jit::Block* inner : node->blocks()) {
        run(*inner, base);
      }
      const bool method = node->kind() == c10::prim::CallMethod;
      jit::GraphFunction* function = method || !level_ ? callee(*node) : nullptr;
      const auto depth = function != nullptr && method ? depth_of(node->input(0)) : std::nullopt;
      if (function != nullptr && (!level_ || (depth && opens(base + *depth, *node->input(0)->type(), *depth == 0)))) {
        open(*node, *function, base + depth.value_or(0));
      }
      node = next;
    }
  }

  // The submodule of each node, in the order of walk().
  std::vector<Path> paths(const jit::Graph& graph) const {
    std::vector<Path> paths;
    walk(*const_cast<jit::Graph&>(graph).block(), [&](const jit::Node& node) {
      const auto known = paths_.find(&node);
      paths.push_back(known == paths_.end() ? Path() : known->second);
    });
    return paths;
  }

private:
  void open(jit::Node& call, jit::GraphFunction& function, size_t depth) {
    constexpr size_t deepest_call = 500; // more than any model needs; a method may call itself
    spend(count_nodes(*function.graph()) + (++open_calls_ > deepest_call ? most_nodes : 0));
    const GraphPtr body = function.graph()->copy();
    run(*body->block(), depth);
    --open_calls_;
    const bool method = call.kind() == c10::prim::CallMethod;
    const Path path = method ? path_to(*call.input(0)) : Path();
    if (!method) {
      call.removeInput(0); // the function itself
    }
    const jit::Node* before = call.prev();
    const jit::Node* after = call.next();
    jit::inlineCallTo(&call, &function, body.get());
    const auto old_nodes = nodes_between(*body->nodes().begin(), body->return_node());
    const auto new_nodes = nodes_between(before->next(), after);
    for (size_t i = 0; i < std::min(old_nodes.size(), new_nodes.size()); ++i) {
      Path& whole = paths_[new_nodes[i]] = path;
      if (const auto inner = paths_.find(old_nodes[i]); inner != paths_.end()) {
        const Path steps = std::move(inner->second);
        paths_.erase(inner);
        whole.insert(whole.end(), steps.begin(), steps.end());
      }
    }
  }

  bool opens(size_t depth, const c10::Type& type, bool of_self) const {
    const auto* class_type = type.castRaw<c10::ClassType>();
    return of_self || (depth < *level_ && class_type != nullptr && !is_leaf(*class_type));
  }

  void spend(size_t nodes) {
    spent_ += nodes;
    if (spent_ > most_nodes && !level_) {
      throw Error(ErrorKind::usage, fmt::format("inlined, this graph has more than {} nodes, which is too many to be "
                                                "measured one by one",
                                                human_count(most_nodes)));
    }
    if (spent_ > most_nodes) {
      throw Error(ErrorKind::usage, fmt::format("inlined to level {}, this graph has more than {} nodes: use a smaller "
                                                "{} level",
                                                *level_, human_count(most_nodes), spelled(Setting::collapse)));
    }
  }

  std::optional<size_t> level_;
  size_t spent_ = 0;
  size_t open_calls_ = 0;
  std::unordered_map<const jit::Node*, Path> paths_; // of nodes that were inlined, from the module of their graph on
};

// How many steps of the path identify the group that contains something of that submodule; 0 if it is not in a group.
size_t group_depth(const std::vector<ModuleStep>& module, size_t level) {
  if (module.size() >= level) {
    return level;
  }
  return !module.empty() && module.back().leaf ? module.size() : 0;
}

void finish(Box& box) {
  box.tooltip = fmt::format("{}\n{} operators", box.title, box.operators);
}

bool is_operator(const Box& box) {
  return box.operators > 0;
}

// The groups of the boxes, in order. A group ends where another operator follows: a later operator of the same
// submodule belongs to another call of it.
class Grouper {
public:
  Grouper(const Drawing& drawing, size_t level) : drawing_(drawing), level_(level) {}

  // Replaces the boxes of each group by one box; `where` maps old to new indices.
  Drawing run(std::vector<size_t>& where) {
    result_.title = drawing_.title;
    result_.clusters = drawing_.clusters;
    for (const Box& box : drawing_.boxes) {
      where.push_back(place_of(box));
    }
    return std::move(result_);
  }

private:
  size_t place_of(const Box& box) {
    const size_t depth = box.kind == BoxKind::call ? 0 : group_depth(box.module, level_);
    if (depth == 0) {
      last_ = is_operator(box) ? "" : last_;
      result_.boxes.push_back(box);
      return result_.boxes.size() - 1;
    }
    const std::vector<ModuleStep> path(box.module.begin(), box.module.begin() + static_cast<ptrdiff_t>(depth));
    const std::string title = path_text(path);
    const bool another_call = is_operator(box) && last_ != title && calls_.contains(title);
    if (another_call || !groups_.contains(title)) {
      groups_[title] = start(title, path, box.cluster);
    }
    const size_t place = groups_.at(title);
    add(result_.boxes[place], box);
    if (is_operator(box)) {
      last_ = title;
      calls_.insert(title);
    }
    return place;
  }

  size_t start(const std::string& title, const std::vector<ModuleStep>& path, int cluster) {
    Box group;
    group.kind = BoxKind::submodule;
    group.title = title;
    group.lines = {path.back().class_name};
    group.module = path;
    group.cluster = cluster;
    result_.boxes.push_back(std::move(group));
    return result_.boxes.size() - 1;
  }

  static void add(Box& group, const Box& box) {
    group.operators += box.operators;
    group.elements += box.elements;
    group.nodes.insert(group.nodes.end(), box.nodes.begin(), box.nodes.end());
    group.folded.insert(group.folded.end(), box.values.begin(), box.values.end());
    group.folded.insert(group.folded.end(), box.folded.begin(), box.folded.end());
    finish(group);
  }

  const Drawing& drawing_;
  size_t level_;
  Drawing result_;
  std::map<std::string, size_t> groups_; // the latest of each submodule
  std::set<std::string> calls_;          // those that have operators
  std::string last_;                     // of the last operator; "" if it is in none
};

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
  EdgeMerger merger(result);
  for (const Edge& edge : drawing.edges) {
    const size_t from = where[edge.from];
    const size_t to = where[edge.to];
    // What a submodule keeps for its next call is seen from outside.
    if (from != to || result.boxes[from].kind != BoxKind::submodule || edge.kind == EdgeKind::next_call) {
      merger.add(edge, from, to);
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

std::vector<ModuleStep> path_to(const jit::Value& module) {
  std::vector<ModuleStep> path;
  for (const jit::Node* node = module.node(); node->kind() == c10::prim::GetAttr; node = node->input()->node()) {
    const auto* type = node->output()->type()->castRaw<c10::ClassType>();
    const bool named = type != nullptr && type->name();
    path.insert(path.begin(), {node->s(c10::attr::name), named ? type->name()->name() : "", named && is_leaf(*type)});
  }
  return path;
}

OpenedGraph inlined_to_level(const jit::Graph& graph, size_t level) {
  // Graph::copy() is not const, although it only reads.
  GraphPtr copy = const_cast<jit::Graph&>(graph).copy();
  Opener opener(level);
  opener.run(*copy->block());
  return {copy, opener.paths(*copy)};
}

OpenedGraph inlined_with_modules(const jit::Graph& graph) {
  GraphPtr copy = const_cast<jit::Graph&>(graph).copy(); // it only reads
  Opener opener(std::nullopt);
  opener.run(*copy->block());
  return {inlined(*copy), opener.paths(*copy)}; // calls in subgraphs are left
}

Drawing collapsed(const Drawing& drawing, size_t level) {
  std::vector<size_t> where;
  Drawing result = Grouper(drawing, level).run(where);
  move_out_of_frames(result, level);
  keep_nodes_of_frames(drawing, where, result);
  merge_edges(drawing, where, result);
  return with_boxes(result, std::vector<bool>(result.boxes.size(), true)); // drops frames that are now empty
}

bool names_submodules(const Drawing& drawing) {
  return std::any_of(drawing.boxes.begin(), drawing.boxes.end(), [](const Box& box) {
    return !box.module.empty() || (box.kind == BoxKind::call && box.family.empty());
  });
}

} // namespace tsir
