// Two members of a room hear each other; nonsense is answered with an error.
// compare: exit, console sorted, counts(ws_sessions, ws_msgs_sent, ws_msgs_received)
import { WebSocket } from 'k6/websockets';

export default function () {
  const ada = new WebSocket(`${__ENV.WS_URL}/ws`);
  let bob;
  const say = (socket, message) => socket.send(JSON.stringify({ event: 'SAY', message }));
  const name = (socket, new_name) => socket.send(JSON.stringify({ event: 'SET_NAME', new_name }));

  ada.onopen = () => {
    name(ada, 'ada');
    bob = new WebSocket(`${__ENV.WS_URL}/ws`);
    bob.onopen = () => {
      name(bob, 'bob');
      say(bob, 'hello');
    };
    bob.onmessage = ({ data }) => {
      const { event, user, message } = JSON.parse(data);
      console.log('bob got', event, user, message);
      if (user === 'ada') {
        bob.close();
      }
    };
  };
  ada.onmessage = ({ data }) => {
    const { event, user, message } = JSON.parse(data);
    if (event === 'ERROR') {
      console.log('ada got an error');
      say(ada, 'bye');
      return;
    }
    console.log('ada got', event, user, message);
    if (user === 'bob') {
      ada.send('this is not JSON');
    } else {
      ada.close();
    }
  };
}
