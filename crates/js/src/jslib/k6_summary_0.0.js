
const RATE_DETAILS = (values) => [`✓ ${values.passes}`, `✗ ${values.fails}`];
