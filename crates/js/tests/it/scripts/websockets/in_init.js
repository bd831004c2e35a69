import { WebSocket } from 'k6/websockets';

new WebSocket('ws://host/');

export default function () {}
