// Checks that rows make before they run a pass of LibTorch that does not make them itself.
#pragma once

#include "lib/compat/messages.h"
#include "lib/ir/walk.h"
#include "lib/pass/row.h"

namespace tsir {

// The first node that `matches` accepts and that reads a value which some operator writes in place; or nullptr.
const jit::Node* find_written_input(const GraphPtr& graph, const std::function<bool(const jit::Node&)>& matches);

// Runs `pass` on a copy of the unit's graph. If LibTorch's check of the copy succeeds, the copy replaces the graph.
// Otherwise throws Refused with `why`, and leaves the unit unchanged.
void run_on_copy(Unit& unit, const std::function<void(GraphPtr&)>& pass, const std::string& why);

// Why LibTorch's tracing (TraceGraph) would throw or give a wrong graph, or "". It gives every iteration of a loop the
// values that entered the first one, and loses the results of a loop that runs no iteration.
std::string untraceable(const jit::Block& block);

// Calls `run`. If LibTorch throws an exception whose text holds one of `messages`, throws Refused with `line` instead:
// for passes of LibTorch's that check a condition themselves and report it in their own terms. `run` must leave the
// unit as it was when it throws.
void refuse_where_it_says(std::initializer_list<Message> messages, const std::string& line,
                          const std::function<void()>& run);

// The symbol of an operator's full name ("aten::cat"). Throws Refused if LibTorch does not have the operator.
c10::Symbol known_operator(const std::string& name);

} // namespace tsir
