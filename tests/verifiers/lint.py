"""Lints an OpenAPI description from standard input: silent when it is well-formed, else it says what is not."""

import json
import sys

from openapi_spec_validator import OpenAPIV31SpecValidator

errors = [error.message for error in OpenAPIV31SpecValidator(json.load(sys.stdin)).iter_errors()]
sys.exit("\n".join(errors) or None)
