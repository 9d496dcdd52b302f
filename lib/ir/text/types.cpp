#include "lib/ir/text/types.h"

#include "lib/base/setting.h"
#include "lib/ir/text/definitions.h"
#include "lib/ir/text/numbers.h"
#include "lib/ir/text/tensor_types.h"

#include <torch/custom_class.h>

namespace tsir::ir_text {
namespace {

using TypePtr = c10::TypePtr;

constexpr size_t any_number = SIZE_MAX;
constexpr size_t most_suffixes = 10'000; // limits int[][][]…, which nests without open brackets

const std::unordered_map<std::string_view, TypePtr>& simple_types() {
  static const std::unordered_map<std::string_view, TypePtr> types = {
      {"Generator", c10::GeneratorType::get()},
      {"Dimname", c10::StringType::get()},
      {"ScalarType", c10::IntType::get()},
      {"Layout", c10::IntType::get()},
      {"MemoryFormat", c10::IntType::get()},
      {"Storage", c10::StorageType::get()},
      {"QScheme", c10::QSchemeType::get()},
      {"Quantizer", c10::QuantizerType::get()},
      {"ConstQuantizerPtr", c10::IntType::get()},
      {"Device", c10::DeviceObjType::get()},
      {"DeviceIndex", c10::IntType::get()},
      {"Stream", c10::StreamObjType::get()},
      {"Scalar", c10::NumberType::get()},
      {"number", c10::NumberType::get()},
      {"str", c10::StringType::get()},
      {"float", c10::FloatType::get()},
      {"complex", c10::ComplexType::get()},
      {"int", c10::IntType::get()},
      {"bool", c10::BoolType::get()},
      {"SymInt", c10::SymIntType::get()},
      {"SymFloat", c10::SymFloatType::get()},
      {"SymBool", c10::SymBoolType::get()},
      {"None", c10::NoneType::get()},
      {"NoneType", c10::NoneType::get()},
      {"Capsule", c10::CapsuleType::get()},
      {"PyObject", c10::PyObjectType::get()},
      {"Any", c10::AnyType::get()},
      {"AnyClassType", c10::AnyClassType::get()},
      {"AnyEnumType", c10::AnyEnumType::get()},
      {"AnyListType", c10::AnyListType::get()},
      {"list", c10::AnyListType::get()},
      {"AnyTupleType", c10::AnyTupleType::get()},
      {"tuple", c10::AnyTupleType::get()},
  };
  return types;
}

struct Container {
  std::string_view name;
  size_t elements;
  TypePtr (*make)(std::vector<TypePtr> elements);
};

constexpr std::array containers = {
    Container{"Future", 1, [](std::vector<TypePtr> of) -> TypePtr { return c10::FutureType::create(of[0]); }},
    Container{"Await", 1, [](std::vector<TypePtr> of) -> TypePtr { return c10::AwaitType::create(of[0]); }},
    Container{"RRef", 1, [](std::vector<TypePtr> of) -> TypePtr { return c10::RRefType::create(of[0]); }},
    Container{"Optional", 1, [](std::vector<TypePtr> of) -> TypePtr { return c10::OptionalType::create(of[0]); }},
    Container{"List", 1, [](std::vector<TypePtr> of) -> TypePtr { return c10::ListType::create(of[0]); }},
    Container{"Dict", 2, [](std::vector<TypePtr> of) -> TypePtr { return c10::DictType::create(of[0], of[1]); }},
    Container{"Tuple", any_number,
              [](std::vector<TypePtr> of) -> TypePtr { return c10::TupleType::create(std::move(of)); }},
    Container{"Union", any_number,
              [](std::vector<TypePtr> of) -> TypePtr { return c10::UnionType::create(std::move(of)); }},
};

class TypeReader {
public:
  explicit TypeReader(Cursor& cursor) : cursor_(cursor) {}

  TypePtr read() {
    const Nested nested(cursor_);
    TypePtr type = base();
    for (;;) {
      if (cursor_.at("[") && cursor_.at("]", 1)) {
        cursor_.next();
        cursor_.next();
        type = c10::ListType::create(std::move(type));
      } else if (cursor_.skip("?")) {
        type = c10::OptionalType::create(type);
      } else if (cursor_.at("[") && cursor_.at("Undefined", 1)) {
        type = undefined(type);
        continue;
      } else {
        return type;
      }
      if (++suffixes_ > most_suffixes) {
        cursor_.fail(std::string(too_deep));
      }
    }
  }

private:
  TypePtr undefined(const TypePtr& type) {
    const auto tensor = type->cast<c10::TensorType>();
    if (!tensor) {
      cursor_.fail("only a tensor can be undefined");
    }
    cursor_.next();
    cursor_.next();
    cursor_.expect("]");
    return tensor->withUndefined();
  }

  TypePtr base() {
    if (cursor_.skip("(")) {
      return c10::TupleType::create(elements(")"));
    }
    const Word start = cursor_.peek();
    if (start.kind != WordKind::name) {
      cursor_.fail("expected a type");
    }
    if (is_tensor_name(start.text)) {
      return read_tensor_type(cursor_);
    }
    cursor_.next();
    if (start.text == "NamedTuple") {
      return named_tuple();
    }
    for (const Container& container : containers) {
      if (container.name == start.text) {
        return make(container, start);
      }
    }
    const auto simple = simple_types().find(start.text);
    return simple != simple_types().end() ? simple->second : named(start);
  }

  std::vector<TypePtr> elements(std::string_view close) {
    std::vector<TypePtr> types;
    comma_separated(cursor_, close, [&] { types.push_back(read()); });
    return types;
  }

  TypePtr make(const Container& container, const Word& start) {
    const std::string_view close = cursor_.skip("[") ? "]" : ")";
    if (close == ")") {
      cursor_.expect("(");
    }
    if (container.name == "Tuple" && cursor_.at("(") && cursor_.at(")", 1) && cursor_.at(close, 2)) {
      cursor_.next(); // Tuple[()], the empty one
      cursor_.next();
    }
    std::vector<TypePtr> types = elements(close);
    if (container.elements != any_number && container.elements != types.size()) {
      cursor_.fail(start, fmt::format("{} takes {} type{}, not {}", container.name, container.elements,
                                      container.elements == 1 ? "" : "s", types.size()));
    }
    return container.make(std::move(types));
  }

  TypePtr named_tuple() {
    std::vector<std::string> names;
    std::vector<TypePtr> types;
    cursor_.expect("(");
    comma_separated(cursor_, ")", [&] {
      names.push_back(cursor_.expect_name("a field's name"));
      cursor_.expect(":");
      types.push_back(read());
    });
    return c10::TupleType::createNamed(std::nullopt, names, types);
  }

  // Classes, and type variables, which begin with a lower-case letter.
  TypePtr named(const Word& start) {
    const std::string name(start.text);
    if (name.starts_with("__torch__.torch.classes.")) {
      TypePtr type = torch::getCustomClass(name);
      if (!type) {
        cursor_.fail(start, fmt::format("the class {} is not registered: give the library that defines it with "
                                        "{} lib.so",
                                        name, spelled(Setting::load_library)));
      }
      return type;
    }
    if (name == "Function") {
      return function(start);
    }
    if (name == "Enum" && cursor_.skip("<")) {
      TypePtr type = read();
      cursor_.expect(">");
      return type;
    }
    if (TypePtr type = cursor_.definitions() != nullptr ? cursor_.definitions()->type(cursor_, name) : nullptr) {
      return cursor_.at("(") ? with_fields(start, type) : type;
    }
    if (name.starts_with("__torch__") || name == "InterfaceType") {
      cursor_.fail(start, fmt::format("the text does not define {}: `class {}(Module): …` after the graph, as in "
                                      "the text that {} FILE.ir writes",
                                      name, name.starts_with("__") ? name : "NAME", spelled(Setting::output)));
    }
    if (name[0] >= 'a' && name[0] <= 'z') {
      return c10::VarType::create(name);
    }
    cursor_.fail(start, fmt::format("unknown type {}", name));
  }

  // Function(__torch__.f)
  TypePtr function(const Word& start) {
    if (!cursor_.skip("(")) {
      cursor_.fail(start, fmt::format("the text does not name this function: {} FILE.ir writes Function(NAME), and the "
                                      "function after the graph",
                                      spelled(Setting::output)));
    }
    const Word place = cursor_.peek();
    const std::string name = cursor_.expect_name("the name of a function");
    cursor_.expect(")");
    jit::Function* found = cursor_.definitions() != nullptr ? cursor_.definitions()->function(cursor_, name) : nullptr;
    if (found == nullptr) {
      cursor_.fail(place,
                   fmt::format("the function {0} is missing: `function {0}(…) -> … = graph(…)` after the graph", name));
    }
    return c10::FunctionType::create(found);
  }

  // A named tuple for whose fields more is known than their declaration says.
  TypePtr with_fields(const Word& start, const TypePtr& type) {
    cursor_.expect("(");
    std::vector<TypePtr> fields = elements(")");
    if (type->kind() != c10::TypeKind::TupleType || fields.size() != type->containedTypes().size()) {
      cursor_.fail(start, fmt::format("{} does not have {} fields", start.text, fields.size()));
    }
    return type->withContained(std::move(fields));
  }

  Cursor& cursor_;
  size_t suffixes_ = 0;
};

} // namespace

TypePtr read_type(Cursor& cursor) {
  return TypeReader(cursor).read();
}

bool fits(const c10::TypePtr& value, const c10::TypePtr& declared) {
  if (value->isSubtypeOf(*declared)) {
    return true;
  }
  const auto tuple = value->cast<c10::TupleType>();
  const auto named = declared->cast<c10::TupleType>();
  return tuple && named && !tuple->schema() && std::ranges::equal(tuple->elements(), named->elements(), fits);
}

bool named_value_begins(const Cursor& cursor, size_t ahead) {
  if (cursor.peek(ahead).kind != WordKind::name || cursor.definitions() == nullptr) {
    return false;
  }
  const bool fields = cursor.at("(", ahead + 1) && cursor.peek(ahead + 2).kind == WordKind::name &&
                      cursor.at("=", ahead + 3) && !is_tensor_name(cursor.peek(ahead).text); // Float(device=cpu)
  return cursor.at("{", ahead + 1) || fields ||
         cursor.definitions()->enum_member(cursor, std::string(cursor.peek(ahead).text)).has_value();
}

bool type_begins(const Cursor& cursor, size_t ahead) {
  static const std::unordered_set<std::string_view> values = {"True",
                                                              "False",
                                                              "None",
                                                              "inf",
                                                              "nan",
                                                              "infj",
                                                              "nanj",
                                                              "annotate",
                                                              "tensor",
                                                              "view",
                                                              "object",
                                                              "torch.device",
                                                              "torch.Generator",
                                                              "mkldnn",
                                                              "sparse_coo",
                                                              "sparse_csr",
                                                              "bits"};
  for (size_t most = ahead + 1001; ahead < most && cursor.at("(", ahead); ++ahead) {
  }
  const Word& word = cursor.peek(ahead);
  return word.kind == WordKind::name && !values.contains(word.text) && !named_value_begins(cursor, ahead);
}

int64_t read_integer(Cursor& cursor) {
  const Word start = cursor.peek();
  std::string text = cursor.skip("-") ? "-" : "";
  if (cursor.peek().kind != WordKind::number) {
    cursor.fail("expected a number");
  }
  text += cursor.next().text;
  const auto number = integer_of(text);
  if (!number) {
    cursor.fail(start, fmt::format("{} is not a 64-bit integer", text));
  }
  return *number;
}

} // namespace tsir::ir_text
