#include "lib/pass/unit_hash.h"

#include "lib/ir/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tsir {
namespace {

// Identifies tensors by address: passes replace attributes, but never change them in place.
std::string attribute_key(const c10::IValue& value) {
  return value.isTensor() ? fmt::format("{}", static_cast<const void*>(value.toTensor().unsafeGetTensorImpl()))
                          : value.type()->annotation_str();
}

} // namespace

uint64_t canonical_hash(const Unit& unit) {
  std::string key = fmt::format("{:x}\n", canonical_hash(*unit.graph()));
  if (unit.has_module()) {
    for (const std::string& name : method_names(unit.module())) {
      const auto graph = jit::toGraphFunction(unit.module().get_method(name).function()).graph();
      key += fmt::format("{} {:x}\n", name, canonical_hash(*graph));
    }
    for (const auto& attribute : unit.module().named_attributes(/*recurse=*/true)) {
      key += fmt::format("{} {}\n", attribute.name, attribute_key(attribute.value));
    }
  }
  return XXH3_64bits(key.data(), key.size());
}

} // namespace tsir
