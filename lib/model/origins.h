// Follows a value of a graph back to where its memory comes from.
#pragma once

#include "lib/compat/libtorch.h"

#include <set>

namespace tsir {

// The path in "the attribute bn.running_mean"; std::nullopt for another origin.
std::optional<std::string> attribute_in(const std::string& origin);

class OriginFinder {
public:
  // `graph` must outlive this object, and must not change.
  explicit OriginFinder(const jit::Graph& graph);

  // What the value may be, or may be a view of, besides what the graph makes itself: "the attribute bn.running_mean",
  // "its input x", "a constant". For a container, the container itself and not what is in it. After many steps in all,
  // which only huge graphs need, it is "something that was not followed so far".
  std::set<std::string> of(const jit::Value& value);
  // As attribute_path() (branches.h), also where the attribute is read in a fork: from the whole graph's input on.
  std::string path(const jit::Value& value) const;
  // The node whose subgraph begins with that block; nullptr if there is none.
  const jit::Node* owner(const jit::Block& block) const;

private:
  // A value to be followed; `elements`: what is in the container, instead of the container.
  struct Step {
    const jit::Value* value;
    bool elements;
    auto operator<=>(const Step&) const = default;
  };

  void follow(const jit::Value& value, bool elements);
  void leave(const Step& step);
  void leave_block_input(const jit::Value& value, bool elements);
  void leave_block_outputs(const jit::Value& value, bool elements);
  void leave_node(const jit::Value& value, bool elements);
  void follow_what_is_put_into(const jit::Value& container);

  const jit::Graph& graph_;
  std::map<const jit::Block*, const jit::Node*> owners_; // the nodes with the subgraphs that begin with these blocks
  size_t steps_left_;
  std::set<Step> seen_;
  std::vector<Step> open_;
  std::set<std::string> found_;
};

} // namespace tsir
