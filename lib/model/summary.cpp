#include "lib/model/summary.h"

#include "lib/archive/extra_files.h"
#include "lib/archive/module_file.h"
#include "lib/ir/dtype_names.h"
#include "lib/ir/walk.h"
#include "lib/model/state_effects.h"
#include "lib/model/traced_inputs.h"
#include "lib/model/traits.h"
#include "lib/model/unit.h"

#include <set>

#include <charconv>

namespace tsir {
namespace {

// Sums up tensors by dtype and device. Shared memory is counted once.
class Totals {
public:
  explicit Totals(const InspectedModule& inspected) : inspected_(inspected) {}

  void add(const at::Tensor& tensor, std::vector<TensorTotal>& totals) {
    const uint64_t bytes = tensor_bytes(tensor);
    if (tensor.has_storage() && bytes > 0 && !seen_.insert({tensor.storage().data(), bytes}).second) {
      return;
    }
    const std::string dtype = dtype_name(tensor.scalar_type());
    const std::string device = saved_device(inspected_, tensor);
    auto at = std::find_if(totals.begin(), totals.end(),
                           [&](const TensorTotal& total) { return total.dtype == dtype && total.device == device; });
    if (at == totals.end()) {
      at = totals.insert(at, {.dtype = dtype, .device = device});
    }
    ++at->tensors;
    at->elements += static_cast<uint64_t>(tensor.numel());
    at->bytes += bytes;
  }

private:
  const InspectedModule& inspected_;
  std::set<std::pair<const void*, uint64_t>> seen_;
};

void add_tensors(const InspectedModule& inspected, ModelSummary& summary) {
  Totals totals(inspected);
  for (const auto& attribute : attributes_of(inspected)) {
    if (attribute.kind == AttributeKind::module) {
      summary.submodules += attribute.shared_with.empty();
      continue;
    }
    auto& group = attribute.kind == AttributeKind::parameter ? summary.parameters
                  : attribute.kind == AttributeKind::buffer  ? summary.buffers
                                                             : summary.others;
    if (attribute.value.isObject()) {
      continue; // its attributes are listed separately
    }
    for (const at::Tensor& tensor : tensors_in(attribute.value)) {
      totals.add(tensor, group);
    }
  }
  for (const auto& constant : *inspected.constants) {
    for (const at::Tensor& tensor : tensors_in(constant)) {
      totals.add(tensor, summary.constants);
    }
  }
}

// 3 for "float32[3,16]", also within a list, tuple or dict.
std::set<int64_t> first_sizes(const std::vector<std::string>& inputs) {
  std::set<int64_t> sizes;
  for (const std::string& text : inputs) {
    for (size_t at = text.find('['); at != std::string::npos; at = text.find('[', at + 1)) {
      int64_t size = 0;
      const auto [end, failed] = std::from_chars(text.data() + at + 1, text.data() + text.size(), size);
      if (failed == std::errc() && (*end == ',' || *end == ']')) {
        sizes.insert(size);
      }
    }
  }
  return sizes;
}

void add_traits(const InspectedModule& inspected, ModelSummary& summary) {
  const TraitSettings settings{summary.training.value_or(false), first_sizes(summary.traced_inputs)};
  std::set<std::tuple<std::string, std::string, std::string>> known; // methods share code
  for (const std::string& name : method_names(inspected.module)) {
    const auto traits = traits_of(*inspected.module.get_method(name).graph(), settings);
    std::ranges::copy_if(traits, std::back_inserter(summary.traits), [&](const Effect& trait) {
      return known.emplace(trait.operation, trait.what, trait.place).second;
    });
  }
  const auto type = inspected.module.type();
  for (const auto& hooks : {type->getForwardPreHooks(), type->getForwardHooks()}) {
    std::ranges::transform(hooks, std::back_inserter(summary.hooks), &jit::Function::name);
  }
}

std::vector<Effect> all_effects_of(const jit::Graph& graph, const GraphPtr& whole, const jit::Module& module) {
  std::vector<Effect> effects = effects_of(graph);
  // Where inlining would give too large a graph, at least what each function writes to directly is found.
  for (const ReachedGraph& reached : whole ? std::vector<ReachedGraph>{{"", whole.get()}} : reached_graphs(graph)) {
    std::ranges::move(state_effects_of(*reached.graph,
                                       Branches([&](const std::string& path) { return training_flag(module, path); })),
                      std::back_inserter(effects));
  }
  return effects;
}

void add_methods(const InspectedModule& inspected, InlinedGraphs& inlined, ModelSummary& summary) {
  std::set<std::tuple<std::string, std::string, std::string>> effects; // methods share code
  for (const std::string& name : method_names(inspected.module)) {
    const auto method = inspected.module.get_method(name);
    const auto& graph = *method.graph();
    const GraphPtr whole = inlined.of(graph);
    summary.methods.push_back({name, schema_text(method.function().getSchema(), name), count_nodes(graph, true),
                               whole ? std::optional<uint64_t>(count_nodes(*whole, true)) : std::nullopt});
    for (auto& effect : all_effects_of(graph, whole, inspected.module)) {
      // __setstate__ is expected to set attributes.
      const bool expected = name == "__setstate__" && effect.operation == "prim::SetAttr";
      if (!expected && effects.insert({effect.operation, effect.what, effect.place}).second) {
        summary.effects.push_back(std::move(effect));
      }
    }
  }
  summary.bundled_inputs = inspected.module.find_method("get_all_bundled_inputs").has_value();
  if (inspected.archive) {
    const auto traced = traced_inputs(*inspected.archive);
    const auto forward = traced.find("forward");
    summary.traced_inputs = forward == traced.end() ? std::vector<std::string>() : forward->second;
  }
  add_traits(inspected, summary);
}

// The format version is usually 3, so records that newer writers add are more informative.
std::string written_by(const Archive& archive, uint64_t version) {
  if (!archive.bytes().converted_from().empty()) {
    return "PyTorch 1.12 or newer"; // which introduced flatbuffers
  }
  if (archive.find("byteorder") != nullptr) {
    return "PyTorch 2.1 or newer";
  }
  if (version >= 8) {
    return "PyTorch 1.12 or newer";
  }
  if (version >= 4) {
    return "PyTorch 1.6 or newer";
  }
  return version == 3 ? "PyTorch 1.5 or newer" : "PyTorch 1.4 or older";
}

} // namespace

std::string schema_text(const c10::FunctionSchema& schema, const std::string& name) {
  const auto& arguments = schema.arguments();
  // Whatever the author calls it.
  const auto type = arguments.empty() ? nullptr : arguments[0].type()->cast<c10::ClassType>();
  const bool has_self = !arguments.empty() && (arguments[0].name() == "self" || (type && type->is_module()));
  std::vector<c10::Argument> shown(arguments.begin() + (has_self ? 1 : 0), arguments.end());
  return toString(c10::FunctionSchema(name, "", std::move(shown), schema.returns()));
}

ArchiveSummary summarize(const Archive& archive) {
  ArchiveSummary summary;
  summary.file_bytes = archive.bytes().file_size();
  summary.version = read_version(archive);
  summary.written_by = summary.version > 0 ? written_by(archive, summary.version) : "";
  summary.entries = archive.entries().size();
  summary.lite_bytecode = has_lite_bytecode(archive);
  summary.extra_files = extra_file_names(archive);
  for (const auto& entry : archive.entries()) {
    const std::string_view name = entry.name;
    if (name.starts_with("code/") && name.ends_with(".py")) {
      ++summary.code_files;
      summary.code_bytes += entry.size;
    } else if (name.starts_with("data/") || name.starts_with("constants/") || name.starts_with("tensors/")) {
      ++summary.tensor_files;
      summary.tensor_bytes += entry.size;
    }
  }
  return summary;
}

ModelSummary summarize(const InspectedModule& inspected, InlinedGraphs& inlined) {
  ModelSummary summary;
  summary.module_class = short_class(*inspected.module.type());
  if (const auto slot = inspected.module.type()->findAttributeSlot("training")) {
    const c10::IValue training = inspected.module._ivalue()->slots().at(*slot);
    summary.training = training.isBool() ? std::optional(training.toBool()) : std::nullopt;
  }
  add_methods(inspected, inlined, summary);
  add_tensors(inspected, summary);
  summary.setstate_classes = inspected.unset_classes;
  summary.custom = code_needs(inspected.code);
  return summary;
}

} // namespace tsir
