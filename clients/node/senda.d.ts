// Types of the senda client for Node.

export interface ClientOptions {
  /** A file with the root certificates to believe at tls: addresses, PEM; left out: those that Node brings along. */
  ca?: string | undefined;
  /** Sent first on every connection. Needed where the daemon listens beyond the loopback. */
  token?: string | undefined;
  /** How long a request may take, connecting included. Default 1000. */
  timeoutMs?: number | undefined;
  /** What may wait to be sent before more is refused as BUSY. Default 16 MiB. */
  maxUnsentBytes?: number | undefined;
  /** Called with each error that `recommendOr` or `trackNoReply` hid from the page. */
  onError?: ((error: SendaError) => void) | undefined;
}

export interface CallOptions {
  timeoutMs?: number | undefined;
}

/**
 * Null, booleans, finite numbers, texts, bytes, moments, lists and maps of these, and what has a toJSON. `object` lets
 * interfaces and `as const` through; what else it lets through, such as a Map, is refused as INVALID where it is sent.
 */
export type Value = null | undefined | boolean | number | string | object;
export type ValueMap = object;

export interface RecommendArguments {
  placement: string;
  customer?: string | null | undefined;
  stage?: string | null | undefined;
  persona?: string | null | undefined;
  journey?: string | null | undefined;
  locale?: string | null | undefined;
  touchpoint?: string | null | undefined;
  traits?: ValueMap | null | undefined;
  consents?: ValueMap | null | undefined;
  count?: number | null | undefined;
  context?: ValueMap | null | undefined;
  exclude?: readonly string[] | null | undefined;
  explain?: boolean | null | undefined;
  dry_run?: boolean | null | undefined;
  /** Seconds since the epoch; only with dry_run. */
  at?: number | Date | null | undefined;
  seed?: number | null | undefined;
}

export interface Item {
  offer: string;
  kind: string;
  title: string;
  url: string | null;
  score: number;
  propensity: number;
  because: string | null;
  data: { [name: string]: any };
}

export type Fallback =
  | 'no_offer_fits' | 'strategy_error' | 'deadline' | 'store_unavailable' | 'restricted' | 'holdout'
  /** Given by `recommendOr` alone: senda had no answer, `because` says why. */
  | 'client_error';

export interface TraceLine {
  offer: string;
  gate: string | null;
  because: string | null;
  score: number | null;
  propensity: number | null;
}

export interface Decision<I = Item> {
  /** null only where `recommendOr` stood in. */
  decision: string | null;
  known: boolean;
  journey: string | null;
  stage: string | null;
  persona: string | null;
  placement: string | null;
  strategy: string | null;
  version: string | null;
  items: I[];
  fallback: Fallback | null;
  because?: string | null;
  experiments: { [experiment: string]: string };
  trace?: TraceLine[];
}

export interface Event {
  event: string;
  customer?: string | null | undefined;
  /** Idempotency key; the client makes one up where it is left out. */
  id?: string | null | undefined;
  decision?: string | null | undefined;
  offer?: string | null | undefined;
  placement?: string | null | undefined;
  touchpoint?: string | null | undefined;
  value?: number | null | undefined;
  at?: number | Date | null | undefined;
  properties?: ValueMap | null | undefined;
}

export interface Tracked {
  /** False where the customer is restricted: nothing was kept. */
  accepted: boolean;
  /** Only where the event of a batch was refused. */
  error?: undefined;
  duplicate: boolean;
  journey: string | null;
  stage: string | null;
  moved: boolean;
  because?: string;
}

/** An event of a batch that was refused; the others of the batch are not touched by it. */
export interface NotTracked {
  accepted: false;
  /** "CODE: message"; after hello {errors: "pair"} the number of the code and the message. */
  error: string | [number, string];
}

export interface ProfileValues {
  traits?: ValueMap | undefined;
  consents?: { readonly [name: string]: boolean } | undefined;
  persona?: string | null | undefined;
  stage?: string | null | undefined;
  /** With `stage`: the journey that it is of. */
  journey?: string | null | undefined;
  locale?: string | null | undefined;
}

/** Times are seconds since the epoch. */
export interface Known {
  customer: string;
  journey: string | null;
  stage: string | null;
  since: number | null;
  persona: string | null;
  locale: string | null;
  traits: { [name: string]: any };
  consents: { [name: string]: boolean };
  restricted: boolean;
  journeys: { [name: string]: { stage: string; since: number } };
  counts: { [event: string]: number };
  offers: { [offer: string]: OfferHistory };
}

export interface OfferHistory {
  decisions: number;
  impressions: number;
  clicks: number;
  dismissals: number;
  conversions: number;
  last: number | null;
}

export interface Identified {
  customer: string;
  /** False where they were one before. */
  merged: boolean;
  journey: string | null;
  stage: string | null;
}

export type Reply = { [name: string]: any };

export declare class SendaError extends Error {
  constructor(code: string, message: string);
  /** One of the daemon's codes, or TIMEOUT, UNREACHABLE, DISCONNECTED, PROTOCOL, BUSY, CLOSED. */
  readonly code: string;
  /** The argument at fault, or null. */
  readonly field: string | null;
  /** Of `track`: the id of the event, of a list the list of theirs. Sent again with it, an event counts once. */
  readonly id: string | null | (string | null)[];
}

export interface Profile {
  get(customer: string, options?: CallOptions): Promise<Known>;
  /** The profile as it is then. */
  set(customer: string, values: ProfileValues, options?: CallOptions): Promise<Known>;
  restrict(customer: string, restricted?: boolean, options?: CallOptions): Promise<Known>;
  /** A receipt of what was removed. */
  erase(customer: string, options?: CallOptions): Promise<Reply>;
  export(customer: string, options?: CallOptions): Promise<Reply>;
}

export declare class Client {
  /** @param address "unix:/path", "tcp:host:port" or "tls:host:port" */
  constructor(address: string, options?: ClientOptions);
  readonly address: string;
  readonly profile: Profile;
  recommend(args: RecommendArguments, options?: CallOptions): Promise<Decision>;
  /** Never rejects. Waits 200 ms unless told otherwise. */
  recommendOr<I = Item>(args: RecommendArguments, items?: readonly I[], options?: CallOptions): Promise<Decision<I | Item>>;
  track(event: Event, options?: CallOptions): Promise<Tracked>;
  track(events: readonly Event[], options?: CallOptions): Promise<(Tracked | NotTracked)[]>;
  /** Never rejects; resolves to whether the events were handed to the connection. */
  trackNoReply(events: Event | readonly Event[], options?: CallOptions): Promise<boolean>;
  identify(anonymous: string, customer: string, options?: CallOptions): Promise<Identified>;
  explain(decision: string, options?: CallOptions): Promise<Reply>;
  journeyMap(args?: { journey?: string | undefined; from?: Value; to?: Value }, options?: CallOptions): Promise<Reply>;
  stats(options?: CallOptions): Promise<Reply>;
  ping(options?: CallOptions): Promise<Reply>;
  hello(args?: { client?: string | undefined; version?: string | undefined; errors?: 'text' | 'pair' | undefined }, options?: CallOptions): Promise<Reply>;
  auth(token: string, options?: CallOptions): Promise<Reply>;
  call(method: string, args?: ValueMap, options?: CallOptions): Promise<any>;
  close(): void;
}

export declare const VERSION: string;
