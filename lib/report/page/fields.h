// JSON of structs whose fields are listed once: fields_of(const Struct*) returns a tuple of field(…).
#pragma once

#include <nlohmann/json.hpp>

#include <tuple>
#include <utility>

namespace tsir {

using ReportJson = nlohmann::ordered_json;

// A member with its name in JSON.
template <class Struct, class Member> struct Field {
  const char* name;
  Member Struct::*member;
};
template <class Struct, class Member> Field<Struct, Member> field(const char* name, Member Struct::*member) {
  return {name, member};
}

template <class Struct>
concept HasFields = requires {
  fields_of(static_cast<const Struct*>(nullptr));
};

// Calls `visit` with each field of the struct.
template <class Struct, class Visit> void each_field(Visit&& visit) {
  std::apply([&](const auto&... fields) { (visit(fields), ...); }, fields_of(static_cast<const Struct*>(nullptr)));
}

// What has its default value is left out.
template <HasFields Struct> ReportJson json_of_fields(const Struct& value) {
  ReportJson json = ReportJson::object();
  const Struct defaults;
  each_field<Struct>([&](const auto& field) {
    ReportJson written = value.*field.member;
    if (written != ReportJson(defaults.*field.member)) {
      json[field.name] = std::move(written);
    }
  });
  return json;
}

// Missing fields get their default, so that the data of other versions can be read.
template <HasFields Struct> void read_fields(const ReportJson& json, Struct& value) {
  value = {};
  each_field<Struct>([&](const auto& field) {
    if (const auto found = json.find(field.name); found != json.end()) {
      found->get_to(value.*field.member);
    }
  });
}

// nlohmann's conversions.
template <HasFields Struct> void to_json(ReportJson& json, const Struct& value) {
  json = json_of_fields(value);
}
template <HasFields Struct> void from_json(const ReportJson& json, Struct& value) {
  read_fields(json, value);
}

} // namespace tsir
