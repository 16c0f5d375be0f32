"""Verifies a signature with the Python package `cryptography`: KEY MESSAGE SIGNATURE, in base64."""

import base64
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

der, message, signature = (base64.b64decode(text) for text in sys.argv[1:4])
key = serialization.load_der_public_key(der)
try:
    if isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, message)
    else:
        assert isinstance(key.curve, ec.SECP256R1)
        key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
except InvalidSignature:
    sys.exit("the signature does not verify")
print("verified")
