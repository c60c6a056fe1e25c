"""Verifies tokens with PyJWT: reads {"jwks", "issuer", "audience", "tokens"}, answers a list of true and false."""

import json
import sys

import jwt

asked = json.load(sys.stdin)
keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(asked["jwks"]).keys}


def holds(token):
    try:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != "at+jwt":
            return False
        key = keys[header["kid"]]
        jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            issuer=asked["issuer"],
            audience=asked["audience"],
            options={"require": ["iss", "aud", "sub", "iat", "exp", "jti"]},
        )
    except (jwt.InvalidTokenError, KeyError, ValueError):
        return False
    return True


json.dump([holds(token) for token in asked["tokens"]], sys.stdout)
