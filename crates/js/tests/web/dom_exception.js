const error = new DOMException('gone', 'NotFoundError');
ok(error instanceof DOMException && error instanceof Error);
same(error.name, 'NotFoundError');
same(error.message, 'gone');
same(error.code, 8);
same(String(error), 'NotFoundError: gone');
same(Object.prototype.toString.call(error), '[object DOMException]');
same(new DOMException().name, 'Error');
same(new DOMException().message, '');
same(new DOMException().code, 0);
same(new DOMException('', 'toString').code, 0);
same(DOMException.length, 0);
throws(TypeError, () => DOMException());
throws(TypeError, () => DOMException.prototype.name);

// Web IDL §2.8.1, the table of names and codes.
const codes = {
  IndexSizeError: 1, HierarchyRequestError: 3, WrongDocumentError: 4, InvalidCharacterError: 5,
  NoModificationAllowedError: 7, NotFoundError: 8, NotSupportedError: 9, InUseAttributeError: 10,
  InvalidStateError: 11, SyntaxError: 12, InvalidModificationError: 13, NamespaceError: 14, InvalidAccessError: 15,
  TypeMismatchError: 17, SecurityError: 18, NetworkError: 19, AbortError: 20, URLMismatchError: 21,
  QuotaExceededError: 22, TimeoutError: 23, InvalidNodeTypeError: 24, DataCloneError: 25,
  EncodingError: 0, NotReadableError: 0, UnknownError: 0, ConstraintError: 0, DataError: 0, OperationError: 0,
};
for (const name in codes) same(new DOMException('', name).code, codes[name], name);
same(DOMException.INVALID_STATE_ERR, 11);
same(DOMException.prototype.DATA_CLONE_ERR, 25);
class Mine extends DOMException {}
ok(new Mine('a', 'AbortError') instanceof Mine);
same(new Mine('a', 'AbortError').code, 20);
ok(typeof error.stack === 'string' && error.stack.includes('dom_exception'));
