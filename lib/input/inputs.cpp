#include "lib/input/inputs.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/input/file.h"
#include "lib/input/fill.h"
#include "lib/input/fit.h"
#include "lib/process/phase.h"

namespace tsir {
namespace {

// One entry for every argument of the schema, in order; std::nullopt if it was not given.
using Given = std::vector<std::optional<InputValue>>;

[[noreturn]] void refuse(const c10::FunctionSchema& schema, const std::string& what) {
  throw Error(ErrorKind::usage,
              fmt::format("{}; schema: {}; try: {}", what, schema_text(schema), suggest_inputs(schema)));
}

size_t argument_index(const c10::FunctionSchema& schema, const std::string& name) {
  const auto index = schema.argumentIndexWithName(name);
  if (!index) {
    refuse(schema, fmt::format("{} has no argument \"{}\"", schema.name(), name));
  }
  return static_cast<size_t>(*index);
}

void give(Given& given, const c10::FunctionSchema& schema, size_t index, InputValue value) {
  if (given[index]) {
    refuse(schema, fmt::format("argument {} is given twice", schema.arguments()[index].name()));
  }
  given[index] = std::move(value);
}

void give_positional(Given& given, const c10::FunctionSchema& schema, std::vector<InputValue> values) {
  if (values.size() > given.size()) {
    refuse(schema, fmt::format("{} takes {} inputs, but {} were given", schema.name(), given.size(), values.size()));
  }
  for (size_t i = 0; i < values.size(); ++i) {
    give(given, schema, i, std::move(values[i]));
  }
}

Given from_texts(const std::vector<std::string>& texts, const c10::FunctionSchema& schema) {
  Given given(schema.arguments().size());
  std::vector<InputValue> positional;
  for (const std::string& text : texts) {
    std::string_view rest = text;
    const std::string name = take_argument_name(rest);
    InputValue value = parse_input_value(rest);
    if (name.empty()) {
      positional.push_back(std::move(value));
    } else {
      give(given, schema, argument_index(schema, name), std::move(value));
    }
  }
  give_positional(given, schema, std::move(positional));
  return given;
}

// Whether every key of `dict` is the name of an argument.
bool names_arguments(const InputDict& dict, const c10::FunctionSchema& schema) {
  return std::all_of(dict.entries.begin(), dict.entries.end(), [&](const auto& entry) {
    const auto* name = std::get_if<std::string>(&entry.key.value);
    return name != nullptr && schema.argumentIndexWithName(*name).has_value();
  });
}

// A tuple or list contains the arguments in order, and a dict contains them by name. Any other value, including a dict
// with other keys, is the only argument.
Given from_whole(InputValue whole, const c10::FunctionSchema& schema) {
  Given given(schema.arguments().size());
  if (auto* tuple = std::get_if<InputTuple>(&whole.value)) {
    give_positional(given, schema, std::move(tuple->elements));
  } else if (auto* list = std::get_if<InputList>(&whole.value)) {
    const bool one_list =
        schema.arguments().size() == 1 && schema.arguments()[0].type()->kind() == c10::TypeKind::ListType;
    if (one_list && !(list->elements.size() == 1 && std::holds_alternative<InputList>(list->elements[0].value))) {
      give(given, schema, 0, std::move(whole));
    } else {
      give_positional(given, schema, std::move(list->elements));
    }
  } else if (auto* dict = std::get_if<InputDict>(&whole.value); dict != nullptr && names_arguments(*dict, schema)) {
    for (auto& [name, value] : dict->entries) {
      give(given, schema, argument_index(schema, std::get<std::string>(name.value)), std::move(value));
    }
  } else {
    std::vector<InputValue> only;
    only.push_back(std::move(whole));
    give_positional(given, schema, std::move(only));
  }
  return given;
}

// The method that torch.utils.bundled_inputs stored in the module for this method.
std::optional<jit::Method> bundle_of(const jit::Module& module, const std::string& method) {
  return module.find_method("get_all_bundled_inputs_for_" + method);
}

// The first of the inputs that are bundled with the module for this method.
std::optional<Given> from_bundle(jit::Module* module, const c10::FunctionSchema& schema) {
  const auto method = module == nullptr ? std::nullopt : bundle_of(*module, schema.name());
  if (!method) {
    return std::nullopt;
  }
  const Phase phase("fetching the bundled inputs");
  try {
    const c10::IValue all = (*method)({});
    const c10::IValue first = all.toListRef().empty() ? c10::IValue() : all.toListRef()[0];
    return first.isTuple() ? std::optional(from_whole(input_value_of(first), schema)) : std::nullopt;
  } catch (const c10::Error& error) {
    refuse(schema, fmt::format("the bundled inputs cannot be fetched: {}", one_line(error)));
  }
}

Given gather(const InputSettings& settings, const c10::FunctionSchema& schema, jit::Module* module) {
  if (!settings.file.empty() && !settings.inputs.empty()) {
    throw Error(ErrorKind::usage,
                fmt::format("give {} or {}, not both", spelled(Setting::input), spelled(Setting::inputs_file)));
  }
  if (!settings.file.empty()) {
    return from_whole(read_input_file(settings.file), schema);
  }
  if (!settings.whole.empty()) {
    return from_whole(parse_input_value(settings.whole), schema);
  }
  if (settings.inputs.empty()) {
    if (auto bundled = from_bundle(module, schema)) {
      return std::move(*bundled);
    }
  }
  return from_texts(settings.inputs, schema);
}

void resize(Given& given, const c10::FunctionSchema& schema, const Batch& batch) {
  for (const auto& [name, dimension] : batch.dimensions.by_name) {
    argument_index(schema, name); // throws if it does not exist
  }
  size_t tensors = 0;
  for (size_t i = 0; i < given.size(); ++i) {
    const std::string& name = schema.arguments()[i].name();
    const auto dimension = batch.dimensions.of(name);
    if (!given[i] || !dimension) {
      continue;
    }
    try {
      tensors += resize_tensors(*given[i], *dimension, batch.size);
    } catch (const InputMismatch& mismatch) {
      throw Error(ErrorKind::usage,
                  fmt::format("input {} of {}: {}; {} {}=D selects the dimension, {}=none "
                              "leaves it as it is",
                              name, schema.name(), mismatch.what, spelled(Setting::batch_dim), name, name));
    } catch (const c10::Error& error) { // a quantized or sparse tensor, or too little memory
      throw Error(ErrorKind::usage, fmt::format("input {} of {} cannot be made a batch of {}: {}", name, schema.name(),
                                                batch.size, one_line(error)));
    }
  }
  if (tensors == 0) {
    throw Error(ErrorKind::usage, fmt::format("{}: {} is not given a tensor that could have a batch dimension",
                                              spelled(Setting::batch), schema.name()));
  }
}

} // namespace

bool bundles_inputs(const jit::Module& module, const std::string& method) {
  return bundle_of(module, method).has_value();
}

std::vector<c10::IValue> make_inputs(const InputSettings& settings, const c10::FunctionSchema& schema,
                                     jit::Module* module) {
  const Phase phase("making inputs");
  Given given = gather(settings, schema, module);
  if (settings.batch) {
    resize(given, schema, *settings.batch);
  }
  std::vector<c10::IValue> inputs;
  for (size_t i = 0; i < given.size(); ++i) {
    const c10::Argument& argument = schema.arguments()[i];
    if (!given[i]) {
      if (!argument.default_value()) {
        refuse(schema, fmt::format("{} needs an input for {} ({})", schema.name(), argument.name(),
                                   argument.type()->repr_str()));
      }
      inputs.push_back(argument.default_value()->deepcopy()); // a copy, because a model may modify a list in place
      continue;
    }
    FitSettings fit_settings{settings.device, make_generator(settings.seed, i)};
    try {
      inputs.push_back(fit(*given[i], argument.type(), fit_settings));
    } catch (const InputMismatch& mismatch) {
      refuse(schema, fmt::format("input {} of {}: {}", argument.name(), schema.name(), mismatch.what));
    }
  }
  return inputs;
}

void check_inputs(const std::vector<c10::IValue>& inputs, const c10::FunctionSchema& schema) {
  if (inputs.size() != schema.arguments().size()) {
    refuse(schema, fmt::format("{} takes {} inputs, but {} were given", schema.name(), schema.arguments().size(),
                               inputs.size()));
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    const c10::Argument& argument = schema.arguments()[i];
    if (!inputs[i].isTensor() && inputs[i].type()->isSubtypeOf(*argument.type())) {
      continue;
    }
    FitSettings settings{c10::kCPU, make_generator(0, i)};
    try {
      fit(input_value_of(inputs[i]), argument.type(), settings);
    } catch (const InputMismatch& mismatch) {
      refuse(schema, fmt::format("input {} of {}: {}", argument.name(), schema.name(), mismatch.what));
    }
  }
}

} // namespace tsir
