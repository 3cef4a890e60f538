#!/usr/bin/python3
"""Walks through the client: asks for a recommendation, tells what became of it, looks the customer up.

usage: example.py ADDRESS [PLACEMENT]      (or SENDA_ADDRESS in the environment; SENDA_TOKEN where one is set)
"""

import asyncio
import os
import sys

import senda


def walk(client, placement):
    hello = client.hello()
    print("hello", hello)

    decision = client.recommend(placement=placement, customer="ana", context={"page": "/laptops"})
    print(f"ana is in stage {decision['stage']}; show:")
    for item in decision["items"]:
        print(f"  {item['title']} ({item['offer']}): {item['because']}")

    if "track" in hello["methods"]:
        try:
            tell(client, decision, placement)
        except senda.SendaError as error:
            if error.code != "UNAVAILABLE":
                raise
            print(f"nothing told: {error}\n  (sendad remembers customers when it is started with --state DIR)")

    with client.pipeline() as many:
        pong = many.ping()
        stats = many.stats()
    print("ping", pong.result())
    print("stats", stats.result())

    try:
        client.recommend(placement=placement + "o")
    except senda.SendaError as error:
        print(f"refused as it should be: {error} (field {error.field})")


def tell(client, decision, placement):
    shown = decision["items"][0]["offer"] if decision["items"] else None
    print("impression", client.track(
        event="impression", customer="ana", decision=decision["decision"], offer=shown, placement=placement))
    print("two at once", client.track([
        {"event": "click", "customer": "ana", "decision": decision["decision"], "offer": shown, "placement": placement},
        {"event": "page_view", "customer": "ana", "properties": {"section": "laptops"}},
    ]))
    client.track_no_reply(event="page_view", customer="ana")
    print("ana", client.profile.get("ana"))


async def walk_together(address, token, placement):
    async with senda.AsyncClient(address, token=token) as client:
        decisions = await asyncio.gather(*(client.recommend(placement=placement) for _ in range(10)))
        print(len(decisions), "answers for asyncio")


def main():
    address = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SENDA_ADDRESS")
    if not address:
        sys.exit("usage: example.py ADDRESS [PLACEMENT]")
    placement = sys.argv[2] if len(sys.argv) > 2 else "hero"
    token = os.environ.get("SENDA_TOKEN")
    with senda.Client(address, token=token) as client:
        walk(client, placement)
    asyncio.run(walk_together(address, token, placement))


if __name__ == "__main__":
    main()
