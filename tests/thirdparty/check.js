'use strict';

// What every Node program here asks of a daemon, whatever library carries it.

const assert = require('node:assert/strict');

const CONCURRENT = 100;
const DECISION_FIELDS = [
  'decision', 'known', 'journey', 'stage', 'persona', 'placement', 'strategy', 'version', 'items', 'fallback', 'experiments',
];
const ITEM_FIELDS = ['offer', 'kind', 'title', 'url', 'score', 'propensity', 'because', 'data'];

function checkDecision(decision) {
  for (const field of DECISION_FIELDS) assert.ok(field in decision, `recommend: no field '${field}'`);
  assert.match(decision.decision, /^[\w.~-]{1,160}$/);
  assert.equal(decision.placement, 'hero');
  assert.equal(typeof decision.known, 'boolean');
  assert.equal(typeof decision.version, 'string');
  for (const item of decision.items) {
    for (const field of ITEM_FIELDS) assert.ok(field in item, `recommend: no field '${field}' in an item`);
    assert.equal(typeof item.offer, 'string');
    assert.ok(item.propensity > 0 && item.propensity <= 1, `propensity ${item.propensity}`);
  }
}

async function checkError(answer, code) {
  const error = await answer.then(() => assert.fail(`${code} expected, got an answer`), (reason) => reason);
  assert.equal(typeof error, 'string', `the error is no string: ${error}`);
  assert.ok(error.startsWith(`${code}: `), error);
}

/** What is told of a customer is known from then on, once, until it is erased. */
async function checkMemory(request) {
  const who = { customer: 'third-party' };
  const event = { ...who, event: 'page_view', id: 'the-same' };
  await request('profile.erase', who);
  await checkError(request('profile.get', who), 'NOT_FOUND');
  for (const duplicate of [false, true]) {
    const answer = await request('track', event);
    assert.deepEqual([answer.accepted, answer.duplicate], [true, duplicate]);
  }
  const answers = await request('track', [event, { ...who, event: '' }]);
  assert.deepEqual(answers.map((answer) => answer.accepted), [true, false]);
  assert.match(answers[1].error, /^INVALID: event: /);
  assert.deepEqual((await request('profile.set', { ...who, traits: { role: 'it' } })).traits, { role: 'it' });
  await request('identify', { anonymous: 'third-party-visitor', ...who });
  const profile = await request('profile.get', { customer: 'third-party-visitor' });
  assert.deepEqual([profile.customer, profile.counts], [who.customer, { page_view: 1 }]);
  const decision = await request('recommend', { placement: 'hero', ...who });
  assert.deepEqual([decision.known, decision.stage], [true, profile.stage]);
  await request('profile.erase', who);
  await checkError(request('profile.get', who), 'NOT_FOUND');
}

/** `request(method, ...params)` resolves to the result or rejects with the error as it came. */
async function check(request) {
  await request('ping', {});
  await request('ping');
  checkDecision(await request('recommend', { placement: 'hero' }));
  await checkError(request('recommendd', {}), 'UNKNOWN_METHOD');
  await checkError(request('recommend', { placement: 'heroo' }), 'INVALID');
  await checkError(request('recommend', { placement: 'hero', custommer: 'ana' }), 'INVALID');
  await checkMemory(request);
  const asked = Array.from({ length: CONCURRENT }, (_, number) =>
    request('recommend', { placement: 'hero', customer: `visitor-${number}` }));
  const decisions = await Promise.all(asked);
  decisions.forEach(checkDecision);
  assert.equal(new Set(decisions.map((decision) => decision.decision)).size, CONCURRENT);
}

/** "unix:/path" or "tcp:host:port" as net.connect takes it. */
function parseAddress(address) {
  const [, kind, rest] = /^(unix|tcp):(.+)$/.exec(address || '') || [];
  if (!kind) throw new Error('usage: ADDRESS, as unix:/path or tcp:host:port');
  if (kind === 'unix') return { path: rest };
  const colon = rest.lastIndexOf(':');
  return { host: rest.slice(0, colon), port: Number(rest.slice(colon + 1)) };
}

/** Runs `program` with where to connect, then says how it went. */
function main(name, program) {
  Promise.resolve()
    .then(() => program(parseAddress(process.argv[2] || process.env.SENDA_ADDRESS)))
    .then(() => console.log(`ok ${name}`))
    .catch((error) => {
      console.error(`FAILED ${name}: ${error.stack || error}`);
      process.exitCode = 1;
    });
}

module.exports = { check, main };
