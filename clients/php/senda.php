<?php

// Client for senda, the daemon that answers what a customer should see next: blocking, pipelined, persistent on request.
// Needs PHP 8.1 or later and the msgpack extension (Debian: php-msgpack).

declare(strict_types=1);

namespace Senda;

const VERSION = '1.0.0';

const REQUEST = 0;
const RESPONSE = 1;
const NOTIFICATION = 2;
const MAX_MSGID = 0xffffffff;
const MAX_PORT = 65535;

const DEFAULT_TIMEOUT_MS = 1000;
// A page under way waits less for an answer it can do without.
const DEFAULT_PAGE_TIMEOUT_MS = 200;
// As good as for ever.
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
const MIN_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 2000;
// A request lost with its connection is sent once more, never a third time.
const MAX_SENDINGS = 2;
const READ_SIZE = 65536;
// Far more than the daemon takes; what goes deeper refers to itself.
const MAX_DEPTH = 100;

// The codes of errors that come as pairs, by number.
const CODES = [
  1 => 'INVALID', 2 => 'UNKNOWN_METHOD', 3 => 'NOT_FOUND', 4 => 'TOO_LARGE', 5 => 'UNAUTHORIZED', 6 => 'OVERLOADED',
  7 => 'UNAVAILABLE', 8 => 'INTERNAL',
];

// Only in these does the text open with the name of the argument at fault.
const CODES_NAMING_A_FIELD = ['INVALID', 'NOT_FOUND', 'TOO_LARGE', 'UNAUTHORIZED'];

const NO_ANSWER_TO_TOKEN = 'no answer to the token';

/** Milliseconds of a clock that only goes forward. */
function now(): float
{
  return hrtime(true) / 1e6;
}

/**
 * What went wrong. `code` is one of the daemon's (INVALID, NOT_FOUND, OVERLOADED, …) or of this client's: TIMEOUT,
 * UNREACHABLE, DISCONNECTED, PROTOCOL, CLOSED. `message` is the text; `field` names the argument at fault, or is null.
 * `id` is that of the event that was to be tracked, of a list the list of theirs, else null: sent again with it, an
 * event counts once.
 */
class SendaError extends \RuntimeException
{
  public $code;
  public $message;
  public readonly ?string $field;

  public function __construct(
    string $code,
    string $message,
    ?\Throwable $previous = null,
    public readonly string|array|null $id = null,
  ) {
    parent::__construct($message, 0, $previous);
    $this->code = $code;
    $named = preg_match('/^([A-Za-z_][\w.\[\]]*): /', $message, $parts) === 1;
    $this->field = $named && in_array($code, CODES_NAMING_A_FIELD, true) ? $parts[1] : null;
  }

  public function __toString(): string
  {
    return "$this->code: $this->message";
  }

  /** From the error of a reply: "CODE: message", or [number, message] after hello(['errors' => 'pair']). */
  public static function fromReply(mixed $error): self
  {
    if (is_array($error) && is_int($error[0] ?? null) && is_string($error[1] ?? null)) {
      return new self(CODES[$error[0]] ?? 'INTERNAL', $error[1]);
    }
    $text = is_string($error) ? $error : (string) json_encode($error);
    if (preg_match('/^([A-Z][A-Z_]*): (.*)$/s', $text, $parts)) {
      return new self($parts[1], $parts[2]);
    }
    return new self('INTERNAL', $text);
  }
}

/** "unix:/path", "tcp:host:port" or "tls:host:port" as PHP's streams want it. */
function streamAddress(string $address): string
{
  if (preg_match('/^unix:(.+)$/', $address, $unix)) {
    return "unix://$unix[1]";
  }
  if (!preg_match('/^(tcp|tls):(\[[^\]]+\]|[^:]+):(\d+)$/', $address, $tcp)) {
    throw new SendaError('INVALID', "address: '$address' is no unix:/path, tcp:host:port or tls:host:port");
  }
  if ((float) $tcp[3] < 1 || (float) $tcp[3] > MAX_PORT) {
    throw new SendaError('INVALID', "address: '$address' has no port from 1 to " . MAX_PORT);
  }
  return "$tcp[1]://$tcp[2]:$tcp[3]";
}

/** Arguments given as null are left out, as if they had not been named; so is a cookie that is empty. */
function withoutNothing(array $args): array
{
  $isThere = fn ($value, $name) => $value !== null && !($name === 'customer' && $value === '');
  return array_filter($args, $isThere, ARRAY_FILTER_USE_BOTH);
}

/** The id of an event, or the list of theirs. */
function idOf(array $events): string|array|null
{
  if (isList($events)) {
    return array_values(array_map(fn ($event) => is_array($event) ? idOf($event) : null, $events));
  }
  $id = $events['id'] ?? null;
  return is_scalar($id) ? (string) $id : null;
}

/** Whether the array is a list, if with gaps, as array_filter() leaves them. */
function isList(array $array): bool
{
  return !array_filter(array_keys($array), is_string(...));
}

/** One event prepared, or each of a list; what is none in a list is senda's to refuse, and the others count. */
function eachEvent(array $events, callable $prepare): array
{
  if ($events === [] || !isList($events)) {
    return $prepare($events);
  }
  $isEvent = fn ($event) => is_array($event) || $event instanceof \stdClass;
  return array_map(fn ($event) => $isEvent($event) ? $prepare((array) $event) : $event, $events);
}

/** A key of its own lets an event be sent again after a broken connection and still count once. */
function withKey(array $event): array
{
  return withoutNothing($event) + ['id' => bin2hex(random_bytes(16))];
}

/**
 * The value as MessagePack; `$place` names it in errors. The extension's own way makes maps whose keys look like numbers
 * into lists.
 */
function packed(\MessagePack $codec, mixed $value, string $place, int $depth = 0): string
{
  if ($depth > MAX_DEPTH) {
    throw new SendaError('INVALID', 'arguments: nested too deeply');
  }
  return match (true) {
    $value === null, is_scalar($value) => $codec->pack($value),
    is_array($value) => isList($value) ? packedList($codec, $value, $place, $depth) : packedMap($codec, $value, $place, $depth),
    $value instanceof \BackedEnum => $codec->pack($value->value),
    $value instanceof \DateTimeInterface => $codec->pack((float) $value->format('U.u')),
    $value instanceof \JsonSerializable => packed($codec, $value->jsonSerialize(), $place, $depth + 1),
    $value instanceof \stdClass => packedMap($codec, (array) $value, $place, $depth),
    default => throw new SendaError('INVALID', ($place ?: 'arguments') . ': ' . get_debug_type($value) . ' cannot be sent'),
  };
}

function packedList(\MessagePack $codec, array $items, string $place, int $depth): string
{
  $count = count($items);
  $bytes = $count < 16 ? chr(0x90 | $count) : ($count <= 0xffff ? "\xdc" . pack('n', $count) : "\xdd" . pack('N', $count));
  foreach ($items as $key => $item) {
    $bytes .= packed($codec, $item, $place . "[$key]", $depth + 1);
  }
  return $bytes;
}

function packedMap(\MessagePack $codec, array $entries, string $place, int $depth): string
{
  $count = count($entries);
  $bytes = $count < 16 ? chr(0x80 | $count) : ($count <= 0xffff ? "\xde" . pack('n', $count) : "\xdf" . pack('N', $count));
  foreach ($entries as $key => $item) {
    $bytes .= $codec->pack((string) $key) . packed($codec, $item, $place === '' ? (string) $key : "$place.$key", $depth + 1);
  }
  return $bytes;
}

/** The decision a page gets when senda gave none: as one of senda's, labelled, with what the page brought itself. */
function decisionWithoutSenda(mixed $args, mixed $items, \Throwable $error): array
{
  $placement = is_array($args) ? $args['placement'] ?? null : null;
  return [
    'decision' => null,
    'known' => false,
    'journey' => null,
    'stage' => null,
    'persona' => null,
    'placement' => is_string($placement) ? $placement : null,
    'strategy' => null,
    'version' => null,
    'items' => is_array($items) ? $items : [],
    'fallback' => 'client_error',
    'because' => $error instanceof SendaError ? (string) $error : 'INTERNAL: ' . $error->getMessage(),
    'experiments' => [],
  ];
}

/** Spaces connection attempts out: twice as long after each failure, shortened at random so that clients spread. */
final class Backoff
{
  public float $nextAttempt = 0;
  private int $failures = 0;

  public function succeeded(): void
  {
    $this->failures = 0;
    $this->nextAttempt = 0;
  }

  public function failed(): void
  {
    $pause = min(MIN_BACKOFF_MS * 2 ** $this->failures, MAX_BACKOFF_MS);
    $this->failures += 1;
    $this->nextAttempt = now() + $pause * random_int(500, 1000) / 1000;
  }
}

/** Cuts a stream of bytes into MessagePack values, however they arrive. */
final class Scanner
{
  // Bytes taken by a value of fixed size, its first byte included.
  private const FIXED = [
    0xc0 => 1, 0xc2 => 1, 0xc3 => 1, 0xca => 5, 0xcb => 9, 0xcc => 2, 0xcd => 3, 0xce => 5, 0xcf => 9, 0xd0 => 2,
    0xd1 => 3, 0xd2 => 5, 0xd3 => 9, 0xd4 => 3, 0xd5 => 4, 0xd6 => 6, 0xd7 => 10, 0xd8 => 18,
  ];
  // Bytes of the length that follows the first byte, bytes before the content starts, values per unit of length.
  private const COUNTED = [
    0xc4 => [1, 2, 0], 0xc5 => [2, 3, 0], 0xc6 => [4, 5, 0], 0xc7 => [1, 3, 0], 0xc8 => [2, 4, 0], 0xc9 => [4, 6, 0],
    0xd9 => [1, 2, 0], 0xda => [2, 3, 0], 0xdb => [4, 5, 0],
    0xdc => [2, 3, 1], 0xdd => [4, 5, 1], 0xde => [2, 3, 2], 0xdf => [4, 5, 2],
  ];
  private const LENGTH_FORMAT = [1 => 'C', 2 => 'n', 4 => 'N'];

  private string $buffer = '';
  private int $position = 0; // where the next value of the message starts
  private int $missing = 1; // values still to come before the message is whole

  public function feed(string $bytes): void
  {
    $this->buffer .= $bytes;
  }

  public function isBetweenMessages(): bool
  {
    return $this->buffer === '';
  }

  /** The bytes of the next whole message, or null until more have come. */
  public function next(): ?string
  {
    while ($this->missing > 0) {
      [$size, $values] = $this->measure() ?? [PHP_INT_MAX, 0];
      if ($size > strlen($this->buffer) - $this->position) {
        return null;
      }
      $this->position += $size;
      $this->missing += $values - 1;
    }
    $message = substr($this->buffer, 0, $this->position);
    $this->buffer = substr($this->buffer, $this->position);
    [$this->position, $this->missing] = [0, 1];
    return $message;
  }

  /** Size of the value at the position without what it contains, and how many values it contains; null: not yet known. */
  private function measure(): ?array
  {
    if ($this->position >= strlen($this->buffer)) {
      return null;
    }
    $first = ord($this->buffer[$this->position]);
    return match (true) {
      $first < 0x80, $first >= 0xe0 => [1, 0],
      $first < 0x90 => [1, 2 * ($first & 0x0f)],
      $first < 0xa0 => [1, $first & 0x0f],
      $first < 0xc0 => [1 + ($first & 0x1f), 0],
      isset(self::FIXED[$first]) => [self::FIXED[$first], 0],
      isset(self::COUNTED[$first]) => $this->measureCounted(...self::COUNTED[$first]),
      default => throw new SendaError('PROTOCOL', 'what came is no MessagePack'),
    };
  }

  private function measureCounted(int $lengthSize, int $head, int $valuesEach): ?array
  {
    if ($this->position + 1 + $lengthSize > strlen($this->buffer)) {
      return null;
    }
    $length = unpack(self::LENGTH_FORMAT[$lengthSize], $this->buffer, $this->position + 1)[1];
    return $valuesEach > 0 ? [$head, $valuesEach * $length] : [$head + $length, 0];
  }
}

/** A message on its way: a request until it is answered, a notification until it is handed over. */
final class Entry
{
  public ?float $deadline = null;
  public int $sendings = 0;
  public bool $done = false;
  public ?SendaError $error = null;
  public mixed $value = null;

  public function __construct(
    public readonly int|string $key,
    public readonly string $bytes,
    public readonly bool $isRequest,
    public readonly float $timeoutMs,
    private readonly string|array|null $eventId,
  ) {
  }

  /** From here on its time runs; at first somebody waits for it. */
  public function startClock(): void
  {
    $this->deadline ??= now() + $this->timeoutMs;
  }

  public function settle(?SendaError $error, mixed $value = null): void
  {
    if (!$this->done) {
      [$this->done, $this->error, $this->value] = [true, $error, $value];
    }
  }

  public function outcome(): mixed
  {
    if ($this->error === null) {
      return $this->value;
    }
    throw new SendaError($this->error->code, $this->error->message, $this->error, $this->eventId);
  }
}

/** One connection to senda, opened when first needed and again whenever it was lost, and what waits on it. */
final class Connection
{
  /** Persistent connections of this page, so that two clients of one address do not read each other's answers. */
  private static array $shared = [];

  public ?string $token;
  private readonly string $target;
  private readonly \MessagePack $codec;
  private readonly Backoff $backoff;
  private Scanner $scanner;
  private $stream = null;
  private string $unsent = '';
  /** @var array<int|string, Entry> in the order of the calls; a request's key is its msgid */
  private array $waiting = [];
  private int $nextMsgid;
  private int $notifications = 0;
  private ?SendaError $lastFailure = null;
  private bool $closed = false;
  private int $pid;

  public function __construct(
    private readonly string $address,
    ?string $token,
    private readonly bool $persistent,
    private readonly ?string $ca = null,
  ) {
    $this->target = streamAddress($address);
    $this->token = $token;
    $this->codec = new \MessagePack(false);
    $this->backoff = new Backoff();
    $this->scanner = new Scanner();
    // A page before this one may have left an answer on its way: its msgid must not be met again.
    $this->nextMsgid = $persistent ? random_int(0, MAX_MSGID) : 0;
    $this->pid = getmypid();
  }

  public static function persistent(string $address, ?string $token, ?string $ca): self
  {
    $known = self::$shared[$address] ?? null;
    if ($known === null || $known->closed || $known->token !== $token || $known->ca !== $ca) {
      self::$shared[$address] = new self($address, $token, true, $ca);
    }
    return self::$shared[$address];
  }

  /** A persistent connection outlives the page only where no answer can follow into the next one. */
  public function __destruct()
  {
    $isClean = $this->waiting === [] && $this->unsent === '' && $this->scanner->isBetweenMessages();
    if (!$this->persistent || !$isClean) {
      $this->drop();
    }
  }

  public function close(): void
  {
    $this->closed = true;
    $this->fail(new SendaError('CLOSED', 'the client was closed'));
    $this->drop();
  }

  public function request(string $method, array $args, float $timeoutMs): Entry
  {
    $this->prepare();
    $entry = $this->newRequest($method, $args, $timeoutMs);
    $this->queue($entry);
    return $entry;
  }

  public function ask(string $method, array $args, float $timeoutMs): mixed
  {
    $entry = $this->request($method, $args, $timeoutMs);
    $this->wait($entry);
    return $entry->outcome();
  }

  /** Whether the notification was handed to the connection. */
  public function notify(string $method, array $args, float $timeoutMs): bool
  {
    $this->prepare();
    $this->notifications += 1;
    $key = "notification $this->notifications";
    $entry = $this->add($key, [NOTIFICATION, $method], $args, $timeoutMs);
    $this->queue($entry);
    $this->wait($entry);
    $taker = $this->stream;
    while ($entry->error === null && $this->unsent !== '' && now() < $entry->deadline) {
      $this->turn($entry->deadline);
    }
    return $entry->outcome() && $this->unsent === '' && $this->stream === $taker;
  }

  /** Sends what can be sent without waiting for anybody but a connection, and for that only if none has failed. */
  public function send(Entry $entry): void
  {
    if ($this->stream === null && $this->lastFailure === null) {
      $this->tryToOpen(now() + $entry->timeoutMs);
    }
    if ($this->stream !== null) {
      $this->turn(now());
    }
  }

  /** Waits for one; the time of whatever is on its way with it runs as well. */
  public function wait(Entry $entry): void
  {
    foreach ([$entry, ...$this->waiting] as $other) {
      $other->startClock();
    }
    while (!$entry->done) {
      if (now() >= $entry->deadline) {
        $this->giveUp($entry);
      } elseif ($this->stream === null) {
        $this->connectFor($entry);
      } else {
        $this->turn($entry->deadline);
      }
    }
  }

  /** Its time is over; an answer that has come meanwhile is taken all the same. */
  private function giveUp(Entry $entry): void
  {
    while ($this->stream !== null && !$entry->done && $this->hasCome()) {
      $this->turn(now());
    }
    $late = $this->stream === null ? $this->lastFailure : null;
    $this->settle($entry, $late ?? new SendaError('TIMEOUT', "no answer within $entry->timeoutMs ms"));
  }

  private function hasCome(): bool
  {
    $read = [$this->stream];
    $none = null;
    return @stream_select($read, $none, $none, 0) === 1;
  }

  // --- what waits ---------------------------------------------------------------------------------------------

  private function prepare(): void
  {
    if ($this->closed) {
      throw new SendaError('CLOSED', 'the client was closed');
    }
    if ($this->pid !== getmypid()) {
      $this->leaveParent();
    }
    if ($this->stream !== null && $this->waiting === []) {
      $this->noticeClose();
    }
  }

  /** After a fork the connection and what waits on it are the parent's. */
  private function leaveParent(): void
  {
    $this->pid = getmypid();
    $this->waiting = [];
    $this->drop();
  }

  /** A connection closed while idle is replaced before anything is entrusted to it. */
  private function noticeClose(): void
  {
    try {
      $this->exchange(now());
    } catch (SendaError) {
      $this->drop();
    }
  }

  private function newRequest(string $method, array $args, float $timeoutMs): Entry
  {
    $msgid = $this->nextMsgid;
    while (isset($this->waiting[$msgid])) {
      $msgid = ($msgid + 1) & MAX_MSGID;
    }
    $this->nextMsgid = ($msgid + 1) & MAX_MSGID;
    return $this->add($msgid, [REQUEST, $msgid, $method], $args, $timeoutMs);
  }

  private function add(int|string $key, array $head, array $args, float $timeoutMs): Entry
  {
    if (is_nan($timeoutMs)) {
      throw new SendaError('INVALID', 'timeoutMs: a number is due, not NAN');
    }
    $bytes = chr(0x90 | count($head) + 1) . implode('', array_map($this->codec->pack(...), $head));
    $bytes .= "\x91" . packed($this->codec, $args, isList($args) ? 'events' : '');
    $isRequest = $head[0] === REQUEST;
    $eventId = $isRequest && $head[2] === 'track' ? idOf($args) : null;
    return $this->waiting[$key] = new Entry($key, $bytes, $isRequest, min($timeoutMs, MAX_TIMEOUT_MS), $eventId);
  }

  private function queue(Entry $entry): void
  {
    if ($this->stream === null) {
      return;
    }
    $this->unsent .= $entry->bytes;
    $entry->sendings += 1;
    if (!$entry->isRequest) {
      $this->settle($entry, null, true);
    }
  }

  private function settle(Entry $entry, ?SendaError $error, mixed $value = null): void
  {
    if (($this->waiting[$entry->key] ?? null) === $entry) {
      unset($this->waiting[$entry->key]);
    }
    $entry->settle($error, $value);
  }

  private function fail(SendaError $error, int $leastSendings = 0): void
  {
    foreach ($this->waiting as $entry) {
      if ($entry->sendings >= $leastSendings) {
        $this->settle($entry, $error);
      }
    }
  }

  private function receive(string $bytes): void
  {
    $this->scanner->feed($bytes);
    while (($message = $this->scanner->next()) !== null) {
      $this->answer(@$this->codec->unpack($message));
    }
  }

  private function answer(mixed $message): void
  {
    if (!is_array($message) || !array_is_list($message) || count($message) < 3) {
      throw new SendaError('PROTOCOL', 'what came is no MessagePack-RPC');
    }
    if ($message[0] !== RESPONSE) {
      return;
    }
    $this->backoff->succeeded();
    $this->lastFailure = null;
    [, $msgid, $error, $result] = $message;
    if (isset($this->waiting[$msgid])) {
      $this->settle($this->waiting[$msgid], $error === null ? null : SendaError::fromReply($error), $result);
    }
  }

  // --- the stream ---------------------------------------------------------------------------------------------

  /** Connects once the backoff allows it; an entry that cannot wait that long fails at once. */
  private function connectFor(Entry $entry): void
  {
    $pause = $this->backoff->nextAttempt - now();
    if ($pause > 0 && $this->backoff->nextAttempt >= $entry->deadline) {
      $this->settle($entry, $this->lastFailure);
      return;
    }
    usleep((int) (max(0, $pause) * 1000));
    $this->tryToOpen($entry->deadline);
  }

  private function tryToOpen(float $deadline): void
  {
    try {
      $this->open($deadline);
    } catch (SendaError $cause) {
      $this->drop();
      $this->noteUnreachable($cause);
    }
  }

  private function open(float $deadline): void
  {
    $flags = STREAM_CLIENT_CONNECT | ($this->persistent ? STREAM_CLIENT_PERSISTENT : 0);
    $context = stream_context_create(['socket' => ['tcp_nodelay' => true], 'ssl' => $this->trust()]);
    $seconds = max(0.001, ($deadline - now()) / 1000);
    $warnings = [];
    set_error_handler(function (int $level, string $message) use (&$warnings): bool {
      $warnings[] = preg_replace(['/^\w+\(\): /', '/\s+/'], ['', ' '], $message);
      return true;
    });
    try {
      $stream = stream_socket_client($this->target, $number, $text, $seconds, $flags, $context);
    } finally {
      restore_error_handler();
    }
    if ($stream === false) {
      // Of TLS the first warning has the reason; the last one says that it is unknown.
      throw new SendaError('DISCONNECTED', $text ?: $warnings[0] ?? 'connecting took too long');
    }
    $this->stream = $stream;
    stream_set_blocking($stream, false);
    stream_set_write_buffer($stream, 0);
    // What an earlier page of this process has opened and authorized has carried bytes already.
    if ($this->token !== null && ftell($stream) === 0) {
      $this->authenticate($deadline);
    }
    foreach ($this->waiting as $entry) {
      $this->queue($entry);
    }
  }

  /** What TLS wants to see: a certificate for the host that leads to a root in the file, or to one of the system's. */
  private function trust(): array
  {
    $versions = STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT | STREAM_CRYPTO_METHOD_TLSv1_3_CLIENT;
    $trust = ['verify_peer' => true, 'verify_peer_name' => true, 'crypto_method' => $versions];
    return $this->ca === null ? $trust : $trust + ['cafile' => $this->ca];
  }

  private function authenticate(float $deadline): void
  {
    $entry = $this->newRequest('auth', ['token' => $this->token], $deadline - now());
    $this->unsent .= $entry->bytes;
    try {
      while (!$entry->done) {
        if (now() >= $deadline) {
          throw new SendaError('DISCONNECTED', NO_ANSWER_TO_TOKEN);
        }
        $this->exchange($deadline);
      }
    } finally {
      $this->settle($entry, null);
    }
    $entry->outcome();
  }

  /** A connection could not be made. A refused token fails everyone: waiting would not help. */
  private function noteUnreachable(SendaError $cause): void
  {
    $this->backoff->failed();
    if ($cause->message === NO_ANSWER_TO_TOKEN && $this->lastFailure?->code === 'UNAUTHORIZED') {
      return; // senda lets wrong tokens wait: who was refused and now hears nothing is still refused
    }
    if ($cause->code !== 'DISCONNECTED') {
      $this->lastFailure = $cause;
      $this->fail($cause);
      return;
    }
    $this->lastFailure = new SendaError('UNREACHABLE', "$this->address: $cause->message");
  }

  /** Sends and receives what can be without waiting longer than the deadline. */
  private function turn(float $deadline): void
  {
    try {
      $this->exchange($deadline);
    } catch (SendaError $cause) {
      $this->drop();
      $this->noteBroken($cause);
    }
  }

  /** A connection broke. What was sent for the second time fails; the rest stays to be sent again. */
  private function noteBroken(SendaError $cause): void
  {
    $this->backoff->failed();
    $this->lastFailure = $cause;
    $this->fail($cause, MAX_SENDINGS);
  }

  private function exchange(float $deadline): void
  {
    $read = [$this->stream];
    $write = $this->unsent === '' ? null : [$this->stream];
    $none = null;
    $patience = (int) ceil(max(0, $deadline - now()) * 1000);
    $ready = @stream_select($read, $write, $none, intdiv($patience, 1000000), $patience % 1000000);
    if ($ready === false) {
      return; // A signal came first; the caller looks at the clock and comes back.
    }
    if ($write) {
      $this->write();
    }
    if ($read) {
      $this->read();
    }
  }

  private function write(): void
  {
    $count = @fwrite($this->stream, substr($this->unsent, 0, READ_SIZE));
    if ($count === false) {
      throw new SendaError('DISCONNECTED', 'senda closed the connection');
    }
    $this->unsent = substr($this->unsent, $count);
  }

  private function read(): void
  {
    $bytes = @fread($this->stream, READ_SIZE);
    if (is_string($bytes) && $bytes !== '') {
      $this->receive($bytes);
    } elseif ($bytes === false || feof($this->stream)) {
      throw new SendaError('DISCONNECTED', 'senda closed the connection');
    }
  }

  private function drop(): void
  {
    if (is_resource($this->stream)) {
      fclose($this->stream);
    }
    $this->stream = null;
    $this->unsent = '';
    $this->scanner = new Scanner();
  }
}

/** senda's vocabulary; `$invoke` (method, arguments, timeout) decides how one waits. */
abstract class Methods
{
  public readonly Profile $profile;

  protected function __construct(private readonly \Closure $invoke)
  {
    $this->profile = new Profile($invoke);
  }

  /** Any method by its name; the ones below are made of this. */
  public function call(string $method, array $args = [], ?float $timeoutMs = null): mixed
  {
    return ($this->invoke)($method, $args, $timeoutMs);
  }

  public function recommend(array $args, ?float $timeoutMs = null): mixed
  {
    if ($args !== [] && isList($args)) {
      throw new SendaError('INVALID', 'recommend takes a map of arguments, not a list');
    }
    return ($this->invoke)('recommend', withoutNothing($args), $timeoutMs);
  }

  /** One event, or a list of them as a batch. Answered when they are durable. */
  public function track(array $events, ?float $timeoutMs = null): mixed
  {
    return ($this->invoke)('track', eachEvent($events, withKey(...)), $timeoutMs);
  }

  public function identify(string $anonymous, string $customer, ?float $timeoutMs = null): mixed
  {
    return ($this->invoke)('identify', ['anonymous' => $anonymous, 'customer' => $customer], $timeoutMs);
  }

  public function explain(string $decision, ?float $timeoutMs = null): mixed
  {
    return ($this->invoke)('explain', ['decision' => $decision], $timeoutMs);
  }

  public function journeyMap(array $args = [], ?float $timeoutMs = null): mixed
  {
    return ($this->invoke)('journey.map', $args, $timeoutMs);
  }

  public function stats(?float $timeoutMs = null): mixed
  {
    return ($this->invoke)('stats', [], $timeoutMs);
  }

  public function ping(?float $timeoutMs = null): mixed
  {
    return ($this->invoke)('ping', [], $timeoutMs);
  }

  public function hello(array $args = [], ?float $timeoutMs = null): mixed
  {
    return ($this->invoke)('hello', $args + ['client' => 'senda.php', 'version' => VERSION], $timeoutMs);
  }
}

/** The methods on what is kept about one customer. */
final class Profile
{
  public function __construct(private readonly \Closure $invoke)
  {
  }

  public function get(string $customer, ?float $timeoutMs = null): mixed
  {
    return ($this->invoke)('profile.get', ['customer' => $customer], $timeoutMs);
  }

  public function set(string $customer, array $values, ?float $timeoutMs = null): mixed
  {
    return ($this->invoke)('profile.set', ['customer' => $customer] + $values, $timeoutMs);
  }

  public function restrict(string $customer, bool $restricted = true, ?float $timeoutMs = null): mixed
  {
    return ($this->invoke)('profile.restrict', ['customer' => $customer, 'restricted' => $restricted], $timeoutMs);
  }

  public function erase(string $customer, ?float $timeoutMs = null): mixed
  {
    return ($this->invoke)('profile.erase', ['customer' => $customer], $timeoutMs);
  }

  public function export(string $customer, ?float $timeoutMs = null): mixed
  {
    return ($this->invoke)('profile.export', ['customer' => $customer], $timeoutMs);
  }
}

/** An answer to come. */
final class Reply
{
  public function __construct(private readonly Connection $connection, private readonly Entry $entry)
  {
  }

  /** Waits for the answer, and returns it or throws its SendaError. */
  public function result(): mixed
  {
    $this->connection->wait($this->entry);
    return $this->entry->outcome();
  }
}

/**
 * Methods called on it are sent at once and return a Reply each. Their time limits count from when the first result() is
 * asked for.
 */
final class Pipeline extends Methods
{
  public function __construct(Connection $connection, float $timeoutMs)
  {
    // Static, so that nothing refers to itself and the connection closes with its last user.
    parent::__construct(static function (string $method, array $args, ?float $own) use ($connection, $timeoutMs): Reply {
      $entry = $connection->request($method, $args, $own ?? $timeoutMs);
      $connection->send($entry);
      return new Reply($connection, $entry);
    });
  }
}

/**
 * A blocking client.
 *
 * `token` is sent first on every connection; `timeoutMs` is for each request, connecting included; `persistent` keeps
 * the connection for the next page this PHP process serves; `onError` is called with each error that recommendOr or
 * trackNoReply hid.
 */
final class Client extends Methods
{
  private readonly Connection $connection;
  private readonly ?\Closure $onError;

  public function __construct(
    string $address,
    ?string $token = null,
    private readonly float $timeoutMs = DEFAULT_TIMEOUT_MS,
    bool $persistent = false,
    ?callable $onError = null,
    ?string $ca = null,
  ) {
    $this->onError = $onError === null ? null : $onError(...);
    $connection = $persistent
      ? Connection::persistent($address, $token, $ca)
      : new Connection($address, $token, false, $ca);
    $this->connection = $connection;
    parent::__construct(static fn (string $method, array $args, ?float $own): mixed
      => $connection->ask($method, $args, $own ?? $timeoutMs));
  }

  /** Asks many things at once: `$many = $client->pipeline(); $reply = $many->recommend(…); … $reply->result()`. */
  public function pipeline(): Pipeline
  {
    return new Pipeline($this->connection, $this->timeoutMs);
  }

  /** Never throws: where senda has no answer in time, an empty decision with `$items` as its items. */
  public function recommendOr(mixed $args, mixed $items = [], ?float $timeoutMs = DEFAULT_PAGE_TIMEOUT_MS): array
  {
    try {
      return $this->recommend($args, $timeoutMs);
    } catch (\Throwable $error) {
      $this->report($error);
      return decisionWithoutSenda($args, $items, $error);
    }
  }

  /** Tracks without waiting for senda. Never throws; tells whether the events were handed to the connection. */
  public function trackNoReply(mixed $events, ?float $timeoutMs = null): bool
  {
    try {
      return $this->connection->notify('track', eachEvent($events, withoutNothing(...)), $timeoutMs ?? $this->timeoutMs);
    } catch (\Throwable $error) {
      $this->report($error);
      return false;
    }
  }

  /** Gives the token now, and first on every later connection. */
  public function auth(string $token, ?float $timeoutMs = null): mixed
  {
    $reply = $this->call('auth', ['token' => $token], $timeoutMs);
    $this->connection->token = $token;
    return $reply;
  }

  /** Closes the connection, also a persistent one. Requests still unanswered fail with CLOSED. */
  public function close(): void
  {
    $this->connection->close();
  }

  private function report(\Throwable $error): void
  {
    try {
      if ($this->onError !== null) {
        ($this->onError)($error);
      }
    } catch (\Throwable) {
      // A page must not fail because its own report did.
    }
  }
}
