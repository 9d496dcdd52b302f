// Objects of C++ classes, such as the packed weights of quantised layers, as plain data and back.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// The tuple (name of the class, state) of an object of a C++ class, where the state is what its __getstate__ returns.
// Objects within the state, such as the packed weights of an LSTM's gates, become such tuples too. std::nullopt if the
// class of the object, or that of an object within it, does not have both __getstate__ and __setstate__.
std::optional<c10::IValue> packed_object(const c10::IValue& object);

// Makes the object of such a tuple. Throws Error(load) if its class is not registered.
c10::IValue unpacked_object(const c10::IValue& packed);

} // namespace tsir
