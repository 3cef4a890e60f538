'use strict';

// Tests of the Node client against the mock; the contract also against the daemon at SENDA_ADDRESS, where that is set.

const { test, describe, before, after } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { createInterface } = require('node:readline');
const { once } = require('node:events');

const clientFile = path.join(__dirname, '../../clients/node/senda.js');
const { Client, SendaError } = require(clientFile);

const PATIENT = 20000;

let directory;
let mock;
let tcp;

function startMock(where) {
  return spawn('/usr/bin/python3', [path.join(__dirname, 'mock.py'), where], { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function readyLine(child) {
  for await (const line of createInterface({ input: child.stdout })) return line.split(' ')[1];
  throw new Error('the mock ended before it was ready');
}

before(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'senda-node-'));
  mock = startMock(directory);
  tcp = await readyLine(mock);
});

after(() => {
  mock.stdin.end();
  fs.rmSync(directory, { recursive: true });
});

function socketOf(behaviour) {
  return `unix:${path.join(directory, `${behaviour}.sock`)}`;
}

/** Runs `body` with a client of the behaviour, and closes it whatever happens. */
async function withClient(address, options, body) {
  const client = new Client(address, { timeoutMs: PATIENT, ...options });
  try {
    await body(client);
  } finally {
    client.close();
  }
}

const failsWith = (code, field = undefined) => (error) => {
  assert.ok(error instanceof SendaError, String(error));
  assert.equal(error.code, code, String(error));
  if (field !== undefined) assert.equal(error.field, field);
  return true;
};

// The part of the contract that a daemon keeps which remembers customers.
async function checkMemory(client) {
  const tracked = await client.track({ event: 'page_view', customer: 'node-test' });
  assert.equal(tracked.accepted, true);
  assert.equal(tracked.duplicate, false);
  const [kept, refused] = await client.track([{ event: 'page_view', customer: 'node-test' }, { evnt: 'click' }]);
  assert.equal(kept.accepted, true);
  assert.equal(refused.accepted, false);
  assert.equal((await client.profile.get('node-test')).customer, 'node-test');
  await assert.rejects(client.profile.get('nobody-at-all'), failsWith('NOT_FOUND'));
  await checkHistory(client);
}

// What a visitor did is found again under the name that they turn out to have, until it is erased.
async function checkHistory(client) {
  const { decision, items: [{ offer }] } = await client.recommend({ placement: 'hero', customer: 'node-visitor' });
  await client.track({ event: 'impression', customer: 'node-visitor', decision, offer });
  assert.equal((await client.explain(decision)).decision, decision);
  await client.profile.set('node-visitor', { traits: { size: 'L' }, consents: { marketing: true } });
  const view = { event: 'page_view', customer: 'node-visitor' };
  assert.equal(await client.trackNoReply([view, null, view]), true);
  assert.equal((await client.identify('node-visitor', 'node-known')).merged, true);
  const profile = await client.profile.get('node-visitor');
  assert.deepEqual([profile.traits, profile.consents], [{ size: 'L' }, { marketing: true }]);
  assert.deepEqual([profile.counts.impression, profile.counts.page_view, profile.offers[offer].impressions], [1, 2, 1]);
  assert.ok((await client.journeyMap()).stages.length > 0);
  assert.equal((await client.profile.erase('node-known')).erased, true);
  await assert.rejects(client.profile.get('node-visitor'), failsWith('NOT_FOUND'));
}

async function checkContract(address) {
  await withClient(address, { token: process.env.SENDA_TOKEN }, async (client) => {
    await client.ping();
    const { methods } = await client.hello();
    const decision = await client.recommend({ placement: 'hero', customer: 'node-test', stage: null });
    assert.match(decision.decision, /^[\w.~-]{1,160}$/);
    assert.equal(decision.placement, 'hero');
    assert.ok(Array.isArray(decision.items));
    if (methods.includes('track')) await checkMemory(client);
    await assert.rejects(client.recommend({ placement: 'heroo' }), failsWith('INVALID', 'placement'));
    await assert.rejects(client.call('pingg'), failsWith('UNKNOWN_METHOD', null));
    const many = await Promise.all(Array.from({ length: 100 }, () => client.recommend({ placement: 'hero' })));
    assert.equal(many.length, 100);
  });
}

describe('contract', () => {
  test('over a Unix socket', () => checkContract(socketOf('plain')));
  test('over TCP', () => checkContract(tcp));
  if (process.env.SENDA_ADDRESS) test('of the daemon itself', () => checkContract(process.env.SENDA_ADDRESS));
});

describe('arguments and errors', () => {
  test('what is null or undefined is left out, and an event gets a key', () =>
    withClient(socketOf('plain'), {}, async (client) => {
      await client.recommend({ placement: 'hero', customer: null, persona: undefined, context: { empty: null } });
      await client.track({ event: 'click', customer: 'nulls', offer: null });
      await client.recommend({ placement: 'hero', customer: '', context: { customer: '' } });
      const { log } = await client.call('mock.log');
      const [recommend, track, empty] = log.slice(-4);
      assert.deepEqual(empty.params, [{ placement: 'hero', context: { customer: '' } }]);
      assert.deepEqual(recommend.params, [{ placement: 'hero', context: { empty: null } }]);
      assert.deepEqual(Object.keys(track.params[0]).sort(), ['customer', 'event', 'id']);
    }));

  test('a key given is kept, and counts once', () =>
    withClient(socketOf('plain'), {}, async (client) => {
      const event = { event: 'click', customer: 'keys', id: 'node-key' };
      assert.equal((await client.track(event)).duplicate, false);
      assert.equal((await client.track(event)).duplicate, true);
    }));

  test('an event that failed counts once if it is sent again with the id of the error', () =>
    withClient(socketOf('late'), {}, async (client) => {
      const event = { event: 'click', customer: 'node-retries' };
      const { id } = await client.track(event, { timeoutMs: 30 }).catch((error) => error);
      assert.equal(typeof id, 'string');
      assert.equal((await client.track({ ...event, id })).duplicate, true);
      const { id: ids } = await client.track([event, null, { ...event, id: 'own' }], { timeoutMs: 30 }).catch((error) => error);
      assert.deepEqual([typeof ids[0], ids[1], ids[2]], ['string', null, 'own']);
    }));

  test('every method reaches its own', () =>
    withClient(socketOf('plain'), {}, async (client) => {
      await client.identify('anonymous', 'methods');
      await client.profile.set('methods', { traits: { size: 'L' } });
      assert.deepEqual((await client.profile.get('methods')).traits, { size: 'L' });
      assert.equal((await client.profile.restrict('methods')).restricted, true);
      assert.equal((await client.profile.restrict('methods', false)).restricted, false);
      assert.equal((await client.profile.export('methods')).customer, 'methods');
      assert.equal((await client.profile.erase('methods')).erased, true);
      const { decision } = await client.recommend({ placement: 'hero' });
      assert.equal((await client.explain(decision)).decision, decision);
      assert.equal((await client.journeyMap({ journey: 'seven-stages', from: 1 })).from, 1);
      assert.equal(typeof (await client.stats()).requests, 'number');
    }));

  test('errors as pairs are understood', () =>
    withClient(socketOf('plain'), {}, async (client) => {
      await client.hello({ errors: 'pair' });
      await assert.rejects(client.recommend({ placement: 'x' }), failsWith('INVALID', 'placement'));
      await assert.rejects(client.call('recomend'), failsWith('UNKNOWN_METHOD'));
      assert.equal(String(SendaError.fromReply([8, 'it: broke'])), 'INTERNAL: it: broke');
      assert.equal(SendaError.fromReply([99, 'a code of later']).code, 'INTERNAL');
    }));

  test('what MessagePack cannot hold is refused here', () =>
    withClient(socketOf('plain'), {}, async (client) => {
      await assert.rejects(client.recommend({ placement: 'hero', context: { big: 1n } }), failsWith('INVALID'));
      await assert.rejects(client.recommend('hero'), failsWith('INVALID'));
      await client.ping();
    }));

  test('what would be lost on the way is refused by its name', () =>
    withClient(socketOf('plain'), {}, async (client) => {
      class Cart {}
      const unusual = [
        new Map([['a', 1]]), new Set([1]), new Error('e'), new URLSearchParams('a=1'), new Cart(), /a/, Promise.resolve(),
        new Date(NaN), NaN, Infinity, 1n, () => 1, Symbol('s'), '\ud800',
      ];
      for (const value of unusual) {
        const args = { placement: 'hero', context: { cart: [0, { what: value }] } };
        await assert.rejects(client.recommend(args), failsWith('INVALID', 'context.cart[1].what'));
        await assert.rejects(client.track([{ event: 'click', properties: { a: value } }]), failsWith('INVALID', 'events[0].properties.a'));
      }
      const circle = {};
      circle.self = circle;
      await assert.rejects(client.recommend(circle), failsWith('INVALID'));
      await client.ping();
    }));

  test('objects are sent as what they mean', () =>
    withClient(socketOf('plain'), {}, async (client) => {
      const bare = Object.assign(Object.create(null), { a: 1 });
      const sent = { bare, url: new URL('http://a/'), bytes: new Uint8Array([1]), gone: undefined, list: [undefined, '😀'] };
      const received = await client.call('mock.echo', { ...sent, other: require('node:vm').runInNewContext('({ a: 1 })') });
      assert.deepEqual(received, {
        bare: { a: 1 }, url: 'http://a/', bytes: Buffer.from([1]), list: [null, '😀'], other: { a: 1 },
      });
      await client.call('mock.echo', { moment: new Date('2026-03-01T00:00:00Z') });
      const { log } = await client.call('mock.log');
      assert.ok(log.at(-2).params[0].moment instanceof Date);
    }));

  test('the types declare what there is', () => {
    const declared = fs.readFileSync(path.join(path.dirname(clientFile), 'senda.d.ts'), 'utf8');
    const names = [...declared.matchAll(/^export declare (?:class|const|function) (\w+)/gm)].map((found) => found[1]);
    assert.deepEqual(names.sort(), Object.keys(require(clientFile)).sort());
  });

  test('arguments that are no map are called by their kind', () =>
    withClient(socketOf('plain'), {}, async (client) => {
      for (const [nonsense, kind] of [[null, 'null'], [['hero'], 'a list'], ['hero', 'string'], [undefined, 'undefined']]) {
        await assert.rejects(client.recommend(nonsense), { message: `recommend takes a map of arguments, not ${kind}` });
      }
    }));

  test('in a list of events only what is none is refused', () =>
    withClient(socketOf('plain'), {}, async (client) => {
      const event = { event: 'click', customer: 'node-lists', offer: null };
      const replies = await client.track([event, null, 'click', event]);
      assert.deepEqual(replies.map((reply) => reply.accepted), [true, false, false, true]);
    }));

  test('a time limit may be as long as it likes, but is a number', () =>
    withClient(socketOf('plain'), {}, async (client) => {
      for (const timeoutMs of [Infinity, 3e9]) await client.ping({ timeoutMs });
      for (const timeoutMs of ['5', NaN, {}]) await assert.rejects(client.ping({ timeoutMs }), failsWith('INVALID', 'timeoutMs'));
      assert.throws(() => new Client('unix:/x', { timeoutMs: '5' }), failsWith('INVALID', 'timeoutMs'));
      assert.equal((await client.recommendOr({ placement: 'hero' }, [], { timeoutMs: '5' })).fallback, 'client_error');
      await withClient(socketOf('plain'), { timeoutMs: Infinity }, (patient) => patient.ping());
    }));

  test('an address that is none is refused at once', () => {
    for (const address of ['/run/senda.sock', 'tcp:localhost', 'tcp:7000', 'unix:', 'tcp:localhost:0', 'tls:localhost:65536']) {
      assert.throws(() => new Client(address), failsWith('INVALID', 'address'));
    }
    assert.equal(new Client('tcp:[::1]:7000').target.host, '::1');
  });
});

describe('replies', () => {
  test('arriving byte by byte', () =>
    withClient(socketOf('fragment'), {}, async (client) => {
      const replies = await Promise.all([client.recommend({ placement: 'hero', count: 3 }), client.ping()]);
      assert.equal(replies[0].items.length, 3);
      assert.equal(replies[0].items[2].title, 'Guía de compra');
      await assert.rejects(client.recommend({ placement: 'x' }), failsWith('INVALID'));
    }));

  test('out of order', () =>
    withClient(socketOf('reorder'), {}, async (client) => {
      const numbers = Array.from({ length: 10 }, (_, number) => number);
      const replies = await Promise.all(numbers.map((number) => client.call('mock.echo', { number })));
      assert.deepEqual(replies.map((reply) => reply.number), numbers);
    }));

  test('that nobody waits for are dropped', () =>
    withClient(socketOf('unasked'), {}, async (client) => {
      assert.deepEqual(await client.call('mock.echo', { a: 1 }), { a: 1 });
      assert.deepEqual(await client.call('mock.echo', { b: 2 }), { b: 2 });
    }));

  test('too late are not taken for the next request\'s', () =>
    withClient(socketOf('late'), {}, async (client) => {
      await assert.rejects(client.call('mock.echo', { first: 1 }, { timeoutMs: 30 }), failsWith('TIMEOUT'));
      assert.deepEqual(await client.call('mock.echo', { second: 2 }), { second: 2 });
    }));

  test('many and large, both ways at once', () =>
    withClient(socketOf('plain'), {}, async (client) => {
      const text = 'x'.repeat(50000);
      const calls = Array.from({ length: 200 }, (_, number) => client.call('mock.echo', { number, text }));
      const replies = await Promise.all(calls);
      assert.ok(replies.every((reply, number) => reply.number === number && reply.text === text));
    }));
});

describe('broken connections', () => {
  test('a request lost midway is sent again', () =>
    withClient(socketOf('break-once'), {}, async (client) => {
      const reply = await client.track({ event: 'click', customer: 'broken' });
      assert.equal(reply.accepted, true);
      const { log } = await client.call('mock.log');
      assert.equal(log.length, 3);
      assert.equal(log[0].params[0].id, log[1].params[0].id);
      assert.notEqual(log[0].connection, log[1].connection);
    }));

  test('a request lost twice fails', () =>
    withClient(socketOf('break-always'), {}, async (client) => {
      await assert.rejects(client.ping(), failsWith('DISCONNECTED'));
    }));

  test('the next request connects again', () =>
    withClient(socketOf('plain'), {}, async (client) => {
      for (let round = 0; round < 3; round += 1) {
        await client.ping();
        assert.equal(await client.run(() => client.notify('mock.drop', {})), true);
      }
      await client.ping();
    }));

  test('bytes that are no MessagePack-RPC', () =>
    withClient(socketOf('garbage'), {}, async (client) => {
      await assert.rejects(client.ping(), failsWith('PROTOCOL'));
    }));

  test('nobody listening', () => {
    const hidden = [];
    const onError = (error) => hidden.push(error.code);
    return withClient(socketOf('nobody'), { timeoutMs: 120, onError }, async (client) => {
      await assert.rejects(client.ping(), failsWith('UNREACHABLE'));
      assert.equal(await client.trackNoReply({ event: 'click' }), false);
      assert.deepEqual(hidden, ['UNREACHABLE']);
    });
  });

  test('an address that cannot even be tried', () =>
    withClient('tcp:localhost:1', { timeoutMs: 120 }, async (client) => {
      client.target.port = 1e6;
      await assert.rejects(client.ping(), failsWith('UNREACHABLE'));
    }));

  test('a daemon that comes up later is found', async () => {
    const where = fs.mkdtempSync(path.join(os.tmpdir(), 'senda-node-later-'));
    let daemon;
    await withClient(`unix:${where}/plain.sock`, {}, async (client) => {
      const early = client.ping();
      daemon = startMock(where);
      await early;
    }).finally(() => {
      daemon.stdin.end();
      fs.rmSync(where, { recursive: true });
    });
  });

  test('what a daemon does not take is not kept for ever', () => {
    const hidden = [];
    return withClient(socketOf('frozen'), { onError: (error) => hidden.push(error.code), timeoutMs: 120 }, async (client) => {
      const event = { event: 'click', properties: { text: 'x'.repeat(1e6) } };
      for (let sent = 0; await client.trackNoReply(event); sent += 1) assert.ok(sent < 32);
      await assert.rejects(client.track(event), failsWith('BUSY'));
      assert.deepEqual(hidden, ['BUSY']);
      await client.trackNoReply({ event: 'click' });
    });
  });

  for (const [what, behaviour, options, call] of [
    ['with bytes unsent', 'frozen', { timeoutMs: 120 }, 'trackNoReply({ event: "click", properties: { text: "x".repeat(4e6) } })'],
    ['before its token is taken', 'frozen', { timeoutMs: 10 * PATIENT, token: 'secret' }, 'ping()'],
  ]) {
    test(`a process whose client was closed ends, ${what}`, async () => {
      const script = `
        const client = new (require(${JSON.stringify(clientFile)}).Client)(${JSON.stringify(socketOf(behaviour))}, ${JSON.stringify(options)});
        client.${call}.catch(() => {});
        const look = setInterval(() => {
          if (!client.socket || client.socket.connecting) return;
          clearInterval(look);
          client.close();
        }, 1);`;
      const [code, signal] = await once(spawn(process.execPath, ['-e', script], { timeout: PATIENT, stdio: 'inherit' }), 'exit');
      assert.deepEqual([code, signal], [0, null]);
    });
  }

  test('closing fails what is unanswered', async () => {
    const client = new Client(socketOf('hang'), { timeoutMs: PATIENT });
    const unanswered = client.ping();
    client.close();
    await assert.rejects(unanswered, failsWith('CLOSED'));
    await assert.rejects(client.ping(), failsWith('CLOSED'));
  });
});

describe('token', () => {
  test('is given first on every connection', () =>
    withClient(socketOf('auth'), { token: 'secret' }, async (client) => {
      await Promise.all([client.ping(), client.ping()]);
      await client.run(() => client.notify('mock.drop', {}));
      await client.ping();
      const { log } = await client.call('mock.log');
      const mine = [...new Set(log.map((entry) => entry.connection))];
      assert.equal(mine.length, 2);
      for (const connection of mine) {
        assert.equal(log.find((entry) => entry.connection === connection).method, 'auth');
      }
    }));

  test('refused fails the requests at once', () =>
    withClient(socketOf('auth'), { token: 'guess' }, async (client) => {
      await assert.rejects(client.ping(), failsWith('UNAUTHORIZED', 'token'));
    }));

  test('refused stays the reason while senda takes long to look at it again', () =>
    withClient(socketOf('wary'), { token: 'guess', timeoutMs: 120 }, async (client) => {
      await assert.rejects(client.ping({ timeoutMs: PATIENT }), failsWith('UNAUTHORIZED', 'token'));
      await assert.rejects(client.ping(), failsWith('UNAUTHORIZED', 'token'));
      await assert.rejects(client.ping({ timeoutMs: 600 }), failsWith('UNAUTHORIZED', 'token'));
    }));

  test('left out is told', () =>
    withClient(socketOf('auth'), {}, async (client) => {
      await assert.rejects(client.ping(), failsWith('UNAUTHORIZED'));
    }));

  test('given later is kept for later connections', () =>
    withClient(socketOf('auth'), {}, async (client) => {
      await assert.rejects(client.auth('guess'), failsWith('UNAUTHORIZED'));
      await client.auth('secret');
      await client.run(() => client.notify('mock.drop', {}));
      await client.ping();
    }));
});

describe('what a page relies on', () => {
  test('recommendOr gives the decision where there is one', () =>
    withClient(socketOf('plain'), {}, async (client) => {
      const decision = await client.recommendOr({ placement: 'hero' }, [], { timeoutMs: PATIENT });
      assert.equal(decision.items.length, 1);
      assert.equal(decision.fallback, null);
    }));

  for (const [behaviour, code] of [['hang', 'TIMEOUT'], ['nobody', 'UNREACHABLE'], ['auth', 'UNAUTHORIZED']]) {
    test(`recommendOr labels its own answer: ${code}`, () => {
      const hidden = [];
      return withClient(socketOf(behaviour), { onError: (error) => hidden.push(error.code) }, async (client) => {
        const timeoutMs = code === 'UNAUTHORIZED' ? PATIENT : 120;
        const decision = await client.recommendOr({ placement: 'hero' }, [{ offer: 'mine' }], { timeoutMs });
        assert.equal(decision.decision, null);
        assert.equal(decision.placement, 'hero');
        assert.equal(decision.fallback, 'client_error');
        assert.match(decision.because, new RegExp(`^${code}: `));
        assert.deepEqual(decision.items, [{ offer: 'mine' }]);
        assert.deepEqual(hidden, [code]);
      });
    });
  }

  test('recommendOr survives nonsense and a report that throws', () => {
    const onError = () => {
      throw new Error('report');
    };
    return withClient(socketOf('plain'), { onError }, async (client) => {
      for (const [nonsense, items] of [[undefined, null], [null, 5], ['hero', { offer: 1 }], [{ placement: 1n }, 'items']]) {
        const decision = await client.recommendOr(nonsense, items, null);
        assert.deepEqual([decision.items, decision.fallback], [[], 'client_error']);
      }
    });
  });

  test('trackNoReply is applied and leaves nothing unanswered', () =>
    withClient(socketOf('plain'), {}, async (client) => {
      assert.equal(await client.trackNoReply({ event: 'click', customer: 'quiet' }), true);
      assert.equal((await client.profile.get('quiet')).customer, 'quiet');
      const event = { event: 'click', customer: 'node-quiet-list', offer: null };
      assert.equal(await client.trackNoReply([event, event]), true);
      assert.equal((await client.profile.get('node-quiet-list')).counts.click, 2);
      assert.equal(client.waiting.size, 0);
    }));
});
