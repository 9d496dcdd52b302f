#include "lib/ir/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tsir {
namespace {

using AttributeKind = jit::AttributeKind;

// Hashes everything that defines a graph. Values are numbered in the order of their definition, so names do not matter.
class Hasher {
public:
  // `whole`: the graph that is hashed, or nullptr if a node of it is.
  explicit Hasher(const jit::Graph* whole = nullptr) : state_(XXH3_createState()), whole_(whole) {
    XXH3_64bits_reset(state_);
  }
  ~Hasher() { XXH3_freeState(state_); }
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  uint64_t digest() const { return XXH3_64bits_digest(state_); }

  void add_bytes(const void* data, size_t size) {
    if (size > 0) {
      XXH3_64bits_update(state_, data, size);
    }
  }

  template <class Number> void add(Number number) {
    static_assert(std::is_arithmetic_v<Number>);
    add_bytes(&number, sizeof number);
  }

  void add(std::string_view text) {
    add(text.size());
    add_bytes(text.data(), text.size());
  }
  void add(const std::string& text) { add(std::string_view(text)); }
  void add(const char* text) { add(std::string_view(text)); }

  // `hashes` of the nodes in its blocks.
  void add_alone(const jit::Node& node, NodeHashes& hashes) {
    add(node.kind().toQualString());
    add(node.inputs().size());
    add(node.outputs().size());
    if (node.kind() == c10::prim::Constant) { // 1 and True have the same attribute
      add(static_cast<int>(node.output()->type()->kind()));
    }
    add_attributes(node);
    for (const jit::Block* block : node.blocks()) {
      add_block(*block, [&](const jit::Node& nested) {
        add(hashes.of(nested));
        for (const jit::Value* input : nested.inputs()) {
          add_use(input);
        }
      });
    }
  }

  void add_attribute(const jit::Node& node, c10::Symbol name) {
    add(name.toQualString());
    const AttributeKind kind = node.kindOf(name);
    add(static_cast<int>(kind));
    switch (kind) {
    case AttributeKind::f:
      return add(node.f(name));
    case AttributeKind::i:
      return add(node.i(name));
    case AttributeKind::s:
      return add(node.s(name));
    case AttributeKind::t:
      return add_tensor(node.t(name));
    case AttributeKind::ival:
      return add(node.ival(name));
    case AttributeKind::g:
      return add(*node.g(name));
    case AttributeKind::ty:
      return add_type(node.ty(name));
    default:
      return add_list_attribute(node, name, kind);
    }
  }

  void add(const jit::Graph& graph) { add(*const_cast<jit::Graph&>(graph).block()); }

  void add(const c10::IValue& value) {
    add(value.tagKind());
    if (value.isTensor()) {
      add_tensor(value.toTensor());
    } else if (value.isTuple()) {
      add_all(value.toTupleRef().elements());
    } else if (value.isList()) {
      add(value.type()->annotation_str());
      add_all(value.toListRef());
    } else if (value.isGenericDict()) {
      add(value.type()->annotation_str());
      for (const auto& entry : value.toGenericDict()) {
        add(entry.key());
        add(entry.value());
      }
    } else if (value.isObject()) {
      add(value.type()->annotation_str());
      add(reinterpret_cast<uintptr_t>(value.toObjectRef().type().get()));
    } else if (value.isDouble()) {
      add(value.toDouble()); // by bits, so that NaNs and -0.0 are distinguished
    } else {
      std::ostringstream text;
      text << value;
      add(text.str());
    }
  }

private:
  template <class Values> void add_all(const Values& values) {
    add(values.size());
    for (const c10::IValue& value : values) {
      add(value);
    }
  }

  void add_tensor(const at::Tensor& tensor) {
    add(tensor.defined());
    if (!tensor.defined()) {
      return;
    }
    add(static_cast<int>(tensor.scalar_type()));
    add(static_cast<int>(tensor.layout()));
    add(tensor.device().str());
    for (const int64_t size : tensor.sizes()) {
      add(size);
    }
    if (tensor.layout() != at::kStrided || tensor.is_quantized()) {
      add(reinterpret_cast<uintptr_t>(tensor.unsafeGetTensorImpl())); // the contents cannot be read as plain bytes
      return;
    }
    for (const int64_t stride : tensor.strides()) {
      add(stride);
    }
    if (tensor.is_meta() || tensor.numel() == 0) {
      return;
    }
    const at::Tensor plain = tensor.detach().to(at::kCPU).contiguous();
    add_bytes(plain.data_ptr(), plain.nbytes());
  }

  void add_type(const c10::TypePtr& type) {
    // Hashes types as graphs print them: with shapes, but only the names of classes. repr_str() adds the address of the
    // compilation unit, which differs each time that the same file is loaded.
    const auto [found, added] = types_.try_emplace(type.get());
    if (added) {
      std::ostringstream text;
      text << *type;
      found->second = text.str();
    }
    add(found->second);
  }

  void add_list_attribute(const jit::Node& node, c10::Symbol name, AttributeKind kind) {
    const auto each = [&](const auto& items, const auto& feed) {
      add(items.size());
      for (const auto& item : items) {
        feed(item);
      }
    };
    const auto plain = [&](const auto& item) { add(item); };
    switch (kind) {
    case AttributeKind::c:
      return add_complex(node.c(name));
    case AttributeKind::cs:
      return each(node.cs(name), [&](c10::complex<double> number) { add_complex(number); });
    case AttributeKind::fs:
      return each(node.fs(name), plain);
    case AttributeKind::is:
      return each(node.is(name), plain);
    case AttributeKind::ss:
      return each(node.ss(name), plain);
    case AttributeKind::ts:
      return each(node.ts(name), [&](const at::Tensor& tensor) { add_tensor(tensor); });
    case AttributeKind::gs:
      return each(node.gs(name), [&](const GraphPtr& graph) { add(*graph); });
    case AttributeKind::tys:
      return each(node.tys(name), [&](const c10::TypePtr& type) { add_type(type); });
    default:
      TORCH_CHECK(false, "attribute ", name.toUnqualString(), " is of an unknown kind");
    }
  }

  void add_complex(c10::complex<double> number) {
    add(number.real());
    add(number.imag());
  }

  void define(const jit::Value* value) {
    if (value->owningGraph() == whole_) {
      if (value->unique() >= of_whole_.size()) {
        of_whole_.resize(std::max(value->unique() + 1, 2 * of_whole_.size()), unknown);
      }
      of_whole_[value->unique()] = next_++;
    } else if (numbers_.emplace(value, next_).second) { // several nodes may have the same subgraph
      ++next_;
    }
    add_type(value->type());
  }

  void add_use(const jit::Value* value) {
    if (value->owningGraph() == whole_) {
      add(value->unique() < of_whole_.size() ? of_whole_[value->unique()] : unknown);
      return;
    }
    const auto number = numbers_.find(value);
    add(number == numbers_.end() ? unknown : number->second);
  }

  void add(const jit::Block& block) {
    add_block(block, [this](const jit::Node& node) { add_node(node); });
  }

  template <class AddNode> void add_block(const jit::Block& block, const AddNode& add_node_of_block) {
    add(block.inputs().size());
    for (const jit::Value* input : block.inputs()) {
      define(input);
    }
    for (const jit::Node* node : block.nodes()) {
      add_node_of_block(*node);
      add(node->outputs().size());
      for (const jit::Value* output : node->outputs()) {
        define(output);
      }
    }
    add(block.outputs().size());
    for (const jit::Value* output : block.outputs()) {
      add_use(output);
    }
  }

  void add_attributes(const jit::Node& node) {
    for (const c10::Symbol name : node.attributeNames()) {
      add_attribute(node, name);
    }
  }

  void add_node(const jit::Node& node) {
    add(node.kind().toQualString());
    add(node.inputs().size());
    for (const jit::Value* input : node.inputs()) {
      add_use(input);
    }
    add_attributes(node);
    for (const jit::Block* block : node.blocks()) {
      add(*block);
    }
  }

  XXH3_state_t* state_;
  static constexpr size_t unknown = SIZE_MAX; // in a malformed graph, which is hashed too; lint reports it
  size_t next_ = 0;
  const jit::Graph* whole_; // its values are looked up in a list, by LibTorch's numbers
  std::vector<size_t> of_whole_;
  std::unordered_map<const jit::Value*, size_t> numbers_;   // of the values of all other graphs
  std::unordered_map<const c10::Type*, std::string> types_; // their texts; values and attributes keep the types alive
};

} // namespace

uint64_t canonical_hash(const jit::Graph& graph) {
  Hasher hasher(&graph);
  hasher.add(graph);
  return hasher.digest();
}

uint64_t NodeHashes::of(const jit::Node& node) {
  if (const auto found = known_.find(&node); found != known_.end()) {
    return found->second;
  }
  Hasher hasher;
  hasher.add_alone(node, *this);
  return known_.emplace(&node, hasher.digest()).first->second;
}

uint64_t attribute_hash(const jit::Node& node, c10::Symbol name) {
  Hasher hasher;
  hasher.add_attribute(node, name);
  return hasher.digest();
}

} // namespace tsir
