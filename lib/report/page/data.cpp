#include "lib/report/page/data.h"

#include <stdexcept>

namespace tsir {
namespace {

constexpr const char* schema = "tsir.report/1";

} // namespace

void to_json(ReportJson& json, const ReportPartner& partner) {
  json = ReportJson::array({partner.before, partner.after, partner.changed ? 1 : 0});
}

void from_json(const ReportJson& json, ReportPartner& partner) {
  partner = {json.at(0), json.at(1), json.at(2) != 0};
}

void to_json(ReportJson& json, const ReportData& data) {
  json = {{"schema", schema}};
  json.update(json_of_fields(data));
}

void from_json(const ReportJson& json, ReportData& data) {
  if (json.value("schema", "") != schema) {
    throw std::runtime_error(std::string("the schema is not ") + schema);
  }
  read_fields(json, data);
}

} // namespace tsir
