"""Makes tokens that look like ours, with PyJWT and cryptography and never with our own signer: one that is good, to show that
the forging works, and every way of section G in which one can be wrong. Reads {"private", "kid", "claims", "other"} (a PEM,
the id of that key, the claims of a good token, the id of nobody), answers a list of [name, token]."""

import base64
import hashlib
import hmac
import json
import sys
import time

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

asked = json.load(sys.stdin)
key = serialization.load_pem_private_key(asked["private"].encode(), None)
kid, good = asked["kid"], asked["claims"]
now = int(time.time())
thief = ec.generate_private_key(ec.SECP256R1())
made = []


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def part(value):
    return b64(value if isinstance(value, bytes) else json.dumps(value).encode())


def ecdsa(data, by=key):
    r, s = decode_dss_signature(by.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def sign(header, claims, by=key):
    signed = f"{part(header)}.{part(claims)}"
    return f"{signed}.{b64(ecdsa(signed.encode(), by))}"


def add(name, token):
    made.append([name, token])


def header(**more):
    return {"alg": "ES256", "typ": "at+jwt", "kid": kid, **more}


def without(values, name):
    return {k: v for k, v in values.items() if k != name}


add("good", jwt.encode(good, key, algorithm="ES256", headers={"typ": "at+jwt", "kid": kid}))

for alg in ["none", "None", "NONE", "nOnE", "", None, 0]:
    for signature in ["", b64(b"x" * 64)]:
        add(f"g01 alg {alg!r}", f"{part(header(alg=alg))}.{part(good)}.{signature}")
add("g01 alg missing", f"{part(without(header(), 'alg'))}.{part(good)}.")

public = key.public_key()
numbers = public.public_numbers()
jwk = {"kty": "EC", "crv": "P-256", "x": b64(numbers.x.to_bytes(32, "big")), "y": b64(numbers.y.to_bytes(32, "big"))}
pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
for what, secret in {
    "pem": pem,
    "pem without its last line end": pem.strip(),
    "der": der,
    "jwk": json.dumps(jwk).encode(),
    "point": bytes.fromhex("04") + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big"),
    "client id": asked["client_id"].encode(),
    "nothing": b"",
}.items():
    for alg, digest in [("HS256", hashlib.sha256), ("HS384", hashlib.sha384), ("HS512", hashlib.sha512)]:
        signed = f"{part(header(alg=alg))}.{part(good)}"
        add(f"g02 {alg} with {what}", f"{signed}.{b64(hmac.new(secret, signed.encode(), digest).digest())}")

stolen = thief.public_key().public_numbers()
own = {"kty": "EC", "crv": "P-256", "x": b64(stolen.x.to_bytes(32, "big")), "y": b64(stolen.y.to_bytes(32, "big"))}
for name, value in {"jwk": own, "jku": asked["jku"], "x5u": asked["jku"], "x5c": [b64(der)]}.items():
    add(f"g03 {name}", sign(header(**{name: value}), good, thief))
    add(f"g03 {name} without kid", sign(without(header(**{name: value}), "kid"), good, thief))

for bad in ["../../../dev/null", "/proc/self/environ", "' OR 1=1--", asked["jku"], "a\0b", "x" * 4096, 7, None, "", [kid]]:
    add(f"g04 kid {str(bad)[:20]!r}", sign(header(kid=bad), good))
add("g04 no kid", sign(without(header(), "kid"), good))

for crit in [["x"], ["b64"], [], "x", ["exp"], None]:
    add(f"g05 crit {crit!r}", sign(header(crit=crit), good))
add("g05 b64 false", sign(header(crit=["b64"], b64=False), good))

ours = good["aud"]
for name in ["aud", "iss"]:
    add(f"g06 no {name}", sign(header(), without(good, name)))
    for bad in [None, 1, [], "other", ["other"], [ours, "other"], ours + "/", ours.upper(), ours[:-1], {"x": ours}]:
        add(f"g06 {name} {bad!r}", sign(header(), {**good, name: bad}))

for bad in ["9999999999", -1, 0, 1e300, now + 600.5, [now + 600], None, True, now - 31, 10**30]:
    add(f"g07 exp {bad!r}", sign(header(), {**good, "exp": bad}))
add("g07 no exp", sign(header(), without(good, "exp")))

for name, bad in [("nbf", now + 3600), ("nbf", "x"), ("iat", now + 3600), ("iat", "x"), ("iat", None)]:
    add(f"g08 {name} {bad!r}", sign(header(), {**good, name: bad}))
add("g08 no iat", sign(header(), without(good, "iat")))

for typ in ["JWT", "jwt", "rt+jwt", "secevent+jwt", "at+JWT;x", "", None, 1]:
    add(f"g09 typ {typ!r}", sign(header(typ=typ), good))
add("g09 no typ", sign(without(header(), "typ"), good))
add("g09 token_type", sign(header(), {**good, "token_type": "refresh"}))
add("g09 an id token", sign(header(typ="JWT"), {k: good[k] for k in ["iss", "aud", "sub", "iat", "exp", "auth_time"]}))
add("g09 a security event", sign(header(), {**good, "events": {}}))

add("g10 another key", sign(header(), good, thief))
for algorithm in [hashes.SHA384(), hashes.SHA512()]:
    signed = f"{part(header())}.{part(good)}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(algorithm)))
    add(f"g10 {algorithm.name}", f"{signed}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}")
signed = f"{part(header())}.{part(good)}"
add("g10 der signature", f"{signed}.{b64(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))}")
add("g10 zeros", f"{signed}.{b64(bytes(64))}")
add("g10 empty", f"{signed}.")

fine = sign(header(), good)
head, payload, signature = fine.split(".")
add("g11 two parts", f"{head}.{payload}")
add("g11 four parts", f"{fine}.x")
add("g11 five parts", f"{head}.{payload}.{signature}.x.y")
add("g11 json", json.dumps({"protected": head, "payload": payload, "signature": signature}))
add("g11 nested", sign(header(cty="JWT"), fine.encode()))
add("g11 zip", sign(header(zip="DEF"), good))
add("g11 padded", f"{head}.{payload}.{signature}==")
add("g11 encrypted", f"{part(header(alg='PBES2-HS256+A128KW', enc='A128GCM', p2c=10**9, p2s='x'))}.x.x.x.x")

text = json.dumps(good)
add("g12 twice", sign(header(), (text[:-1] + ', "role": "admin"}').encode()))
add("g12 deep", sign(header(), (text[:-1] + ', "x": ' + "[" * 5000 + "]" * 5000 + "}").encode()))
add("g12 not utf-8", sign(header(), text.encode().replace(b'"role"', b'"r\xffle"')))
add("g12 bom", sign(header(), b"\xef\xbb\xbf" + text.encode()))
add("g12 a list", sign(header(), b"[]"))
add("g12 trailing", sign(header(), text.encode() + b"{}"))

for bad in ["", "x" * 300, 7, None, asked["other"]]:
    add(f"g13 sub {str(bad)[:12]!r}", sign(header(), {**good, "sub": bad, "user_id": bad}))
    add(f"g13 sub alone {str(bad)[:12]!r}", sign(header(), {**good, "sub": bad}))
add("g13 no sub", sign(header(), without(good, "sub")))
for bad in ["", "x", None, asked["other"]]:
    add(f"g13 sid {bad!r}", sign(header(), {**good, "sid": bad}))
add("g13 unknown member", sign(header(), {**good, "is_admin": True}))

staging = "https://staging.app.test"
add("g15 staging", sign(header(), {**good, "iss": staging, "aud": staging}))

big = rsa.generate_private_key(public_exponent=65537, key_size=2048)
signed = f"{part(header(alg='PS256'))}.{part(good)}".encode()
pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
add("g20 PS256", f"{signed.decode()}.{b64(big.sign(signed, pss, hashes.SHA256()))}")
signed = f"{part(header(alg='RS256'))}.{part(good)}".encode()
add("g20 RS256", f"{signed.decode()}.{b64(big.sign(signed, padding.PKCS1v15(), hashes.SHA256()))}")
signed = f"{part(header(alg='EdDSA'))}.{part(good)}".encode()
add("g20 EdDSA", f"{signed.decode()}.{b64(ed25519.Ed25519PrivateKey.generate().sign(signed))}")
add("g20 ES256K", sign(header(alg="ES256K"), good))

json.dump(made, sys.stdout)
