"""Makes the vectors next to it with Python's own configparser: NAME.ini and NAME.expected.

Run by hand (python3 generate.py) when a vector is added; no test runs it. An .expected file is
either "error" and the exception's name, or a line "section<TAB>key<TAB>value" for each option that
a section has, [DEFAULT]'s included, with \\ and line breaks escaped.
"""

import configparser
import pathlib

HERE = pathlib.Path(__file__).parent
VECTORS = {
    "sample": """\
# the shipped sample's form
[ws_api]
client_id=11111111111111111111111111111111
client_secret=2222222222222222
api_host=wss://api.somewhere.com
api_uri=/path/to/ws
ws_ping_interval=10

[aws_mq]
mq_broker_id=b-11111111
mq_user_id=
mq_password=
""",
    "delimiters": "[a]\nk1=v1\nk2:v2\nk3 = v3\nk4 : v4\nk5\t=\tv5\nurl=wss://h:1/p=q\nurl2: a=b\n",
    "comments": "# c\n; c\n[a]\n  # indented\nk=v\n\t; indented\nj=w ; not a comment\ni=w # nor this\nh=#v\n",
    "case": "[A]\nKEY=One\n[a]\nKey=Two\n[ a ]\nkey=Three\n",
    "continuation": "[a]\nk=one\n  two\n\tthree\nj=x\n",
    "continuation-with-blank-lines": "[a]\nk=one\n\n  two\n\n\nj=x\n",
    "continuation-with-comment": "[a]\nk=one\n  # no\n  two\nj=x\n",
    "continuation-of-empty": "[a]\nk=\n  two\n",
    "continuation-like-option": "[a]\nk=one\n  j=two\n",
    "continuation-like-section": "[a]\nk=one\n  [b]\nj=two\n",
    "indented-options": "[a]\n  k=one\n  j=two\n i=three\n",
    "indented-section": "  [a]\nk=one\n    [b]\n",
    "section-after-option-indented": "[a]\nk=one\n[b]\n   k=two\n   j=three\n",
    "default": "[DEFAULT]\nk=base\nj=also\n[a]\nk=own\n[b]\n",
    "default-twice": "[DEFAULT]\nk=base\n[a]\ni=1\n[DEFAULT]\nj=also\n",
    "default-lower-case": "[default]\nk=v\n[a]\nj=w\n",
    "default-duplicate-option": "[DEFAULT]\nk=1\nk=2\n[a]\nj=w\n",
    "percent": "[a]\nk=50%%\nj=%%(k)s\ni=%%%%\n",
    "interpolation": "[DEFAULT]\nhost=h\n[a]\nport=1\nurl=wss://%(host)s:%(PORT)s/%%20\n",
    "interpolation-nested": "[a]\nx=%(y)s!\ny=%(z)s?\nz=1%%\n",
    "interpolation-depth-10": "[a]\n" + "".join(f"k{i}=%(k{i + 1})s\n" for i in range(10)) + "k10=v%%\n",
    "interpolation-depth-9": "[a]\n" + "".join(f"k{i}=%(k{i + 1})s\n" for i in range(9)) + "k9=v%%\n",
    "interpolation-depth-11": "[a]\n" + "".join(f"k{i}=%(k{i + 1})s\n" for i in range(11)) + "k11=v%%\n",
    "interpolation-missing": "[a]\nk=%(nothere)s\n",
    "interpolation-loop": "[a]\nk=%(j)s\nj=%(k)s\n",
    "duplicate-section": "[a]\nk=1\n[b]\n[a]\nj=2\n",
    "duplicate-option": "[a]\nk=1\nK=2\n",
    "no-value": "[a]\nk\n",
    "no-key": "[a]\n=v\n",
    "no-section": "k=v\n",
    "empty": "",
    "empty-values": "[a]\nk=\nj =   \ni:\n",
    "white-space": "[a]\nk=\u00a0 v\u00a0\u3000\nj=\x0bv\x0c\ni=a\u00a0b\nh=\x1cv\x1f\u0085\n",
    "unicode": "[a]\nk=p\u00e4ssw\u00f6rt \u2603 \U0001f512\n",
    "line-breaks": "[a]\r\nk=1\rj=2\r\n  3\ni=4\u2028still\n",
    "no-last-line-break": "[a]\nk=v",
    "section-with-text-after": "[a] trailing\nk=v\n",
    "section-with-brackets": "[a]b]\nk=v\n",
    "section-empty": "[]\nk=v\n",
    "section-unclosed": "[a]\n[b\nk=v\n",
    "bracket-option": "[a]\nx[0]=v\n",
    "keys-with-spaces": "[a]\na key = v\n",
    "password-with-all": "[a]\nk=;#=:[x]'\"\\ $!&\n",
    "quotes-stay": "[a]\nk=\"v\"\nj='w'\n",
    "comment-after-section": "[a] # c\nk=v\n",
}


def escape(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")


def expected(path):
    parser = configparser.ConfigParser()
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
        lines = [
            f"{section}\t{key}\t{escape(parser.get(section, key))}"
            for section in parser.sections()
            for key in parser[section]
        ]
        return "".join(line + "\n" for line in sorted(lines))
    except configparser.Error as e:
        return f"error {type(e).__name__}\n"


for name, text in VECTORS.items():
    ini = HERE / f"{name}.ini"
    ini.write_bytes(text.encode("utf-8"))
    (HERE / f"{name}.expected").write_bytes(expected(ini).encode("utf-8"))
