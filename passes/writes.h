// Questions that rows ask before they run a pass of LibTorch's that does not ask them itself.
#pragma once

#include "lib/compat/messages.h"
#include "lib/ir/walk.h"
#include "lib/pass/row.h"

namespace tsir {

// The first of the nodes that `matches` picks which reads a value that some operator writes in place; or nullptr.
const jit::Node* find_written_input(const GraphPtr& graph, const std::function<bool(const jit::Node&)>& matches);

// Runs `pass` on a copy of the unit's graph, and takes the copy over where LibTorch's check of it finds nothing wrong;
// throws Refused with `why` otherwise, and leaves the unit as it was.
void run_on_copy(Unit& unit, const std::function<void(GraphPtr&)>& pass, const std::string& why);

// Why LibTorch's tracing (TraceGraph) would throw or give a wrong graph, or "". It gives every iteration of a loop the
// values that entered the first one, and loses the results of a loop that makes none.
std::string untraceable(const jit::Block& block);

// Calls `run`; where LibTorch throws something that says `message`, throws Refused with `line` instead: for passes of
// LibTorch's that check a condition themselves, in words that do not help a user of tsir. `run` must leave the unit as
// it was where it throws.
void refuse_where_it_says(Message message, const std::string& line, const std::function<void()>& run);

// The symbol of an operator's full name ("aten::cat"). Throws Refused where LibTorch has no such operator.
c10::Symbol known_operator(const std::string& name);

} // namespace tsir
