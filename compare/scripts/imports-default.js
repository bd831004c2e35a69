// Every module has its default export, also the one that is an alias.
// compare: exit, console
import k6 from 'k6';
import crypto from 'k6/crypto';
import data from 'k6/data';
import encoding from 'k6/encoding';
import execution from 'k6/execution';
import csv from 'k6/experimental/csv';
import fs from 'k6/experimental/fs';
import streams from 'k6/experimental/streams';
import older from 'k6/experimental/websockets';
import http from 'k6/http';
import metrics from 'k6/metrics';
import timers from 'k6/timers';
import ws from 'k6/ws';

const kinds = (module) =>
  Object.keys(module)
    .map((name) => `${name}:${typeof module[name]}`)
    .sort()
    .join(' ');

export default function () {
  for (const module of [k6, crypto, data, encoding, metrics, ws]) console.log(kinds(module));
  console.log(typeof timers.setTimeout, typeof timers.clearInterval);
  console.log(typeof execution.vu, typeof csv.parse, typeof csv.Parser, typeof fs.open);
  console.log(typeof streams.ReadableStream, typeof older.WebSocket, typeof http.CookieJar);
}
