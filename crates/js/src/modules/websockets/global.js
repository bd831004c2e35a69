// The global WebSocket: the class of k6/websockets, for libraries that look where browsers have it.
import { WebSocket } from 'k6/websockets';
import { expose } from 'internal:web/idl';

expose('WebSocket', WebSocket);
