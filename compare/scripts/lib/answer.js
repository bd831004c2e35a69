// Imported by imports.js.
export const counter = { value: 0 };
export function double(n) {
  return n * 2;
}
export default 42;
