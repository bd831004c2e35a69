export const where = (specifier) => import.meta.resolve(specifier);
