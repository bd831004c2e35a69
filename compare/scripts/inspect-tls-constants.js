// The names of TLS versions that `k6/http` has are those that the option takes.
// command: inspect
// compare: exit, console, json
import http, { TLS_1_0, TLS_1_1, TLS_1_3 } from 'k6/http';
console.log(TLS_1_0, TLS_1_1, TLS_1_3);
export const options = { tlsVersion: { min: http.TLS_1_2, max: http.TLS_1_3 } };
export default function () {}
