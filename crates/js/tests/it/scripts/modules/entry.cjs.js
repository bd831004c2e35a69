const { check } = require('k6');
module.exports.options = { vus: 1 };
module.exports.default = function () {
  console.log('from CommonJS', check(1, { ok: true }));
};
