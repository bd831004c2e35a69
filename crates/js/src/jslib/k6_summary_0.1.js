
const RATE_DETAILS = (values) => [`${values.passes} out of ${values.passes + values.fails}`];
