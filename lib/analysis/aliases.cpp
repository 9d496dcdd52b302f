#include "lib/analysis/aliases.h"

#include "lib/analysis/names.h"
#include "lib/base/error.h"
#include "lib/ir/walk.h"

#include <numeric>

namespace tsir {
namespace {

// LibTorch puts the graph's inputs into the wildcard set of their type, and does not offer a query for that set. So
// each type that occurs becomes an additional input of a copy of the graph: a value that may alias this input is in the
// wildcard set.
class Analysis {
public:
  explicit Analysis(const GraphPtr& graph) : original_(values_in_order(*graph)), copy_(graph->copy()) {
    values_ = values_in_order(*copy_);
    nodes_ = nodes_in_order(*copy_);
    originals_ = nodes_in_order(*graph);
    for (const jit::Value* value : std::vector<const jit::Value*>(values_)) {
      add_probe(value->type());
    }
    add_probe(c10::TensorType::get());
    try {
      db_ = std::make_unique<jit::AliasDb>(copy_);
    } catch (const std::exception& error) {
      throw Error(ErrorKind::pass, "LibTorch cannot analyse this graph: " + one_line(error));
    }
  }

  Aliases result() {
    Aliases aliases;
    find_shared(aliases);
    find_contents(aliases);
    find_writes(aliases);
    for (const jit::Value* output : copy_->outputs()) {
      const auto at = std::ranges::find(values_, output) - values_.begin();
      aliases.outputs.push_back({original_[static_cast<size_t>(at)], in_wildcard(output) || holds_wildcard(output)});
    }
    return aliases;
  }

private:
  void add_probe(const c10::TypePtr& type) {
    const c10::TypePtr plain = type->kind() == c10::TypeKind::TensorType ? c10::TensorType::get() : type;
    if (std::ranges::none_of(probes_, [&](const jit::Value* probe) { return *probe->type() == *plain; })) {
      probes_.push_back(copy_->addInput()->setType(plain));
    }
  }

  bool may_alias(const jit::Value* left, const jit::Value* right) const {
    try {
      return db_->mayAlias(left, right);
    } catch (const std::out_of_range&) {
      return false; // a value without memory
    }
  }
  bool has_memory(const jit::Value* value) const { return may_alias(value, value); }
  bool in_wildcard(const jit::Value* value) const {
    return std::ranges::any_of(probes_, [&](const jit::Value* probe) { return may_alias(value, probe); });
  }
  bool holds(const jit::Value* container, const jit::Value* value) const {
    return db_->mayContainAlias(const_cast<jit::Value*>(container), const_cast<jit::Value*>(value));
  }
  bool holds_wildcard(const jit::Value* value) const {
    return std::ranges::any_of(
        probes_, [&](const jit::Value* probe) { return *probe->type() != *value->type() && holds(value, probe); });
  }

  void find_shared(Aliases& aliases) {
    for (size_t i = 0; i < values_.size(); ++i) {
      if (!has_memory(values_[i])) {
        continue;
      }
      if (in_wildcard(values_[i])) {
        aliases.wildcard.push_back(original_[i]);
      } else {
        own_.push_back(i);
      }
    }
    std::vector<size_t> set_of(own_.size());
    std::iota(set_of.begin(), set_of.end(), size_t{0});
    for (size_t i = 0; i < own_.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (set_of[i] != set_of[j] && may_alias(values_[own_[i]], values_[own_[j]])) {
          std::ranges::replace(set_of, std::max(set_of[i], set_of[j]), std::min(set_of[i], set_of[j]));
        }
      }
    }
    std::map<size_t, Aliases::Values> sets;
    for (size_t i = 0; i < own_.size(); ++i) {
      sets[set_of[i]].push_back(original_[own_[i]]);
    }
    for (auto& [first, values] : sets) {
      if (values.size() > 1) {
        aliases.sets.push_back(std::move(values));
      } else {
        ++aliases.alone;
      }
    }
  }

  void find_contents(Aliases& aliases) const {
    for (size_t i = 0; i < values_.size(); ++i) {
      const c10::TypeKind kind = values_[i]->type()->kind();
      if (kind != c10::TypeKind::ListType && kind != c10::TypeKind::TupleType && kind != c10::TypeKind::DictType &&
          kind != c10::TypeKind::ClassType && kind != c10::TypeKind::OptionalType) {
        continue;
      }
      Aliases::Container container{.value = original_[i], .contents = {}, .holds_wildcard = holds_wildcard(values_[i])};
      for (const size_t j : own_) {
        if (i != j && !may_alias(values_[i], values_[j]) && holds(values_[i], values_[j]) &&
            values_[j]->type()->containedTypes().empty()) {
          container.contents.push_back(original_[j]);
        }
      }
      if (!container.contents.empty() || container.holds_wildcard) {
        aliases.containers.push_back(std::move(container));
      }
    }
  }

  void find_writes(Aliases& aliases) const {
    for (size_t n = 0; n < nodes_.size(); ++n) {
      auto* node = const_cast<jit::Node*>(nodes_[n]);
      const auto writes = [&](const jit::Value* value) { return db_->writesToAlias(node, jit::ValueSet{value}); };
      if (!node->blocks().empty()) {
        continue; // its nodes are visited themselves
      }
      Aliases::Write write{.node = originals_[n], .values = {}, .to_wildcard = std::ranges::any_of(probes_, writes)};
      const c10::FunctionSchema* schema = node->maybeSchema();
      if (!write.to_wildcard && schema != nullptr && !schema->is_mutable()) {
        continue;
      }
      for (const size_t i : own_) {
        if (writes(values_[i])) {
          write.values.push_back(original_[i]);
        }
      }
      if (write.to_wildcard || !write.values.empty()) {
        aliases.writes.push_back(std::move(write));
      }
    }
  }

  std::vector<const jit::Value*> original_; // values of the original graph, in the order of values_
  GraphPtr copy_;
  std::vector<const jit::Value*> values_;
  std::vector<const jit::Node*> nodes_;
  std::vector<const jit::Node*> originals_;
  std::vector<jit::Value*> probes_;
  std::vector<size_t> own_; // values with memory outside of the wildcard set
  std::unique_ptr<jit::AliasDb> db_;
};

} // namespace

Aliases aliases_of(const GraphPtr& graph) {
  return Analysis(graph).result();
}

} // namespace tsir
