// A CommonJS module, imported and required by imports.js.
exports.name = 'legacy';
exports.greet = function (who) {
  return 'hello ' + who;
};
