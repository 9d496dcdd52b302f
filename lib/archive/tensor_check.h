// Checks that the tensors and storages that a pickle declares lie within the file.
#pragma once

#include "lib/archive/pickle_check.h"
#include "lib/archive/pickle_graph.h"

namespace tsir {

// Describes what is wrong with the storage of the tuple ('storage', type, key, device, number of elements); "" if
// nothing is.
std::string storage_problem(const PickleGraph& graph, const PickleItem& tuple, const RecordSize& record_size);

// How many elements the storage of such a tuple holds, if storage_problem has nothing to say: several per byte if they
// have fewer than 8 bits.
int64_t storage_elements(const PickleGraph& graph, const PickleItem& tuple);

// Describes what is wrong with the tensor of the tuple (storage, offset, sizes, strides, …); "" if nothing is.
std::string tensor_problem(const PickleGraph& graph, const PickleItem& tuple);

} // namespace tsir
