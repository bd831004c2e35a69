export const name = 'esm';
export default 42;
