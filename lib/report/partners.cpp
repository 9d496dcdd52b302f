#include "lib/report/state.h"

#include "lib/diff/graph_match.h"
#include "lib/ir/walk.h"

namespace tsir {
namespace {

using NameMap = std::map<std::string, std::string>;

// The name of each value before, and of its partner after: inputs, and results of nodes that are partners.
NameMap partner_names(const jit::Graph& before, const jit::Graph& after) {
  NameMap names;
  const GraphMatch match = match_graphs(before, after);
  const auto add = [&](const jit::Node& node) {
    const jit::Node* partner = match.partner(node);
    const size_t count = partner == nullptr ? 0 : std::min(node.outputs().size(), partner->outputs().size());
    for (size_t i = 0; i < count; ++i) {
      names.emplace("%" + node.output(i)->debugName(), "%" + partner->output(i)->debugName());
    }
  };
  walk(*before.block(), add);
  for (const jit::Value* input : before.inputs()) {
    if (const jit::Value* partner = match.partner(*input)) {
      names.emplace("%" + input->debugName(), "%" + partner->debugName());
    }
  }
  return names;
}

bool is_submodule(const Box& box) {
  return box.kind == BoxKind::submodule || box.kind == BoxKind::call;
}

// Where submodules are boxes, the drawing is of a graph that is inlined less, with other names of values.
bool has_names_of_graph(const Drawing& drawing) {
  return std::ranges::none_of(drawing.boxes, is_submodule);
}

bool is_part_of(const Box& box, const Box& submodule) {
  const auto& path = submodule.module;
  return !path.empty() && box.module.size() >= path.size() && std::equal(path.begin(), path.end(), box.module.begin());
}

bool same_labels(const Box& one, const Box& other) {
  return one.title == other.title && std::ranges::equal(one.lines, other.lines, {}, without_values, without_values);
}

// What tells boxes apart that have no names in common.
std::string description_of(const Box& box) {
  return fmt::format("{}|{}|{}", static_cast<int>(box.kind), box.title, path_text(box.module));
}

class PartnerFinder {
public:
  PartnerFinder(const Drawing& before, const Drawing& after) : before_(before), after_(after) {}

  std::vector<ReportPartner> run(const jit::Graph& graph_before, const jit::Graph& graph_after) {
    paired_.resize(before_.boxes.size());
    taken_.resize(after_.boxes.size());
    if (has_names_of_graph(before_) && has_names_of_graph(after_)) {
      by_names(partner_names(graph_before, graph_after));
    }
    by_description();
    by_submodule();
    std::ranges::sort(pairs_, {}, [](const ReportPartner& pair) { return std::pair(pair.before, pair.after); });
    return std::move(pairs_);
  }

private:
  void add(size_t from, size_t to) {
    paired_[from] = taken_[to] = true;
    pairs_.push_back({from, to, !same_labels(before_.boxes[from], after_.boxes[to])});
  }

  void by_names(const NameMap& names) {
    std::map<std::string, size_t> places;
    for (size_t i = 0; i < after_.boxes.size(); ++i) {
      for (const auto* list : {&after_.boxes[i].values, &after_.boxes[i].folded}) {
        for (const std::string& name : *list) {
          places.emplace(name, i);
        }
      }
    }
    for (size_t i = 0; i < before_.boxes.size(); ++i) {
      const Box& box = before_.boxes[i];
      const std::vector<std::string>& own = box.values.empty() ? box.folded : box.values;
      std::set<size_t> partners;
      for (const std::string& name : own) {
        const auto partner = names.find(name);
        const auto place = partner == names.end() ? places.end() : places.find(partner->second);
        if (place != places.end()) {
          partners.insert(place->second);
        }
      }
      for (const size_t partner : partners) {
        add(i, partner);
      }
    }
  }

  // Inputs, outputs, weights, and boxes without results.
  void by_description() {
    std::map<std::string, std::vector<size_t>> free;
    for (size_t i = after_.boxes.size(); i-- > 0;) {
      if (!taken_[i]) {
        free[description_of(after_.boxes[i])].push_back(i); // the first is the last here
      }
    }
    const bool compared = has_names_of_graph(before_) && has_names_of_graph(after_);
    for (size_t i = 0; i < before_.boxes.size(); ++i) {
      const bool matched = compared && !before_.boxes[i].values.empty(); // lib/diff has decided about it
      auto& candidates = free[description_of(before_.boxes[i])];
      if (!paired_[i] && !matched && !candidates.empty()) {
        add(i, candidates.back());
        candidates.pop_back();
      }
    }
  }

  // A submodule in one box belongs to all boxes inside it.
  void by_submodule() {
    for (size_t i = 0; i < before_.boxes.size(); ++i) {
      for (size_t j = 0; j < after_.boxes.size(); ++j) {
        const Box& from = before_.boxes[i];
        const Box& to = after_.boxes[j];
        const bool parts = (is_submodule(from) && !taken_[j] && is_part_of(to, from)) ||
                           (is_submodule(to) && !paired_[i] && is_part_of(from, to));
        if (parts) {
          joined_.emplace_back(i, j);
        }
      }
    }
    for (const auto& [from, to] : joined_) {
      add(from, to);
    }
  }

  const Drawing& before_;
  const Drawing& after_;
  std::vector<bool> paired_;
  std::vector<bool> taken_;
  std::vector<std::pair<size_t, size_t>> joined_;
  std::vector<ReportPartner> pairs_;
};

} // namespace

std::vector<ReportPartner> partners_of(const UnitState& before, const UnitState& after) {
  return PartnerFinder(before.drawing.drawing, after.drawing.drawing).run(*before.graph, *after.graph);
}

} // namespace tsir
