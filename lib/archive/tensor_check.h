// Whether the tensors and storages that a pickle declares lie within the file.
#pragma once

#include "lib/archive/pickle_check.h"
#include "lib/archive/pickle_graph.h"

namespace tsir {

// What is wrong with the storage described by the tuple ('storage', type, key, device, number of elements), or "".
std::string storage_problem(const PickleGraph& graph, const PickleItem& tuple, const RecordSize& record_size);

// What is wrong with the tensor described by the tuple (storage, offset, sizes, strides, …), or "".
std::string tensor_problem(const PickleGraph& graph, const PickleItem& tuple);

} // namespace tsir
