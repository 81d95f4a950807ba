"""How things may be called: DNS labels and subdomains, label keys and values, ports, keys.

Every `is_…`-style check of upstream returns a list of messages, empty when the text is fine; ours
keep that shape, because validators put each message into a field error.

Models: k8s.io/apimachinery/pkg/util/validation, pkg/api/validate/content and
pkg/api/validation/generic.go (v0.37.2).
"""

from __future__ import annotations

import re
from functools import lru_cache

LABEL_LENGTH_MAX = 63
SUBDOMAIN_LENGTH_MAX = 253

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_DNS1035 = "[a-z]([-a-z0-9]*[a-z0-9])?"
_WILDCARD = rf"\*\.{_SUBDOMAIN}"
_NAME_PART = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_LABEL_VALUE = f"({_NAME_PART})?"
_C_IDENTIFIER = "[A-Za-z_][A-Za-z0-9_]*"
_ENV_NAME = "[-._a-zA-Z][-._a-zA-Z0-9]*"
_CONFIG_KEY = "[-._a-zA-Z0-9]+"
_HEADER = "[-A-Za-z0-9]+"
_PERCENT = "[0-9]+%"
_HTTP_PATH = r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+"

_label = re.compile(_LABEL)
_subdomain = re.compile(_SUBDOMAIN)
_dns1035 = re.compile(_DNS1035)
_wildcard = re.compile(_WILDCARD)
_name_part = re.compile(_NAME_PART)
_label_value = re.compile(_LABEL_VALUE)
_c_identifier = re.compile(_C_IDENTIFIER)
_env_name = re.compile(_ENV_NAME)
_config_key = re.compile(_CONFIG_KEY)
_header = re.compile(_HEADER)
_percent = re.compile(_PERCENT)
_port_name = re.compile("[-a-z0-9]+")

_LABEL_MESSAGE = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
    "and must start and end with an alphanumeric character"
)
_SUBDOMAIN_MESSAGE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character"
)
_DNS1035_MESSAGE = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
    "alphabetic character, and end with an alphanumeric character"
)
_WILDCARD_MESSAGE = (
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which "
    "must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric "
    "character"
)
_NAME_PART_MESSAGE = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character"
)
_LABEL_VALUE_MESSAGE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
    "'.', and must start and end with an alphanumeric character"
)
_C_IDENTIFIER_MESSAGE = (
    "a valid C identifier must start with alphabetic character or '_', followed by a string of "
    "alphanumeric characters or '_'"
)
_ENV_NAME_MESSAGE = (
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', "
    "or '.', and must not start with a digit"
)
_RELAXED_ENV_NAME_MESSAGE = (
    "a valid environment variable name must consist only of printable ASCII characters other "
    "than '='"
)
_CONFIG_KEY_MESSAGE = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"


def max_length_message(length: int, unit: str = "characters") -> str:
    """ "must be no more than 63 characters"."""
    return f"must be no more than {length} {unit}"


def regex_message(message: str, pattern: str, *examples: str) -> str:
    """A message with its examples and the pattern, as upstream puts them together."""
    if not examples:
        return f"{message} (regex used for validation is '{pattern}')"
    shown = " or ".join(f"'{example}', " for example in examples)
    return f"{message} (e.g. {shown}regex used for validation is '{pattern}')"


def range_message(low: int, high: int) -> str:
    """ "must be between 1 and 65535, inclusive"."""
    return f"must be between {low} and {high}, inclusive"


@lru_cache(maxsize=4096)
def _dns1123_label(text: str) -> tuple[str, ...]:
    problems = []
    if len(text.encode()) > LABEL_LENGTH_MAX:
        problems.append(max_length_message(LABEL_LENGTH_MAX))
    if not _label.fullmatch(text):
        if _subdomain.fullmatch(text):
            problems.append("must not contain dots")
        else:
            problems.append(regex_message(_LABEL_MESSAGE, _LABEL, "my-name", "123-abc"))
    return tuple(problems)


def is_dns1123_label(text: str) -> list[str]:
    """What most names inside objects are: "my-name"."""
    return list(_dns1123_label(text))


@lru_cache(maxsize=4096)
def _dns1123_subdomain(text: str) -> tuple[str, ...]:
    problems = []
    if len(text.encode()) > SUBDOMAIN_LENGTH_MAX:
        problems.append(max_length_message(SUBDOMAIN_LENGTH_MAX))
    if not _subdomain.fullmatch(text):
        problems.append(regex_message(_SUBDOMAIN_MESSAGE, _SUBDOMAIN, "example.com"))
    return tuple(problems)


def is_dns1123_subdomain(text: str) -> list[str]:
    """What most object names are: "example.com"."""
    return list(_dns1123_subdomain(text))


def is_dns1035_label(text: str) -> list[str]:
    """As a label, but a letter comes first: names of Services of old."""
    problems = []
    if len(text.encode()) > LABEL_LENGTH_MAX:
        problems.append(max_length_message(LABEL_LENGTH_MAX))
    if not _dns1035.fullmatch(text):
        problems.append(regex_message(_DNS1035_MESSAGE, _DNS1035, "my-name", "abc-123"))
    return problems


def is_wildcard_dns1123_subdomain(text: str) -> list[str]:
    """ "*.example.com"."""
    problems = []
    if len(text.encode()) > SUBDOMAIN_LENGTH_MAX:
        problems.append(max_length_message(SUBDOMAIN_LENGTH_MAX))
    if not _wildcard.fullmatch(text):
        problems.append(regex_message(_WILDCARD_MESSAGE, _WILDCARD, "*.example.com"))
    return problems


def is_fully_qualified_domain(text: str) -> list[str]:
    """A domain of two segments at least, a last dot allowed. Not for the empty text."""
    bare = text.removesuffix(".")
    problems = is_dns1123_subdomain(bare)
    if problems:
        return [",".join(problems)]
    if "." not in bare:
        return ["should be a domain with at least two segments separated by dots"]
    return [",".join(found) for part in bare.split(".") if (found := is_dns1123_label(part))]


@lru_cache(maxsize=4096)
def _label_key(text: str) -> tuple[str, ...]:
    prefix, slash, name = text.rpartition("/")
    pattern = regex_message(_NAME_PART_MESSAGE, _NAME_PART, "MyName", "my.name", "123-abc")
    if "/" in prefix:
        hint = " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        return (f"a valid label key {pattern}{hint}",)
    problems = []
    if slash and not prefix:
        problems.append("prefix part must be non-empty")
    elif slash:
        problems.extend(f"prefix part {message}" for message in _content_subdomain(prefix))
    if not name:
        problems.append("name part must be non-empty")
    elif len(name.encode()) > LABEL_LENGTH_MAX:
        problems.append(f"name part {max_length_message(LABEL_LENGTH_MAX, 'bytes')}")
    if not _name_part.fullmatch(name):
        problems.append(f"name part {pattern}")
    return tuple(problems)


def _content_subdomain(text: str) -> list[str]:
    # The same check in upstream's newer package counts bytes.
    return [
        message.replace("characters", "bytes", 1) if message.startswith("must be no") else message
        for message in _dns1123_subdomain(text)
    ]


def is_label_key(text: str) -> list[str]:
    """ "app" or "example.com/app"."""
    return list(_label_key(text))


#: The same rule under its older name: annotation keys, resource names, finalizers.
is_qualified_name = is_label_key


@lru_cache(maxsize=4096)
def _label_value_problems(text: str) -> tuple[str, ...]:
    problems = []
    if len(text.encode()) > LABEL_LENGTH_MAX:
        problems.append(max_length_message(LABEL_LENGTH_MAX, "bytes"))
    if not _label_value.fullmatch(text):
        examples = ("MyValue", "my_value", "12345")
        problems.append(regex_message(_LABEL_VALUE_MESSAGE, _LABEL_VALUE, *examples))
    return tuple(problems)


def is_label_value(text: str) -> list[str]:
    """Empty, or letters, digits and "-_." with an alphanumeric at both ends."""
    return list(_label_value_problems(text))


def is_c_identifier(text: str) -> list[str]:
    if _c_identifier.fullmatch(text):
        return []
    return [regex_message(_C_IDENTIFIER_MESSAGE, _C_IDENTIFIER, "my_name", "MY_NAME", "MyName")]


def is_environment_name(text: str) -> list[str]:
    """The strict rule, as ConfigMap keys loaded by envFrom once had to obey."""
    problems = []
    if not _env_name.fullmatch(text):
        examples = ("my.env-name", "MY_ENV.NAME", "MyEnvName1")
        problems.append(regex_message(_ENV_NAME_MESSAGE, _ENV_NAME, *examples))
    return problems + _parent_directory(text)


def is_relaxed_environment_name(text: str) -> list[str]:
    """The rule of today: any printable ASCII but "="."""
    if not text:
        return ["environment variable name must be non-empty"]
    if any(not " " <= letter <= "~" or letter == "=" for letter in text):
        return [_RELAXED_ENV_NAME_MESSAGE]
    return []


def is_config_map_key(text: str) -> list[str]:
    """A key of a ConfigMap or Secret; it becomes a file name."""
    problems = []
    if len(text.encode()) > SUBDOMAIN_LENGTH_MAX:
        problems.append(max_length_message(SUBDOMAIN_LENGTH_MAX))
    if not _config_key.fullmatch(text):
        examples = ("key.name", "KEY_NAME", "key-name")
        problems.append(regex_message(_CONFIG_KEY_MESSAGE, _CONFIG_KEY, *examples))
    return problems + _parent_directory(text)


def is_http_header_name(text: str) -> list[str]:
    if _header.fullmatch(text):
        return []
    message = "a valid HTTP header must consist of alphanumeric characters or '-'"
    return [regex_message(message, _HEADER, "X-Header-Name")]


def is_percent(text: str) -> list[str]:
    if _percent.fullmatch(text):
        return []
    message = "a valid percent string must be a numeric string followed by an ending '%'"
    return [regex_message(message, _PERCENT, "1%", "93%")]


def is_port_number(port: int) -> list[str]:
    return is_in_range(port, 1, 65535)


def is_in_range(number: int, low: int, high: int) -> list[str]:
    return [] if low <= number <= high else [range_message(low, high)]


def is_user_id(number: int) -> list[str]:
    """Also the rule for group ids."""
    return is_in_range(number, 0, 2**31 - 1)


def is_port_name(text: str) -> list[str]:
    """A port's name: at most 15 of [-a-z0-9] with a letter among them."""
    problems = []
    if len(text.encode()) > 15:
        problems.append(max_length_message(15))
    if not _port_name.fullmatch(text):
        problems.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not any("a" <= letter <= "z" for letter in text):
        problems.append("must contain at least one letter (a-z)")
    if "--" in text:
        problems.append("must not contain consecutive hyphens")
    if text.startswith("-") or text.endswith("-"):
        problems.append("must not begin or end with a hyphen")
    return problems


def is_path_segment(text: str) -> list[str]:
    """What every object name must be at least: it becomes a part of a path."""
    if text in (".", ".."):
        return [f"may not be '{text}'"]
    return [f"may not contain '{sign}'" for sign in "/%" if sign in text]


def is_domain_prefixed_path(text: str) -> list[str]:
    """ "acme.io/foo", as signers and managers are called. Not for the empty text."""
    host, _, path = text.partition("/")
    if not host or not path:
        return ['must be a domain-prefixed path (such as "acme.io/foo")']
    problems = is_dns1123_subdomain(host)
    if not re.fullmatch(_HTTP_PATH, path):
        problems.append(regex_message("Invalid path", _HTTP_PATH))
    return problems


def mask_trailing_dash(prefix: str) -> str:
    """A `generateName` as it is checked: its last dash is not the name's end."""
    return prefix[:-2] + "a" if len(prefix) > 1 and prefix.endswith("-") else prefix


def _parent_directory(text: str) -> list[str]:
    if text in (".", ".."):
        return [f"must not be '{text}'"]
    return ["must not start with '..'"] if text.startswith("..") else []
