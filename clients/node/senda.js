'use strict';

// Client for senda, the daemon that answers what a customer should see next: promises over one pipelined connection.

const fs = require('node:fs');
const net = require('node:net');
const tls = require('node:tls');
const { types } = require('node:util');
const { randomUUID } = require('node:crypto');
const { encode, decodeMultiStream, DecodeError } = require('@msgpack/msgpack');

const VERSION = '1.0.0';
const REQUEST = 0;
const RESPONSE = 1;
const NOTIFICATION = 2;
const MAX_MSGID = 0xffffffff;
const MAX_PORT = 65535;

const DEFAULT_TIMEOUT_MS = 1000;
// A page under way waits less for an answer it can do without.
const DEFAULT_PAGE_TIMEOUT_MS = 200;
// What timers take; as good as for ever.
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
const MIN_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 2000;
// What a daemon that does not read may leave waiting here; with 16 MiB something is wrong.
const DEFAULT_MAX_UNSENT_BYTES = 16 * 1024 * 1024;
// A request lost with its connection is sent once more, never a third time.
const MAX_SENDINGS = 2;

// The codes of errors that come as pairs; the first has the number 1.
const CODES = [
  'INVALID', 'UNKNOWN_METHOD', 'NOT_FOUND', 'TOO_LARGE', 'UNAUTHORIZED', 'OVERLOADED', 'UNAVAILABLE', 'INTERNAL',
];

// Only in these does the text open with the name of the argument at fault.
const CODES_NAMING_A_FIELD = ['INVALID', 'NOT_FOUND', 'TOO_LARGE', 'UNAUTHORIZED'];

// Far more than the daemon takes; what goes deeper refers to itself.
const MAX_DEPTH = 100;
const LONE_SURROGATE = /\p{Surrogate}/u;

const NO_ANSWER_TO_TOKEN = 'no answer to the token';

/**
 * What went wrong. `code` is one of the daemon's (INVALID, NOT_FOUND, OVERLOADED, …) or of this client's: TIMEOUT,
 * UNREACHABLE, DISCONNECTED, PROTOCOL, BUSY, CLOSED. `field` names the argument at fault, or is null. `id` is that of the
 * event that was to be tracked, of a list the list of theirs, else null: sent again with it, an event counts once.
 */
class SendaError extends Error {
  constructor(code, message) {
    super(message);
    this.name = 'SendaError';
    this.code = code;
    const named = /^([A-Za-z_][\w.[\]]*): /.exec(message);
    this.field = named && CODES_NAMING_A_FIELD.includes(code) ? named[1] : null;
    this.id = null;
  }

  /** One of its own for these events, since requests that fail together share an error. */
  of(events) {
    const idOf = (event) => event?.id ?? null;
    return Object.assign(new SendaError(this.code, this.message), { id: Array.isArray(events) ? events.map(idOf) : idOf(events) });
  }

  toString() {
    return `${this.code}: ${this.message}`;
  }

  /** From the error of a reply: "CODE: message", or [number, message] after hello {errors: "pair"}. */
  static fromReply(error) {
    if (Array.isArray(error) && error.length === 2) {
      return new SendaError(CODES[error[0] - 1] || 'INTERNAL', String(error[1]));
    }
    const parts = /^([A-Z][A-Z_]*): ([^]*)$/.exec(String(error));
    return parts ? new SendaError(parts[1], parts[2]) : new SendaError('INTERNAL', String(error));
  }
}

/** Reads "unix:/path", "tcp:host:port" or "tls:host:port" into what net.connect and tls.connect take. */
function parseAddress(address) {
  const unix = /^unix:(.+)$/.exec(address);
  if (unix) return { path: unix[1] };
  const tcp = /^(tcp|tls):(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(address);
  if (!tcp) throw new SendaError('INVALID', `address: '${address}' is no unix:/path, tcp:host:port or tls:host:port`);
  const port = Number(tcp[4]);
  if (port < 1 || port > MAX_PORT) throw new SendaError('INVALID', `address: '${address}' has no port from 1 to ${MAX_PORT}`);
  return { host: tcp[2] || tcp[3], port, secure: tcp[1] === 'tls' };
}

/** Spaces connection attempts out: twice as long after each failure, shortened at random so that clients spread. */
class Backoff {
  constructor() {
    this.succeeded();
  }

  succeeded() {
    this.failures = 0;
    this.nextAttempt = 0;
  }

  failed() {
    const pause = Math.min(MIN_BACKOFF_MS * 2 ** this.failures, MAX_BACKOFF_MS);
    this.failures += 1;
    this.nextAttempt = performance.now() + pause * (0.5 + Math.random() / 2);
  }

  remaining() {
    return Math.max(0, this.nextAttempt - performance.now());
  }
}

function checkTimeout(timeoutMs) {
  if (typeof timeoutMs === 'number' && !Number.isNaN(timeoutMs)) return Math.min(timeoutMs, MAX_TIMEOUT_MS);
  throw new SendaError('INVALID', `timeoutMs: a number is due, not ${typeof timeoutMs === 'number' ? 'NaN' : typeof timeoutMs}`);
}

function isMap(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function checkArguments(method, args) {
  if (isMap(args)) return;
  const kind = Array.isArray(args) ? 'a list' : args === null ? 'null' : typeof args;
  throw new SendaError('INVALID', `${method} takes a map of arguments, not ${kind}`);
}

/**
 * The value in terms that MessagePack has, as PHP and Python send it: what would be lost on the way, such as a Map, whose
 * content is no property, is refused by its name.
 */
function plain(value, name, depth = 0) {
  const refuse = (what) => {
    throw new SendaError('INVALID', `${name || 'arguments'}: ${what} cannot be sent`);
  };
  if (depth > MAX_DEPTH) refuse('what is nested so deeply');
  if (typeof value === 'number' && !Number.isFinite(value)) refuse(`${value}`);
  if (typeof value === 'string' && LONE_SURROGATE.test(value)) refuse('text with half a character');
  if (['bigint', 'function', 'symbol'].includes(typeof value)) refuse(`a ${typeof value}`);
  if (types.isDate(value) && Number.isNaN(value.getTime())) refuse('an invalid Date');
  if (typeof value !== 'object' || value === null || types.isDate(value) || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((item, index) => plain(item, `${name}[${index}]`, depth + 1));
  if (typeof value.toJSON === 'function') return plain(value.toJSON(), name, depth + 1);
  const prototype = Object.getPrototypeOf(value);
  if (prototype && Object.getPrototypeOf(prototype)) refuse(`a ${value.constructor?.name}`);
  const within = name && `${name}.`;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, within + key, depth + 1)]));
}

/** Arguments given as null or undefined are left out, as if they had not been named; so is a cookie that is empty. */
function withoutNothing(args) {
  const isThere = ([name, value]) => value !== null && value !== undefined && !(name === 'customer' && value === '');
  return Object.fromEntries(Object.entries(args).filter(isThere));
}

/** One event prepared, or each of a list; what is none in a list is senda's to refuse, and the others count. */
function eachEvent(events, prepare) {
  if (Array.isArray(events)) return events.map((event) => (isMap(event) ? prepare(event) : event));
  checkArguments('track', events);
  return prepare(events);
}

/** A key of its own lets an event be sent again after a broken connection and still count once. */
function withKey(event) {
  const given = withoutNothing(event);
  return 'id' in given ? given : { ...given, id: randomUUID() };
}

/** The decision a page gets when senda gave none: as one of senda's, labelled, with what the page brought itself. */
function decisionWithoutSenda(args, items, error) {
  return {
    decision: null,
    known: false,
    journey: null,
    stage: null,
    persona: null,
    placement: args && typeof args.placement === 'string' ? args.placement : null,
    strategy: null,
    version: null,
    items: Array.isArray(items) ? items : [],
    fallback: 'client_error',
    because: error instanceof SendaError ? error.toString() : `INTERNAL: ${error}`,
    experiments: {},
  };
}

/** The methods on what is kept about one customer. */
class Profile {
  constructor(client) {
    this.client = client;
  }

  get(customer, options) {
    return this.client.call('profile.get', { customer }, options);
  }

  set(customer, values, options) {
    return this.client.call('profile.set', { ...values, customer }, options);
  }

  restrict(customer, restricted = true, options = undefined) {
    return this.client.call('profile.restrict', { customer, restricted }, options);
  }

  erase(customer, options) {
    return this.client.call('profile.erase', { customer }, options);
  }

  export(customer, options) {
    return this.client.call('profile.export', { customer }, options);
  }
}

/**
 * One connection to senda, opened when first needed and again whenever it was lost.
 *
 * Options: `token` (sent first on every connection), `ca` (a file with the roots to believe at tls: addresses,
 * PEM; left out: those that Node brings along), `timeoutMs` (per request, connecting included; 1000),
 * `maxUnsentBytes` (what may wait to be sent before more is refused as BUSY; 16 MiB), `onError` (called with each error that recommendOr or trackNoReply hid).
 */
class Client {
  constructor(address, options = {}) {
    this.address = address;
    this.target = parseAddress(address);
    this.token = options.token;
    this.ca = options.ca === undefined ? undefined : fs.readFileSync(options.ca);
    this.timeoutMs = checkTimeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    this.maxUnsentBytes = options.maxUnsentBytes ?? DEFAULT_MAX_UNSENT_BYTES;
    this.onError = options.onError ?? (() => {});
    this.profile = new Profile(this);

    this.backoff = new Backoff();
    this.closed = false;
    this.socket = null; // null while there is no connection
    this.ready = false; // connected, and authorized where a token is needed
    this.attempt = null; // timer of the next connection attempt
    this.lastFailure = null; // why the last attempt to connect failed
    this.waitingBytes = 0; // of all that waits
    this.waiting = new Map(); // key → entry, in the order of the calls; a request's key is its msgid
    this.nextMsgid = 0;
    this.notificationCount = 0;
  }

  recommend(args, options) {
    return this.run(() => {
      checkArguments('recommend', args);
      return this.request('recommend', withoutNothing(args), options);
    });
  }

  /** Never rejects: where senda has no answer in time, resolves to an empty decision with `items` as its items. */
  async recommendOr(args, items = [], options = {}) {
    try {
      return await this.recommend(args, { ...options, timeoutMs: options?.timeoutMs ?? DEFAULT_PAGE_TIMEOUT_MS });
    } catch (error) {
      this.report(error);
      return decisionWithoutSenda(args, items, error);
    }
  }

  /** One event, or a list of them as a batch. Resolves when they are durable. */
  track(events, options) {
    return this.run(async () => {
      const keyed = eachEvent(events, withKey);
      try {
        return await this.request('track', keyed, options);
      } catch (error) {
        throw error instanceof SendaError ? error.of(keyed) : error;
      }
    });
  }

  /** Tracks without waiting for senda. Never rejects; resolves to whether the events were handed to the connection. */
  trackNoReply(events, options) {
    return this.run(() => this.notify('track', eachEvent(events, withoutNothing), options)).catch((error) => {
      this.report(error);
      return false;
    });
  }

  identify(anonymous, customer, options) {
    return this.call('identify', { anonymous, customer }, options);
  }

  explain(decision, options) {
    return this.call('explain', { decision }, options);
  }

  journeyMap(args = {}, options = undefined) {
    return this.call('journey.map', args, options);
  }

  stats(options) {
    return this.call('stats', {}, options);
  }

  ping(options) {
    return this.call('ping', {}, options);
  }

  hello(args = {}, options = undefined) {
    return this.call('hello', { client: 'senda.js', version: VERSION, ...args }, options);
  }

  /** Gives the token now, and first on every later connection. */
  async auth(token, options) {
    const reply = await this.call('auth', { token }, options);
    this.token = token;
    return reply;
  }

  /** Any method by its name; the ones above are made of this. */
  call(method, args = {}, options = undefined) {
    return this.run(() => {
      if (!Array.isArray(args)) checkArguments(method, args);
      return this.request(method, args, options);
    });
  }

  /** Closes once what was handed to the connection is sent, or `timeoutMs` later. Unanswered requests fail with CLOSED. */
  close() {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.attempt);
    this.failWaiting(() => new SendaError('CLOSED', 'the client was closed'));
    const { socket } = this;
    if (!socket) return;
    if (!this.ready) {
      socket.destroy(new Error('the client was closed'));
      return;
    }
    const late = setTimeout(() => socket.destroy(), this.timeoutMs).unref();
    socket.once('close', () => clearTimeout(late)).end().unref();
  }

  // --- requests -----------------------------------------------------------------------------------------------

  /** Turns what is thrown into a rejection, and what is no SendaError (an argument MessagePack cannot hold) into one. */
  async run(action) {
    try {
      return await action();
    } catch (error) {
      if (error instanceof SendaError) throw error;
      throw new SendaError('INVALID', `arguments: ${error.message}`);
    }
  }

  report(error) {
    try {
      this.onError(error);
    } catch {
      // A page must not fail because its own report did.
    }
  }

  request(method, args, options) {
    const msgid = this.takeMsgid();
    return this.submit(msgid, [REQUEST, msgid, method, [plain(args, Array.isArray(args) ? 'events' : '')]], options);
  }

  notify(method, args, options) {
    this.notificationCount += 1;
    return this.submit(`notification ${this.notificationCount}`, [NOTIFICATION, method, [plain(args, Array.isArray(args) ? 'events' : '')]], options);
  }

  takeMsgid() {
    let msgid = this.nextMsgid;
    while (this.waiting.has(msgid)) msgid = msgid === MAX_MSGID ? 0 : msgid + 1;
    this.nextMsgid = msgid === MAX_MSGID ? 0 : msgid + 1;
    return msgid;
  }

  submit(key, message, options) {
    if (this.closed) throw new SendaError('CLOSED', 'the client was closed');
    const bytes = encode(message, { ignoreUndefined: true });
    const timeoutMs = checkTimeout(options?.timeoutMs ?? this.timeoutMs);
    const unsent = this.ready ? this.socket.writableLength : this.waitingBytes;
    if (unsent > 0 && unsent + bytes.length > this.maxUnsentBytes) {
      throw new SendaError('BUSY', `${unsent} bytes wait to be sent already`);
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.settle(key, this.timeoutError(timeoutMs)), timeoutMs);
      const deadline = performance.now() + timeoutMs;
      this.waitingBytes += bytes.length;
      this.waiting.set(key, { bytes, isRequest: message[0] === REQUEST, sendings: 0, deadline, timer, resolve, reject });
      if (this.ready) this.send(key);
      else this.connect();
    });
  }

  timeoutError(timeoutMs) {
    if (!this.ready && this.lastFailure) return this.lastFailure;
    return new SendaError('TIMEOUT', `no answer within ${timeoutMs} ms`);
  }

  send(key) {
    const entry = this.waiting.get(key);
    entry.sendings += 1;
    this.socket.write(entry.bytes);
    if (!entry.isRequest) this.settle(key, null, true);
  }

  settle(key, error, result) {
    const entry = this.waiting.get(key);
    if (!entry) return;
    this.waiting.delete(key);
    this.waitingBytes -= entry.bytes.length;
    clearTimeout(entry.timer);
    if (error) entry.reject(error);
    else entry.resolve(result);
  }

  failWaiting(errorFor) {
    for (const [key, entry] of [...this.waiting]) {
      const error = errorFor(entry);
      if (error) this.settle(key, error);
    }
  }

  // --- the connection -----------------------------------------------------------------------------------------

  /** Starts an attempt now or when the backoff allows it; who cannot wait that long fails at once. */
  connect() {
    if (this.socket || this.closed) return;
    const pause = this.backoff.remaining();
    const start = performance.now() + pause;
    if (pause > 0) this.failWaiting((entry) => entry.deadline <= start && this.lastFailure);
    if (this.attempt || this.waiting.size === 0) return;
    this.attempt = setTimeout(() => {
      this.attempt = null;
      if (this.waiting.size > 0) this.open();
    }, Math.ceil(pause));
  }

  /** Tries all addresses of a name, as only Node.js 20 does by itself. The certificate has to be this host's. */
  dial() {
    const { secure, ...target } = { autoSelectFamily: true, ...this.target };
    if (!secure) return net.connect({ ...target, noDelay: true });
    const servername = net.isIP(target.host) ? '' : target.host;
    return tls.connect({ ...target, servername, ca: this.ca, minVersion: 'TLSv1.2' }).setNoDelay(true);
  }

  open() {
    let socket;
    try {
      socket = this.dial();
    } catch (error) {
      this.lost(error);
      return;
    }
    this.socket = socket;
    socket.on('error', () => {}); // each is met where the socket is awaited
    let cause = null;
    let slow = 'connecting took too long';
    const tooSlow = setTimeout(() => socket.destroy(new Error(slow)), this.timeoutMs);
    const serve = async () => {
      const established = this.target.secure ? 'secureConnect' : 'connect';
      await new Promise((resolve, reject) => socket.once(established, resolve).once('error', reject));
      slow = NO_ANSWER_TO_TOKEN;
      await this.read(socket, () => clearTimeout(tooSlow));
    };
    serve()
      .catch((error) => {
        cause = error instanceof DecodeError ? new SendaError('PROTOCOL', error.message) : error;
      })
      .then(() => {
        clearTimeout(tooSlow);
        socket.destroy();
        this.lost(cause);
      });
  }

  /** Reads replies for as long as the connection lasts. */
  async read(socket, established) {
    const greet = () => {
      established();
      this.ready = true;
      for (const key of [...this.waiting.keys()]) this.send(key);
    };
    const authKey = this.token === undefined ? null : this.takeMsgid();
    if (authKey === null) greet();
    else socket.write(encode([REQUEST, authKey, 'auth', [{ token: this.token }]]));
    for await (const message of decodeMultiStream(socket)) {
      if (!this.ready && Array.isArray(message) && message[0] === RESPONSE && message[1] === authKey) {
        if (message[2] !== null) throw SendaError.fromReply(message[2]);
        greet();
      } else {
        this.receive(message);
      }
    }
  }

  receive(message) {
    if (!Array.isArray(message) || message.length < 3) throw new SendaError('PROTOCOL', 'what came is no MessagePack-RPC');
    if (message[0] !== RESPONSE) return;
    this.backoff.succeeded();
    this.lastFailure = null;
    const [, msgid, error, result] = message;
    this.settle(msgid, error === null ? null : SendaError.fromReply(error), result);
  }

  /** The connection could not be made, or broke. What may be sent again stays and calls for a new one. */
  lost(cause) {
    const wasReady = this.ready;
    this.socket = null;
    this.ready = false;
    if (this.closed) return;
    const text = cause ? cause.message : 'senda closed the connection';
    // senda lets wrong tokens wait: who was refused and now hears nothing is still refused.
    const stillRefused = text === NO_ANSWER_TO_TOKEN && this.lastFailure?.code === 'UNAUTHORIZED';
    if (stillRefused) {
      this.backoff.failed();
    } else if (!wasReady) {
      this.backoff.failed();
      this.lastFailure = new SendaError('UNREACHABLE', `${this.address}: ${text}`);
    } else if ([...this.waiting.values()].some((entry) => entry.sendings > 0)) {
      this.backoff.failed();
      this.lastFailure = new SendaError('DISCONNECTED', text);
    }
    if (cause instanceof SendaError) this.lastFailure = cause;
    const refused = !wasReady && cause instanceof SendaError;
    this.failWaiting((entry) => (refused || entry.sendings >= MAX_SENDINGS) && this.lastFailure);
    this.connect();
  }
}

module.exports = { Client, SendaError, VERSION };
