const { name } = require('./esm.js');
let count = 0;
module.exports = { shape: `of ${name}`, counter: () => ++count, self: this === exports };
