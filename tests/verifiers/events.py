"""Runs the README's sample: reads {"sample", "secret", "requests": [{"headers", "body", "now"}]}, answers a list of events,
null for each that the sample refuses."""

import json
import sys

asked = json.load(sys.stdin)
names = {}
exec(asked["sample"], names)


def heard(request):
    try:
        return names["event"](asked["secret"], request["headers"], request["body"].encode(), request["now"])
    except (ValueError, KeyError):
        return None


json.dump([heard(request) for request in asked["requests"]], sys.stdout)
