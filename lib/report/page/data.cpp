#include "lib/report/page/data.h"

#include <stdexcept>

namespace tsir {
namespace {

constexpr const char* schema = "tsir.report/1";

// The fields of each struct, once for both directions: `field(name, member)`.
template <class Field> void each_field(Field&& field, ReportBox& box) {
  field("title", box.title);
  field("op", box.op);
  field("text", box.text);
  field("kind", box.kind);
  field("module", box.module);
  field("values", box.values);
  field("types", box.types);
  field("cost", box.cost);
}

template <class Field> void each_field(Field&& field, ReportSpeed& speed) {
  field("verdict", speed.verdict);
  field("text", speed.text);
  field("ratio", speed.ratio);
  field("low", speed.low);
  field("high", speed.high);
}

template <class Field> void each_field(Field&& field, ReportTable& table) {
  field("columns", table.columns);
  field("rows", table.rows);
}

template <class Field> void each_field(Field&& field, ReportPicture& picture) {
  field("level", picture.level);
  field("note", picture.note);
  field("boxes", picture.boxes);
}

template <class Field> void each_field(Field&& field, ReportPass& pass) {
  field("name", pass.name);
  field("use", pass.use);
  field("passes", pass.passes);
  field("changed", pass.changed);
  field("failure", pass.failure);
  field("seconds", pass.seconds);
  field("note", pass.note);
  field("analysis", pass.analysis);
  field("nodes_before", pass.nodes_before);
  field("nodes_after", pass.nodes_after);
  field("operators", pass.operators);
  field("verdict", pass.verdict);
  field("verdict_detail", pass.verdict_detail);
  field("reproduce", pass.reproduce);
  field("speed", pass.speed);
  field("speed_from_start", pass.speed_from_start);
  field("profile", pass.profile);
  field("diff", pass.diff);
  field("nodes", pass.nodes);
  field("before", pass.before);
  field("after", pass.after);
  field("partners", pass.partners);
}

template <class Field> void each_field(Field&& field, ReportData& data) {
  field("tool", data.tool);
  field("file", data.file);
  field("method", data.method);
  field("passes", data.passes);
  field("each", data.each);
  field("date", data.date);
  field("commands", data.commands);
  field("facts", data.facts);
  field("warnings", data.warnings);
  field("bench", data.bench);
  field("bench_text", data.bench_text);
  field("profile", data.profile);
  field("passes_run", data.passes_run);
  field("pictures", data.pictures);
}

// Writes what differs from its default.
template <class Struct> ReportJson json_of(const Struct& value) {
  ReportJson json = ReportJson::object();
  Struct defaults;
  std::vector<ReportJson> usual;
  each_field([&](const char*, auto& member) { usual.emplace_back(member); }, defaults);
  size_t next = 0;
  each_field(
      [&](const char* name, auto& member) {
        ReportJson written = member;
        if (written != usual[next++]) {
          json[name] = std::move(written);
        }
      },
      const_cast<Struct&>(value)); // it is only read
  return json;
}

template <class Struct> void read(const ReportJson& json, Struct& value) {
  value = {};
  each_field(
      [&](const char* name, auto& member) {
        if (const auto found = json.find(name); found != json.end()) {
          found->get_to(member);
        }
      },
      value);
}

} // namespace

void to_json(ReportJson& json, const ReportPartner& partner) {
  json = ReportJson::array({partner.before, partner.after, partner.changed ? 1 : 0});
}

void from_json(const ReportJson& json, ReportPartner& partner) {
  partner = {json.at(0), json.at(1), json.at(2) != 0};
}

void to_json(ReportJson& json, const ReportBox& box) {
  json = json_of(box);
}

void from_json(const ReportJson& json, ReportBox& box) {
  read(json, box);
}

void to_json(ReportJson& json, const ReportSpeed& speed) {
  json = json_of(speed);
}

void from_json(const ReportJson& json, ReportSpeed& speed) {
  read(json, speed);
}

void to_json(ReportJson& json, const ReportTable& table) {
  json = json_of(table);
}

void from_json(const ReportJson& json, ReportTable& table) {
  read(json, table);
}

void to_json(ReportJson& json, const ReportPicture& picture) {
  json = json_of(picture);
}

void from_json(const ReportJson& json, ReportPicture& picture) {
  read(json, picture);
}

void to_json(ReportJson& json, const ReportPass& pass) {
  json = json_of(pass);
}

void from_json(const ReportJson& json, ReportPass& pass) {
  read(json, pass);
}

void to_json(ReportJson& json, const ReportData& data) {
  json = {{"schema", schema}};
  json.update(json_of(data));
}

void from_json(const ReportJson& json, ReportData& data) {
  if (json.value("schema", "") != schema) {
    throw std::runtime_error(std::string("the schema is not ") + schema);
  }
  read(json, data);
}

} // namespace tsir
