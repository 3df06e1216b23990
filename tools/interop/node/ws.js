// An echo service on ws; what it does is said by the environment (tools/interop/run).
'use strict';
const { WebSocketServer } = require('ws');

const env = process.env;
const delay = Number(env.ECHO_SLOW_MS || 0);
const poison = env.ECHO_POISON || '';
const poisonCode = Number(env.ECHO_POISON_CODE || 0);
const refuseCode = Number(env.ECHO_REFUSE_CODE || 0);
const closeCode = Number(env.ECHO_CLOSE_CODE || 0);
const reason = env.ECHO_REASON || '';
const accounts = env.ECHO_ACCOUNT === 'on';
const replies = env.ECHO_REPLY !== 'none';
const pong = env.ECHO_PONG || 'auto';

function account(line) {
  if (accounts) process.stdout.write(`${line}\n`);
}

async function handle(socket, body, isBinary) {
  if (socket.readyState !== socket.OPEN) return;
  if (refuseCode) {
    socket.close(refuseCode, reason);
    return;
  }
  if (delay) await new Promise((done) => setTimeout(done, delay));
  if (poison && body.includes(poison)) {
    if (!poisonCode) throw new Error('poison');
    socket.close(poisonCode, reason);
    return;
  }
  account(`handled ${body.subarray(0, 12).toString('latin1')}`);
  if (replies) socket.send(body, { binary: isBinary });
}

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(env.ECHO_PORT || 0),
  autoPong: pong === 'auto',
  perMessageDeflate: true,
});

server.on('listening', () => console.log(`port ${server.address().port}`));
server.on('connection', (socket) => {
  account('open');
  socket.on('error', () => {});
  if (pong === 'empty') socket.on('ping', () => socket.pong());
  if (pong === 'other') socket.on('ping', () => socket.pong('pong'));
  if (closeCode) {
    socket.close(closeCode, reason);
    return;
  }
  // One message after the other; ws itself answers pings meanwhile.
  let last = Promise.resolve();
  socket.on('message', (body, isBinary) => {
    last = last.then(() => handle(socket, body, isBinary)).catch(() => socket.close(1011));
  });
});
