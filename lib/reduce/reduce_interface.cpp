// Reductions of passes, calls, outputs and inputs.
#include "lib/reduce/reduction.h"

namespace tsir {
namespace {

bool drop_passes(Candidate& candidate, size_t begin, size_t end) {
  std::vector<PassUse> uses = candidate.pipeline.uses();
  if (end - begin >= uses.size()) {
    return false;
  }
  uses.erase(uses.begin() + static_cast<std::ptrdiff_t>(begin), uses.begin() + static_cast<std::ptrdiff_t>(end));
  candidate.pipeline = Pipeline(std::move(uses));
  return true;
}

bool drop_inputs_texts(Candidate& candidate, size_t, size_t) {
  candidate.inputs.reset();
  candidate.seen.clear();
  return true;
}

bool drop_outputs(Candidate& candidate, size_t begin, size_t end) {
  for (size_t i = end; i > begin; --i) {
    candidate.graph->eraseOutput(i - 1);
  }
  return end > begin;
}

bool is_made_of_operands(const jit::Value& value) {
  const auto kind = value.node()->kind();
  return kind == c10::prim::TupleConstruct || kind == c10::prim::ListConstruct;
}

// Replaces a returned tuple or list by its elements.
bool spread_outputs(Candidate& candidate, size_t begin, size_t end) {
  std::vector<jit::Value*> outputs;
  bool changed = false;
  for (size_t i = 0; i < candidate.graph->outputs().size(); ++i) {
    jit::Value* output = candidate.graph->outputs()[i];
    if (i >= begin && i < end && is_made_of_operands(*output)) {
      outputs.insert(outputs.end(), output->node()->inputs().begin(), output->node()->inputs().end());
      changed = true;
    } else {
      outputs.push_back(output);
    }
  }
  if (changed) {
    drop_outputs(candidate, 0, candidate.graph->outputs().size());
    for (jit::Value* output : outputs) {
      candidate.graph->registerOutput(output);
    }
  }
  return changed;
}

void erase_input(Candidate& candidate, size_t index) {
  candidate.seen.erase(candidate.graph->inputs()[index]);
  candidate.graph->eraseInput(index);
  if (candidate.inputs) {
    candidate.inputs->erase(candidate.inputs->begin() + static_cast<std::ptrdiff_t>(index));
  }
}

bool drop_unread_inputs(Candidate& candidate, size_t begin, size_t end) {
  bool changed = false;
  for (size_t i = end; i > begin; --i) {
    if (!candidate.graph->inputs()[i - 1]->hasUses()) {
      erase_input(candidate, i - 1);
      changed = true;
    }
  }
  return changed;
}

// Replaces these inputs by the first input of the same type.
bool merge_inputs(Candidate& candidate, size_t begin, size_t end) {
  bool changed = false;
  for (size_t i = end; i > std::max<size_t>(begin, 1); --i) {
    jit::Value* input = candidate.graph->inputs()[i - 1];
    for (size_t j = 0; j < i - 1; ++j) {
      jit::Value* other = candidate.graph->inputs()[j];
      const bool same_text = !candidate.inputs || candidate.inputs->at(j) == candidate.inputs->at(i - 1);
      if (same_text && *c10::unshapedType(other->type()) == *c10::unshapedType(input->type())) {
        input->replaceAllUsesWith(other);
        erase_input(candidate, i - 1);
        changed = true;
        break;
      }
    }
  }
  return changed;
}

size_t count_outputs(const Candidate& candidate) {
  return candidate.graph->outputs().size();
}

size_t count_inputs(const Candidate& candidate) {
  return candidate.graph->inputs().size();
}

} // namespace

std::vector<Reduction> run_reductions(bool without_runs) {
  const auto fewer = [](size_t Candidate::*number) {
    return Reduction::Apply(
        [number](Candidate& candidate, size_t, size_t) { return std::exchange(candidate.*number, 1) > 1; });
  };
  return {{"run nothing",
           [without_runs](const Candidate& candidate) -> size_t { return without_runs && candidate.inputs ? 1 : 0; },
           {drop_inputs_texts}},
          {"one set of inputs",
           [](const Candidate& candidate) -> size_t { return candidate.sets > 1 ? 1 : 0; },
           {fewer(&Candidate::sets)}},
          {"one call",
           [](const Candidate& candidate) -> size_t { return candidate.calls > 1 ? 1 : 0; },
           {fewer(&Candidate::calls)}},
          {"drop passes", [](const Candidate& candidate) { return candidate.pipeline.uses().size(); }, {drop_passes}}};
}

std::vector<Reduction> interface_reductions() {
  return {{"drop outputs", count_outputs, {drop_outputs}},
          {"return the elements of tuples and lists", count_outputs, {spread_outputs}},
          {"drop unread inputs", count_inputs, {drop_unread_inputs}},
          {"merge inputs", count_inputs, {merge_inputs}}};
}

} // namespace tsir
