// Checks that the tensors and storages that a pickle declares lie within the file.
#pragma once

#include "lib/archive/pickle_check.h"
#include "lib/archive/pickle_graph.h"

namespace tsir {

// Describes what is wrong with the storage of the tuple ('storage', type, key, device, number of elements); "" if
// nothing is.
std::string storage_problem(const PickleGraph& graph, const PickleItem& tuple, const RecordSize& record_size);

// Describes what is wrong with the tensor of the tuple (storage, offset, sizes, strides, …); "" if nothing is.
std::string tensor_problem(const PickleGraph& graph, const PickleItem& tuple);

} // namespace tsir
