// k6/http: cookie jars. The client is still to come, and its functions say so.
// https://grafana.com/docs/k6/latest/javascript-api/k6-http/
import { CookieJar, cookieJar } from 'internal:http';

const missing = (name) => () => {
  throw new Error(`http.${name}() is not supported yet; docs/compat.md lists what is`);
};

export { CookieJar, cookieJar };
export const asyncRequest = missing('asyncRequest');
export const batch = missing('batch');
export const del = missing('del');
export const expectedStatuses = missing('expectedStatuses');
export const file = missing('file');
export const get = missing('get');
export const head = missing('head');
export const options = missing('options');
export const patch = missing('patch');
export const post = missing('post');
export const put = missing('put');
export const request = missing('request');
export const setResponseCallback = missing('setResponseCallback');
export const url = missing('url');

// What the option `tlsVersion` takes.
export const SSL_3_0 = 'ssl3.0';
export const TLS_1_0 = 'tls1.0';
export const TLS_1_1 = 'tls1.1';
export const TLS_1_2 = 'tls1.2';
export const TLS_1_3 = 'tls1.3';

export default {
  CookieJar, cookieJar, asyncRequest, batch, del, expectedStatuses, file, get, head, options, patch,
  post, put, request, setResponseCallback, url, SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3,
};
