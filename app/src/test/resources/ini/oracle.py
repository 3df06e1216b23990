"""Reads what IniPythonFuzzTest sends it, and says what Python's configparser makes of it.

A text comes as a line with its length in bytes, and its bytes. The answer is a line in JSON: null when the text is
refused, or the options of each section, [DEFAULT]'s included, before interpolation.
"""

import configparser
import json
import sys


def read(text):
    parser = configparser.ConfigParser()
    try:
        parser.read_string(text)
        return {
            section: {key: parser.get(section, key, raw=True) for key in parser[section]}
            for section in parser.sections()
        }
    except configparser.Error:
        return None


while True:
    size = sys.stdin.buffer.readline()
    if not size:
        break
    text = sys.stdin.buffer.read(int(size)).decode("utf-8")
    # as a file that is opened as text gives it: "universal newlines"
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    sys.stdout.write(json.dumps(read(text)) + "\n")
    sys.stdout.flush()
